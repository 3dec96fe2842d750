//! Real programs, written as shell scripts into a folder of the test.

use std::{fs, path::PathBuf, process::Command as Direct, time::Duration};

use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::*;
use crate::engine::failure::Class;

/// Time far beyond any need, so that no test ends by it accidentally.
const GENEROUS: Duration = Duration::from_mins(2);

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// A program that is a shell script, and its working folder.
struct Program {
    folder: TempDir,
    path: PathBuf,
}

impl Program {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("give-token");
        // The shell reads the script instead of executing it: a fresh executable may be held open by the fork of
        // another test.
        fs::write(&path, format!("cd '{}'\n{script}\n", folder.path().display())).unwrap();
        Self { folder, path }
    }

    fn command(&self, arguments: &[&str], timeout: Duration) -> TokenCommand {
        let mut words = vec!["/bin/sh".to_owned(), self.path.display().to_string()];
        words.extend(arguments.iter().map(|word| (*word).to_owned()));
        TokenCommand::new(&words, Some(timeout), Arc::new(Still)).unwrap()
    }

    async fn token(&self, arguments: &[&str]) -> Result<String, Failure> {
        let issued = self.command(arguments, GENEROUS).issue().await?;
        Ok(issued.token.expose_secret().to_owned())
    }

    async fn failure(&self, timeout: Duration) -> Failure {
        let failure = self
            .command(&["--password", "canary"], timeout)
            .issue()
            .await
            .unwrap_err();
        let shown = format!("{failure} {failure:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(failure.class, Class::SignIn);
        assert!(shown.contains("`/bin/sh`"), "{shown}");
        failure
    }

    /// Reads the process id that the script wrote into `file`.
    fn process(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file))
            .unwrap()
            .trim()
            .to_owned()
    }
}

/// Returns true if a process runs; a zombie does not.
fn runs(process: &str) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{process}/stat")) else {
        return false;
    };
    let (_, state) = stat.rsplit_once(") ").unwrap();
    !state.starts_with(['Z', 'X'])
}

/// Waits until a process has ended; the deadline is a guard, not a measurement.
async fn wait_for_end_of(process: &str) {
    let start = tokio::time::Instant::now();
    while runs(process) {
        assert!(start.elapsed() < Duration::from_mins(1), "{process} still runs");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn arguments_reach_the_program_verbatim_and_its_output_is_read() {
    let program = Program::new(r#"printf '{"accessToken":"%s","expires_on":60}' "$2""#);
    let issued = program
        .command(&["a b", "$(x);'*"], GENEROUS)
        .issue()
        .await
        .unwrap();
    assert_eq!(issued.token.expose_secret(), "$(x);'*");
    assert_eq!(issued.expires_at.unwrap().as_second(), 60);
    assert_eq!(Program::new("echo plain").token(&[]).await.unwrap(), "plain");
    // A warning on standard error is not part of the token.
    assert_eq!(
        Program::new("echo WARNING >&2; echo plain")
            .token(&[])
            .await
            .unwrap(),
        "plain"
    );
}

#[tokio::test]
async fn failure_shows_the_end_of_stderr_and_no_stdout() {
    let program = Program::new(
        "echo canary; yes padding | head -c 100000 >&2; \
         printf '\\033[31mcanary is eyJ0eXAiOiJKV1QiLCJh.canary.x\\nPlease run az login' | sed s/canary/C/ >&2; exit 3",
    );
    let failure = program.failure(GENEROUS).await;
    let what = failure.what.as_str();
    assert!(what.ends_with("is [hidden] Please run az login"), "{what}");
    assert!(
        what.contains("exit status: 3") && what.contains("^[[31m"),
        "{what}"
    );
    assert!(what.chars().count() < 700, "{what}");
    let silent = Program::new("exit 1").failure(GENEROUS).await;
    assert!(
        silent
            .what
            .as_str()
            .ends_with("failed (exit status: 1) and said nothing"),
        "{silent}"
    );
}

#[tokio::test]
async fn non_token_output_is_not_shown() {
    for script in [
        "echo 'canary is printed'",
        "echo '{\"x\":\"canary\"}'",
        "printf 'canary\\377'",
        "true",
    ] {
        let failure = Program::new(script).failure(GENEROUS).await;
        assert!(failure.what.as_str().contains("printed"), "{failure}");
    }
}

#[tokio::test]
async fn missing_program_is_named() {
    let words = ["/nowhere/give-token".to_owned(), "canary".to_owned()];
    let command = TokenCommand::new(&words, None, Arc::new(Still)).unwrap();
    let failure = command.issue().await.unwrap_err();
    assert!(failure.what.as_str().contains("cannot be started"), "{failure}");
    assert!(!failure.to_string().contains("canary"), "{failure}");
    assert!(TokenCommand::new(&[], None, Arc::new(Still)).is_err());
}

#[tokio::test]
async fn hanging_program_is_killed_with_its_children() {
    let program = Program::new("sleep 1000 & echo $! > child; echo $$ > leader; wait");
    let failure = program.failure(Duration::from_secs(2)).await;
    assert!(
        failure.what.as_str().contains("took longer than 2 s"),
        "{failure}"
    );
    for file in ["child", "leader"] {
        wait_for_end_of(&program.process(file)).await;
    }
}

#[tokio::test]
async fn abandoned_program_is_killed_with_its_children() {
    let program = Program::new("sleep 1000 & echo $! > child; mv child ready; wait");
    let command = program.command(&[], GENEROUS);
    let asking = tokio::spawn(async move { command.issue().await.is_ok() });
    let ready = program.folder.path().join("ready");
    while !ready.exists() {
        tokio::task::yield_now().await;
    }
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    wait_for_end_of(&program.process("ready")).await;
}

#[tokio::test]
async fn pipes_held_by_children_are_not_awaited() {
    let program = Program::new("sleep 1000 & echo $! > child; echo plain");
    assert_eq!(program.token(&[]).await.unwrap(), "plain");
    // The child may be an agent that is meant to stay.
    let child = program.process("child");
    assert!(runs(&child));
    Direct::new("kill").arg(&child).status().unwrap();
}

#[tokio::test]
async fn flooding_program_is_killed() {
    for script in [
        "yes canary",
        "while :; do echo canary; done & echo $! > child; wait",
    ] {
        let failure = Program::new(script).failure(GENEROUS).await;
        assert!(
            failure.what.as_str().contains("printed more than 256 KiB"),
            "{failure}"
        );
    }
    // Long error output does not prevent the token.
    let program = Program::new("yes canary | head -c 3000000 >&2; echo plain");
    assert_eq!(program.token(&[]).await.unwrap(), "plain");
}

#[tokio::test]
async fn program_has_no_input_and_no_terminal() {
    let program = Program::new(
        "read -r line && echo read-something && exit; \
         if (echo asks > /dev/tty) 2>/dev/null; then echo has-a-terminal; else echo plain; fi",
    );
    assert_eq!(program.token(&[]).await.unwrap(), "plain");
    // The session is new even where this test has no terminal.
    let program = Program::new("set -- $(sed 's/.*) //' /proc/$$/stat); [ \"$4\" = $$ ] && echo leads");
    assert_eq!(program.token(&[]).await.unwrap(), "leads");
}
