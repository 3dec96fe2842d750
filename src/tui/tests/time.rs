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
    let mut app = TestApp::new(quiet());
    app.wait(Duration::from_millis(150));
    assert_eq!(app.model.wake_at(), None);
    let outcome = app.wait(Duration::from_hours(1));
    assert!(!outcome.redraw && outcome.effects.is_empty());
    assert!(!app.take(Msg::Painted).redraw);
}

#[test]
fn while_something_is_cancelled_the_screen_beats_once_a_second() {
    let mut app = TestApp::new(busy());
    app.wait(Duration::from_millis(150));
    assert!(app.screen().contains("1m 12s"));
    let beat = app.model.wake_at().unwrap();
    let early = app.wait(Duration::from_millis(300));
    assert!(!early.redraw);
    assert_eq!(app.model.wake_at(), Some(beat));
    let on_time = app.wait(Duration::from_millis(550));
    assert!(on_time.redraw);
    assert!(app.screen().contains("1m 13s"));
    assert_eq!(app.model.wake_at(), Some(beat + Duration::from_secs(1)));
}

#[test]
fn attention_is_told_once_it_has_rested() {
    let mut app = TestApp::new(quiet());
    app.effects.clear();
    app.keys("j");
    app.wait(Duration::from_millis(149));
    app.keys("j");
    assert!(app.effects.is_empty());
    app.wait(Duration::from_millis(149));
    assert!(app.effects.is_empty());
    app.wait(Duration::from_millis(1));
    let visible = app.model.list.rows.iter().map(|offer| offer.id.clone()).collect();
    assert_eq!(
        app.effects,
        [Effect::Attend(Attention {
            selected: Some("contoso-vm".into()),
            visible,
        })]
    );
    app.wait(Duration::from_secs(5));
    assert_eq!(app.effects.len(), 1);
}

#[test]
fn a_dialog_wakes_to_arm_and_to_expire_and_arming_is_drawn() {
    let mut app = TestApp::new(quiet());
    app.wait(Duration::from_millis(150));
    app.ask("contoso-vm", vm_operation());
    assert!(app.screen().contains("y cancels it"));
    let mut app = TestApp::new(quiet());
    app.wait(Duration::from_millis(150));
    app.select("contoso-app");
    app.keys("c");
    assert_eq!(app.model.wake_at(), None);
    app.answer_look(look(
        vec![app_operation()],
        crate::domain::operation::Source::Submissions,
    ));
    let armed = app.model.wake_at().unwrap();
    assert!(!app.screen().contains("Type the offer's id"));
    assert!(app.wait(Duration::from_millis(400)).redraw);
    assert_eq!(app.model.now.mono, armed);
    assert_eq!(app.model.wake_at(), Some(armed + Duration::from_millis(59_600)));
}

#[test]
fn a_notice_gives_the_keys_back_by_itself_and_news_stay_longer() {
    let mut app = TestApp::new(quiet());
    app.wait(Duration::from_millis(150));
    app.keys("s");
    app.wait(Duration::from_millis(150));
    assert!(app.screen().contains("sorted by"), "{}", app.screen());
    let gone = app.model.wake_at().unwrap();
    assert!(!app.wait(Duration::from_secs(7)).redraw);
    assert!(app.wait(Duration::from_secs(1)).redraw && app.model.now.mono >= gone);
    assert!(app.screen().contains("? help"), "{}", app.screen());
    assert_eq!(app.model.wake_at(), None);
    app.take(Msg::Elsewhere {
        profile: "audit".into(),
        news: Some("contoso-vm canceled".into()),
        following: 0,
    });
    assert!(!app.wait(Duration::from_secs(59)).redraw);
    assert!(
        app.screen().contains("audit: contoso-vm canceled"),
        "{}",
        app.screen()
    );
    assert!(app.wait(Duration::from_secs(1)).redraw);
    assert_eq!(app.model.wake_at(), None);
}

#[test]
fn an_empty_dashboard_waits_for_nothing() {
    let mut app = TestApp::new(Snapshot::default());
    app.wait(Duration::from_secs(1));
    assert_eq!(app.model.wake_at(), None);
}
