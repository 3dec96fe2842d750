//! The thread that writes the log, so that a slow disk keeps nobody waiting, and the queue before it.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    thread,
    time::Duration,
};

use tokio::time::Instant;

use super::{file::LogFile, repeats::Repeats};

/// How many lines wait; what is more than the disk takes is lost.
const WAITING: usize = 1024;
/// How long the end waits for the disk.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(1);

enum Item {
    Line(String),
    /// Everything before it is to be written, and then this dropped.
    End(SyncSender<()>),
}

/// Takes lines, and waits for nothing.
#[derive(Clone)]
pub(super) struct Queue(SyncSender<Item>);

impl Queue {
    /// Begins to write to `file`.
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

    /// Brings what was pushed to disk, and ends the log.
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
            Ok(Item::Line(line)) => (repeats.hear(line, now), None),
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
