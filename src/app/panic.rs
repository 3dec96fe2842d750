//! What happens on a bug: the terminal first, then the words.

use std::{
    io::{self, Write},
    panic::{PanicHookInfo, set_hook},
    path::PathBuf,
    process,
    sync::Arc,
};

use crate::{domain::text::SafeText, tui::terminal::Tty};

/// What Rust's own programs end with after a panic.
const EXIT: i32 = 101;

/// From now on a panic on any thread gives the terminal back, says what happened and ends the process.
///
/// It ends the process because half a program is worse than none: the journal knows what is uncertain.
pub(super) fn install(tty: Option<Arc<Tty>>, log: Option<PathBuf>) {
    set_hook(Box::new(move |info| {
        if let Some(tty) = &tty {
            tty.restore();
        }
        let told = told(info);
        tracing::error!("{told}");
        let _ = write(&told, log.as_ref(), &mut io::stderr().lock());
        process::exit(EXIT);
    }));
}

fn told(info: &PanicHookInfo<'_>) -> SafeText {
    let what = info.payload_as_str().unwrap_or("without words");
    let place = info
        .location()
        .map(|place| format!(" at {}:{}", place.file(), place.line()))
        .unwrap_or_default();
    SafeText::new(&format!("a bug in countermand: {what}{place}"))
}

fn write(told: &SafeText, log: Option<&PathBuf>, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "{told}")?;
    writeln!(
        err,
        "What was being cancelled goes on at the service; `countermand` on this machine shows it again."
    )?;
    if let Some(log) = log {
        writeln!(err, "The log is in {}.", log.display())?;
    }
    Ok(())
}
