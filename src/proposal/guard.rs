//! What stands between a question and its answer: keys that were typed ahead, pasted, typed while nothing was read, or meant
//! for something else do not answer.
//!
//! A question is painted; then the keyboard is quiet, and nothing waits to be read; then how to answer is painted. From there
//! on a key answers, if it is left alone for a moment. Knows no keyboard: a face says what its keys mean.

use std::time::Duration;

use crate::domain::text::is_unsafe;

/// How long the keyboard must have been quiet.
pub const QUIET: Duration = Duration::from_millis(400);
/// How long what confirms must stay alone; with more right behind it, it was meant for something else.
pub const ALONE: Duration = Duration::from_millis(150);

/// Guards one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    stage: Stage,
    /// What is typed to answer it.
    pub typed: Typed,
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
    Answered(Key, Duration),
}

/// What is typed against a text that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The characters so far.
    pub text: String,
    /// Whether it was entered and was not what is wanted.
    pub is_wrong: bool,
    /// Whether the last character did not fit.
    pub is_full: bool,
}

/// A key, as far as a question is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Says yes.
    Yes,
    /// Enters what was typed.
    Enter,
    /// Adds a character to it.
    Letter(char),
    /// Takes the last character away.
    Backspace,
    /// Takes all of them away.
    Clear,
    /// Any other.
    Other,
}

/// A key that went down, or is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// The key.
    pub key: Key,
    /// Whether it went down before, and was meant for whatever was here then.
    pub is_held: bool,
}

/// What a key means to a question that is armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It stays open.
    Stay,
    /// It is left alone.
    Leave,
}

impl Guard {
    /// Whether the screen is to tell how to answer. Only what it told already can be answered.
    #[must_use]
    pub fn tells_how(&self) -> bool {
        !matches!(self.stage, Stage::Unseen | Stage::Quiet(_))
    }

    /// Whether a key confirmed it that does not count yet.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.stage, Stage::Answered(..))
    }

    /// Whether the next frame is the first that tells how to answer.
    #[must_use]
    pub fn is_about_to_tell(&self) -> bool {
        self.stage == Stage::Rested
    }

    /// Whether it matters that this process does not stand still.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.stage != Stage::Unseen
    }

    /// When it goes on by itself.
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        match self.stage {
            Stage::Quiet(since) => Some(since + QUIET),
            Stage::Answered(_, at) => Some(at + ALONE),
            Stage::Unseen | Stage::Rested | Stage::Armed => None,
        }
    }

    /// What it guards is on the screen.
    pub fn on_painted(&mut self, now: Duration) {
        self.stage = match self.stage {
            Stage::Unseen => Stage::Quiet(now),
            Stage::Rested => Stage::Armed,
            seen => seen,
        };
    }

    /// The screen is not what it was: all begins anew.
    pub fn invalidate(&mut self) {
        *self = Self::default();
    }

    /// What is on the screen still is, but what is typed may have been typed before that was read.
    pub fn unrest(&mut self, now: Duration) {
        if self.is_watched() {
            self.rest_from(now);
        }
    }

    /// A key was pressed. Says whether that is all that it means: before it is armed it restarts the quiet, and so does any
    /// but the one that confirmed after that.
    pub fn pressed(&mut self, key: Key, now: Duration) -> bool {
        match self.stage {
            Stage::Unseen => true,
            Stage::Armed => false,
            Stage::Answered(first, _) if first == key => true,
            Stage::Quiet(_) | Stage::Rested | Stage::Answered(..) => {
                self.rest_from(now);
                true
            }
        }
    }

    /// A key that may answer: the one that confirms or, where a text is `wanted`, that text and then the one that enters it.
    pub fn answer(&mut self, press: Press, wanted: Option<&str>, now: Duration) -> Reaction {
        if let Some(wanted) = wanted
            && press.key != Key::Enter
        {
            self.typed.edit(press.key, wanted.len());
            return Reaction::Stay;
        }
        if press.is_held {
            return Reaction::Stay;
        }
        let is_right = match wanted {
            Some(wanted) => self.typed.text == wanted,
            None => press.key == Key::Yes,
        };
        if is_right {
            self.stage = Stage::Answered(press.key, now);
            return Reaction::Stay;
        }
        if self.typed.text.is_empty() {
            return Reaction::Leave;
        }
        self.typed.is_wrong = true;
        Reaction::Stay
    }

    /// All that was typed until now has been told: what waited for that goes on. Says whether it is confirmed.
    pub fn all_read(&mut self, now: Duration) -> bool {
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
        self.invalidate();
        self.stage = Stage::Quiet(now);
    }
}

impl Typed {
    /// Takes one key, if it edits a text that is to be one of `wanted` bytes.
    fn edit(&mut self, key: Key, wanted: usize) {
        self.is_full = false;
        match key {
            Key::Backspace => drop(self.text.pop()),
            Key::Clear => self.text.clear(),
            Key::Letter(letter) if is_unsafe(letter) => return,
            Key::Letter(letter) if self.text.len() < 2 * wanted + 8 => self.text.push(letter),
            Key::Letter(_) => {
                self.is_full = true;
                return;
            }
            Key::Yes | Key::Enter | Key::Other => return,
        }
        self.is_wrong = false;
    }
}

#[cfg(test)]
mod tests;
