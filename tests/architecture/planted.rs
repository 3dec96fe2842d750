//! The guard is itself guarded: each of these breaks a rule, or only looks as if it did.

use super::{names, rules::violations};

/// The violations of a source as if it stood in `module`.
fn told(module: &str, source: &str) -> Vec<String> {
    let path: Vec<String> = module.split("::").map(ToOwned::to_owned).collect();
    let file = format!("src/{}.rs", module.replace("::", "/"));
    let read = names::read(&file, &path, source);
    violations(&read.names).iter().map(ToString::to_string).collect()
}

#[test]
fn a_violation_names_file_line_and_rule() {
    assert_eq!(
        told("tui::update", "\nuse crate::cli::offers;"),
        [
            "src/tui/update.rs:2: `crate::cli::offers`: tui knows of the other rooms only \
          settings::KeyOverride, settings::SettingsError, settings::Tell, settings::SpannedText, \
          settings::ProfileSummary, settings::ReadOnly, settings::terminal, settings::position, \
          service::auth::SignInPrompt, presentation, proposal, engine, domain"
        ]
    );
    assert_eq!(
        told("domain::time", "fn wait() {\n    tokio::task::yield_now();\n}"),
        [
            "src/domain/time.rs:2: `tokio::task::yield_now`: domain never says that: it is told what time it is, and waits for nothing"
        ]
    );
}

#[test]
fn every_way_of_naming_a_room_is_seen() {
    for source in [
        "use crate::tui;",
        "use crate::tui::model::Model;",
        "use crate::{domain, tui::{model}};",
        "use crate::*;",
        "use crate as house;",
        "use super::super::tui::model;",
        "use super::super::*;",
        "use countermand::tui;",
        "use ::countermand::tui;",
        "pub use crate::r#tui::model;",
        "fn f() { crate::tui::run(); }",
        "fn f() { super::super::tui::run(); }",
        "fn f() { use crate::tui::run; run(); }",
        "fn f(model: &mut Vec<crate::tui::Model>) {}",
        "impl crate::tui::Draw for X {}",
        "fn f() { <X as crate::tui::Draw>::draw(); }",
        "mod inner { use super::super::super::tui; }",
        "mod inner { mod deeper { fn f() { crate::tui::run() } } }",
        "fn f() { write!(out, \"{}\", crate::tui::NAME); }",
        "fn f() { select! { x = a => { inner!(crate::tui::run()) } } }",
        "macro_rules! m { () => { $crate::tui::run() }; }",
        "macro_rules! m { () => { use crate::{domain, tui}; }; }",
        "#[derive(crate::tui::Draw)] struct X;",
        "#[crate::tui::main] fn f() {}",
        "#[serde(with = \"crate::tui::colour\")] struct X;",
        "#[cfg(any(test, unix))] use crate::tui;",
        "#[cfg(not(test))] use crate::tui;",
    ] {
        assert_eq!(told("engine::cancel", source).len(), 1, "{source}");
    }
}

#[test]
fn every_way_of_naming_a_crate_is_seen() {
    for source in [
        "use std::{fs::File, path::Path};",
        "use std::*;",
        "use std::time::*;",
        "use std::time; fn f() { time::Instant::now(); }",
        "use std as s; fn f() { s::env::var(\"X\"); }",
        "use std::{self as s, io}; fn f() { s::fs::read(\"x\"); }",
        "use std::time; mod inner { use super::*; fn f() -> time::SystemTime {} }",
        "use jiff::Timestamp; fn f() { Timestamp::now(); }",
        "use jiff::Timestamp as T; fn f() { T::now(); }",
        "fn f() { let now = jiff::Timestamp::now; }",
        "use crate::domain::time::Timestamp; fn f() { Timestamp::now(); }",
        "fn f() { vec![std::env::args()]; }",
        "use std::process::Command;",
        "fn f() { std::thread::sleep(x); }",
        "use std::net::TcpStream;",
        "use rustix::termios;",
        "fn f() { crossterm::terminal::size(); }",
        "use crossterm::{event::Event, terminal};",
    ] {
        for module in ["tui", "tui::update::offers", "tui::view", "tui::effect_runner"] {
            assert_eq!(told(module, source).len(), 1, "{module}: {source}");
        }
        for module in ["tui::run", "tui::terminal::restore", "app"] {
            assert_eq!(told(module, source), [""; 0], "{module}: {source}");
        }
    }
    for source in [
        "use tokio;",
        "use tokio::time::sleep;",
        "extern crate tokio as t;",
        "fn f() { ::tokio::spawn(x); }",
        "#[tokio::main] async fn f() {}",
    ] {
        for module in ["tui", "tui::update::offers", "tui::view"] {
            assert_eq!(told(module, source).len(), 1, "{module}: {source}");
        }
        for module in ["tui::run", "tui::terminal::restore", "tui::effect_runner", "app"] {
            assert_eq!(told(module, source), [""; 0], "{module}: {source}");
        }
    }
    for outside in ["reqwest", "rusqlite", "ratatui", "crossterm", "axum", "clap"] {
        for module in ["engine::follow", "domain"] {
            assert_eq!(told(module, &format!("use {outside}::X;")).len(), 1);
        }
    }
}

#[test]
fn the_rooms_stand_in_their_order() {
    let order = [
        "app",
        "tui",
        "cli",
        "simulator",
        "settings",
        "journal",
        "service",
        "engine",
        "domain",
    ];
    let apart = |a: &str, b: &str| {
        let faces = ["tui", "cli"];
        let sides = ["simulator", "settings", "journal", "service"];
        a == "simulator"
            || faces.contains(&a) && (faces.contains(&b) || sides.contains(&b))
            || sides.contains(&a) && sides.contains(&b)
    };
    for (floor, room) in order.into_iter().enumerate() {
        for (other_floor, other) in order.into_iter().enumerate() {
            let inside = if other == "engine" { "engine::ports" } else { other };
            let is_all_known = (room, other) == ("cli", "settings");
            let may = room == other || other_floor > floor && (is_all_known || !apart(room, other));
            let told = told(room, &format!("use crate::{inside}::X;"));
            assert_eq!(told.is_empty(), may, "{room} → {other}: {told:?}");
        }
    }
    for room in ["journal", "service"] {
        assert_eq!(told(room, "use crate::engine::schedule::Pace;").len(), 1);
    }
}

#[test]
fn a_face_knows_of_the_rooms_at_the_side_what_it_shows() {
    for (module, known, unknown) in [
        (
            "tui::keymap",
            "crate::settings::KeyOverride",
            "crate::settings::Settings",
        ),
        (
            "tui::run",
            "crate::service::auth::SignInPrompt",
            "crate::service::auth::TokenSource",
        ),
        ("tui", "crate::engine::Engine", "crate::journal::Condition"),
        (
            "plain::listing",
            "crate::presentation::Row",
            "crate::tui::model::Model",
        ),
        (
            "presentation",
            "crate::engine::Snapshot",
            "crate::tui::width::cells",
        ),
        ("plain", "crate::presentation::moment", "crate::tui::view::view"),
        ("plain", "crate::cli::report", "crate::cli::doctor::run"),
        ("plain", "crate::engine::Engine", "crate::settings::Settings"),
        (
            "cli::prompting",
            "crate::service::auth::SignInPrompt",
            "crate::service::cpp::Client",
        ),
        (
            "cli::simulate",
            "crate::simulator::Simulator",
            "crate::simulator::world::World",
        ),
        (
            "cli::doctor::journal",
            "crate::journal::SqliteJournal",
            "crate::journal::MemoryJournal",
        ),
    ] {
        assert_eq!(told(module, &format!("use {known};")), [""; 0], "{module}");
        assert_eq!(
            told(module, &format!("use {unknown};")).len(),
            1,
            "{module}: {unknown}"
        );
    }
    for (module, path) in [
        ("cli::cancel", "crate::journal::SqliteJournal"),
        ("cli::offers", "crate::service::diagnose::Place"),
        ("cli::offers", "crate::service::auth::TokenSource"),
        ("cli::config", "crate::service::auth::claims"),
        ("cli::offers", "crate::simulator::Simulator"),
    ] {
        assert_eq!(told(module, &format!("use {path};")).len(), 1, "{module}: {path}");
    }
}

#[test]
fn a_face_never_reaches_past_the_engine() {
    for module in [
        "tui::run",
        "tui::terminal",
        "cli::doctor",
        "cli::simulate",
        "plain::face",
    ] {
        for past in [
            "reqwest::Client",
            "hyper::client",
            "rusqlite::Connection",
            "axum::Router",
        ] {
            assert_eq!(told(module, &format!("use {past};")).len(), 1, "{module}: {past}");
        }
    }
    for module in ["cli::report", "plain"] {
        for drawn in ["ratatui::Frame", "crossterm::cursor"] {
            assert_eq!(
                told(module, &format!("use {drawn};")).len(),
                1,
                "{module}: {drawn}"
            );
        }
    }
}

#[test]
fn the_binary_is_thin_and_the_simulator_alone() {
    assert_eq!(told("main", "use countermand::{app, cli::Arguments};"), [""; 0]);
    assert_eq!(told("main", "fn main() { countermand::tui::run(); }").len(), 1);
    assert_eq!(
        told(
            "simulator::world",
            "use crate::simulator::scenario; use super::routes;"
        ),
        [""; 0]
    );
    assert_eq!(
        told("simulator::world", "use crate::domain::text::SafeText;").len(),
        1
    );
    assert_eq!(told("simulator", "fn f() { super::helper(); }").len(), 1);
}

#[test]
fn what_only_looks_like_it_is_left_alone() {
    for source in [
        "// crate::tui::run()\n/// crate::tui::run()\nfn f() {}",
        "fn f() { \"crate::tui::run()\"; }",
        "use super::tui; use self::tui::run;",
        "mod tui { pub fn run() {} } fn f() { tui::run(); }",
        "fn f(tokio: u8, clap: u8) -> u8 { tokio + clap }",
        "use std::time::Duration; use std::io;",
        "#[cfg(test)] mod tests { use crate::tui; use reqwest::Client; }",
        "#[cfg(all(test, unix))] use crate::tui;",
        "impl X { #[cfg(test)] fn f() { crate::tui::run() } }",
    ] {
        assert_eq!(told("engine::cancel", source), [""; 0], "{source}");
    }
}

#[test]
fn a_room_without_a_rule_is_told() {
    assert_eq!(
        told("attic", "use crate::domain::X;"),
        ["src/attic.rs:1: `crate::domain::X`: no rule says what attic knows"]
    );
}

#[test]
fn every_file_of_a_module_is_found() {
    let source =
        "mod a; mod b { mod c; } #[cfg(test)] mod d { mod e; } #[cfg(test)] #[path = \"f.rs\"] mod tests;";
    let children = names::read("src/x.rs", &["x".to_owned()], source).children;
    let found = children
        .iter()
        .map(|child| (child.module.join("::"), child.elsewhere.as_deref(), child.is_test));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            ("x::a".to_owned(), None, false),
            ("x::b::c".to_owned(), None, false),
            ("x::d::e".to_owned(), None, true),
            ("x::tests".to_owned(), Some("f.rs"), true),
        ]
    );
}
