//! Runs the Azure CLI as any other command: in time, and away from the terminal.

use std::{ffi::OsStr, fmt, io, process::Output, sync::Arc};

use async_trait::async_trait;
use azure_identity::Executor;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    super::{
        command::{self, Limits, Ran, TIMEOUT},
        error_slot::ErrorSlot,
        issuer::{Issued, lost},
        output,
    },
    has_text,
};
use crate::engine::ports::Clock;

/// Runs what Azure's crate would run itself.
pub(super) struct Apart {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) trouble: ErrorSlot,
}

impl fmt::Debug for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apart").finish_non_exhaustive()
    }
}

#[async_trait]
impl Executor for Apart {
    async fn run(&self, program: &OsStr, arguments: &[&OsStr]) -> io::Result<Output> {
        let program = program.to_string_lossy();
        let arguments: Vec<_> = arguments
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let Ran {
            status,
            stdout,
            stderr,
        } = command::run(&program, &arguments, Limits::within(TIMEOUT))
            .await
            .map_err(|unrun| self.refuse(&format!("the Azure CLI {unrun}"), ADVICE))?;
        match status.code() {
            Some(127) => Err(self.refuse(
                "the Azure CLI is not here",
                "install it and run `az login`, or use device-code, which needs nothing installed",
            )),
            // What its own reader stumbles over it quotes, and that may be a token.
            Some(0) if !has_text(&stdout, "accessToken") => {
                Err(self.refuse("the Azure CLI printed no token", ADVICE))
            }
            Some(0) => Ok(Output {
                status,
                stdout: with_end(stdout, self.clock.now()),
                stderr,
            }),
            _ => Err(self.refuse(&format!("the Azure CLI says: {}", command::said(&stderr)), ADVICE)),
        }
    }
}

/// What was `printed`, with the token's end as a number: before 2.54 the Azure CLI gives it as a local time alone, which
/// Azure's crate does not read.
fn with_end(printed: Vec<u8>, now: Timestamp) -> Vec<u8> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(&printed) else {
        return printed;
    };
    let read = str::from_utf8(&printed).map(|text| output::read(text, now));
    let Ok(Ok(Issued {
        expires_at: Some(end),
        ..
    })) = read
    else {
        return printed;
    };
    fields.insert("expires_on".to_owned(), end.as_second().into());
    Value::Object(fields).to_string().into_bytes()
}

const ADVICE: &str = "run `az login`, with `--tenant` where you belong to several";

impl Apart {
    fn refuse(&self, what: &str, advice: &str) -> io::Error {
        self.trouble.keep(lost(what, advice));
        io::Error::other("told elsewhere")
    }
}
