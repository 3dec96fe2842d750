//! A journal that is removed while a run uses it: no second request, and no false success.

use std::fs;

use crate::{CANCEL, runner::Market};

#[tokio::test(flavor = "multi_thread")]
async fn second_run_sends_nothing_and_the_first_reports_the_lost_journal() {
    let market = Market::open_at("accepted-location", 1e-9).await;
    let first = market.start(CANCEL).reach(&["\"event\":\"answered\""]).await;
    fs::remove_file(market.journal()).unwrap();

    let second = market.run(CANCEL).await;
    assert_eq!(
        second.verdict()["verdict"],
        "not_sent",
        "{}{}",
        second.out,
        second.err
    );
    assert_eq!(second.code, Some(1));
    let living = format!("process {} on ", first.pid());
    assert!(second.err.contains(&living), "{}", second.err);
    assert!(second.err.contains(", started 20"), "{}", second.err);
    assert!(!market.journal().exists());
    let doctor = market.run(&["doctor"]).await;
    assert!(doctor.out.contains(&living), "{}", doctor.out);

    market.advance_time();
    let first = first.end().await;
    assert_eq!(
        first.verdict()["verdict"],
        "canceled",
        "{}{}",
        first.out,
        first.err
    );
    assert_eq!(first.code, Some(1), "{}", first.err);
    assert!(
        first
            .err
            .contains("this cancellation is in no journal: contoso-vm "),
        "{}",
        first.err
    );
    assert_eq!(market.cancels(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn unsent_cancel_is_not_sent_with_another_journal() {
    let market = Market::open("throttled").await;
    let running = market.start(CANCEL).reach(&["\"event\":\"answered\""]).await;
    let (path, copy) = (market.journal(), market.home.path().join("copy"));
    fs::copy(&path, &copy).unwrap();
    fs::rename(&copy, &path).unwrap();
    let ran = running.end().await;
    assert_eq!(ran.verdict()["verdict"], "not_sent", "{}{}", ran.out, ran.err);
    assert_eq!(ran.code, Some(1));
    assert_eq!(market.cancels(), 1, "the one that was throttled");
}
