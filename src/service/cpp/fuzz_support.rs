//! Invariants for any answer: no panic, and the parts kept for display are safe, hold no token, and are limited.
//!
//! Only compiled for tests and for fuzzing.

#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a broken promise is told by a panic, to whoever looks for one"
)]

use std::{borrow::Cow, time::Duration};

use reqwest::{
    StatusCode,
    header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER},
};

use super::{
    answered::Answered,
    errors::{self, decode::Unreadable},
    location,
    wire::{self, Detail, Element, Offer, Publisher, Rank, Submission},
};
use crate::{
    domain::{
        fuzz_support::{holds_nothing_unsafe, target},
        ids::PublisherId,
        lead::LeadsTo,
        operation::{CancelState, OperationDetail},
        target::Target,
        text::{SafeText, is_unsafe},
    },
    engine::failure::Failure,
    service::http::{headers, session::Bearer},
};

/// Token of every request here.
const TOKEN: &str = "eyJ0eXAi.the-token-of-the-proof.sig";

/// Parses any body in each expected form.
pub fn operation_json(body: &[u8]) {
    let publisher = PublisherId::new("contoso");
    for offer in all::<Offer>(body)
        .into_iter()
        .filter_map(|offer| offer.read(&publisher))
    {
        holds_nothing_unsafe(&offer.name);
        holds_nothing_unsafe(&offer.kind);
        holds_nothing_unsafe(offer.state.word());
        holds_nothing_unsafe(&offer.id.shown());
    }
    for publisher in all::<Publisher>(body) {
        publisher
            .read()
            .iter()
            .for_each(|id| holds_nothing_unsafe(&id.shown()));
    }
    for submission in all::<Submission>(body) {
        let operation = submission.read();
        holds_nothing_unsafe(&operation.kind);
        holds_nothing_unsafe(operation.state.word());
        assert!(!operation.destination.word().chars().any(is_unsafe));
        operation.id.iter().for_each(|id| {
            holds_nothing_unsafe(&id.shown());
            holds_nothing_unsafe(&id.short());
        });
    }
    if let Some(detail) = read(body, wire::one::<Detail>) {
        detail_is_safe(&detail.read(|message| Cow::Borrowed(message)));
    }
}

fn detail_is_safe(detail: &OperationDetail) {
    holds_nothing_unsafe(detail.state.word());
    if let CancelState::Says(word) = &detail.cancel_state {
        holds_nothing_unsafe(word);
    }
    for message in detail.all_messages() {
        holds_nothing_unsafe(&message.text);
        holds_nothing_unsafe(&message.level);
    }
    for step in &detail.steps {
        for text in [&step.id, &step.name, &step.estimate, step.state.word()] {
            holds_nothing_unsafe(text);
        }
    }
}

/// Returns the elements kept of `body` as a list.
fn all<T: Element>(body: &[u8]) -> Vec<T> {
    let listed = read(body, |body| wire::list(body, &|_: &T| Rank::Other));
    listed.map(|listed| listed.kept).unwrap_or_default()
}

/// Parses `body` in one form; the error must be safe to show.
fn read<T>(body: &[u8], form: impl Fn(&[u8]) -> Result<T, wire::Mismatch>) -> Option<T> {
    match form(body) {
        Ok(read) => Some(read),
        Err(why) => {
            unreadable(body, &Unreadable::Mismatch(why));
            None
        }
    }
}

/// Parses any body as a refusal, with the token somewhere in it, and as an answer to a cancel with a location.
pub fn error_json(body: &[u8]) {
    let Ok(bearer) = Bearer::new(TOKEN.to_owned().into()) else {
        return;
    };
    let echoed = [body, TOKEN.as_bytes(), body].concat();
    for body in [body, &echoed] {
        if let Some(message) = errors::message::read(body, &bearer) {
            holds_no_token(&message);
        }
        if let Some(location) = location::choose(&HeaderMap::new(), body, &target(), &bearer) {
            holds_no_token(&location.shown);
        }
        unreadable(body, &Unreadable::OtherType);
        unreadable(body, &Unreadable::Empty);
    }
}

fn unreadable(body: &[u8], why: &Unreadable) {
    let Ok(bearer) = Bearer::new(TOKEN.to_owned().into()) else {
        return;
    };
    let answered = Answered {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: body.to_vec(),
        bearer,
    };
    let failure: Failure = errors::decode::unreadable(&"GET offers of contoso".into(), &answered, why);
    holds_no_token(&failure.what);
    holds_no_token(&failure.text());
}

fn holds_no_token(text: &SafeText) {
    holds_nothing_unsafe(text);
    assert!(!text.as_str().contains(TOKEN), "{text}");
}

/// Checks that a location is of the target's own origin, publisher, and offer, or untrusted, and that requests are
/// built of plain parts.
pub fn location(raw: &str) {
    let target = target();
    let read = location::read(raw, &target);
    holds_nothing_unsafe(&read.shown);
    match &read.to {
        LeadsTo::Untrusted(why) => assert!(!why.why().is_empty()),
        LeadsTo::Operation(id) => {
            assert!(id.segment().is_some(), "{raw:?}");
            belongs(raw, &target);
        }
        LeadsTo::Parts(parts) => {
            let Some((number, slot)) = location::older(parts) else {
                panic!("{raw:?} is followed without a number and a slot");
            };
            assert!(
                number
                    .chars()
                    .chain(slot.chars())
                    .all(|c| c.is_ascii_alphanumeric())
            );
            belongs(raw, &target);
        }
    }
}

/// Checks that the followed URL leads to the target's own origin, as browsers parse it, and below its API alone.
fn belongs(raw: &str, target: &Target) {
    let base = url::Url::parse(target.origin.as_str()).ok();
    let read = base.as_ref().and_then(|base| base.join(raw).ok());
    let (Some(base), Some(read)) = (base, read) else {
        panic!("{raw:?} is followed and is no address");
    };
    assert_eq!(read.origin(), base.origin(), "{raw:?}");
    assert!(read.username().is_empty() && read.password().is_none(), "{raw:?}");
    // No part was climbed, folded, or encoded again: it parses as it was written.
    assert!(raw.contains(read.path()), "{raw:?}");
    let path = read.path().to_ascii_lowercase();
    assert!(path.starts_with("/api/"), "{raw:?}");
    assert!(path.contains("contoso") && path.contains("contoso-vm"), "{raw:?}");
}

/// Parses any `Retry-After` and `Date`: a finite wait, or none.
pub fn retry_after(requested: &[u8], date: &[u8]) {
    let mut headers = HeaderMap::new();
    for (name, value) in [(RETRY_AFTER, requested), (DATE, date)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(name, value);
        }
    }
    if let Some(wait) = headers::retry_after(&headers) {
        // The calendar's range keeps a deadline from overflowing.
        assert!(wait <= Duration::from_hours(24 * 366 * 20_000), "{wait:?}");
    }
    if let Ok(bearer) = Bearer::new(TOKEN.to_owned().into())
        && let Some(id) = headers::correlation_id(&headers, &bearer)
    {
        holds_nothing_unsafe(&id);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fuzz_support::mutant;

    proptest! {
        #[test]
        fn damaged_answers_are_harmless(raw in mutant("operation")) {
            operation_json(&raw);
        }

        #[test]
        fn damaged_refusals_are_harmless(raw in mutant("error")) {
            error_json(&raw);
        }

        #[test]
        fn damaged_retry_after_is_harmless(raw in mutant("retry_after"), date in mutant("retry_after")) {
            retry_after(&raw, &date);
            retry_after(&raw, b"Sun, 06 Nov 1994 08:49:37 GMT");
        }
    }
}
