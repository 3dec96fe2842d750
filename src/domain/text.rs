//! Foreign text, made safe on entry.
//!
//! A terminal obeys control sequences, and so may the reader of a log. [`SafeText`] can only be made by replacing every
//! control with a visible mark; deleting them instead would let `1<ESC>0` pose as `10`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_width::UnicodeWidthChar;

/// Maximum number of combining marks on one letter. Living scripts need fewer; a flood runs over the lines around it.
const STACKED: usize = 4;

/// One line of text without terminal controls, and without characters that hide or reorder text.
///
/// At most [`SafeText::LIMIT`] characters, marks counted as written; longer text ends in `…`. Making a safe text safe
/// again changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SafeText(Box<str>);

impl SafeText {
    /// Maximum number of characters of any one text.
    pub const LIMIT: usize = 4096;

    /// Makes `raw` safe: controls become `^[`-like or `<U+202E>`-like marks, whitespace becomes single spaces.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        if raw.len() <= Self::LIMIT && raw.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Self(raw.into());
        }
        let mut writer = Writer::new(raw.len().min(Self::LIMIT));
        for c in raw.chars() {
            if !writer.push(c) {
                writer.safe.push('…');
                break;
            }
        }
        Self(writer.safe.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns true if there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Returns true if a terminal could obey `c`, or it could mislead a reader: controls, reordering, zero width.
///
/// A combining mark on a letter is safe; alone, or as one of a flood, it is not, and [`SafeText::new`] handles that.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    // In ASCII, which most text is, only the controls are unsafe.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control() || is_noncharacter(c) || is_invisible(c)
}

/// Returns true if `c` is invisible and changes how the text around it is read or shown.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{13430}'..='\u{1345F}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns true if Unicode guarantees that `c` never has a meaning.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0xFDD0..=0xFDEF) || code & 0xFFFE == 0xFFFE
}

/// Builder of a safe text.
struct Writer {
    safe: String,
    /// Characters left up to the limit.
    left: usize,
    /// Combining marks on the last letter; the maximum if there is no letter.
    stacked: usize,
}

impl Writer {
    fn new(expected: usize) -> Self {
        Self {
            safe: String::with_capacity(expected),
            left: SafeText::LIMIT,
            stacked: STACKED,
        }
    }

    /// Writes `c`, or its mark; returns false if there is no space left for that.
    fn push(&mut self, c: char) -> bool {
        match c {
            '\t' | '\n' | '\r' | ' ' => self.mark(&[' ']),
            '\0'..='\x1f' => self.mark(&['^', char::from(c as u8 ^ 0x40)]),
            '\x7f' => self.mark(&['^', '?']),
            _ if is_unsafe(c) => self.code(c),
            _ if c.width() == Some(0) && self.stacked == STACKED => self.code(c),
            _ if c.width() == Some(0) => {
                self.stacked += 1;
                self.write(&[c])
            }
            _ => {
                self.stacked = 0;
                self.write(&[c])
            }
        }
    }

    /// Writes `c` by its number.
    fn code(&mut self, c: char) -> bool {
        let code: Vec<char> = format!("<U+{:04X}>", u32::from(c)).chars().collect();
        self.mark(&code)
    }

    /// Writes text that no combining mark may follow.
    fn mark(&mut self, mark: &[char]) -> bool {
        self.stacked = STACKED;
        self.write(mark)
    }

    fn write(&mut self, chars: &[char]) -> bool {
        let fits = chars.len() <= self.left;
        if fits {
            self.left -= chars.len();
            self.safe.extend(chars);
        }
        fits
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
    use crate::domain::fuzz_support;

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
            ("heart \u{2764}\u{fe0f}", "heart \u{2764}<U+FE0F>"),
            ("no\u{fffe}character\u{10ffff}", "no<U+FFFE>character<U+10FFFF>"),
            ("naïve 漢字 e\u{301}", "naïve 漢字 e\u{301}"),
        ] {
            assert_eq!(SafeText::new(raw).as_str(), shown);
        }
    }

    #[test]
    fn long_text_ends_in_an_ellipsis() {
        let cut = SafeText::new(&"x".repeat(SafeText::LIMIT + 1));
        assert_eq!(cut.as_str().chars().count(), SafeText::LIMIT + 1);
        assert!(cut.as_str().ends_with('…'));
    }

    #[test]
    fn marks_count_toward_the_limit() {
        let flood = SafeText::new(&"\u{202e}".repeat(SafeText::LIMIT));
        assert!(flood.as_str().chars().count() <= SafeText::LIMIT + 1);
        assert!(flood.as_str().ends_with("<U+202E>…"), "no mark is cut in two");
    }

    #[test]
    fn combining_marks_stay_on_their_letter() {
        for (raw, shown) in [
            ("a\u{301}", "a\u{301}"),
            ("ก้ำ", "ก้ำ"),
            ("\u{301}a", "<U+0301>a"),
            ("a \u{301}", "a <U+0301>"),
            ("\u{7}\u{301}", "^G<U+0301>"),
            (
                "a\u{300}\u{301}\u{302}\u{303}\u{304}b",
                "a\u{300}\u{301}\u{302}\u{303}<U+0304>b",
            ),
        ] {
            assert_eq!(SafeText::new(raw).as_str(), shown);
        }
    }

    proptest! {
        #[test]
        fn any_text_becomes_safe_and_stays_so(raw in any::<String>()) {
            fuzz_support::safe_text(&raw);
        }

        #[test]
        fn clusters_of_tricks_become_safe(
            raw in "([a1é漢 ]|[\u{300}-\u{36f}]|[\u{0}-\u{1f}]|[\u{7f}-\u{9f}]|[\u{200b}-\u{206f}]|[\u{fe00}-\u{fe0f}]|[\u{e0000}-\u{e01ef}]){0,40}",
        ) {
            fuzz_support::safe_text(&raw);
        }

        #[test]
        fn safe_text_is_unchanged(raw in "[ -~]{0,80}") {
            let text = SafeText::new(&raw);
            prop_assert_eq!(text.as_str(), raw);
        }
    }
}
