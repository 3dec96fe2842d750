//! What a piece of text means to whoever glances at it; how that looks is up to a face.

/// What a piece of text means to whoever glances at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Context that should not compete.
    Quiet,
    /// What the eye should find first.
    Strong,
    /// Being cancelled.
    Busy,
    /// Ended as wanted.
    Good,
    /// Ended otherwise, or broken.
    Bad,
    /// Open: nobody knows yet.
    Open,
    /// Customers see it.
    Live,
}
