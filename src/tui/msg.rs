//! What reaches the reducer, and what it asks for. Plain, comparable data: a log of messages is the history.

use std::sync::Arc;

use crossterm::event::Event;

use crate::{
    domain::{
        cancellation::Cancellation,
        confirmation::Request,
        ids::{CancellationId, OfferId, PublisherId},
        precedent::Precedent,
        target::Target,
        text::SafeText,
    },
    engine::{Attention, Failure, FollowError, Look, Snapshot, StartError, ports::JournalFailure},
    service::auth::SignInPrompt,
    tui::model::Clip,
};

pub use crate::domain::time::Now;

/// How many cancellations the history shows at most.
pub const HISTORY: u32 = 1000;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The time has come this far; precedes every message that is handled later than the one before.
    Clock(Now),
    /// The terminal: a key, a paste, a new size.
    Terminal(Event),
    /// The engine knows something new.
    Known(Arc<Snapshot>),
    /// What a person must do to sign in has changed; none when there is nothing to do, or not any more.
    Prompted(Option<SignInPrompt>),
    /// An effect has an answer.
    Reply(Reply),
    /// Something happened at a profile that is not shown.
    Elsewhere {
        /// The profile.
        profile: SafeText,
        /// What of it a person should know at once.
        news: Option<SafeText>,
        /// How many cancellations are on their way at all profiles that are not shown.
        following: usize,
    },
    /// What the model shows has been written to the terminal.
    Painted,
    /// All that was typed until the time that was told last has been told as well. Only said while
    /// [a question is guarded](crate::tui::model::Model::is_guarded).
    AllRead,
    /// What is typed may have been typed before the screen was read: this process stood still, or something waits to be read
    /// that was typed before the screen tells how to answer. A question has to be left alone anew.
    Disturbed,
}

/// The answer to an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To [`Effect::Look`].
    Looked {
        /// The number of the effect; an answer to an older one is dropped.
        ticket: u64,
        /// The offer that was looked at.
        offer: OfferId,
        /// What was seen.
        result: Box<Result<Look, Failure>>,
    },
    /// To [`Effect::Cancel`]: claimed or joined; the snapshot tells the rest.
    Began {
        /// What is being cancelled.
        target: Target,
        /// The cancellation that does it.
        id: CancellationId,
    },
    /// To [`Effect::Cancel`]: nothing was sent.
    StartError {
        /// What was to be cancelled.
        target: Target,
        /// Why not.
        why: StartError,
    },
    /// To [`Effect::Resume`]: how many open cancellations were found, which the snapshot tells of; or why none could be.
    Resumed(Result<usize, JournalFailure>),
    /// To [`Effect::Follow`], when it is not followed.
    FollowError {
        /// What was to be followed.
        id: CancellationId,
        /// Why not.
        why: FollowError,
    },
    /// To [`Effect::LoadHistory`]: the newest cancellations, newest first.
    History(Box<Result<Vec<Cancellation>, JournalFailure>>),
    /// To [`Effect::LoadPrecedent`].
    Precedent(Result<Precedent, JournalFailure>),
    /// To [`Effect::FindPublishers`]; after a failure it is asked again by itself.
    Publishers(Result<Vec<PublisherId>, Failure>),
    /// To [`Effect::Switch`], when this profile stays.
    NotSwitched {
        /// Where it was to go.
        profile: SafeText,
        /// Why it did not, and what to do.
        why: SafeText,
    },
}

/// Something to do outside the reducer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Look at one offer now, for a confirmation.
    Look {
        /// Comes back with the answer.
        ticket: u64,
        /// The offer.
        offer: OfferId,
    },
    /// Begin a cancel that was confirmed.
    Cancel(Box<Request>),
    /// Go on with every cancellation that is open; never sends.
    Resume,
    /// Look again how one open cancellation ends; never sends.
    Follow {
        /// The cancellation.
        id: CancellationId,
    },
    /// Read what this machine knows of cancellations, the newest [`HISTORY`] of them.
    LoadHistory,
    /// Read how long cancellations took before.
    LoadPrecedent,
    /// Ask the service which publishers there are.
    FindPublishers,
    /// Show another profile, or another publisher of this one. What is followed here is followed on.
    Switch {
        /// The profile.
        profile: SafeText,
        /// The publisher, where it is not the profile that says so.
        publisher: Option<PublisherId>,
    },
    /// Make everything of the catalogue due now.
    Refresh,
    /// Tell the engine what a person looks at.
    Attend(Attention),
    /// Give the terminal back to the shell until continued.
    Suspend,
    /// Paint the whole screen anew: it may not show what was drawn.
    Repaint,
    /// Hand a text to the clipboard of the terminal.
    Copy(Clip),
    /// Tell a person who may be looking elsewhere, once.
    Tell(SafeText),
    /// Have the title of the terminal say this from now on, until the terminal is given back.
    Title(SafeText),
    /// Leave.
    Quit,
}

/// What one message led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the screen shows something else now.
    pub redraw: bool,
    /// What is to be done, in order.
    pub effects: Vec<Effect>,
}
