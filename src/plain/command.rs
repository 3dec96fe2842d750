//! The commands, as a person types them. Pure: a line in, a command or what is wrong with it out.

/// One line of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Nothing was typed.
    Nothing,
    /// Which commands there are.
    Help,
    /// The list again, as it is known.
    List,
    /// All that is known of a row.
    Details(usize),
    /// Cancel what runs on a row.
    Cancel(usize),
    /// Look again how an open cancellation on a row ends.
    Follow(usize),
    /// Only what meets the terms; all of it where there are none.
    Filter(String),
    /// Only what is in flight, or all again.
    InFlight,
    /// Ask the service anew, then list.
    Refresh,
    /// What was cancelled on this machine.
    History,
    /// Leave.
    Quit,
}

/// What there is to type.
pub(super) const HELP: &str = "\
?      this help
l      list again
3      all that is known of row 3
c 3    cancel what runs on row 3: looks first, says what it is, and asks
o 3    look again how an open cancellation on row 3 ends
/vm    only offers that meet all terms, as in /vm state:running; / alone: all of them
       id: name: type: state: to: publisher: age:>2h !not \"exact\"
f      only what is in flight or was cancelled from here, or all again
r      ask the service anew, and list
H      the newest cancellations of this machine
q      quit; what the service is doing goes on there
";

impl Command {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong, and what to type instead.
    pub(super) fn read(line: &str) -> Result<Self, String> {
        let line = line.trim();
        if let Some(text) = line.strip_prefix('/') {
            return Ok(Self::Filter(text.trim().to_owned()));
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        match (first, &rest[..]) {
            ("", _) => Ok(Self::Nothing),
            ("?" | "help", []) => Ok(Self::Help),
            ("l", []) => Ok(Self::List),
            ("f", []) => Ok(Self::InFlight),
            ("r", []) => Ok(Self::Refresh),
            ("H", []) => Ok(Self::History),
            ("q" | "quit" | "exit", []) => Ok(Self::Quit),
            ("c", rest) => Ok(Self::Cancel(row(first, rest)?)),
            ("o", rest) => Ok(Self::Follow(row(first, rest)?)),
            (number, []) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self::Details(row("", &[number])?))
            }
            _ => Err("no such command; ? tells which there are".to_owned()),
        }
    }
}

/// The one row that a command names.
fn row(command: &str, rest: &[&str]) -> Result<usize, String> {
    match rest {
        [number] if number.bytes().all(|byte| byte.is_ascii_digit()) => number
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| "rows are numbered from 1".to_owned()),
        [_, _, ..] => Err(format!("{command} takes one row a time, as in: {command} 3")),
        _ => Err(format!(
            "{command} wants the number of one row, as in: {command} 3"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_command_or_none() {
        for (line, command) in [
            ("", Command::Nothing),
            (" ? ", Command::Help),
            ("l", Command::List),
            ("3", Command::Details(3)),
            ("007", Command::Details(7)),
            ("c 3", Command::Cancel(3)),
            ("c\t12 ", Command::Cancel(12)),
            ("o 1", Command::Follow(1)),
            ("/", Command::Filter(String::new())),
            ("/ c 3", Command::Filter("c 3".into())),
            ("f", Command::InFlight),
            ("r", Command::Refresh),
            ("H", Command::History),
            ("q", Command::Quit),
        ] {
            assert_eq!(Command::read(line), Ok(command), "{line:?}");
        }
    }

    #[test]
    fn the_help_names_the_terms_of_the_screen() {
        assert!(HELP.contains(crate::presentation::TERMS), "{HELP}");
    }

    #[test]
    fn several_rows_are_refused_with_what_to_type_instead() {
        let told = Command::read("c 1 3 5").unwrap_err();
        assert_eq!(told, "c takes one row a time, as in: c 3");
    }

    #[test]
    fn what_is_not_quite_a_command_does_nothing() {
        for line in [
            "c",
            "c3",
            "c 0",
            "c -1",
            "c 3 4",
            "c all",
            "C 3",
            "0",
            "y",
            "3 c",
            "h",
            "99999999999999999999999",
            "c 99999999999999999999999",
            "q now",
        ] {
            assert!(Command::read(line).is_err(), "{line:?}");
        }
    }
}
