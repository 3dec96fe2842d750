//! What stands for a character where there are none but those of ASCII.
//!
//! What is replaced takes as many cells as before, so that every column stays where it is.

use unicode_width::UnicodeWidthChar;

/// What stands for `character` in its one cell; none where nothing does.
pub(crate) fn stand_in(character: char) -> Option<&'static str> {
    Some(match character {
        '✓' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' => "+",
        // What was cut must not read as a sentence that ended; one cell is all there is.
        '◐' | '…' => "~",
        '○' => ".",
        '✗' => "x",
        '▸' | '→' => ">",
        '←' => "<",
        '↑' => "^",
        '↓' => "v",
        '─' | '–' | '—' | '·' => "-",
        '│' => "|",
        '‘' | '’' => "'",
        '“' | '”' => "\"",
        _ => return None,
    })
}

/// `text` in ASCII. Of what can act on a terminal, tabs and ends of lines alone are left.
pub(crate) fn text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' '..='~' | '\t' | '\n' => plain.push(character),
            _ => plain.push_str(stand_in(character).unwrap_or_else(|| match character.width() {
                Some(0) => "",
                Some(2) => "??",
                _ => "?",
            })),
        }
    }
    plain
}
