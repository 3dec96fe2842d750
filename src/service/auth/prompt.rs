//! Sign-in prompt for a person, shared with the running face.

use std::fmt;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::domain::text::SafeText;

/// A code to type into a browser, on any machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInPrompt {
    /// Code to type.
    pub user_code: SafeText,
    /// Address to open.
    pub verification_uri: SafeText,
    /// Both in a sentence.
    pub message: SafeText,
    /// Expiry of the code; another comes by itself while it is needed.
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

/// Shared slot of the current prompt. Clones share one slot.
#[derive(Clone, Debug)]
pub struct Prompts(watch::Sender<Option<SignInPrompt>>);

/// A prompt that is shown until this is dropped.
pub(super) struct Standing<'a> {
    place: &'a Prompts,
    prompt: SignInPrompt,
}

impl Prompts {
    /// Creates an empty slot.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Watches the current prompt.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Option<SignInPrompt>> {
        self.0.subscribe()
    }

    /// Shows `prompt`.
    pub(super) fn show(&self, prompt: SignInPrompt) -> Standing<'_> {
        self.0.send_replace(Some(prompt.clone()));
        Standing { place: self, prompt }
    }

    /// Returns the current prompt.
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
        // Another sign-in may have shown its own meanwhile, as when the profile is switched.
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
    fn prompt_is_removed_only_by_its_owner() {
        let prompts = Prompts::new();
        let first = prompts.show(prompt("one"));
        let second = prompts.show(prompt("two"));
        drop(first);
        assert_eq!(prompts.current(), Some(prompt("two")));
        drop(second);
        assert_eq!(prompts.current(), None);
    }
}
