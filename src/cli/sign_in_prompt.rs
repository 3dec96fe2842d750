//! Tells whoever runs a verb what they must do to sign in, while the verb waits for it.

use std::io::Write;

use tokio::sync::watch;

use crate::service::auth::SignInPrompt;

/// Writes a line for each prompt that is put up, until nobody can put up another.
pub async fn announce(mut prompts: watch::Receiver<Option<SignInPrompt>>, mut err: impl Write + Send) {
    loop {
        let prompt = prompts.borrow_and_update().clone();
        if let Some(prompt) = prompt {
            // Where it cannot be written, there is nobody to tell.
            let _ = writeln!(err, "countermand: to sign in, {prompt}").and_then(|()| err.flush());
        }
        if prompts.changed().await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, pin_mut};
    use jiff::Timestamp;

    use super::*;

    fn prompt(code: &str) -> SignInPrompt {
        SignInPrompt {
            user_code: code.into(),
            verification_uri: "https://microsoft.com/devicelogin".into(),
            message: "enter it".into(),
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn each_code_is_told_once() {
        let (place, prompts) = watch::channel(None);
        let mut err = Vec::new();
        {
            let announcing = announce(prompts, &mut err);
            pin_mut!(announcing);
            for now in [Some(prompt("ONE")), None, Some(prompt("TWO"))] {
                assert_eq!((&mut announcing).now_or_never(), None);
                place.send_replace(now);
            }
            assert_eq!((&mut announcing).now_or_never(), None);
            drop(place);
            announcing.await;
        }
        let told = ["ONE", "TWO"].map(|code| {
            format!(
                "countermand: to sign in, open https://microsoft.com/devicelogin and enter the code {code}\n"
            )
        });
        assert_eq!(String::from_utf8(err).unwrap(), told.concat());
    }
}
