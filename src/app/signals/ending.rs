//! Every other signal that ends a process: the terminal first, then what the system does by default.
//!
//! No safe code can stand in the way of `KILL`, `SEGV`, `ILL` and `FPE`.

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
/// Elsewhere a process outlives `IO`, and there are no others.
#[cfg(target_os = "linux")]
const HERE: &[Signal] = &[Signal::IO, Signal::POWER, Signal::STKFLT];
#[cfg(not(target_os = "linux"))]
const HERE: &[Signal] = &[];
/// Those without names, as far as the C library leaves them to others.
#[cfg(target_os = "linux")]
const REAL_TIME: std::ops::RangeInclusive<i32> = 34..=64;
#[cfg(not(target_os = "linux"))]
const REAL_TIME: std::ops::Range<i32> = 0..0;
/// Those that a thread raises by what it does: it is over once their handler returns.
const LAST_WORDS: [Signal; 2] = [Signal::ABORT, Signal::BUS];

/// From now on a signal that ends this process gives `tty` back first.
pub(super) fn watch(tty: Arc<Tty>) -> io::Result<()> {
    before_it(move || tty.restore_in_any_case())
}

/// From now on a signal that ends this process has `give_back` done first.
fn before_it(give_back: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let ignored = Ignored::of_process();
    let mut signals = Signals::new([0_i32; 0])?;
    let named = EVERYWHERE.iter().chain(HERE).map(|signal| signal.as_raw());
    for signal in named.chain(REAL_TIME).filter(|signal| !ignored.has(*signal)) {
        // One that cannot be listened to is one that this system does not have.
        let _ = signals.handle().add_signal(signal);
    }
    // Behind what was just registered, so that this thread knows before the other is held up.
    hold_up(&LAST_WORDS)?;
    let (is_up, up) = mpsc::channel();
    thread::Builder::new().name("ending".into()).spawn(move || {
        // A handler that holds its thread up must not be run by this one.
        let _ = SigSet::all().thread_block();
        let _ = is_up.send(());
        if let Some(signal) = signals.forever().next() {
            give_back();
            // What asks for memory must not be asked of who may have none.
            if !LAST_WORDS.iter().any(|last| last.as_raw() == signal) {
                log::close();
            }
            end_by(signal);
        }
    })?;
    // A thread that begins takes a lock that one whose stack overflows holds while it is held up.
    let _ = up.recv();
    Ok(())
}

/// From now on a thread that gets one of `signals` stops where it is. Without it the process would be gone before anybody
/// could give the terminal back.
///
/// The one thing that a handler does here is to write a byte: into a pipe that is full, and that nobody reads.
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

/// Fills a pipe, so that from then on who writes to it waits.
fn fill(writer: &mut PipeWriter) -> io::Result<()> {
    let flags = fcntl_getfl(&*writer)?;
    fcntl_setfl(&*writer, flags | OFlags::NONBLOCK)?;
    // A last part that has no room as a whole may have some byte by byte.
    for size in [4096, 1] {
        while writer.write(&vec![0; size]).is_ok() {}
    }
    Ok(fcntl_setfl(&*writer, flags - OFlags::NONBLOCK)?)
}

/// Does what `signal` does by default to who does not listen to it.
fn end_by(signal: i32) -> ! {
    // Does nothing about those that are not in its table.
    let _ = emulate_default_handler(signal);
    // A program that begins listens to none, and blocks what was blocked before.
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

    /// Says, in a process of its own, how that is to end.
    const HOW: &str = "COUNTERMAND_TEST_ENDING";

    /// Not a test by itself: the process that the next one starts.
    #[test]
    fn ends_as_told_to() {
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
                // Only who is heard is ended.
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
    fn whatever_ends_it_what_is_lent_is_given_back_first() {
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
                    "app::signals::ending::tests::ends_as_told_to",
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
