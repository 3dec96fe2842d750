//! What stands over the text of the dialog, however far that is scrolled: what is asked, of what, since when.

use ratatui::text::Line;

use crate::{
    domain::{operation::Destination, recipients::write, remote::Remote},
    presentation::{Tone, moment::exact},
    proposal::{Plan, Proposal, Skip},
    tui::{
        model::{Dialog, Model},
        view::paint,
    },
};

/// What is asked.
pub(super) fn title(dialog: &Dialog) -> String {
    let proposal = &dialog.proposal;
    if proposal.is_looking() {
        return "Looking".to_owned();
    }
    let (count, live, unknown) = counts(proposal);
    if count == 0 {
        let is_over = |skip| matches!(skip, &Skip::Nothing { .. } | &Skip::UnderWay);
        let is_nothing_left = proposal.skipped().all(|(_, skip)| is_over(skip));
        let title = if is_nothing_left {
            "Nothing to cancel"
        } else {
            "No cancel now"
        };
        return title.to_owned();
    }
    if count == 1 {
        let goes = if live == 1 { " that goes LIVE" } else { "" };
        return format!("Cancel this operation{goes}?");
    }
    let told = |some: usize, how: &str| match some {
        0 => String::new(),
        some => format!(", {some} {how}"),
    };
    format!(
        "Cancel {count} operations{}{}?",
        told(live, "of them LIVE"),
        told(unknown, "perhaps LIVE")
    )
}

/// How many operations there are, how many go live, and of how many nobody knows.
fn counts(proposal: &Proposal) -> (usize, usize, usize) {
    let to = |live: bool| {
        let is = |plan: &Plan| plan.may_be_production() && (*plan.destination() == Destination::Live) == live;
        proposal.plans().filter(|(_, plan)| is(plan)).count()
    };
    (proposal.plans().count(), to(true), to(false))
}

/// When several were read and who is mailed of them, what is looked at, and what was marked and cannot be seen.
pub(super) fn lines(model: &Model, dialog: &Dialog, room: usize) -> Vec<Line<'static>> {
    let say = |text: &str, tone| paint::sentence(text, tone, room, model.theme());
    let mut lines = Vec::new();
    if dialog.proposal.is_looking() {
        lines.extend(say(&looking(model, &dialog.proposal), Tone::Plain));
    } else if let Some(read) = read_at(model, &dialog.proposal) {
        // Everyone by name, however many lines that takes: it is part of what is confirmed.
        let mails = match &dialog.proposal.notify[..] {
            [] => "nobody named is mailed".to_owned(),
            named => format!("mails {}", write(named)),
        };
        lines.extend(say(&format!("read {read} · {mails}"), Tone::Quiet));
    }
    if dialog.hidden > 0 {
        let hidden = dialog.hidden;
        let are = if hidden == 1 { "is" } else { "are" };
        let text = format!("{hidden} marked {are} hidden and left alone");
        lines.extend(say(&text, Tone::Strong));
    }
    lines
}

/// Why there is nothing to answer yet: nobody is asked by what the list shows, however new that is.
fn looking(model: &Model, proposal: &Proposal) -> String {
    let Some(only) = proposal.only() else {
        let (all, unknown) = (proposal.entries().len(), proposal.unknown());
        let again = if proposal.is_again {
            "what was shown is more than a minute old: "
        } else {
            ""
        };
        return format!("{again}looking at {all} offers, {unknown} to go…");
    };
    let offer = &only.offer;
    if proposal.is_again {
        return format!("what was shown of {offer} is more than a minute old: looking again first…");
    }
    match model.known.operations_of(offer).and_then(Remote::trouble) {
        Some((_, since)) => {
            let since = exact(since, model.now.wall, &model.setup.zone);
            format!("looking at {offer} first: what the list shows could not be read anew since {since}…")
        }
        None => format!("looking at {offer}…"),
    }
}

/// From when to when what would be canceled was read, where it is more than one.
fn read_at(model: &Model, proposal: &Proposal) -> Option<String> {
    let time = |at| exact(at, model.now.wall, &model.setup.zone);
    let read = || proposal.plans().map(|(_, plan)| plan.read_at);
    if read().count() < 2 {
        return None;
    }
    let (first, last) = (time(read().min()?), time(read().max()?));
    Some(if first == last {
        first
    } else {
        format!("{first}–{last}")
    })
}
