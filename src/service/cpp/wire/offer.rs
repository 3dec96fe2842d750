//! An offer and a publisher, as in their lists.

use super::{
    lenient::{Id, Int, Text, Time, object},
    list::{Element, Rank},
};
use crate::domain::{
    ids::{OfferId, PublisherId},
    offer,
};
use crate::service::cpp::meaning::status;

object! {
    /// Element of `GET publishers`.
    struct Publisher {
        "id" => id: Id,
    }
}

object! {
    /// Element of `GET offers`, and the beginning of `GET offers/{offer}`.
    struct Offer {
        "id" => id: Id,
        "offerTypeId" => kind: Text,
        "status" => status: Text,
        "version" => version: Int,
        "definition" => definition: Definition,
        "changedTime" => changed: Time,
    }
}

object! {
    /// Known part of an offer's content; the rest is large and free in form.
    struct Definition {
        "displayText" => name: Text,
    }
}

impl Element for Publisher {
    const MOST: usize = 10_000;

    fn has_content(&self) -> bool {
        !self.id.0.is_empty()
    }
}

impl Element for Offer {
    const MOST: usize = 100_000;

    fn has_content(&self) -> bool {
        !self.id.0.is_empty()
    }

    fn weight(&self) -> usize {
        let texts = [&self.kind, &self.status, &self.definition.name];
        // The id replaces a missing name.
        2 * self.id.0.len() + texts.iter().map(|text| text.0.as_str().len()).sum::<usize>()
    }
}

impl Publisher {
    /// Converts to the publisher, unless it has no id.
    pub(in super::super) fn read(self) -> Option<PublisherId> {
        (!self.id.0.is_empty()).then(|| PublisherId::new(&self.id.0))
    }
}

impl Offer {
    /// Ranks offers in flight before those at rest.
    pub(in super::super) fn rank(&self) -> Rank {
        if status(self.status.0.as_str()).is_at_rest() {
            Rank::Other
        } else {
            Rank::Active
        }
    }

    /// Converts to the offer of `publisher` (the requested id), unless it has no id.
    pub(in super::super) fn read(self, publisher: &PublisherId) -> Option<offer::Offer> {
        if self.id.0.is_empty() {
            return None;
        }
        let id = OfferId::new(&self.id.0);
        let name = self.definition.name.0;
        Some(offer::Offer {
            name: if name.is_empty() { id.shown() } else { name },
            id,
            publisher: publisher.clone(),
            kind: self.kind.0,
            state: status(self.status.0.as_str()),
            version: self.version.0,
            changed_at: self.changed.0,
        })
    }

    /// Returns the version and the time of change, which distinguish one publishing of the offer from another.
    pub(in super::super) fn mark(&self) -> (Option<i64>, Option<jiff::Timestamp>) {
        (self.version.0, self.changed.0)
    }
}
