//! The history: opening it, what the journal tells, all of one cancellation; and looking again at what is open.

use std::sync::Arc;

use crate::{
    domain::{cancellation::Cancellation, ids::CancellationId, remote::Remote, text::SafeText},
    engine::{FollowError, ports::JournalFailure},
    tui::{
        layout,
        model::{History, Model, Notice, Overlay},
        msg::{Effect, Outcome},
        update::moving,
    },
};

/// Opens the history, and has it read.
pub(super) fn open(model: &mut Model, outcome: &mut Outcome) {
    model.overlays.push(Overlay::History(History {
        known: Remote::Loading,
        ..History::default()
    }));
    outcome.effects.push(Effect::LoadHistory);
}

/// Has it read anew; what is shown stays until that has arrived.
pub(super) fn reload(model: &mut Model, outcome: &mut Outcome) {
    model.notice = Some(Notice::awaiting("reading the history anew"));
    outcome.effects.push(Effect::LoadHistory);
}

/// The journal has told, or could not.
pub(super) fn loaded(model: &mut Model, result: Result<Vec<Cancellation>, JournalFailure>) {
    model.notice.take_if(|notice| notice.answered(model.now.mono));
    let at = model.now.wall;
    let height = usize::from(layout::history_rows(model.area()).height);
    let history = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::History(history) => Some(history),
        _ => None,
    });
    let Some(history) = history else {
        return;
    };
    let known = match result {
        Ok(rows) => Remote::Fresh {
            value: rows.into_iter().map(Arc::new).collect(),
            at,
        },
        Err(why) => std::mem::take(&mut history.known).failed(SafeText::new(&why.to_string()), at),
    };
    history.learn(known);
    history.scroll(height);
}

/// All of the selected cancellation.
pub(super) fn record(model: &mut Model) {
    if let Some(Overlay::History(history)) = model.overlays.last()
        && let Some(cancellation) = history.selected().cloned()
    {
        model.overlays.push(Overlay::Record {
            cancellation,
            scrolled: 0,
        });
    }
}

/// Has the engine look again at what is selected and open.
pub(super) fn look_again(model: &mut Model, outcome: &mut Outcome) {
    let Some(cancellation) = model.pointed_cancellation() else {
        model.notice = Some("no cancellation is selected: there is nothing to look at again".into());
        return;
    };
    let offer = cancellation.request.target.offer.shown();
    let id = cancellation.id.clone();
    let is_watched = model
        .known
        .cancellation(&id)
        .is_some_and(|tracked| tracked.is_watched());
    let notice = if !cancellation.is_open() {
        format!("how the cancel of {offer} ended is known: there is nothing to look at again")
    } else if is_watched {
        format!("{offer} is being looked at already")
    } else {
        outcome.effects.push(Effect::Follow { id });
        format!("looking again at {offer}; nothing is sent")
    };
    model.notice = Some(notice.into());
}

/// It could not be looked at again.
pub(super) fn not_followed(model: &mut Model, id: &CancellationId, why: &FollowError) {
    let offer = model.known.cancellation(id).map_or_else(
        || id.shown(),
        |tracked| tracked.cancellation.request.target.offer.shown(),
    );
    model.notice = Some(Notice::lasting(format!("{offer} is not looked at again: {why}")));
}

/// What was open has been taken up, or could not be.
pub(super) fn resumed(model: &mut Model, found: Result<usize, JournalFailure>) {
    match found {
        Ok(count) => {
            model.unresumed = None;
            if count > 0 {
                let them = if count == 1 {
                    "1 cancellation was".to_owned()
                } else {
                    format!("{count} cancellations were")
                };
                model.notice = Some(format!("{them} open, and followed again; nothing is sent").into());
            }
        }
        Err(why) => model.unresumed = Some(SafeText::new(&why.to_string())),
    }
    // A line more or less of trouble leaves the list another height.
    moving::keep_in_view(model);
}
