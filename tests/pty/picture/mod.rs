//! Pictures of the real screen for the README: the built program, its own themes, a practice service.
//!
//! `COUNTERMAND_PICTURES=1 cargo test --test pty picture` writes them to `assets`; without it they are only checked.

mod svg;

use std::cell::RefCell;

use countermand::simulator::{Options, Scenario, Simulator};

use crate::{
    bench::Bench,
    flow::{Practice, leave},
};

/// One picture.
struct Shot {
    name: &'static str,
    size: (u16, u16),
    theme: &'static str,
    /// The theme's own ground.
    paper: &'static str,
    /// What a person does until there is something to see.
    play: fn(&mut Bench),
    /// What is to be seen then.
    shows: &'static [&'static str],
    /// What is gone by then.
    hides: &'static [&'static str],
}

const SHOTS: [Shot; 3] = [
    Shot {
        name: "dashboard",
        size: (120, 40),
        theme: "dark",
        paper: "#16181c",
        play: follow_among_marks,
        shows: &[
            "canceling",
            "2 marked",
            "!state:succeeded",
            "contoso-vm · publish",
            "202",
            "operation is still running",
        ],
        hides: &["contoso-db ", "contoso-warehouse · "],
    },
    Shot {
        name: "dashboard-light",
        size: (120, 32),
        theme: "light",
        paper: "#fbfbf8",
        play: ask_for_production,
        shows: &[
            "Cancel this operation that goes LIVE?",
            "contoso-portal",
            "Type the offer's id",
        ],
        hides: &[],
    },
    Shot {
        name: "dashboard-80x24",
        size: (80, 24),
        theme: "dark",
        paper: "#16181c",
        play: follow,
        shows: &["canceling", "202", "operation is still running"],
        hides: &[],
    },
];

/// Narrows the list to what `terms` tell, whatever it was narrowed to before.
fn find(bench: &mut Bench, terms: &str) {
    bench.send(&format!("/\x15{terms}\r"));
}

/// The usual way: accepted, and canceled after a while.
fn follow(bench: &mut Bench) {
    find(bench, "id:vm");
    bench.wait_for("contoso-vm · publish");
    bench.send("c");
    bench.wait_for("y cancels it");
    bench.send("y");
    // What confirms counts once nothing has followed it for a moment.
    bench.wait_until("no dialog", |screen, _| {
        !screen.contents().contains("Cancel this operation?")
    });
    find(bench, "");
    bench.wait_for("operation is still running");
}

/// The same, with others marked for what comes next and the rest out of sight.
fn follow_among_marks(bench: &mut Bench) {
    follow(bench);
    for offer in ["id:gateway", "id:warehouse"] {
        find(bench, offer);
        bench.send(" ");
    }
    find(bench, "id:vm");
    bench.wait_for("contoso-vm · publish");
    find(bench, "!state:succeeded");
    bench.wait_for("2 marked");
}

fn ask_for_production(bench: &mut Bench) {
    find(bench, "id:portal");
    bench.wait_for("contoso-portal · ");
    find(bench, "");
    bench.send("c");
    bench.wait_for("Type the offer's id");
}

/// The practice service of the demo, as fast as it is there.
fn demo() -> Practice {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let options = Options::new(Scenario::bundled("demo").unwrap());
    let simulator = runtime.block_on(Simulator::start(options)).unwrap();
    Practice { simulator, runtime }
}

fn take(shot: &Shot) -> String {
    let practice = demo();
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    let profile = format!(
        "theme = '{}'\n[profiles.prod]\npublisher = '{}'\nbase_url = '{}'\n",
        shot.theme,
        practice.simulator.publisher(),
        practice.simulator.origin(),
    );
    std::fs::write(&settings, profile).unwrap();
    let mut bench = Bench::run_with(
        &["--config", settings.to_str().unwrap(), "--profile", "prod"],
        &[
            ("COUNTERMAND_TOKEN", practice.simulator.token()),
            ("COLORTERM", "truecolor"),
        ],
    );
    bench.wait_for("contoso-vm");
    bench.resize(shot.size.0, shot.size.1);
    bench.wait_for("6 in flight");
    (shot.play)(&mut bench);
    let picture = RefCell::new(String::new());
    bench.wait_until(shot.name, |screen, raw| {
        let (text, raw) = (screen.contents(), String::from_utf8_lossy(raw));
        // Between the two marks of a frame there is half of it on the screen.
        let is_whole = raw.rfind("\x1b[?2026l") > raw.rfind("\x1b[?2026h");
        let is_so = is_whole
            && shot.shows.iter().all(|shown| text.contains(shown))
            && !shot.hides.iter().any(|hidden| text.contains(hidden));
        if is_so {
            *picture.borrow_mut() = svg::of(screen, shot.paper);
        }
        is_so
    });
    leave(bench);
    picture.into_inner()
}

#[test]
fn pictures_are_taken_of_the_real_screen() {
    for shot in &SHOTS {
        let picture = take(shot);
        assert!(picture.contains(&format!("fill=\"{}\"", shot.paper)));
        assert!(
            picture.contains(">countermand</text>"),
            "{}: no header",
            shot.name
        );
        if std::env::var_os("COUNTERMAND_PICTURES").is_some() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
            std::fs::write(format!("{folder}/{}.svg", shot.name), picture).unwrap();
        }
    }
}
