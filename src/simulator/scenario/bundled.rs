//! The scenarios that come with the program.

/// A name stands for the file of that name.
macro_rules! bundled {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../assets/scenarios/", $name, ".toml")))),*]
    };
}

/// Names and texts, in the order they are shown.
pub(super) const BUNDLED: &[(&str, &str)] = bundled! {
    "demo"
    "synchronous"
    "accepted-location"
    "accepted-operation-location"
    "accepted-legacy-location"
    "accepted-body-location"
    "both-locations"
    "locations-differ"
    "accepted-other-operation"
    "cancel-operation-fails"
    "accepted-foreign-location"
    "accepted-too-late"
    "nothing-running"
    "nothing-running-race"
    "refused-400"
    "refused-403"
    "refused-404"
    "refused-409"
    "throttled"
    "throttled-forever"
    "failing-polls"
    "vanishing-polls"
    "lagging-list"
    "two-witnesses"
    "proxy-page"
    "answer-lost-carried-out"
    "answer-lost-not-carried-out"
    "hanging-answer"
    "server-error"
    "server-error-carried-out"
    "sign-in-expired"
    "sign-in-renewed"
    "no-submissions"
    "go-live"
    "superseding"
    "two-running"
    "slow"
    "hostile-text"
    "odd-words"
    "empty"
    "garbage"
    "large"
};

/// The text of one.
pub(in crate::simulator) fn text(name: &str) -> Option<&'static str> {
    BUNDLED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}
