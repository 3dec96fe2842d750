//! The reducer: one message changes the model, and says what is to be done outside it.
//!
//! Knows no clock but [`Msg::Clock`], and does nothing but change the model.

mod arranging;
mod batches;
mod cancel_stats;
mod confirm;
mod copying;
mod history;
mod keys;
mod known;
mod mouse;
mod moving;
mod notifier;
mod opening;
mod palette;
pub(crate) mod profiles;
mod recipients;
mod under_way;

use crossterm::event::Event;
use ratatui::layout::Size;

use crate::{
    domain::text::SafeText,
    engine::Attention,
    presentation::{Declined, ending},
    service::auth::SignInPrompt,
    tui::{
        model::{Model, Notice, Overlay},
        msg::{Effect, Msg, Now, Outcome, Reply},
    },
};

/// Takes one message.
pub fn update(model: &mut Model, msg: Msg) -> Outcome {
    let mut outcome = Outcome::default();
    match msg {
        Msg::Clock(now) => passed(model, now, &mut outcome),
        Msg::Terminal(event) => happened(model, event, &mut outcome),
        Msg::Known(snapshot) => {
            known::learned(model, snapshot, &mut outcome);
            notifier::ended(model, &mut outcome);
            outcome.redraw = true;
        }
        Msg::Prompted(prompt) => {
            prompted(model, prompt, &mut outcome);
            outcome.redraw = true;
        }
        Msg::Reply(reply) => {
            replied(model, reply, &mut outcome);
            outcome.redraw = true;
        }
        Msg::Elsewhere {
            profile,
            news,
            following,
        } => outcome.redraw = profiles::elsewhere(model, &profile, news.as_ref(), following),
        Msg::Painted => confirm::on_painted(model),
        Msg::AllRead => confirm::all_read(model, &mut outcome),
        Msg::Disturbed => {
            confirm::unrest(model);
            outcome.redraw = true;
        }
    }
    batches::summed_up(model);
    let selection = model.selection();
    outcome.redraw |= model.status_target.turn(selection, model.now.mono);
    attend(model, &mut outcome);
    notifier::titled(model, &mut outcome);
    if let Some(notice) = &mut model.notice {
        notice.begin(model.now.mono);
    }
    outcome
}

/// Time has passed: what counts is drawn anew, what rested counts, what is too old is looked at again.
fn passed(model: &mut Model, now: Now, outcome: &mut Outcome) {
    let before = model.now;
    model.now = now;
    if model.is_counting() && before.wall.as_second() != now.wall.as_second() {
        outcome.redraw = true;
    }
    if model.notice.take_if(|notice| notice.is_over(now.mono)).is_some() {
        outcome.redraw = true;
    }
    confirm::expire(model, outcome);
}

fn happened(model: &mut Model, event: Event, outcome: &mut Outcome) {
    match event {
        Event::Key(key) => keys::pressed(model, key, outcome),
        Event::Paste(text) => keys::pasted(model, &text, outcome),
        Event::Resize(width, height) => {
            model.size = Size::new(width, height);
            moving::keep_in_view(model);
            confirm::invalidate(model);
            outcome.redraw = true;
        }
        Event::Mouse(event) => mouse::moved(model, event, outcome),
        Event::FocusGained | Event::FocusLost => {}
    }
}

/// Whoever has signed in does not wait for the next look that is due.
fn prompted(model: &mut Model, prompt: Option<SignInPrompt>, outcome: &mut Outcome) {
    let was_waiting = std::mem::replace(&mut model.prompt, prompt).is_some();
    if was_waiting && model.prompt.is_none() {
        outcome.effects.push(profiles::ask_anew(model));
    }
    moving::keep_in_view(model);
}

fn replied(model: &mut Model, reply: Reply, outcome: &mut Outcome) {
    match reply {
        Reply::Looked { ticket, result, .. } => confirm::looked(model, ticket, &result, outcome),
        Reply::Began { target, id } => {
            let known = std::sync::Arc::clone(&model.known);
            for batch in &mut model.batches {
                batch.began(&target, &id);
            }
            model.requests.began(&target, id, &known);
        }
        Reply::StartError { target, why } => {
            let why = SafeText::new(&ending::not_begun(&why.to_string()));
            model.notice = Some(Notice::lasting(format!("{}: {why}", target.offer)));
            for batch in &mut model.batches {
                batch.declined(&target);
            }
            let at = model.now.wall;
            model.requests.decline(&target, Declined { why, at });
        }
        Reply::Resumed(found) => {
            if found.is_ok() {
                cancel_stats::grew(model, outcome);
            }
            history::resumed(model, found);
        }
        Reply::FollowError { id, why } => history::not_followed(model, &id, &why),
        Reply::History(result) => history::loaded(model, *result),
        Reply::Precedent(told) => cancel_stats::told(model, told, outcome),
        Reply::Publishers(found) => profiles::found(model, found, outcome),
        Reply::NotSwitched { profile, why } => profiles::not_switched(model, &profile, &why),
    }
    arranging::arrange(model);
}

/// Tells the engine what is looked at, once that has rested.
fn attend(model: &mut Model, outcome: &mut Outcome) {
    let height = usize::from(model.own_panes().offers.height);
    let attention = Attention {
        selected: model.pointed().cloned(),
        visible: model
            .list
            .window(height)
            .iter()
            .map(|offer| offer.id.clone())
            .collect(),
    };
    model.viewport_report.turn(attention, model.now.mono);
    if let Some(rested) = model.viewport_report.rested(model.now.mono) {
        outcome.effects.push(Effect::Attend(rested));
    }
}

/// Closes what is on top, and lets the list move again.
fn close(model: &mut Model) -> Option<Overlay> {
    let closed = model.overlays.pop();
    arranging::arrange(model);
    closed
}
