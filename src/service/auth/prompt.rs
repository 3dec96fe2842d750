//! What a person must do to sign in, on its way to whichever face is there.

use std::fmt;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::domain::text::SafeText;

/// A code to type into a browser, on any machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInPrompt {
    /// What to type.
    pub user_code: SafeText,
    /// Where.
    pub verification_uri: SafeText,
    /// Both in a sentence.
    pub message: SafeText,
    /// When the code ends; another comes by itself when there is still need for one.
    pub expires_at: Timestamp,
}

impl fmt::Display for SignInPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "open {} and enter the code {}",
            self.verification_uri, self.user_code
        )
    }
}

/// Where prompts are put up and taken down. Clones share one place.
#[derive(Clone, Debug)]
pub struct Prompts(watch::Sender<Option<SignInPrompt>>);

/// A prompt that is up until this is dropped.
pub(super) struct Standing<'a> {
    place: &'a Prompts,
    prompt: SignInPrompt,
}

impl Prompts {
    /// A place without a prompt.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// What is up now, and each change of it.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Option<SignInPrompt>> {
        self.0.subscribe()
    }

    /// Puts up `prompt`.
    pub(super) fn put_up(&self, prompt: SignInPrompt) -> Standing<'_> {
        self.0.send_replace(Some(prompt.clone()));
        Standing { place: self, prompt }
    }

    /// What is up now.
    pub(super) fn current(&self) -> Option<SignInPrompt> {
        self.0.borrow().clone()
    }
}

impl Default for Prompts {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        // Another sign-in may have put up its own meanwhile, as when the profile is switched.
        self.place.0.send_if_modified(|current| {
            let is_ours = current.as_ref() == Some(&self.prompt);
            if is_ours {
                *current = None;
            }
            is_ours
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(user_code: &str) -> SignInPrompt {
        SignInPrompt {
            user_code: user_code.into(),
            verification_uri: "https://microsoft.com/devicelogin".into(),
            message: "enter it".into(),
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_prompt_is_taken_down_by_who_put_it_up() {
        let prompts = Prompts::new();
        let first = prompts.put_up(prompt("one"));
        let second = prompts.put_up(prompt("two"));
        drop(first);
        assert_eq!(prompts.current(), Some(prompt("two")));
        drop(second);
        assert_eq!(prompts.current(), None);
    }
}
