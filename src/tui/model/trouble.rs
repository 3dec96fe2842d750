//! What is wrong with what the screen shows: how much of it there is to tell. The words are the view's.

use jiff::Timestamp;

use crate::{domain::text::SafeText, tui::model::Model};

impl Model {
    /// How many troubles there are to tell, a line each.
    pub(super) fn troubles(&self) -> u16 {
        u16::from(self.known.sign_in.is_some() || self.prompt.is_some())
            + u16::from(self.offers_trouble().is_some())
            + u16::from(self.unresumed.is_some())
    }

    /// Why the offers could not be read, and since when, unless that is what is told of the sign-in.
    pub(crate) fn offers_trouble(&self) -> Option<(&SafeText, Timestamp)> {
        let told = self.known.sign_in.as_ref();
        let trouble = self.known.offers.trouble();
        trouble.filter(|(why, _)| told != Some(*why))
    }
}
