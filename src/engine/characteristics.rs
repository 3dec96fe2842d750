//! What the engine and the faces have to know of a service, as plain data. Must not know which services there are.

use crate::{
    domain::{
        ids::{OfferId, OperationId, Origin, PublisherId},
        target::CancelNames,
    },
    engine::schedule::PollIntervals,
};

/// One service, as far as anybody but itself has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Characteristics {
    /// What a person calls it.
    pub name: &'static str,
    /// Scheme and host that it is reached at, unless the settings name another place.
    pub origin: &'static str,
    /// Whom a token has to be for.
    pub audience: &'static str,
    /// What a cancel names.
    pub cancel_names: CancelNames,
    /// Whether it mails whom a cancel names.
    pub notifies: bool,
    /// Whether its list of offers tells their states.
    pub list_tells_state: bool,
    /// How often it is asked, unless the settings say otherwise.
    pub pace: PollIntervals,
    /// The address that one operation is read at: `{origin}`, `{publisher}`, `{offer}` and `{operation}` stand for those.
    pub operation_address: &'static str,
}

impl Characteristics {
    /// A command that reads one operation, and can do nothing else; none where an id could mean something else in an address.
    ///
    /// The token stays a variable of whoever runs it, and reaches curl by a pipe: everybody on a host may read what stands
    /// on a command line, but `printf` is the shell's own.
    #[must_use]
    pub fn curl(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
        offer: &OfferId,
        operation: &OperationId,
    ) -> Option<String> {
        let address = self
            .operation_address
            .replace("{origin}", origin.as_str())
            .replace("{publisher}", publisher.segment()?)
            .replace("{offer}", offer.segment()?)
            .replace("{operation}", operation.segment()?);
        Some(format!(
            "printf 'Authorization: Bearer %s' \"$TOKEN\" | curl -sS -H @- '{address}'"
        ))
    }
}
