//! Damaged files: set aside with all their companions, reported, and not replaced in the same run.

use super::{owners::names, *};

const DAMAGED: &str = "journal.sqlite3.damaged-1";

/// Creates a closed journal with a cancellation; returns the file's bytes.
async fn some_journal(path: &Path) -> Vec<u8> {
    let journal = SqliteJournal::open(path, MEANING).unwrap();
    for n in 0..20 {
        claimed(&journal, &claim_on(&n.to_string())).await;
    }
    drop(journal);
    fs::read(path).unwrap()
}

#[tokio::test]
async fn corrupt_database_is_set_aside_and_kept() {
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
async fn damage_blocks_sending_until_the_next_start() {
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
async fn emptied_file_is_not_taken_for_a_new_one() {
    let (_folder, path) = place();
    some_journal(&path).await;
    fs::write(&path, "").unwrap();
    let text = next_start(&path).unwrap_err();
    assert!(text.contains("it is empty, and was not"), "{text}");
    next_start(&path).unwrap();
}

#[tokio::test]
async fn orphaned_rollback_journal_is_kept() {
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
fn empty_file_becomes_a_journal() {
    let (folder, _) = place();
    let path = folder.path().join("journal");
    fs::write(&path, "").unwrap();
    SqliteJournal::open(&path, MEANING).unwrap();
    assert_eq!(pragma(&path, "user_version"), 2);
}

#[test]
fn database_of_another_program_is_left_alone() {
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

/// Covers an index that has lost an entry: it would hide an open cancellation although every page is well-formed.
#[tokio::test]
async fn index_without_an_entry_is_damage() {
    let (_folder, path) = place();
    some_journal(&path).await;
    // The entries are dropped from the index alone, by rebuilding it with another condition.
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

/// Covers files of any size, because the check is free.
#[tokio::test]
async fn file_without_its_last_byte_is_damaged() {
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

/// Checks every page of a small file on opening, but only the pages read of a large one.
#[tokio::test]
async fn damage_met_by_a_call_is_checked_at_the_next_start() {
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
async fn unfounded_suspicion_is_dropped() {
    let (_folder, path) = place();
    some_journal(&path).await;
    let suspect = path.with_extension("sqlite3-suspect");
    fs::write(&suspect, "").unwrap();
    assert_eq!(next_start(&path).unwrap().history(99).await.unwrap().len(), 20);
    assert!(!suspect.exists());
}

/// Sets the damaged one aside once, and the new one never.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_openers_sets_damage_aside() {
    let (_folder, path) = place();
    some_journal(&path).await;
    fs::write(&path, "garbage").unwrap();
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::task::spawn_blocking(move || next_start(&path).map(drop))
        })
        .collect();
    let mut failures = 0;
    for opened in opening {
        failures += usize::from(opened.await.unwrap().is_err());
    }
    assert!(failures >= 1, "later ones found or created a new journal");
    let kept = names(path.parent().unwrap());
    assert!(!kept.iter().any(|name| name.contains("damaged-2")), "{kept:?}");
}

/// Reports the damage even where another process was faster to set it aside.
#[tokio::test]
async fn every_witness_reports_the_damage() {
    let (_folder, path) = place();
    some_journal(&path).await;
    let mend = |set_aside| super::super::file::mend(&Place::new(&path), "torn".to_owned(), set_aside);
    mend(0).expect("it was always sound");
    fs::write(path.with_file_name(DAMAGED), "set aside by another process").unwrap();
    let text = mend(0).unwrap_err().to_string();
    assert!(text.contains("torn") && text.contains(DAMAGED), "{text}");
    mend(1).expect("another occasion");
}
