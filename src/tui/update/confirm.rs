//! The life of a confirmation: looked, painted, quiet, answered; and the one place where a cancel comes from.

use crossterm::event::KeyEvent;

use crate::{
    domain::{
        confirmation::{Request, Shown},
        ids::OfferId,
        operation::{OperationDetail, Source},
        preflight::{self, Wanted},
        remote::Remote,
        target::{Binding, Target},
        text::SafeText,
        verdict::Verdict,
    },
    engine::{Candidate, Failure, Look},
    presentation::ending,
    tui::{
        keymap::Command,
        model::{Asking, Confirmation, Earlier, Given, Guard, Model, Overlay, Question},
        msg::{Effect, Outcome},
        update::{close, opening, recipients},
        view,
    },
};

/// A look has arrived: it is shown, if it is the one that is waited for.
pub(super) fn looked(model: &mut Model, ticket: u64, offer: &OfferId, result: Result<Look, Failure>) {
    let is_awaited = model.confirmation().is_some_and(|dialog| {
        dialog.ticket == ticket && dialog.offer == *offer && dialog.asking == Asking::Looking
    });
    if !is_awaited {
        return;
    }
    let asking = match result {
        Err(failure) => Asking::Failed(failure),
        Ok(look) => match preflight::allow(&look.operations, model.scope(offer), Wanted::Any) {
            Ok(only) => ask(model, offer, look.candidate(only), &look),
            Err(ending) if ending.verdict == Verdict::NothingRunning => Asking::Nothing { at: look.at },
            Err(ending) => Asking::Hindered {
                why: ending.error.unwrap_or_default(),
                at: look.at,
            },
        },
    };
    put(model, asking);
    overtaken(model);
}

/// What is on the screen can now be read.
pub(super) fn painted(model: &mut Model) {
    let is_whole = view::confirmation::is_whole(model)
        && model
            .confirmation()
            .is_some_and(|dialog| dialog.editing.is_none());
    let now = model.now.mono;
    if let Some(question) = question(model)
        && is_whole
    {
        question.guard.painted(now);
    }
}

/// The screen is not what it was: it has to be painted and left alone anew.
pub(super) fn disturbed(model: &mut Model) {
    if let Some(question) = question(model) {
        question.guard.disturb();
    }
}

/// What is on the screen has to be left alone anew.
pub(super) fn unrest(model: &mut Model) {
    let now = model.now.mono;
    if let Some(question) = question(model) {
        question.guard.unrest(now);
    }
}

/// All that was typed has been told: the dialog is about to arm, or what confirmed it counts.
pub(super) fn all_read(model: &mut Model, outcome: &mut Outcome) {
    let now = model.now.mono;
    let Some(question) = question(model) else {
        return;
    };
    let told = question.guard.tells_how();
    let is_confirmed = question.guard.all_read(now);
    outcome.redraw |= is_confirmed || told != question.guard.tells_how();
    if is_confirmed {
        confirmed(model, outcome);
    }
}

/// Looks again, where what is shown is too old to be answered.
pub(super) fn expire(model: &mut Model, outcome: &mut Outcome) {
    let now = model.now;
    let expired = model
        .confirmation()
        .filter(|dialog| dialog.has_expired(now))
        .map(|dialog| dialog.offer.clone());
    if let Some(offer) = expired {
        look_again(model, &offer, outcome);
    }
}

/// A snapshot or a look shows that what is asked for is under way already: there is nothing to ask.
pub(super) fn overtaken(model: &mut Model) {
    let Some(Confirmation {
        offer,
        asking: Asking::Asked(question),
        ..
    }) = model.confirmation()
    else {
        return;
    };
    let (offer, binding) = (offer.clone(), question.binding.clone());
    if opening::is_under_way(model, &target(model, &offer, binding)) {
        close(model);
        opening::already(model, &offer);
    }
}

/// A later look shows that what hindered is gone: the dialog that says so goes with it.
pub(super) fn unhindered(model: &mut Model) {
    let Some(Confirmation {
        offer,
        asking: Asking::Hindered { at, .. },
        ..
    }) = model.confirmation()
    else {
        return;
    };
    let Some(Remote::Fresh {
        value: operations,
        at: read_at,
    }) = model.known.operations_of(offer)
    else {
        return;
    };
    let told = match preflight::allow(operations, model.scope(offer), Wanted::Any) {
        _ if read_at <= at => return,
        Ok(_) => "one operation is left",
        Err(ending) if ending.verdict == Verdict::NothingRunning => "nothing is in flight by now",
        Err(_) => return,
    };
    let told = format!("{offer}: {told}");
    close(model);
    model.notice = Some(told.into());
}

/// A key while the dialog is open.
pub(super) fn pressed(model: &mut Model, command: Option<Command>, key: KeyEvent, outcome: &mut Outcome) {
    outcome.redraw = true;
    let Some(dialog) = model.confirmation() else {
        return;
    };
    let leaves = matches!(command, Some(Command::Back | Command::LeaveAlone));
    match &dialog.asking {
        _ if leaves => leave(model),
        Asking::Looking => {}
        Asking::Failed(_) | Asking::Nothing { .. } | Asking::Hindered { .. } => leave(model),
        Asking::Asked(_) => answer(model, command, key),
    }
}

fn answer(model: &mut Model, command: Option<Command>, key: KeyEvent) {
    let now = model.now.mono;
    let Some(Confirmation { offer, .. }) = model.confirmation() else {
        return;
    };
    let id = offer.clone();
    let Some(question) = question(model) else {
        return;
    };
    if question.guard.pressed(key, now) {
        return;
    }
    let wanted = question.wants_id().then(|| id.raw());
    if command == Some(Command::Addresses) {
        recipients::edit(model);
    } else if question.guard.answer(command, key, wanted, now) == Given::Leave {
        leave(model);
    }
}

/// The one place where a cancel comes from: the dialog closes, so that one confirmation asks once.
fn confirmed(model: &mut Model, outcome: &mut Outcome) {
    let Some(Overlay::Confirmation(dialog)) = model.overlays.pop() else {
        return;
    };
    let Asking::Asked(question) = dialog.asking else {
        return;
    };
    let target = target(model, &dialog.offer, question.binding);
    let step = question
        .candidate
        .detail
        .as_ref()
        .and_then(OperationDetail::current_step)
        .map(|step| step.name.clone());
    let request = Request {
        target: target.clone(),
        profile: model.setup.profile.clone(),
        shown: Shown::of(&question.candidate.operation, step),
        notify: dialog.notify,
        again_of: question
            .earlier
            .filter(|earlier| earlier.is_repeated)
            .map(|earlier| earlier.id),
    };
    model.requests.ask(target, model.now.wall);
    model.list.is_held = true;
    super::known::arrange(model);
    outcome.effects.push(Effect::Cancel(Box::new(request)));
}

fn leave(model: &mut Model) {
    if let Some(Overlay::Confirmation(dialog)) = close(model)
        && matches!(dialog.asking, Asking::Asked(_) | Asking::Looking)
    {
        model.notice = Some(format!("{} was left alone", dialog.offer).into());
    }
}

fn look_again(model: &mut Model, offer: &OfferId, outcome: &mut Outcome) {
    let ticket = opening::look(model, offer, outcome);
    if let Some(Overlay::Confirmation(dialog)) = model.overlays.last_mut() {
        dialog.ticket = ticket;
        dialog.asking = Asking::Looking;
        dialog.is_again = true;
    }
    outcome.redraw = true;
}

fn ask(model: &Model, offer: &OfferId, candidate: Candidate, look: &Look) -> Asking {
    let binding = Binding::of(&candidate.operation);
    let earlier = earlier(model, look, &target(model, offer, binding.clone()));
    let source: Source = look.operations.source;
    let presumed = preflight::presumption(&look.operations, model.scope(offer));
    Asking::Asked(Box::new(Question {
        candidate,
        binding,
        source,
        read_at: look.at,
        arrived: model.now,
        presumed,
        earlier,
        guard: Guard::default(),
    }))
}

/// The newest cancel of the same operation that was sent, by whatever process; else the newest that was asked for.
pub(super) fn earlier(model: &Model, look: &Look, target: &Target) -> Option<Earlier> {
    let known = model.known.cancellations.iter();
    let cancellation = look
        .earlier
        .iter()
        .chain(known.map(|tracked| &tracked.cancellation))
        .filter(|one| one.request.target.is(target))
        .max_by_key(|one| (one.was_sent(), one.claimed_at))?;
    let verdict = cancellation.verdict();
    Some(Earlier {
        id: cancellation.id.clone(),
        at: cancellation.claimed_at,
        outcome: verdict.map_or_else(
            || SafeText::new("not known"),
            |verdict| ending::label(verdict, cancellation.went_out()).into(),
        ),
        is_repeated: cancellation.may_be_asked_again(),
    })
}

/// The operation that `binding` names on `offer`, of what this dashboard shows.
pub(super) fn target(model: &Model, offer: &OfferId, binding: Binding) -> Target {
    Target {
        origin: model.setup.origin.clone(),
        publisher: model.setup.publisher.clone(),
        offer: offer.clone(),
        binding,
    }
}

fn put(model: &mut Model, asking: Asking) {
    if let Some(Overlay::Confirmation(dialog)) = model.overlays.last_mut() {
        dialog.asking = asking;
    }
}

fn question(model: &mut Model) -> Option<&mut Question> {
    match model.overlays.last_mut() {
        Some(Overlay::Confirmation(dialog)) => dialog.question_mut(),
        _ => None,
    }
}
