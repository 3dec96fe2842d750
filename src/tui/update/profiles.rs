//! Going to another profile, finding out whose offers are meant, and what counts of what happens elsewhere.

use crate::{
    domain::{ids::PublisherId, remote::Remote, text::SafeText},
    engine::{Failure, Snapshot, Tracked},
    presentation::ending::outcome as phrase,
    tui::{
        model::{Model, Notice, Overlay, Profiles},
        msg::{Effect, Outcome},
        update::close,
    },
};

/// Opens the list; what is shown now is selected.
pub(super) fn open(model: &mut Model) {
    let here = model.stands().iter().position(|stand| stand.is_here);
    model.overlays.push(Overlay::Profiles(Profiles {
        cursor: here.unwrap_or(0),
        trouble: None,
    }));
}

/// Goes to what is selected, unless it is shown already.
pub(super) fn chosen(model: &mut Model, outcome: &mut Outcome) {
    let Some(Overlay::Profiles(Profiles { cursor, .. })) = close(model) else {
        return;
    };
    let Some(stand) = model.stands().into_iter().nth(cursor) else {
        return;
    };
    if !stand.is_here {
        // Whatever else is open belongs to what is left.
        model.overlays.clear();
        outcome.effects.push(Effect::Switch {
            profile: stand.profile,
            publisher: stand.publisher,
        });
    }
}

/// It could not be gone there: the list says why, because a line is too short for what to do about it.
pub(super) fn not_switched(model: &mut Model, profile: &SafeText, why: &SafeText) {
    if model.confirmation().is_some() {
        // What lies over a dialog would let the list move under it.
        model.notice = Some(Notice::lasting(format!("{profile}: {why}")));
        return;
    }
    let at = model.stands().iter().position(|stand| stand.profile == *profile);
    model.overlays.push(Overlay::Profiles(Profiles {
        cursor: at.unwrap_or(0),
        trouble: Some(format!("{profile}: {why}").into()),
    }));
}

/// The service has said which publishers there are, or has not.
pub(super) fn found(model: &mut Model, found: Result<Vec<PublisherId>, Failure>, outcome: &mut Outcome) {
    let at = model.now.wall;
    let known = match found {
        Ok(value) => Remote::Fresh { value, at },
        Err(failure) => std::mem::take(&mut model.publishers).failed(failure.text(), at),
    };
    model.publishers = known;
    if model.setup.has_publisher() || model.publishers.trouble().is_some() {
        return;
    }
    let publishers = model.publishers.value().map(|all| &**all).unwrap_or_default();
    match publishers {
        [] => {}
        [only] => {
            let only = only.clone();
            model.notice = Some(format!("the publisher is {only}, the only one this sign-in may see").into());
            outcome.effects.push(Effect::Switch {
                profile: model.setup.profile.clone(),
                publisher: Some(only),
            });
        }
        _ if model.overlays.is_empty() => {
            let own = model.setup.profile.clone();
            let first = model.stands().iter().position(|stand| stand.profile == own);
            model.overlays.push(Overlay::Profiles(Profiles {
                cursor: first.unwrap_or(0),
                trouble: None,
            }));
        }
        several => {
            let several = several.len();
            model.notice = Some(format!("there are {several} publishers; p chooses one").into());
        }
    }
}

/// Something happened that is not shown; returns whether the screen shows it.
pub(super) fn elsewhere(
    model: &mut Model,
    profile: &SafeText,
    news: Option<&SafeText>,
    following: usize,
) -> bool {
    let before = std::mem::replace(&mut model.elsewhere, following);
    if let Some(news) = news {
        model.notice = Some(Notice::lasting(format!("{profile}: {news}")));
    }
    news.is_some() || before != following
}

/// What asks anew for what is shown: the offers or, as long as nobody knows whose, the publishers.
pub(super) fn ask_anew(model: &Model) -> Effect {
    if model.setup.has_publisher() {
        Effect::Refresh
    } else {
        Effect::FindPublishers
    }
}

/// What a person should know of what came between `before` and `after`: every new verdict in a few words, and that
/// sign-in was lost.
pub(crate) fn news(before: &Snapshot, after: &Snapshot) -> Option<SafeText> {
    let had = |tracked: &Tracked| {
        let known = before.cancellation(&tracked.cancellation.id);
        known.and_then(|known| known.cancellation.verdict())
    };
    let verdicts = after.cancellations.iter().filter_map(|tracked| {
        let (_, ending) = tracked.cancellation.ending.as_ref()?;
        let offer = &tracked.cancellation.request.target.offer;
        let went_out = tracked.cancellation.went_out();
        (had(tracked) != Some(ending.verdict)).then(|| format!("{offer} {}", phrase(ending, went_out)))
    });
    let sign_in = after.sign_in.as_ref().filter(|_| before.sign_in.is_none());
    let news: Vec<String> = verdicts
        .chain(sign_in.map(|what| format!("sign-in: {what}")))
        .collect();
    (!news.is_empty()).then(|| SafeText::new(&news.join(", ")))
}
