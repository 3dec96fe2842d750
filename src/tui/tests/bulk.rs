//! Cancelling what is marked: what is asked, what it takes to confirm, what is acted on and what is told at the end.

mod answering;
mod left_alone;

use std::{sync::Arc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use insta::assert_snapshot;

use crate::{
    domain::{
        ids::{OfferId, OperationId},
        offer::Offer,
        operation::{Destination, Operation, Source},
        target::Binding,
        text::SafeText,
        verdict::Verdict,
    },
    engine::{Class, Failure, Look, Snapshot, StartError},
    proposal::Required,
    tui::{
        fixture::*,
        keymap::Place,
        model::{ReadOnly, Setup},
        msg::{Effect, Msg, Reply},
        tests::{looks, notice},
    },
};

/// An id for the operation on the `n`th of many offers.
fn id(n: usize) -> String {
    format!("{n:08}-0000-4000-8000-000000000000")
}

/// That many offers with an operation each, every third of which goes live.
fn many(count: usize) -> Snapshot {
    let offers: Vec<Arc<Offer>> = (0..count)
        .map(|n| {
            offer(
                &format!("offer-{n:03}"),
                "Many",
                "running",
                "2026-11-22T08:00:00Z",
            )
        })
        .collect();
    Snapshot {
        offers: fresh(offers.into()),
        ..Snapshot::default()
    }
}

fn one_of(n: usize) -> Operation {
    let to = if n % 3 == 2 {
        Destination::Live
    } else {
        Destination::Preview
    };
    operation(Some(&id(n)), to, "running", "09:12:00")
}

/// Every look that was asked for and not answered, oldest first.
fn open_looks(app: &TestApp, answered: usize) -> Vec<(u64, OfferId)> {
    let looks = app.effects.iter().filter_map(|effect| match effect {
        Effect::Look { ticket, offer } => Some((*ticket, offer.clone())),
        _ => None,
    });
    looks.skip(answered).collect()
}

fn reply(app: &mut TestApp, ticket: u64, offer: OfferId, result: Result<Look, Failure>) {
    app.take(Msg::Reply(Reply::Looked {
        ticket,
        offer,
        result: Box::new(result),
    }));
}

/// Answers every look, also those asked for meanwhile, by what `see` sees on an offer.
fn answer_all(app: &mut TestApp, from: usize, see: impl Fn(&OfferId) -> Result<Look, Failure>) {
    let mut answered = from;
    while let Some((ticket, offer)) = open_looks(app, answered).into_iter().next() {
        let seen = see(&offer);
        reply(app, ticket, offer, seen);
        answered += 1;
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands where a look that fails may stand"
)]
fn see_many(offer: &OfferId) -> Result<Look, Failure> {
    let n: usize = offer.raw().trim_start_matches("offer-").parse().unwrap();
    Ok(look(vec![one_of(n)], Source::Submissions))
}

fn failure() -> Failure {
    Failure {
        class: Class::Transient,
        request: "GET submissions".into(),
        what: "timed out".into(),
        advice: "check the network".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

/// The marked dialog on the first `count` of many offers, looked at and not painted.
fn unpainted(count: usize) -> TestApp {
    let mut app = TestApp::new(many(count));
    app.keys("*c");
    answer_all(&mut app, 0, see_many);
    app
}

/// The same, painted, read to its end and left alone.
fn armed(count: usize) -> TestApp {
    let mut app = unpainted(count);
    app.take(Msg::Painted);
    for _ in 0..count {
        app.press(KeyCode::PageDown);
        app.take(Msg::Painted);
    }
    app.rest();
    app
}

fn cancelled(app: &TestApp) -> Vec<String> {
    let name = |target: &crate::domain::target::Target| {
        let id = target
            .binding
            .operation()
            .map(OperationId::raw)
            .unwrap_or_default();
        format!("{} {id}", target.offer)
    };
    app.cancels()
        .iter()
        .map(|request| name(&request.target))
        .collect()
}

fn all_of(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("offer-{n:03} {}", id(n))).collect()
}

#[test]
fn what_was_listed_is_cancelled_each_by_its_own_request() {
    let mut app = armed(5);
    let screen = app.screen();
    assert!(
        screen.contains("Cancel 5 operations, 1 of them LIVE?"),
        "{screen}"
    );
    for n in 0..5 {
        assert!(screen.contains(&format!("offer-{n:03}")), "{screen}");
    }
    app.keys("5");
    app.press(KeyCode::Enter);
    assert_eq!(cancelled(&app), all_of(5));
    assert_eq!(app.cancels()[0].notify, setup().notify);
    assert_eq!(app.cancels()[0].shown.step, Some("Certification".into()));
    assert!(app.model.confirmation().is_none());
    assert_eq!(
        app.model.list.marks.count(),
        0,
        "what was cancelled is not marked any more"
    );
    app.press(KeyCode::Enter);
    assert_eq!(app.cancels().len(), 5, "one confirmation asks once");
}

#[test]
fn looks_are_asked_for_a_few_at_a_time() {
    let mut app = TestApp::new(many(20));
    app.keys("*c");
    assert_eq!(looks(&app), 8);
    let (ticket, offer) = open_looks(&app, 0).swap_remove(3);
    let seen = see_many(&offer);
    reply(&mut app, ticket, offer, seen);
    assert_eq!(looks(&app), 9);
    app.press(KeyCode::Esc);
    let (ticket, offer) = open_looks(&app, 0).swap_remove(0);
    let seen = see_many(&offer);
    reply(&mut app, ticket, offer, seen);
    assert_eq!(looks(&app), 9, "a closed dialog asks for no more");
}

#[test]
fn a_pane_and_details_that_show_one_offer_cancel_that_one() {
    let mut app = TestApp::new(quiet());
    app.keys("*");
    app.press(KeyCode::Enter);
    app.keys("c");
    assert!(
        app.model
            .confirmation()
            .is_some_and(|dialog| dialog.proposal.only().is_some())
    );
}

#[test]
fn a_look_of_an_earlier_dialog_is_dropped() {
    let mut app = TestApp::new(many(2));
    app.keys("*c");
    let stale = open_looks(&app, 0);
    app.press(KeyCode::Esc);
    app.keys("c");
    for (ticket, offer) in stale {
        let seen = see_many(&offer);
        reply(&mut app, ticket, offer, seen);
    }
    assert_eq!(app.model.confirmation().unwrap().proposal.unknown(), 2);
}

#[test]
fn the_list_stands_still_under_it() {
    let mut app = unpainted(4);
    let before: Vec<OfferId> = app.model.list.rows.iter().map(|row| row.id.clone()).collect();
    app.know(many(2));
    let still: Vec<OfferId> = app.model.list.rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!(before, still);
    app.press(KeyCode::Esc);
    assert_eq!(app.model.list.rows.len(), 2);
}

#[test]
fn at_the_end_it_is_summed_up() {
    let mut app = armed(3);
    app.keys("3");
    app.press(KeyCode::Enter);
    let targets: Vec<_> = app
        .cancels()
        .iter()
        .map(|request| request.target.clone())
        .collect();
    let tracked = |n: usize, verdict| ended(&format!("offer-{n:03}"), &one_of(n), verdict);
    let all = [tracked(0, Verdict::Canceled), tracked(1, Verdict::FinishedFirst)];
    for (target, one) in targets.iter().zip(&all) {
        app.take(Msg::Reply(Reply::Began {
            target: target.clone(),
            id: one.cancellation.id.clone(),
        }));
    }
    app.know(Snapshot {
        cancellations: Arc::new(all.iter().cloned().map(Arc::new).collect()),
        ..many(3)
    });
    assert!(app.screen().contains("2 of 3 ended"), "{}", app.screen());
    app.take(Msg::Reply(Reply::StartError {
        target: targets[2].clone(),
        why: StartError::Stopped,
    }));
    let summary = "1 canceled, 1 finished first, 1 not begun";
    assert_eq!(notice(&app), format!("3 cancels ended: {summary}"));
    app.keys("j");
    assert_eq!(notice(&app), "", "told once");
    assert!(
        app.screen().contains(summary),
        "and kept in the pane\n{}",
        app.screen()
    );
}

#[test]
fn what_was_asked_before_and_did_not_end_is_asked_again() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys(" c");
    let earlier = ended("contoso-vm", &vm_operation(), Verdict::Refused).cancellation;
    let id = earlier.id.clone();
    answer_all(&mut app, 0, |_| {
        Ok(Look {
            earlier: vec![earlier.clone()],
            ..look(vec![vm_operation()], Source::Submissions)
        })
    });
    app.take(Msg::Painted);
    app.rest();
    assert!(
        app.screen()
            .contains("asked at 11:51:40: refused; this asks again"),
        "{}",
        app.screen()
    );
    app.keys("y");
    assert_eq!(app.cancels()[0].again_of, Some(id));
}

#[test]
fn what_has_no_id_is_bound_by_what_else_is_known() {
    let nameless = || operation(None, Destination::Unknown("".into()), "running", "09:12:00");
    let mut app = TestApp::new(many(2));
    app.keys("*c");
    answer_all(&mut app, 0, |_| Ok(look(vec![nameless()], Source::OfferStatus)));
    app.take(Msg::Painted);
    app.rest();
    let screen = app.screen();
    assert!(screen.contains("2 perhaps LIVE"), "{screen}");
    assert!(
        screen.contains("LIVE?") && screen.contains("publish fp:"),
        "{screen}"
    );
    app.keys("2");
    app.press(KeyCode::Enter);
    assert_eq!(app.cancels()[1].target.binding, Binding::of(&nameless()));
}

#[test]
fn the_dialog_in_every_size() {
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut app = TestApp::new(many(12));
        app.resize(width, height);
        app.keys("*");
        app.select("offer-011");
        app.keys(" *c");
        answer_all(&mut app, 0, |offer| match offer.raw() {
            "offer-003" => Ok(look(Vec::new(), Source::Submissions)),
            "offer-004" => Err(failure()),
            _ => see_many(offer),
        });
        app.take(Msg::Painted);
        assert_snapshot!(format!("bulk_{width}x{height}"), app.screen());
        for _ in 0..20 {
            app.press(KeyCode::PageDown);
            app.take(Msg::Painted);
        }
        app.rest();
        app.keys("1");
        assert_snapshot!(format!("bulk_read_{width}x{height}"), app.screen());
    }
}

#[test]
fn a_failure_is_told_in_safe_words() {
    let mut app = TestApp::new(many(1));
    app.keys("*c");
    let hostile = Failure {
        what: SafeText::new("bad\u{1b}[31m\u{202e}news"),
        ..failure()
    };
    answer_all(&mut app, 0, |_| Err(hostile.clone()));
    let screen = app.screen();
    assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'));
    assert!(screen.contains("There is nothing to confirm."), "{screen}");
}
