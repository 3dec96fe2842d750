//! Cost of an open dashboard: nothing while idle, little while following many cancellations.

use std::{sync::atomic::Ordering, time::Duration};

use countermand::engine::PollIntervals;
use tokio::time::sleep;

use super::{
    desk::TestApp,
    measure::{Budget, Measure, Unit, figure},
    publisher::{Publisher, offers},
};

const FOLLOWED: usize = 100;
const MINUTE: Duration = Duration::from_mins(1);

/// Measures the dashboard idle, and while following many cancellations, with `count` offers in the list.
pub(crate) async fn measures(count: usize) -> Vec<Measure> {
    let mut measures = idle(count).await;
    measures.extend(following(count).await);
    measures
}

/// Measures the time between two refreshes, when nothing is due.
async fn idle(count: usize) -> Vec<Measure> {
    let publisher = Publisher::new(offers(count, 0), Duration::ZERO, Duration::ZERO);
    let desk = TestApp::on(&publisher);
    sleep(MINUTE + Duration::from_secs(1)).await;
    let (bytes, polls) = (desk.written(), desk.polls());
    assert!(bytes > 0 && polls > 0, "it runs");
    sleep(Duration::from_secs(58)).await;
    let (bytes, polls) = (desk.written() - bytes, desk.polls() - polls);
    vec![
        Measure::new(
            "idle, between refreshes",
            Unit::Bytes,
            figure(bytes),
            Budget::Most(0.0),
        )
        .against(0.0),
        Measure::new("idle, wake-ups", Unit::Times, figure(polls), Budget::Most(0.0)).against(0.0),
    ]
}

async fn following(count: usize) -> Vec<Measure> {
    // The first is canceled after two minutes, the last two minutes later.
    let publisher = Publisher::new(
        offers(count, FOLLOWED),
        2 * MINUTE,
        2 * MINUTE / u32::try_from(FOLLOWED).unwrap(),
    );
    let desk = TestApp::on(&publisher);
    sleep(Duration::from_secs(1)).await;
    for number in 1..=FOLLOWED {
        desk.cancel(&format!("contoso-{number:05}").as_str().into()).await;
    }
    let (reads, before) = (publisher.reads.load(Ordering::Relaxed), desk.written());
    sleep(MINUTE).await;
    let (reads, bytes) = (
        publisher.reads.load(Ordering::Relaxed) - reads,
        desk.written() - before,
    );
    assert_eq!(desk.under_way(), FOLLOWED, "all of them are being followed");
    sleep(MINUTE).await;
    let before = desk.written();
    sleep(2 * MINUTE + Duration::from_secs(15)).await;
    let ending = desk.written() - before;
    assert_eq!(desk.under_way(), 0, "all of them have ended");
    vec![
        Measure::new(
            "following 100 cancellations",
            Unit::BytesASecond,
            figure(bytes) / MINUTE.as_secs_f64(),
            Budget::Most(1024.0),
        ),
        Measure::new(
            "100 cancellations ending",
            Unit::BytesASecond,
            figure(ending) / (2 * MINUTE + Duration::from_secs(15)).as_secs_f64(),
            Budget::Most(1024.0),
        ),
        Measure::new(
            "requests while following",
            Unit::Requests,
            figure(reads),
            Budget::Ratio(1.1),
        )
        .against(figure(FOLLOWED * scheduled(MINUTE))),
    ]
}

/// Returns the number of reads scheduled before `end` for cancels sent at the start.
fn scheduled(end: Duration) -> usize {
    let poll_intervals = PollIntervals::default();
    let mut age = poll_intervals.following(Duration::ZERO);
    let mut looks = 0;
    while age < end {
        looks += 1;
        age += poll_intervals.following(age);
    }
    looks
}
