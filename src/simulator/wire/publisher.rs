//! Publishers and offer types.

use serde_json::{Value, json};

use crate::simulator::scenario::PublisherForm;
use crate::simulator::world::identity;

/// The list of publishers.
pub(crate) fn list(publishers: &[PublisherForm]) -> Value {
    publishers.iter().map(entry).collect()
}

fn entry(publisher: &PublisherForm) -> Value {
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
pub(crate) fn offer_types() -> Value {
    json!([
        { "typeId": "microsoft-azure-virtualmachines", "displayText": "Virtual Machines" },
        { "typeId": "microsoft-azure-applications", "displayText": "Azure Applications" },
        { "typeId": "microsoft-azure-saas", "displayText": "SaaS Apps" },
        { "typeId": "microsoft-azure-container", "displayText": "Container Images" },
    ])
}
