//! The order of the list, which a dialog holds still.

use std::sync::Arc;

use crate::tui::{model::Model, update::moving};

/// Orders the list anew, unless a dialog holds it still.
pub(super) fn arrange(model: &mut Model) {
    if model.confirmation().is_some() {
        model.list.is_held = true;
        return;
    }
    if model.list.is_held {
        let known = Arc::clone(&model.known);
        model.list.arrange(&known, &model.requests, model.now.wall);
        moving::keep_in_view(model);
    }
}
