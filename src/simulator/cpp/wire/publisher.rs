//! Publishers and offer types.

use serde_json::{Value, json};

use crate::simulator::identity;
use crate::simulator::world::Publisher;

/// The list of publishers.
pub(in crate::simulator::cpp) fn list(publishers: &[Publisher]) -> Value {
    publishers.iter().map(entry).collect()
}

fn entry(publisher: &Publisher) -> Value {
    json!({
        "version": identity::number(&["publisher", &publisher.id]),
        "id": publisher.id,
        "definition": {
            "displayText": publisher.name,
            "offerTypeCategories": ["azure", "appsource"],
            "sellerId": identity::number(&["seller", &publisher.id]),
        },
    })
}

/// The offer types.
pub(in crate::simulator::cpp) fn offer_types() -> Value {
    json!([
        { "typeId": "microsoft-azure-virtualmachines", "displayText": "Virtual Machines" },
        { "typeId": "microsoft-azure-applications", "displayText": "Azure Applications" },
        { "typeId": "microsoft-azure-saas", "displayText": "SaaS Apps" },
        { "typeId": "microsoft-azure-container", "displayText": "Container Images" },
    ])
}
