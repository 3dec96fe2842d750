//! Every command of the pages works: those in `console` blocks are run against a practice marketplace, settings in `toml`
//! blocks are read by the program, and every other mention of the program has verbs and flags that there are.
//!
//! A question is answered by `--dry-run`, since nobody is there; `az` gives the practice token.

use std::{
    fmt::Write as _,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use clap::Parser as _;
use countermand::{
    cli::Cli,
    simulator::{Options, Scenario, Simulator},
};

use crate::pages::{self, code};

/// What stands in for a terminal, for other programs, and for the time that a person leaves a server running.
const PRELUDE: &str = r#"
set -o pipefail
countermand() {
  case "$*" in
    simulate*)
      command countermand "$@" >practice & local server=$!
      until grep -q ctrl-c practice; do :; done
      kill "$server"; wait "$server" || :
      return 0 ;;
    cancel*--yes* | cancel*--dry-run*) ;;
    cancel*) set -- "$@" --dry-run ;;
  esac
  command countermand "$@" </dev/null
}
az() { printf '%s\n' "$PRACTICE_TOKEN"; }
cargo() { if [[ "$1 $2 $3" == "run --release --" ]]; then countermand "${@:4}"; fi; }
command -v jq >/dev/null || jq() { cat >/dev/null; }
ended() {
  case $1 in 0 | 3 | 4 | 7 | 8 | 9) ;; *) printf 'exit %s: %s\n' "$1" "$2" >&2; exit 1 ;; esac
}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_is_told_to_type_works() {
    for page in pages::all() {
        for block in page.blocks().iter().filter(|block| block.language == "console") {
            let mut script = PRELUDE.to_owned();
            for command in block
                .text
                .lines()
                .filter_map(|line| line.trim_start().strip_prefix("$ "))
            {
                let quoted = command.replace('\'', "'\\''");
                writeln!(script, "{command}\nended $? '{quoted}'").unwrap();
            }
            let options = Options {
                speed: 20.0,
                ..Options::new(Scenario::bundled("demo").unwrap())
            };
            let practice = Simulator::start(options).await.unwrap();
            let (origin, token) = (practice.origin().clone(), practice.token().to_owned());
            let ran = tokio::task::spawn_blocking(move || run(&script, &origin, &token));
            let ran = ran.await.unwrap();
            practice.stop().await;
            assert!(
                ran.status.success(),
                "{}:{}\n{}",
                page.path,
                block.line,
                String::from_utf8_lossy(&ran.stderr)
            );
        }
    }
}

/// Runs `script` at a practice marketplace, with nothing of this machine's own settings.
fn run(script: &str, origin: &str, token: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_countermand")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    Command::new("bash")
        .args(["-c", script])
        .current_dir(home.path())
        .stdin(Stdio::null())
        .env_clear()
        .env("PATH", format!("{}:{path}", program.display()))
        .env("HOME", home.path())
        .env("PRACTICE_TOKEN", token)
        .env("COUNTERMAND_TOKEN", token)
        .env("COUNTERMAND_BASE_URL", origin)
        .env("COUNTERMAND_PUBLISHER", "contoso")
        .output()
        .unwrap()
}

#[test]
fn settings_that_are_shown_are_settings() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    for page in pages::all() {
        for block in page.blocks().iter().filter(|block| block.language == "toml") {
            fs::write(&file, &block.text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            let ran = Command::new(env!("CARGO_BIN_EXE_countermand"))
                .args(["config", "--config"])
                .arg(&file)
                .env_clear()
                .env("HOME", folder.path())
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{}:{}\n{told}", page.path, block.line);
        }
    }
}

#[test]
fn every_mention_of_the_program_has_verbs_and_flags_that_there_are() {
    let mut wrong = Vec::new();
    for page in pages::all() {
        let spans = page.prose().flat_map(|(_, line)| code(line).map(str::to_owned));
        let lines: Vec<String> = page
            .blocks()
            .iter()
            .flat_map(|block| {
                block
                    .text
                    .lines()
                    .map(|line| line.trim().to_owned())
                    .collect::<Vec<_>>()
            })
            .collect();
        for mention in spans.chain(lines) {
            let words = mention.split(" #").next().unwrap_or_default();
            let words = words
                .split([' ', '\n'])
                .take_while(|word| !matches!(*word, "|" | "||" | ">" | "&&"));
            let words: Vec<_> = words
                .filter(|word| !word.is_empty() && !word.starts_with('>'))
                .map(|word| {
                    if word == "SHELL" {
                        "bash"
                    } else {
                        word.trim_matches('"')
                    }
                })
                .collect();
            let is_ours = words.first() == Some(&"countermand") && !words.contains(&"…");
            if is_ours
                && let Err(error) = Cli::try_parse_from(&words)
                && error.use_stderr()
            {
                wrong.push(format!("{}: {mention}: {error}", page.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
