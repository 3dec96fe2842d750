//! What a person was told beyond the screen: in the title of the terminal, and by a notification.

use std::collections::BTreeSet;

use crate::{
    domain::{ids::CancellationId, text::SafeText},
    engine::Snapshot,
    presentation::{ascii, ending},
    tui::model::{Model, Setup},
};

/// The most names in one notification.
const NAMES: usize = 3;

/// What has been told. One for the terminal, whichever profile is shown: it goes along.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notifier {
    /// The cancellations whose end was told.
    ended: BTreeSet<CancellationId>,
    title: Title,
}

/// What the title of the terminal says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Title {
    /// What somebody else gave it, as long as there is nothing to say.
    #[default]
    Untouched,
    /// How it stands at a profile that is not shown any more.
    Outdated,
    /// What is pending.
    Says(Pending),
}

/// How many cancellations are on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pending {
    /// At the profile that is shown.
    pub(crate) here: usize,
    /// At all others.
    pub(crate) elsewhere: usize,
}
impl Notifier {
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
                let phrase = ending::label(verdict, cancellation.went_out());
                ends.push(format!("{offer} {phrase}"));
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

    /// What is pending now, where the title has to say something else than it does.
    pub(crate) fn pending(&mut self, now: Pending) -> Option<Pending> {
        let is_said = match self.title {
            Title::Untouched => now == Pending::default(),
            Title::Outdated => false,
            Title::Says(said) => said == now,
        };
        if is_said {
            return None;
        }
        self.title = Title::Says(now);
        Some(now)
    }

    /// Another profile is shown, so that a title of ours names the wrong one.
    pub(crate) fn moved(&mut self) {
        if self.title != Title::Untouched {
            self.title = Title::Outdated;
        }
    }
}

/// The title while this much is pending.
pub(crate) fn title(model: &Model, pending: Pending) -> SafeText {
    let Setup {
        profile, publisher, ..
    } = &model.setup;
    let counted = [(pending.here, "canceling"), (pending.elsewhere, "elsewhere")];
    let counted: Vec<_> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let colon = if counted.is_empty() { "" } else { ": " };
    let text = format!("countermand{colon}{} – {profile}/{publisher}", counted.join(", "));
    fitting(model, &text.into())
}

/// `text` as far as the terminal can show it.
pub(crate) fn fitting(model: &Model, text: &SafeText) -> SafeText {
    if model.setup.look.unicode {
        return text.clone();
    }
    ascii::text(text.as_str()).into()
}
