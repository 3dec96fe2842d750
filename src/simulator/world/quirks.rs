//! Oddities of an entry: fields left out, null, or other than they should be.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Changes to an entry before it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Quirks {
    /// Fields left out.
    pub omit: Vec<String>,
    /// Fields that are null.
    pub null: Vec<String>,
    /// Fields that have this value instead.
    pub set: Map<String, Value>,
}

impl Quirks {
    /// Makes the entry odd.
    pub(crate) fn apply(&self, mut entry: Value) -> Value {
        if let Value::Object(fields) = &mut entry {
            fields.extend(self.set.clone());
            fields.extend(self.null.iter().map(|name| (name.clone(), Value::Null)));
            fields.retain(|name, _| !self.omit.contains(name));
        }
        entry
    }
}
