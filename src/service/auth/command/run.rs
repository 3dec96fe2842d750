//! Execution of a program without hanging, flooding, or access to the terminal.

use std::{
    fmt, io,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::{ChildStderr, ChildStdout, Command},
};

#[cfg(unix)]
use super::super::cores;

/// Limits on time and output.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    time: Duration,
    /// Bytes of standard output; a program that prints more is killed.
    stdout: usize,
    /// Trailing bytes of standard error to keep; the rest is dropped.
    stderr: usize,
    /// Time a pipe may stay open in other processes after the program has ended.
    linger: Duration,
}

impl Limits {
    pub(super) const fn within(time: Duration) -> Self {
        Self {
            time,
            stdout: 256 << 10,
            stderr: 8 << 10,
            linger: Duration::from_millis(500),
        }
    }
}

/// A program that ended by itself.
pub(super) struct Ran {
    pub(super) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// A program that did not start, or was killed.
#[derive(Debug)]
pub(super) enum Unrun {
    Unstarted(io::Error),
    Broken(io::Error),
    TooLong(Duration),
    TooMuch(usize),
}

impl fmt::Display for Unrun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unstarted(error) if error.kind() == io::ErrorKind::NotFound => {
                write!(f, "cannot be started, because it is not here: {error}")
            }
            Self::Unstarted(error) => write!(f, "cannot be started: {error}"),
            Self::Broken(error) => write!(f, "could not be followed: {error}"),
            Self::TooLong(time) => write!(f, "took longer than {} s and was ended", time.as_secs_f32()),
            Self::TooMuch(bytes) => write!(f, "printed more than {} KiB and was ended", bytes >> 10),
        }
    }
}

/// Runs `command` in a session of its own, without a terminal and with empty input.
///
/// If this ends before the program does, the program and all processes of its group are killed.
pub(super) async fn run(mut command: Command, limits: Limits) -> Result<Ran, Unrun> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let child = Session::begin(command).map_err(Unrun::Unstarted)?;
    match tokio::time::timeout(limits.time, child.followed(limits)).await {
        Ok(ran) => ran,
        Err(_) => Err(Unrun::TooLong(limits.time)),
    }
}

#[cfg(unix)]
type Child = Box<dyn process_wrap::tokio::ChildWrapper>;
#[cfg(not(unix))]
type Child = tokio::process::Child;

/// A program in a session of its own, killed on drop.
struct Session {
    /// Dropped before the program, which reserves the group's number while it exists.
    group: Group,
    child: Child,
}

/// The process group of a session, until it is released.
struct Group(Option<u32>);

impl Session {
    #[cfg(unix)]
    fn begin(command: Command) -> io::Result<Self> {
        use process_wrap::tokio::{CommandWrap, ProcessSession};
        let mut command = CommandWrap::from(command);
        command.wrap(ProcessSession);
        let child = cores::with_original_limit(|| command.spawn())?;
        let group = Group(child.id());
        Ok(Self {
            // The crate's own wait would block a thread as long as any process of the group lives.
            child: child.into_inner(),
            group,
        })
    }

    #[cfg(not(unix))]
    fn begin(mut command: Command) -> io::Result<Self> {
        let child = command.spawn()?;
        let group = Group(child.id());
        Ok(Self { child, group })
    }

    async fn followed(mut self, limits: Limits) -> Result<Ran, Unrun> {
        let (out, err) = self.pipes();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let status = {
            let mut reading = std::pin::pin!(async {
                tokio::try_join!(
                    all(out, limits.stdout, &mut stdout),
                    last(err, limits.stderr, &mut stderr)
                )
            });
            tokio::select! {
                read = &mut reading => {
                    read?;
                    self.child.wait().await.map_err(Unrun::Broken)?
                }
                status = self.child.wait() => {
                    let status = status.map_err(Unrun::Broken)?;
                    // Child processes may hold the pipes open forever, and their output is not needed.
                    if let Ok(read) = tokio::time::timeout(limits.linger, &mut reading).await {
                        read?;
                    }
                    status
                }
            }
        };
        self.group.release();
        Ok(Ran {
            status,
            stdout,
            stderr,
        })
    }

    #[cfg(unix)]
    fn pipes(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout().take(), self.child.stderr().take())
    }

    #[cfg(not(unix))]
    fn pipes(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }
}

impl Group {
    /// Spares the processes that continue after the program, such as an agent that it started.
    fn release(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.0.take().and_then(|id| i32::try_from(id).ok())
            && let Some(leader) = rustix::process::Pid::from_raw(leader)
        {
            // A group that is already gone needs no kill.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

/// Reads everything, up to `limit` bytes.
async fn all(pipe: Option<impl AsyncRead + Unpin>, limit: usize, into: &mut Vec<u8>) -> Result<(), Unrun> {
    let Some(pipe) = pipe else { return Ok(()) };
    let mut pipe = pipe.take(limit as u64 + 1);
    while pipe.read_buf(into).await.map_err(Unrun::Broken)? > 0 {}
    if into.len() > limit {
        return Err(Unrun::TooMuch(limit));
    }
    Ok(())
}

/// Reads everything and keeps the last `limit` bytes.
async fn last(pipe: Option<impl AsyncRead + Unpin>, limit: usize, into: &mut Vec<u8>) -> Result<(), Unrun> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    while pipe.read_buf(into).await.map_err(Unrun::Broken)? > 0 {
        if into.len() > limit {
            into.drain(..into.len() - limit);
        }
    }
    Ok(())
}
