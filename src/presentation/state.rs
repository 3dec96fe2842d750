//! Words for the states of offers and operations: the service's own, or one that says more.

use crate::domain::{
    operation::{Operation, OperationDetail},
    status::{Phase, Status},
};

/// What it is called that the publisher is to look at the preview; the service's own word is longer than its column.
const SIGN_OFF: &str = "waiting for sign-off";

/// The service's own word, with blanks where it runs words together.
pub(crate) fn words(state: &Status) -> String {
    let word = state.word().as_str();
    if word.trim().is_empty() {
        return "no state given".to_owned();
    }
    let mut text = String::with_capacity(word.len() + 4);
    let mut after_small = false;
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && after_small {
            text.push(' ');
        }
        after_small = letter.is_ascii_lowercase();
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// The state of an offer.
pub(crate) fn of_offer(state: &Status) -> String {
    if waits_for_sign_off(state) {
        SIGN_OFF.to_owned()
    } else {
        words(state)
    }
}

/// What an active operation is doing.
pub(crate) fn of_operation(operation: &Operation, detail: Option<&OperationDetail>) -> String {
    let step = detail.and_then(OperationDetail::current_step);
    if waits_for_sign_off(&operation.state) || step.is_some_and(|step| waits_for_sign_off(&step.state)) {
        return SIGN_OFF.to_owned();
    }
    let kind = operation.kind.as_str().to_ascii_lowercase();
    match operation.state.phase() {
        Phase::Running if kind == "publish" => "publishing".to_owned(),
        Phase::Running if kind == "golive" || kind == "go live" => "going live".to_owned(),
        _ => words(&operation.state),
    }
}

fn waits_for_sign_off(state: &Status) -> bool {
    state
        .word()
        .as_str()
        .eq_ignore_ascii_case("waitingForPublisherReview")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::operation::Destination,
        tui::fixture::{VM, operation},
    };

    #[test]
    fn an_unknown_word_is_shown_as_the_service_has_it() {
        for (state, shown) in [
            ("running", "publishing"),
            ("waitingForPublisherReview", "waiting for sign-off"),
            ("waitingForApproval", "waiting for approval"),
            ("notStarted", "not started"),
            ("QuantumLeap", "quantum leap"),
            ("", "no state given"),
        ] {
            let operation = operation(Some(VM), Destination::Preview, state, "09:12:00");
            assert_eq!(of_operation(&operation, None), shown);
        }
    }
}
