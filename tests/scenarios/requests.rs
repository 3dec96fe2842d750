//! Requests of each way of following: the expected ones, counted, and no accidental write.

use countermand::domain::fact::Fact;

use crate::way::Lead;

const OFFER: &str = "/api/publishers/contoso/offers/contoso-vm";

/// Removes successive repetitions of a request from the log.
fn without_repeats(log: Vec<String>) -> Vec<String> {
    let mut log = log;
    log.dedup();
    log
}

#[tokio::test]
async fn cancel_is_look_post_read_and_a_last_list() {
    let way = Lead::to("synchronous").await;
    way.cancel().await;
    let requests = way.simulator.requests();
    let target = way.simulator.operations("contoso-vm").last().cloned().unwrap();
    let log: Vec<String> = way.log();
    let kinds: Vec<&str> = log
        .iter()
        .map(|request| match request.as_str() {
            request if request.starts_with("POST") => "post",
            request if request.contains("/submissions") => "list",
            request if request.contains("/operations/") => "operation",
            _ => "other",
        })
        .collect();
    assert_eq!(
        kinds,
        ["list", "operation", "list", "post", "operation", "list"],
        "{log:?} {target}"
    );
    assert_eq!(requests.iter().filter(|request| request.is_cancel()).count(), 1);
}

#[tokio::test]
async fn no_request_has_if_match_and_the_cancel_is_as_documented() {
    for scenario in [
        "synchronous",
        "accepted-location",
        "accepted-legacy-location",
        "no-submissions",
    ] {
        let way = Lead::to(scenario).await;
        way.cancel().await;
        let requests = way.simulator.requests();
        assert!(
            requests
                .iter()
                .all(|request| request.header("if-match").is_none())
        );
        assert!(
            requests
                .iter()
                .all(|request| request.target.contains("api-version=2017-10-31"))
        );
        let cancel = requests.iter().find(|request| request.is_cancel()).unwrap();
        assert_eq!(cancel.target, format!("{OFFER}/cancel?api-version=2017-10-31"));
        assert_eq!(
            cancel.body,
            r#"{"metadata":{"notification-emails":"release@contoso.com"}}"#
        );
        assert!(
            cancel
                .header("content-type")
                .unwrap()
                .starts_with("application/json")
        );
    }
}

#[tokio::test]
async fn location_of_the_target_needs_no_second_read() {
    let way = Lead::to("accepted-location").await;
    let tracked = way.cancel().await;
    let polls = usize::try_from(tracked.polls).unwrap();
    let after_the_cancel = way
        .log()
        .iter()
        .skip_while(|request| !request.starts_with("POST"))
        .skip(1)
        .count();
    assert_eq!(
        after_the_cancel,
        polls + 1,
        "each poll is one request, and one list at the end"
    );
}

#[tokio::test]
async fn legacy_location_is_called_with_its_dollar_signs() {
    let way = Lead::to("accepted-legacy-location").await;
    way.cancel().await;
    let log = without_repeats(way.log());
    assert!(
        log.iter()
            .any(|request| request == "GET /api/operations/contoso$contoso-vm$2$preview"),
        "{log:?}"
    );
}

#[tokio::test]
async fn foreign_location_is_recorded_and_never_called() {
    let way = Lead::to("accepted-foreign-location").await;
    let tracked = way.cancel().await;
    let location = tracked
        .cancellation
        .answer
        .as_ref()
        .unwrap()
        .lead
        .clone()
        .unwrap();
    assert!(!location.is_callable());
    assert!(way.log().iter().all(|request| request.contains(OFFER)));
}

#[tokio::test]
async fn journal_has_all_facts_in_order() {
    let way = Lead::to("throttled").await;
    let tracked = way.cancel().await;
    let words: Vec<&str> = tracked
        .cancellation
        .facts
        .iter()
        .map(|recorded| match recorded.fact {
            Fact::Claimed(_) => "claimed",
            Fact::Looked(_) => "looked",
            Fact::Sending { .. } => "sending",
            Fact::Unsent { .. } => "unsent",
            Fact::Answered(_) => "answered",
            Fact::AnswerLost { .. } => "lost",
            Fact::Observed(_) => "observed",
            Fact::Settled(_) => "settled",
        })
        .collect();
    let until_answered = [
        "claimed", "looked", "sending", "answered", "looked", "sending", "answered",
    ];
    assert_eq!(words[..7], until_answered);
    assert_eq!(words.last(), Some(&"settled"));
    let numbers: Vec<u64> = tracked
        .cancellation
        .facts
        .iter()
        .map(|recorded| recorded.number)
        .collect();
    assert!(numbers.is_sorted_by(|a, b| a < b));
}
