//! Reading needs no right to write, and an interrupted record is not shown as complete.

use super::*;
use crate::{engine::ports::JournalFailure, journal::sqlite::access::Access};

/// Creates the rollback journal of an interrupted record, and the file with half of that record.
fn break_off(path: &Path) {
    let (journal, copy) = (Place::new(path).beside("-journal"), path.with_extension("torn"));
    let mut connection = Connection::open(path).unwrap();
    // Pages go to the file before the end, as with a large record.
    connection.pragma_update(None, "cache_size", 1).unwrap();
    connection.pragma_update(None, "cache_spill", 1).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute_batch("CREATE TABLE torn (text); INSERT INTO torn VALUES (randomblob(400000)); UPDATE owners SET name = name || 'x'")
        .unwrap();
    let torn = fs::read(&journal).unwrap();
    assert!(!torn.is_empty());
    fs::copy(path, &copy).unwrap();
    transaction.rollback().unwrap();
    drop(connection);
    fs::rename(&copy, path).unwrap();
    fs::write(&journal, torn).unwrap();
}

#[tokio::test]
async fn interrupted_record_blocks_reading_until_rolled_back() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    claimed(&journal, &a_claim()).await;
    drop(journal);
    break_off(&path);
    let place = Place::new(&path);
    let fault = super::super::access::read(&place).err().unwrap();
    let text = fault.of(&path).to_string();
    assert!(text.contains("broke off half way"), "{text}");
    // A writer rolls it back.
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    assert_eq!(journal.history(9).await.unwrap().len(), 1);
    drop(journal);
    assert!(matches!(
        super::super::access::read(&place),
        Ok(Access::Reading(_))
    ));
}

#[test]
fn missing_journal_reads_as_empty_and_is_not_created() {
    let (_folder, path) = place();
    let place = Place::new(&path);
    assert!(matches!(super::super::access::read(&place), Ok(Access::Empty(_))));
    assert!(!path.parent().unwrap().exists());
}

#[tokio::test]
async fn a_deferred_one_is_opened_by_the_first_call_and_tried_again_by_the_next() {
    let (folder, path) = place();
    let state = folder.path().join("state");
    fs::write(&state, "no folder").unwrap();
    let journal = SqliteJournal::deferred(&path, MEANING);
    let refused = journal.history(9).await.unwrap_err().to_string();
    assert!(refused.contains("journal.sqlite3"), "{refused}");
    fs::remove_file(&state).unwrap();
    assert!(!path.exists());
    assert_eq!(journal.history(9).await, Ok(Vec::new()));
    assert!(path.exists());
}

#[tokio::test]
async fn where_there_is_no_place_for_one_every_call_says_why() {
    let journal = SqliteJournal::nowhere(JournalFailure("set HOME".into()), MEANING);
    for _ in 0..2 {
        assert_eq!(
            journal.history(9).await.unwrap_err().to_string(),
            "journal: set HOME"
        );
    }
    assert_eq!(journal.unreadable().await, []);
    assert_eq!(journal.life(&owner()).await, Life::Unknown);
}
