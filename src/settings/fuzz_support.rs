//! What must hold for any settings file: it is read, or refused at a place that it has and in words that are safe.
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

/// See the head of this module.
pub fn file(text: &str) {
    let Err(error) = File::parse(text, Path::new("settings.toml")) else {
        return;
    };
    let told = error.to_string();
    assert!(!told.chars().any(is_unsafe), "{told:?}");
    if let SettingsError::File { line, column, .. } = error {
        // One that ends too soon is refused behind its last line.
        assert!((1..=text.split('\n').count()).contains(&line), "{told}");
        assert!(column >= 1, "{told}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fuzz_support::mutant;

    proptest! {
        #[test]
        fn a_file_with_something_wrong_in_it_is_read_or_refused_at_its_place(raw in mutant("settings")) {
            file(&String::from_utf8_lossy(&raw));
        }
    }
}
