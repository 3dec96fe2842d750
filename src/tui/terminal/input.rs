//! What a person types, as a stream.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    thread,
};

use crossterm::event::{self, Event};
use futures_util::Stream;
use tokio::sync::mpsc;

/// How many events wait for a shell that is busy.
const WAITING: usize = 64;

/// The events of the terminal, read by a thread of its own.
///
/// The reader blocks in the middle of a key sequence that the network tore apart, until the rest arrives. Here that
/// stops a thread that has nothing else to do; read from the loop itself it would stop the dashboard.
///
/// A change of size is not among them: the reader forgets one that comes with a key. The signal tells it.
#[derive(Debug)]
pub struct Input(mpsc::Receiver<io::Result<Event>>);

impl Input {
    /// Begins to read. There must be one reader only.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn start() -> io::Result<Self> {
        let (events, receiver) = mpsc::channel(WAITING);
        thread::Builder::new().name("input".into()).spawn(move || {
            loop {
                let event = event::read();
                if matches!(event, Ok(Event::Resize(..))) {
                    continue;
                }
                let is_last = event.is_err();
                if events.blocking_send(event).is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(Self(receiver))
    }
}

impl Stream for Input {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
