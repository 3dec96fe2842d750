//! Invariants of settings files: each one is read, or refused with a valid place and a safe message.
//!
//! Only compiled for tests and for fuzzing.

#![expect(
    clippy::missing_panics_doc,
    reason = "a broken promise is told by a panic, to whoever looks for one"
)]

use std::path::Path;

use crate::{
    domain::text::is_unsafe,
    settings::{error::SettingsError, file::File},
};

/// Checks one settings file.
pub fn file(text: &str) {
    let Err(error) = File::parse(text, Path::new("settings.toml")) else {
        return;
    };
    let message = error.to_string();
    assert!(!message.chars().any(is_unsafe), "{message:?}");
    if let SettingsError::File { line, column, .. } = error {
        // A truncated file is refused after its last line.
        assert!((1..=text.split('\n').count()).contains(&line), "{message}");
        assert!(column >= 1, "{message}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fuzz_support::mutant;

    proptest! {
        #[test]
        fn damaged_file_is_read_or_refused_with_a_place(raw in mutant("settings")) {
            file(&String::from_utf8_lossy(&raw));
        }
    }
}
