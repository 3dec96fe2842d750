//! A terminal whose other end the test holds.

use std::{
    fs::{self, File},
    io::{Read, Write},
    num::NonZeroU16,
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex,
        mpsc::{Receiver, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use portable_pty::{
    ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use rustix::{
    process::{Pid, Signal, kill_process},
    termios::{Termios, tcgetattr},
};
use tempfile::TempDir;

/// Deadline of every wait, reached only by a hang.
const HANG: Duration = Duration::from_mins(1);

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_countermand");

/// A terminal with a program in it.
pub(crate) struct Bench {
    /// The terminal, until it is hung up.
    ends: Option<Ends>,
    process: u32,
    killer: Box<dyn ChildKiller + Send + Sync>,
    ended: Receiver<ExitStatus>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    device: PathBuf,
    before: Termios,
    /// Home of the program; empty at first.
    pub(crate) home: TempDir,
}

/// Handles that keep a terminal open.
struct Ends {
    master: Box<dyn MasterPty + Send>,
    /// Held so that the terminal outlives the program.
    _slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    reader: JoinHandle<()>,
}

/// Output of the program.
struct Seen {
    raw: Vec<u8>,
    parser: vt100::Parser,
    reading: Reading,
    has_ended: bool,
}

/// State of the reader of the terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    On,
    /// Stops reading after the next bytes.
    Asked,
    Resting,
    HungUp,
}

impl Bench {
    /// Runs countermand in a terminal of 80×24.
    pub(crate) fn run(args: &[&str]) -> Self {
        Self::run_program(PROGRAM, args)
    }

    /// Runs any program.
    pub(crate) fn run_program(program: &str, args: &[&str]) -> Self {
        Self::run_in(program, args, &[])
    }

    /// Runs any program with additional environment variables.
    pub(crate) fn run_program_with(program: &str, args: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::run_in(program, args, environment)
    }

    /// Runs countermand with additional environment variables.
    pub(crate) fn run_with(args: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::run_in(PROGRAM, args, environment)
    }

    /// Runs countermand without the signals for stopping and continuing, like a whole machine that stands still.
    pub(crate) fn run_unaware(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let all = [&["--block-signal=CONT", PROGRAM], args].concat();
        Self::run_in("env", &all, environment)
    }

    /// Runs countermand in a terminal that reports one size and has another.
    pub(crate) fn run_sized(
        args: &[&str],
        environment: &[(&str, &str)],
        reported: (u16, u16),
        (columns, rows): (u16, u16),
    ) -> Self {
        let bench = Self::run_at(PROGRAM, args, environment, reported);
        let (lock, _) = &*bench.seen;
        let mut seen = lock.lock().unwrap();
        // Earlier output is parsed again in the right size.
        seen.parser = vt100::Parser::new(side(rows), side(columns), 0);
        let raw = seen.raw.clone();
        seen.parser.process(&raw);
        drop(seen);
        bench
    }

    fn run_in(program: &str, args: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::run_at(program, args, environment, (80, 24))
    }

    fn run_at(
        program: &str,
        args: &[&str],
        environment: &[(&str, &str)],
        (columns, rows): (u16, u16),
    ) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let device = pair.master.tty_name().unwrap();
        let before = tcgetattr(File::open(&device).unwrap()).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("HOME", home.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("LANG", "C.UTF-8");
        command.env("TERM", "xterm-256color");
        command.env("PS1", "READY> ");
        for (name, value) in environment {
            command.env(name, value);
        }
        command.cwd(home.path());
        let mut child = pair.slave.spawn_command(command).unwrap();
        let (process, killer) = (child.process_id().unwrap(), child.clone_killer());
        let (sender, ended) = channel();
        thread::spawn(move || sender.send(child.wait().unwrap()));
        let seen = Arc::new((
            Mutex::new(Seen {
                raw: Vec::new(),
                parser: vt100::Parser::new(side(24), side(80), 0),
                reading: Reading::On,
                has_ended: false,
            }),
            Condvar::new(),
        ));
        let reader = pair.master.try_clone_reader().unwrap();
        let reader = thread::spawn({
            let seen = Arc::clone(&seen);
            move || read(reader, &seen)
        });
        Self {
            ends: Some(Ends {
                keyboard: pair.master.take_writer().unwrap(),
                master: pair.master,
                _slave: pair.slave,
                reader,
            }),
            process,
            killer,
            ended,
            seen,
            device,
            before,
            home,
        }
    }

    /// Types `keys`.
    pub(crate) fn send(&mut self, keys: &str) {
        let keyboard = &mut self.ends.as_mut().unwrap().keyboard;
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Closes the terminal, as a lost connection does. `key` makes the program write.
    pub(crate) fn hang_up(&mut self, key: &str) {
        self.read_on(false);
        self.send(key);
        let (lock, changed) = &*self.seen;
        let guard = lock.lock().unwrap();
        let (mut seen, waited) = changed
            .wait_timeout_while(guard, HANG, |seen| seen.reading != Reading::Resting)
            .unwrap();
        assert!(!waited.timed_out(), "nothing was written");
        seen.reading = Reading::HungUp;
        drop(seen);
        changed.notify_all();
        self.ends.take().unwrap().reader.join().unwrap();
    }

    /// Changes the window size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let (lock, _) = &*self.seen;
        let mut seen = lock.lock().unwrap();
        seen.parser
            .screen_mut()
            .set_size(side(rows.max(1)), side(columns.max(1)));
        drop(seen);
        let master = &self.ends.as_ref().unwrap().master;
        master.resize(size(columns, rows)).unwrap();
    }

    /// Returns the process id of the program.
    pub(crate) fn process(&self) -> u32 {
        self.process
    }

    /// Sends a signal to the program.
    pub(crate) fn kill(&self, signal: Signal) {
        let process = Pid::from_raw(self.process().cast_signed()).unwrap();
        kill_process(process, signal).unwrap();
    }

    /// Stops the program while `keys` are typed, and for a while longer.
    pub(crate) fn freeze_and_send(&mut self, keys: &str) {
        self.kill(Signal::STOP);
        let stat = format!("/proc/{}/stat", self.process());
        while !fs::read_to_string(&stat).unwrap().contains(") T ") {
            thread::yield_now();
        }
        self.send(keys);
        // Not a synchronization: the duration itself is under test.
        thread::sleep(Duration::from_millis(600));
        self.kill(Signal::CONT);
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait_until(text, |screen, _| screen.contents().contains(text))
    }

    /// Waits until the screen and the bytes so far satisfy the condition; returns the screen.
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&vt100::Screen, &[u8]) -> bool) -> String {
        let (lock, changed) = &*self.seen;
        let guard = lock.lock().unwrap();
        let (seen, waited) = changed
            .wait_timeout_while(guard, HANG, |seen| {
                !is_so(seen.parser.screen(), &seen.raw) && !seen.has_ended
            })
            .unwrap();
        let screen = seen.parser.screen().contents();
        assert!(
            is_so(seen.parser.screen(), &seen.raw),
            "no {what} (timed out: {}):\n{screen}",
            waited.timed_out()
        );
        screen
    }

    /// Returns the result of `see` on the current screen.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&vt100::Screen) -> T) -> T {
        see(self.seen.0.lock().unwrap().parser.screen())
    }

    /// Stops or resumes reading from the terminal.
    pub(crate) fn read_on(&self, is_reading: bool) {
        let (lock, changed) = &*self.seen;
        lock.lock().unwrap().reading = if is_reading { Reading::On } else { Reading::Asked };
        changed.notify_all();
    }

    /// Returns the exit code, once the program has ended.
    pub(crate) fn exit_code(&mut self) -> u32 {
        self.ended().exit_code()
    }

    /// Returns the signal that ended the program, in the system's words.
    pub(crate) fn ended_by(&mut self) -> Option<String> {
        self.ended().signal().map(ToOwned::to_owned)
    }

    fn ended(&self) -> ExitStatus {
        let waited = self.ended.recv_timeout(HANG);
        waited.unwrap_or_else(|_| panic!("it does not end:\n{}", self.raw()))
    }

    /// Returns all bytes written so far, as text.
    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.0.lock().unwrap().raw).into_owned()
    }

    /// Asserts that the ended program has restored the terminal.
    pub(crate) fn assert_restored(&self) {
        self.wait_until("primary screen", |screen, _| {
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        let raw = self.raw();
        let count = |sequence: &str| raw.matches(sequence).count();
        assert_eq!(count("\x1b[?1049h"), count("\x1b[?1049l"), "alternate screen");
        assert!(count("\x1b[?1049h") > 0, "there was a screen to leave");
        let after = raw.rsplit("\x1b[?1049l").next().unwrap_or_default();
        assert!(
            !after.contains('\x1b'),
            "nothing is drawn after leaving: {after:?}"
        );
        let now = tcgetattr(File::open(&self.device).unwrap()).unwrap();
        assert_eq!(modes(&now), modes(&self.before), "terminal modes");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.killer.kill();
    }
}

fn read(mut reader: Box<dyn Read + Send>, seen: &(Mutex<Seen>, Condvar)) {
    let (lock, changed) = seen;
    let mut bytes = [0; 4096];
    loop {
        let count = reader.read(&mut bytes).unwrap_or(0);
        let mut guard = lock.lock().unwrap();
        guard.raw.extend_from_slice(&bytes[..count]);
        guard.parser.process(&bytes[..count]);
        guard.has_ended = count == 0;
        if guard.reading == Reading::Asked {
            guard.reading = Reading::Resting;
        }
        changed.notify_all();
        let guard = changed
            .wait_while(guard, |seen| seen.reading == Reading::Resting)
            .unwrap();
        if guard.has_ended || guard.reading == Reading::HungUp {
            return;
        }
    }
}

fn modes(termios: &Termios) -> [String; 4] {
    [
        format!("{:?}", termios.input_modes),
        format!("{:?}", termios.output_modes),
        format!("{:?}", termios.control_modes),
        format!("{:?}", termios.local_modes),
    ]
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap()
}
