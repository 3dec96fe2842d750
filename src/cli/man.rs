//! `man`: the manual, a page for the program and one for each verb, in one stream.

use std::io;

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::{
    cli::{Cli, Io},
    domain::verdict::Exit,
};

/// Writes the manual as troff.
pub fn run(io: &mut Io<'_>) -> Exit {
    match pages() {
        Ok(pages) => io.finish(&String::from_utf8_lossy(&pages), Exit::Done),
        Err(error) => {
            io.complain(&format!("the manual cannot be written: {error}"));
            Exit::Failure
        }
    }
}

fn pages() -> io::Result<Vec<u8>> {
    let mut program = Cli::command();
    program.build();
    let mut pages = Vec::new();
    Man::new(program.clone()).render(&mut pages)?;
    for verb in program.get_subcommands().filter(|verb| verb.get_name() != "help") {
        Man::new(verb.clone()).render(&mut pages)?;
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verb_has_a_page() {
        let pages = String::from_utf8(pages().unwrap()).unwrap();
        let titles = pages.lines().filter(|line| line.starts_with(".TH")).count();
        assert_eq!(titles, 1 + Cli::command().get_subcommands().count());
        assert!(
            pages.contains("finished_first"),
            "the verdicts are part of the manual"
        );
    }
}
