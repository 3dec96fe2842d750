//! What the README says of keys, verdicts and scenarios is what the program has.

use countermand::{
    domain::verdict::{Cause, Ending, Verdict},
    simulator::Scenario,
    tui::keymap,
};

const README: &str = include_str!("../README.md");

#[test]
fn the_keys_are_those_of_the_key_table() {
    let keys = keymap::markdown();
    assert!(README.contains(keys.trim()), "the README must hold this:\n{keys}");
}

#[test]
fn each_verdict_stands_there_with_its_exit_code() {
    for verdict in Verdict::ALL {
        let ending = Ending::new(verdict);
        let row = format!("| `{}` |", verdict.word());
        let found = README
            .lines()
            .find(|line| line.starts_with(&row))
            .unwrap_or_else(|| panic!("no row for {row}"));
        let code = match verdict {
            Verdict::NotSent => {
                let sign_in = Ending {
                    cause: Cause::SignIn,
                    ..ending.clone()
                };
                format!("{}, {}", ending.exit().code(), sign_in.exit().code())
            }
            Verdict::Pending => format!("{} (0 with `--no-wait`)", ending.exit().code()),
            _ => ending.exit().code().to_string(),
        };
        assert!(
            found.ends_with(&format!("| {code} |")),
            "{found} must end with {code}"
        );
    }
}

#[test]
fn each_scenario_is_named() {
    for name in Scenario::names() {
        assert!(
            README.contains(&format!("`{name}`")),
            "the scenario {name} is not in the README"
        );
    }
}
