//! A person at the terminal who answers questions.

use std::{
    io::{self, IsTerminal, PipeReader, PipeWriter, Write},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, read},
    termios::{QueueSelector, tcflush},
};
use tokio::time::Instant;

use crate::cli::Ask;

/// So long after a question was shown nobody can have read it: what is typed until then was meant for something else.
const QUIET: Duration = Duration::from_millis(400);

/// Whoever sits at the terminal. Reads standard input and writes standard error, because standard output is for results.
pub(super) struct Person {
    leave: PipeReader,
}

/// Ends a question when it is dropped.
pub(super) struct Bell {
    _held: PipeWriter,
}

impl Person {
    /// The person, where there is one, and what ends their questions. A signal that asks to leave drops it; every other
    /// one, as those of a window that changes its size, is no answer.
    pub(super) fn present() -> io::Result<Option<(Self, Bell)>> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(None);
        }
        let (leave, held) = io::pipe()?;
        Ok(Some((Self { leave }, Bell { _held: held })))
    }

    /// Waits for input, and says whether it came in time.
    fn has_input(&self, until: Option<Instant>) -> io::Result<bool> {
        let stdin = io::stdin();
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let left = left.and_then(|left| Timespec::try_from(left).ok());
            let mut both = [
                PollFd::new(&stdin, PollFlags::IN),
                PollFd::new(&self.leave, PollFlags::empty()),
            ];
            match poll(&mut both, left.as_ref()) {
                Ok(_) if !both[1].revents().is_empty() => return Err(io::ErrorKind::Interrupted.into()),
                Ok(ready) => return Ok(ready > 0),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Drops what comes until [`QUIET`] is over, and says whether nothing came.
    fn is_quiet(&self) -> io::Result<bool> {
        let (until, mut is_quiet) = (Instant::now() + QUIET, true);
        while self.has_input(Some(until))? {
            read_some(&mut Vec::new())?;
            is_quiet = false;
        }
        drop_input()?;
        Ok(is_quiet)
    }

    /// Reads a line past every buffer. Waits by polling, because a signal would not end a read.
    fn read_line(&self) -> io::Result<String> {
        let mut line = Vec::new();
        loop {
            self.has_input(None)?;
            read_some(&mut line)?;
            if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
                return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
            }
        }
    }
}

impl Ask for Person {
    fn ask(&mut self, question: &str, cue: &str) -> io::Result<String> {
        drop_input()?;
        tell(question)?;
        // The terminal shows what was typed over the question, so it is put anew.
        while !self.is_quiet()? {
            tell(question)?;
        }
        tell(cue)?;
        self.read_line()
    }
}

fn tell(text: &str) -> io::Result<()> {
    let mut err = io::stderr().lock();
    write!(err, "{text}")?;
    err.flush()
}

/// Drops what was typed, whole lines and the beginning of one.
fn drop_input() -> io::Result<()> {
    Ok(tcflush(io::stdin(), QueueSelector::IFlush)?)
}

/// Reads what is there past every buffer.
pub(super) fn read_some(line: &mut Vec<u8>) -> io::Result<()> {
    let mut bytes = [0; 1024];
    match read(io::stdin(), &mut bytes) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(count) => {
            line.extend_from_slice(&bytes[..count]);
            Ok(())
        }
        Err(Errno::AGAIN | Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
