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
/// Longest run of token characters that is shown. A panic message may quote data being processed, and a longer run is
/// longer than any word.
const LONGEST_WORD: usize = 24;

/// Installs a panic hook that restores the terminal, reports the panic, and ends the process.
///
/// It ends the process because half a program is worse than none: the journal has the uncertain state.
pub(super) fn install(tty: Option<Arc<Tty>>, log: Option<PathBuf>) {
    set_hook(Box::new(move |info| {
        if let Some(tty) = &tty {
            tty.restore_in_any_case();
        }
        let message = message(info);
        tracing::error!("{message}");
        log::close();
        let _ = write(&message, log.as_ref(), &mut io::stderr().lock());
        process::exit(EXIT);
    }));
}

fn message(info: &PanicHookInfo<'_>) -> SafeText {
    let what = without_tokens(info.payload_as_str().unwrap_or("without words"));
    let place = info
        .location()
        .map(|place| format!(" at {}:{}", place.file(), place.line()))
        .unwrap_or_default();
    SafeText::new(&format!("a bug in countermand: {what}{place}"))
}

/// Returns `what` without possible tokens, secrets, or large parts of one.
fn without_tokens(what: &str) -> String {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=%".contains(c);
    let mut masked = String::with_capacity(what.len());
    let mut rest = what;
    while let Some(start) = rest.find(is_of_token) {
        let (before, run) = rest.split_at(start);
        let end = run.find(|c| !is_of_token(c)).unwrap_or(run.len());
        let (run, after) = run.split_at(end);
        masked.push_str(before);
        masked.push_str(if run.len() > LONGEST_WORD { "[hidden]" } else { run });
        rest = after;
    }
    masked.push_str(rest);
    masked
}

fn write(message: &SafeText, log: Option<&PathBuf>, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "{message}")?;
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

    /// A token in Entra's form, in miniature.
    const TOKEN: &str = "eyJ0eXAiOiJKV1QifQ.eyJjYW5hcnkiOiJjYW5hcnkifQ.c2lnbmF0dXJlLW9mLXRoZS1jYW5hcnk";
    /// Environment variable for a child process, with the path of its log.
    const LOG: &str = "COUNTERMAND_TEST_PANIC_LOG";

    #[test]
    fn possible_tokens_are_masked() {
        for (what, expected) in [
            ("index out of bounds: the len is 3 but the index is 7", None),
            ("called `Option::unwrap()` on a `None` value", None),
            (&*format!("cut in `{TOKEN}`"), Some("cut in `[hidden]`")),
            (&*format!("Bearer {}", &TOKEN[..30]), Some("Bearer [hidden]")),
            (&*format!("é{TOKEN}é{TOKEN}"), Some("é[hidden]é[hidden]")),
            ("", None),
        ] {
            assert_eq!(without_tokens(what), expected.unwrap_or(what));
        }
    }

    /// Task of the child process that [`panic_shows_no_token`] starts.
    #[test]
    fn panics_in_a_child_process() {
        let Some(file) = env::var_os(LOG) else {
            return;
        };
        let environment = Environment::from_iter([("COUNTERMAND_LOG", "trace")]);
        let plan = log::Plan::of(&environment, Some(file.as_ref()), false);
        let _log = plan.start();
        install(None, plan.place());
        // Formatted as the standard library does, from the unmasked text.
        let cut = format!("é{TOKEN}");
        let _ = &cut[1..];
    }

    #[test]
    fn panic_shows_no_token() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("panic.log");
        let ran = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "app::panic::tests::panics_in_a_child_process",
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
