//! Links within the repository: what they lead to is there. Nothing is fetched.

use std::collections::HashSet;

use crate::pages::{self, Page, code, without_code};

/// Where a forge shows what is not in the tree.
const OF_THE_FORGE: [&str; 1] = ["../../releases"];

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages::all() {
        for (line, target) in links(&page) {
            if let Err(why) = follow(&page, &target) {
                dead.push(format!("{}:{line}: {target}: {why}", page.path));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn every_page_of_docs_is_in_the_readme() {
    let readme = Page::at("README.md");
    let linked: HashSet<String> = links(&readme).into_iter().map(|(_, target)| target).collect();
    for page in pages::all().iter().filter(|page| page.path.starts_with("docs/")) {
        assert!(
            linked.contains(&page.path),
            "the README does not link {}",
            page.path
        );
    }
}

#[test]
fn every_path_that_is_named_is_there() {
    let mut missing = Vec::new();
    for page in pages::all() {
        for (line, text) in page.prose() {
            let paths = code(text).filter(|span| {
                let is_ours = ["src/", "tests/", "assets/", "docs/", "benches/", ".ci/"].iter();
                is_ours.clone().any(|folder| span.starts_with(folder)) && !span.contains([' ', '*', '='])
            });
            for path in paths.filter(|path| !pages::root().join(path).exists()) {
                missing.push(format!("{}:{line}: {path}", page.path));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Line and target of every link and picture of `page`.
fn links(page: &Page) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in page.prose() {
        let line = without_code(line);
        for rest in line.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            found.push((number, target.to_owned()));
        }
    }
    found
}

fn follow(page: &Page, target: &str) -> Result<(), String> {
    if target.starts_with("https://") || OF_THE_FORGE.contains(&target) {
        return Ok(());
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let here = pages::root().join(&page.path);
    let there = if path.is_empty() {
        here
    } else {
        here.parent().unwrap().join(path)
    };
    let text = if there.is_dir() {
        String::new()
    } else {
        std::fs::read_to_string(&there).map_err(|error| error.to_string())?
    };
    if anchor.is_empty() || anchors(&text).contains(anchor) {
        Ok(())
    } else {
        Err("there is no such heading".into())
    }
}

/// What a forge makes of the headings.
fn anchors(text: &str) -> HashSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            heading
                .chars()
                .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect()
        })
        .collect()
}

#[test]
fn a_dead_link_and_a_dead_anchor_are_found() {
    let page = Page {
        path: "docs/x.md".into(),
        text: "# A `b` c, d\n\n[x](#a-b-c-d) [y](#z) [z](nowhere.md) `[q](q)`\n".into(),
    };
    let dead = links(&page).into_iter().map(|(_, target)| target);
    let dead: Vec<_> = dead
        .filter(|target| match target.strip_prefix('#') {
            Some(anchor) => !anchors(&page.text).contains(anchor),
            None => follow(&page, target).is_err(),
        })
        .collect();
    assert_eq!(dead, ["#z", "nowhere.md"]);
}
