//! Properties of the Cloud Partner Portal API for other modules.

use super::routes::OPERATION_ADDRESS;
use crate::{
    domain::target::CancelNames,
    engine::{Characteristics, PollIntervals},
};

/// Properties of this service, as plain data.
pub const CHARACTERISTICS: &Characteristics = &Characteristics {
    name: "Cloud Partner Portal",
    origin: "https://cloudpartner.azure.com",
    audience: "https://cloudpartner.azure.com",
    cancel_names: CancelNames::Offer,
    notifies: true,
    list_tells_state: true,
    pace: PollIntervals::USUAL,
    operation_address: OPERATION_ADDRESS,
};
