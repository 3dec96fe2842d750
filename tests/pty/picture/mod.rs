//! Pictures of the real screen for the pages: the built program, its own themes, a practice service.
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

/// One step of the moving picture.
struct Scene {
    /// What a person does before it.
    play: fn(&mut Bench),
    /// What is to be seen then.
    shows: &'static [&'static str],
    /// How long it is shown.
    seconds: f32,
}

/// From the list to the end of a cancellation.
const SCENES: [Scene; 6] = [
    Scene {
        play: |bench| find(bench, ""),
        shows: &["6 in flight", "contoso-db "],
        seconds: 2.5,
    },
    Scene {
        play: |bench| find(bench, "id:vm"),
        shows: &["id:vm", "contoso-vm · publish"],
        seconds: 2.5,
    },
    Scene {
        play: |bench| bench.send("c"),
        shows: &["Cancel this operation?", "y cancels it"],
        seconds: 3.5,
    },
    Scene {
        play: |bench| bench.send("y"),
        shows: &["canceling", "202"],
        seconds: 2.5,
    },
    Scene {
        play: |bench| find(bench, ""),
        shows: &["canceling", "operation is still running", "contoso-db "],
        seconds: 2.5,
    },
    Scene {
        play: |_| (),
        shows: &["Canceled after"],
        seconds: 5.0,
    },
];

const SCENES_SIZE: (u16, u16) = (100, 30);

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

/// Runs `play` with the program on a terminal of `size`, at the practice service, in `theme`.
fn on_stage(size: (u16, u16), theme: &str, play: impl FnOnce(&mut Bench)) {
    let practice = demo();
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    let profile = format!(
        "theme = '{theme}'\n[profiles.prod]\npublisher = '{}'\nbase_url = '{}'\n",
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
    bench.resize(size.0, size.1);
    bench.wait_for("6 in flight");
    play(&mut bench);
    leave(bench);
}

/// Draws the screen by `draw` once it is whole, shows all of `shows` and nothing of `hides`.
fn catch(bench: &Bench, shows: &[&str], hides: &[&str], draw: impl Fn(&vt100::Screen) -> String) -> String {
    let picture = RefCell::new(String::new());
    bench.wait_until(&shows.join(", "), |screen, raw| {
        let (text, raw) = (screen.contents(), String::from_utf8_lossy(raw));
        // Between the two marks of a frame there is half of it on the screen.
        let is_whole = raw.rfind("\x1b[?2026l") > raw.rfind("\x1b[?2026h");
        let is_so = is_whole
            && shows.iter().all(|shown| text.contains(shown))
            && !hides.iter().any(|hidden| text.contains(hidden));
        if is_so {
            *picture.borrow_mut() = draw(screen);
        }
        is_so
    });
    picture.into_inner()
}

/// Keeps `picture` in `assets`, where somebody wants it.
fn keep(name: &str, picture: &str) {
    assert!(picture.contains(">countermand</text>"), "{name}: no header");
    if std::env::var_os("COUNTERMAND_PICTURES").is_some() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
        std::fs::write(format!("{folder}/{name}.svg"), picture).unwrap();
    }
}

#[test]
fn pictures_are_taken_of_the_real_screen() {
    for shot in &SHOTS {
        on_stage(shot.size, shot.theme, |bench| {
            (shot.play)(bench);
            let picture = catch(bench, shot.shows, shot.hides, |screen| {
                svg::of(screen, shot.paper)
            });
            assert!(picture.contains(&format!("fill=\"{}\"", shot.paper)));
            keep(shot.name, &picture);
        });
    }
}

#[test]
fn a_moving_picture_is_taken_from_the_list_to_the_verdict() {
    let paper = SHOTS[0].paper;
    on_stage(SCENES_SIZE, SHOTS[0].theme, |bench| {
        let mut pictures = Vec::new();
        for scene in &SCENES {
            (scene.play)(bench);
            let drawn = catch(bench, scene.shows, &[], |screen| svg::drawn(screen, paper));
            pictures.push((drawn, scene.seconds));
        }
        let (columns, rows) = SCENES_SIZE;
        let size = (rows.try_into().unwrap(), columns.try_into().unwrap());
        let picture = svg::moving(&pictures, size, paper);
        assert_eq!(picture.matches("@keyframes").count(), SCENES.len());
        keep("cancel", &picture);
    });
}
