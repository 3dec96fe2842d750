//! The built binary, with a home of its own and without this machine's settings.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use countermand::simulator::{Options, Scenario, Simulator};
use serde_json::Value;

/// Starts a practice marketplace with fast time.
pub(crate) async fn market(scenario: &str) -> Simulator {
    let options = Options {
        speed: 4.0,
        ..Options::new(Scenario::bundled(scenario).unwrap())
    };
    Simulator::start(options).await.unwrap()
}

/// A program about to run.
pub(crate) struct Program {
    command: Command,
    _home: tempfile::TempDir,
}

/// Result of a run.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    pub(crate) fn new(args: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_countermand"));
        command
            .args(args)
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self { command, _home: home }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets `origin`, the publisher, and a token that `simulator` accepts.
    pub(crate) fn at(self, origin: &str, simulator: &Simulator) -> Self {
        self.with("COUNTERMAND_BASE_URL", origin)
            .with("COUNTERMAND_TOKEN", simulator.token())
            .with("COUNTERMAND_PUBLISHER", simulator.publisher())
    }

    /// Trusts the certificates in `file` besides those of the platform.
    pub(crate) fn trusting(mut self, file: &std::path::Path) -> Self {
        self.command.arg("--ca-file").arg(file);
        self
    }

    pub(crate) async fn run(mut self) -> Ran {
        let running = tokio::task::spawn_blocking(move || {
            let output = self.command.output().unwrap();
            Ran {
                code: output.status.code(),
                out: String::from_utf8(output.stdout).unwrap(),
                err: String::from_utf8(output.stderr).unwrap(),
            }
        });
        // The deadline ends a hanging test.
        let ran = tokio::time::timeout(Duration::from_mins(2), running).await;
        ran.unwrap_or_else(|_| panic!("it never ended")).unwrap()
    }
}

impl Ran {
    /// Returns the check `name` of `doctor --json`.
    pub(crate) fn check(&self, name: &str) -> Value {
        let sheet: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out));
        let checks = sheet["checks"].as_array().unwrap();
        let found = checks.iter().find(|check| check["name"] == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {}", self.out))
            .clone()
    }

    /// Returns the state of a check, and its text.
    pub(crate) fn found(&self, name: &str) -> (String, String) {
        let check = self.check(name);
        let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
        (text("state"), format!("{} {}", text("what"), text("advice")))
    }

    /// Returns the whole output.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}
