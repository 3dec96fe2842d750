//! Properties of the file: it outlives its process, and is shared, private, and reported when in trouble.

mod damage;
mod owners;
mod power;
mod processes;
mod reading;
mod taken_away;
mod trouble;
mod unreadable;
mod versions;

use std::{fs, path::Path};

use rusqlite::Connection;
use tempfile::TempDir;

use super::place::Place;
use crate::{
    domain::{
        cancellation::{Cancellation, tests::owner},
        fact::Fact,
        verdict::{Ending, Verdict},
    },
    engine::ports::{Claimed, Journal as _, Life},
    journal::{
        SqliteJournal,
        contract::{AT, a_claim, answer, claim_on, claimed, observed, sent, settled},
    },
    service::cpp::MEANING,
};

/// Creates a temporary folder, and returns the path of a journal in it.
fn place() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state").join("journal.sqlite3");
    (folder, path)
}

fn refusal(path: &Path) -> String {
    SqliteJournal::open(path, MEANING).unwrap_err().to_string()
}

/// Opens like another process, which does not know the files that this one has set aside.
fn next_start(path: &Path) -> Result<SqliteJournal, String> {
    SqliteJournal::open_at(Place::new(path), MEANING).map_err(|fault| fault.of(path).to_string())
}

/// Makes the disk full for `connection`'s file beyond `pages` of 4 KiB.
fn full_at(journal: &SqliteJournal, pages: u32) {
    let mut access = journal.shared.access.lock().unwrap();
    let access = access.as_mut().unwrap();
    let (connection, _) = access.writable(&journal.shared.place).unwrap();
    connection
        .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        .unwrap();
}

fn pragma(path: &Path, name: &str) -> i64 {
    let connection = Connection::open(path).unwrap();
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .unwrap()
}

#[tokio::test]
async fn facts_fold_to_the_same_state_after_a_restart() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let followed = claimed(&journal, &a_claim()).await.id;
    sent(&journal, &followed, 1).await;
    for fact in [answer(202), observed("running")] {
        journal.append(&followed, fact, AT).await.unwrap();
    }
    settled(&journal, &followed, Verdict::Pending).await;
    let ended = claimed(&journal, &claim_on("contoso-app")).await.id;
    settled(&journal, &ended, Verdict::NothingRunning).await;
    let before = journal.history(9).await.unwrap();
    drop(journal);

    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    assert_eq!(journal.history(9).await.unwrap(), before);
    let target = a_claim().request.target;
    let open = journal.open(&target.origin, &target.publisher).await.unwrap();
    assert_eq!(open, before[1..]);
    assert_eq!(
        journal.claim(&a_claim(), AT).await.unwrap(),
        Claimed::Taken(before[1].clone())
    );
    let next = journal.append(&followed, observed("canceled"), AT).await.unwrap();
    assert!(next.number > before[0].newest(), "numbers are never given twice");
}

/// Copies the file as a process leaves it that is killed the moment a call has resolved.
#[tokio::test]
async fn facts_survive_a_process_that_never_closes() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    sent(&journal, &id, 1).await;

    let left = path.with_extension("left");
    fs::copy(&path, &left).unwrap();
    assert_eq!(
        fs::read_dir(path.parent().unwrap()).unwrap().count(),
        4,
        "the journal, its guard, its owners, and nothing to roll back"
    );
    let facts = SqliteJournal::open(&left, MEANING)
        .unwrap()
        .facts(&id, 0)
        .await
        .unwrap();
    assert_eq!(facts, journal.facts(&id, 0).await.unwrap());
    assert!(matches!(facts[1].fact, Fact::Sending { attempt: 1, .. }));
}

/// Opens many connections to one file, and tries the same on each at once.
async fn race<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    path: &Path,
    attempt: impl Fn(SqliteJournal) -> F,
) -> Vec<T> {
    let racers: Vec<_> = (0..8)
        .map(|_| SqliteJournal::open(path, MEANING).unwrap())
        .map(|journal| tokio::spawn(attempt(journal)))
        .collect();
    let mut results = Vec::new();
    for racer in racers {
        results.push(racer.await.unwrap());
    }
    results
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_connections_gets_the_claim() {
    let (_folder, path) = place();
    let results = race(&path, |journal| async move {
        journal.claim(&a_claim(), AT).await.unwrap()
    })
    .await;
    let (new, taken): (Vec<_>, Vec<_>) = results
        .into_iter()
        .partition(|result| matches!(result, Claimed::New(_)));
    let [Claimed::New(winner)] = &new[..] else {
        panic!("{new:?} were claimed");
    };
    assert_eq!(taken.len(), 7);
    assert!(
        taken
            .iter()
            .all(|result| *result == Claimed::Taken(winner.clone()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_connections_begins_sending() {
    let (_folder, path) = place();
    let id = claimed(&SqliteJournal::open(&path, MEANING).unwrap(), &a_claim())
        .await
        .id;
    let begun = race(&path, |journal| {
        let id = id.clone();
        async move { journal.begin_sending(&id, 1, &owner(), AT).await.unwrap() }
    })
    .await;
    assert_eq!(begun.into_iter().flatten().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_connections_settles_and_all_get_its_ending() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    sent(&journal, &id, 1).await;
    journal.append(&id, answer(202), AT).await.unwrap();
    let results = race(&path, |journal| {
        let id = id.clone();
        async move {
            let ending = Ending::new(Verdict::Canceled).because(format!("{:?}", std::thread::current().id()));
            journal.settle(&id, ending, AT).await.unwrap()
        }
    })
    .await;
    assert!(
        results.iter().all(|recorded| *recorded == results[0]),
        "{results:?}"
    );
    assert_eq!(journal.facts(&id, 0).await.unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn journal_is_created_once_by_many() {
    let (_folder, path) = place();
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::task::spawn_blocking(move || SqliteJournal::open(&path, MEANING).map(drop))
        })
        .collect();
    for opened in opening {
        opened.await.unwrap().unwrap();
    }
}

/// Requires that a record under way counts as running: a paused clock jumps to the next deadline as soon as nothing
/// runs.
#[tokio::test(start_paused = true)]
async fn paused_clock_waits_for_the_disk() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let claim = a_claim();
    let moment = std::time::Duration::from_millis(1);
    let claiming = tokio::time::timeout(moment, journal.claim(&claim, AT)).await;
    assert!(matches!(claiming, Ok(Ok(Claimed::New(_)))), "{claiming:?}");
}

#[tokio::test]
async fn work_completes_without_its_caller() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let claim = a_claim();
    let mut call = journal.claim(&claim, AT);
    assert!(futures_util::poll!(&mut call).is_pending());
    drop(call);
    let recorded = async {
        loop {
            if let Some(found) = journal.history(1).await.unwrap().pop() {
                return found;
            }
        }
    };
    let guard = std::time::Duration::from_mins(1);
    let found = tokio::time::timeout(guard, recorded).await.expect("it was lost");
    assert_eq!(found.request, claim.request);
}

#[test]
fn commits_are_synchronous_and_the_file_is_marked() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let pragma_value = |name| {
        let mut access = journal.shared.access.lock().unwrap();
        let access = access.as_mut().unwrap();
        let connection = access.readable(&journal.shared.place).unwrap();
        connection
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .unwrap()
    };
    assert_eq!(pragma_value("synchronous"), 3.into());
    assert_eq!(pragma_value("foreign_keys"), 1.into());
    assert_eq!(pragma_value("journal_mode"), "delete".to_owned().into());
    assert!(matches!(
        pragma_value("busy_timeout"),
        rusqlite::types::Value::Integer(1000..)
    ));
    assert_eq!(
        pragma(&path, "application_id"),
        i64::from(u32::from_be_bytes(*b"CMND"))
    );
    assert_eq!(pragma(&path, "user_version"), 2);
}

#[tokio::test]
async fn facts_cannot_be_changed_or_removed() {
    let (_folder, path) = place();
    claimed(&SqliteJournal::open(&path, MEANING).unwrap(), &a_claim()).await;
    let connection = Connection::open(&path).unwrap();
    for tampering in [
        "UPDATE facts SET at = '1970-01-01T00:00:00Z'",
        "DELETE FROM facts",
    ] {
        let error = connection.execute(tampering, []).unwrap_err().to_string();
        assert!(error.contains("a fact is never"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn file_and_folder_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (folder, path) = place();
    SqliteJournal::open(&path, MEANING).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    SqliteJournal::open(&path, MEANING).unwrap();
    assert_eq!(mode(&path), 0o600, "an old file is closed to others");
    assert_eq!(
        mode(folder.path()),
        0o755,
        "a folder that was there is not ours to change"
    );
}

/// Creates a place in memory, where the system has one, for tests that are not about the disk.
fn quick_place() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap());
    let path = folder.path().join("state").join("journal.sqlite3");
    (folder, path)
}

#[tokio::test]
async fn long_history_is_complete_and_ordered() {
    let (_folder, path) = quick_place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let mut ids = Vec::new();
    for n in 0..2 * super::AT_ONCE {
        ids.push(claimed(&journal, &claim_on(&n.to_string())).await.id);
    }
    ids.reverse();
    for limit in [1, 199, 200, 201, 399, 400, 401, u32::MAX] {
        let results = journal.history(limit).await.unwrap();
        let expected = &ids[..ids.len().min(usize::try_from(limit).unwrap())];
        let results: Vec<_> = results.into_iter().map(|found| found.id).collect();
        assert_eq!(results, expected, "{limit}");
    }
}

/// Bounds the cost of a query by its answer, with a hundred thousand cancellations.
#[test]
fn queries_read_no_more_than_they_return() {
    use super::sqlite_ledger::{FACTS, HISTORY, HOLDER, OPEN};
    let (_folder, path) = place();
    drop(SqliteJournal::open(&path, MEANING).unwrap());
    let connection = Connection::open(&path).unwrap();
    for (question, answered_by) in [
        (
            OPEN,
            "SEARCH cancellations USING INDEX open_cancellations (origin=? AND publisher=?)",
        ),
        (
            HISTORY,
            "SEARCH cancellations USING INTEGER PRIMARY KEY (rowid<?)",
        ),
        (
            HOLDER,
            "SEARCH cancellations USING INDEX one_claim_a_target (origin=? AND publisher=? AND offer=? AND binding=?)",
        ),
        (
            FACTS,
            "SEARCH facts USING INDEX facts_of_a_cancellation (cancellation=? AND number>?)",
        ),
    ] {
        let mut plan = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {question}"))
            .unwrap();
        let parameters = vec![1; plan.parameter_count()];
        let steps = plan
            .query_map(rusqlite::params_from_iter(parameters), |row| {
                row.get::<_, String>(3)
            })
            .unwrap();
        // The history is read from its end, in order, up to its limit: one step, and no sorting.
        assert_eq!(
            steps.collect::<Result<Vec<_>, _>>().unwrap(),
            [answered_by],
            "{question}"
        );
    }
}
