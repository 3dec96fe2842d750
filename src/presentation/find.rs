//! Whether an offer meets what was typed, and where the letters are that make it so.
//!
//! The dear part, the word that a row shows for its state, is worked out only for an offer that the rest does not
//! decide.

use std::{cell::OnceCell, fmt, sync::Arc};

use jiff::Timestamp;
use nucleo_matcher::{Config, Matcher, Utf32Str, pattern::Atom};

use crate::{
    domain::{offer::Offer, operation::Destination, time},
    engine::Snapshot,
    presentation::{
        Requests, Row, active,
        query::{Field, Query, Term, Text, Wants},
    },
};

/// What each letter of a text that is scattered over another must be worth at least; one on its own is worth 16, and
/// less with every letter between.
const LEAST_WORTH: usize = 14;

/// How well an offer meets a query. The order is that of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hit {
    /// It has every text as it stands.
    #[default]
    Whole,
    /// It has the letters of one of them in order.
    Loose,
}

/// What offers are looked for in.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) known: &'a Snapshot,
    pub(crate) requests: &'a Requests,
    pub(crate) now: Timestamp,
}

/// Looks for one query in many offers.
pub(crate) struct Finder<'a> {
    query: &'a Query,
    matcher: Matcher,
    letters: Vec<char>,
    /// Whether offers can be told apart by their publisher at all.
    has_publishers: bool,
}

impl fmt::Debug for Finder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finder")
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

impl<'a> Finder<'a> {
    pub(crate) fn new(query: &'a Query) -> Self {
        Self {
            query,
            matcher: Matcher::new(Config::DEFAULT),
            letters: Vec::new(),
            has_publishers: false,
        }
    }

    /// The same among `offers`: where they are of several publishers, whose these are counts for a plain word as well.
    pub(crate) fn among(self, offers: &[Arc<Offer>]) -> Self {
        let has_publishers = offers
            .windows(2)
            .any(|pair| !pair[0].publisher.is(&pair[1].publisher));
        Self {
            has_publishers,
            ..self
        }
    }

    /// How `offer` meets the query, if it does.
    pub(crate) fn hit(&mut self, offer: &Offer, ground: Ground<'_>) -> Option<Hit> {
        let row = OnceCell::new();
        let row = || row.get_or_init(|| Row::of(ground.known, ground.requests, offer));
        let query = self.query;
        let mut worst = Hit::Whole;
        for term in &query.terms {
            let hit = match &term.wants {
                Wants::Any(text) => self.anywhere(offer, text, ground, row),
                Wants::In(field, text) => self.in_field(*field, offer, text, ground, row),
                Wants::Age { is_older, than } => row().since.and_then(|since| {
                    let age = time::since(since, ground.now);
                    let meets = if *is_older { age > *than } else { age < *than };
                    meets.then_some(Hit::Whole)
                }),
            };
            match hit {
                Some(hit) if !term.is_not => worst = worst.max(hit),
                // Scattered letters are too little to leave an offer out for.
                None | Some(Hit::Loose) if term.is_not => {}
                _ => return None,
            }
        }
        Some(worst)
    }

    /// The places of the letters in `id` that the query is met by; each once, in order.
    pub(crate) fn places(&mut self, id: &str) -> Vec<u32> {
        let query = self.query;
        let mut places = Vec::new();
        for Term { is_not, wants } in &query.terms {
            let (Wants::Any(text) | Wants::In(Field::Id, text)) = wants else {
                continue;
            };
            if *is_not {
                continue;
            }
            let atom = match self.in_text(id, text) {
                Some(Hit::Whole) => Some(&text.whole),
                Some(Hit::Loose) => text.loose.as_ref(),
                None => None,
            };
            if let Some(atom) = atom {
                let haystack = Utf32Str::new(id, &mut self.letters);
                atom.indices(haystack, &mut self.matcher, &mut places);
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    fn anywhere<'r>(
        &mut self,
        offer: &Offer,
        text: &Text,
        ground: Ground<'_>,
        row: impl Fn() -> &'r Row,
    ) -> Option<Hit> {
        let publisher = self.has_publishers.then(|| offer.publisher.raw());
        let fields = [
            Some(offer.id.raw()),
            Some(offer.name.as_str()),
            Some(offer.short_kind()),
            publisher,
        ];
        let mut best = None;
        for field in fields.into_iter().flatten() {
            match self.in_text(field, text) {
                Some(Hit::Whole) => return Some(Hit::Whole),
                hit => best = best.or(hit),
            }
        }
        self.in_state(offer, text, ground, row()).or(best)
    }

    fn in_field<'r>(
        &mut self,
        field: Field,
        offer: &Offer,
        text: &Text,
        ground: Ground<'_>,
        row: impl Fn() -> &'r Row,
    ) -> Option<Hit> {
        match field {
            Field::Id => self.in_text(offer.id.raw(), text),
            Field::Name => self.in_text(offer.name.as_str(), text),
            Field::Publisher => self.in_text(offer.publisher.raw(), text),
            Field::Type => self.in_text(offer.short_kind(), text).or_else(|| {
                // With the vendor's prefix as well.
                self.whole_in(offer.kind.as_str(), text)
            }),
            Field::To => {
                let to = row().to.as_ref().map(Destination::word)?;
                self.in_text(to, text)
            }
            Field::State => self.in_state(offer, text, ground, row()),
        }
    }

    /// In the word that the row shows, or in the service's own for what it tells of. People know the word: letters
    /// scattered over it mean nothing.
    fn in_state(&mut self, offer: &Offer, text: &Text, ground: Ground<'_>, row: &Row) -> Option<Hit> {
        let shown = self.whole_in(&row.state, text);
        if shown.is_some() {
            return shown;
        }
        if row.to.is_none() {
            return self.whole_in(offer.state.word().as_str(), text);
        }
        active(ground.known, &offer.id)
            .find_map(|operation| self.whole_in(operation.state.word().as_str(), text))
    }

    fn in_text(&mut self, haystack: &str, text: &Text) -> Option<Hit> {
        self.whole_in(haystack, text).or_else(|| {
            let loose = text.loose.as_ref()?;
            self.is_near(haystack, loose).then_some(Hit::Loose)
        })
    }

    fn whole_in(&mut self, haystack: &str, text: &Text) -> Option<Hit> {
        let haystack = Utf32Str::new(haystack, &mut self.letters);
        text.whole.score(haystack, &mut self.matcher).map(|_| Hit::Whole)
    }

    /// Whether the letters of `loose` stand near enough to each other to be what was meant.
    fn is_near(&mut self, haystack: &str, loose: &Atom) -> bool {
        let haystack = Utf32Str::new(haystack, &mut self.letters);
        let least = LEAST_WORTH * loose.needle_text().len();
        loose
            .score(haystack, &mut self.matcher)
            .is_some_and(|worth| usize::from(worth) >= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::*;

    /// The offers of `known` that meet `text`, in the service's order; those that do so loosely with a `~`.
    fn found(known: &Snapshot, text: &str) -> Vec<String> {
        let query = Query::read(text);
        let requests = Requests::default();
        let ground = Ground {
            known,
            requests: &requests,
            now: at("12:04:31"),
        };
        let mut finder = Finder::new(&query);
        let offers = known.offers.value().unwrap();
        let mut found = Vec::new();
        for offer in offers.iter() {
            if let Some(hit) = finder.hit(offer, ground) {
                let mark = if hit == Hit::Loose { "~" } else { "" };
                found.push(format!("{mark}{}", offer.id.raw().trim_start_matches("contoso-")));
            }
        }
        found
    }

    #[test]
    fn every_term_finds_what_it_names() {
        for (text, offers) in [
            ("", &["db", "app", "vm", "wide", "iot", "old"][..]),
            ("vm", &["~db", "~app", "vm", "~wide", "~iot", "~old"]),
            ("id:vm", &["vm"]),
            ("ID:VM", &["vm"]),
            ("Database", &["db"]),
            ("name:contoso name:app", &["app"]),
            ("漢字", &["wide"]),
            ("type:vm id:i", &["~wide", "~iot"]),
            ("type:microsoft-azure id:i", &["wide", "iot"]),
            ("type:saas", &[]),
            ("state:running", &["app", "vm"]),
            ("state:publishing", &["vm"]),
            ("state:sign-off", &["iot"]),
            ("state:waitingForPublisher", &["iot"]),
            ("state:failed", &["old"]),
            ("to:live", &["app"]),
            ("to:LIVE", &["app"]),
            ("!to:live state:running", &["vm"]),
            ("!id:contoso", &[]),
            ("!cvm", &["db", "app", "vm", "wide", "iot", "old"]),
            ("publisher:contoso id:old", &["old"]),
            ("publisher:fabrikam", &[]),
            ("age:>2h", &["db", "vm", "wide", "iot"]),
            ("age:<1h", &["app", "old"]),
            ("!age:<1h", &["db", "vm", "wide", "iot"]),
            ("age:>1w", &["db", "wide"]),
            ("cvm id:vm", &["~vm"]),
            ("\"cvm\"", &[]),
            ("failed", &["old"]),
            ("going id:a", &["app"]),
            ("zzz", &[]),
        ] {
            assert_eq!(found(&quiet(), text), offers, "{text}");
        }
    }

    #[test]
    fn a_cancel_under_way_is_found_by_its_word() {
        assert_eq!(found(&busy(), "state:canceling"), ["vm"]);
        assert_eq!(found(&busy(), "state:canceled"), ["old"]);
    }

    #[test]
    fn letters_that_stand_far_apart_are_no_match() {
        let known = Snapshot {
            offers: fresh(
                vec![offer(
                    "a-very-long-name-of-an-offer",
                    "x",
                    "draft",
                    "2026-11-22T08:00:00Z",
                )]
                .into(),
            ),
            ..Snapshot::default()
        };
        assert_eq!(found(&known, "avl"), ["~a-very-long-name-of-an-offer"]);
        assert!(found(&known, "yaf").is_empty());
    }

    #[test]
    fn publishers_count_for_a_plain_word_only_where_there_are_several() {
        let query = Query::read("contoso");
        let mut other = (*offer("x", "y", "draft", "2026-11-22T08:00:00Z")).clone();
        other.kind = "z".into();
        let (known, requests) = (quiet(), Requests::default());
        let ground = Ground {
            known: &known,
            requests: &requests,
            now: at("12:04:31"),
        };
        let other = Arc::new(other);
        assert_eq!(Finder::new(&query).hit(&other, ground), None);
        let mut fabrikams = (*other).clone();
        fabrikams.publisher = "fabrikam".into();
        let mut among_several = Finder::new(&query).among(&[Arc::new(fabrikams), Arc::clone(&other)]);
        assert_eq!(among_several.hit(&other, ground), Some(Hit::Whole));
    }

    #[test]
    fn the_places_are_those_of_the_letters_that_were_found() {
        for (text, id, places) in [
            ("vm", "contoso-vm", &[8, 9][..]),
            ("cvm", "contoso-vm", &[0, 8, 9]),
            ("con vm", "contoso-vm", &[0, 1, 2, 8, 9]),
            ("!vm", "contoso-vm", &[]),
            ("state:vm", "contoso-vm", &[]),
            ("id:vm", "contoso-vm", &[8, 9]),
            ("字", "漢字", &[1]),
        ] {
            let query = Query::read(text);
            assert_eq!(Finder::new(&query).places(id), places, "{text}");
        }
    }
}
