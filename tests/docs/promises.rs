//! The tests that SECURITY names for its promises are there.

use std::{fs, path::Path};

use crate::pages::{Page, code, root};

#[test]
fn each_promise_names_tests_that_are_there() {
    let sources = sources(&root().join("src")) + &sources(&root().join("tests"));
    let page = Page::at("SECURITY.md");
    let rows = page.text.lines().filter(|line| line.starts_with("| "));
    let promises: Vec<&str> = rows.skip_while(|row| !row.contains("| test |")).skip(1).collect();
    assert!(promises.len() > 10, "{promises:?}");
    for row in promises {
        let tests = row.rsplit(" | ").next().unwrap_or_default();
        assert!(code(tests).next().is_some(), "no test for: {row}");
        for test in code(tests) {
            assert!(
                sources.contains(&format!("fn {test}(")),
                "there is no test {test}"
            );
        }
    }
}

/// All the Rust below `folder`.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all += &fs::read_to_string(&path).unwrap();
        }
    }
    all
}
