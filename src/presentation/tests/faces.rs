//! What each face makes of a fact, or of how a cancellation stands.

use std::{fmt::Write as _, sync::Arc};

use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use serde_json::Value;

use crate::{
    app::exit_summary,
    cli::{
        Io,
        history::text,
        io::tests::text as utf8,
        report::{Form, Report, tests::At},
    },
    domain::{
        cancellation::Cancellation,
        fact::{Fact, Recorded},
    },
    engine::{Snapshot, Tracked},
    presentation::{About, Final, Record, event::standing},
    tui::{
        fixture::{TestApp, at, cancellation, quiet, sending, vm_operation},
        model::{History, Notifier, Overlay},
    },
};

/// The lines of a text, each behind the face that it is of.
#[derive(Default)]
struct Faces(String);

impl Faces {
    fn add(&mut self, face: &str, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let _ = writeln!(self.0, "  {face:<13} {line}");
        }
    }
}

fn app(tracked: &Tracked) -> TestApp {
    let mut app = TestApp::new(Snapshot {
        cancellations: vec![Arc::new(tracked.clone())].into(),
        ..quiet()
    });
    app.resize(400, 40);
    app.select("contoso-vm");
    app
}

/// The lines in a part of the screen, blanks run together.
fn lines(app: &TestApp, area: Rect) -> Vec<String> {
    let buffer = app.draw();
    let text = |y: u16| -> String {
        (area.x..area.right())
            .map(|x| buffer[(x, y)].symbol())
            .collect::<String>()
    };
    let words = |line: String| {
        let words: Vec<&str> = line
            .split("  ")
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect();
        words.join("  ")
    };
    (area.y..area.bottom()).map(text).map(words).collect()
}

fn all(lines: &[String], wanted: &str) -> String {
    let found: Vec<&str> = lines
        .iter()
        .map(String::as_str)
        .filter(|line| line.contains(wanted))
        .collect();
    found.join("\n")
}

fn below(app: &mut TestApp, overlay: Overlay) -> Vec<String> {
    app.model.overlays.push(overlay);
    let lines = lines(app, app.model.area());
    app.model.overlays.pop();
    lines
        .into_iter()
        .map(|line| line.trim_matches(['│', ' ']).to_owned())
        .collect()
}

/// What a report writes about `tracked`.
fn report(tracked: &Tracked, form: Form, is_conversing: bool, closes: bool) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let clock = At(at("12:03:19"));
    let mut report = Report::new(&mut io, form, &clock, &[]);
    if is_conversing {
        report = report.conversing();
    }
    if closes {
        let ending = standing(tracked);
        let exit = ending.exit();
        let about = About::cancellation(&tracked.cancellation, at("12:04:29"));
        report.close(Final::of(tracked, at("12:04:29"), ending), about, exit);
    } else {
        report.tell(tracked);
    }
    format!("{}{}", utf8(&out), utf8(&err))
}

/// The object without what is the same in all of them, and without what is empty.
fn bare(json: &str) -> String {
    let Ok(Value::Object(mut object)) = serde_json::from_str(json) else {
        return json.to_owned();
    };
    for same in [
        "cancellation",
        "publisher",
        "offer",
        "operation",
        "at",
        "profile",
        "origin",
        "kind",
    ] {
        object.remove(same);
    }
    for same in [
        "destination",
        "step",
        "user",
        "host",
        "asked_at",
        "notify",
        "again_of",
        "facts",
    ] {
        object.remove(same);
    }
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    object.retain(|_, value| !is_empty(value));
    serde_json::to_string(&object).unwrap()
}

/// One fact, after what it follows from.
pub(super) fn of_fact(fact: &Fact) -> String {
    let mut cancellation = cancellation("c-vm", "contoso-vm", &vm_operation(), "12:03:19", Vec::new());
    if !matches!(fact, Fact::Looked(_) | Fact::Sending { .. }) {
        cancellation.apply_unrecorded(sending(), at("12:03:20"));
    }
    cancellation.facts.push(Recorded {
        number: 9,
        at: at("12:04:29"),
        fact: fact.clone(),
    });
    let tracked = Tracked::new(cancellation);
    let cancellation = &tracked.cancellation;
    let mut app = app(&tracked);
    let mut faces = Faces::default();
    let timeline = lines(&app, app.model.own_panes().status);
    faces.add("timeline", &all(&timeline, "12:04:29 "));
    let record = below(
        &mut app,
        Overlay::Record {
            cancellation: Arc::new(cancellation.clone()),
            scrolled: 0,
        },
    );
    let from = record.iter().position(|line| line.starts_with("12:04:29"));
    for line in record.iter().skip(from.unwrap_or(usize::MAX)) {
        if line.starts_with('└') || line.is_empty() {
            break;
        }
        faces.add("record", line);
    }
    let of_now = |text: String| -> String {
        let lines = text.lines().filter(|line| line.contains("12:04:29"));
        lines.flat_map(|line| [line, "\n"]).collect()
    };
    faces.add("verb", &of_now(report(&tracked, Form::Text, false, false)));
    faces.add("plain", &of_now(report(&tracked, Form::Text, true, false)));
    for line in of_now(report(&tracked, Form::Json, false, false)).lines() {
        faces.add("json", &bare(line));
    }
    faces.add("history", &of_now(text::story(cancellation, &TimeZone::UTC)));
    let record = serde_json::to_value(Record::of(cancellation)).unwrap();
    let last = record["facts"].as_array().and_then(|facts| facts.last());
    faces.add("history json", &bare(&last.unwrap().to_string()));
    faces.0
}

/// How a cancellation stands.
pub(super) fn of_standing(tracked: &Tracked) -> String {
    let cancellation = &tracked.cancellation;
    let mut app = app(tracked);
    let panes = app.model.own_panes();
    let mut faces = Faces::default();
    faces.add("row", &all(&lines(&app, panes.offers), "contoso-vm"));
    faces.add(
        "cancellations",
        &all(&lines(&app, panes.cancellations), "contoso-vm"),
    );
    let status = lines(&app, panes.status);
    let until = status.iter().position(|line| line.starts_with("12:03:19"));
    faces.add("status", &status[1..until.unwrap_or(2)].join("\n"));
    let mut history = History::default();
    history.learn(crate::tui::fixture::fresh(vec![Arc::new(cancellation.clone())]));
    let listed = below(&mut app, Overlay::History(history));
    faces.add("history", &all(&listed, "22 Nov"));
    let known = Arc::clone(&app.model.known);
    let notified = Notifier::default().ended(&known);
    faces.add("notification", notified.as_ref().map_or("", |text| text.as_str()));
    let mut summary = Vec::new();
    exit_summary::write(&[known], Some(&"prod".into()), &TimeZone::UTC, true, &mut summary).unwrap();
    faces.add("exit", utf8(&summary));
    faces.add("verb", &report(tracked, Form::Text, false, true));
    for line in report(tracked, Form::Json, false, true).lines() {
        faces.add("json", &bare(line));
    }
    faces.add("list", &all(&of_list(cancellation), "contoso-vm"));
    let record = serde_json::to_string(&Record::of(cancellation)).unwrap();
    faces.add("history json", &bare(&record));
    faces.0
}

fn of_list(cancellation: &Cancellation) -> Vec<String> {
    let list = text::list(std::slice::from_ref(cancellation), &TimeZone::UTC);
    list.lines().map(str::to_owned).collect()
}
