//! Requests of the catalogue: one for the list, one per offer in flight, and those for visible details.

use std::time::Duration;

use countermand::{
    domain::{
        offer::Offer,
        preflight::{self, Wanted},
        verdict::Verdict,
    },
    engine::{Attention, Class},
    service::cpp::status,
};

use crate::fake::{ID, Script, World, failure, running, transient};

fn offer(id: &str, state: &str, version: i64) -> Offer {
    Offer {
        id: id.into(),
        publisher: "contoso".into(),
        name: id.into(),
        kind: "microsoft-azure-virtualmachines".into(),
        state: status(state),
        version: Some(version),
        changed_at: None,
    }
}

fn some_offers() -> Script {
    let offers = vec![
        offer("vm", "running", 1),
        offer("db", "succeeded", 1),
        offer("app", "neverPublished", 0),
        offer("odd", "quantum", 1),
    ];
    Script { offers, ..running() }
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[tokio::test(start_paused = true)]
async fn refresh_requests_the_list_and_each_offer_in_flight() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(1)).await;
    let requests: Vec<String> = world.fake.log().into_iter().map(|(_, request)| request).collect();
    assert_eq!(requests, ["offers", "operations odd", "operations vm"]);

    tokio::time::sleep(seconds(60)).await;
    assert_eq!(world.fake.instants("offers"), [0, 60_000]);
    assert_eq!(world.fake.count("operations vm"), 2);
    assert_eq!(world.fake.count("operations db"), 0);
    assert_eq!(
        world.fake.instants("operation 5a63"),
        [60_000, 60_000],
        "rows out of sight once a minute"
    );
}

#[tokio::test(start_paused = true)]
async fn paused_catalogue_requests_nothing_and_keeps_its_data() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(1)).await;
    world.engine.rest_catalogue();
    tokio::time::sleep(seconds(3600)).await;
    assert_eq!(world.fake.instants("offers"), [0]);
    assert!(world.engine.snapshots().borrow().offers.value().is_some());
    world.engine.keep_catalogue();
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(1)).await;
    let all = world.fake.instants("offers");
    assert!(
        matches!(all[1..], [3_601_000] | [3_601_000, 3_601_000]),
        "{all:?}"
    );
    tokio::time::sleep(seconds(60)).await;
    assert_eq!(
        world.fake.instants("offers").len(),
        all.len() + 1,
        "one poller, however often it is started"
    );
}

#[tokio::test(start_paused = true)]
async fn offer_listed_twice_is_stored_once() {
    let mut script = some_offers();
    script.offers.push(offer("db", "running", 9));
    script.offers.push(offer("vm", "running", 1));
    let world = World::new(script);
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(1)).await;
    let known = world.engine.snapshots().borrow().clone();
    let ids: Vec<&str> = known
        .offers
        .value()
        .unwrap()
        .iter()
        .map(|offer| offer.id.raw())
        .collect();
    assert_eq!(ids, ["vm", "db", "app", "odd"]);
}

#[tokio::test(start_paused = true)]
async fn visible_offers_are_polled_more_often() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(5)).await;
    world.engine.attend(Attention {
        selected: None,
        visible: vec!["vm".into()],
    });
    tokio::time::sleep(seconds(41)).await;
    assert_eq!(world.fake.instants("operation 5a63"), [5_000, 20_000, 35_000]);
}

#[tokio::test(start_paused = true)]
async fn selected_offer_is_read_even_at_rest() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(5)).await;
    for offer in ["db", "app", "db"] {
        world.engine.attend(Attention {
            selected: Some(offer.into()),
            visible: Vec::new(),
        });
        tokio::time::sleep(seconds(1)).await;
    }
    assert_eq!(
        world.fake.instants("operations db"),
        [5_000],
        "coming back within its age asks nothing"
    );
    assert_eq!(world.fake.instants("operations app"), [6_000]);
}

#[tokio::test(start_paused = true)]
async fn changed_offer_has_its_operations_read() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(5)).await;
    world.fake.change(|script| script.offers[1].version = Some(2));
    tokio::time::sleep(seconds(60)).await;
    assert_eq!(world.fake.instants("operations db"), [60_000]);
}

#[tokio::test(start_paused = true)]
async fn failing_list_keeps_its_rows_and_backs_off() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(5)).await;
    world.fake.change(|script| {
        script
            .failing
            .insert("offers", (0..3).map(|_| transient()).collect());
    });
    let snapshot = world.until(|snapshot| snapshot.offers.trouble().is_some()).await;
    assert_eq!(snapshot.offers.value().map(|offers| offers.len()), Some(4));
    assert!(snapshot.offers_retry_at.is_some());
    world.until(|snapshot| snapshot.offers.trouble().is_none()).await;
    assert_eq!(world.fake.instants("offers"), [0, 60_000, 62_000, 66_000, 74_000]);
}

#[tokio::test(start_paused = true)]
async fn refresh_requests_everything_and_a_429_pauses_all() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    tokio::time::sleep(seconds(5)).await;
    world.fake.change(|script| {
        script
            .failing
            .insert("offers", [failure(Class::Throttled, Some(429), Some(30))].into());
        script.latency = Duration::from_millis(1);
    });
    world.engine.refresh();
    tokio::time::sleep(seconds(29)).await;
    assert_eq!(world.fake.instants("offers"), [0, 5_000]);
    let before = world.fake.log().len();
    tokio::time::sleep(seconds(7)).await;
    assert_eq!(world.fake.instants("offers"), [0, 5_000, 35_001]);
    assert!(world.fake.log().len() > before);
}

#[tokio::test(start_paused = true)]
async fn at_most_sixteen_requests_are_under_way() {
    let offers = (0..50)
        .map(|number| offer(&format!("offer-{number}"), "running", 1))
        .collect();
    let world = World::new(Script {
        offers,
        latency: seconds(1),
        ..Script::default()
    });
    world.engine.keep_catalogue();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(world.fake.count("operations"), 16);
    tokio::time::sleep(seconds(4)).await;
    assert_eq!(world.fake.count("operations"), 50);
}

#[tokio::test(start_paused = true)]
async fn followed_offer_is_not_read_twice() {
    let world = World::new(some_offers());
    world.engine.keep_catalogue();
    world.engine.attend(Attention {
        selected: Some("vm".into()),
        visible: vec!["vm".into()],
    });
    tokio::time::sleep(seconds(1)).await;
    let id = world.begin(29).await.unwrap();
    world.ended(&id).await;
    let while_following: Vec<u64> = world
        .fake
        .instants("operation 5a63")
        .into_iter()
        .filter(|at| (1_000..30_000).contains(at))
        .collect();
    let by_the_follower: Vec<u64> = (0..15).map(|beat| 1_000 + beat * 2_000).collect();
    assert_eq!(while_following, by_the_follower);
}

#[tokio::test(start_paused = true)]
async fn look_reads_details_of_each_active_operation() {
    let world = World::new(some_offers());
    let look = world.engine.look(&"vm".into()).await.unwrap();
    assert_eq!(look.active.len(), 1);
    assert!(look.active[0].detail.is_some());
    assert_eq!(look.active[0].operation.id, Some(ID.into()));
    assert!(
        world
            .engine
            .snapshots()
            .borrow()
            .operations_of(&"vm".into())
            .is_some()
    );
}

/// Creates `some` operations that run on one offer.
fn many_running(some: u32) -> Script {
    let id = |n| &*format!("{n:08}-0000-1000-0000-000000000000").leak();
    let operations = (0..some).map(|n| (id(n), vec![(0, "running")]));
    Script {
        operations: operations.collect(),
        ..some_offers()
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_few_of_many_running_operations_have_details_read() {
    let world = World::new(many_running(3_000));
    world.engine.keep_catalogue();
    world.engine.attend(Attention {
        selected: Some("vm".into()),
        visible: vec!["vm".into()],
    });
    tokio::time::sleep(seconds(29)).await;
    assert_eq!(world.fake.count("operation "), 2 * 16, "at 0 s and at 15 s");
    let look = world.engine.look(&"vm".into()).await.unwrap();
    assert_eq!(world.fake.count("operation "), 3 * 16, "and by one look");
    assert_eq!(look.active.len(), 3_000);
    assert_eq!(
        look.active
            .iter()
            .filter(|active| active.detail.is_some())
            .count(),
        16
    );
}

#[tokio::test(start_paused = true)]
async fn truncated_list_does_not_show_the_target_of_a_cancel() {
    let world = World::new(Script {
        left_out: 7,
        ..some_offers()
    });
    let (offer, look) = ("vm".into(), world.engine.look(&"vm".into()).await.unwrap());
    let scope = world.engine.scope(&offer);
    let refused = preflight::allow(&look.operations, scope, Wanted::Any).unwrap_err();
    assert_eq!(refused.verdict, Verdict::NotSent);
    let why = refused.error.unwrap();
    assert!(why.as_str().contains("7 more operations"), "{why}");
    let known = world.engine.snapshots().borrow().clone();
    let operations = known.operations_of(&"vm".into()).unwrap().value().unwrap();
    assert!(!operations.is_whole(), "it is shown all the same");
}

#[tokio::test(start_paused = true)]
async fn idle_engine_only_makes_due_requests() {
    let world = World::new(Script {
        offers: vec![offer("db", "succeeded", 1)],
        ..Script::default()
    });
    world.engine.keep_catalogue();
    let mut snapshots = world.engine.snapshots();
    tokio::time::sleep(seconds(3_601)).await;
    assert_eq!(world.fake.log().len(), 61);
    assert!(snapshots.has_changed().unwrap());
    snapshots.mark_unchanged();
    tokio::time::sleep(seconds(58)).await;
    assert!(!snapshots.has_changed().unwrap());
}
