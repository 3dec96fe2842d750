//! Words that several faces share: what an operation is and where it leads, and who is behind a cancel.

pub(crate) use crate::domain::operation::course;
use crate::domain::{cancellation::Cancellation, confirmation::Address, text::SafeText};

/// Who confirmed a cancellation, and where.
pub(crate) fn who(cancellation: &Cancellation) -> SafeText {
    format!("{}@{}", cancellation.by.user, cancellation.by.host).into()
}

/// Who is notified by mail.
pub(crate) fn notified(notify: &[Address]) -> String {
    if notify.is_empty() {
        "no one".to_owned()
    } else {
        listed(notify.iter().map(Address::as_str))
    }
}

/// What the history says that holds nothing.
pub(crate) const NO_HISTORY: &str = "No cancellations from this machine yet";

/// Several words with commas between them.
pub(crate) fn listed<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::Destination;

    #[test]
    fn courses_and_words() {
        assert_eq!(course(&"publish".into(), &Destination::Live), "publish → LIVE");
        assert_eq!(
            course(&"".into(), &Destination::Unknown("".into())),
            "operation → unknown"
        );
        assert_eq!(notified(&[]), "no one");
    }
}
