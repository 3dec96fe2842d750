//! What is wrong with what the screen shows: since when, what is shown instead, and when it is tried again.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use crate::tui::{
    keymap::Command,
    model::Model,
    moment::exact,
    theme::{Tone, mark},
    view::paint,
    width::{cells, cut},
};

/// The fewest cells for a reason while there are times behind it.
const LEAST_REASON: usize = 24;

/// Draws a line for each trouble.
pub(super) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let room = usize::from(area.width.saturating_sub(4));
    let troubles = [sign_in(model), unresumed(model, room), offers(model, room)];
    for (at, text) in troubles.into_iter().flatten().enumerate() {
        let text = cut(&text, room).into_owned();
        let line = Line::from(vec![
            theme.say(Tone::Bad, format!(" {} ", mark::TROUBLE)),
            theme.say(Tone::Strong, text),
        ]);
        paint::line(buffer, paint::row(area, at), &line);
    }
}

/// Each trouble with the catalogue whole, for where there is room to wrap it: its end says what to do.
pub(super) fn whole(model: &Model) -> Vec<String> {
    let known = &model.known;
    let sign_in = sign_in(model);
    let offers = known.offers.trouble().map(|(why, since)| {
        let since = exact(since, model.now.wall, &model.setup.zone);
        format!("offers, since {since}: {why}")
    });
    sign_in.into_iter().chain(offers).collect()
}

/// What to do rather than what is lost for it, and the code first, because it must not be cut.
fn sign_in(model: &Model) -> Option<String> {
    if let Some(prompt) = &model.prompt {
        let (code, place) = (&prompt.user_code, &prompt.verification_uri);
        return Some(format!("sign in: enter {code} at {place}"));
    }
    model
        .known
        .sign_in
        .as_ref()
        .map(|what| format!("sign-in: {what}"))
}

/// The reason is cut rather than what to do.
fn unresumed(model: &Model, room: usize) -> Option<String> {
    let after = format!(
        " · what was open is not followed, {} tries again",
        model.key(Command::Refresh)
    );
    let why = model.unresumed.as_ref()?;
    let why = cut(why.as_str(), room.saturating_sub(cells(&after)));
    Some(format!("{why}{after}"))
}

/// The times are left out one after the other rather than the reason; what is left of it is cut.
fn offers(model: &Model, room: usize) -> Option<String> {
    let (why, since) = model.known.offers.trouble()?;
    let time = |at| exact(at, model.now.wall, &model.setup.zone);
    // The request is named by what stands in front.
    let why = why
        .as_str()
        .split_once(": ")
        .map_or(why.as_str(), |(_, reason)| reason);
    let since = format!(" since {}", time(since));
    // Where there is no room for it, the time in the header has to do.
    let showing = model.known.offers.read_at().filter(|_| room >= 96);
    let showing = showing.map_or_else(String::new, |at| format!(", showing {}", time(at)));
    let next = model.known.offers_retry_at;
    let next = next.map_or_else(String::new, |at| format!(" · next try {}", time(at)));
    let least = cells(why).min(LEAST_REASON);
    let left = |after: &str| room.saturating_sub(8 + cells(after));
    let after = [format!("{since}{showing}{next}"), since]
        .into_iter()
        .find(|after| left(after) >= least)
        .unwrap_or_default();
    Some(format!("offers: {}{after}", cut(why, left(&after))))
}
