//! What the list is narrowed to, in the terms that the screen of the dashboard knows as well.

use jiff::Timestamp;

use crate::{
    domain::{offer::Offer, text::SafeText},
    engine::Snapshot,
    presentation::{Finder, Ground, Hit, Query, Requests},
};

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrowing {
    query: Query,
    /// Whether only what is in flight or was cancelled from here is listed.
    pub(super) in_flight: bool,
}

/// Picks offers out of one snapshot.
pub(super) struct Sieve<'a> {
    finder: Option<Finder<'a>>,
    known: &'a Snapshot,
    requests: Requests,
    now: Timestamp,
}

impl Narrowing {
    /// Narrows it to what meets the terms of `text`; to nothing where that is empty.
    ///
    /// # Errors
    /// What in `text` is no term. Then it stays as it was.
    pub(super) fn look_for(&mut self, text: &str) -> Result<(), SafeText> {
        let query = Query::read(text);
        if let Some(trouble) = query.trouble {
            return Err(trouble);
        }
        self.query = query;
        Ok(())
    }

    /// What it is narrowed to, in words; empty when it is not.
    pub(super) fn words(&self) -> String {
        let in_flight = if self.in_flight {
            ", only those in flight"
        } else {
            ""
        };
        if self.query.is_empty() {
            return in_flight.to_owned();
        }
        let text = SafeText::new(self.query.text());
        format!("{in_flight}, only what /{text} finds")
    }

    /// What picks offers out of `known`, as it stands at `now`.
    pub(super) fn sieve<'a>(&'a self, known: &'a Snapshot, now: Timestamp) -> Sieve<'a> {
        let offers = known.offers.value().map(|offers| &**offers).unwrap_or_default();
        Sieve {
            finder: (!self.query.is_empty()).then(|| Finder::new(&self.query).among(offers)),
            known,
            requests: Requests::default(),
            now,
        }
    }
}

impl Sieve<'_> {
    /// How `offer` meets what is looked for, if it does.
    pub(super) fn hit(&mut self, offer: &Offer) -> Option<Hit> {
        let Some(finder) = &mut self.finder else {
            return Some(Hit::Whole);
        };
        let ground = Ground {
            known: self.known,
            requests: &self.requests,
            now: self.now,
        };
        finder.hit(offer, ground)
    }

    /// Whether it does.
    pub(super) fn admits(&mut self, offer: &Offer) -> bool {
        self.hit(offer).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::listing::tests::snapshot;

    fn found(narrowing: &Narrowing) -> Vec<String> {
        let known = snapshot(&[("vm-old", "succeeded"), ("vm-new", "running"), ("db", "running")]);
        let mut sieve = narrowing.sieve(&known, Timestamp::UNIX_EPOCH);
        let offers = known.offers.value().unwrap().iter();
        let found = offers.filter(|offer| sieve.admits(offer));
        found.map(|offer| offer.id.to_string()).collect()
    }

    #[test]
    fn the_terms_are_those_of_the_screen() {
        for (text, ids) in [
            ("", &["vm-old", "vm-new", "db"][..]),
            ("id:VM", &["vm-old", "vm-new"]),
            ("vnew", &["vm-new"]),
            ("\"vnew\"", &[]),
            ("state:running", &["vm-new", "db"]),
            ("!id:db state:running", &["vm-new"]),
        ] {
            let mut narrowing = Narrowing::default();
            assert_eq!(narrowing.look_for(text), Ok(()));
            assert_eq!(found(&narrowing), ids, "{text}");
        }
    }

    #[test]
    fn what_is_no_term_is_said_and_narrows_nothing() {
        let mut narrowing = Narrowing::default();
        narrowing.look_for("id:db").unwrap();
        let told = narrowing.look_for("stat:running").unwrap_err();
        assert_eq!(told.as_str(), "perhaps ‘state:’; there is no ‘stat:’");
        assert_eq!(found(&narrowing), ["db"]);
        assert_eq!(narrowing.words(), ", only what /id:db finds");
    }
}
