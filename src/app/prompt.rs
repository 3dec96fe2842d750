//! Prompts to a person at the terminal.

use std::io::{self, IsTerminal, PipeReader, PipeWriter, Write};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, read},
    termios::{QueueSelector, tcflush},
};
use tokio::time::Instant;

use crate::{
    app::clock::SystemClock,
    cli::Ask,
    domain::stall::{BEAT, Stalls},
    engine::ports::Clock,
    proposal::{ALONE, QUIET},
};

/// The person at the terminal. Reads standard input and writes standard error, because standard output is for results.
pub(super) struct TerminalPrompt {
    leave: PipeReader,
    began: Instant,
    stalls: Stalls,
}

/// Cause of the end of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waited {
    /// Input is available.
    Input,
    /// The time is over.
    Time,
    /// This process stood still, and the age of the input is unknown.
    Stalled,
}

/// Ends a prompt when it is dropped.
pub(super) struct Bell {
    _held: PipeWriter,
}

impl TerminalPrompt {
    /// Returns the person, if present, and the handle that ends their prompts. A signal that requests exit drops it; no
    /// other one, such as a window resize, counts as an answer.
    pub(super) fn present() -> io::Result<Option<(Self, Bell)>> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(None);
        }
        let (leave, held) = io::pipe()?;
        let person = Self {
            leave,
            began: Instant::now(),
            stalls: Stalls::default(),
        };
        Ok(Some((person, Bell { _held: held })))
    }

    /// Waits for input, until a time or indefinitely.
    fn wait(&mut self, until: Option<Instant>) -> io::Result<Waited> {
        let stdin = io::stdin();
        loop {
            if self.stood_still() {
                return Ok(Waited::Stalled);
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(Waited::Time);
            }
            let left = Timespec::try_from(left.map_or(BEAT, |left| left.min(BEAT))).ok();
            let mut both = [
                PollFd::new(&stdin, PollFlags::IN),
                PollFd::new(&self.leave, PollFlags::empty()),
            ];
            match poll(&mut both, left.as_ref()) {
                Ok(_) if !both[1].revents().is_empty() => return Err(io::ErrorKind::Interrupted.into()),
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) if self.stood_still() => return Ok(Waited::Stalled),
                Ok(_) => return Ok(Waited::Input),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn stood_still(&mut self) -> bool {
        self.stalls.look(self.began.elapsed(), SystemClock.now())
    }

    /// Drops input until [`QUIET`] is over; returns true if none came.
    fn is_quiet(&mut self) -> io::Result<bool> {
        let (until, mut is_quiet) = (Instant::now() + QUIET, true);
        loop {
            match self.wait(Some(until))? {
                Waited::Time => break,
                Waited::Input => read_some(&mut Vec::new())?,
                Waited::Stalled => {}
            }
            is_quiet = false;
        }
        drop_input()?;
        Ok(is_quiet)
    }

    /// Reads the answer line, bypassing every buffer; none if the input is no answer. Waits by polling, because a
    /// signal would not interrupt a read.
    fn answer(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        loop {
            if self.wait(None)? == Waited::Stalled {
                // The terminal echoes what was typed meanwhile, or the cursor is after the cue.
                write("\n")?;
                return Ok(None);
            }
            read_some(&mut line)?;
            if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
                let is_alone =
                    line.len() == end + 1 && self.wait(Some(Instant::now() + ALONE))? == Waited::Time;
                return Ok(is_alone.then(|| String::from_utf8_lossy(&line[..end]).into_owned()));
            }
        }
    }
}

impl Ask for TerminalPrompt {
    fn ask(&mut self, question: &str, cue: &str) -> io::Result<String> {
        self.stalls.pause();
        loop {
            drop_input()?;
            write(question)?;
            // The terminal echoes typed text over the prompt, so it is printed again.
            while !self.is_quiet()? {
                write(question)?;
            }
            write(cue)?;
            if let Some(answer) = self.answer()? {
                return Ok(answer);
            }
        }
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut err = io::stderr().lock();
    write!(err, "{text}")?;
    err.flush()
}

/// Drops typed input, whole lines and partial ones.
fn drop_input() -> io::Result<()> {
    Ok(tcflush(io::stdin(), QueueSelector::IFlush)?)
}

/// Reads available input, bypassing every buffer.
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
