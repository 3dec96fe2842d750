//! Tokens printed by another program, such as `az account get-access-token`.

mod run;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::process::Command;

use super::{
    issuer::{Issued, Issuer, lost},
    output,
};
use crate::{
    domain::text::SafeText,
    engine::{failure::Failure, ports::Clock},
    service::redact,
};

use run::{Limits, Ran, run};

/// Default time limit of a command.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum number of characters shown of a command's errors.
const SHOWN: usize = 400;

/// The Azure CLI, and a working folder in which no other user can place Python modules for it to load.
const AZURE_CLI: (&str, &str) = if cfg!(windows) {
    ("az.cmd", r"C:\Windows")
} else {
    ("az", "/bin")
};

/// Issuer that runs one command for each token.
pub(super) struct TokenCommand {
    /// Name for messages.
    name: String,
    program: String,
    arguments: Vec<String>,
    folder: Option<&'static str>,
    read: fn(&str, Timestamp) -> Result<Issued, &'static str>,
    advice: String,
    limits: Limits,
    clock: Arc<dyn Clock>,
}

impl TokenCommand {
    /// Creates the issuer for a command whose first word is the program.
    ///
    /// # Errors
    /// When the command is empty.
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
        let by_hand = match program.as_str() {
            "az" => "run `az login`, then the command by hand".to_owned(),
            _ => format!("run `{program}` by hand, with the arguments of the settings"),
        };
        Ok(Self {
            name: format!("`{program}`"),
            program: program.clone(),
            arguments: arguments.to_vec(),
            folder: None,
            read: output::read,
            advice: format!("{by_hand}; it must print a token, alone or as JSON"),
            limits: Limits::within(timeout.unwrap_or(TIMEOUT)),
            clock,
        })
    }

    /// Creates the issuer for the Azure CLI. `azure_identity` would run it on the terminal, and finds no expiry in the
    /// local time that versions before 2.54 print.
    pub(super) fn azure_cli(
        scope: &str,
        tenant: Option<&str>,
        subscription: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let mut arguments = vec!["account", "get-access-token", "-o", "json", "--scope", scope];
        arguments.extend(tenant.into_iter().flat_map(|tenant| ["--tenant", tenant]));
        arguments.extend(
            subscription
                .into_iter()
                .flat_map(|subscription| ["--subscription", subscription]),
        );
        let (program, folder) = AZURE_CLI;
        Self {
            name: "the Azure CLI".to_owned(),
            program: program.to_owned(),
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            folder: Some(folder),
            read: output::object,
            advice: "run `az login`, with `--tenant` where you belong to several; without the Azure CLI, use device-code, \
                 which needs nothing installed"
                .to_owned(),
            limits: Limits::within(TIMEOUT),
            clock,
        }
    }

    fn lost(&self, what: &str) -> Failure {
        // Only the program is named: an argument may be a secret.
        lost(&format!("{} {what}", self.name), &self.advice)
    }
}

#[async_trait]
impl Issuer for TokenCommand {
    async fn issue(&self) -> Result<Issued, Failure> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        if let Some(folder) = self.folder {
            command.current_dir(folder);
        }
        let Ran {
            status,
            stdout,
            stderr,
        } = run(command, self.limits)
            .await
            .map_err(|unrun| self.lost(&unrun.to_string()))?;
        if !status.success() {
            let reason = error_tail(&stderr);
            let reason = match reason.as_str() {
                "" => " and said nothing".to_owned(),
                some => format!(": {some}"),
            };
            return Err(self.lost(&format!("failed ({status}){reason}")));
        }
        let text = str::from_utf8(&stdout).map_err(|_| self.lost("printed what is no text"))?;
        (self.read)(text, self.clock.now()).map_err(|what| self.lost(&format!("printed no token: {what}")))
    }

    fn advice(&self) -> String {
        self.advice.clone()
    }
}

/// Returns the end of a program's error output, where the reason stands, on one line and with likely tokens hidden.
pub(super) fn error_tail(stderr: &[u8]) -> SafeText {
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
