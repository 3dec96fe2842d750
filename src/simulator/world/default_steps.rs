//! The default steps of an operation, by its kind and the offer's type.

use super::operation::Kind;
use super::step::Step;

/// Id, name, description, time frame, and the share of the time in a publish to the preview.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    u32,
);

const STEPS: [Row; 6] = [
    (
        "displaydummycertify",
        "Validate Pre-Requisites",
        "Offer settings provided are validated.",
        Some("~15 minutes"),
        1,
    ),
    (
        "displaycertify",
        "Certification",
        "Your offer is analyzed by our certification systems for issues.",
        Some("< 5 days"),
        6,
    ),
    (
        "displayprovision",
        "Provisioning",
        "Your virtual machine is being replicated in our production systems.",
        Some("< 1 day"),
        3,
    ),
    (
        "displaypackage",
        "Packaging and Lead Generation Registration",
        "Your virtual machine is packaged for customers. Additionally, lead systems are configured and set up.",
        Some("< 1 hour"),
        2,
    ),
    (
        "publisher-signoff",
        "Publisher signoff",
        "Offer is available to preview. Ensure that everything looks good before making your offer live.",
        None,
        0,
    ),
    (
        "live",
        "Live",
        "Offer is publicly visible and is available for purchase.",
        Some("~2 hours - 4 days"),
        0,
    ),
];

fn step((id, name, description, frame, share): Row) -> Step {
    Step {
        id: id.into(),
        name: name.into(),
        description: description.into(),
        frame: frame.map(Into::into),
        share,
        status: None,
    }
}

/// The steps of an operation. Only what holds an image is provisioned.
pub(super) fn steps(kind: Kind, type_id: &str) -> Vec<Step> {
    let images = matches!(
        type_id,
        "microsoft-azure-virtualmachines" | "microsoft-azure-container"
    );
    let mut steps: Vec<_> = STEPS.into_iter().map(step).collect();
    steps.retain(|step| images || step.id != "displayprovision");
    if kind == Kind::GoLive {
        for step in &mut steps {
            step.share = u32::from(step.id == "live");
        }
    }
    steps
}

/// The one step of an operation that carries a cancel out.
pub(super) fn cancel_step() -> Step {
    step((
        "cancel",
        "Cancel publishing",
        "The publish in flight is being canceled.",
        None,
        1,
    ))
}
