//! Removal of secrets from foreign text before it is shown: complete or truncated, verbatim or in JSON and URL escapes.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use secrecy::{ExposeSecret, SecretString};

/// Replacement of a secret; valid in text, in a JSON string, and in a URL.
const HIDDEN: &str = "[hidden]";
/// Minimum length of a secret; a shorter one may be part of a word.
const SHORTEST: usize = 4;
/// Number of leading characters that identify a secret, wherever it was cut.
const BEGINNING: usize = 12;
/// Number of characters that identify any other part of it.
const PIECE: usize = 2 * STRIDE;
/// Number of bytes compared at once.
const STRIDE: usize = 8;
/// Maximum nesting of JSON strings: services wrap the errors of others in their own.
const DEPTH: usize = 3;
/// Beginning of every JSON web token: the encoding of `{"`.
const TOKEN: &[u8] = b"eyJ";

/// Hides `secrets` in `text`, and anything that looks like a token.
pub(super) fn secrets<'a, 'b>(
    text: &'a str,
    secrets: impl IntoIterator<Item = &'b SecretString>,
) -> Cow<'a, str> {
    match masked(text.as_bytes(), secrets) {
        Some(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
        None => Cow::Borrowed(text),
    }
}

/// Hides anything in `text` that looks like a token.
pub(super) fn tokens(text: &str) -> Cow<'_, str> {
    secrets(text, [])
}

/// Hides `secret` in `body`, and anything that looks like a token; JSON stays JSON.
pub(super) fn body(body: Vec<u8>, secret: &SecretString) -> Vec<u8> {
    masked(&body, [secret]).unwrap_or(body)
}

fn masked<'a>(bytes: &[u8], secrets: impl IntoIterator<Item = &'a SecretString>) -> Option<Vec<u8>> {
    let secrets: Vec<&[u8]> = secrets
        .into_iter()
        .map(|secret| secret.expose_secret().trim().as_bytes())
        .filter(|secret| secret.len() >= SHORTEST)
        .collect();
    let mut masked = Vec::new();
    let mut copied = 0;
    for Range { start, end } in places(bytes, &secrets) {
        masked.extend_from_slice(&bytes[copied..start]);
        masked.extend_from_slice(HIDDEN.as_bytes());
        copied = end;
    }
    if copied == 0 {
        return None;
    }
    masked.extend_from_slice(&bytes[copied..]);
    Some(masked)
}

/// Returns the ranges of secrets and their pieces, in order.
fn places(bytes: &[u8], secrets: &[&[u8]]) -> Vec<Range<usize>> {
    let mut found = beginnings(bytes, secrets);
    for secret in secrets {
        found.extend(pieces(bytes, secret));
    }
    found.sort_by_key(|place| place.start);
    let mut places: Vec<Range<usize>> = Vec::new();
    for place in found {
        match places.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => places.push(place),
        }
    }
    places
}

/// Returns the ranges of verbatim pieces of `secret`, from anywhere in it: most of a secret allows reconstructing the
/// rest.
fn pieces(bytes: &[u8], secret: &[u8]) -> Vec<Range<usize>> {
    let mut windows: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (at, window) in secret.windows(STRIDE).enumerate() {
        windows.entry(window).or_default().push(at);
    }
    let mut pieces = Vec::new();
    // A piece that is long enough contains a whole window at any stride offset.
    for (stride, window) in bytes.chunks_exact(STRIDE).enumerate() {
        let at = stride * STRIDE;
        for in_secret in windows.get(window).into_iter().flatten() {
            let alike = |(one, other): &(&u8, &u8)| one == other;
            let before = bytes[..at].iter().rev().zip(secret[..*in_secret].iter().rev());
            let before = before.take_while(alike).count();
            let after = bytes[at..]
                .iter()
                .zip(&secret[*in_secret..])
                .take_while(alike)
                .count();
            if before + after >= PIECE {
                let (mut start, mut end) = (at - before, at + after);
                // Whole characters only: the remains of a split one are not secret.
                let is_within = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
                while is_within(start) {
                    start += 1;
                }
                while is_within(end) {
                    end -= 1;
                }
                pieces.push(start..end);
            }
        }
    }
    pieces
}

/// Returns the ranges of secrets from their beginning, and of likely tokens, in order.
fn beginnings(bytes: &[u8], secrets: &[&[u8]]) -> Vec<Range<usize>> {
    let begins_one = |byte: u8| {
        matches!(byte, b'\\' | b'%' | b'e') || secrets.iter().any(|secret| secret.first() == Some(&byte))
    };
    // Deeper escapes need a backslash that is itself escaped.
    let has = |escape: &[u8]| bytes.windows(escape.len()).any(|window| window == escape);
    let depth = if has(br"\\") || has(br"\u005") { DEPTH } else { 1 };
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(beyond) = bytes[at..].iter().position(|byte| begins_one(*byte)) {
        at += beyond;
        let ends = secrets
            .iter()
            .filter_map(|secret| secret_at(bytes, at, depth, secret));
        match ends.chain(token_at(bytes, at, depth)).max() {
            Some(end) => {
                places.push(at..end);
                at = end;
            }
            None => at += step(bytes, at),
        }
    }
    places
}

/// Returns the end of the secret, or of its truncated part, that begins at `at`: in escapes of some depth, or verbatim
/// where its own characters could pass for escapes.
fn secret_at(bytes: &[u8], at: usize, deepest: usize, secret: &[u8]) -> Option<usize> {
    let ends = (0..=deepest).filter_map(|depth| {
        agreement(bytes, at, secret, |end, wanted| {
            spelled(bytes, end, depth, |byte| byte == wanted)
        })
    });
    ends.max()
}

fn agreement(
    bytes: &[u8],
    at: usize,
    secret: &[u8],
    length: impl Fn(usize, u8) -> Option<usize>,
) -> Option<usize> {
    let (mut end, mut agreed) = (at, 0);
    while let Some(length) = secret.get(agreed).and_then(|wanted| length(end, *wanted)) {
        end += length;
        agreed += 1;
    }
    // The remains of a split character are not secret.
    while agreed < secret.len() && bytes.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) && end > at {
        end -= 1;
    }
    (agreed >= secret.len().min(BEGINNING)).then_some(end)
}

/// Returns the end of a likely token that begins at `at`.
fn token_at(bytes: &[u8], at: usize, deepest: usize) -> Option<usize> {
    (1..=deepest)
        .filter_map(|depth| token_within(bytes, at, depth))
        .max()
}

fn token_within(bytes: &[u8], at: usize, depth: usize) -> Option<usize> {
    let (mut end, mut count) = (at, 0);
    loop {
        let fits = |byte: u8| match TOKEN.get(count) {
            Some(first) => byte == *first,
            None => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'),
        };
        match spelled(bytes, end, depth, fits) {
            Some(length) => end += length,
            None => return (count > BEGINNING).then_some(end),
        }
        count += 1;
    }
}

/// Returns the length of the spelling of a byte that `fits` at `at`, inside so many JSON strings. At depth zero it is
/// verbatim; at one it may be percent-encoded as well, or an escape that JSON does not have.
fn spelled(bytes: &[u8], at: usize, depth: usize, fits: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let ways = match depth {
        1 => [unescaped(rest, 1), of_address(rest), unescaped(rest, 0)],
        _ => [unescaped(rest, depth), None, None],
    };
    let found = ways.into_iter().flatten().find(|(byte, _)| fits(*byte));
    found.map(|(_, length)| length)
}

/// Returns the byte at the beginning of `rest`, inside so many JSON strings, and the length of its spelling.
fn unescaped(rest: &[u8], depth: usize) -> Option<(u8, usize)> {
    let Some(outer) = depth.checked_sub(1) else {
        return rest.first().map(|byte| (*byte, 1));
    };
    let (byte, mut length) = unescaped(rest, outer)?;
    if byte != b'\\' {
        return Some((byte, length));
    }
    let mut next = || {
        let (byte, more) = unescaped(&rest[length..], outer)?;
        length += more;
        Some(byte)
    };
    let byte = match next()? {
        byte @ (b'"' | b'\\' | b'/') => byte,
        b'u' if next()? == b'0' && next()? == b'0' => hex(next()?, next()?)?,
        _ => return None,
    };
    Some((byte, length))
}

/// Returns the byte of a percent escape, and its length.
fn of_address(rest: &[u8]) -> Option<(u8, usize)> {
    match *rest {
        [b'%', high, low, ..] => Some((hex(high, low)?, 3)),
        _ => None,
    }
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Returns the distance to the next possible beginning: the second byte of an escape is none.
fn step(bytes: &[u8], at: usize) -> usize {
    match bytes[at..] {
        [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};

    use super::*;

    #[test]
    fn secrets_and_likely_tokens_are_hidden() {
        let hush = [SecretString::from("hush-hush\n"), SecretString::from("a")];
        for (text, shown) in [
            ("no secret, a word", "no secret, a word"),
            ("got hush-hush, and hush-hush", "got [hidden], and [hidden]"),
            (
                "+ curl -H 'Bearer eyJ0eXAi.eyJhdWQi.sig_-x' x",
                "+ curl -H 'Bearer [hidden]' x",
            ),
            ("eyJ is short", "eyJ is short"),
            ("eyJ0eXAiOiJKV1Qi.x.y", "[hidden]"),
            ("é eyJ0eXAiOiJKV1Qi.x.yé", "é [hidden]é"),
            ("100%eeyJ0eXAiOiJKV1Qi.x.y", "100%e[hidden]"),
            (r"\\eyJ0eXAiOiJKV1Qi.x.y", r"\\[hidden]"),
            ("eyeyJ0eXAiOiJKV1Qi.x.y", "ey[hidden]"),
        ] {
            assert_eq!(secrets(text, &hush), shown);
        }
    }

    #[test]
    fn truncated_secret_is_hidden() {
        let secret = SecretString::from("opaque/token+with==signs é\"\\ and more");
        for (text, shown) in [
            ("at opaque/token+with==signs é\"\\ and", "at [hidden]"),
            ("at opaque/toke", "at opaque/toke"),
            ("at opaque/token+with, cut", "at [hidden], cut"),
            ("at opaque/token+with==signs è", "at [hidden]è"),
            ("?t=opaque%2ftoken%2Bwith%3D%3dsigns", "?t=[hidden]"),
            (r#""opaque\/token\u002bwith==signs""#, r#""[hidden]""#),
        ] {
            assert_eq!(secrets(text, [&secret]), shown);
        }
    }

    /// Spells `text` as a JSON string, each character in one of its possible ways.
    fn spelling(text: &str, ways: &[u8]) -> String {
        let spelled = text
            .bytes()
            .zip(ways.iter().cycle())
            .map(|(byte, way)| match (way % 4, byte) {
                (0, _) => format!("\\u{byte:04x}"),
                (1, _) => format!("\\u{byte:04X}"),
                (_, b'"' | b'\\') | (2, b'/') => format!("\\{}", char::from(byte)),
                _ => char::from(byte).to_string(),
            });
        format!("\"{}\"", spelled.collect::<String>())
    }

    #[test]
    fn nested_json_strings_are_searched() {
        let secret = SecretString::from("q/w+e\"r");
        for (text, shown) in [
            (r#""{\"t\":\"q\\/w\\u002Be\\\"r\"}""#, r#""{\"t\":\"[hidden]\"}""#),
            (
                r#""\"{\\\"t\\\":\\\"q\\\\/w\\\\u002be\\\\\\\"r\\\"}\"""#,
                r#""\"{\\\"t\\\":\\\"[hidden]\\\"}\"""#,
            ),
            (
                r#""{\"t\":\"q\u005c/w\u005cu002be\u005c\"r\"}""#,
                r#""{\"t\":\"[hidden]\"}""#,
            ),
            (
                r#""{\"t\":\"\\u0065yJ0eXAiOiJKV1Qi.x.y\"}""#,
                r#""{\"t\":\"[hidden]\"}""#,
            ),
        ] {
            assert_eq!(secrets(text, [&secret]), shown);
        }
    }

    #[test]
    fn pieces_of_a_secret_are_hidden() {
        let token = SecretString::from(
            "header-0123456789abcdef.payload-ghijklmnopqrstuvwxyz.signature-ABCDEFGHIJ".to_owned(),
        );
        let whole = token.expose_secret();
        for from in 0..whole.len() - PIECE {
            for around in ["", "x", "some words before it "] {
                let text = format!("{around}{}{around}", &whole[from..from + PIECE]);
                let hidden = secrets(&text, [&token]).into_owned();
                assert!(!hidden.contains(&whole[from..from + PIECE]), "{hidden}");
                assert!(hidden.contains(HIDDEN), "{hidden}");
            }
        }
        assert_eq!(
            secrets("the payload of a signature", [&token]),
            "the payload of a signature"
        );
    }

    proptest! {
        #[test]
        fn every_spelling_is_hidden_and_json_stays_json(
            secret in r"[!-~]{4,60}",
            ways in collection::vec(any::<u8>(), 1..80),
            around in r"[ -~é]{0,20}",
            depth in 0..DEPTH,
        ) {
            let text = format!("{around} {secret} {around}");
            let json = spelling(&secret, &ways);
            let json = json.trim_matches('"');
            let around = serde_json::to_string(&around).unwrap();
            let around = around.trim_matches('"');
            let mut whole = format!("{{\"k\":[\"{around} {json} {around}\"]}}");
            for _ in 0..depth {
                whole = serde_json::to_string(&whole).unwrap();
            }
            let secret_string = SecretString::from(secret.as_str());
            prop_assert!(!secrets(&text, [&secret_string]).contains(&secret) || secret.len() < SHORTEST);
            let mut masked = body(whole.into_bytes(), &secret_string);
            for within in 0..depth {
                let Ok(inner) = serde_json::from_slice::<String>(&masked) else {
                    prop_assert!(within > 0, "no JSON any more");
                    return Ok(());
                };
                masked = inner.into_bytes();
            }
            if let Ok(read) = serde_json::from_slice::<serde_json::Value>(&masked) {
                prop_assert!(!read.to_string().contains(&secret), "{read}");
                if let Some(shown) = read["k"][0].as_str() {
                    prop_assert!(!shown.contains(&secret), "{shown}");
                }
            }
        }

        #[test]
        fn other_bytes_are_unchanged(bytes in any::<Vec<u8>>()) {
            let secret = SecretString::from("a secret that is nowhere");
            prop_assert_eq!(body(bytes.clone(), &secret), bytes);
        }
    }
}
