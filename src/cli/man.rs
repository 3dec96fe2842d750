//! `man`: the manual, a page for the program and one for each verb. Knows nothing of what the verbs do.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::{
    cli::{Cli, Io},
    domain::{text::SafeText, verdict::Exit},
};

/// Writes the manual as troff: into `folder`, a file for each page, or all pages in one stream.
pub fn run(folder: Option<&Path>, io: &mut Io<'_>) -> Exit {
    let Some(folder) = folder else {
        return match stream() {
            Ok(pages) => io.finish(&String::from_utf8_lossy(&pages), Exit::Done),
            Err(error) => {
                io.complain(&format!("the manual cannot be written: {error}"));
                Exit::Failure
            }
        };
    };
    match write_into(folder) {
        Ok(()) => Exit::Done,
        Err(error) => {
            let folder = SafeText::new(&folder.display().to_string());
            io.complain(&format!("the manual cannot be written to {folder}: {error}"));
            Exit::Failure
        }
    }
}

/// The page of the program, then that of each verb.
fn pages() -> Vec<Man> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let verbs: Vec<_> = program.get_subcommands().cloned().collect();
    std::iter::once(program).chain(verbs).map(Man::new).collect()
}

fn stream() -> io::Result<Vec<u8>> {
    let mut stream = Vec::new();
    for page in pages() {
        page.render(&mut stream)?;
    }
    Ok(stream)
}

fn write_into(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for page in pages() {
        let mut file = fs::File::create(folder.join(page.get_filename()))?;
        page.render(&mut file)?;
        file.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::cli::io::tests::text;

    #[test]
    fn each_verb_has_a_page() {
        let pages = String::from_utf8(stream().unwrap()).unwrap();
        let titles = pages.lines().filter(|line| line.starts_with(".TH")).count();
        assert_eq!(titles, 1 + Cli::command().get_subcommands().count());
        assert!(
            pages.contains("finished_first"),
            "the verdicts are part of the manual"
        );
    }

    #[test]
    fn a_folder_gets_a_file_for_each_page_and_one_that_cannot_be_made_is_named() {
        let root = tempfile::tempdir().unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut io = Io {
            out: &mut out,
            err: &mut err,
            ask: None,
            zone: TimeZone::UTC,
        };
        let folder = root.path().join("share/man1");
        assert_eq!(run(Some(&folder), &mut io), Exit::Done);
        assert_eq!(run(Some(&folder.join("countermand.1")), &mut io), Exit::Failure);
        assert_eq!(text(&out), "");
        assert!(text(&err).contains("countermand.1: "), "{}", text(&err));
        for verb in Cli::command().get_subcommands() {
            let page = folder.join(format!("countermand-{}.1", verb.get_name()));
            let page = fs::read_to_string(page).unwrap();
            assert!(
                page.contains(&format!(".TH countermand-{} 1", verb.get_name())),
                "{page}"
            );
        }
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            1 + Cli::command().get_subcommands().count()
        );
    }
}
