//! An offer, as the list of offers shows it.

use std::ops::Deref;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::{OfferId, PublisherId},
    status::Status,
    text::SafeText,
};

/// One offer of a publisher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Id in its URL.
    pub id: OfferId,
    /// Publisher of the offer.
    pub publisher: PublisherId,
    /// Display name; the id if the service gives none.
    pub name: SafeText,
    /// Offer type, such as `microsoft-azure-virtualmachines`.
    pub kind: SafeText,
    /// The offer's own state; not that of any one operation.
    pub state: Status,
    /// A .NET tick count above 2^53, or a small number; never a float.
    pub version: Option<i64>,
    /// Time of the last change, if the service gives it.
    pub changed_at: Option<Timestamp>,
}

/// The offers of a publisher, up to a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Offers in the service's order.
    pub list: Vec<Offer>,
    /// Number of offers beyond the limit.
    pub left_out: usize,
}

impl Offers {
    /// Returns the number of offers, including those beyond the limit.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len() + self.left_out
    }
}

/// Yields the offers within the limit.
impl Deref for Offers {
    type Target = [Offer];

    fn deref(&self) -> &[Offer] {
        &self.list
    }
}

/// Builds a complete list.
impl From<Vec<Offer>> for Offers {
    fn from(list: Vec<Offer>) -> Self {
        Self { list, left_out: 0 }
    }
}

impl Offer {
    /// Returns true if nothing can be in flight on it: never published, or its last operation is known to have ended.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.state.is_at_rest()
    }

    /// Returns the offer type without the vendor's prefix, for a narrow column.
    #[must_use]
    pub fn short_kind(&self) -> &str {
        let kind = self.kind.as_str();
        kind.strip_prefix("microsoft-azure-").unwrap_or(kind)
    }
}
