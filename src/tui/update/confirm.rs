//! The life of a confirmation: looked, painted, read, quiet, answered; and the one place where a cancel leaves.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    domain::{ids::OfferId, text::SafeText},
    engine::{Failure, Look},
    proposal::{Confirmed, Key, Press, Proposal, Reaction, Required, Skip, Standing},
    tui::{
        keymap::Command,
        model::{Batch, Dialog, Model, Overlay},
        msg::{Effect, Outcome},
        update::{arranging, close, moving, under_way},
        view,
    },
};

/// Opens the dialog on `offers` and begins to look; `hidden` marks are left out.
pub(super) fn open(
    model: &mut Model,
    offers: Vec<(OfferId, SafeText)>,
    hidden: usize,
    outcome: &mut Outcome,
) {
    let mut proposal = Proposal::new(offers, model.setup.notify.clone());
    proposal.skip_under_way(|entry| under_way::is_being_cancelled(model, &entry.offer));
    let dialog = Dialog::new(proposal, hidden);
    model.overlays.push(Overlay::Confirmation(Box::new(dialog)));
    look(model, outcome);
    conclude(model);
}

/// Asks for as many looks as may be under way at once; when all have arrived, the dialog can be read.
fn look(model: &mut Model, outcome: &mut Outcome) {
    let (mut ticket, now) = (model.ticket, model.now);
    let Some(dialog) = model.confirmation_mut() else {
        return;
    };
    while let Some(offer) = dialog.proposal.look(ticket + 1) {
        ticket += 1;
        outcome.effects.push(Effect::Look { ticket, offer });
    }
    if dialog.proposal.arrive(now) {
        dialog.invalidate();
    }
    model.ticket = ticket;
}

/// A look has arrived: it is taken, if the dialog waits for it.
pub(super) fn looked(model: &mut Model, ticket: u64, result: &Result<Look, Failure>, outcome: &mut Outcome) {
    let awaited = model
        .confirmation()
        .and_then(|dialog| dialog.proposal.awaiting(ticket));
    let Some(offer) = awaited.cloned() else {
        return;
    };
    let known = model.known.cancellations.iter();
    let known = known.map(|tracked| &tracked.cancellation);
    let plan = Skip::or_plan(result, model.scope(&offer), known);
    if let Some(dialog) = model.confirmation_mut() {
        dialog.proposal.looked(ticket, plan);
    }
    look(model, outcome);
    already_running(model);
}

/// What is being canceled by now is left alone, and the rest has to be read anew.
pub(super) fn already_running(model: &mut Model) {
    let Some(dialog) = model.confirmation() else {
        return;
    };
    let is_under_way = |target| under_way::is_under_way(model, target);
    let plans = dialog.proposal.plans().map(|(_, plan)| &plan.target);
    let under_way: Vec<OfferId> = plans
        .filter(|target| is_under_way(target))
        .map(|target| target.offer.clone())
        .collect();
    if let Some(dialog) = model.confirmation_mut()
        && !under_way.is_empty()
    {
        dialog
            .proposal
            .skip_under_way(|entry| under_way.contains(&entry.offer));
        dialog.invalidate();
        if dialog.proposal.required() == Required::Nothing {
            dialog.editing = None;
        }
    }
    conclude(model);
}

/// A dialog on one offer closes where a line at the bottom says it all.
fn conclude(model: &mut Model) {
    let only = model.confirmation().and_then(|dialog| dialog.proposal.only());
    let Some((offer, Standing::Skipped(skip))) = only.map(|entry| (entry.offer.clone(), &entry.standing))
    else {
        return;
    };
    match skip {
        Skip::UnderWay => {
            close(model);
            under_way::already(model, &offer);
        }
        Skip::Nothing { .. } => {
            close(model);
            model.notice = Some(format!("{offer}: nothing in flight").into());
        }
        Skip::UnsafeId | Skip::Hindered { .. } | Skip::Failed(_) => {}
    }
}

/// A dialog that has nothing to confirm closes when a later look shows that what it says is over.
pub(super) fn unhindered(model: &mut Model) {
    let Some(dialog) = model.confirmation() else {
        return;
    };
    if dialog.proposal.is_looking() || dialog.proposal.required() != Required::Nothing {
        return;
    }
    let over = dialog.proposal.entries().iter().find_map(|entry| {
        let now = entry.now_allowed(&model.known, model.scope(&entry.offer))?;
        let what = if now {
            "one operation is left"
        } else {
            "nothing in flight by now"
        };
        Some(format!("{}: {what}", entry.offer))
    });
    if let Some(over) = over {
        close(model);
        model.notice = Some(over.into());
    }
}

/// What is on the screen has been before someone's eyes.
pub(super) fn on_painted(model: &mut Model) {
    let Some(page) = view::confirmation::page(model) else {
        return;
    };
    let now = model.now.mono;
    let Some(dialog) = model.confirmation_mut() else {
        return;
    };
    if dialog.proposal.is_looking() || dialog.editing.is_some() {
        return;
    }
    if dialog.scrolled <= dialog.read {
        dialog.read = dialog.read.max(dialog.scrolled + page.height);
    }
    if dialog.read >= page.to_read && dialog.proposal.required() != Required::Nothing {
        dialog.proposal.guard.on_painted(now);
    }
}

/// The screen is not what it was: it has to be painted, read and left alone anew.
pub(super) fn invalidate(model: &mut Model) {
    if let Some(dialog) = model.confirmation_mut() {
        dialog.invalidate();
    }
}

/// What is on the screen has to be left alone anew.
pub(super) fn unrest(model: &mut Model) {
    let now = model.now.mono;
    if let Some(dialog) = model.confirmation_mut() {
        dialog.proposal.guard.unrest(now);
    }
}

/// All that was typed has been told: the dialog is about to arm, or what confirmed it counts.
pub(super) fn all_read(model: &mut Model, outcome: &mut Outcome) {
    let now = model.now.mono;
    let Some(dialog) = model.confirmation_mut() else {
        return;
    };
    let told = dialog.proposal.guard.tells_how();
    let confirmed = dialog.proposal.all_read(now);
    outcome.redraw |= confirmed.is_some() || told != dialog.proposal.guard.tells_how();
    if let Some(confirmed) = confirmed {
        send(model, confirmed, outcome);
    }
}

/// Looks again, where what is shown is too old to be answered.
pub(super) fn expire(model: &mut Model, outcome: &mut Outcome) {
    let now = model.now;
    if let Some(dialog) = model.confirmation_mut()
        && dialog.has_expired(now)
    {
        dialog.proposal.begin_anew();
        dialog.invalidate();
        outcome.redraw = true;
        look(model, outcome);
    }
}

/// A key while the dialog is open.
pub(super) fn pressed(model: &mut Model, command: Option<Command>, key: KeyEvent, outcome: &mut Outcome) {
    outcome.redraw = true;
    if matches!(command, Some(Command::Back | Command::LeaveAlone)) {
        return leave(model);
    }
    let (now, press) = (model.now.mono, press(command, key));
    let Some(dialog) = model.confirmation_mut() else {
        return;
    };
    let is_spent = dialog.proposal.guard.pressed(press.key, now);
    let (required, is_looking) = (dialog.proposal.required(), dialog.proposal.is_looking());
    let scrolls = view::confirmation::page(model).is_some_and(|page| page.furthest > 0);
    if scrolls && command.is_some_and(|command| moving::moved(model, command)) {
        return;
    }
    let leaves = match required {
        Required::Nothing => !is_looking,
        _ if is_spent => false,
        _ if command == Some(Command::Addresses) => {
            if let Some(dialog) = model.confirmation_mut() {
                dialog.edit_recipients();
            }
            false
        }
        _ => model
            .confirmation_mut()
            .is_some_and(|dialog| dialog.proposal.press(press, now) == Reaction::Leave),
    };
    if leaves {
        leave(model);
    }
}

/// What a key is to a question.
fn press(command: Option<Command>, key: KeyEvent) -> Press {
    let held = key.modifiers.difference(KeyModifiers::SHIFT);
    let means = match (command, key.code) {
        (Some(Command::Confirm), _) => Key::Yes,
        (Some(Command::Accept), _) => Key::Enter,
        (_, KeyCode::Backspace) => Key::Backspace,
        (_, KeyCode::Char('u')) if held == KeyModifiers::CONTROL => Key::Clear,
        (_, KeyCode::Char(letter)) if held.is_empty() => Key::Letter(letter),
        _ => Key::Other,
    };
    Press {
        key: means,
        is_held: key.kind == KeyEventKind::Repeat,
    }
}

/// The one place where a cancel leaves: exactly what the dialog named, each a request of its own. The dialog is closed, so
/// that one confirmation asks once.
fn send(model: &mut Model, confirmed: Confirmed, outcome: &mut Outcome) {
    let Some(Overlay::Confirmation(dialog)) = model.overlays.pop() else {
        return;
    };
    let requests = dialog.proposal.requests(confirmed, &model.setup.profile);
    let targets: Vec<_> = requests.iter().map(|request| request.target.clone()).collect();
    for request in requests {
        model.requests.ask(request.target.clone(), model.now.wall);
        outcome.effects.push(Effect::Cancel(Box::new(request)));
    }
    model.list.unmark(targets.iter().map(|target| &target.offer));
    if targets.len() > 1 {
        model.batches.push(Batch::new(targets));
    }
    model.list.is_held = true;
    arranging::arrange(model);
    moving::keep_in_view(model);
}

fn leave(model: &mut Model) {
    let Some(Overlay::Confirmation(dialog)) = close(model) else {
        return;
    };
    let proposal = &dialog.proposal;
    if !proposal.is_looking() && proposal.required() == Required::Nothing {
        return;
    }
    let notice = match proposal.only() {
        Some(only) => format!("{} was left alone", only.offer),
        None => format!("the {} marked offers were left alone", proposal.entries().len()),
    };
    model.notice = Some(notice.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_letter_only_without_a_modifier_that_makes_it_another() {
        let with = |code, modifiers| press(None, KeyEvent::new(code, modifiers)).key;
        for (letter, modifiers, means) in [
            ('a', KeyModifiers::NONE, Key::Letter('a')),
            ('u', KeyModifiers::NONE, Key::Letter('u')),
            ('u', KeyModifiers::CONTROL, Key::Clear),
            ('u', KeyModifiers::ALT, Key::Other),
            ('x', KeyModifiers::CONTROL, Key::Other),
            ('A', KeyModifiers::SHIFT, Key::Letter('A')),
        ] {
            assert_eq!(
                with(KeyCode::Char(letter), modifiers),
                means,
                "{letter} {modifiers}"
            );
        }
        assert_eq!(with(KeyCode::Backspace, KeyModifiers::NONE), Key::Backspace);
        assert_eq!(with(KeyCode::Left, KeyModifiers::NONE), Key::Other);
        // Only the table of keys says what confirms.
        assert_eq!(with(KeyCode::Enter, KeyModifiers::NONE), Key::Other);
        assert_eq!(with(KeyCode::Char('y'), KeyModifiers::NONE), Key::Letter('y'));
    }
}
