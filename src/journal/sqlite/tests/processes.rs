//! Several processes with one journal: this test binary, run again as a child.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::*;
use crate::domain::fact::{Claim, Owner};

/// Environment variable that names the journal to a child process.
const JOURNAL: &str = "COUNTERMAND_TEST_JOURNAL";

/// Returns a command that runs one test of this folder in this binary.
pub(super) fn this_test(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        &format!("journal::sqlite::tests::{name}"),
        "--exact",
        "--nocapture",
    ]);
    command
}

/// Returns the journal of the parent, if this is a child.
fn parents() -> Option<std::path::PathBuf> {
    env::var_os(JOURNAL).map(Into::into)
}

/// Returns the claim of a process of this machine.
fn claim_of(pid: u32) -> Claim {
    let mut claim = a_claim();
    claim.by = Owner {
        host: Place::new(Path::new("")).host.unwrap(),
        pid,
        started: format!("{pid} began").as_str().into(),
        ..owner()
    };
    claim
}

fn our_claim() -> Claim {
    claim_of(std::process::id())
}

/// Sends a word to the parent, past the output of the test harness.
fn send_word(word: &str) {
    let mut out = io::stdout();
    write!(out, "\n@{word}\n").unwrap();
    out.flush().unwrap();
}

/// Blocks until the parent writes a line or is gone.
fn wait_for_parent() {
    io::stdin().lock().read_line(&mut String::new()).unwrap();
}

/// A child process, killed on drop.
struct Other {
    child: Child,
    reply: BufReader<ChildStdout>,
    hears: ChildStdin,
}

impl Other {
    fn run(name: &str, path: &Path) -> Self {
        let mut child = this_test(name)
            .env(JOURNAL, path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let reply = BufReader::new(child.stdout.take().unwrap());
        let hears = child.stdin.take().unwrap();
        Self { child, reply, hears }
    }

    fn reply(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.reply.read_line(&mut line).unwrap(),
                0,
                "it ended without a word"
            );
            if let Some(word) = line.strip_prefix('@') {
                return word.trim_end().to_owned();
            }
        }
    }

    fn go_on(&mut self) {
        self.hears.write_all(b"go\n").unwrap();
    }

    /// Kills the child before it can close anything.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn one_of_ten_processes_gets_the_claim() {
    if let Some(path) = parents() {
        let journal = SqliteJournal::open(&path, MEANING).unwrap();
        send_word("ready");
        wait_for_parent();
        match journal.claim(&our_claim(), AT).await.unwrap() {
            Claimed::New(ours) => send_word(&format!("new {}", ours.id)),
            Claimed::Taken(theirs) => send_word(&format!("taken {}", theirs.id)),
        }
        wait_for_parent();
        return;
    }
    let (_folder, path) = place();
    let mut others: Vec<_> = (0..10)
        .map(|_| Other::run("processes::one_of_ten_processes_gets_the_claim", &path))
        .collect();
    for other in &mut others {
        assert_eq!(other.reply(), "ready");
    }
    others.iter_mut().for_each(Other::go_on);
    let replies: Vec<_> = others.iter_mut().map(Other::reply).collect();
    let (new, taken): (Vec<_>, Vec<_>) = replies.iter().partition(|word| word.starts_with("new"));
    let [winner] = new[..] else {
        panic!("{replies:?}");
    };
    let joined = winner.replace("new", "taken");
    assert!(taken.iter().all(|word| **word == joined), "{replies:?}");
}

#[tokio::test]
async fn claim_of_a_killed_process_is_free_at_the_next_look() {
    if let Some(path) = parents() {
        let journal = SqliteJournal::open(&path, MEANING).unwrap();
        claimed(&journal, &our_claim()).await;
        send_word("claimed");
        wait_for_parent();
        return;
    }
    let (_folder, path) = place();
    let mut other = Other::run(
        "processes::claim_of_a_killed_process_is_free_at_the_next_look",
        &path,
    );
    assert_eq!(other.reply(), "claimed");
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let Claimed::Taken(theirs) = journal.claim(&our_claim(), AT).await.unwrap() else {
        panic!("the other process has it");
    };
    assert_eq!(theirs.by, claim_of(other.child.id()).by);
    assert_eq!(journal.life(&theirs.by).await, Life::Lives);
    other.kill();
    assert_eq!(journal.life(&theirs.by).await, Life::Gone);
    settled(&journal, &theirs.id, Verdict::NotSent).await;
    claimed(&journal, &our_claim()).await;
}

/// Rolls back the part that an interrupted record had written.
#[tokio::test]
async fn process_killed_during_a_record_leaves_the_previous_state() {
    if let Some(path) = parents() {
        let journal = SqliteJournal::open(&path, MEANING).unwrap();
        let mut access = journal.shared.access.lock().unwrap();
        let access = access.as_mut().unwrap();
        let connection = access.readable(&journal.shared.place).unwrap();
        // With so little space for pages, the record reaches the file before its commit.
        connection
            .execute_batch(
                "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; DROP TRIGGER facts_stand;
                 UPDATE facts SET at = 'never', fact = json_quote(hex(zeroblob(9000)));
                 UPDATE cancellations SET profile = hex(zeroblob(9000));",
            )
            .unwrap();
        send_word("half way");
        wait_for_parent();
        return;
    }
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    for offer in ["a", "b", "c"] {
        let id = claimed(&journal, &claim_on(offer)).await.id;
        sent(&journal, &id, 1).await;
    }
    let before = journal.history(9).await.unwrap();
    let bytes = fs::read(&path).unwrap();
    let mut other = Other::run(
        "processes::process_killed_during_a_record_leaves_the_previous_state",
        &path,
    );
    assert_eq!(other.reply(), "half way");
    other.kill();
    assert!(path.with_extension("sqlite3-journal").exists());
    assert_ne!(
        fs::metadata(&path).unwrap().len(),
        bytes.len() as u64,
        "it had begun to write"
    );
    assert_eq!(journal.history(9).await.unwrap(), before);
    drop(journal);
    assert_eq!(
        SqliteJournal::open(&path, MEANING)
            .unwrap()
            .history(9)
            .await
            .unwrap(),
        before
    );
}

#[tokio::test]
async fn two_processes_record_concurrently() {
    const EACH: usize = 60;
    if let Some(path) = parents() {
        let journal = SqliteJournal::open(&path, MEANING).unwrap();
        send_word("ready");
        wait_for_parent();
        let id = claimed(&journal, &claim_on("theirs")).await.id;
        for _ in 0..EACH {
            journal.append(&id, observed("running"), AT).await.unwrap();
        }
        send_word("done");
        return;
    }
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let mut other = Other::run("processes::two_processes_record_concurrently", &path);
    assert_eq!(other.reply(), "ready");
    other.go_on();
    let id = claimed(&journal, &claim_on("ours")).await.id;
    for _ in 0..EACH {
        journal.append(&id, observed("running"), AT).await.unwrap();
        journal.history(9).await.unwrap();
    }
    assert_eq!(other.reply(), "done");
    let both = journal.history(9).await.unwrap();
    assert_eq!(
        both.iter().map(|found| found.facts.len()).collect::<Vec<_>>(),
        [EACH + 1; 2]
    );
}
