//! Runs the built binary against a practice marketplace, without the machine's own settings.

use std::{
    io::{BufRead as _, BufReader, Read as _, Seek as _, Write as _},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::gate::Gate;
use countermand::simulator::{Options, Scenario, Simulator};
use serde_json::Value;

/// Nearly zero: simulated time advances only on demand.
const STILL: f64 = 1e-9;

/// Awaits with a deadline, so that a broken test ends instead of hanging.
pub(crate) async fn soon<T>(awaited: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(2), awaited)
        .await
        .unwrap_or_else(|_| panic!("it never came"))
}

/// A practice marketplace, and a home for its caller.
pub(crate) struct Market {
    pub(crate) simulator: Simulator,
    pub(crate) home: tempfile::TempDir,
    /// Address for the program: the gate, or the marketplace itself.
    origin: String,
}

/// A program that is still running; killed if the test fails.
pub(crate) struct Running {
    child: Child,
    reader: BufReader<ChildStdout>,
    out: String,
}

/// Result of a run.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Parses the output as JSON lines.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }

    /// Returns the single verdict, which is the last line.
    pub(crate) fn verdict(&self) -> Value {
        let lines = self.lines();
        let verdicts = lines.iter().filter(|line| line["event"] == "verdict").count();
        assert_eq!(verdicts, 1, "{}{}", self.out, self.err);
        let last = lines.last().unwrap().clone();
        assert_eq!(last["event"], "verdict", "{}", self.out);
        last
    }
}

impl Market {
    pub(crate) async fn open(scenario: &str) -> Self {
        Self::open_at(scenario, 4.0).await
    }

    /// Opens a marketplace whose time runs `speed` times as fast as real time.
    pub(crate) async fn open_at(scenario: &str, speed: f64) -> Self {
        let scenario = Scenario::bundled(scenario).unwrap_or_else(|| panic!("no scenario {scenario}"));
        Self::of(scenario, speed).await
    }

    /// Opens a marketplace with the given scenario.
    pub(crate) async fn of(scenario: Scenario, speed: f64) -> Self {
        let options = Options {
            speed,
            ..Options::new(scenario)
        };
        let simulator = Simulator::start(options).await.unwrap();
        Self {
            origin: simulator.origin(),
            simulator,
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// Opens a marketplace behind a gate, whose time stands still until it is advanced.
    pub(crate) async fn gated(scenario: &str) -> (Self, Gate) {
        let market = Self::open_at(scenario, STILL).await;
        let gate = Gate::before(&market.origin).await;
        let origin = gate.origin.clone();
        (Self { origin, ..market }, gate)
    }

    /// Advances the simulated time by more than any cancel takes.
    pub(crate) fn advance_time(&self) {
        self.simulator.advance(Duration::from_mins(5));
    }

    /// Starts a run in the background.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        let mut child = self.command(args).spawn().unwrap();
        let reader = BufReader::new(child.stdout.take().unwrap());
        Running {
            child,
            reader,
            out: String::new(),
        }
    }

    /// Returns the number of cancel requests received.
    pub(crate) fn cancels(&self) -> usize {
        self.simulator
            .requests()
            .iter()
            .filter(|request| request.is_cancel())
            .count()
    }

    /// Returns the path of the caller's journal.
    pub(crate) fn journal(&self) -> std::path::PathBuf {
        self.home.path().join(".local/state/countermand/journal.sqlite")
    }

    /// Returns the address for the program.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns true if the other origin received a request.
    pub(crate) fn other_origin_was_called(&self) -> bool {
        self.simulator.requests().iter().any(|request| request.stray)
    }

    pub(crate) async fn run(&self, args: &[&str]) -> Ran {
        ran(self.command(args)).await
    }

    /// Runs with `typed` as its input, and with additional environment variables.
    pub(crate) async fn run_typing(&self, args: &[&str], typed: &str, environment: &[(&str, &str)]) -> Ran {
        let mut input = tempfile::tempfile_in(self.home.path()).unwrap();
        input.write_all(typed.as_bytes()).unwrap();
        input.rewind().unwrap();
        let mut command = self.command(args);
        command.stdin(input).envs(environment.iter().copied());
        ran(command).await
    }

    /// Runs without a base URL and a token.
    pub(crate) async fn run_without_settings(&self, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        for name in ["BASE_URL", "TOKEN", "PUBLISHER"] {
            command.env_remove(format!("COUNTERMAND_{name}"));
        }
        ran(command).await
    }

    /// Runs without a publisher.
    pub(crate) async fn run_without_publisher(&self, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        command.env_remove("COUNTERMAND_PUBLISHER");
        ran(command).await
    }

    /// Runs with a token from `credential`, in TOML.
    pub(crate) async fn run_signing_in(&self, credential: &str, args: &[&str]) -> Ran {
        ran(self.signing_in(credential, args)).await
    }

    /// Runs with the settings at `path`, and no token besides the one they lead to.
    #[cfg(unix)]
    pub(crate) async fn run_with_settings(&self, path: &std::path::Path, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        command
            .env_remove("COUNTERMAND_TOKEN")
            .env("COUNTERMAND_CONFIG", path)
            .env("PATH", "/usr/bin:/bin");
        ran(command).await
    }

    /// Returns the command for [`run_signing_in`](Self::run_signing_in).
    pub(crate) fn signing_in(&self, credential: &str, args: &[&str]) -> Command {
        let settings = self.home.path().join("settings.toml");
        std::fs::write(&settings, format!("[profiles.prod.credential]\n{credential}")).unwrap();
        let mut command = self.command(args);
        command
            .env_remove("COUNTERMAND_TOKEN")
            .env("COUNTERMAND_CONFIG", settings)
            .env("PATH", "/usr/bin:/bin");
        command
    }

    /// Runs with the variables of an application that signs in at `authority`, and no other sign-in.
    pub(crate) async fn run_as_application(&self, authority: &str, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        command
            .env_remove("COUNTERMAND_TOKEN")
            .env("AZURE_AUTHORITY_HOST", authority)
            .env("AZURE_TENANT_ID", "tenant")
            .env("AZURE_CLIENT_ID", "client")
            .env("AZURE_CLIENT_SECRET", "hush");
        ran(command).await
    }

    /// Runs where no folder for the journal can be created.
    pub(crate) async fn run_homeless(&self, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        command.env("HOME", "/dev/null/nowhere");
        ran(command).await
    }

    /// Runs until a line holds `mark`, then sends `signal`.
    #[cfg(unix)]
    pub(crate) async fn run_until(&self, args: &[&str], mark: &str, signal: rustix::process::Signal) -> Ran {
        run_until(self.command(args), mark, signal).await
    }

    /// Returns the command that runs the program inside `outer`, as its last arguments.
    #[cfg(unix)]
    pub(crate) fn wrapped(&self, mut outer: Command, args: &[&str]) -> Command {
        let plain = self.command(args);
        outer
            .arg(plain.get_program())
            .args(plain.get_args())
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        outer
    }

    /// Runs as a user without rights, who owns this home from then on.
    #[cfg(unix)]
    pub(crate) async fn run_as_nobody(&self, args: &[&str]) -> Ran {
        use std::os::unix::process::CommandExt as _;
        const NOBODY: u32 = 65534;
        let mut command = self.command(args);
        if rustix::process::getuid().is_root() {
            let given = Command::new("chown")
                .args(["-R", &NOBODY.to_string()])
                .arg(self.home.path())
                .status();
            assert!(given.unwrap().success());
            command.uid(NOBODY).gid(NOBODY);
        }
        ran(command).await
    }

    /// Runs like [`run_until`](Self::run_until), started with hang-ups ignored.
    #[cfg(unix)]
    pub(crate) async fn run_unhung_until(
        &self,
        args: &[&str],
        mark: &str,
        signal: rustix::process::Signal,
    ) -> Ran {
        let plain = self.command(args);
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
            .arg(plain.get_program())
            .args(plain.get_args())
            .env_clear()
            .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        run_until(command, mark, signal).await
    }

    /// Runs until a line holds `mark`, then stops reading.
    #[cfg(unix)]
    pub(crate) async fn run_closing(&self, args: &[&str], mark: &str) -> Ran {
        let (mut command, mark) = (self.command(args), mark.to_owned());
        tokio::task::spawn_blocking(move || {
            let (mut child, reader, out) = started(&mut command, &mark);
            drop(reader);
            ended(&mut child, out)
        })
        .await
        .unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countermand"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("LANG", "C.UTF-8")
            .env("COUNTERMAND_BASE_URL", &self.origin)
            .env("COUNTERMAND_TOKEN", self.simulator.token())
            .env("COUNTERMAND_PUBLISHER", self.simulator.publisher())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl Running {
    /// Reads until a line holds one of `marks`.
    pub(crate) async fn reach(mut self, marks: &'static [&'static str]) -> Self {
        let reading = tokio::task::spawn_blocking(move || {
            while !marks.iter().any(|mark| self.out.contains(mark)) {
                let read = self.reader.read_line(&mut self.out).unwrap();
                assert!(read > 0, "it ended before {marks:?}: {}", self.out);
            }
            self
        });
        soon(reading).await.unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it by `SIGKILL`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Reads to the end.
    pub(crate) async fn end(mut self) -> Ran {
        let ending = tokio::task::spawn_blocking(move || {
            self.reader.read_to_string(&mut self.out).unwrap();
            let out = std::mem::take(&mut self.out);
            ended(&mut self.child, out)
        });
        soon(ending).await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An ended process leaves nothing to kill.
        let _ = self.child.kill();
    }
}

#[cfg(unix)]
async fn run_until(mut command: Command, mark: &str, signal: rustix::process::Signal) -> Ran {
    let mark = mark.to_owned();
    tokio::task::spawn_blocking(move || {
        let (mut child, mut reader, mut out) = started(&mut command, &mark);
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).unwrap();
        reader.read_to_string(&mut out).unwrap();
        ended(&mut child, out)
    })
    .await
    .unwrap()
}

/// Runs the command to its end.
pub(crate) async fn ran(mut command: Command) -> Ran {
    let running = tokio::task::spawn_blocking(move || {
        let output = command.output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    });
    soon(running).await.unwrap()
}

/// Starts `command` and reads up to the line that holds `mark`.
fn started(command: &mut Command, mark: &str) -> (Child, BufReader<ChildStdout>, String) {
    let mut child = command.spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut out = String::new();
    while !out.contains(mark) {
        let read = reader.read_line(&mut out).unwrap();
        assert!(read > 0, "it ended before {mark}: {out}");
    }
    (child, reader, out)
}

fn ended(child: &mut Child, out: String) -> Ran {
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    Ran {
        code: child.wait().unwrap().code(),
        out,
        err,
    }
}
