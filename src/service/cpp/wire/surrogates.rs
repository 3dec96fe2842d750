//! Halves of a character, written as escapes: `"\ud800"` alone is JSON by its grammar and no text.
//!
//! Knows nothing of what the JSON is about.

/// As many bytes as `\ud800` has.
const ESCAPE: usize = 6;
/// What stands for what is no character, as an escape.
const REPLACEMENT: &[u8; ESCAPE] = b"\\ufffd";

/// `body` with every lone half as U+FFFD, in as many bytes, so that every place stays; none where there is no lone half.
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
            // Of any other escape the second byte may be a backslash, and begins none.
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

/// The UTF-16 unit that is escaped at `at`, if one is.
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
    fn only_lone_halves_are_replaced() {
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
