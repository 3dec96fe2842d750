//! `completions`: the words a shell can complete.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{
    cli::{Cli, Io},
    domain::verdict::Exit,
};

/// Writes the completions for `shell`.
pub fn run(shell: Shell, io: &mut Io<'_>) -> Exit {
    // In memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "countermand", &mut script);
    io.finish(&String::from_utf8_lossy(&script), Exit::Done)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::cli::io::tests::text;

    #[test]
    fn every_shell_learns_every_verb() {
        for shell in [
            Shell::Bash,
            Shell::Elvish,
            Shell::Fish,
            Shell::PowerShell,
            Shell::Zsh,
        ] {
            let mut out = Vec::new();
            let mut io = Io {
                out: &mut out,
                err: &mut Vec::new(),
                ask: None,
                zone: TimeZone::UTC,
            };
            assert_eq!(run(shell, &mut io), Exit::Done);
            for verb in Cli::command().get_subcommands() {
                assert!(
                    text(&out).contains(verb.get_name()),
                    "{shell}: {}",
                    verb.get_name()
                );
            }
        }
    }
}
