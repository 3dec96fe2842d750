//! What time does: nothing while nothing waits for it.

use std::time::Duration;

use crate::{
    engine::{Attention, Snapshot},
    tui::{
        fixture::*,
        msg::{Effect, Msg},
    },
};

#[test]
fn idle_with_nothing_being_cancelled_nothing_is_due_and_nothing_drawn() {
    let mut desk = Desk::new(quiet());
    desk.wait(Duration::from_millis(150));
    assert_eq!(desk.model.wake_at(), None);
    let outcome = desk.wait(Duration::from_hours(1));
    assert!(!outcome.redraw && outcome.effects.is_empty());
    assert!(!desk.take(Msg::Painted).redraw);
}

#[test]
fn while_something_is_cancelled_the_screen_beats_once_a_second() {
    let mut desk = Desk::new(busy());
    desk.wait(Duration::from_millis(150));
    assert!(desk.screen().contains("1m 12s"));
    let beat = desk.model.wake_at().unwrap();
    let early = desk.wait(Duration::from_millis(300));
    assert!(!early.redraw);
    assert_eq!(desk.model.wake_at(), Some(beat));
    let on_time = desk.wait(Duration::from_millis(550));
    assert!(on_time.redraw);
    assert!(desk.screen().contains("1m 13s"));
    assert_eq!(desk.model.wake_at(), Some(beat + Duration::from_secs(1)));
}

#[test]
fn attention_is_told_once_it_has_rested() {
    let mut desk = Desk::new(quiet());
    desk.effects.clear();
    desk.keys("j");
    desk.wait(Duration::from_millis(149));
    desk.keys("j");
    assert!(desk.effects.is_empty());
    desk.wait(Duration::from_millis(149));
    assert!(desk.effects.is_empty());
    desk.wait(Duration::from_millis(1));
    let visible = desk
        .model
        .list
        .rows
        .iter()
        .map(|offer| offer.id.clone())
        .collect();
    assert_eq!(
        desk.effects,
        [Effect::Attend(Attention {
            selected: Some("contoso-vm".into()),
            visible,
        })]
    );
    desk.wait(Duration::from_secs(5));
    assert_eq!(desk.effects.len(), 1);
}

#[test]
fn a_dialog_wakes_to_arm_and_to_expire_and_arming_is_drawn() {
    let mut desk = Desk::new(quiet());
    desk.wait(Duration::from_millis(150));
    desk.ask("contoso-vm", vm_operation());
    assert!(desk.screen().contains("y cancels it"));
    let mut desk = Desk::new(quiet());
    desk.wait(Duration::from_millis(150));
    desk.select("contoso-app");
    desk.keys("c");
    assert_eq!(desk.model.wake_at(), None);
    desk.answer_look(look(
        vec![app_operation()],
        crate::domain::operation::Source::Submissions,
    ));
    let armed = desk.model.wake_at().unwrap();
    assert!(!desk.screen().contains("Type the offer's id"));
    assert!(desk.wait(Duration::from_millis(400)).redraw);
    assert_eq!(desk.model.now.mono, armed);
    assert_eq!(desk.model.wake_at(), Some(armed + Duration::from_millis(59_600)));
}

#[test]
fn a_notice_gives_the_keys_back_by_itself_and_news_stay_longer() {
    let mut desk = Desk::new(quiet());
    desk.wait(Duration::from_millis(150));
    desk.keys("s");
    desk.wait(Duration::from_millis(150));
    assert!(desk.screen().contains("sorted by"), "{}", desk.screen());
    let gone = desk.model.wake_at().unwrap();
    assert!(!desk.wait(Duration::from_secs(7)).redraw);
    assert!(desk.wait(Duration::from_secs(1)).redraw && desk.model.now.mono >= gone);
    assert!(desk.screen().contains("? help"), "{}", desk.screen());
    assert_eq!(desk.model.wake_at(), None);
    desk.take(Msg::Elsewhere {
        profile: "audit".into(),
        news: Some("contoso-vm canceled".into()),
        following: 0,
    });
    assert!(!desk.wait(Duration::from_secs(59)).redraw);
    assert!(
        desk.screen().contains("audit: contoso-vm canceled"),
        "{}",
        desk.screen()
    );
    assert!(desk.wait(Duration::from_secs(1)).redraw);
    assert_eq!(desk.model.wake_at(), None);
}

#[test]
fn an_empty_dashboard_waits_for_nothing() {
    let mut desk = Desk::new(Snapshot::default());
    desk.wait(Duration::from_secs(1));
    assert_eq!(desk.model.wake_at(), None);
}
