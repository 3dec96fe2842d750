//! A person at the terminal who answers questions.

use std::io::{self, IsTerminal, Write};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::{Errno, read},
    termios::{QueueSelector, tcflush},
};

use crate::cli::Ask;

/// Whoever sits at the terminal. Reads standard input and writes standard error, because standard output is for results.
pub(super) struct Person;

impl Person {
    /// The person, where there is one.
    pub(super) fn present() -> Option<Self> {
        (io::stdin().is_terminal() && io::stderr().is_terminal()).then_some(Self)
    }
}

impl Ask for Person {
    fn ask(&mut self, question: &str) -> io::Result<String> {
        // What was typed before the question was there is no answer to it.
        tcflush(io::stdin(), QueueSelector::IFlush)?;
        let mut err = io::stderr().lock();
        write!(err, "{question}")?;
        err.flush()?;
        read_line()
    }
}

/// Reads a line past every buffer. Waits by polling, because a signal ends a poll and would not end a read.
fn read_line() -> io::Result<String> {
    let stdin = io::stdin();
    let mut line = Vec::new();
    loop {
        let mut terminal = [PollFd::new(&stdin, PollFlags::IN)];
        poll(&mut terminal, None)?;
        let mut bytes = [0; 1024];
        match read(&stdin, &mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => line.extend_from_slice(&bytes[..count]),
            Err(Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
            return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
        }
    }
}
