//! A practice marketplace with a token of the test's own, and the built program run against it with full logging.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use countermand::simulator::{Options, Scenario, Simulator};
use tempfile::TempDir;

use crate::bench::{Bench, PROGRAM};

/// The service, and a home for its caller.
pub(crate) struct Market {
    pub(crate) simulator: Simulator,
    pub(crate) home: TempDir,
    /// Certificates to trust.
    ca: Option<PathBuf>,
}

/// Remains of a run.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: Vec<u8>,
    /// Command line, as the system shows it to all users.
    pub(crate) cmdline: Vec<u8>,
}

impl Market {
    pub(crate) async fn of(scenario: Scenario, token: &str) -> Self {
        let mut options = Options::new(scenario);
        options.speed = 20.0;
        options.token = Some(token.to_owned());
        Self {
            simulator: Simulator::start(options).await.unwrap(),
            home: tempfile::tempdir().unwrap(),
            ca: None,
        }
    }

    /// Makes runs trust a certificate of the test's own.
    pub(crate) fn trusting(self, ca: &Path) -> Self {
        Self {
            ca: Some(ca.to_owned()),
            ..self
        }
    }

    /// Returns the environment of every run.
    pub(crate) fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("COUNTERMAND_BASE_URL", self.simulator.origin().into()),
            ("COUNTERMAND_TOKEN", self.simulator.token().into()),
            ("COUNTERMAND_PUBLISHER", self.simulator.publisher().into()),
            ("COUNTERMAND_LOG", "trace".into()),
            ("RUST_BACKTRACE", "full".into()),
        ]
    }

    /// Returns the path of the log.
    pub(crate) fn log(&self) -> PathBuf {
        self.home.path().join("all.log")
    }

    pub(crate) async fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[]).await
    }

    /// Runs with some variables replaced; empty ones are removed.
    pub(crate) async fn run_with(&self, args: &[&str], other: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(PROGRAM);
        command.arg("--log-file").arg(self.log());
        if let Some(ca) = &self.ca {
            command.arg("--ca-file").arg(ca);
        }
        command.args(args);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", "/usr/bin:/bin");
        command.envs(self.environment());
        for (name, value) in other {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let running = tokio::task::spawn_blocking(move || {
            let child = command.spawn().unwrap();
            let cmdline = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
            let output = child.wait_with_output().unwrap();
            Ran {
                code: output.status.code(),
                out: output.stdout,
                err: output.stderr,
                cmdline,
            }
        });
        running.await.unwrap()
    }

    /// Starts the dashboard in a terminal, with a home of its own.
    pub(crate) fn dashboard(&self) -> Bench {
        let environment = self.environment();
        let environment: Vec<(&str, &str)> = environment
            .iter()
            .map(|(name, value)| (*name, value.to_str().unwrap()))
            .collect();
        // A notification carries text beyond the screen; a bell does not.
        let settings = self.home.path().join("settings.toml");
        fs::write(&settings, "tell = \"osc9\"\n").unwrap();
        let (settings, log) = (settings.to_str().unwrap(), self.log());
        Bench::run_with(
            &["--config", settings, "--log-file", log.to_str().unwrap()],
            &environment,
        )
    }
}
