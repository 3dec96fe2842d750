//! What a person was told beyond the screen: in the title of the terminal, and by a notification.

use std::collections::BTreeSet;

use crate::{
    domain::{ids::CancellationId, text::SafeText},
    engine::Snapshot,
    tui::model::Model,
};

/// The most names in one notification.
const NAMES: usize = 3;

/// What has been told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beyond {
    /// The cancellations whose end was told.
    ended: BTreeSet<CancellationId>,
    /// How many are pending, as the title says; none before there was anything to say.
    pending: Option<usize>,
    /// Whether that title is of a place that was left.
    is_of_elsewhere: bool,
}

impl Beyond {
    /// The same person's, who has gone elsewhere: what was told stays told, and a title that is there is of another place.
    pub(crate) fn elsewhere(self) -> Self {
        Self {
            is_of_elsewhere: self.pending.is_some(),
            ..self
        }
    }

    /// What to say of the cancellations whose end `known` tells of and nobody was told of yet; nothing where there is none.
    ///
    /// All of a snapshot were asked for in this run, or were open when it began. What may still turn out otherwise is
    /// no end.
    pub(crate) fn ended(&mut self, known: &Snapshot) -> Option<SafeText> {
        let mut ends = Vec::new();
        for tracked in known.cancellations.iter() {
            let cancellation = &tracked.cancellation;
            let Some(verdict) = cancellation.verdict().filter(|_| !cancellation.is_open()) else {
                continue;
            };
            if self.ended.insert(cancellation.id.clone()) {
                let offer = cancellation.request.target.offer.shown();
                ends.push(format!("{offer} {}", verdict.phrase()));
            }
        }
        if ends.is_empty() {
            return None;
        }
        let more = ends.len().saturating_sub(NAMES);
        ends.truncate(NAMES);
        let mut text = format!("countermand: {}", ends.join(", "));
        if more > 0 {
            text.extend([" and ", &more.to_string(), " more"]);
        }
        Some(text.into())
    }

    /// How many are pending now, where the title has to say something else than it does.
    pub(crate) fn pending(&mut self, now: usize) -> Option<usize> {
        let has_left = std::mem::take(&mut self.is_of_elsewhere);
        let has_changed = has_left || self.pending.unwrap_or(0) != now;
        if has_changed {
            self.pending = Some(now);
        }
        has_changed.then_some(now)
    }
}

/// The title while `pending` are being cancelled.
pub(crate) fn title(model: &Model, pending: usize) -> SafeText {
    let setup = &model.setup;
    let place = format!("{}/{}", setup.profile, setup.publisher);
    let text = match pending {
        0 => format!("countermand – {place}"),
        some => format!("countermand: {some} cancelling – {place}"),
    };
    fitting(model, &text.into())
}

/// `text` as far as the terminal can show it.
pub(crate) fn fitting(model: &Model, text: &SafeText) -> SafeText {
    if model.setup.look.unicode {
        return text.clone();
    }
    let plain = |letter: char| match letter {
        '–' => '-',
        letter if letter.is_ascii() => letter,
        _ => '?',
    };
    let text: String = text.as_str().chars().map(plain).collect();
    text.into()
}
