//! Damaged files: set aside with all that belongs to them, told of, and not replaced in the same run.

use super::{owners::names, *};

const DAMAGED: &str = "journal.sqlite3.damaged-1";

/// A journal with something in it, closed; and what its file says.
async fn some_journal(path: &Path) -> Vec<u8> {
    let journal = SqliteJournal::open(path, MEANING).unwrap();
    for n in 0..20 {
        claimed(&journal, &claim_on(&n.to_string())).await;
    }
    drop(journal);
    fs::read(path).unwrap()
}

#[tokio::test]
async fn what_is_no_database_any_more_is_set_aside_and_kept() {
    for garbage in [
        &b"not a database at all"[..],
        &[0xff; 8192],
        &[0; 4096],
        b"SQLite format 3\0",
    ] {
        let (_folder, path) = place();
        some_journal(&path).await;
        fs::write(&path, garbage).unwrap();
        fs::write(path.with_extension("sqlite3-journal"), "a rollback journal").unwrap();
        let text = refusal(&path);
        assert!(text.contains("was damaged") && text.contains(DAMAGED), "{text}");
        assert!(
            text.contains("nothing is sent now") || text.contains("Nothing is sent now"),
            "{text}"
        );
        assert!(text.contains("countermand operations"), "{text}");
        let aside = path.with_file_name(DAMAGED);
        assert_eq!(fs::read(&aside).unwrap(), garbage);
        let kept = names(path.parent().unwrap());
        assert!(kept.contains(&format!("{DAMAGED}-owners")), "{kept:?}");
        assert!(!path.exists());
    }
}

#[tokio::test]
async fn this_run_sends_nothing_and_the_next_begins_anew() {
    let (_folder, path) = place();
    some_journal(&path).await;
    fs::write(&path, "garbage").unwrap();
    let first = refusal(&path);
    for _ in 0..2 {
        assert_eq!(refusal(&path), first, "as long as this process lives");
    }
    assert!(!path.exists());
    let journal = next_start(&path).unwrap();
    assert_eq!(journal.history(9).await.unwrap(), []);
    claimed(&journal, &a_claim()).await;
    drop(journal);

    fs::write(&path, "garbage again").unwrap();
    let text = next_start(&path).unwrap_err();
    assert!(text.contains("journal.sqlite3.damaged-2"), "{text}");
    assert_eq!(fs::read(path.with_file_name(DAMAGED)).unwrap(), b"garbage");
}

#[tokio::test]
async fn a_file_that_lost_everything_is_not_a_new_one() {
    let (_folder, path) = place();
    some_journal(&path).await;
    fs::write(&path, "").unwrap();
    let text = next_start(&path).unwrap_err();
    assert!(text.contains("it is empty, and was not"), "{text}");
    next_start(&path).unwrap();
}

#[tokio::test]
async fn a_rollback_journal_without_its_file_is_kept() {
    let (_folder, path) = place();
    some_journal(&path).await;
    fs::remove_file(&path).unwrap();
    fs::write(path.with_extension("sqlite3-journal"), "what it was").unwrap();
    let text = next_start(&path).unwrap_err();
    assert!(text.contains("its rollback journal is not"), "{text}");
    let kept = path.with_file_name(format!("{DAMAGED}-journal"));
    assert_eq!(fs::read(kept).unwrap(), b"what it was");
    next_start(&path).unwrap();
}

#[test]
fn a_file_that_was_never_a_journal_becomes_one_if_it_is_empty() {
    let (folder, _) = place();
    let path = folder.path().join("journal");
    fs::write(&path, "").unwrap();
    SqliteJournal::open(&path, MEANING).unwrap();
    assert_eq!(pragma(&path, "user_version"), 2);
}

#[test]
fn another_programs_database_is_left_alone() {
    let (folder, _) = place();
    let path = folder.path().join("journal");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE cookies (name)")
        .unwrap();
    let before = fs::read(&path).unwrap();
    let text = refusal(&path);
    assert!(text.contains("another program"), "{text}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

/// An index that has lost an entry would forget an open cancellation, and no page of it makes no sense.
#[tokio::test]
async fn an_index_that_lost_an_entry_is_damage() {
    let (_folder, path) = place();
    some_journal(&path).await;
    // The entries are dropped from the index alone: the index is built anew as if it asked for something else.
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(sql, 'is_open = 1', 'is_open = 0') WHERE name = 'open_cancellations';
             PRAGMA writable_schema = RESET;
             REINDEX open_cancellations;
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(sql, 'is_open = 0', 'is_open = 1') WHERE name = 'open_cancellations';
             PRAGMA writable_schema = RESET;",
        )
        .unwrap();
    drop(connection);
    let text = next_start(&path).unwrap_err();
    assert!(
        text.contains("open_cancellations") && text.contains(DAMAGED),
        "{text}"
    );
}

/// However large it is: this costs nothing.
#[tokio::test]
async fn a_file_without_its_last_byte_is_damaged() {
    let (_folder, path) = place();
    let whole = some_journal(&path).await;
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let large = Place {
        looked_through: 0,
        ..Place::new(&path)
    };
    let text = SqliteJournal::open_at(large, MEANING).err().unwrap().to_string();
    assert!(text.contains("it is cut off") && text.contains(DAMAGED), "{text}");
}

/// Every page of a small file is looked at when it is opened; of a large one, those that are read.
#[tokio::test]
async fn damage_that_a_call_meets_is_looked_for_by_the_next_start() {
    let (_folder, path) = place();
    let mut bytes = some_journal(&path).await;
    let large = || Place {
        looked_through: 0,
        ..Place::new(&path)
    };
    let root: u32 = Connection::open(&path)
        .unwrap()
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'facts'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let end = usize::try_from(root).unwrap() * 4096;
    bytes[end - 4096..end].fill(0xAA);
    fs::write(&path, &bytes).unwrap();

    let journal = SqliteJournal::open_at(large(), MEANING).unwrap();
    let text = journal.history(1).await.unwrap_err().to_string();
    assert!(
        text.contains("damaged") && text.contains("end every countermand"),
        "{text}"
    );
    journal.claim(&a_claim(), AT).await.unwrap_err();
    drop(journal);
    let text = SqliteJournal::open_at(large(), MEANING)
        .err()
        .unwrap()
        .to_string();
    assert!(text.contains("was damaged"), "{text}");
    let journal = SqliteJournal::open_at(large(), MEANING).unwrap();
    assert_eq!(journal.history(1).await.unwrap(), []);
}

#[tokio::test]
async fn a_suspicion_without_a_cause_is_dropped() {
    let (_folder, path) = place();
    some_journal(&path).await;
    let suspect = path.with_extension("sqlite3-suspect");
    fs::write(&suspect, "").unwrap();
    assert_eq!(next_start(&path).unwrap().history(99).await.unwrap().len(), 20);
    assert!(!suspect.exists());
}

/// Whoever comes first sets it aside; nobody sets the new one aside.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_find_it_damaged_one_sets_it_aside() {
    let (_folder, path) = place();
    some_journal(&path).await;
    fs::write(&path, "garbage").unwrap();
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::task::spawn_blocking(move || next_start(&path).map(drop))
        })
        .collect();
    let mut told = 0;
    for opened in opening {
        told += usize::from(opened.await.unwrap().is_err());
    }
    assert!(told >= 1, "who came later found a new journal, or made it");
    let kept = names(path.parent().unwrap());
    assert!(!kept.iter().any(|name| name.contains("damaged-2")), "{kept:?}");
}

/// Who has seen the damage tells of it, even where another process was faster to set it aside.
#[tokio::test]
async fn who_saw_the_damage_tells_of_it() {
    let (_folder, path) = place();
    some_journal(&path).await;
    let mend = |set_aside| super::super::file::mend(&Place::new(&path), "torn".to_owned(), set_aside);
    mend(0).expect("it was sound all the time");
    fs::write(path.with_file_name(DAMAGED), "set aside by another process").unwrap();
    let text = mend(0).unwrap_err().to_string();
    assert!(text.contains("torn") && text.contains(DAMAGED), "{text}");
    mend(1).expect("that was another time");
}
