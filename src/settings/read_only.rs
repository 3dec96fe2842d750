//! Reasons for being read-only.

/// Source of the read-only setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    /// A flag or the environment: covers every profile.
    Everywhere,
    /// The profile.
    Profile,
}

impl ReadOnly {
    /// Returns the strongest source, if any.
    pub(super) fn of(everywhere: bool, profile: bool) -> Option<Self> {
        match (everywhere, profile) {
            (true, _) => Some(Self::Everywhere),
            (false, true) => Some(Self::Profile),
            (false, false) => None,
        }
    }

    /// Names the source, and the remedy to cancel all the same.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Everywhere => {
                "a flag or the environment says so; start without --read-only and COUNTERMAND_READ_ONLY to cancel"
            }
            Self::Profile => {
                "this profile says so in the settings; choose another with --profile, or take `read_only` out of it, to \
                 cancel"
            }
        }
    }
}
