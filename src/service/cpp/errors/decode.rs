//! Failures to parse an answer in the expected form.

use super::{message::looks_like_html, status::FOREIGN};
use crate::{
    domain::text::SafeText,
    engine::failure::{Class, Failure},
    service::{
        cpp::{answered::Answered, wire::Mismatch},
        http::{errors::excerpt, headers},
    },
};

/// Maximum number of characters shown of an unreadable answer.
const BEGINNING: usize = 80;

/// Reasons why an answer is unreadable.
#[derive(Debug)]
pub(in super::super) enum Unreadable {
    /// It is empty.
    Empty,
    /// Its content type is not JSON.
    OtherType,
    /// It is not JSON, is truncated, or has another form.
    Mismatch(Mismatch),
}

/// Describes the answer to `request` that is unreadable because of `why`.
pub(in super::super) fn unreadable(request: &SafeText, answered: &Answered, why: &Unreadable) -> Failure {
    let raw = String::from_utf8_lossy(&answered.body);
    let kind = headers::content_type(&answered.headers);
    let kind = kind.map_or("no content type".into(), |kind| {
        SafeText::new(&answered.bearer.hide(&kind)).to_string()
    });
    let what = match why {
        Unreadable::Empty => format!(
            "{} with an empty body ({kind}) where JSON was due",
            answered.status
        ),
        Unreadable::OtherType => {
            format!(
                "{kind} came where JSON was due; it begins with `{}`",
                beginning(&raw, answered)
            )
        }
        Unreadable::Mismatch(mismatch) => {
            format!(
                "{mismatch} ({kind}); it begins with `{}`",
                beginning(&raw, answered)
            )
        }
    };
    Failure {
        class: Class::Foreign,
        request: request.clone(),
        what: what.into(),
        advice: advice(&raw).into(),
        status: Some(answered.status.as_u16()),
        correlation_id: headers::correlation_id(&answered.headers, &answered.bearer),
        retry_after: headers::retry_after(&answered.headers),
    }
}

fn beginning(raw: &str, answered: &Answered) -> SafeText {
    // Cut only after hiding, so that no half of a token is left at the end.
    excerpt(&answered.bearer.hide(raw), BEGINNING)
}

fn advice(raw: &str) -> &'static str {
    if looks_like_html(raw) {
        FOREIGN
    } else {
        "refresh; if it stays, check the base URL, and give Microsoft's support the correlation id"
    }
}
