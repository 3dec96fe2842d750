//! Tables that the program has as well: keys, verdicts, scenarios, variables.

use countermand::{
    domain::verdict::{Cause, Ending, Exit, Verdict},
    simulator::Scenario,
    tui::keymap,
};

use crate::pages::{Page, root};

#[test]
fn the_keys_are_those_of_the_key_table() {
    let keys = keymap::markdown();
    let page = Page::at("docs/keys.md").text;
    assert!(page.contains(keys.trim()), "docs/keys.md must hold this:\n{keys}");
}

#[test]
fn each_verdict_stands_there_with_its_exit_code() {
    for page in ["README.md", "docs/verdicts.md"] {
        for verdict in Verdict::ALL {
            let row = format!("| `{}` |", verdict.word());
            let text = Page::at(page).text;
            let found = text.lines().find(|line| line.starts_with(&row));
            let found = found.unwrap_or_else(|| panic!("{page}: no row for {row}"));
            let codes = codes(verdict);
            assert!(
                found.ends_with(&format!("| {codes} |")),
                "{page}: {found} must end with {codes}"
            );
        }
    }
}

/// The exit codes that a verdict may have, as they are written.
fn codes(verdict: Verdict) -> String {
    let ending = Ending::new(verdict);
    match verdict {
        Verdict::NotSent => {
            let sign_in = Ending {
                cause: Cause::SignIn,
                ..ending.clone()
            };
            // 2 is that of a verb which could not begin: nobody to ask, or read-only.
            let codes = [ending.exit(), Exit::Usage, sign_in.exit()].map(|exit| exit.code().to_string());
            codes.join(", ")
        }
        Verdict::Pending => format!("{} (0 with `--no-wait`)", ending.exit().code()),
        _ => ending.exit().code().to_string(),
    }
}

#[test]
fn each_scenario_is_named_with_what_it_shows() {
    let page = Page::at("docs/practice.md").text;
    for name in Scenario::names() {
        let row = format!("| `{name}` | {} |", Scenario::summary(name).unwrap());
        assert!(page.contains(&row), "docs/practice.md must hold this:\n{row}");
    }
}

#[test]
fn each_variable_of_ours_is_documented() {
    let page = Page::at("docs/environment.md").text;
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for name in variables(&std::fs::read_to_string(&path).unwrap()) {
                assert!(
                    page.contains(&format!("`{name}`")) || name.starts_with("COUNTERMAND_TEST_"),
                    "docs/environment.md says nothing of {name} ({})",
                    path.display()
                );
            }
        }
    }
}

/// The names in `source` that begin with ours.
fn variables(source: &str) -> Vec<String> {
    let quoted = source.split('"').filter(|text| text.starts_with("COUNTERMAND_"));
    quoted
        .filter(|text| {
            text.chars()
                .all(|letter| letter.is_ascii_uppercase() || letter == '_')
        })
        .map(Into::into)
        .collect()
}
