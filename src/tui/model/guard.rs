//! What stands between a question and its answer: keys that were typed ahead, pasted, typed while nothing was read, or meant
//! for something else do not answer.
//!
//! A question is painted; then the keyboard is quiet, and nothing waits to be read; then how to answer is painted. From there
//! on a key answers, if it is left alone for a moment.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{domain::text::is_unsafe, tui::keymap::Command};

/// How long the keyboard must have been quiet.
const QUIET: Duration = Duration::from_millis(400);
/// How long what confirms must stay alone.
const ALONE: Duration = Duration::from_millis(150);

/// Guards one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guard {
    stage: Stage,
    /// What is typed to answer it.
    pub(crate) typed: TypedId,
}

/// How far a question has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// It has not been on the screen.
    #[default]
    Unseen,
    /// On the screen, and the keyboard quiet since then.
    Quiet(Duration),
    /// Rested, and how to answer is yet to be on the screen.
    Rested,
    /// May be answered, as the screen says.
    Armed,
    /// This key confirmed it then, and counts if nothing comes after it.
    Answered(KeyEvent, Duration),
}

/// What is typed against a text that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedId {
    /// The characters so far.
    pub(crate) text: String,
    /// Whether it was entered and was not what is wanted.
    pub(crate) is_wrong: bool,
}

/// What a key means to a question that is armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// It stays open.
    Nothing,
    /// It is left alone.
    Leave,
}

impl Guard {
    /// Whether the screen is to tell how to answer. Only what it told already can be answered.
    pub(crate) fn tells_how(&self) -> bool {
        !matches!(self.stage, Stage::Unseen | Stage::Quiet(_))
    }

    /// Whether a key confirmed it that does not count yet.
    #[cfg(test)]
    pub(crate) fn is_answered(&self) -> bool {
        matches!(self.stage, Stage::Answered(..))
    }

    /// Whether the next frame is the first that tells how to answer.
    pub(crate) fn is_about_to_tell(&self) -> bool {
        self.stage == Stage::Rested
    }

    /// Whether it matters that this process does not stand still.
    pub(crate) fn is_watched(&self) -> bool {
        self.stage != Stage::Unseen
    }

    /// When it goes on by itself.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        match self.stage {
            Stage::Quiet(since) => Some(since + QUIET),
            Stage::Answered(_, at) => Some(at + ALONE),
            Stage::Unseen | Stage::Rested | Stage::Armed => None,
        }
    }

    /// What it guards is on the screen.
    pub(crate) fn painted(&mut self, now: Duration) {
        self.stage = match self.stage {
            Stage::Unseen => Stage::Quiet(now),
            Stage::Rested => Stage::Armed,
            seen => seen,
        };
    }

    /// The screen is not what it was: all begins anew.
    pub(crate) fn disturb(&mut self) {
        *self = Self::default();
    }

    /// What is on the screen still is, but what is typed may have been typed before that was read.
    pub(crate) fn unrest(&mut self, now: Duration) {
        if self.is_watched() {
            self.rest_from(now);
        }
    }

    /// A key was pressed. Says whether that is all that it means: before it is armed it restarts the quiet, and so does any
    /// but the one that confirmed after that.
    pub(crate) fn pressed(&mut self, key: KeyEvent, now: Duration) -> bool {
        match self.stage {
            Stage::Unseen => true,
            Stage::Armed => false,
            Stage::Answered(first, _) if is_same(first, key) => true,
            Stage::Quiet(_) | Stage::Rested | Stage::Answered(..) => {
                self.rest_from(now);
                true
            }
        }
    }

    /// A key that may answer: the one that confirms or, where a text is `wanted`, that text and then the one that enters it.
    pub(crate) fn answer(
        &mut self,
        command: Option<Command>,
        key: KeyEvent,
        wanted: Option<&str>,
        now: Duration,
    ) -> Given {
        if let Some(wanted) = wanted
            && command != Some(Command::Accept)
        {
            self.typed.edit(key, wanted.len());
            return Given::Nothing;
        }
        // A key that is held was meant for whatever was here before.
        if key.kind == KeyEventKind::Repeat {
            return Given::Nothing;
        }
        let is_right = match wanted {
            Some(wanted) => self.typed.text == wanted,
            None => command == Some(Command::Confirm),
        };
        if is_right {
            self.stage = Stage::Answered(key, now);
            return Given::Nothing;
        }
        if self.typed.text.is_empty() {
            return Given::Leave;
        }
        self.typed.is_wrong = true;
        Given::Nothing
    }

    /// All that was typed until now has been told: what waited for that goes on. Says whether it is confirmed.
    pub(crate) fn all_read(&mut self, now: Duration) -> bool {
        let is_due = self.wake_at().is_none_or(|at| now >= at);
        match self.stage {
            Stage::Quiet(_) if is_due => self.stage = Stage::Rested,
            Stage::Answered(..) => return is_due,
            Stage::Unseen | Stage::Quiet(_) | Stage::Rested | Stage::Armed => {}
        }
        false
    }

    /// Quiet begins anew, and with it whatever was typed.
    fn rest_from(&mut self, now: Duration) {
        self.disturb();
        self.stage = Stage::Quiet(now);
    }
}

/// Whether `key` is `first` once more, as one that is held comes again.
fn is_same(first: KeyEvent, key: KeyEvent) -> bool {
    (first.code, first.modifiers) == (key.code, key.modifiers)
}

impl TypedId {
    /// Takes one key, if it edits a text that is to be one of `wanted` bytes.
    fn edit(&mut self, key: KeyEvent, wanted: usize) {
        let held = key.modifiers.difference(KeyModifiers::SHIFT);
        match key.code {
            KeyCode::Backspace => drop(self.text.pop()),
            KeyCode::Char('u') if held == KeyModifiers::CONTROL => self.text.clear(),
            KeyCode::Char(letter)
                if held.is_empty() && !is_unsafe(letter) && self.text.len() < 2 * wanted + 8 =>
            {
                self.text.push(letter);
            }
            _ => return,
        }
        self.is_wrong = false;
    }
}

#[cfg(test)]
mod tests;
