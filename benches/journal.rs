//! Cost of a journal: opening, listing, and recording, when it is small and with 100,000 cancellations in it.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot be set up has nothing to measure"
)]

use std::path::{Path, PathBuf};

use countermand::{
    domain::{
        answer::Answer,
        confirmation::{Request, Shown},
        fact::{Claim, Fact, Observation, Owner, PreflightResult, Via},
        ids::{CancellationId, Origin},
        operation::Destination,
        target::{Binding, Target},
        verdict::{Ending, Verdict},
    },
    engine::ports::{Claimed, Journal as _, Life},
    journal::SqliteJournal,
    service::cpp::{self, status},
};
use divan::Bencher;
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const AT: Timestamp = Timestamp::UNIX_EPOCH;
/// Sizes of the journals; one of 2,000 is still checked page by page when it is opened.
const SIZES: [u32; 3] = [20, 2_000, 100_000];
const OPEN: u32 = 20;

fn main() {
    divan::main();
}

fn claim(offer: &str) -> Claim {
    Claim {
        request: Request {
            target: Target {
                origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
                publisher: "contoso".into(),
                offer: offer.into(),
                binding: Binding::Operation("5a63deb5-0000-1000-0000-000000000000".into()),
            },
            profile: "prod".into(),
            shown: Shown {
                kind: "publish".into(),
                destination: Destination::Preview,
                state: status("running"),
                step: Some("Certification".into()),
                changed_at: Some(AT),
            },
            notify: Vec::new(),
            again_of: None,
        },
        by: owner(),
    }
}

fn owner() -> Owner {
    Owner {
        user: "ada".into(),
        host: "jump".into(),
        pid: 7,
        started: "2026-11-22T12:04:31.123456789Z".into(),
    }
}

/// A journal and the runtime that its calls need.
struct TestApp {
    _folder: TempDir,
    path: PathBuf,
    runtime: Runtime,
}

impl TestApp {
    /// Creates a journal with `count` cancellations, of which the newest are open.
    fn with(count: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite3");
        let runtime = Runtime::new().unwrap();
        let journal = SqliteJournal::open(&path, countermand::service::cpp::MEANING).unwrap();
        let cancellation = runtime.block_on(carried_through(&journal, "pattern"));
        drop(journal);
        multiply(&path, &cancellation, count);
        Self {
            _folder: folder,
            path,
            runtime,
        }
    }

    fn journal(&self) -> SqliteJournal {
        SqliteJournal::open(&self.path, countermand::service::cpp::MEANING).unwrap()
    }
}

/// Records an accepted cancellation from its claim to its verdict.
async fn carried_through(journal: &SqliteJournal, offer: &str) -> CancellationId {
    let Claimed::New(cancellation) = journal.claim(&claim(offer), AT).await.unwrap() else {
        unreachable!("every offer is claimed once");
    };
    let id = cancellation.id;
    let looked = Fact::Looked(PreflightResult::default());
    journal.append(&id, looked, AT).await.unwrap();
    journal
        .begin_sending(&id, 1, &owner(), AT)
        .await
        .unwrap()
        .unwrap();
    let answered = Fact::Answered(Answer {
        correlation_id: Some("0b6c5c4e-7a1b-4c5e-9f7e-0a1b2c3d4e5f".into()),
        ..cpp::answer(202, false)
    });
    journal.append(&id, answered, AT).await.unwrap();
    for state in ["running", "canceled"] {
        let observed = Fact::Observed(Observation {
            state: status(state),
            via: Via::Operation,
        });
        journal.append(&id, observed, AT).await.unwrap();
    }
    journal
        .settle(&id, Ending::new(Verdict::Canceled), AT)
        .await
        .unwrap();
    id
}

/// Copies the pattern cancellation without waiting for the disk.
fn multiply(path: &Path, pattern: &CancellationId, count: u32) {
    let connection = Connection::open(path).unwrap();
    let id = pattern.raw();
    connection
        .execute_batch(&format!(
            "PRAGMA synchronous = OFF;
             BEGIN;
             CREATE TEMP TABLE counted AS
               WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < {count}) SELECT n FROM n;
             INSERT INTO cancellations (id, profile, origin, publisher, offer, binding, user, host, claimed_at,
                                        verdict, is_open, holds_claim)
               SELECT format('%016x', n), profile, origin, publisher, 'offer-' || n, binding, user, host, claimed_at,
                      iif(n > {count} - {OPEN}, NULL, verdict), n > {count} - {OPEN}, n > {count} - {OPEN}
               FROM counted, cancellations WHERE id = '{id}' ORDER BY n;
             INSERT INTO facts (cancellation, at, fact)
               SELECT format('%016x', n), at, fact FROM counted, facts
               WHERE cancellation = '{id}' AND (n <= {count} - {OPEN} OR fact ->> '$.fact' != 'settled')
               ORDER BY n, number;
             UPDATE cancellations SET newest = (SELECT max(number) FROM facts WHERE cancellation = id);
             COMMIT;"
        ))
        .unwrap();
}

/// Measures a start: open the file, and read the open cancellations.
#[divan::bench(args = SIZES)]
fn start(bencher: Bencher<'_, '_>, count: u32) {
    let desk = TestApp::with(count);
    let target = claim("any").request.target;
    bencher.bench_local(|| {
        let journal = desk.journal();
        let open = desk
            .runtime
            .block_on(journal.open(&target.origin, &target.publisher));
        assert_eq!(
            open.unwrap().len(),
            usize::try_from(OPEN).unwrap().min(count as usize - 1)
        );
    });
}

#[divan::bench(args = SIZES)]
fn open_ones(bencher: Bencher<'_, '_>, count: u32) {
    let desk = TestApp::with(count);
    let journal = desk.journal();
    let target = claim("any").request.target;
    bencher.bench_local(|| {
        let open = journal.open(&target.origin, &target.publisher);
        desk.runtime.block_on(open).unwrap()
    });
}

#[divan::bench(args = [50, 1_000])]
fn history_of_100_000(bencher: Bencher<'_, '_>, limit: u32) {
    let desk = TestApp::with(100_000);
    let journal = desk.journal();
    bencher.bench_local(|| {
        let history = desk.runtime.block_on(journal.history(limit)).unwrap();
        assert_eq!(history.len(), limit as usize);
        history
    });
}

/// Measures recording one fact, on the disk.
#[divan::bench(args = SIZES)]
fn record(bencher: Bencher<'_, '_>, count: u32) {
    let desk = TestApp::with(count);
    let journal = desk.journal();
    let claimed = desk
        .runtime
        .block_on(journal.claim(&claim("recorded"), AT))
        .unwrap();
    let Claimed::New(cancellation) = claimed else {
        unreachable!("nobody else has it");
    };
    bencher.bench_local(|| {
        let looked = Fact::Looked(PreflightResult::default());
        desk.runtime
            .block_on(journal.append(&cancellation.id, looked, AT))
            .unwrap()
    });
}

/// Measures checking the liveness of a claim's process.
#[divan::bench]
fn life(bencher: Bencher<'_, '_>) {
    let desk = TestApp::with(20);
    let journal = desk.journal();
    let host = rustix::system::uname();
    let owner = Owner {
        host: host.nodename().to_str().unwrap().into(),
        ..owner()
    };
    let mut claim = claim("recorded");
    claim.by = owner.clone();
    desk.runtime.block_on(journal.claim(&claim, AT)).unwrap();
    let other = desk.journal();
    bencher.bench_local(|| assert_eq!(desk.runtime.block_on(other.life(&owner)), Life::Lives));
}
