//! The log: a file, never the terminal; one safe line of limited length per event.

mod file;
mod repeats;
mod writer;

use std::{
    fs::{self, DirBuilder},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing::Level;
use tracing_subscriber::{
    Layer,
    filter::{Targets, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use self::{
    file::{KEPT, LogFile},
    writer::Queue,
};
use crate::{domain::text::SafeText, settings::Environment};

/// Default filter.
const LEVEL: &str = "countermand=info,warn";
/// Name of the file in the state folder.
const NAME: &str = "countermand.log";

/// Log being written, global for code that ends the process abruptly.
static OPEN: Mutex<Option<Queue>> = Mutex::new(None);

/// Describes an invalid filter in `COUNTERMAND_LOG`. `RUST_LOG` serves all programs, and may have directives beyond
/// this one's.
pub(super) fn misread(environment: &Environment) -> Option<String> {
    let wanted = environment.get("COUNTERMAND_LOG")?;
    let error = wanted.parse::<Targets>().err()?;
    Some(format!(
        "COUNTERMAND_LOG cannot be understood ({}); write it as debug, or as countermand=debug,warn",
        SafeText::new(&error.to_string())
    ))
}

/// Place and filter of a log; nothing is opened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    place: Option<Place>,
    filter: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// A file in this folder.
    Folder(PathBuf),
    /// This file.
    File(PathBuf),
}

impl Plan {
    /// Plans the file that a flag names, or, if `by_default`, the one in the state folder.
    pub(super) fn of(environment: &Environment, file: Option<&Path>, by_default: bool) -> Self {
        let folder = || environment.places.as_ref().filter(|_| by_default);
        let place = match file {
            Some(file) => Some(Place::File(file.into())),
            None => folder().map(|places| Place::Folder(places.logs())),
        };
        let filter = ["COUNTERMAND_LOG", "RUST_LOG"]
            .into_iter()
            .find_map(|name| environment.get(name))
            .unwrap_or(LEVEL);
        Self {
            place,
            filter: filter.into(),
        }
    }

    /// Returns the path for a person.
    pub(super) fn place(&self) -> Option<PathBuf> {
        self.place.as_ref().map(|place| match place {
            Place::Folder(path) | Place::File(path) => path.clone(),
        })
    }

    /// Describes the defect of an explicitly requested file. It is reported, and does not prevent a cancel.
    pub(super) fn obstacle(&self) -> Option<String> {
        let Some(Place::File(file)) = &self.place else {
            return None;
        };
        let error = Place::File(file.clone()).open().err()?;
        Some(format!(
            "--log-file: {}: {error}; nothing is logged",
            SafeText::new(&file.display().to_string())
        ))
    }

    /// Starts logging; all lines are on disk when the [`Log`] is dropped. A log that cannot be written is no reason not
    /// to cancel.
    pub(super) fn start(&self) -> Option<Log> {
        let queue = Queue::to(self.place.as_ref()?.open().ok()?).ok()?;
        let lines = queue.clone();
        // At finer levels the libraries may log requests, with the token in them.
        let discreet =
            filter_fn(|meta| meta.target().starts_with("countermand") || *meta.level() <= Level::WARN);
        let layer = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || line_to(lines.clone()))
            .with_filter(discreet);
        let filter: Targets = self.filter.parse().or_else(|_| LEVEL.parse()).ok()?;
        tracing_subscriber::registry()
            .with(filter)
            .with(layer)
            .try_init()
            .ok()?;
        if let Ok(mut open) = OPEN.lock() {
            *open = Some(queue);
        }
        Some(Log)
    }
}

/// A log being written; complete on disk once this is dropped.
pub(super) struct Log;

impl Drop for Log {
    fn drop(&mut self) {
        close();
    }
}

/// Flushes the log to disk and ends it. Does not wait for another thread that does the same.
pub(super) fn close() {
    let open = OPEN.try_lock().ok().and_then(|mut open| open.take());
    if let Some(queue) = open {
        queue.end();
    }
}

/// Passes on each event as one line of at most [`SafeText::LIMIT`] characters.
///
/// Logs are read in a terminal, and a library's message about an answer is foreign text.
struct Line<F>(F);

/// Passes lines on to `queue`.
fn line_to(queue: Queue) -> Line<impl FnMut(String)> {
    Line(move |line| queue.push(line))
}

impl<F: FnMut(String)> Write for Line<F> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        self.0(format!("{}\n", SafeText::new(text.trim_end_matches('\n'))));
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Place {
    fn open(&self) -> io::Result<LogFile> {
        match self {
            Self::Folder(folder) => {
                DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
                clear_out(folder);
                LogFile::open(&folder.join(NAME), KEPT)
            }
            Self::File(file) => LogFile::open(file, KEPT),
        }
    }
}

/// Removes the daily files of earlier versions, whose total size was unlimited.
fn clear_out(folder: &Path) {
    for found in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = found.file_name();
        let day = name.to_str().and_then(|name| name.strip_prefix("countermand."));
        let day = day.and_then(|rest| rest.strip_suffix(".log"));
        if day.is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok()) {
            let _ = fs::remove_file(found.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Places;

    #[test]
    fn invalid_log_filter_is_named() {
        for (variable, value, is_named) in [
            ("COUNTERMAND_LOG", "countermand=loud", true),
            ("COUNTERMAND_LOG", " \"debug\"\r", false),
            ("COUNTERMAND_LOG", "", false),
            ("RUST_LOG", "countermand=loud", false),
        ] {
            let message = misread(&Environment::from_iter([(variable, value)]));
            assert_eq!(
                message.is_some_and(|message| message.starts_with("COUNTERMAND_LOG ")),
                is_named,
                "{value}"
            );
        }
    }

    #[test]
    fn event_is_one_safe_line_of_limited_length() {
        let mut log = Vec::new();
        for event in [
            "INFO countermand: answered label=\x1b[2Jx\u{202e}\r\nfake line\n".to_owned(),
            format!("{}\n", "x".repeat(10 << 20)),
            "next\n".to_owned(),
        ] {
            Line(|line| log.push(line)).write_all(event.as_bytes()).unwrap();
        }
        Line(|line| log.push(line))
            .write_all(b"no \xff\x9b text\n")
            .unwrap();
        let log = log.concat();
        let lines: Vec<&str> = log.lines().collect();
        let cut = format!("{}…", "x".repeat(SafeText::LIMIT));
        assert_eq!(
            lines,
            [
                "INFO countermand: answered label=^[[2Jx<U+202E>  fake line",
                &cut,
                "next",
                "no \u{fffd}\u{fffd} text"
            ]
        );
    }

    #[test]
    fn unopenable_file_is_reported_and_missing_state_folder_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let plan = |file: &str| Plan::of(&Environment::default(), Some(&folder.path().join(file)), true);
        assert_eq!(plan("x.log").obstacle(), None);
        let message = plan("x.log/x.log").obstacle().unwrap();
        assert!(
            message.starts_with("--log-file: ") && message.ends_with("nothing is logged"),
            "{message}"
        );
        assert_eq!(Plan::of(&Environment::default(), None, true).obstacle(), None);
    }

    #[test]
    fn only_files_of_earlier_versions_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "countermand.2026-11-28.log",
            "countermand.log.1",
            "countermand.txt",
            "my.2026-11-28.log",
        ] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        Place::Folder(folder.path().into()).open().unwrap();
        let names = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = names.map(|found| found.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(
            names,
            [
                "countermand.log",
                "countermand.log.1",
                "countermand.txt",
                "my.2026-11-28.log"
            ]
        );
    }

    #[test]
    fn flag_names_the_file_and_demo_logs_nothing() {
        let mut environment = Environment::from_iter([("RUST_LOG", "debug"), ("COUNTERMAND_LOG", "trace")]);
        environment.places = Some(Places {
            config: "/c".into(),
            state: "/s".into(),
        });
        let file = Path::new("/tmp/x.log");
        for (flag, by_default, place) in [
            (Some(file), true, Some("/tmp/x.log")),
            (Some(file), false, Some("/tmp/x.log")),
            (None, true, Some("/s/log")),
            (None, false, None),
        ] {
            let plan = Plan::of(&environment, flag, by_default);
            assert_eq!(plan.place(), place.map(PathBuf::from));
            assert_eq!(plan.filter, "trace");
        }
    }
}
