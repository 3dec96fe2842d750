//! What is typed to find offers, read into terms that must all be met. Knows no offer.
//!
//! A plain word is looked for loosely where nothing has it as it stands; `"as it stands"` never is; `field:word` asks one field alone; `!` turns a term
//! round. What cannot be read is left out and told, never silently taken for text.

use std::time::Duration;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};

use crate::domain::{nearest::nearest, text::SafeText};

/// The words before a colon.
const FIELDS: [(&str, Field); 6] = [
    ("id", Field::Id),
    ("name", Field::Name),
    ("type", Field::Type),
    ("state", Field::State),
    ("to", Field::To),
    ("publisher", Field::Publisher),
];
const AGE: &str = "age";

/// What the terms are called, for whoever has typed nothing yet.
pub(crate) const TERMS: &str = "id: name: type: state: to: publisher: age:>2h !not \"exact\"";

/// What was typed, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// The text that it was read from.
    text: String,
    pub(super) terms: Vec<Term>,
    /// What in it could not be read, and what was probably meant.
    pub(crate) trouble: Option<SafeText>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// Whether it must not be met.
    pub(super) is_not: bool,
    pub(super) wants: Wants,
}

/// What a term looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// A text in any of the fields that a row is known by.
    Any(Text),
    /// A text in one field.
    In(Field, Text),
    /// Something that happened before, or after, that long ago.
    Age { is_older: bool, than: Duration },
}

/// A field of an offer or of what its row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Name,
    Type,
    State,
    To,
    Publisher,
}

/// A text to look for, without regard to case and accents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// As it stands.
    pub(super) whole: Atom,
    /// Its letters in order, others between them; none where it stood in quotes.
    pub(super) loose: Option<Atom>,
}

impl Query {
    /// Reads `text`.
    pub(crate) fn read(text: &str) -> Self {
        let mut query = Self {
            text: text.to_owned(),
            ..Self::default()
        };
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            rest = query.take_term(rest).trim_start();
        }
        query
    }

    /// What it was read from.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it was read from `text`.
    pub(crate) fn is_of(&self, text: &str) -> bool {
        self.text == text
    }

    /// Whether every offer meets it.
    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Reads the first term of `text`; returns what stands behind it.
    fn take_term<'a>(&mut self, text: &'a str) -> &'a str {
        let (is_not, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (field, text) = field(text);
        let (value, is_exact, rest) = value(text);
        if value.is_empty() {
            // Not typed yet.
            self.check(field);
            return rest;
        }
        let wants = match field {
            None => Some(Wants::Any(Text::of(value, is_exact))),
            Some(AGE) => self.age(value),
            Some(word) => self
                .check(Some(word))
                .map(|field| Wants::In(field, Text::of(value, is_exact || field != Field::Type))),
        };
        self.terms.extend(wants.map(|wants| Term { is_not, wants }));
        rest
    }

    /// The field called `word`; says so where there is none.
    fn check(&mut self, word: Option<&str>) -> Option<Field> {
        let word = word.filter(|word| *word != AGE)?;
        let known = FIELDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        if known.is_none() {
            let names = FIELDS.iter().map(|(name, _)| *name).chain([AGE]);
            let begun = word.to_lowercase();
            let mut longer = names.clone().filter(|name| name.starts_with(&begun));
            let meant = longer.next().or_else(|| nearest(word, names.clone()));
            let hint = meant.map_or_else(
                || format!("\"{word}:\" finds the text"),
                |name| format!("perhaps ‘{name}:’"),
            );
            self.say(&format!("{hint}; there is no ‘{word}:’"));
        }
        known.map(|(_, field)| *field)
    }

    fn age(&mut self, value: &str) -> Option<Wants> {
        let (is_older, length) = match value.split_at_checked(1) {
            Some((">", length)) => (true, length),
            Some(("<", length)) => (false, length),
            _ => (true, ""),
        };
        let than = span(length);
        if than.is_none() && value != ">" && value != "<" {
            self.say(&format!("write age:>2h or age:<10m; ‘age:{value}’ is no age"));
        }
        than.map(|than| Wants::Age { is_older, than })
    }

    /// The first trouble is told: the others may follow from it. What helps stands first, because room may be short.
    fn say(&mut self, trouble: &str) {
        self.trouble.get_or_insert_with(|| SafeText::new(trouble));
    }
}

impl Text {
    fn of(text: &str, is_exact: bool) -> Self {
        let atom = |kind| Atom::new(text, CaseMatching::Ignore, Normalization::Smart, kind, false);
        Self {
            whole: atom(AtomKind::Substring),
            loose: (!is_exact).then(|| atom(AtomKind::Fuzzy)),
        }
    }
}

/// The word before a colon, if `text` begins with one; and what follows.
fn field(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((word, rest)) if !word.is_empty() && word.chars().all(char::is_alphabetic) => (Some(word), rest),
        _ => (None, text),
    }
}

/// The value that `text` begins with, whether it stood in quotes, and what follows. A quote that is not closed yet goes
/// on to the end.
fn value(text: &str) -> (&str, bool, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        let (value, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
        return (value, true, rest);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    (value, false, rest)
}

/// A length of time such as `90s`, `2h` or `1d12h`.
fn span(text: &str) -> Option<Duration> {
    let mut seconds: u64 = 0;
    let mut number: Option<u64> = None;
    for letter in text.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit.into())?);
            continue;
        }
        let unit = match letter {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            'w' => 7 * 24 * 60 * 60,
            _ => return None,
        };
        seconds = seconds.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && !text.is_empty()).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The terms in a form that is short to write down.
    fn read(text: &str) -> Vec<String> {
        let text_of = |text: &Text| {
            let kind = if text.loose.is_some() { "~" } else { "=" };
            format!("{kind}{}", text.whole.needle_text())
        };
        let term = |term: &Term| {
            let not = if term.is_not { "!" } else { "" };
            match &term.wants {
                Wants::Any(text) => format!("{not}{}", text_of(text)),
                Wants::In(field, text) => format!("{not}{field:?}{}", text_of(text)),
                Wants::Age { is_older: true, than } => format!("{not}>{}", than.as_secs()),
                Wants::Age { than, .. } => format!("{not}<{}", than.as_secs()),
            }
        };
        Query::read(text).terms.iter().map(term).collect()
    }

    #[test]
    fn every_form_of_a_term_is_read() {
        for (text, terms) in [
            ("", &[][..]),
            ("   ", &[]),
            ("vm", &["~vm"]),
            ("con VM", &["~con", "~vm"]),
            ("\"two words\" x", &["=two words", "~x"]),
            ("\"not closed yet", &["=not closed yet"]),
            ("!x", &["!~x"]),
            ("!", &[]),
            ("!\"a b\"", &["!=a b"]),
            ("state:running", &["State=running"]),
            ("STATE:Running", &["State=running"]),
            ("!state:live", &["!State=live"]),
            ("type:vm", &["Type~vm"]),
            ("type:\"vm\"", &["Type=vm"]),
            (
                "id:a name:\"b c\" to:live publisher:p",
                &["Id=a", "Name=b c", "To=live", "Publisher=p"],
            ),
            ("state:", &[]),
            ("age:>2h", &[">7200"]),
            ("age:<10m", &["<600"]),
            ("!age:>1d12h", &["!>129600"]),
            ("age:>", &[]),
            ("\"state:running\"", &["=state:running"]),
            ("1:2", &["~1:2"]),
            (":x", &["~:x"]),
        ] {
            assert_eq!(read(text), terms, "{text}");
            assert_eq!(Query::read(text).trouble, None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_and_not_taken_for_text() {
        for (text, told) in [
            ("stat:x", "perhaps ‘state:’; there is no ‘stat:’"),
            ("status:", "perhaps ‘state:’; there is no ‘status:’"),
            ("ty:x", "perhaps ‘type:’; there is no ‘ty:’"),
            ("http:x", "\"http:\" finds the text; there is no ‘http:’"),
            ("age:2h", "write age:>2h or age:<10m; ‘age:2h’ is no age"),
            ("age:>2x", "write age:>2h or age:<10m; ‘age:>2x’ is no age"),
            (
                "age:>99999999999999999999s",
                "write age:>2h or age:<10m; ‘age:>99999999999999999999s’ is no age",
            ),
        ] {
            let query = Query::read(text);
            assert_eq!(query.trouble.as_ref().map(SafeText::as_str), Some(told), "{text}");
            assert!(query.is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read(text in "\\PC{0,40}|[!:\"a-z<>0-9 ]{0,40}") {
            let query = Query::read(&text);
            prop_assert!(query.is_of(&text));
        }
    }
}
