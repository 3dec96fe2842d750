//! A person at the terminal who answers questions.

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

/// Whoever sits at the terminal. Reads standard input and writes standard error, because standard output is for results.
pub(super) struct TerminalPrompt {
    leave: PipeReader,
    began: Instant,
    stalls: Stalls,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waited {
    /// There is input.
    Input,
    /// Its time is over.
    Time,
    /// This process stood still, and nobody knows when what was typed meanwhile was.
    Stalled,
}

/// Ends a question when it is dropped.
pub(super) struct Bell {
    _held: PipeWriter,
}

impl TerminalPrompt {
    /// The person, where there is one, and what ends their questions. A signal that asks to leave drops it; every other
    /// one, as those of a window that changes its size, is no answer.
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

    /// Waits for input, for a while or for as long as it takes.
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

    /// Drops what comes until [`QUIET`] is over, and says whether nothing came.
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

    /// Reads the line that answers, past every buffer; none where what came is no answer. Waits by polling, because a
    /// signal would not end a read.
    fn answer(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        loop {
            if self.wait(None)? == Waited::Stalled {
                // The terminal shows what was typed meanwhile, or stands behind the cue.
                tell("\n")?;
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
        self.stalls.rest();
        loop {
            drop_input()?;
            tell(question)?;
            // The terminal shows what was typed over the question, so it is put anew.
            while !self.is_quiet()? {
                tell(question)?;
            }
            tell(cue)?;
            if let Some(answer) = self.answer()? {
                return Ok(answer);
            }
        }
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
