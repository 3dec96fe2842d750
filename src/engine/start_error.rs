//! Reasons why a requested action did not start.

use crate::{
    domain::{
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    engine::ports::JournalFailure,
};

/// Reasons why a confirmed cancel did not start. Nothing was sent; the caller adds that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The engine has no way to send.
    #[error("read-only")]
    ReadOnly,
    /// An id of the target must not be sent.
    #[error("the id of the offer or the operation holds characters that must not be sent")]
    InertId,
    /// The target is of another service or publisher than the engine's.
    #[error("the operation is of another service or publisher than this session's")]
    Elsewhere,
    /// The program is exiting.
    #[error("we were told to stop")]
    Stopped,
    /// The claim could not be recorded.
    #[error("{0}")]
    Journal(#[from] JournalFailure),
}

/// Reasons why a cancellation of an earlier run is not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// The journal does not have it.
    #[error("there is no cancellation {0} on this machine; `countermand history` lists them")]
    NoSuch(SafeText),
    /// It is of another service or publisher.
    #[error(
        "that cancellation is of {publisher} at {origin}; name them with --publisher and --base-url, or the profile with --profile"
    )]
    Elsewhere {
        /// Its service.
        origin: Origin,
        /// Its publisher.
        publisher: PublisherId,
    },
    /// The journal could not be read.
    #[error("{0}")]
    Journal(#[from] JournalFailure),
}
