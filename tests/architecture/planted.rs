//! Tests of the rules themselves: each source breaks a rule, or only seems to.

use super::{circles::circles, rules::violations, tree::Tree};

/// Builds a package of these modules, each with its text.
fn package(modules: &[(&str, &str)]) -> Tree {
    Tree::of(|module| {
        let name = module.join("::");
        let text = modules.iter().find(|(other, _)| *other == name);
        text.map(|(_, text)| (*text).to_owned()).unwrap_or_default()
    })
}

/// Returns the rules that a source breaks as the text of `module`.
fn broken(module: &str, source: &str) -> Vec<String> {
    let around = |(outer, inner): (&str, String)| format!("mod {outer} {{ {inner} }}");
    let nested = module
        .rsplit("::")
        .fold(source.to_owned(), |inner, outer| around((outer, inner)));
    let root = if module == "main" {
        ("main", source)
    } else {
        ("", nested.as_str())
    };
    violations(&package(&[root]).names)
}

#[test]
fn violation_names_module_line_and_rule() {
    let tree = package(&[
        ("", "mod domain;"),
        ("domain", "\nfn wait() { tokio::task::yield_now(); }"),
    ]);
    assert_eq!(
        violations(&tree.names),
        [
            "domain:2: `tokio::task::yield_now`: domain never says that: it is told what time it is, and waits for nothing"
        ]
    );
    assert_eq!(
        broken("files", "use crate::domain::X;"),
        ["files:1: `crate::domain::X`: files knows no other module"]
    );
    assert_eq!(
        broken("attic", "use crate::domain::X;"),
        ["attic:1: `crate::domain::X`: no rule says what attic knows"]
    );
}

#[test]
fn every_way_of_naming_a_module_is_found() {
    for source in [
        "use crate::tui;",
        "use crate::{domain, tui::{model}};",
        "use crate::*;",
        "use crate as house;",
        "use super::super::tui::model;",
        "use super::super::*;",
        "use ::countermand::tui;",
        "pub use crate::r#tui::model;",
        "fn f() { super::super::tui::run(); }",
        "fn f() { use crate::tui::run; run(); }",
        "fn f(model: &mut Vec<crate::tui::Model>) {}",
        "fn f() { <X as crate::tui::Draw>::draw(); }",
        "mod inner { mod deeper { fn f() { crate::tui::run() } } }",
        "fn f() { write!(out, \"{}\", crate::tui::NAME); }",
        "macro_rules! m { () => { $crate::tui::run() }; }",
        "macro_rules! m { () => { use crate::{domain, tui}; }; }",
        "#[derive(crate::tui::Draw)] struct X;",
        "#[cfg(any(test, unix))] use crate::tui;",
        "#[cfg(not(test))] use crate::tui;",
    ] {
        assert_eq!(broken("engine::cancel", source).len(), 1, "{source}");
    }
}

#[test]
fn every_way_of_naming_a_crate_is_found() {
    for source in [
        "use std::{fs::File, path::Path};",
        "use std::*;",
        "use std as s; fn f() { s::env::var(\"X\"); }",
        "use std::{self as s, io}; fn f() { s::fs::read(\"x\"); }",
        "use std::env; mod inner { use super::*; fn f() { vec![env::args()] } }",
        "fn f() { vec![std::env::args()]; }",
        "use crossterm::{event::Event, terminal};",
    ] {
        for module in ["tui", "tui::update::offers", "tui::effect_runner"] {
            assert_ne!(broken(module, source), [""; 0], "{module}: {source}");
        }
        for module in ["tui::run", "tui::terminal::restore", "app"] {
            assert_eq!(broken(module, source), [""; 0], "{module}: {source}");
        }
    }
    for (module, past) in [
        ("engine::follow", "reqwest"),
        ("domain", "tokio"),
        ("tui::view", "tokio"),
        ("cli::doctor", "rusqlite"),
        ("plain::face", "ratatui"),
    ] {
        assert_eq!(
            broken(module, &format!("use {past}::X;")).len(),
            1,
            "{module}: {past}"
        );
    }
}

#[test]
fn lookalikes_are_ignored() {
    for source in [
        "// crate::tui::run()\n/// crate::tui::run()\nfn f() {}",
        "fn f() { \"crate::tui::run()\"; }",
        "use super::tui; use self::tui::run;",
        "mod tui { pub fn run() {} } fn f() { tui::run(); }",
        "fn f(tokio: u8, clap: u8) -> u8 { tokio + clap }",
        "#[cfg(test)] mod tests { use crate::tui; use reqwest::Client; }",
        "#[cfg(all(test, unix))] use crate::tui;",
        "impl X { #[cfg(test)] fn f() { crate::tui::run() } }",
    ] {
        assert_eq!(broken("engine::cancel", source), [""; 0], "{source}");
    }
}

#[test]
fn modules_know_only_listed_ones_and_the_binary_is_thin() {
    for (module, known, unknown) in [
        (
            "tui::keymap",
            "crate::settings::KeyOverride",
            "crate::settings::Settings",
        ),
        ("plain", "crate::presentation::Row", "crate::tui::model::Row"),
        ("presentation", "crate::engine::Snapshot", "crate::tui::width"),
        (
            "cli::doctor",
            "crate::journal::SqliteJournal",
            "crate::journal::MemoryJournal",
        ),
        (
            "cli::simulate",
            "crate::simulator::Simulator",
            "crate::simulator::world::World",
        ),
        (
            "cli::config",
            "crate::settings::Settings",
            "crate::service::auth::claims",
        ),
        (
            "journal",
            "crate::engine::ports::Clock",
            "crate::engine::schedule::Backoff",
        ),
        ("engine", "crate::domain::ids", "crate::service::cpp"),
        (
            "simulator::world",
            "crate::simulator::scenario",
            "crate::domain::text",
        ),
        ("main", "countermand::app", "countermand::tui"),
    ] {
        assert_eq!(broken(module, &format!("use {known};")), [""; 0], "{module}");
        assert_eq!(
            broken(module, &format!("use {unknown};")).len(),
            1,
            "{module}: {unknown}"
        );
    }
}

#[test]
fn sibling_cycle_is_found_under_any_name() {
    let circle_of = |a, b, c| {
        let modules = [("", "mod top;"), ("top", "mod a; mod b; mod c; pub use c::C;")];
        circles(&package(
            &[&modules[..], &[("top::a", a), ("top::b", b), ("top::c", c)]].concat(),
        ))
    };
    assert_eq!(
        circle_of(
            "use super::b::X;",
            "fn f() { crate::top::c::C::new() }",
            "mod d { use crate::top::a::Y; }"
        ),
        [
            "top::a:1: `crate::top::b::X`\n  top::b:1: `crate::top::c::C::new`\n  top::c::d:1: `crate::top::a::Y`"
        ]
    );
    // By the name that their parent re-exports.
    assert_eq!(
        circle_of("use super::C;", "", "fn f() { crate::top::a::run(); }"),
        ["top::a:1: `crate::top::C`\n  top::c:1: `crate::top::a::run`"]
    );
    for (a, b, c) in [
        ("use super::b::X;", "use super::c::X;", ""),
        ("use super::T;", "use super::a::X;", "use super::a::X;"),
        (
            "use super::b::X;",
            "#[cfg(test)] mod tests { use crate::top::a::X; }",
            "",
        ),
    ] {
        assert_eq!(circle_of(a, b, c), [""; 0], "{a} {b} {c}");
    }
}
