//! One spelling for each word, in everything that a person reads.

use std::fs;

use clap::CommandFactory as _;
use countermand::cli::Cli;

use crate::pages::{self, Page, root, without_code};

/// The most words that a README has.
const README_LIMIT: usize = 900;

/// What a person reads and is no page.
const FILES: [&str; 6] = [
    "assets/settings.toml",
    "assets/themes/dark.toml",
    "assets/themes/high-contrast.toml",
    "assets/themes/light.toml",
    ".github/ISSUE_TEMPLATE/bug.yml",
    ".github/ISSUE_TEMPLATE/service.yml",
];

const LIST: &str = include_str!("words.txt");

#[test]
fn no_page_has_another_spelling() {
    let mut texts: Vec<(String, String)> = Vec::new();
    for page in pages::all() {
        let prose: Vec<_> = page.prose().map(|(_, line)| without_code(line)).collect();
        texts.push((page.path.clone(), prose.join("\n")));
    }
    for file in FILES {
        let text = fs::read_to_string(root().join(file)).unwrap();
        // Values are words of the program's.
        let comments = text
            .lines()
            .filter(|line| line.starts_with('#') || !file.ends_with("toml"));
        texts.push((file.into(), comments.collect::<Vec<_>>().join("\n")));
    }
    let mut program = Cli::command();
    program.build();
    texts.push(("--help".into(), program.render_long_help().to_string()));
    for verb in program.get_subcommands_mut() {
        texts.push((
            format!("{} --help", verb.get_name()),
            verb.render_long_help().to_string(),
        ));
    }
    let found: Vec<String> = texts
        .iter()
        .flat_map(|(path, text)| {
            misspelled(text)
                .into_iter()
                .map(move |slip| format!("{path}: {slip}"))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What `text` has that stands in the list, with what to write.
fn misspelled(text: &str) -> Vec<String> {
    let pairs = LIST.lines().filter(|line| !line.starts_with('#'));
    let pairs: Vec<_> = pairs.filter_map(|line| line.split_once(' ')).collect();
    text.split(|letter: char| !letter.is_alphabetic())
        .filter_map(|word| {
            let lower = word.to_lowercase();
            let (_, right) = pairs.iter().find(|(wrong, _)| *wrong == lower)?;
            Some(format!("{word} is written {right}"))
        })
        .collect()
}

#[test]
fn the_readme_is_short() {
    let words = Page::at("README.md").text.split_whitespace().count();
    assert!(
        words <= README_LIMIT,
        "{words} words; {README_LIMIT} are the most"
    );
}

#[test]
fn a_slip_is_found_whatever_its_case() {
    assert_eq!(
        misspelled("Colours, and a colourless"),
        ["Colours is written colors"]
    );
}
