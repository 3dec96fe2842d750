//! Words that several verbs share: where an operation leads, what it is, who is told.

pub(crate) use crate::domain::operation::course;
use crate::domain::{
    confirmation::Address,
    operation::{CancelState, Destination},
    text::SafeText,
    verdict::Evidence,
};

/// What a verdict rests on, for a reader.
pub(crate) fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Observed => "observed",
        Evidence::Answer => "by the answer",
        Evidence::OfferStatus => "by the offer",
        Evidence::Absent => "by its absence",
    }
}

/// The destination as the JSON words it: `preview`, `live`, the service's own word, or nothing.
pub(crate) fn destination(destination: &Destination) -> Option<SafeText> {
    match destination {
        Destination::Preview => Some("preview".into()),
        Destination::Live => Some("live".into()),
        Destination::Unknown(slot) if slot.is_empty() => None,
        Destination::Unknown(slot) => Some(slot.clone()),
    }
}

/// What `cancellationRequestState` says, in the service's word; nothing where it says nothing.
pub(crate) fn cancel_state(state: &CancelState) -> Option<SafeText> {
    match state {
        CancelState::Unknown => None,
        CancelState::CanCancel => Some("canCancel".into()),
        CancelState::Says(word) => Some(word.clone()),
    }
}

/// Who is mailed, for a reader.
pub(crate) fn mailed(notify: &[Address]) -> String {
    if notify.is_empty() {
        "nobody by this request".to_owned()
    } else {
        listed(notify.iter().map(Address::as_str))
    }
}

/// Several words with commas between them.
pub(crate) fn listed<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_and_words() {
        assert_eq!(course(&"publish".into(), &Destination::Live), "publish → LIVE");
        assert_eq!(
            course(&"".into(), &Destination::Unknown("".into())),
            "operation → unknown"
        );
        assert_eq!(destination(&Destination::Live), Some("live".into()));
        assert_eq!(destination(&Destination::Unknown("".into())), None);
        assert_eq!(cancel_state(&CancelState::Unknown), None);
        assert_eq!(mailed(&[]), "nobody by this request");
    }
}
