//! A token that another program prints, such as `az account get-access-token`.

mod run;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    issuer::{Issued, Issuer, lost},
    output,
};
use crate::{
    domain::text::SafeText,
    engine::{failure::Failure, ports::Clock},
    service::redact,
};

pub(super) use run::{Limits, Ran, run};

/// How long a command may take, unless settings say otherwise.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);
/// The most characters that are shown of what a command said.
const SHOWN: usize = 400;

/// Runs one command for each token.
pub(super) struct TokenCommand {
    program: String,
    arguments: Vec<String>,
    limits: Limits,
    clock: Arc<dyn Clock>,
}

impl TokenCommand {
    /// The command whose first word is the program.
    ///
    /// # Errors
    /// When there is no first word.
    pub(super) fn new(
        words: &[String],
        timeout: Option<Duration>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let Some((program, arguments)) = words.split_first().filter(|(program, _)| !program.is_empty())
        else {
            return Err(lost(
                "the command of the credential is empty",
                "give it as a list: the program, then its arguments",
            ));
        };
        Ok(Self {
            program: program.clone(),
            arguments: arguments.to_vec(),
            limits: Limits::within(timeout.unwrap_or(TIMEOUT)),
            clock,
        })
    }

    fn lost(&self, what: &str) -> Failure {
        // Of the words only the program is named: an argument may be a secret.
        lost(&format!("`{}` {what}", self.program), &self.advice())
    }
}

#[async_trait]
impl Issuer for TokenCommand {
    async fn issue(&self) -> Result<Issued, Failure> {
        let Ran {
            status,
            stdout,
            stderr,
        } = run(&self.program, &self.arguments, self.limits)
            .await
            .map_err(|unrun| self.lost(&unrun.to_string()))?;
        if !status.success() {
            let said = said(&stderr);
            let said = match said.as_str() {
                "" => " and said nothing".to_owned(),
                some => format!(": {some}"),
            };
            return Err(self.lost(&format!("failed ({status}){said}")));
        }
        let text = str::from_utf8(&stdout).map_err(|_| self.lost("printed what is no text"))?;
        output::read(text, self.clock.now()).map_err(|what| self.lost(&format!("printed no token: {what}")))
    }

    fn advice(&self) -> String {
        if self.program == "az" {
            "run `az login`, then the command by hand; it must print a token, alone or as JSON".to_owned()
        } else {
            format!(
                "run `{}` by hand, with the arguments of the settings; it must print a token, alone or as JSON",
                self.program
            )
        }
    }
}

/// The end of what a program said, which is where the reason stands, on one line and without what looks like a token.
pub(super) fn said(stderr: &[u8]) -> SafeText {
    let text = String::from_utf8_lossy(stderr);
    let text = redact::tokens(&text);
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    let skipped = line.chars().count().saturating_sub(SHOWN);
    match line.char_indices().nth(skipped) {
        Some((start, _)) if skipped > 0 => SafeText::new(&format!("…{}", &line[start..])),
        _ => SafeText::new(&line),
    }
}
