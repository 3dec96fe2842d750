//! What is wrong with what the screen shows: since when, what is shown instead, and when it is tried again.

use std::borrow::Cow;

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use crate::{
    domain::text::SafeText,
    presentation::{Tone, moment::exact},
    tui::{
        keymap::Command,
        model::Model,
        theme::mark,
        view::paint,
        width::{cells, cut},
    },
};

/// Draws a line for each trouble.
pub(super) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let room = usize::from(area.width.saturating_sub(4));
    let room_for_sign_in = if is_told_by_list(model) { 0 } else { room };
    let troubles = [
        sign_in(model, room_for_sign_in),
        unresumed(model, room),
        offers(model, room),
    ];
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
    let sign_in = sign_in(model, usize::MAX);
    let offers = model.offers_trouble().map(|(why, since)| {
        let since = exact(since, model.now.wall, &model.setup.zone);
        format!("offers, since {since}: {why}")
    });
    sign_in.into_iter().chain(offers).collect()
}

/// `why` whole; only its request and a word for the reason where the list says the same whole.
pub(super) fn unless_told<'a>(model: &Model, why: &'a SafeText) -> Cow<'a, str> {
    let known = &model.known;
    let is_same = known.sign_in.as_ref() == Some(why)
        || known
            .offers
            .trouble()
            .is_some_and(|(offers, _)| word(reason(offers)) == word(reason(why)));
    match why.as_str().split_once(": ") {
        Some((request, reason)) if is_same && is_told_by_list(model) => {
            format!("{request}: {}", word(reason)).into()
        }
        _ => why.as_str().into(),
    }
}

/// Whether the list has no rows and says [`whole`] in their place.
fn is_told_by_list(model: &Model) -> bool {
    model.list.total == 0
}

/// Without the request, which is named by what stands in front.
fn reason(why: &SafeText) -> &str {
    let why = why.as_str();
    why.split_once(": ").map_or(why, |(_, reason)| reason)
}

/// Without what to do, and without what the system and the service call it.
fn plain(reason: &str) -> &str {
    ["; ", " [", " ("].into_iter().fold(reason, before)
}

/// The shortest that says what it is: what stands in front of the explanation.
fn word(reason: &str) -> &str {
    before(plain(reason), ": ")
}

fn before<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or(text, |(before, _)| before)
}

/// What to do rather than what is lost for it, and the code first, because it must not be cut. A reason that has no `room`
/// comes without its advice.
fn sign_in(model: &Model, room: usize) -> Option<String> {
    if let Some(prompt) = &model.prompt {
        let (code, place) = (&prompt.user_code, &prompt.verification_uri);
        return Some(format!("sign in: enter {code} at {place}"));
    }
    let what = model.known.sign_in.as_ref()?.as_str();
    let whole = format!("sign-in: {what}");
    let has_room = cells(&whole) <= room;
    Some(if has_room {
        whole
    } else {
        format!("sign-in: {}", plain(what))
    })
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

/// As much of the reason as leaves room for the times.
fn offers(model: &Model, room: usize) -> Option<String> {
    let (why, since) = model.offers_trouble()?;
    let time = |at| exact(at, model.now.wall, &model.setup.zone);
    let mut after = format!(" since {}", time(since));
    // Where that would cost the reason, the time in the header has to do.
    if let Some(at) = model.known.offers.read_at().filter(|_| room >= 96) {
        after.extend([", showing ", &time(at)]);
    }
    if let Some(at) = model.known.offers_retry_at {
        after.extend([" · next try ", &time(at)]);
    }
    let reason = reason(why);
    let room = room.saturating_sub(8 + cells(&after));
    let has_room = !is_told_by_list(model) && cells(plain(reason)) <= room;
    let why = if has_room { plain(reason) } else { word(reason) };
    Some(format!("offers: {}{after}", cut(why, room)))
}
