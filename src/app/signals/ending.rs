//! All other fatal signals: the terminal is restored first, then the system's default action follows.
//!
//! No safe code can intercept `KILL`, `SEGV`, `ILL`, and `FPE`.

use std::{
    io::{self, PipeWriter, Write},
    mem,
    os::unix::process::CommandExt,
    process::{self, Command},
    sync::{Arc, mpsc},
    thread,
};

use nix::sys::signal::SigSet;
use rustix::{
    fs::{OFlags, fcntl_getfl, fcntl_setfl},
    process::Signal,
};
use signal_hook::{
    iterator::Signals,
    low_level::{emulate_default_handler, pipe},
};

use super::heard::Ignored;
use crate::{app::log, tui::terminal::Tty};

const EVERYWHERE: &[Signal] = &[
    Signal::QUIT,
    Signal::TRAP,
    Signal::ABORT,
    Signal::BUS,
    Signal::USR1,
    Signal::USR2,
    Signal::PIPE,
    Signal::ALARM,
    Signal::XCPU,
    Signal::XFSZ,
    Signal::VTALARM,
    Signal::PROF,
    Signal::SYS,
];
/// On other systems a process survives `IO`, and the rest do not exist.
#[cfg(target_os = "linux")]
const HERE: &[Signal] = &[Signal::IO, Signal::POWER, Signal::STKFLT];
#[cfg(not(target_os = "linux"))]
const HERE: &[Signal] = &[];
/// Real-time signals, as far as the C library leaves them to programs.
#[cfg(target_os = "linux")]
const REAL_TIME: std::ops::RangeInclusive<i32> = 34..=64;
#[cfg(not(target_os = "linux"))]
const REAL_TIME: std::ops::Range<i32> = 0..0;
/// Signals that a thread raises by its own action: it ends once their handler returns.
const LAST_WORDS: [Signal; 2] = [Signal::ABORT, Signal::BUS];

/// Restores `tty` before any fatal signal ends this process.
pub(super) fn watch(tty: Arc<Tty>) -> io::Result<()> {
    before_it(move || tty.restore_in_any_case())
}

/// Runs `give_back` before any fatal signal ends this process.
fn before_it(give_back: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let ignored = Ignored::of_process();
    let mut signals = Signals::new([0_i32; 0])?;
    let named = EVERYWHERE.iter().chain(HERE).map(|signal| signal.as_raw());
    for signal in named.chain(REAL_TIME).filter(|signal| !ignored.has(*signal)) {
        // A signal that cannot be registered does not exist on this system.
        let _ = signals.handle().add_signal(signal);
    }
    // Registered after the previous handler, so that this thread is informed before the other is blocked.
    hold_up(&LAST_WORDS)?;
    let (is_up, up) = mpsc::channel();
    thread::Builder::new().name("ending".into()).spawn(move || {
        // A blocking handler must not run on this thread.
        let _ = SigSet::all().thread_block();
        let _ = is_up.send(());
        if let Some(signal) = signals.forever().next() {
            give_back();
            // Memory is allocated in advance, because it may be exhausted then.
            if !LAST_WORDS.iter().any(|last| last.as_raw() == signal) {
                log::close();
            }
            end_by(signal);
        }
    })?;
    // Starting a thread takes a lock that a thread with an overflowing stack holds while it is blocked.
    let _ = up.recv();
    Ok(())
}

/// Blocks any thread that receives one of `signals`. Without this, the process would be gone before the terminal is
/// restored.
///
/// The handler only writes a byte, into a full pipe without a reader.
fn hold_up(signals: &[Signal]) -> io::Result<()> {
    let (reader, mut writer) = io::pipe()?;
    for signal in signals {
        pipe::register(signal.as_raw(), writer.try_clone()?)?;
    }
    fill(&mut writer)?;
    // Both ends stay open until the process ends.
    mem::forget((reader, writer));
    Ok(())
}

/// Fills a pipe, so that later writers block.
fn fill(writer: &mut PipeWriter) -> io::Result<()> {
    let flags = fcntl_getfl(&*writer)?;
    fcntl_setfl(&*writer, flags | OFlags::NONBLOCK)?;
    // A last part without enough space as a whole may fit byte by byte.
    for size in [4096, 1] {
        while writer.write(&vec![0; size]).is_ok() {}
    }
    Ok(fcntl_setfl(&*writer, flags - OFlags::NONBLOCK)?)
}

/// Performs the default action of `signal`.
fn end_by(signal: i32) -> ! {
    // Unknown signals have no effect.
    let _ = emulate_default_handler(signal);
    // A new program has default handlers, and inherits blocked signals.
    let _ = SigSet::all().thread_unblock();
    let _ = Command::new("/bin/sh")
        .args(["-c", &format!("kill -{signal} $$")])
        .exec();
    process::exit(signal.saturating_add(128))
}

#[cfg(test)]
mod tests {
    use std::{
        env,
        os::unix::process::ExitStatusExt,
        process::{Command, abort},
    };

    use super::*;

    /// Environment variable for a child process, with its way to end.
    const HOW: &str = "COUNTERMAND_TEST_ENDING";

    /// Task of the child process that the next test starts.
    #[test]
    fn ends_in_a_child_process() {
        let Ok(how) = env::var(HOW) else {
            return;
        };
        before_it(|| {
            let _ = writeln!(io::stdout(), "given back");
        })
        .unwrap();
        match how.as_str() {
            "abort" => abort(),
            "overflow" => assert_ne!(deep(1), 0),
            "memory" => drop(vec![1_u8; isize::MAX as usize]),
            signal => loop {
                // Only a listening process is signaled.
                Command::new("kill")
                    .args([signal, &process::id().to_string()])
                    .status()
                    .unwrap();
            },
        }
    }

    #[expect(unconditional_recursion, reason = "what has no end is what is tried")]
    fn deep(depth: u64) -> u64 {
        std::hint::black_box(depth + deep(depth + 1))
    }

    #[test]
    fn every_fatal_signal_runs_the_cleanup_first() {
        for (how, signal) in [
            ("abort", Signal::ABORT.as_raw()),
            ("overflow", Signal::ABORT.as_raw()),
            ("memory", Signal::ABORT.as_raw()),
            ("-ABRT", Signal::ABORT.as_raw()),
            ("-BUS", Signal::BUS.as_raw()),
            ("-QUIT", Signal::QUIT.as_raw()),
            ("-USR1", Signal::USR1.as_raw()),
            #[cfg(target_os = "linux")]
            ("-34", 34),
        ] {
            let ran = Command::new(env::current_exe().unwrap())
                .args([
                    "--exact",
                    "app::signals::ending::tests::ends_in_a_child_process",
                    "--nocapture",
                ])
                .env(HOW, how)
                .output()
                .unwrap();
            let out = String::from_utf8_lossy(&ran.stdout);
            assert!(out.contains("given back"), "{how}: {out}");
            assert_eq!(ran.status.signal(), Some(signal), "{how}: {out}");
        }
    }
}
