//! Simulated power cuts: at every commit the files as a cut can leave them, and files truncated as no power cut would.
//!
//! The rollback journal of each commit is kept by a second name. While it is written the database is unchanged; when it
//! is complete, any part of the change may have reached the database; when it is gone, all of it has.
//! is complete, any part of the change may have reached the database; when it is gone, all of it has.

use rusqlite::TransactionBehavior;

use super::*;
use crate::{
    domain::cancellation::Cancellation,
    journal::{fault::Fault, rules, sqlite::sqlite_ledger::SqliteLedger},
};

const PAGE: usize = 4096;
const SECTOR: usize = 512;
/// Offset at which a rollback journal counts its pages; zero until they are on the disk.
const COUNT: std::ops::Range<usize> = 8..12;

/// One commit: the file and its history before and after, and the rollback journal between.
struct Commit {
    before: (Vec<u8>, Vec<Cancellation>),
    after: (Vec<u8>, Vec<Cancellation>),
    rollback: Vec<u8>,
}

/// A journal that keeps the possible remains of a power cut at each of its commits.
struct Recorder {
    _folder: TempDir,
    path: std::path::PathBuf,
    journal: SqliteJournal,
    commits: Vec<Commit>,
}

impl Recorder {
    fn new() -> Self {
        let (folder, path) = place();
        let journal = SqliteJournal::open(&path, MEANING).unwrap();
        Self {
            _folder: folder,
            path,
            journal,
            commits: Vec::new(),
        }
    }

    async fn state(&self) -> (Vec<u8>, Vec<Cancellation>) {
        let history = self.journal.history(u32::MAX).await.unwrap();
        (fs::read(&self.path).unwrap(), history)
    }

    async fn record<T>(&mut self, work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault>) -> T {
        let before = self.state().await;
        let kept = self.path.with_extension("kept");
        let shared = &self.journal.shared;
        let done = shared.attempt(TransactionBehavior::Immediate, |book| {
            let done = work(book)?;
            fs::hard_link(shared.place.beside("-journal"), &kept).unwrap();
            Ok(done)
        });
        let rollback = fs::read(&kept).unwrap();
        fs::remove_file(kept).unwrap();
        let after = self.state().await;
        self.commits.push(Commit {
            before,
            after,
            rollback,
        });
        done.unwrap()
    }

    /// Records two cancellations from their claims to an ending, with enough facts to split pages.
    async fn some_commits() -> Vec<Commit> {
        let mut recorder = Self::new();
        for (offer, verdict) in [
            ("contoso-vm", Verdict::Canceled),
            ("contoso-app", Verdict::Pending),
        ] {
            let claim = claim_on(offer);
            let claimed = recorder.record(|book| rules::claim(book, &claim, AT)).await;
            let Claimed::New(Cancellation { id, .. }) = claimed else {
                panic!("{offer} is taken");
            };
            recorder
                .record(|book| rules::begin_sending(book, &id, 1, &owner(), AT))
                .await;
            for fact in [
                answer(202),
                observed("running"),
                observed(&"x".repeat(4000)),
                observed("canceled"),
            ] {
                recorder.record(|book| rules::append(book, &id, fact, AT)).await;
            }
            recorder
                .record(|book| rules::settle(book, &id, Ending::new(verdict), AT))
                .await;
        }
        recorder.commits
    }
}

/// Starts on these bytes: returns the full history, or the reason for refusing.
async fn restarted(database: &[u8], rollback: Option<&[u8]>) -> Result<Vec<Cancellation>, String> {
    let (_folder, path) = quick_place();
    fs::create_dir_all(path.with_file_name("owners")).unwrap();
    fs::write(&path, database).unwrap();
    if let Some(rollback) = rollback {
        fs::write(path.with_extension("sqlite3-journal"), rollback).unwrap();
    }
    let journal = next_start(&path).inspect_err(|text| {
        assert!(text.contains("set aside as"), "{text}");
        let aside = path.with_file_name("journal.sqlite3.damaged-1");
        assert!(fs::metadata(aside).unwrap().is_file());
    })?;
    let history = journal.history(u32::MAX).await.unwrap();
    let target = a_claim().request.target;
    let mut open = journal.open(&target.origin, &target.publisher).await.unwrap();
    open.reverse();
    let left_open: Vec<_> = history.iter().filter(|found| found.is_open()).cloned().collect();
    assert_eq!(open, left_open);
    assert_eq!(journal.unreadable().await, []);
    Ok(history)
}

/// Pseudo-random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}

/// Returns offsets to cut `bytes` at: before every page of `page` bytes after a header, in the last of them, and
/// anywhere.
fn cuts(bytes: &[u8], header: usize, page: usize, dice: &mut Dice) -> Vec<usize> {
    let boundaries = std::iter::once(0).chain((header..=bytes.len()).step_by(page));
    let anywhere = (0..6).map(|_| dice.below(bytes.len())).collect::<Vec<_>>();
    let in_the_last = [bytes.len() - page / 2, bytes.len() - 1];
    boundaries.chain(in_the_last).chain(anywhere).collect()
}

/// Returns the sectors in which both differ, in order.
fn changed_sectors(before: &[u8], after: &[u8]) -> Vec<usize> {
    let end = before.len().max(after.len());
    (0..end)
        .step_by(SECTOR)
        .filter(|at| before.get(*at..at + SECTOR) != after.get(*at..at + SECTOR))
        .collect()
}

/// Returns `before` with some sectors of `after` in it.
fn mixed(before: &[u8], after: &[u8], sectors: impl IntoIterator<Item = usize>) -> Vec<u8> {
    let mut mixed = before.to_vec();
    for at in sectors {
        let sector = &after[at..at + SECTOR];
        mixed.resize(mixed.len().max(at + SECTOR), 0);
        mixed[at..at + SECTOR].copy_from_slice(sector);
    }
    mixed
}

#[tokio::test]
async fn cut_while_writing_the_rollback_journal_changes_nothing() {
    let dice = &mut Dice(1);
    for (n, commit) in Recorder::some_commits().await.iter().enumerate() {
        let (database, history) = &commit.before;
        let mut uncounted = commit.rollback.clone();
        uncounted[COUNT].fill(0);
        for rollback in [&commit.rollback, &uncounted] {
            for cut in cuts(rollback, SECTOR, PAGE + 8, dice) {
                let found = restarted(database, Some(&rollback[..cut])).await;
                assert_eq!(found.as_ref(), Ok(history), "commit {n}, cut at {cut}");
            }
        }
    }
}

#[tokio::test]
async fn cut_while_writing_the_database_is_rolled_back() {
    let dice = &mut Dice(2);
    for (n, commit) in Recorder::some_commits().await.iter().enumerate() {
        let (before, history) = &commit.before;
        let after = &commit.after.0;
        let changed = changed_sectors(before, after);
        assert!(!changed.is_empty());
        let in_order = (0..=changed.len()).step_by(3).map(|end| changed[..end].to_vec());
        let any = (0..6).map(|_| changed.iter().copied().filter(|_| dice.below(2) == 0).collect());
        for sectors in in_order.chain(any.collect::<Vec<Vec<_>>>()) {
            let database = mixed(before, after, sectors.iter().copied());
            let found = restarted(&database, Some(&commit.rollback)).await;
            assert_eq!(found.as_ref(), Ok(history), "commit {n}, sectors at {sectors:?}");
        }
    }
}

#[tokio::test]
async fn cut_after_a_commit_loses_nothing() {
    for (n, commit) in Recorder::some_commits().await.iter().enumerate() {
        let (database, history) = &commit.after;
        assert_eq!(
            restarted(database, None).await.as_ref(),
            Ok(history),
            "commit {n}"
        );
        assert_ne!(history, &commit.before.1);
    }
}

/// Covers cuts beyond a power loss, as by a broken disk: all acknowledged facts are there, or their loss is reported.
#[tokio::test]
async fn truncated_file_is_complete_or_set_aside() {
    let dice = &mut Dice(3);
    let commits = Recorder::some_commits().await;
    let last = commits.last().unwrap();
    let (whole, history) = &last.after;
    for cut in cuts(whole, 0, PAGE, dice) {
        let found = restarted(&whole[..cut], None).await;
        assert_eq!(found.is_ok(), cut == whole.len(), "cut at {cut}");
        if let Ok(found) = found {
            assert_eq!(&found, history);
        }
    }
    for commit in commits.iter().step_by(3) {
        for cut in cuts(&commit.after.0, 0, PAGE, dice) {
            let cut_off = &commit.after.0[..cut];
            for end in cuts(&commit.rollback, SECTOR, PAGE + 8, dice) {
                let found = restarted(cut_off, Some(&commit.rollback[..end])).await;
                if let Ok(found) = found {
                    let is_one = found == commit.before.1 || found == commit.after.1;
                    assert!(is_one, "cut at {cut} and {end}: {found:?}");
                }
            }
        }
    }
}

/// Covers bytes changed anywhere: every cancellation is there, or reported as unreadable.
#[tokio::test]
async fn changed_bytes_hide_no_cancellation() {
    let dice = &mut Dice(4);
    let commits = Recorder::some_commits().await;
    let (whole, history) = &commits.last().unwrap().after;
    for _ in 0..200 {
        let (_folder, path) = quick_place();
        fs::create_dir_all(path.with_file_name("owners")).unwrap();
        let mut changed = whole.clone();
        for _ in 0..=dice.below(3) {
            changed[dice.below(whole.len())] ^= 1 << dice.below(8);
        }
        fs::write(&path, changed).unwrap();
        let Ok(journal) = next_start(&path) else {
            continue;
        };
        let Ok(found) = journal.history(u32::MAX).await else {
            continue;
        };
        assert_eq!(found.len() + journal.unreadable().await.len(), history.len());
    }
}
