//! Where one can be: every profile and, of the one that names no publisher, every publisher that its sign-in may see.

use crate::{
    domain::{
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    tui::model::{Model, ProfileSummary, ReadOnly},
};

/// The list of them over the panes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profiles {
    /// Where the selection stands.
    pub(crate) cursor: usize,
    /// Why the one that was chosen last cannot be gone to.
    pub(crate) trouble: Option<SafeText>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) profile: SafeText,
    /// None where nobody knows yet.
    pub(crate) publisher: Option<PublisherId>,
    pub(crate) origin: Origin,
    pub(crate) read_only: Option<ReadOnly>,
    /// Whether it is what is shown.
    pub(crate) is_here: bool,
}

impl Model {
    /// All of them, in the order of the profiles.
    pub(crate) fn stands(&self) -> Vec<Stand> {
        let all = self.setup.profiles.iter();
        all.flat_map(|profile| self.stands_of(profile)).collect()
    }

    fn stands_of(&self, profile: &ProfileSummary) -> Vec<Stand> {
        let setup = &self.setup;
        let is_own = profile.name == setup.profile;
        let known = self.publishers.value().filter(|_| is_own);
        let publishers: Vec<Option<PublisherId>> = match (&profile.publisher, known) {
            (Some(publisher), _) => vec![Some(publisher.clone())],
            (None, Some(known)) if !known.is_empty() => known.iter().cloned().map(Some).collect(),
            (None, _) if is_own && setup.has_publisher() => vec![Some(setup.publisher.clone())],
            (None, _) => vec![None],
        };
        let stand = |publisher: Option<PublisherId>| Stand {
            profile: profile.name.clone(),
            origin: profile.origin.clone(),
            read_only: profile.read_only,
            is_here: is_own
                && match &publisher {
                    Some(publisher) => publisher.is(&setup.publisher),
                    None => !setup.has_publisher(),
                },
            publisher,
        };
        publishers.into_iter().map(stand).collect()
    }
}
