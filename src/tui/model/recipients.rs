//! Who is to be mailed, while that is being edited in the dialog. Knows nothing of the dialog; nothing in here confirms.

use tui_input::{Input, InputRequest};

use crate::domain::{
    confirmation::Address,
    recipients::{self, RecipientsError},
    text::is_unsafe,
};

/// The most characters that are typed or pasted.
const LONGEST: usize = 512;

/// The addresses as far as they are typed.
#[derive(Clone, Debug)]
pub(crate) struct Recipients {
    input: Input,
    /// Whether they were entered and could not be taken.
    pub(crate) is_refused: bool,
}

impl Recipients {
    /// Begins with `addresses`, and the cursor behind them.
    pub(crate) fn new(addresses: &[Address]) -> Self {
        Self {
            input: Input::new(recipients::write(addresses)),
            is_refused: false,
        }
    }

    /// The addresses that are typed, or why that is none.
    pub(crate) fn check(&self) -> Result<Vec<Address>, RecipientsError> {
        recipients::read(self.input.value())
    }

    /// The text, and where the cursor is in it, both from the first cell that `room` cells can show.
    pub(crate) fn window(&self, room: usize) -> (&str, usize) {
        // An address is of one-cell characters alone; what else was typed is refused, and only shown.
        let from = self.input.visual_scroll(room.saturating_sub(1));
        let value = self.input.value();
        let mut skipped = 0;
        let at = value
            .char_indices()
            .find(|(_, letter)| {
                let is_there = skipped >= from;
                skipped += crate::tui::width::cells(letter.encode_utf8(&mut [0; 4]));
                is_there
            })
            .map_or(value.len(), |(at, _)| at);
        (&value[at..], self.input.visual_cursor().saturating_sub(from))
    }

    /// Takes one letter, if there is room for it and it can be shown.
    pub(crate) fn insert(&mut self, letter: char) {
        if !is_unsafe(letter) && self.input.value().chars().count() < LONGEST {
            self.handle(InputRequest::InsertChar(letter));
        }
    }

    /// Takes pasted text; addresses that stand in lines or behind semicolons come to be separated by commas.
    pub(crate) fn paste(&mut self, text: &str) {
        for letter in text.trim().chars() {
            match letter {
                '\n' | ';' => self.insert(','),
                '\t' => self.insert(' '),
                letter => self.insert(letter),
            }
        }
    }

    /// Moves in the text, or takes some of it away.
    pub(crate) fn handle(&mut self, request: InputRequest) {
        self.input.handle(request);
        self.is_refused = false;
    }
}

impl PartialEq for Recipients {
    fn eq(&self, other: &Self) -> bool {
        let whole = |one: &Self| (one.input.cursor(), one.is_refused);
        self.input.value() == other.input.value() && whole(self) == whole(other)
    }
}

impl Eq for Recipients {}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Recipients {
        let mut recipients = Recipients::new(&[]);
        text.chars().for_each(|letter| recipients.insert(letter));
        recipients
    }

    #[test]
    fn what_is_pasted_in_lines_is_a_list() {
        let mut recipients = Recipients::new(&["a@x".parse().unwrap()]);
        recipients.paste(", b@y;c@z\r\nd@w\u{202e}\n\n");
        assert_eq!(
            recipients::write(&recipients.check().unwrap()),
            "a@x, b@y, c@z, d@w"
        );
    }

    #[test]
    fn the_window_follows_the_cursor() {
        let mut recipients = typed("one@example.com, two@example.com");
        assert_eq!(recipients.window(40), ("one@example.com, two@example.com", 32));
        let (shown, cursor) = recipients.window(10);
        assert_eq!((shown, cursor), ("ample.com", 9));
        recipients.handle(InputRequest::GoToStart);
        assert_eq!(recipients.window(10).1, 0);
        assert!(recipients.window(10).0.starts_with("one@"));
    }

    #[test]
    fn it_grows_no_longer_than_its_limit_and_what_cannot_be_shown_is_left_out() {
        let mut recipients = typed(&"x".repeat(LONGEST - 1));
        recipients.paste(&"y\u{202e}\u{1b}".repeat(LONGEST));
        assert_eq!(recipients.input.value().len(), LONGEST);
        assert!(recipients.input.value().ends_with("xy"));
    }
}
