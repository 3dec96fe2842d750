//! Invariants for arbitrary input: each function panics if the domain breaks its promise.
//!
//! Only compiled for tests, which pass generated input, and for fuzzing.

#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a broken promise is told by a panic, to whoever looks for one"
)]

use std::time::Duration;

use crate::domain::{
    answer::Outcome,
    fact::Fact,
    html,
    ids::Origin,
    meaning::{Judged, Meaning},
    status::Phase,
    target::{Binding, Target},
    text::{SafeText, is_unsafe},
};

/// Checks that text is made safe within its limit, and that repeating it changes nothing.
pub fn safe_text(raw: &str) {
    let text = SafeText::new(raw);
    holds_nothing_unsafe(&text);
    assert_eq!(SafeText::new(text.as_str()), text, "what is safe stays as it is");
}

/// Checks that HTML becomes one safe line without whitespace of its own.
pub fn html(raw: &str) {
    let text = html::to_text(raw);
    holds_nothing_unsafe(&text);
    assert!(!text.as_str().contains("  "), "{text}");
}

/// Checks that a fact of a journal is read or refused; one that is read is written and read again unchanged, and safe
/// to show.
pub fn fact(raw: &str) {
    const NOTHING: Meaning = Meaning {
        phase: |_| Phase::Unknown,
        outcome: |_, _| Judged {
            outcome: Outcome::Uncertain,
            is_turned_away: false,
        },
    };
    let Ok(fact) = NOTHING.read(raw) else {
        return;
    };
    let Ok(written) = serde_json::to_string(&fact) else {
        panic!("{fact:?} was read and cannot be written");
    };
    let Ok(again) = serde_json::from_str::<Fact>(&written) else {
        panic!("{written} was written and cannot be read");
    };
    assert_eq!(again, fact);
    if let Fact::Answered(answer) = &fact {
        answer.text.iter().for_each(holds_nothing_unsafe);
        answer.correlation_id.iter().for_each(holds_nothing_unsafe);
        assert!(answer.retry_after.is_none_or(|wait| wait <= Duration::MAX));
    }
}

/// Checks that text has no terminal controls, no misleading characters, and a limited length.
pub fn holds_nothing_unsafe(text: &SafeText) {
    assert!(!text.as_str().chars().any(is_unsafe), "{text:?}");
    assert!(text.as_str().chars().count() <= SafeText::LIMIT + 1);
}

/// Returns the operation that locations are read against.
#[must_use]
pub fn target() -> Target {
    let Ok(origin) = Origin::parse("https://cloudpartner.azure.com") else {
        unreachable!("that is an origin");
    };
    Target {
        origin,
        publisher: "contoso".into(),
        offer: "contoso-vm".into(),
        binding: Binding::Operation("408a4835-0000-1000-0000-000000000000".into()),
    }
}

/// Generates real input of the kind `name` with defects: bytes removed, inserted, or doubled, up to six times.
#[cfg(test)]
pub(crate) fn mutant(name: &str) -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
    use proptest::{collection::vec, prelude::*, sample};

    let folder = format!("{}/tests/fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let seeds: Vec<Vec<u8>> = std::fs::read_dir(&folder)
        .map(|files| {
            files
                .flatten()
                .filter_map(|file| std::fs::read(file.path()).ok())
                .collect()
        })
        .unwrap_or_default();
    assert!(!seeds.is_empty(), "no seeds in {folder}");
    let piece = prop_oneof![
        any::<Vec<u8>>(),
        any::<String>().prop_map(String::into_bytes),
        sample::select(vec![
            "\"", "\\", "{", "[", "]", "/", "..", "%2f", "@", "null", "-1", "1e999", "\u{202e}", "\n"
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
    ];
    let slip = (any::<sample::Index>(), 0..16_usize, any::<bool>(), piece);
    (sample::select(seeds), vec(slip, 0..6)).prop_map(|(mut bytes, slips)| {
        for (at, length, is_doubled, piece) in slips {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            let piece = if is_doubled {
                bytes[start..end].repeat(2)
            } else {
                piece
            };
            bytes.splice(start..end, piece);
        }
        bytes
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn damaged_fact_is_refused_or_complete(raw in mutant("fact")) {
            fact(&String::from_utf8_lossy(&raw));
        }

        #[test]
        fn damaged_message_becomes_safe(raw in mutant("html")) {
            html(&String::from_utf8_lossy(&raw));
            safe_text(&String::from_utf8_lossy(&raw));
        }
    }
}
