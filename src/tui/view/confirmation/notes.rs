//! What the dialog notes of one operation, at length or in a line.

use crate::{
    domain::text::SafeText,
    presentation::{ending, moment::exact},
    proposal::Plan,
    tui::{model::Model, width::cut},
};

/// What the service says of canceling it.
pub(super) fn says(word: &SafeText) -> String {
    format!("the service says ‘{}’; you may still try", cut(word.as_str(), 60))
}

/// When the same was asked for before, and what came of it.
pub(super) fn asked_before(model: &Model, plan: &Plan) -> Option<String> {
    let earlier = plan.earlier.as_ref()?;
    let at = exact(earlier.claimed_at, model.now.wall, &model.setup.zone);
    let phrase = |verdict| ending::label(verdict, earlier.went_out());
    let outcome = earlier.verdict().map_or("not known", phrase);
    let repeats = if plan.repeats().is_some() {
        "; this asks again"
    } else {
        ""
    };
    Some(format!("at {at}: {outcome}{repeats}"))
}
