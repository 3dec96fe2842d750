//! The scenarios that come with the program.

/// Names and texts, in the order they are shown.
pub(super) const BUNDLED: &[(&str, &str)] = &[
    ("demo", include_str!("../../../assets/scenarios/demo.toml")),
    (
        "synchronous",
        include_str!("../../../assets/scenarios/synchronous.toml"),
    ),
    (
        "accepted-location",
        include_str!("../../../assets/scenarios/accepted-location.toml"),
    ),
    (
        "accepted-operation-location",
        include_str!("../../../assets/scenarios/accepted-operation-location.toml"),
    ),
    (
        "accepted-legacy-location",
        include_str!("../../../assets/scenarios/accepted-legacy-location.toml"),
    ),
    (
        "accepted-body-location",
        include_str!("../../../assets/scenarios/accepted-body-location.toml"),
    ),
    (
        "accepted-other-operation",
        include_str!("../../../assets/scenarios/accepted-other-operation.toml"),
    ),
    (
        "cancel-operation-fails",
        include_str!("../../../assets/scenarios/cancel-operation-fails.toml"),
    ),
    (
        "accepted-foreign-location",
        include_str!("../../../assets/scenarios/accepted-foreign-location.toml"),
    ),
    (
        "accepted-too-late",
        include_str!("../../../assets/scenarios/accepted-too-late.toml"),
    ),
    (
        "nothing-running",
        include_str!("../../../assets/scenarios/nothing-running.toml"),
    ),
    (
        "nothing-running-race",
        include_str!("../../../assets/scenarios/nothing-running-race.toml"),
    ),
    (
        "refused-400",
        include_str!("../../../assets/scenarios/refused-400.toml"),
    ),
    (
        "refused-403",
        include_str!("../../../assets/scenarios/refused-403.toml"),
    ),
    (
        "refused-404",
        include_str!("../../../assets/scenarios/refused-404.toml"),
    ),
    (
        "refused-409",
        include_str!("../../../assets/scenarios/refused-409.toml"),
    ),
    (
        "throttled",
        include_str!("../../../assets/scenarios/throttled.toml"),
    ),
    (
        "throttled-forever",
        include_str!("../../../assets/scenarios/throttled-forever.toml"),
    ),
    (
        "failing-polls",
        include_str!("../../../assets/scenarios/failing-polls.toml"),
    ),
    (
        "vanishing-polls",
        include_str!("../../../assets/scenarios/vanishing-polls.toml"),
    ),
    (
        "answer-lost-carried-out",
        include_str!("../../../assets/scenarios/answer-lost-carried-out.toml"),
    ),
    (
        "answer-lost-not-carried-out",
        include_str!("../../../assets/scenarios/answer-lost-not-carried-out.toml"),
    ),
    (
        "server-error",
        include_str!("../../../assets/scenarios/server-error.toml"),
    ),
    (
        "server-error-carried-out",
        include_str!("../../../assets/scenarios/server-error-carried-out.toml"),
    ),
    (
        "sign-in-expired",
        include_str!("../../../assets/scenarios/sign-in-expired.toml"),
    ),
    (
        "sign-in-renewed",
        include_str!("../../../assets/scenarios/sign-in-renewed.toml"),
    ),
    (
        "no-submissions",
        include_str!("../../../assets/scenarios/no-submissions.toml"),
    ),
    ("go-live", include_str!("../../../assets/scenarios/go-live.toml")),
    (
        "superseding",
        include_str!("../../../assets/scenarios/superseding.toml"),
    ),
    (
        "two-running",
        include_str!("../../../assets/scenarios/two-running.toml"),
    ),
    ("slow", include_str!("../../../assets/scenarios/slow.toml")),
    (
        "hostile-text",
        include_str!("../../../assets/scenarios/hostile-text.toml"),
    ),
    (
        "odd-words",
        include_str!("../../../assets/scenarios/odd-words.toml"),
    ),
    ("empty", include_str!("../../../assets/scenarios/empty.toml")),
    ("garbage", include_str!("../../../assets/scenarios/garbage.toml")),
    ("large", include_str!("../../../assets/scenarios/large.toml")),
];

/// The text of one.
pub(in crate::simulator) fn text(name: &str) -> Option<&'static str> {
    BUNDLED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}
