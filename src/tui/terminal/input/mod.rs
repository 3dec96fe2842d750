//! What a person types, as a stream.

#[cfg(any(test, fuzzing))]
pub mod fuzz_support;
mod keys;
mod mouse;
mod parser;

use std::{
    fs::File,
    io,
    os::fd::AsFd,
    pin::Pin,
    sync::mpsc::{SyncSender, sync_channel},
    task::{Context, Poll, ready},
    thread,
};

use crossterm::event::Event;
use futures_util::Stream;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, read},
};
use tokio::{
    sync::mpsc,
    time::{Instant, Sleep, sleep_until},
};

use self::parser::Parser;
use crate::tui::terminal::tty::open_device;

/// So many reads at once are of more than anybody types: whoever waits for their end waits for long.
const FLOOD: usize = 256;

/// What a person types, of which can be told whether all of it was read.
///
/// Its end means that the terminal is gone.
pub trait Keyboard: Stream<Item = io::Result<Event>> + Send + Unpin {
    /// Whether something that was typed has not come yet.
    fn is_waiting(&mut self) -> bool;

    /// Drops what was typed until now and has not come yet.
    fn forget(&mut self);
}

/// The events of the terminal. A change of size is not among them: a signal tells it.
///
/// Read by whoever takes them, so that nothing that was read lies where nobody knows of it. A thread only waits until
/// there is something: not every system lets a terminal be waited for together with all else.
#[derive(Debug)]
pub struct Input {
    device: File,
    parser: Parser,
    /// When the parser gives up on the sequence that it is in.
    patience: Option<Pin<Box<Sleep>>>,
    /// Has the thread wait, and whether it does.
    wait: SyncSender<()>,
    is_waited_for: bool,
    /// It has waited long enough.
    waited: mpsc::Receiver<()>,
}

impl Input {
    /// Begins to read. There must be one reader only.
    ///
    /// # Errors
    /// When the terminal cannot be opened, or when there can be no thread.
    pub fn start() -> io::Result<Self> {
        let device = open_device(io::stdin().as_fd(), "/proc/self/fd/0")?;
        let watched = device.try_clone()?;
        let (wait, asked) = sync_channel(1);
        let (tell, waited) = mpsc::channel(1);
        thread::Builder::new().name("input".into()).spawn(move || {
            while asked.recv().is_ok() {
                wait_for_bytes(&watched);
                if tell.blocking_send(()).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self {
            device,
            parser: Parser::new(),
            patience: None,
            wait,
            is_waited_for: false,
            waited,
        })
    }

    /// Reads what waits on the terminal; says whether that was anything.
    fn gather(&mut self) -> io::Result<bool> {
        // Asked first, because where the terminal could not be opened anew, reading waits.
        if !has_bytes(&self.device) {
            return Ok(false);
        }
        let mut bytes = [0; 4096];
        let count = match read(&self.device, &mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
            Err(Errno::AGAIN | Errno::INTR) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        self.parser.feed(&bytes[..count]);
        self.wait_on();
        Ok(true)
    }

    fn wait_on(&mut self) {
        let until = self.parser.patience().map(|patience| Instant::now() + patience);
        self.patience = until.map(|until| Box::pin(sleep_until(until)));
    }
}

impl Stream for Input {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.parser.next() {
                return Poll::Ready(Some(Ok(event)));
            }
            match self.gather() {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
            if !self.is_waited_for {
                self.is_waited_for = self.wait.try_send(()).is_ok();
            }
            match self.waited.poll_recv(context) {
                Poll::Ready(Some(())) => {
                    self.is_waited_for = false;
                    continue;
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {}
            }
            let Some(patience) = &mut self.patience else {
                return Poll::Pending;
            };
            ready!(patience.as_mut().poll(context));
            self.parser.give_up();
            self.wait_on();
        }
    }
}

impl Keyboard for Input {
    fn is_waiting(&mut self) -> bool {
        self.parser.is_waiting() || has_bytes(&self.device)
    }

    fn forget(&mut self) {
        self.parser.forget();
        // Parsed all the same: of a sequence whose beginning is dropped, the end must not become keys.
        for _ in 0..FLOOD {
            if !matches!(self.gather(), Ok(true)) {
                return;
            }
            self.parser.forget();
        }
    }
}

/// Whether reading brings something now, if only that the terminal is gone.
fn has_bytes(device: &File) -> bool {
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let mut device = [PollFd::new(device, PollFlags::IN)];
    poll(&mut device, Some(&now)).is_ok_and(|ready| ready > 0)
}

/// Waits until there are, on a thread of its own.
fn wait_for_bytes(device: &File) {
    while poll(&mut [PollFd::new(device, PollFlags::IN)], None) == Err(Errno::INTR) {}
}

/// Events that are handed over, where there is no terminal.
#[derive(Debug)]
pub struct Handed(pub mpsc::Receiver<io::Result<Event>>);

impl Stream for Handed {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

impl Keyboard for Handed {
    fn is_waiting(&mut self) -> bool {
        !self.0.is_empty()
    }

    fn forget(&mut self) {
        while self.0.try_recv().is_ok() {}
    }
}
