//! Searchable secret: in plain text, encoded, and in pieces.

use std::{fs, path::Path};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// Minimum length of a match that cannot be a coincidence.
const PIECE: usize = 12;

/// Patterns to search for.
pub(crate) struct Secret {
    pieces: Vec<Vec<u8>>,
}

impl Secret {
    /// Prepares the search for `secret`, its base64 at any alignment, its URL encoding, and any piece of one.
    pub(crate) fn new(secret: &str) -> Self {
        let aligned = (0..3).flat_map(|cut| {
            let bytes = &secret.as_bytes()[cut..];
            [STANDARD_NO_PAD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes)]
        });
        let in_address = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let hex = secret
            .bytes()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let mut pieces: Vec<Vec<u8>> = aligned
            .chain([secret.to_owned(), in_address, hex])
            .flat_map(|form: String| {
                form.as_bytes()
                    .windows(PIECE)
                    .map(<[u8]>::to_vec)
                    .collect::<Vec<_>>()
            })
            .collect();
        pieces.sort();
        pieces.dedup();
        Self { pieces }
    }

    /// Fails if `bytes` contain anything of the secret.
    pub(crate) fn is_not_in(&self, bytes: &[u8], place: &str) {
        let leak = bytes.windows(PIECE).find(|window| {
            self.pieces
                .binary_search_by(|piece| piece[..].cmp(window))
                .is_ok()
        });
        if let Some(leak) = leak {
            panic!("{place} holds `{}`", String::from_utf8_lossy(leak));
        }
    }

    /// Checks every file below `folder`, including names; returns their number.
    pub(crate) fn is_not_below(&self, folder: &Path) -> usize {
        let mut count = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            self.is_not_in(name.as_bytes(), &name);
            if path.is_dir() {
                count += self.is_not_below(&path);
            } else if let Ok(bytes) = fs::read(&path) {
                self.is_not_in(&bytes, &name);
                count += 1;
            }
        }
        count
    }
}

#[test]
fn secret_is_found_in_each_form() {
    const TOKEN: &str = "one+token/of=many_characters";
    let secret = Secret::new(TOKEN);
    let base64 = STANDARD_NO_PAD.encode(format!("Bearer {TOKEN}"));
    for text in [
        format!("Authorization: Bearer {TOKEN}"),
        format!("\x1b[1m{}…", &TOKEN[4..17]),
        format!(
            "?token={}",
            url::form_urlencoded::byte_serialize(TOKEN.as_bytes()).collect::<String>()
        ),
        base64,
    ] {
        let found = std::panic::catch_unwind(|| secret.is_not_in(text.as_bytes(), "it"));
        assert!(found.is_err(), "{text}");
    }
    secret.is_not_in(b"one+token/o f=many_chars", "what is not there");
}
