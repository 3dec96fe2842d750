//! Every fact and every way a cancellation can stand, in the words of every face.

mod cases;
mod faces;

use std::fmt::Write as _;

use cases::{facts, standings};

#[test]
fn every_fact_in_every_face() {
    let mut told = String::new();
    for (name, fact) in facts() {
        let lines = faces::of_fact(&fact);
        let _ = writeln!(told, "{name}\n{lines}");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn every_standing_in_every_face() {
    let mut told = String::new();
    for (name, tracked) in standings() {
        let lines = faces::of_standing(&tracked);
        let _ = writeln!(told, "{name}\n{lines}");
    }
    insta::assert_snapshot!(told);
}
