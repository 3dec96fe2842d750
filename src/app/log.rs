//! The log: a file, never the terminal; one safe line of limited length an event.

use std::{
    error::Error,
    fs::DirBuilder,
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing::Level;
use tracing_appender::{
    non_blocking::{NonBlocking, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::{domain::text::SafeText, settings::Environment};

/// What is kept when nobody says otherwise.
const LEVEL: &str = "countermand=info,warn";
/// How many days are kept.
const DAYS: usize = 5;

/// What brings the last lines to disk when it is dropped. In reach of whoever ends the process in the middle of something.
static KEPT: Mutex<Option<WorkerGuard>> = Mutex::new(None);

/// Where to log and what; nothing is opened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    place: Option<Place>,
    filter: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// A file a day in this folder.
    Folder(PathBuf),
    /// This file, as long as it gets.
    File(PathBuf),
}

impl Plan {
    /// The file that a flag names; otherwise, if `by_default`, the state folder.
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

    /// Where a person finds it.
    pub(super) fn place(&self) -> Option<PathBuf> {
        self.place.as_ref().map(|place| match place {
            Place::Folder(path) | Place::File(path) => path.clone(),
        })
    }

    /// What is wrong with the file that a person asked for. It is said and keeps nobody from cancelling.
    pub(super) fn obstacle(&self) -> Option<String> {
        let Some(Place::File(file)) = &self.place else {
            return None;
        };
        let error = Place::File(file.clone()).open().err()?;
        let mut cause: &dyn Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Some(format!(
            "--log-file: {}: {cause}; nothing is logged",
            SafeText::new(&file.display().to_string())
        ))
    }

    /// Begins to log; what is logged is on disk when the [`Log`] is dropped. A log that cannot be written is no reason not
    /// to cancel.
    pub(super) fn start(&self) -> Option<Log> {
        let appender = self.place.as_ref()?.open().ok()?;
        let (writer, guard) = tracing_appender::non_blocking(appender);
        // The libraries below may log what they send at finer levels, and that holds the token.
        let discreet =
            filter_fn(|meta| meta.target().starts_with("countermand") || *meta.level() <= Level::WARN);
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || Line(writer.clone()))
            .with_filter(discreet);
        let filter = EnvFilter::try_new(&self.filter).unwrap_or_else(|_| EnvFilter::new(LEVEL));
        tracing_subscriber::registry()
            .with(filter)
            .with(lines)
            .try_init()
            .ok()?;
        if let Ok(mut kept) = KEPT.lock() {
            *kept = Some(guard);
        }
        Some(Log)
    }
}

/// A log that is being written; complete on disk once this is dropped.
pub(super) struct Log;

impl Drop for Log {
    fn drop(&mut self) {
        close();
    }
}

/// Brings what was logged to disk, and ends the log. Waits for nobody who is at it already.
pub(super) fn close() {
    let kept = KEPT.try_lock().ok().and_then(|mut kept| kept.take());
    drop(kept);
}

/// Writes what it is given, which is one event, as one line of at most [`SafeText::LIMIT`] characters.
///
/// Whoever reads a log reads it in a terminal; and what a library says of an answer is somebody else's text.
struct Line<W = NonBlocking>(W);

impl<W: Write> Write for Line<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = format!("{}\n", SafeText::new(text.trim_end_matches('\n')));
        // In one piece, which the writer behind keeps in one piece.
        self.0.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Place {
    fn open(&self) -> io::Result<RollingFileAppender> {
        match self {
            Self::Folder(folder) => {
                DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
                RollingFileAppender::builder()
                    .rotation(Rotation::DAILY)
                    .filename_prefix("countermand")
                    .filename_suffix("log")
                    .max_log_files(DAYS)
                    .build(folder)
                    .map_err(io::Error::other)
            }
            Self::File(file) => {
                let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
                RollingFileAppender::builder()
                    .rotation(Rotation::NEVER)
                    .filename_prefix(name.to_string_lossy())
                    .build(file.parent().unwrap_or(Path::new(".")))
                    .map_err(io::Error::other)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Places;

    #[test]
    fn an_event_is_one_safe_line_with_an_end() {
        let mut log = Vec::new();
        for event in [
            "INFO countermand: answered label=\x1b[2Jx\u{202e}\r\nfake line\n".to_owned(),
            format!("{}\n", "x".repeat(10 << 20)),
            "next\n".to_owned(),
        ] {
            Line(&mut log).write_all(event.as_bytes()).unwrap();
        }
        Line(&mut log).write_all(b"no \xff\x9b text\n").unwrap();
        let log = String::from_utf8(log).unwrap();
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
    fn a_file_that_cannot_be_opened_is_an_obstacle_and_a_folder_of_ours_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let plan = |file: &str| Plan::of(&Environment::default(), Some(&folder.path().join(file)), true);
        assert_eq!(plan("x.log").obstacle(), None);
        let told = plan("x.log/x.log").obstacle().unwrap();
        assert!(
            told.starts_with("--log-file: ") && told.ends_with("nothing is logged"),
            "{told}"
        );
        assert_eq!(Plan::of(&Environment::default(), None, true).obstacle(), None);
    }

    #[test]
    fn a_flag_names_the_file_and_the_demo_leaves_no_trace() {
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
