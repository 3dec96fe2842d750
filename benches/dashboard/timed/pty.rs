//! A terminal of 120×40 with a program in it, and the time of arrival of each byte.

use std::{
    ffi::OsStr,
    io::{Read, Write},
    num::NonZeroU16,
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use portable_pty::{ChildKiller, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::counted::paper::WINDOW;

/// Deadline that only a hang reaches.
const HANG: Duration = Duration::from_mins(1);
/// Silence after which a frame counts as complete.
const QUIET: Duration = Duration::from_millis(25);
/// Sequence that restores the primary screen.
const RESTORED: &[u8] = b"\x1b[?1049l";

/// Output after a key, a signal, or the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Burst {
    pub(crate) first: Duration,
    pub(crate) last: Duration,
    pub(crate) bytes: usize,
}

/// A running program.
pub(crate) struct Pty {
    _master: Box<dyn MasterPty + Send>,
    /// Held so that the terminal outlives the program.
    _slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    ended: Receiver<()>,
    chunks: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    began: Instant,
    process: u32,
    _home: TempDir,
}

impl Pty {
    /// Starts `program` in a terminal of its own, with an empty home.
    pub(crate) fn start(program: &OsStr, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size()).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("HOME", home.path());
        command.env("LANG", "C.UTF-8");
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        command.cwd(home.path());
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let began = Instant::now();
        let mut child = pair.slave.spawn_command(command).unwrap();
        let (process, killer) = (child.process_id().unwrap(), child.clone_killer());
        let (sender, ended) = sync_channel(1);
        thread::spawn(move || {
            let _ = child.wait();
            let _ = sender.send(());
        });
        let (sender, chunks) = sync_channel(1024);
        thread::spawn(move || {
            let mut bytes = [0; 8 * 1024];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send((Instant::now(), bytes[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        Self {
            _master: pair.master,
            _slave: pair.slave,
            keyboard,
            killer,
            ended,
            chunks,
            screen: vt100::Parser::new(side(WINDOW.height), side(WINDOW.width), 0),
            began,
            process,
            _home: home,
        }
    }

    /// Returns the process id.
    pub(crate) fn process(&self) -> u32 {
        self.process
    }

    /// Waits until the screen shows `text` and nothing more comes; times count from the start.
    pub(crate) fn shown(&mut self, text: &str) -> Option<Burst> {
        let mut burst = self.next(self.began, HANG, None)?;
        while !self.screen.screen().contents().contains(text) {
            burst = self.next(self.began, HANG, Some(burst))?;
        }
        Some(self.settled(self.began, burst))
    }

    /// Types, and waits until the result is drawn.
    pub(crate) fn press(&mut self, keys: &str) -> Option<Burst> {
        let began = Instant::now();
        self.send(keys);
        let burst = self.next(began, HANG, None)?;
        Some(self.settled(began, burst))
    }

    /// Types `keys`.
    pub(crate) fn send(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Returns the number of bytes that arrive within `time`.
    pub(crate) fn listen(&mut self, time: Duration) -> usize {
        let began = Instant::now();
        let mut bytes = 0;
        while let Some(left) = time.checked_sub(began.elapsed()) {
            match self.next(began, left, None) {
                Some(burst) => bytes += burst.bytes,
                None => break,
            }
        }
        bytes
    }

    /// Returns the time from a signal, or `q`, to the restored terminal; none if the program ends without restoring it.
    pub(crate) fn leave(mut self, signal: Option<Signal>) -> Option<Duration> {
        let began = Instant::now();
        match signal {
            None => self.send("q"),
            Some(signal) => kill_process(Pid::from_raw(self.process.cast_signed())?, signal).ok()?,
        }
        let mut raw = Vec::new();
        let mut has_ended = false;
        loop {
            match self.chunks.recv_timeout(QUIET) {
                Ok((at, bytes)) => {
                    raw.extend_from_slice(&bytes);
                    if raw.windows(RESTORED.len()).any(|window| window == RESTORED) {
                        return Some(at - began);
                    }
                }
                Err(RecvTimeoutError::Timeout) if !has_ended && began.elapsed() < HANG => {
                    has_ended = self.ended.try_recv().is_ok();
                }
                Err(_) => return None,
            }
        }
    }

    fn settled(&mut self, since: Instant, mut burst: Burst) -> Burst {
        while let Some(more) = self.next(since, QUIET, Some(burst)) {
            burst = more;
        }
        burst
    }

    /// Returns the next bytes, appended to the earlier ones.
    fn next(&mut self, since: Instant, wait: Duration, before: Option<Burst>) -> Option<Burst> {
        let (at, bytes) = self.chunks.recv_timeout(wait).ok()?;
        self.screen.process(&bytes);
        let last = at - since;
        Some(Burst {
            first: before.map_or(last, |before| before.first),
            last,
            bytes: before.map_or(0, |before| before.bytes) + bytes.len(),
        })
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.killer.kill();
    }
}

fn size() -> PtySize {
    PtySize {
        rows: WINDOW.height,
        cols: WINDOW.width,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap()
}
