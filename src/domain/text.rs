//! Text of somebody else's making, made safe where it enters.
//!
//! A terminal obeys what it is sent, and so may the reader of a log. [`SafeText`] can only be made by replacing every
//! control with a visible mark; deleting them instead would let `1<ESC>0` pose as `10`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// One line of text without anything that a terminal would obey or that would hide or reorder what is read.
///
/// At most [`SafeText::LIMIT`] characters; what is longer ends in `…`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SafeText(Box<str>);

impl SafeText {
    /// The most characters kept of any one text.
    pub const LIMIT: usize = 4096;

    /// Makes `raw` safe: controls become `^[`-like or `<U+202E>`-like marks, white space becomes single blanks.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        if raw.len() <= Self::LIMIT && raw.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Self(raw.into());
        }
        let mut safe = String::with_capacity(raw.len().min(Self::LIMIT));
        for (count, c) in raw.chars().enumerate() {
            if count == Self::LIMIT {
                safe.push('…');
                break;
            }
            push_safe(&mut safe, c);
        }
        Self(safe.into())
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Whether a terminal could obey `c`, or a reader be misled by it.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

fn push_safe(safe: &mut String, c: char) {
    match c {
        '\t' | '\n' | '\r' => safe.push(' '),
        '\0'..='\x1f' => {
            safe.push('^');
            safe.push(char::from(c as u8 ^ 0x40));
        }
        '\x7f' => safe.push_str("^?"),
        _ if is_unsafe(c) => {
            use fmt::Write as _;
            // Writing to a String cannot fail.
            let _ = write!(safe, "<U+{:04X}>", u32::from(c));
        }
        _ => safe.push(c),
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for SafeText {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for SafeText {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl<'de> Deserialize<'de> for SafeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|raw| Self::new(&raw))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn controls_become_visible_marks() {
        for (raw, shown) in [
            ("plain", "plain"),
            ("1\x1b0", "1^[0"),
            ("a\x07b\x7f", "a^Gb^?"),
            ("two\r\nlines", "two  lines"),
            ("c1 \u{9b}31m", "c1 <U+009B>31m"),
            ("\u{202e}live\u{202c}", "<U+202E>live<U+202C>"),
            ("zero\u{200b}width\u{feff}", "zero<U+200B>width<U+FEFF>"),
            ("naïve 漢字 e\u{301}", "naïve 漢字 e\u{301}"),
        ] {
            assert_eq!(SafeText::new(raw).as_str(), shown);
        }
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        let cut = SafeText::new(&"x".repeat(SafeText::LIMIT + 1));
        assert_eq!(cut.as_str().chars().count(), SafeText::LIMIT + 1);
        assert!(cut.as_str().ends_with('…'));
    }

    proptest! {
        #[test]
        fn nothing_unsafe_survives(raw in ".*") {
            prop_assert!(!SafeText::new(&raw).as_str().chars().any(is_unsafe));
        }

        #[test]
        fn what_is_safe_stays_as_it_is(raw in "[ -~]{0,80}") {
            let text = SafeText::new(&raw);
            prop_assert_eq!(text.as_str(), raw);
        }
    }
}
