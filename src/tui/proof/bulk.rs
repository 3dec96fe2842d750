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
    engine::{Class, Failure, Look, NotBegun, Snapshot},
    tui::{
        fixture::*,
        keymap::Place,
        model::{Answer, ReadOnly, Setup},
        msg::{Effect, Msg, Reply},
        proof::{looks, notice},
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
fn open_looks(desk: &Desk, answered: usize) -> Vec<(u64, OfferId)> {
    let looks = desk.effects.iter().filter_map(|effect| match effect {
        Effect::Look { ticket, offer } => Some((*ticket, offer.clone())),
        _ => None,
    });
    looks.skip(answered).collect()
}

fn reply(desk: &mut Desk, ticket: u64, offer: OfferId, result: Result<Look, Failure>) {
    desk.take(Msg::Reply(Reply::Looked {
        ticket,
        offer,
        result: Box::new(result),
    }));
}

/// Answers every look, also those asked for meanwhile, by what `see` sees on an offer.
fn answer_all(desk: &mut Desk, from: usize, see: impl Fn(&OfferId) -> Result<Look, Failure>) {
    let mut answered = from;
    while let Some((ticket, offer)) = open_looks(desk, answered).into_iter().next() {
        let seen = see(&offer);
        reply(desk, ticket, offer, seen);
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
fn unpainted(count: usize) -> Desk {
    let mut desk = Desk::new(many(count));
    desk.keys("*c");
    answer_all(&mut desk, 0, see_many);
    desk
}

/// The same, painted, read to its end and left alone.
fn armed(count: usize) -> Desk {
    let mut desk = unpainted(count);
    desk.take(Msg::Painted);
    for _ in 0..count {
        desk.press(KeyCode::PageDown);
        desk.take(Msg::Painted);
    }
    desk.rest();
    desk
}

fn cancelled(desk: &Desk) -> Vec<String> {
    let name = |target: &crate::domain::target::Target| {
        let id = target
            .binding
            .operation()
            .map(OperationId::raw)
            .unwrap_or_default();
        format!("{} {id}", target.offer)
    };
    desk.cancels()
        .iter()
        .map(|request| name(&request.target))
        .collect()
}

fn all_of(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("offer-{n:03} {}", id(n))).collect()
}

#[test]
fn what_was_listed_is_cancelled_each_by_its_own_request() {
    let mut desk = armed(5);
    let screen = desk.screen();
    assert!(
        screen.contains("Cancel 5 operations, 1 of them LIVE?"),
        "{screen}"
    );
    for n in 0..5 {
        assert!(screen.contains(&format!("offer-{n:03}")), "{screen}");
    }
    desk.keys("5");
    desk.press(KeyCode::Enter);
    assert_eq!(cancelled(&desk), all_of(5));
    assert_eq!(desk.cancels()[0].notify, setup().notify);
    assert_eq!(desk.cancels()[0].shown.step, Some("Certification".into()));
    assert!(desk.model.bulk().is_none());
    assert_eq!(
        desk.model.list.marks.count(),
        0,
        "what was cancelled is not marked any more"
    );
    desk.press(KeyCode::Enter);
    assert_eq!(desk.cancels().len(), 5, "one confirmation asks once");
}

#[test]
fn looks_are_asked_for_a_few_at_a_time() {
    let mut desk = Desk::new(many(20));
    desk.keys("*c");
    assert_eq!(looks(&desk), 8);
    let (ticket, offer) = open_looks(&desk, 0).swap_remove(3);
    let seen = see_many(&offer);
    reply(&mut desk, ticket, offer, seen);
    assert_eq!(looks(&desk), 9);
    desk.press(KeyCode::Esc);
    let (ticket, offer) = open_looks(&desk, 0).swap_remove(0);
    let seen = see_many(&offer);
    reply(&mut desk, ticket, offer, seen);
    assert_eq!(looks(&desk), 9, "a closed dialog asks for no more");
}

#[test]
fn a_pane_and_details_that_show_one_offer_cancel_that_one() {
    let mut desk = Desk::new(quiet());
    desk.keys("*");
    desk.press(KeyCode::Enter);
    desk.keys("c");
    assert!(desk.model.confirmation().is_some() && desk.model.bulk().is_none());
}

#[test]
fn a_look_of_an_earlier_dialog_is_dropped() {
    let mut desk = Desk::new(many(2));
    desk.keys("*c");
    let stale = open_looks(&desk, 0);
    desk.press(KeyCode::Esc);
    desk.keys("c");
    for (ticket, offer) in stale {
        let seen = see_many(&offer);
        reply(&mut desk, ticket, offer, seen);
    }
    assert_eq!(desk.model.bulk().unwrap().unknown(), 2);
}

#[test]
fn the_list_stands_still_under_it() {
    let mut desk = unpainted(4);
    let before: Vec<OfferId> = desk.model.list.rows.iter().map(|row| row.id.clone()).collect();
    desk.know(many(2));
    let still: Vec<OfferId> = desk.model.list.rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!(before, still);
    desk.press(KeyCode::Esc);
    assert_eq!(desk.model.list.rows.len(), 2);
}

#[test]
fn at_the_end_it_is_summed_up() {
    let mut desk = armed(3);
    desk.keys("3");
    desk.press(KeyCode::Enter);
    let targets: Vec<_> = desk
        .cancels()
        .iter()
        .map(|request| request.target.clone())
        .collect();
    let tracked = |n: usize, verdict| ended(&format!("offer-{n:03}"), &one_of(n), verdict);
    let all = [tracked(0, Verdict::Canceled), tracked(1, Verdict::FinishedFirst)];
    for (target, one) in targets.iter().zip(&all) {
        desk.take(Msg::Reply(Reply::Began {
            target: target.clone(),
            id: one.cancellation.id.clone(),
        }));
    }
    desk.know(Snapshot {
        cancellations: Arc::new(all.iter().cloned().map(Arc::new).collect()),
        ..many(3)
    });
    assert!(desk.screen().contains("2 of 3 ended"), "{}", desk.screen());
    desk.take(Msg::Reply(Reply::NotBegun {
        target: targets[2].clone(),
        why: NotBegun::Stopped,
    }));
    let summary = "1 canceled, 1 finished first, 1 not begun";
    assert_eq!(notice(&desk), format!("3 cancels ended: {summary}"));
    desk.keys("j");
    assert_eq!(notice(&desk), "", "told once");
    assert!(
        desk.screen().contains(summary),
        "and kept in the pane\n{}",
        desk.screen()
    );
}

#[test]
fn what_was_asked_before_and_did_not_end_is_asked_again() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys(" c");
    let earlier = ended("contoso-vm", &vm_operation(), Verdict::Refused).cancellation;
    let id = earlier.id.clone();
    answer_all(&mut desk, 0, |_| {
        Ok(Look {
            earlier: vec![earlier.clone()],
            ..look(vec![vm_operation()], Source::Submissions)
        })
    });
    desk.take(Msg::Painted);
    desk.rest();
    assert!(
        desk.screen()
            .contains("asked before at 11:51:40: refused; this asks again"),
        "{}",
        desk.screen()
    );
    desk.keys("y");
    assert_eq!(desk.cancels()[0].again_of, Some(id));
}

#[test]
fn what_has_no_id_is_bound_by_what_else_is_known() {
    let nameless = || operation(None, Destination::Unknown("".into()), "running", "09:12:00");
    let mut desk = Desk::new(many(2));
    desk.keys("*c");
    answer_all(&mut desk, 0, |_| Ok(look(vec![nameless()], Source::OfferStatus)));
    desk.take(Msg::Painted);
    desk.rest();
    let screen = desk.screen();
    assert!(screen.contains("2 perhaps LIVE"), "{screen}");
    assert!(
        screen.contains("LIVE?") && screen.contains("publish fp:"),
        "{screen}"
    );
    desk.keys("2");
    desk.press(KeyCode::Enter);
    assert_eq!(desk.cancels()[1].target.binding, Binding::of(&nameless()));
}

#[test]
fn the_dialog_in_every_size() {
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut desk = Desk::new(many(12));
        desk.resize(width, height);
        desk.keys("*");
        desk.select("offer-011");
        desk.keys(" *c");
        answer_all(&mut desk, 0, |offer| match offer.raw() {
            "offer-003" => Ok(look(Vec::new(), Source::Submissions)),
            "offer-004" => Err(failure()),
            _ => see_many(offer),
        });
        desk.take(Msg::Painted);
        assert_snapshot!(format!("bulk_{width}x{height}"), desk.screen());
        for _ in 0..20 {
            desk.press(KeyCode::PageDown);
            desk.take(Msg::Painted);
        }
        desk.rest();
        desk.keys("1");
        assert_snapshot!(format!("bulk_read_{width}x{height}"), desk.screen());
    }
}

#[test]
fn a_failure_is_told_in_safe_words() {
    let mut desk = Desk::new(many(1));
    desk.keys("*c");
    let hostile = Failure {
        what: SafeText::new("bad\u{1b}[31m\u{202e}news"),
        ..failure()
    };
    answer_all(&mut desk, 0, |_| Err(hostile.clone()));
    let screen = desk.screen();
    assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'));
    assert!(screen.contains("There is nothing to confirm."), "{screen}");
}
