//! What the terminal can show.

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether characters beyond ASCII are drawn.
    pub unicode: bool,
    /// Whether colours are used; sixteen are enough for all that is shown.
    pub colour: bool,
}
