//! Journals of other versions.

use super::*;

/// Creates a file of version 1.
fn first_version(path: &Path) {
    left_as(include_str!("version_1.sql"), path);
}

fn left_as(dump: &str, path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(dump).unwrap();
}

/// What the cancellations of a journal come to, newest first: the offer, the stage, whether the newest answer turned
/// the request away, and what its target's state means.
async fn come_to(dump: &str) -> Vec<String> {
    let (_folder, path) = place();
    left_as(dump, &path);
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let history = journal.history(99).await.unwrap();
    assert_eq!(journal.unreadable().await, []);
    let line = |found: &Cancellation| {
        let answer = found.answer.as_ref();
        let turned_away = answer.is_some_and(|answer| answer.is_turned_away);
        let state = found
            .target_state()
            .map(|state| (state.word().to_string(), state.phase()));
        let lead = answer.and_then(|answer| answer.lead.as_ref());
        let ended = found
            .ending
            .as_ref()
            .and_then(|(_, ending)| ending.target_state.as_ref());
        assert!(ended.is_none() || ended == found.target_state());
        format!(
            "{} {:?} {:?}{}{}",
            found.request.target.offer,
            found.stage,
            state,
            if turned_away { " turned away" } else { "" },
            lead.map_or("", |lead| if lead.is_callable() {
                " leads"
            } else {
                " leads astray"
            }),
        )
    };
    history.iter().map(line).collect()
}

#[tokio::test]
async fn what_earlier_versions_recorded_means_what_it_meant() {
    let first = come_to(include_str!("version_1.sql")).await;
    assert_eq!(
        first,
        [
            "contoso-app Settled None",
            r#"contoso-vm Answered(Accepted) Some(("running", Running))"#,
        ]
    );
    let second = come_to(include_str!("version_2.sql")).await;
    assert_eq!(
        second,
        [
            "lost Uncertain None",
            "by-answer Answered(Done) None",
            r#"finished-first Settled Some(("succeeded", Succeeded))"#,
            "stranger-403 Uncertain None turned away",
            "stranger-200 Uncertain None",
            "sign-in-401 Settled None",
            "throttled-429 Claimed None",
            "uncertain-307 Uncertain None",
            "uncertain-408 Uncertain None",
            "uncertain-500 Uncertain None",
            r#"refused-409 Settled Some(("running", Running)) leads astray"#,
            r#"refused-404 Settled Some(("running", Running))"#,
            r#"pending-204 Answered(Accepted) Some(("quantum", Unknown)) leads"#,
            r#"canceled-202 Settled Some(("CANCELLED", Canceled)) leads"#,
            r#"canceled-200 Settled Some(("Canceled", Canceled))"#,
        ]
    );
}

#[tokio::test]
async fn an_answer_is_written_with_what_it_means_and_under_its_old_names() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    sent(&journal, &id, 1).await;
    journal.append(&id, answer(202), AT).await.unwrap();
    let written: String = Connection::open(&path)
        .unwrap()
        .query_row("SELECT fact FROM facts WHERE number = 3", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        written,
        r#"{"fact":"answered","status":202,"outcome":"accepted","location":null,"correlation_id":"c-1","retry_after":{"secs":3,"nanos":0},"error":null}"#
    );
}

#[tokio::test]
async fn version_1_keeps_its_facts_and_claims() {
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

    let journal = SqliteJournal::open(&path, MEANING).unwrap();
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
async fn upgraded_and_new_journals_have_the_same_tables() {
    let (_folder, old) = place();
    let (_another, new) = place();
    first_version(&old);
    let tables = |path: &Path| -> Vec<String> {
        drop(SqliteJournal::open(path, MEANING).unwrap());
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
async fn failed_upgrade_leaves_the_journal_unchanged() {
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
async fn newer_schema_is_left_alone() {
    let (_folder, path) = place();
    drop(SqliteJournal::open(&path, MEANING).unwrap());
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
async fn journal_upgraded_by_a_newer_program_is_left_alone() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
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
async fn many_processes_upgrade_at_once() {
    let (_folder, path) = place();
    first_version(&path);
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
