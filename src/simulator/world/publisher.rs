//! A publisher.

use serde::Deserialize;

/// A publisher account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Publisher {
    /// The id, as in the path.
    pub id: String,
    /// The display text.
    pub name: String,
}
