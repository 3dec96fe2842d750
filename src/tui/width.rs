//! Text in columns: cut, wrapped and flowed by the cells that it takes, never by its characters.

use std::borrow::Cow;

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

/// With less room a name is told by its beginning.
const LEAST_MIDDLE: usize = 7;

/// The cells that `text` takes.
#[must_use]
pub(crate) fn cells(text: &str) -> usize {
    text.width()
}

/// At most `room` cells of `text`; what is cut ends in `…`.
#[must_use]
pub(crate) fn cut(text: &str, room: usize) -> Cow<'_, str> {
    if cells(text) <= room {
        return Cow::Borrowed(text);
    }
    if room == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = head(text, room - 1);
    kept.push('…');
    Cow::Owned(kept)
}

/// At most `room` cells of `text`, cut in its middle: names of one family often differ at their ends alone.
#[must_use]
pub(crate) fn cut_middle(text: &str, room: usize) -> Cow<'_, str> {
    if cells(text) <= room || room < LEAST_MIDDLE {
        return cut(text, room);
    }
    let (before, after) = halves(room);
    Cow::Owned(format!("{}…{}", head(text, before), tail(text, after)))
}

/// The most cells that [`cut_middle`] leaves before and after its mark.
#[must_use]
pub(crate) fn halves(room: usize) -> (usize, usize) {
    let after = room.saturating_sub(1) / 2;
    (room.saturating_sub(1) - after, after)
}

/// `text` in lines of at most `room` cells, broken at blanks where there are any.
#[must_use]
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    if room == 0 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word = Cow::Borrowed(word);
        let taken = cells(&line);
        if taken > 0 && taken + 1 + cells(&word) <= room {
            line.push(' ');
        } else if taken > 0 {
            lines.push(std::mem::take(&mut line));
        }
        while cells(&word) > room {
            let first = head(&word, room);
            if first.is_empty() {
                // One glyph is wider than the whole line.
                return lines;
            }
            word = Cow::Owned(word[first.len()..].to_owned());
            lines.push(first);
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The longest beginning of `text` that takes at most `room` cells.
fn head(text: &str, room: usize) -> String {
    let mut kept = String::new();
    let mut taken = 0;
    for grapheme in Span::raw(text).styled_graphemes(Style::new()) {
        taken += cells(grapheme.symbol);
        if taken > room {
            break;
        }
        kept.push_str(grapheme.symbol);
    }
    kept
}

/// The longest end of `text` that takes at most `room` cells.
fn tail(text: &str, room: usize) -> String {
    let span = Span::raw(text);
    let all: Vec<_> = span.styled_graphemes(Style::new()).collect();
    let mut taken = 0;
    let fits = |grapheme: &&ratatui::text::StyledGrapheme<'_>| {
        taken += cells(grapheme.symbol);
        taken <= room
    };
    let count = all.iter().rev().take_while(fits).count();
    all[all.len() - count..]
        .iter()
        .map(|grapheme| grapheme.symbol)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wide_glyphs_count_as_two() {
        assert_eq!(cut("漢字漢字", 8), "漢字漢字");
        assert_eq!(cut("漢字漢字", 7), "漢字漢…");
        assert_eq!(cut("漢字漢字", 6), "漢字…");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn a_name_keeps_both_its_ends() {
        assert_eq!(cut_middle("contoso-analytics-1", 19), "contoso-analytics-1");
        assert_eq!(cut_middle("contoso-analytics-1", 12), "contos…ics-1");
        assert_eq!(cut_middle("contoso-漢字漢字", 9), "cont…漢字");
        assert_eq!(cut_middle("contoso-漢字漢字", 8), "cont…字");
        assert_eq!(cut_middle("contoso-vm", 6), "conto…");
    }

    #[test]
    fn lines_break_at_blanks_and_long_words_anywhere() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("0123456789", 4), ["0123", "4567", "89"]);
        assert!(wrap("漢", 1).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text in "[ a-z漢é✓]{0,60}", room in 0usize..20) {
            prop_assert!(cells(&cut(&text, room)) <= room);
            prop_assert!(cells(&cut_middle(&text, room)) <= room);
            for line in wrap(&text, room) {
                prop_assert!(cells(&line) <= room);
            }
        }

        #[test]
        fn wrapping_loses_nothing_but_blanks(text in "[ a-z]{0,60}", room in 2usize..20) {
            let joined: String = wrap(&text, room).concat().split(' ').collect();
            prop_assert_eq!(joined, text.split(' ').collect::<String>());
        }
    }
}
