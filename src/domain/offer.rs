//! An offer as the list of offers tells it.

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
    /// The name its address carries.
    pub id: OfferId,
    /// The publisher it belongs to.
    pub publisher: PublisherId,
    /// The display name; the id where the service gives none.
    pub name: SafeText,
    /// The offer type, such as `microsoft-azure-virtualmachines`.
    pub kind: SafeText,
    /// The offer's own state; not that of any one operation.
    pub state: Status,
    /// A .NET tick count above 2^53, or a small number; never a float.
    pub version: Option<i64>,
    /// When the offer last changed, where the service says so.
    pub changed_at: Option<Timestamp>,
}

/// The offers of a publisher, as far as they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// In the service's order.
    pub list: Vec<Offer>,
    /// How many more the service told of than are kept.
    pub left_out: usize,
}

impl Offers {
    /// How many the service told of.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len() + self.left_out
    }
}

/// Those that are kept.
impl Deref for Offers {
    type Target = [Offer];

    fn deref(&self) -> &[Offer] {
        &self.list
    }
}

/// All that there are.
impl From<Vec<Offer>> for Offers {
    fn from(list: Vec<Offer>) -> Self {
        Self { list, left_out: 0 }
    }
}

impl Offer {
    /// Whether nothing can be in flight on it: never published, or its last operation is known to have ended.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.state.is_at_rest()
    }

    /// The offer type without the vendor's prefix, for a narrow column.
    #[must_use]
    pub fn short_kind(&self) -> &str {
        let kind = self.kind.as_str();
        kind.strip_prefix("microsoft-azure-").unwrap_or(kind)
    }
}
