//! One measured figure, with the baseline's and its budget.

use std::fmt;

/// Unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Bytes,
    BytesASecond,
    Times,
    Requests,
    Milliseconds,
    Mebibytes,
}

/// Budget of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Budget {
    /// Multiple of the baseline's figure.
    Ratio(f64),
    /// Fixed maximum, whatever the baseline.
    Most(f64),
    /// No budget: printed for comparison only.
    None,
}

/// A figure of the dashboard and, if there is one, of the baseline list, plain loop, or schedule.
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

    /// Returns the ratio to the baseline's figure; none where it is meaningless.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let ratio = self.ours / self.bare?;
        ratio.is_finite().then_some(ratio)
    }

    /// Returns true if it exceeds its budget. A figure that could not be measured exceeds it.
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

/// Converts a count to a figure.
pub(crate) fn figure(count: usize) -> f64 {
    // All counts here are far below the limit.
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
