//! A journal that is taken away while processes work with it: no new one is created, and no process writes to another.

use super::*;
use crate::domain::fact::Owner;

/// Returns an owner on this machine, so that its lock is held.
fn here() -> Owner {
    Owner {
        host: Place::new(Path::new("journal")).host.unwrap(),
        started: "2026-11-28T15:00:00Z".into(),
        ..owner()
    }
}

async fn claimed_here(journal: &SqliteJournal) -> crate::domain::ids::CancellationId {
    let mut claim = a_claim();
    claim.by = here();
    claimed(journal, &claim).await.id
}

#[tokio::test]
async fn no_new_journal_while_a_live_process_uses_the_old_one() {
    for leaves_a_rollback_journal in [false, true] {
        let (_folder, path) = place();
        let journal = SqliteJournal::open(&path, MEANING).unwrap();
        claimed_here(&journal).await;
        fs::remove_file(&path).unwrap();
        if leaves_a_rollback_journal {
            fs::write(path.with_extension("sqlite3-journal"), "half a record").unwrap();
        }
        let host = here().host;
        for text in [
            refusal(&path),
            SqliteJournal::examine(&path).unwrap_err().to_string(),
        ] {
            let who = format!("process 7 on {host}, started 2026-11-28T15:00:00Z");
            assert!(text.contains(&who), "{text}");
            assert!(text.contains("nothing is sent now"), "{text}");
            assert!(!path.exists());
        }
        fs::remove_file(path.with_extension("sqlite3-journal")).ok();
        drop(journal);
        SqliteJournal::open(&path, MEANING).unwrap();
    }
}

#[tokio::test]
async fn journal_put_back_works_as_before() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed_here(&journal).await;
    let aside = path.with_extension("aside");
    fs::rename(&path, &aside).unwrap();
    refusal(&path);
    fs::rename(&aside, &path).unwrap();
    sent(&journal, &id, 1).await;
    assert_eq!(
        SqliteJournal::open(&path, MEANING)
            .unwrap()
            .history(9)
            .await
            .unwrap()
            .len(),
        1
    );
}

/// Covers the case that `SQLite` misses: it compares inodes alone, which may repeat on another device.
#[tokio::test]
async fn nothing_is_sent_if_another_file_took_its_place() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed_here(&journal).await;
    let copy = path.with_extension("copy");
    fs::copy(&path, &copy).unwrap();
    fs::rename(&copy, &path).unwrap();
    let refused = journal.begin_sending(&id, 1, &here(), AT).await.unwrap_err();
    assert!(refused.to_string().contains("moved or removed"), "{refused}");
    let new = SqliteJournal::open(&path, MEANING).unwrap();
    assert_eq!(
        new.facts(&id, 0).await.unwrap().len(),
        1,
        "not recorded there either"
    );
}
