//! Lone surrogates as escapes: `"\ud800"` alone is valid JSON by its grammar but not text.
//!
//! Knows nothing of the JSON's meaning.

/// Length of `\ud800` in bytes.
const ESCAPE: usize = 6;
/// Replacement character as an escape.
const REPLACEMENT: &[u8; ESCAPE] = b"\\ufffd";

/// Returns `body` with every lone surrogate as U+FFFD, of the same length, so that positions stay valid; none if there
/// are none.
pub(super) fn mended(body: &[u8]) -> Option<Vec<u8>> {
    let mut lone = Vec::new();
    let mut at = 0;
    while let Some(found) = body
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        at += found;
        at += match (unit(body, at), unit(body, at + ESCAPE)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 2 * ESCAPE,
            (Some(0xd800..=0xdfff), _) => {
                lone.push(at);
                ESCAPE
            }
            // The second byte of another escape may be a backslash, and begins none.
            _ => 2,
        };
    }
    if lone.is_empty() {
        return None;
    }
    let mut mended = body.to_vec();
    for at in lone {
        mended[at..at + ESCAPE].copy_from_slice(REPLACEMENT);
    }
    Some(mended)
}

/// Returns the UTF-16 unit that is escaped at `at`, if any.
fn unit(body: &[u8], at: usize) -> Option<u16> {
    let digits = body.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        for (body, expected) in [
            (r#"["\ud83d\ude00"]"#, None),
            (r#"["\\ud800"]"#, None),
            (r#"["\ud80"#, None),
            (r#"["\ud8é0"]"#, None),
            ("\\", None),
            (r#"["\ud800"]"#, Some(r#"["\ufffd"]"#)),
            (r#"["\uDE00\uD83D"]"#, Some(r#"["\ufffd\ufffd"]"#)),
            (r#"["\ud83d\ud83d\ude00"]"#, Some(r#"["\ufffd\ud83d\ude00"]"#)),
            (r#"["\\\ud800\n"]"#, Some(r#"["\\\ufffd\n"]"#)),
        ] {
            let mended = mended(body.as_bytes()).map(|body| String::from_utf8(body).unwrap());
            assert_eq!(mended.as_deref(), expected, "{body}");
        }
    }
}
