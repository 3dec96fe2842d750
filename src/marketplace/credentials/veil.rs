//! Takes secrets out of texts that others wrote, before anybody reads them.

use std::borrow::Cow;

use secrecy::{ExposeSecret, SecretString};

/// What stands for a secret.
const HIDDEN: &str = "[hidden]";
/// What is shorter is no secret, and may well be a part of a word.
const SHORTEST: usize = 4;

/// `text` without `secrets`.
pub(super) fn secrets<'a>(text: &str, secrets: impl IntoIterator<Item = &'a SecretString>) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let secret = secret.expose_secret().trim();
        if secret.len() >= SHORTEST {
            text = text.replace(secret, HIDDEN);
        }
    }
    tokens(&text).into_owned()
}

/// `text` without what looks like a JSON web token; every one begins with `eyJ`, which is `{"` in its encoding.
pub(super) fn tokens(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut shown = String::new();
    while let Some(start) = rest.find("eyJ") {
        let end = rest[start..]
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
            .map_or(rest.len(), |length| start + length);
        shown.push_str(&rest[..start]);
        shown.push_str(if end - start > 16 {
            HIDDEN
        } else {
            &rest[start..end]
        });
        rest = &rest[end..];
    }
    if shown.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_or_looks_like_a_token_is_hidden() {
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
        ] {
            assert_eq!(secrets(text, &hush), shown);
        }
    }
}
