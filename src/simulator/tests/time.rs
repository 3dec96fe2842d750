//! The world moves with its clock: steps advance, operations end and start again, marks of change move.

use jiff::Timestamp;

use super::super::world::World;
use super::*;

const PLAN: &str = r#"
    [[offers]]
    id = "contoso-vm"
    again = "60s"

    [[offers.operations]]
    started = "0s"
    lasts = "120s"
"#;

fn world(text: &str) -> World {
    let epoch: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    Scenario::parse(text).unwrap().into_world(epoch)
}

/// Lets the world move on to so many seconds after its start.
fn move_to(world: &mut World, seconds: u64) {
    world.advance(Duration::from_secs(seconds));
}

fn steps(world: &World) -> Vec<String> {
    let operation = world.offers[0].current(world.time.now).unwrap();
    let steps = operation.steps_at(world.time.now);
    steps
        .map(|step| format!("{} {}", step.status, step.progress))
        .collect()
}

fn state(world: &World) -> &str {
    world.offers[0]
        .current(world.time.now)
        .unwrap()
        .state(world.time.now)
}

#[test]
fn steps_advance_with_the_clock() {
    let mut world = world(PLAN);
    let [idle, done] = ["notStarted 0", "complete 100"];
    move_to(&mut world, 5);
    assert_eq!(steps(&world), ["inProgress 50", idle, idle, idle, idle, idle]);
    move_to(&mut world, 40);
    assert_eq!(steps(&world), [done, "inProgress 50", idle, idle, idle, idle]);
    move_to(&mut world, 119);
    assert_eq!(state(&world), "running");
    move_to(&mut world, 120);
    assert_eq!(state(&world), "succeeded");
    assert_eq!(
        steps(&world),
        [done, done, done, done, "waitingForPublisherReview 0", idle]
    );
}

#[test]
fn the_clock_never_runs_back() {
    let mut world = world(PLAN);
    move_to(&mut world, 120);
    move_to(&mut world, 1);
    assert_eq!(state(&world), "succeeded");
}

#[test]
fn what_has_ended_starts_again_under_a_new_id() {
    let mut world = world(PLAN);
    let first = world.offers[0].current(world.time.now).unwrap().id.clone();
    move_to(&mut world, 179);
    assert_eq!(state(&world), "succeeded");
    move_to(&mut world, 180);
    assert_eq!(state(&world), "running");
    assert_ne!(world.offers[0].current(world.time.now).unwrap().id, first);
    world.advance(Duration::MAX);
    assert!(world.offers[0].listed(world.time.now).count() <= 12);
}

#[test]
fn a_cancel_stops_the_steps_where_they_are() {
    let mut world = world(PLAN);
    move_to(&mut world, 40);
    let now = world.time.now;
    world.offers[0].accept_cancel(now);
    move_to(&mut world, 45);
    assert_eq!(
        (state(&world), steps(&world)[1].as_str()),
        ("running", "inProgress 50")
    );
    move_to(&mut world, 46);
    assert_eq!(
        (state(&world), steps(&world)[1].as_str()),
        ("canceled", "canceled 50")
    );
}

#[test]
fn a_step_may_fail() {
    let text = PLAN.replace("lasts", "fails-in = \"displaycertify\"\nlasts");
    let mut world = world(&text);
    move_to(&mut world, 69);
    assert_eq!(state(&world), "running");
    move_to(&mut world, 70);
    assert_eq!(state(&world), "failed");
    assert_eq!(steps(&world)[..3], ["complete 100", "failed 100", "notStarted 0"]);
}

#[test]
fn what_failed_failed_in_its_last_step_unless_another_is_named() {
    let mut world = world(&PLAN.replace("lasts", "ends = \"failed\"\nlasts"));
    move_to(&mut world, 120);
    assert_eq!(state(&world), "failed");
    let [done, last] = ["complete 100", "failed 100"];
    assert_eq!(steps(&world)[..4], [done, done, done, last]);
}

#[test]
fn version_and_time_of_change_move_when_something_changes() {
    let mut world = world(PLAN);
    let marks = |world: &World| {
        (
            world.offers[0].version(world.time.now),
            world.offers[0].changed(world.time.now),
        )
    };
    let at_start = marks(&world);
    move_to(&mut world, 9);
    assert_eq!(marks(&world), at_start);
    move_to(&mut world, 121);
    let ended = marks(&world);
    assert!(ended.0 > at_start.0 && ended.1 > at_start.1);
    move_to(&mut world, 200);
    assert!(marks(&world).0 > ended.0);
}

#[test]
fn nothing_has_changed_in_the_future_nor_at_the_start_of_the_world_for_no_reason() {
    let mut world = world(include_str!("../../../assets/scenarios/demo.toml"));
    for seconds in [0, 30, 600, 6000] {
        move_to(&mut world, seconds);
        for offer in &world.offers {
            let changed = offer.changed(world.time.now);
            assert!(changed <= world.time.now, "{}", offer.id);
            assert!(
                seconds > 0 || offer.id == "fabrikam-backup" || changed.is_negative(),
                "{}",
                offer.id
            );
        }
    }
}

#[test]
fn a_queued_operation_waits_and_one_that_is_not_there_yet_is_not_there() {
    for (queued, seen) in [(true, 1), (false, 0)] {
        let mut world = world(&format!(
            "offers = [{{ id = 'contoso-vm', operations = [{{ starts-in = '10s', queued = {queued} }}] }}]"
        ));
        assert_eq!(world.offers[0].listed(world.time.now).count(), seen);
        assert_eq!(
            world.offers[0].status(world.time.now),
            if queued { "notStarted" } else { "neverPublished" }
        );
        move_to(&mut world, 10);
        assert_eq!(state(&world), "running");
    }
}

#[test]
fn the_same_scenario_makes_the_same_world() {
    let shown = |world: &World| super::super::cpp::wire::offer::list(world, "contoso", None).to_string();
    assert_eq!(shown(&world(PLAN)), shown(&world(PLAN)));
}
