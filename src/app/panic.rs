//! What happens on a bug: the terminal first, then the words.

use std::{
    io::{self, Write},
    panic::{PanicHookInfo, set_hook},
    path::PathBuf,
    process,
    sync::Arc,
};

use crate::{app::log, domain::text::SafeText, tui::terminal::Tty};

/// What Rust's own programs end with after a panic.
const EXIT: i32 = 101;
/// The words of a panic may quote what was being worked on. A run of the characters of tokens that is longer than any
/// word is not told.
const LONGEST_WORD: usize = 24;

/// From now on a panic on any thread gives the terminal back, says what happened and ends the process.
///
/// It ends the process because half a program is worse than none: the journal knows what is uncertain.
pub(super) fn install(tty: Option<Arc<Tty>>, log: Option<PathBuf>) {
    set_hook(Box::new(move |info| {
        if let Some(tty) = &tty {
            tty.restore_in_any_case();
        }
        let told = told(info);
        tracing::error!("{told}");
        log::close();
        let _ = write(&told, log.as_ref(), &mut io::stderr().lock());
        process::exit(EXIT);
    }));
}

fn told(info: &PanicHookInfo<'_>) -> SafeText {
    let what = without_tokens(info.payload_as_str().unwrap_or("without words"));
    let place = info
        .location()
        .map(|place| format!(" at {}:{}", place.file(), place.line()))
        .unwrap_or_default();
    SafeText::new(&format!("a bug in countermand: {what}{place}"))
}

/// `what` without anything that could be a token, a secret or a good part of one.
fn without_tokens(what: &str) -> String {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=%".contains(c);
    let mut told = String::with_capacity(what.len());
    let mut rest = what;
    while let Some(start) = rest.find(is_of_token) {
        let (before, run) = rest.split_at(start);
        let end = run.find(|c| !is_of_token(c)).unwrap_or(run.len());
        let (run, after) = run.split_at(end);
        told.push_str(before);
        told.push_str(if run.len() > LONGEST_WORD { "[hidden]" } else { run });
        rest = after;
    }
    told.push_str(rest);
    told
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

#[cfg(test)]
mod tests {
    use std::{env, process::Command};

    use super::*;
    use crate::settings::Environment;

    /// A token as Entra gives them, in miniature.
    const TOKEN: &str = "eyJ0eXAiOiJKV1QifQ.eyJjYW5hcnkiOiJjYW5hcnkifQ.c2lnbmF0dXJlLW9mLXRoZS1jYW5hcnk";
    /// Says, in a process of its own, where to log before it panics.
    const LOG: &str = "COUNTERMAND_TEST_PANIC_LOG";

    #[test]
    fn what_could_be_a_token_is_not_told() {
        for (what, told) in [
            ("index out of bounds: the len is 3 but the index is 7", None),
            ("called `Option::unwrap()` on a `None` value", None),
            (&*format!("cut in `{TOKEN}`"), Some("cut in `[hidden]`")),
            (&*format!("Bearer {}", &TOKEN[..30]), Some("Bearer [hidden]")),
            (&*format!("é{TOKEN}é{TOKEN}"), Some("é[hidden]é[hidden]")),
            ("", None),
        ] {
            assert_eq!(without_tokens(what), told.unwrap_or(what));
        }
    }

    /// Not a test by itself: the process that [`a_panic_tells_no_token`] starts.
    #[test]
    fn panics_where_told_to() {
        let Some(file) = env::var_os(LOG) else {
            return;
        };
        let environment = Environment::from_iter([("COUNTERMAND_LOG", "trace")]);
        let plan = log::Plan::of(&environment, Some(file.as_ref()), false);
        let _log = plan.start();
        install(None, plan.place());
        // As the standard library does it, with all of what was cut.
        let cut = format!("é{TOKEN}");
        let _ = &cut[1..];
    }

    #[test]
    fn a_panic_tells_no_token() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("panic.log");
        let ran = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "app::panic::tests::panics_where_told_to",
                "--nocapture",
            ])
            .env(LOG, &file)
            .output()
            .unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr),
        );
        assert_eq!(ran.status.code(), Some(EXIT), "{out}{err}");
        assert!(
            err.contains("a bug in countermand") && err.contains("[hidden]"),
            "{err}"
        );
        let log = std::fs::read_to_string(&file).unwrap();
        assert!(
            log.contains("ERROR") && log.contains("a bug in countermand"),
            "{log}"
        );
        for piece in TOKEN.as_bytes().windows(12) {
            let piece = std::str::from_utf8(piece).unwrap();
            assert!(
                ![&*out, &*err, &*log].iter().any(|text| text.contains(piece)),
                "{out}{err}{log}"
            );
        }
    }
}
