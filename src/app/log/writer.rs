//! Thread that writes the log, so that a slow disk delays no caller, and its queue.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    thread,
    time::Duration,
};

use tokio::time::Instant;

use super::{file::LogFile, repeats::Repeats};

/// Capacity of the queue; lines beyond the disk's speed are lost.
const WAITING: usize = 1024;
/// Maximum wait for the disk at the end.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(1);

enum Item {
    Line(String),
    /// Marks the end: everything before it is written, then this is dropped.
    End(SyncSender<()>),
}

/// Queue that accepts lines without waiting.
#[derive(Clone)]
pub(super) struct Queue(SyncSender<Item>);

impl Queue {
    /// Starts to write to `file`.
    pub(super) fn to(file: LogFile) -> io::Result<Self> {
        let (sender, items) = sync_channel(WAITING);
        thread::Builder::new()
            .name("log".into())
            .spawn(move || write(&items, file))?;
        Ok(Self(sender))
    }

    pub(super) fn push(&self, line: String) {
        let _ = self.0.try_send(Item::Line(line));
    }

    /// Flushes the queue to disk, and ends the log.
    pub(super) fn end(&self) {
        let until = Instant::now() + PATIENCE;
        let (done, written) = sync_channel(1);
        let mut end = Item::End(done);
        while let Err(TrySendError::Full(item)) = self.0.try_send(end) {
            if Instant::now() > until {
                return;
            }
            end = item;
            thread::sleep(PAUSE);
        }
        let _ = written.recv_timeout(until.saturating_duration_since(Instant::now()));
    }
}

fn write(items: &Receiver<Item>, mut file: LogFile) {
    let mut repeats = Repeats::default();
    loop {
        let item = match repeats.next() {
            Some(at) => items.recv_timeout(at.saturating_duration_since(Instant::now())),
            None => items.recv().map_err(RecvTimeoutError::from),
        };
        let now = Instant::now();
        let (lines, end) = match item {
            Ok(Item::Line(line)) => (repeats.fold(line, now), None),
            Ok(Item::End(done)) => (repeats.end(), Some(done)),
            Err(RecvTimeoutError::Timeout) => (repeats.over(now), None),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        for line in lines {
            file.write(&line);
        }
        if end.is_some() {
            return;
        }
    }
}
