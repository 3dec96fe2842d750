//! Journals of other versions.

use super::*;

/// A file as version 1 left it.
fn first_version(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(include_str!("version_1.sql")).unwrap();
}

#[tokio::test]
async fn a_journal_of_the_first_version_keeps_its_facts_and_its_claims() {
    let (_folder, path) = place();
    first_version(&path);
    let facts = |path: &Path| -> Vec<(i64, String)> {
        let connection = Connection::open(path).unwrap();
        let mut all = connection
            .prepare("SELECT number, fact FROM facts ORDER BY number")
            .unwrap();
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let before = facts(&path);
    assert_eq!(before.len(), 7);

    let journal = SqliteJournal::open(&path).unwrap();
    assert_eq!(facts(&path), before);
    assert_eq!(pragma(&path, "user_version"), 2);
    let history = journal.history(9).await.unwrap();
    let verdicts: Vec<_> = history.iter().map(|found| found.verdict().unwrap()).collect();
    assert_eq!(verdicts, [Verdict::NothingRunning, Verdict::Pending]);
    let claim = journal.claim(&a_claim(), AT).await.unwrap();
    assert_eq!(claim, Claimed::Taken(history[1].clone()));
    let next = claimed(&journal, &claim_on("contoso-app")).await;
    assert_eq!(next.newest(), 8);
}

#[tokio::test]
async fn an_old_journal_and_a_new_one_have_the_same_tables() {
    let (_folder, old) = place();
    let (_another, new) = place();
    first_version(&old);
    let tables = |path: &Path| -> Vec<String> {
        drop(SqliteJournal::open(path).unwrap());
        let connection = Connection::open(path).unwrap();
        let mut all = connection
            .prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
            .unwrap();
        let rows = all.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(tables(&old), tables(&new));
}

#[tokio::test]
async fn a_step_that_cannot_be_taken_leaves_the_journal_as_it_was() {
    let (_folder, path) = place();
    first_version(&path);
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE owners (something)")
        .unwrap();
    let before = fs::read(&path).unwrap();
    let text = refusal(&path);
    assert!(text.contains("already exists"), "{text}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    let (_folder, path) = place();
    drop(SqliteJournal::open(&path).unwrap());
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 3)
        .unwrap();
    let before = fs::read(&path).unwrap();
    let text = refusal(&path);
    assert!(
        text.contains("schema is 3 and this program knows 2") && text.contains("newer countermand"),
        "{text}"
    );
    assert!(text.contains("journal.sqlite3"), "{text}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_journal_that_a_newer_program_takes_further_is_left_alone_from_then_on() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 3).unwrap();
    let refusals = [
        journal.begin_sending(&id, 1, &owner(), AT).await.map(drop),
        journal.claim(&claim_on("another"), AT).await.map(drop),
        journal.history(9).await.map(drop),
    ];
    for refusal in refusals {
        let text = refusal.unwrap_err().to_string();
        assert!(text.contains("newer countermand"), "{text}");
    }
    newer.pragma_update(None, "user_version", 2).unwrap();
    assert_eq!(journal.facts(&id, 0).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_take_an_old_journal_further_at_once() {
    let (_folder, path) = place();
    first_version(&path);
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::task::spawn_blocking(move || SqliteJournal::open(&path).map(drop))
        })
        .collect();
    for opened in opening {
        opened.await.unwrap().unwrap();
    }
}
