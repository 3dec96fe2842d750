//! Limits of the file system: reported when the journal is opened or a record is due, without half records.

use std::time::Duration;

use super::*;

#[test]
fn uncreatable_folder_and_non_file_are_reported() {
    let (folder, _) = place();
    let file = folder.path().join("state");
    fs::write(&file, "in the way").unwrap();
    let text = refusal(&file.join("journal"));
    assert!(
        text.contains("folder cannot be made") && text.contains("no folder lies in the way"),
        "{text}"
    );
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let text = refusal(&inner);
    assert!(text.contains("it is no file"), "{text}");
}

/// Runs as an unprivileged user in a process of its own, because root may write everywhere.
#[cfg(unix)]
#[tokio::test]
async fn read_only_journal_is_still_read() {
    use std::os::unix::{fs::PermissionsExt as _, process::CommandExt as _};
    const NOBODY: u32 = 65534;
    if rustix::process::getuid().is_root() {
        let mut nobody = processes::this_test("trouble::read_only_journal_is_still_read");
        let done = nobody.uid(NOBODY).gid(NOBODY).output().unwrap();
        let output = String::from_utf8_lossy(&done.stdout);
        assert!(output.contains("1 passed"), "{output}");
        return;
    }
    let (_folder, path) = place();
    let recorded = {
        let journal = SqliteJournal::open(&path, MEANING).unwrap();
        claimed(&journal, &a_claim()).await;
        journal.history(9).await.unwrap()
    };
    let unrecorded = async |path: &Path, read: &[Cancellation]| {
        let journal = SqliteJournal::open(path, MEANING).unwrap();
        assert_eq!(journal.history(9).await.unwrap(), read);
        let refused = journal.claim(&claim_on("another"), AT).await;
        assert_eq!(journal.history(9).await.unwrap(), read);
        refused.unwrap_err().to_string()
    };
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    allow(&path, 0o400);
    let text = unrecorded(&path, &recorded).await;
    let to_allow = format!("chmod u+w {}", path.display());
    assert!(
        text.contains("may not be written") && text.contains(&to_allow),
        "{text}"
    );
    allow(&path, 0o000);
    let text = refusal(&path);
    assert!(text.contains("the right to write"), "{text}");
    allow(&path, 0o600);
    let parent = path.parent().unwrap();
    allow(parent, 0o500);
    let to_allow = format!("chmod u+w {}", parent.display());
    for (path, read) in [(&path, &recorded[..]), (&parent.join("another"), &[])] {
        let text = unrecorded(path, read).await;
        assert!(text.contains(&to_allow), "{text}");
    }
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    allow(parent, 0o700);
    claimed(&journal, &claim_on("written")).await;
    drop(journal);
    allow(parent, 0o500);
    let text = unrecorded(Path::new("/no-folder-of-mine/state/journal"), &[]).await;
    assert!(text.contains("/ belongs to root"), "{text}");
    fs::write(&path, "garbage").unwrap();
    let text = refusal(&path);
    assert!(text.contains("could not be set aside"), "{text}");
    allow(parent, 0o700);
    assert_eq!(refusal(&path), text, "as long as this process lives");
    assert_eq!(fs::read(&path).unwrap(), b"garbage");
}

#[tokio::test]
async fn full_disk_is_reported_without_a_half_record() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    full_at(&journal, 1);
    let mut recorded = 0;
    let text = loop {
        match journal.append(&id, observed("running"), AT).await {
            Ok(_) => recorded += 1,
            Err(failure) => break failure.to_string(),
        }
    };
    assert!(text.contains("make room on the disk"), "{text}");
    let large = claim_on(&"x".repeat(5000));
    for failed in [
        journal.claim(&large, AT).await.map(drop).unwrap_err(),
        journal
            .settle(&id, Ending::new(Verdict::NotSent).because("x".repeat(5000)), AT)
            .await
            .map(drop)
            .unwrap_err(),
    ] {
        assert!(failed.to_string().contains("make room"), "{failed}");
    }
    let facts = journal.facts(&id, 0).await.unwrap();
    assert_eq!(facts.len(), 1 + recorded);
    assert_eq!(journal.history(9).await.unwrap().len(), 1);

    full_at(&journal, 1000);
    sent(&journal, &id, 1).await;
    drop(journal);
    let journal = next_start(&path).unwrap();
    assert_eq!(journal.facts(&id, 0).await.unwrap().len(), 2 + recorded);
}

#[tokio::test]
async fn busy_journal_is_reported_and_records_nothing() {
    let (_folder, path) = place();
    let impatient = || Place {
        patience: Duration::ZERO,
        ..Place::new(&path)
    };
    let journal = SqliteJournal::open_at(impatient(), MEANING).unwrap();
    let other = Connection::open(&path).unwrap();
    for held in ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"] {
        other.execute_batch(held).unwrap();
        let text = journal.claim(&a_claim(), AT).await.unwrap_err().to_string();
        assert!(text.contains("another process holds it"), "{text}");
        let text = SqliteJournal::open_at(impatient(), MEANING)
            .err()
            .unwrap()
            .of(&path)
            .to_string();
        assert!(text.contains("another process holds it"), "{text}");
        assert_eq!(
            journal.life(&owner()).await,
            Life::Unknown,
            "an unknown state is not reported"
        );
        other.execute_batch("ROLLBACK").unwrap();
    }
    assert_eq!(journal.history(1).await.unwrap(), []);
    claimed(&journal, &a_claim()).await;
}

#[test]
fn stuck_guard_is_reported() {
    let (_folder, path) = place();
    let place = Place {
        patience: Duration::ZERO,
        ..Place::new(&path)
    };
    fs::create_dir_all(place.folder()).unwrap();
    let guard = fs::File::create(place.beside("-guard")).unwrap();
    guard.lock().unwrap();
    let text = SqliteJournal::open_at(place.clone(), MEANING)
        .err()
        .unwrap()
        .to_string();
    assert!(text.contains("making it or setting it aside"), "{text}");
    assert!(!path.exists());
    drop(guard);
    SqliteJournal::open_at(place, MEANING).unwrap();
}

/// Prevents a split: a process that continued with the old file would miss the claims in the new one.
#[tokio::test]
async fn moved_journal_records_nothing_more() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    fs::rename(&path, path.with_extension("old")).unwrap();
    let refusals = [
        journal.claim(&claim_on("another"), AT).await.map(drop),
        journal.begin_sending(&id, 1, &owner(), AT).await.map(drop),
    ];
    for refusal in refusals {
        let text = refusal.unwrap_err().to_string();
        assert!(text.contains("start again"), "{text}");
    }
    assert_eq!(
        journal.facts(&id, 0).await.unwrap().len(),
        1,
        "it may still be read"
    );
    drop(journal);
    assert_eq!(
        SqliteJournal::open(&path, MEANING)
            .unwrap()
            .history(9)
            .await
            .unwrap(),
        []
    );
}
