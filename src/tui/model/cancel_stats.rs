//! What is known of how long cancellations took before, and whether that is being read from the journal.
//!
//! One reading at a time: however many verdicts come meanwhile, they cost one more.

use crate::domain::precedent::Precedent;

/// How long cancellations took before, as far as the journal was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct CancelStats {
    known: Precedent,
    is_reading: bool,
    is_outdated: bool,
}

impl CancelStats {
    /// What is known.
    pub(crate) fn known(&self) -> &Precedent {
        &self.known
    }

    /// The journal has more to tell; returns whether to read it now.
    pub(crate) fn grew(&mut self) -> bool {
        self.is_outdated = self.is_reading;
        !std::mem::replace(&mut self.is_reading, true)
    }

    /// The journal has told, or could not, and then what was known stays; returns whether to read it once more.
    pub(crate) fn told(&mut self, told: Option<Precedent>) -> bool {
        if let Some(told) = told {
            self.known = told;
        }
        self.is_reading = std::mem::take(&mut self.is_outdated);
        self.is_reading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_while_it_is_read_is_read_once_more() {
        let mut experience = CancelStats::default();
        assert!(experience.grew());
        assert!(!experience.grew());
        assert!(!experience.grew());
        assert!(experience.told(None), "two more came");
        assert!(!experience.told(Some(Precedent::default())));
        assert!(experience.grew());
    }
}
