//! Text for a terminal, or a reader, that knows no characters but those of ASCII.

use std::io::{self, Write};

use crate::presentation::ascii;

/// Writes to `W`, in ASCII alone where that was asked for. A text comes whole or not at all: what is cut within a
/// character ends in a mark.
pub struct Ascii<W> {
    inner: W,
    is_wanted: bool,
}

impl<W: Write> Ascii<W> {
    /// Writes to `inner`; as it comes unless `is_wanted`.
    pub fn new(inner: W, is_wanted: bool) -> Self {
        Self { inner, is_wanted }
    }
}

impl<W: Write> Write for Ascii<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_wanted || bytes.is_ascii() {
            return self.inner.write(bytes);
        }
        let text = ascii::text(&String::from_utf8_lossy(bytes));
        self.inner.write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, is_wanted: bool) -> String {
        let mut out = Vec::new();
        write!(Ascii::new(&mut out, is_wanted), "{text}").unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_beyond_ascii_is_replaced_cell_by_cell() {
        for (text, plain) in [
            ("publish → preview · 1–2 …\n", "publish > preview - 1-2 ~\n"),
            ("caf\u{e9} cafe\u{301} 漢字", "caf? cafe ????"),
            ("as {it} is~\t!", "as {it} is~\t!"),
        ] {
            assert_eq!(told(text, true), plain);
            assert_eq!(told(text, false), text);
        }
    }

    #[test]
    fn a_control_is_not_let_through_beside_another_character() {
        assert_eq!(told("→\u{1b}[1m", true), ">?[1m");
    }
}
