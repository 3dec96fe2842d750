//! The life of the dialog on what is marked: each offer looked at, the list painted and read, answered; and the one
//! place where cancels of several come from.

use crossterm::event::KeyEvent;

use crate::{
    domain::{
        confirmation::{Request, Shown},
        operation::OperationDetail,
        preflight::{self, Wanted},
        target::Binding,
        text::SafeText,
        verdict::Verdict,
    },
    engine::{Failure, Look},
    tui::{
        keymap::Command,
        model::{Aim, Answer, Batch, Bulk, Entry, Given, MOST, Model, Notice, Overlay, Skip, Standing},
        msg::{Effect, Outcome},
        update::{close, confirm, known, moving, opening},
        view,
    },
};

/// Opens the dialog on the marks that are shown, and begins to look; or says why not.
pub(super) fn open(model: &mut Model, outcome: &mut Outcome) {
    let marks = &model.list.marks;
    let (shown, hidden) = (marks.shown(), marks.hidden());
    let obstacle = if let Some(why) = opening::read_only(model) {
        Some(why)
    } else if shown == 0 {
        Some(format!(
            "{hidden} marked, none of them shown: esc shows them, nothing was cancelled"
        ))
    } else if shown > MOST {
        Some(format!(
            "{shown} are marked, and {MOST} are the most at once: f or / narrows the list"
        ))
    } else {
        None
    };
    if let Some(why) = obstacle {
        model.notice = Some(why.into());
        return;
    }
    let entries = model.list.marked().map(|offer| Entry {
        offer: offer.id.clone(),
        standing: if offer.id.is_unsafe_segment() {
            Standing::Skipped(Skip::Inert)
        } else {
            Standing::Waiting
        },
    });
    let mut bulk = Bulk::new(entries.collect(), hidden);
    for entry in &mut bulk.entries {
        if opening::is_being_cancelled(model, &entry.offer) {
            entry.standing = Standing::Skipped(Skip::UnderWay);
        }
    }
    model.overlays.push(Overlay::Bulk(Box::new(bulk)));
    look(model, outcome);
}

/// Asks for as many looks as may be under way at once; when all have arrived, the list can be read.
fn look(model: &mut Model, outcome: &mut Outcome) {
    let (mut ticket, now) = (model.ticket, model.now);
    let Some(bulk) = bulk(model) else {
        return;
    };
    while let Some(entry) = bulk.next_to_look_at() {
        ticket += 1;
        entry.standing = Standing::Looking { ticket };
        outcome.effects.push(Effect::Look {
            ticket,
            offer: entry.offer.clone(),
        });
    }
    if bulk.unknown() == 0 && bulk.arrived.is_none() {
        bulk.arrived = Some(now);
        bulk.disturb();
    }
    model.ticket = ticket;
}

/// A look has arrived: it is taken, if the dialog waits for it.
pub(super) fn looked(model: &mut Model, ticket: u64, result: Result<Look, Failure>, outcome: &mut Outcome) {
    let Some(offer) = bulk(model)
        .and_then(|bulk| bulk.awaiting(ticket))
        .map(|entry| entry.offer.clone())
    else {
        return;
    };
    let standing = match result {
        Err(failure) => Standing::Skipped(Skip::Failed(failure)),
        Ok(look) => match preflight::allow(&look.operations, model.scope(&offer), Wanted::Any) {
            Ok(only) => {
                let binding = Binding::of(only);
                let target = confirm::target(model, &offer, binding.clone());
                if opening::is_under_way(model, &target) {
                    Standing::Skipped(Skip::UnderWay)
                } else {
                    Standing::Aimed(Box::new(Aim {
                        earlier: confirm::earlier(model, &look, &target),
                        name: target.name().short(),
                        presumed: preflight::presumption(&look.operations, model.scope(&offer)),
                        candidate: look.candidate(only),
                        binding,
                        read_at: look.at,
                    }))
                }
            }
            Err(ending) if ending.verdict == Verdict::NothingRunning => {
                Standing::Skipped(Skip::Nothing { at: look.at })
            }
            Err(ending) => Standing::Skipped(Skip::Hindered(ending.error.unwrap_or_default())),
        },
    };
    if let Some(entry) = bulk(model).and_then(|bulk| bulk.awaiting(ticket)) {
        entry.standing = standing;
    }
    look(model, outcome);
}

/// A snapshot shows that some of it is under way already: that is left alone, and the rest has to be read anew.
pub(super) fn overtaken(model: &mut Model) {
    let Some(Overlay::Bulk(bulk)) = model.overlays.last() else {
        return;
    };
    let is_overtaken = |entry: &Entry| match &entry.standing {
        Standing::Aimed(aim) => {
            let target = confirm::target(model, &entry.offer, aim.binding.clone());
            opening::is_under_way(model, &target)
        }
        _ => false,
    };
    let overtaken: Vec<usize> = (0..bulk.entries.len())
        .filter(|at| is_overtaken(&bulk.entries[*at]))
        .collect();
    if let Some(bulk) = self::bulk(model)
        && !overtaken.is_empty()
    {
        for at in overtaken {
            bulk.entries[at].standing = Standing::Skipped(Skip::UnderWay);
        }
        bulk.disturb();
    }
}

/// What is on the screen has been before someone's eyes.
pub(super) fn painted(model: &mut Model) {
    let Some(page) = view::bulk::page(model) else {
        return;
    };
    let now = model.now.mono;
    if let Some(bulk) = bulk(model)
        && bulk.arrived.is_some()
    {
        if bulk.scrolled <= bulk.read {
            bulk.read = bulk.read.max(bulk.scrolled + page.height);
        }
        if bulk.read >= page.to_read && bulk.answer() != Answer::Nothing {
            bulk.guard.painted(now);
        }
    }
}

/// The screen is not what it was: it has to be painted, read and left alone anew.
pub(super) fn disturbed(model: &mut Model) {
    if let Some(bulk) = bulk(model) {
        bulk.disturb();
    }
}

/// What is on the screen has to be left alone anew.
pub(super) fn unrest(model: &mut Model) {
    let now = model.now.mono;
    if let Some(bulk) = bulk(model) {
        bulk.guard.unrest(now);
    }
}

/// All that was typed has been told: the dialog is about to arm, or what confirmed it counts.
pub(super) fn all_read(model: &mut Model, outcome: &mut Outcome) {
    let now = model.now.mono;
    let Some(bulk) = bulk(model) else {
        return;
    };
    let told = bulk.guard.tells_how();
    let is_confirmed = bulk.guard.all_read(now);
    outcome.redraw |= is_confirmed || told != bulk.guard.tells_how();
    if is_confirmed {
        confirmed(model, outcome);
    }
}

/// Time has passed: the dialog may look again.
pub(super) fn passed(model: &mut Model, outcome: &mut Outcome) {
    let now = model.now;
    let Some(bulk) = bulk(model) else {
        return;
    };
    if bulk.has_expired(now) {
        for entry in &mut bulk.entries {
            if entry.standing != Standing::Skipped(Skip::Inert) {
                entry.standing = Standing::Waiting;
            }
        }
        bulk.arrived = None;
        bulk.disturb();
        outcome.redraw = true;
        look(model, outcome);
    }
}

/// A key while the dialog is open.
pub(super) fn pressed(model: &mut Model, command: Option<Command>, key: KeyEvent, outcome: &mut Outcome) {
    outcome.redraw = true;
    let now = model.now.mono;
    let Some(bulk) = bulk(model) else {
        return;
    };
    if command == Some(Command::LeaveAlone) {
        leave(model);
        return;
    }
    let is_spent = bulk.guard.pressed(key, now);
    let (answer, is_known) = (bulk.answer(), bulk.arrived.is_some());
    if command.is_some_and(|command| moving::moved(model, command)) {
        return;
    }
    let leaves = match answer {
        Answer::Nothing => is_known,
        _ if is_spent => false,
        _ => self::bulk(model).is_some_and(|bulk| {
            let wanted = answer.wanted();
            bulk.guard.answer(command, key, wanted.as_deref(), now) == Given::Leave
        }),
    };
    if leaves {
        leave(model);
    }
}

/// The one place where cancels of several come from: exactly what the dialog named, each a request of its own.
fn confirmed(model: &mut Model, outcome: &mut Outcome) {
    let Some(Overlay::Bulk(bulk)) = model.overlays.pop() else {
        return;
    };
    let mut targets = Vec::new();
    for (offer, aim) in bulk.aims() {
        let target = confirm::target(model, offer, aim.binding.clone());
        let step = aim
            .candidate
            .detail
            .as_ref()
            .and_then(OperationDetail::current_step)
            .map(|step| step.name.clone());
        let request = Request {
            target: target.clone(),
            profile: model.setup.profile.clone(),
            shown: Shown::of(&aim.candidate.operation, step),
            notify: model.setup.notify.clone(),
            again_of: aim
                .earlier
                .as_ref()
                .filter(|earlier| earlier.is_repeated)
                .map(|earlier| earlier.id.clone()),
        };
        model.requests.ask(target.clone(), model.now.wall);
        outcome.effects.push(Effect::Cancel(Box::new(request)));
        targets.push(target);
    }
    model.list.unmark(targets.iter().map(|target| &target.offer));
    model.batches.push(Batch::new(targets));
    model.list.is_held = true;
    known::arrange(model);
    moving::keep_in_view(model);
}

fn leave(model: &mut Model) {
    if let Some(Overlay::Bulk(bulk)) = close(model) {
        let notice = match bulk.entries.len() {
            1 => "the marked offer was left alone".to_owned(),
            all => format!("the {all} marked offers were left alone"),
        };
        model.notice = Some(notice.into());
    }
}

/// Tells of what was confirmed together, when all of it has ended.
pub(super) fn summed_up(model: &mut Model) {
    let mut told: Option<SafeText> = None;
    for batch in model.batches.iter_mut().filter(|batch| !batch.is_told) {
        if let Some(summary) = batch.summary(&model.known) {
            batch.is_told = true;
            told = Some(summary);
        }
    }
    if let Some(told) = told {
        model.notice = Some(Notice::lasting(told));
    }
    // The newest stays, for the pane that shows it.
    let newest = model.batches.len().saturating_sub(1);
    let mut at = 0;
    model.batches.retain(|batch| {
        at += 1;
        !batch.is_told || at > newest
    });
}

fn bulk(model: &mut Model) -> Option<&mut Bulk> {
    match model.overlays.last_mut() {
        Some(Overlay::Bulk(bulk)) => Some(bulk),
        _ => None,
    }
}
