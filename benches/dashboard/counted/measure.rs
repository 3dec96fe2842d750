//! One thing that was measured, beside the same thing on a bare list, and what it may cost.

use std::fmt;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Bytes,
    BytesASecond,
    Times,
    Requests,
    Milliseconds,
    Mebibytes,
}

/// What a figure may be at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Budget {
    /// So many times the bare figure.
    Ratio(f64),
    /// This figure, whatever the bare one is.
    Most(f64),
    /// No promise: it stands beside others, so that they can be judged.
    None,
}

/// A figure of ours and, where there is one, that of the bare list, the plain loop or the schedule.
#[derive(Clone, Debug)]
pub(crate) struct Measure {
    pub(crate) what: String,
    pub(crate) unit: Unit,
    pub(crate) ours: f64,
    pub(crate) bare: Option<f64>,
    pub(crate) budget: Budget,
}

impl Measure {
    pub(crate) fn new(what: impl Into<String>, unit: Unit, ours: f64, budget: Budget) -> Self {
        Self {
            what: what.into(),
            unit,
            ours,
            bare: None,
            budget,
        }
    }

    pub(crate) fn against(self, bare: f64) -> Self {
        Self {
            bare: Some(bare),
            ..self
        }
    }

    /// How often the bare figure goes into ours; none where that says nothing.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let ratio = self.ours / self.bare?;
        ratio.is_finite().then_some(ratio)
    }

    /// Whether it costs more than it may. A figure that could not be had is over.
    pub(crate) fn is_over(&self) -> bool {
        let most = match self.budget {
            Budget::Ratio(ratio) => self.bare.map_or(f64::NEG_INFINITY, |bare| bare * ratio),
            Budget::Most(most) => most,
            Budget::None => return false,
        };
        self.ours.is_infinite() || self.ours > most
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::BytesASecond => "bytes/s",
            Self::Times => "times",
            Self::Requests => "requests",
            Self::Milliseconds => "ms",
            Self::Mebibytes => "MiB",
        })
    }
}

/// A count as a figure.
pub(crate) fn figure(count: usize) -> f64 {
    // Nothing here is counted that does not fit.
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
