//! Liveness of an owner's process, by its lock.

use std::{fs, path::Path};

use super::*;
use crate::domain::{fact::Owner, ids::CancellationId};

/// Opens a journal as a process on the machine `jump`.
fn on_jump(path: &Path) -> SqliteJournal {
    let place = Place {
        host: Some("jump".into()),
        ..Place::new(path)
    };
    SqliteJournal::open_at(place, MEANING).unwrap()
}

fn started(started: &str) -> Owner {
    Owner {
        started: started.into(),
        ..owner()
    }
}

async fn claimed_by(journal: &SqliteJournal, by: &Owner, offer: &str) -> CancellationId {
    let mut claim = claim_on(offer);
    claim.by = by.clone();
    claimed(journal, &claim).await.id
}

async fn is_gone(journal: &SqliteJournal, owner: &Owner) -> bool {
    journal.life(owner).await == Life::Gone
}

/// Returns the names in `folder`, in order.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn owner_is_gone_once_its_journal_is_closed() {
    let (_folder, path) = place();
    let (theirs, ours) = (on_jump(&path), on_jump(&path));
    claimed_by(&theirs, &owner(), "contoso-vm").await;
    assert!(!is_gone(&ours, &owner()).await);
    assert!(!is_gone(&theirs, &owner()).await, "still alive to itself");
    let clone = theirs.clone();
    drop(theirs);
    assert!(!is_gone(&ours, &owner()).await, "a clone is the same journal");
    drop(clone);
    for _ in 0..2 {
        assert!(
            is_gone(&ours, &owner()).await,
            "and it stays gone when its file is"
        );
    }
    assert_eq!(names(&path.with_file_name("owners")), Vec::<String>::new());
}

#[tokio::test]
async fn sender_without_a_claim_is_tracked() {
    let (_folder, path) = place();
    let (theirs, ours) = (on_jump(&path), on_jump(&path));
    let id = claimed_by(&ours, &owner(), "contoso-vm").await;
    let sender = started("2");
    theirs.begin_sending(&id, 1, &sender, AT).await.unwrap().unwrap();
    assert!(!is_gone(&ours, &sender).await);
    drop(theirs);
    assert!(is_gone(&ours, &sender).await);
}

#[tokio::test]
async fn journals_of_one_process_share_its_lock() {
    let (_folder, path) = place();
    let (one, two, ours) = (on_jump(&path), on_jump(&path), on_jump(&path));
    claimed_by(&one, &owner(), "contoso-vm").await;
    claimed_by(&two, &owner(), "contoso-app").await;
    drop(one);
    assert!(!is_gone(&ours, &owner()).await);
    drop(two);
    assert!(is_gone(&ours, &owner()).await);
}

#[tokio::test]
async fn unknown_owners_are_never_called_gone() {
    let (_folder, path) = place();
    let ours = on_jump(&path);
    assert!(!is_gone(&ours, &owner()).await, "it never claimed");
    drop({
        let theirs = on_jump(&path);
        claimed_by(&theirs, &owner(), "contoso-vm").await;
        theirs
    });
    let elsewhere = Owner {
        host: "desk".into(),
        ..owner()
    };
    assert!(!is_gone(&ours, &elsewhere).await, "it is on another machine");
    let later = Owner { pid: 8, ..owner() };
    assert!(!is_gone(&ours, &later).await, "it is another process");
    let nowhere = Place {
        host: None,
        ..Place::new(&path)
    };
    let nowhere = SqliteJournal::open_at(nowhere, MEANING).unwrap();
    assert!(!is_gone(&nowhere, &owner()).await, "this machine has no name");
    assert!(is_gone(&ours, &owner()).await);
}

#[tokio::test]
async fn owner_without_a_lock_claims_and_is_never_called_gone() {
    let (_folder, path) = place();
    let (theirs, ours) = (on_jump(&path), on_jump(&path));
    let owners = path.with_file_name("owners");
    fs::remove_dir(&owners).unwrap();
    fs::write(&owners, "in the way").unwrap();
    claimed_by(&theirs, &owner(), "contoso-vm").await;
    let endless = started(&"x".repeat(300));
    claimed_by(&theirs, &endless, "contoso-app").await;
    drop(theirs);
    fs::remove_file(&owners).unwrap();
    for owner in [owner(), endless] {
        assert!(!is_gone(&ours, &owner).await);
    }
}

#[tokio::test]
async fn locks_of_dead_processes_are_removed_and_others_stay() {
    let (_folder, path) = place();
    let owners = path.with_file_name("owners");
    for n in 0..3 {
        claimed_by(&on_jump(&path), &started(&n.to_string()), &n.to_string()).await;
    }
    fs::write(owners.join("desk.7.1"), "").unwrap();
    let living = on_jump(&path);
    claimed_by(&living, &started("a"), "a").await;
    let ours = on_jump(&path);
    claimed_by(&ours, &started("b"), "b").await;
    assert_eq!(names(&owners), ["desk.7.1", "jump.7.a", "jump.7.b"]);
}

#[tokio::test]
async fn lock_names_stay_in_the_folder_and_are_distinct() {
    let (folder, path) = place();
    let journal = on_jump(&path);
    let starts = ["../../x", "/x", "..", ".", "", "a.b", "a_2eb", "a/b", "ä", "a b"];
    for (n, start) in starts.iter().enumerate() {
        claimed_by(&journal, &started(start), &n.to_string()).await;
    }
    assert_eq!(names(&path.with_file_name("owners")).len(), starts.len());
    assert_eq!(names(folder.path()), ["state"]);
    let other = on_jump(&path);
    drop(journal);
    for start in starts {
        assert!(is_gone(&other, &started(start)).await, "{start:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn locks_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = place();
    let journal = on_jump(&path);
    claimed_by(&journal, &owner(), "contoso-vm").await;
    let owners = path.with_file_name("owners");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&owners), 0o700);
    assert_eq!(mode(&owners.join("jump.7.1")), 0o600);
}

#[test]
fn host_name_matches_the_owners() {
    let uname = rustix::system::uname();
    let host = uname.nodename().to_str().unwrap();
    assert_eq!(Place::new(Path::new("x")).host.unwrap().as_str(), host);
}
