//! The terminal device: its mode, and the one way to write to it.
//!
//! Whoever leaves must be able to give the terminal back at once, even while another thread wants to write to a terminal
//! that does not read. So writing never blocks, and it happens under the lock that giving back takes: after
//! [`Tty::restore`] not a byte of a frame follows.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    },
    path::Path,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use ratatui::layout::Size;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::OFlags,
    process::{Signal, getpid, kill_process},
    termios::{OptionalActions, QueueSelector, Termios, isatty, tcflush, tcgetattr, tcsetattr, ttyname},
};

use super::{aside::Aside, size_of};

/// Alternate screen, emptied of what whoever was killed in it left there, bracketed paste, no cursor.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[0m\x1b[2J\x1b[?2004h\x1b[?25l";
/// Buttons and wheel of the mouse, no movements, in the form that knows wide windows; and no more.
const MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const NO_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// Lays the title of whoever was here before aside, and takes it up again; emptied first, for a terminal that lays nothing
/// aside.
const KEEP_TITLE: &[u8] = b"\x1b[22;2t";
const GIVE_TITLE: &[u8] = b"\x1b]2;\x1b\\\x1b[23;2t";
/// The end of a sequence that was cut short, and would swallow what comes after it.
const END: &[u8] = b"\x1b\\";
/// The reverse of entering, preceded by the end of a frame and of its colours, should one have been cut short.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// How often, and how long each time, who cannot wait for the lock waits for it.
const TRIES: u32 = 50;
const TRY: Duration = Duration::from_micros(100);

/// The terminal that standard output goes to.
#[derive(Debug)]
pub struct Tty {
    device: File,
    mode: Mutex<Mode>,
    /// What it takes to give the terminal back, from when it was first taken. Made then, because who needs it may have no
    /// memory left to make it.
    back: OnceLock<Back>,
    /// Standard error, while the terminal is taken. Changes under the lock of `mode`.
    aside: Mutex<Option<Aside>>,
    /// Whether the mouse is listened to.
    mouse: bool,
    /// Whether the title is ours. Changes under the lock of `mode`.
    has_title: AtomicBool,
}

#[derive(Debug)]
enum Mode {
    /// As the shell left it to us.
    Cooked,
    /// Ours; holds what the shell had.
    Raw(Termios),
}

#[derive(Debug)]
struct Back {
    /// What the shell had at first.
    saved: Termios,
    /// What is written, and the same where the title is ours.
    leave: Vec<u8>,
    leave_with_title: Vec<u8>,
}

impl Tty {
    /// Finds the terminal. Changes nothing yet.
    ///
    /// # Errors
    /// When standard input or output is no terminal, or it cannot be opened.
    pub fn open() -> io::Result<Self> {
        if !isatty(io::stdin()) || !isatty(io::stdout()) {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "not a terminal"));
        }
        Ok(Self {
            device: open_device(io::stdout().as_fd(), "/proc/self/fd/1")?,
            mode: Mutex::new(Mode::Cooked),
            back: OnceLock::new(),
            aside: Mutex::new(None),
            mouse: false,
            has_title: AtomicBool::new(false),
        })
    }

    /// The same, listening to the mouse where that is wished.
    #[must_use]
    pub fn with_mouse(mut self, mouse: bool) -> Self {
        self.mouse = mouse;
        self
    }

    /// From now on the title is ours, until the terminal is given back; returns what has to be written before the first.
    pub(super) fn keep_title(&self) -> &'static [u8] {
        match &*self.mode() {
            Mode::Raw(_) if !self.has_title.swap(true, Ordering::Relaxed) => KEEP_TITLE,
            _ => b"",
        }
    }

    /// Takes the terminal: raw mode, alternate screen, bracketed paste, no cursor; and standard error, where that is the
    /// same terminal. Harmless when it is taken already.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn enter(&self) -> io::Result<()> {
        let mut mode = self.mode();
        let saved = match &*mode {
            Mode::Raw(saved) => saved.clone(),
            Mode::Cooked => tcgetattr(&self.device)?,
        };
        let mut raw = saved.clone();
        raw.make_raw();
        tcsetattr(&self.device, OptionalActions::Now, &raw)?;
        self.back.get_or_init(|| self.way_back(saved.clone()));
        *mode = Mode::Raw(saved);
        let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
        if aside.is_none() {
            *aside = Aside::from(&self.device);
        }
        self.push(&[ENTER, when(self.mouse, MOUSE)].concat());
        Ok(())
    }

    /// Gives the terminal back, at once and from any thread; once is enough, twice is harmless. Errors are nobody's help
    /// here: the terminal is gone then. What was written to standard error meanwhile is told.
    pub fn restore(&self) {
        self.restore_from(self.mode());
    }

    /// The same for who ends the process in the middle of anything: should the lock not come, because whoever holds it goes
    /// no further, without it.
    pub fn restore_in_any_case(&self) {
        for _ in 0..TRIES {
            match self.mode.try_lock() {
                Ok(mode) => return self.restore_from(mode),
                Err(TryLockError::Poisoned(mode)) => return self.restore_from(mode.into_inner()),
                Err(TryLockError::WouldBlock) => sleep(TRY),
            }
        }
        if let Some(back) = self.back.get() {
            self.give_back(&back.saved);
        }
    }

    fn restore_from(&self, mut mode: MutexGuard<'_, Mode>) {
        if let Mode::Raw(saved) = &*mode {
            self.give_back(saved);
            *mode = Mode::Cooked;
        }
    }

    /// Asks for no memory: that there is none may be why.
    fn give_back(&self, saved: &Termios) {
        let _ = tcsetattr(&self.device, OptionalActions::Now, saved);
        let has_title = self.has_title.swap(false, Ordering::Relaxed);
        if let Some(back) = self.back.get() {
            self.push(if has_title {
                &back.leave_with_title
            } else {
                &back.leave
            });
        }
        if self.mouse {
            // What it reported on the way out is for nobody, least of all the shell.
            let _ = tcflush(&self.device, QueueSelector::IFlush);
        }
        if let Some(aside) = self.aside.try_lock().ok().and_then(|mut aside| aside.take()) {
            // What the terminal does not take now, nobody waits for.
            let _ = (&self.device).write(aside.back().bytes());
        }
    }

    fn way_back(&self, saved: Termios) -> Back {
        let leave = |title| [END, when(self.mouse, NO_MOUSE), title, LEAVE].concat();
        Back {
            saved,
            leave: leave(b""),
            leave_with_title: leave(GIVE_TITLE),
        }
    }

    /// Writes what the terminal takes right now.
    ///
    /// # Errors
    /// `WouldBlock` when it takes nothing; anything else when it is gone or was given back.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &*self.mode() {
            Mode::Raw(_) => (&self.device).write(bytes),
            Mode::Cooked => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Waits until the terminal takes more, or for a second; blocks its thread.
    pub fn wait_writable(&self) {
        let mut device = [PollFd::new(&self.device, PollFlags::OUT)];
        let second = Timespec {
            tv_sec: 1,
            tv_nsec: 0,
        };
        let _ = poll(&mut device, Some(&second));
    }

    /// How large it is, as far as anything is drawn on it.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn size(&self) -> io::Result<Size> {
        size_of(&self.device)
    }

    /// Gives the terminal back, stops this process as `ctrl-z` does, and takes the terminal again when continued.
    ///
    /// Where no shell could continue it, the system does not stop it. The signal is not the one of `ctrl-z`, which is
    /// listened to and so stops nothing, but one that is not and does the same.
    ///
    /// # Errors
    /// When the terminal cannot be taken again.
    pub fn suspend(&self) -> io::Result<()> {
        self.restore();
        kill_process(getpid(), Signal::TTIN)?;
        self.enter()
    }

    /// Writes all of a short sequence. Where the terminal does not read, what waits before it is thrown away: half a frame
    /// is worth less than the terminal.
    fn push(&self, sequence: &[u8]) {
        let mut device = &self.device;
        if matches!(device.write(sequence), Ok(written) if written == sequence.len()) {
            return;
        }
        let _ = tcflush(&self.device, QueueSelector::OFlush);
        let _ = device.write(sequence);
    }

    fn mode(&self) -> MutexGuard<'_, Mode> {
        self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.restore();
    }
}

/// `sequence`, where it is wanted.
fn when(is_wanted: bool, sequence: &'static [u8]) -> &'static [u8] {
    if is_wanted { sequence } else { b"" }
}

/// Opens the terminal of `ours` anew, because not blocking is a property of the opening, and the shell shares the one it gave
/// us. `link` is another way to what is open there.
pub(super) fn open_device(ours: BorrowedFd<'_>, link: &str) -> io::Result<File> {
    let open = |path: &Path| {
        OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed())
            .open(path)
    };
    let named = ttyname(ours, Vec::new()).map_err(io::Error::from);
    named
        .and_then(|name| open(Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()))))
        .or_else(|_| open(Path::new(link)))
        .or_else(|_| open(Path::new("/dev/tty")))
        .or_else(|_| ours.try_clone_to_owned().map(File::from))
}
