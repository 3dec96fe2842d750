//! A cancellation that cannot be read: reported, left out, and still holding its claim.

use super::*;

/// Adds a fact of an unknown kind.
fn add_a_stranger(path: &Path, id: &str) {
    Connection::open(path)
        .unwrap()
        .execute(
            "INSERT INTO facts (cancellation, at, fact) VALUES (?1, '1970-01-01T00:00:00Z', '{\"fact\":\"danced\"}')",
            [id],
        )
        .unwrap();
}

#[tokio::test]
async fn unreadable_cancellation_does_not_hide_others() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let mut others = Vec::new();
    for offer in ["a", "contoso-vm", "b"] {
        let cancellation = claimed(&journal, &claim_on(offer)).await;
        if offer == "contoso-vm" {
            add_a_stranger(&path, cancellation.id.raw());
        } else {
            others.push(cancellation);
        }
    }
    assert_eq!(journal.unreadable().await, []);
    let target = a_claim().request.target;
    for _ in 0..2 {
        let open = journal.open(&target.origin, &target.publisher).await.unwrap();
        assert_eq!(open, others);
        let [failure] = &journal.unreadable().await[..] else {
            panic!("expected one report");
        };
        let text = failure.to_string();
        assert!(
            text.contains("fact 3 cannot be read") && text.contains("danced"),
            "{text}"
        );
        assert!(
            text.contains("the version of countermand that wrote it"),
            "{text}"
        );
    }
    others.reverse();
    assert_eq!(journal.history(9).await.unwrap(), others);
}

#[tokio::test]
async fn nothing_is_sent_if_the_claim_is_unreadable() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    add_a_stranger(&path, id.raw());
    let refusals = [
        journal.claim(&a_claim(), AT).await.map(drop),
        journal.begin_sending(&id, 1, &owner(), AT).await.map(drop),
        journal.append(&id, observed("running"), AT).await.map(drop),
        journal
            .settle(&id, Ending::new(Verdict::NotSent), AT)
            .await
            .map(drop),
        journal.facts(&id, 0).await.map(drop),
    ];
    for refusal in refusals {
        let text = refusal.unwrap_err().to_string();
        assert!(text.contains("fact 2 cannot be read"), "{text}");
    }
    claimed(&journal, &claim_on("another")).await;
}

/// Detects lost facts by the cancellation's row, which knows their newest number.
#[tokio::test]
async fn lost_facts_are_detected() {
    let (_folder, path) = place();
    let journal = SqliteJournal::open(&path, MEANING).unwrap();
    let id = claimed(&journal, &a_claim()).await.id;
    sent(&journal, &id, 1).await;
    let other = claimed(&journal, &claim_on("another")).await;
    Connection::open(&path)
        .unwrap()
        .execute_batch("DROP TRIGGER facts_stay; DELETE FROM facts WHERE number = 2")
        .unwrap();
    let refusals = [
        journal.facts(&id, 0).await.map(drop),
        journal.facts(&id, 1).await.map(drop),
        journal.begin_sending(&id, 1, &owner(), AT).await.map(drop),
        journal.claim(&a_claim(), AT).await.map(drop),
    ];
    for refusal in refusals {
        let text = refusal.unwrap_err().to_string();
        assert!(text.contains("lost: the last that is left is 1, and 2"), "{text}");
    }
    assert_eq!(journal.history(9).await.unwrap(), [other]);
    assert_eq!(journal.unreadable().await.len(), 1);
    drop(journal);
    let text = next_start(&path).err().unwrap();
    assert!(
        text.contains("facts are lost") && text.contains("set aside"),
        "{text}"
    );
}
