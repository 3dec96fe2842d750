//! What stands between this program and the terminal, and how a sequence gets past it.

use crate::settings::terminal::Multiplexer;

/// What screen takes in one piece; it drops what is longer than 768 bytes.
const PIECE: usize = 512;

impl Multiplexer {
    /// `OSC body`, so that the terminal around gets it. Its end is a bell inside screen, where the other end would be that
    /// of screen's own sequence, and `ESC \` elsewhere, so that a bell is a bell.
    #[must_use]
    pub fn osc(self, body: &str) -> Vec<u8> {
        match self {
            Self::None => plain(body),
            Self::Tmux => {
                let mut wrapped = b"\x1bPtmux;".to_vec();
                for byte in plain(body) {
                    if byte == 0x1b {
                        wrapped.push(0x1b);
                    }
                    wrapped.push(byte);
                }
                wrapped.extend_from_slice(b"\x1b\\");
                wrapped
            }
            Self::Screen => {
                let inner = format!("\x1b]{body}\x07").into_bytes();
                let piece = |piece: &[u8]| [b"\x1bP", piece, b"\x1b\\"].concat();
                inner.chunks(PIECE).flat_map(piece).collect()
            }
        }
    }

    /// `base64` for the clipboard of the terminal, by OSC 52. Beyond a multiplexer it goes as it is as well: which of the two
    /// listens is a setting of tmux, and what calls itself screen at the far end of an ssh may be tmux at the near one.
    #[must_use]
    pub fn clipboard(self, base64: &str) -> Vec<u8> {
        let body = format!("52;c;{base64}");
        let mut bytes = self.osc(&body);
        if self != Self::None {
            bytes.extend(plain(&body));
        }
        bytes
    }
}

/// `OSC body ST`.
#[must_use]
pub(super) fn plain(body: &str) -> Vec<u8> {
    format!("\x1b]{body}\x1b\\").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gets_a_sequence_past_itself() {
        assert_eq!(Multiplexer::None.osc("9;a"), b"\x1b]9;a\x1b\\");
        assert_eq!(
            Multiplexer::Tmux.osc("9;a"),
            b"\x1bPtmux;\x1b\x1b]9;a\x1b\x1b\\\x1b\\"
        );
        assert_eq!(Multiplexer::Screen.osc("9;a"), b"\x1bP\x1b]9;a\x07\x1b\\");
    }

    #[test]
    fn screen_gets_pieces_that_make_the_whole() {
        let body = "x".repeat(2000);
        let wrapped = String::from_utf8(Multiplexer::Screen.osc(&body)).unwrap();
        let pieces: Vec<&str> = wrapped
            .split("\x1b\\")
            .filter(|piece| !piece.is_empty())
            .map(|piece| piece.strip_prefix("\x1bP").unwrap())
            .collect();
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE) && pieces.len() > 3);
        assert_eq!(pieces.concat(), format!("\x1b]{body}\x07"));
    }

    #[test]
    fn a_multiplexer_and_the_terminal_around_it_are_both_offered_the_clipboard() {
        let bytes = Multiplexer::Screen.clipboard("YQ==");
        assert_eq!(bytes, b"\x1bP\x1b]52;c;YQ==\x07\x1b\\\x1b]52;c;YQ==\x1b\\");
        let bytes = Multiplexer::Tmux.clipboard("YQ==");
        assert_eq!(
            bytes,
            b"\x1bPtmux;\x1b\x1b]52;c;YQ==\x1b\x1b\\\x1b\\\x1b]52;c;YQ==\x1b\\"
        );
        assert_eq!(Multiplexer::None.clipboard("YQ=="), b"\x1b]52;c;YQ==\x1b\\");
    }
}
