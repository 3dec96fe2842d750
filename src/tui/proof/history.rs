//! What was open before, what is open still, and all that the journal knows.

use std::sync::Arc;

use crossterm::event::KeyCode;

use crate::{
    domain::{cancellation::Cancellation, ids::OfferId, verdict::Verdict},
    engine::{NotFollowed, Snapshot, Tracked, ports::JournalFailure},
    tui::{
        fixture::*,
        keymap::Place,
        model::Overlay,
        msg::{Effect, Msg, Reply},
        proof::notice,
    },
};

fn tell(desk: &mut Desk, told: Result<Vec<Cancellation>, JournalFailure>) {
    desk.take(Msg::Reply(Reply::History(Box::new(told))));
}

fn broken() -> JournalFailure {
    JournalFailure("the folder cannot be written; make it writable".into())
}

fn count(desk: &Desk, wanted: &Effect) -> usize {
    desk.effects.iter().filter(|effect| *effect == wanted).count()
}

fn with(tracked: Tracked) -> Desk {
    let mut desk = Desk::new(Snapshot {
        cancellations: vec![Arc::new(tracked)].into(),
        ..quiet()
    });
    desk.select("contoso-vm");
    desk
}

fn follow(id: &str) -> Effect {
    Effect::Follow { id: id.into() }
}

#[test]
fn what_is_open_and_unwatched_is_looked_at_again_and_nothing_is_sent() {
    for verdict in [Verdict::Unknown, Verdict::Pending] {
        for keys in ["o", "llo"] {
            let mut desk = with(ended("contoso-vm", &vm_operation(), verdict));
            desk.keys(keys);
            assert_eq!(count(&desk, &follow("c-contoso-vm")), 1, "{verdict:?} {keys}");
            assert!(desk.cancels().is_empty());
        }
    }
}

#[test]
fn what_is_watched_settled_or_not_there_is_not_looked_at_again() {
    for (tracked, said) in [
        (following(), "is being looked at already"),
        (
            ended("contoso-vm", &vm_operation(), Verdict::Canceled),
            "ended is known",
        ),
        (
            ended("contoso-old", &vm_operation(), Verdict::Pending),
            "no cancellation is selected",
        ),
    ] {
        let mut desk = with(tracked);
        desk.keys("o");
        assert!(
            !desk
                .effects
                .iter()
                .any(|effect| matches!(effect, Effect::Follow { .. }))
        );
        assert!(notice(&desk).contains(said), "{}", notice(&desk));
    }
}

#[test]
fn the_footer_offers_to_look_again_only_where_that_leads_on() {
    let offers = |desk: &Desk| desk.screen().contains("o look again");
    assert!(offers(&with(ended(
        "contoso-vm",
        &vm_operation(),
        Verdict::Pending
    ))));
    assert!(!offers(&with(following())));
    assert!(!offers(&with(ended(
        "contoso-vm",
        &vm_operation(),
        Verdict::Canceled
    ))));
}

#[test]
fn why_it_is_not_looked_at_again_is_said_with_what_to_do() {
    let mut desk = with(ended("contoso-vm", &vm_operation(), Verdict::Pending));
    desk.keys("o");
    desk.take(Msg::Reply(Reply::NotFollowed {
        id: "c-contoso-vm".into(),
        why: NotFollowed::Journal(broken()),
    }));
    assert_eq!(
        notice(&desk),
        "contoso-vm is not looked at again: journal: the folder cannot be written; make it writable"
    );
}

#[test]
fn what_could_not_be_resumed_stands_there_until_it_could() {
    let mut desk = Desk::new(quiet());
    desk.take(Msg::Reply(Reply::Resumed(Err(broken()))));
    assert!(desk.screen().contains("! journal:"), "{}", desk.screen());
    assert_eq!(count(&desk, &Effect::Resume), 0);
    desk.keys("r");
    assert_eq!(count(&desk, &Effect::Resume), 1);
    desk.take(Msg::Reply(Reply::Resumed(Ok(2))));
    assert!(!desk.screen().contains("! journal:"), "{}", desk.screen());
    assert!(notice(&desk).starts_with("2 cancellations were open"));
    desk.keys("r");
    assert_eq!(count(&desk, &Effect::Resume), 1, "nothing is left to resume");
}

#[test]
fn the_history_is_asked_for_and_never_waited_for() {
    let mut desk = Desk::new(quiet());
    desk.keys("H");
    assert_eq!(count(&desk, &Effect::LoadHistory), 1);
    assert!(desk.screen().contains("reading the journal"));
    desk.press(KeyCode::Enter);
    desk.keys("jGgo");
    desk.press(KeyCode::Esc);
    assert_eq!(desk.model.place(), Place::Offers);
    tell(&mut desk, Ok(vec![following().cancellation]));
    assert_eq!(desk.model.place(), Place::Offers, "too late, and nobody waits");
}

#[test]
fn a_failure_keeps_what_was_read_and_r_tries_again() {
    let mut desk = Desk::new(quiet());
    desk.keys("H");
    tell(&mut desk, Ok(vec![following().cancellation]));
    desk.keys("r");
    assert_eq!(count(&desk, &Effect::LoadHistory), 2);
    assert_eq!(count(&desk, &Effect::Refresh), 0);
    tell(&mut desk, Err(broken()));
    let screen = desk.screen();
    assert!(screen.contains("not read anew since 12:04:31"), "{screen}");
    assert!(screen.contains("contoso-vm"), "{screen}");
}

#[test]
fn the_selection_stays_with_its_cancellation() {
    let old = ended("contoso-old", &app_operation(), Verdict::Canceled).cancellation;
    let mut desk = Desk::new(quiet());
    desk.keys("H");
    tell(&mut desk, Ok(vec![old.clone()]));
    tell(&mut desk, Ok(vec![following().cancellation, old]));
    let pointed = desk.model.pointed_cancellation().unwrap();
    assert_eq!(pointed.request.target.offer, OfferId::new("contoso-old"));
}

#[test]
fn what_is_followed_here_is_told_as_it_stands_now() {
    let mut early = following().cancellation;
    early.facts.truncate(1);
    let mut desk = with(following());
    desk.keys("H");
    tell(&mut desk, Ok(vec![early]));
    desk.press(KeyCode::Enter);
    assert!(desk.screen().contains("still running"), "{}", desk.screen());
    desk.know(Snapshot {
        cancellations: vec![Arc::new(Tracked {
            cancellation: {
                let mut cancellation = following().cancellation;
                cancellation.apply_unrecorded(settled(Verdict::Canceled), at("12:05:00"));
                cancellation
            },
            ..following()
        })]
        .into(),
        ..quiet()
    });
    desk.keys("G");
    assert!(desk.screen().contains("verdict: canceled · observed"));
}

#[test]
fn a_record_scrolls_to_its_end_and_no_further() {
    let mut desk = Desk::new(quiet());
    desk.resize(40, 10);
    desk.keys("H");
    tell(&mut desk, Ok(vec![following().cancellation]));
    desk.press(KeyCode::Enter);
    assert!(desk.screen().contains("more"));
    desk.keys("Gjj");
    assert!(desk.screen().contains("still running"), "{}", desk.screen());
    assert!(!desk.screen().contains("more"));
    desk.press(KeyCode::Esc);
    assert!(matches!(desk.model.overlays[..], [Overlay::History(_)]));
}
