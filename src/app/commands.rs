//! Lines of standard input, read only on demand.

use std::{io, mem};

use rustix::event::{PollFd, PollFlags, poll};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::{app::prompt::read_some, plain::Commands};

/// Maximum length of a command in bytes; a longer line is not a command.
const LONGEST: usize = 4096;

/// Lines of standard input. A terminal delivers one at a time and keeps later input, so that a prompt can drop it.
#[derive(Default)]
pub(super) struct StandardInput {
    /// Input of a pipe beyond the last line.
    rest: Vec<u8>,
    pending: Option<JoinHandle<Read>>,
}

/// Line of one read, and the input beyond it.
struct Read {
    line: io::Result<Option<String>>,
    rest: Vec<u8>,
}

impl Commands for StandardInput {
    async fn next(&mut self) -> io::Result<Option<String>> {
        let rest = &mut self.rest;
        let pending = self.pending.get_or_insert_with(|| {
            let rest = mem::take(rest);
            spawn_blocking(|| read(rest))
        });
        let read = pending.await;
        self.pending = None;
        let Read { line, rest } = read.map_err(io::Error::other)?;
        self.rest = rest;
        line
    }
}

fn read(mut held: Vec<u8>) -> Read {
    let mut is_too_long = false;
    loop {
        if let Some(end) = held.iter().position(|byte| *byte == b'\n') {
            let rest = held.split_off(end + 1);
            held.pop();
            let line = if is_too_long { Vec::new() } else { held };
            return Read {
                line: Ok(Some(String::from_utf8_lossy(&line).into_owned())),
                rest,
            };
        }
        if held.len() > LONGEST {
            is_too_long = true;
            held.clear();
        }
        match wait().and_then(|()| read_some(&mut held)) {
            Ok(()) => {}
            // The last line may lack its line break.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                let is_line = !held.is_empty() && !is_too_long;
                let line = is_line.then(|| String::from_utf8_lossy(&held).into_owned());
                return Read {
                    line: Ok(line),
                    rest: Vec::new(),
                };
            }
            Err(error) => {
                return Read {
                    line: Err(error),
                    rest: Vec::new(),
                };
            }
        }
    }
}

/// Waits for input, even if another user of the handle made it non-blocking.
fn wait() -> io::Result<()> {
    let stdin = io::stdin();
    match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], None) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn piped_input_is_split_into_lines() {
        let Read { line, rest } = read(b"l\nc 3\nq".to_vec());
        assert_eq!((line.unwrap().as_deref(), &rest[..]), (Some("l"), &b"c 3\nq"[..]));
        let Read { line, rest } = read(rest);
        assert_eq!((line.unwrap().as_deref(), &rest[..]), (Some("c 3"), &b"q"[..]));
    }
}
