//! What a snapshot tells that the one before did not, beside cancellations: an outage once, its end once, and what became
//! of an offer. Pure.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    domain::{ids::OfferId, offer::Offer, text::SafeText},
    engine::{Snapshot, Tracked},
    plain::narrowing::Narrowing,
    presentation::{moment, state::words},
};

/// The sentences that tell what is new.
pub(super) fn between(
    before: &Snapshot,
    known: &Snapshot,
    narrowing: &Narrowing,
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<String> {
    let mut news = Vec::new();
    match (&before.sign_in, &known.sign_in) {
        (None, Some(what)) => news.push(format!("sign-in: {}", reason(what))),
        (Some(_), None) => news.push("sign-in: accepted again".to_owned()),
        _ => {}
    }
    match (trouble(before), trouble(known)) {
        (None, Some(why)) => {
            let shown = known.offers.read_at().map_or_else(String::new, |at| {
                format!("; what is known is of {}", moment::exact(at, now, zone))
            });
            news.push(format!("offers: {}{shown}", reason(why)));
        }
        (Some(_), None) if known.offers.trouble().is_none() => {
            news.push("offers: the service answers again".to_owned());
        }
        _ => {}
    }
    news.extend(changes(before, known, narrowing, now));
    news
}

/// Why the offers are not fresh, unless that is told as a lost sign-in.
fn trouble(known: &Snapshot) -> Option<&SafeText> {
    let (why, _) = known.offers.trouble()?;
    (known.sign_in.as_ref() != Some(why)).then_some(why)
}

/// Why, without the request, which is named already.
pub(super) fn reason(why: &SafeText) -> &str {
    let why = why.as_str();
    why.split_once(": ").map_or(why, |(_, reason)| reason)
}

/// What became of the offers since they were read before, of those that are looked for now or were then.
fn changes(before: &Snapshot, known: &Snapshot, narrowing: &Narrowing, at: Timestamp) -> Vec<String> {
    let (Some(then), Some(now)) = (before.offers.value(), known.offers.value()) else {
        return Vec::new();
    };
    if Arc::ptr_eq(then, now) {
        return Vec::new();
    }
    let mut gone: BTreeMap<&OfferId, &Arc<Offer>> = then.iter().map(|offer| (&offer.id, offer)).collect();
    let mut changes = Vec::new();
    let (mut sieve_then, mut sieve_now) = (narrowing.sieve(before, at), narrowing.sieve(known, at));
    for offer in now.iter() {
        let was = gone.remove(&offer.id);
        let counts = sieve_now.admits(offer) || was.is_some_and(|was| sieve_then.admits(was));
        if !counts || is_told_otherwise(known, offer) {
            continue;
        }
        match was {
            None => changes.push(format!("{}: new in the list, {}", offer.id, words(&offer.state))),
            Some(was) if was.state != offer.state => changes.push(format!(
                "{}: {}, was {}",
                offer.id,
                words(&offer.state),
                words(&was.state)
            )),
            Some(_) => {}
        }
    }
    let gone = gone.into_values().filter(|offer| sieve_then.admits(offer));
    changes.extend(gone.map(|offer| format!("{}: no longer in the list", offer.id)));
    changes
}

/// Whether a cancellation says how it stands with `offer`, or said so last.
fn is_told_otherwise(known: &Snapshot, offer: &Offer) -> bool {
    let is_over = offer.state.phase().has_ended();
    let tells =
        |tracked: &Arc<Tracked>| tracked.is_in_progress() || is_over && tracked.cancellation.was_sent();
    known.newest_on(&offer.id).is_some_and(tells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::listing::tests::snapshot;

    fn news(before: &Snapshot, known: &Snapshot) -> Vec<String> {
        between(
            before,
            known,
            &Narrowing::default(),
            Timestamp::UNIX_EPOCH,
            &TimeZone::UTC,
        )
    }

    fn failing(known: &Snapshot, why: &str) -> Snapshot {
        Snapshot {
            offers: known.offers.clone().failed(why.into(), Timestamp::UNIX_EPOCH),
            ..known.clone()
        }
    }

    #[test]
    fn an_outage_is_told_once_and_so_is_its_end() {
        let fine = snapshot(&[("a", "succeeded")]);
        let down = failing(&fine, "GET offers of contoso: timed out");
        let still_down = failing(&down, "refused");
        assert_eq!(
            news(&fine, &down),
            ["offers: timed out; what is known is of 00:00:00"]
        );
        assert!(news(&down, &still_down).is_empty());
        assert_eq!(news(&still_down, &fine), ["offers: the service answers again"]);
        assert!(news(&fine, &fine).is_empty());
    }

    #[test]
    fn a_lost_sign_in_is_told_once_and_so_is_its_return() {
        let fine = snapshot(&[]);
        let lost = |what: &str| Snapshot {
            sign_in: Some(what.into()),
            ..fine.clone()
        };
        assert_eq!(
            news(&fine, &lost("renew the token")),
            ["sign-in: renew the token"]
        );
        assert!(news(&lost("renew the token"), &lost("or another")).is_empty());
        assert_eq!(news(&lost("renew the token"), &fine), ["sign-in: accepted again"]);
        let lost_and_failing = failing(&lost("renew the token"), "renew the token");
        assert_eq!(news(&fine, &lost_and_failing), ["sign-in: renew the token"]);
        assert_eq!(news(&lost_and_failing, &fine), ["sign-in: accepted again"]);
    }

    #[test]
    fn what_became_of_an_offer_is_told_and_the_first_list_is_no_news() {
        let first = snapshot(&[("a", "succeeded"), ("b", "running"), ("gone", "failed")]);
        let then = snapshot(&[("a", "running"), ("b", "running"), ("new", "neverPublished")]);
        assert!(news(&Snapshot::default(), &first).is_empty());
        assert_eq!(
            news(&first, &then),
            [
                "a: running, was succeeded",
                "new: new in the list, never published",
                "gone: no longer in the list"
            ]
        );
        let told_of = |text: &str| {
            let mut narrowing = Narrowing::default();
            narrowing.look_for(text).unwrap();
            between(&first, &then, &narrowing, Timestamp::UNIX_EPOCH, &TimeZone::UTC)
        };
        assert_eq!(told_of("id:new"), ["new: new in the list, never published"]);
        assert_eq!(
            told_of("state:running"),
            ["a: running, was succeeded"],
            "it is found by now"
        );
        assert_eq!(
            told_of("state:succeeded"),
            ["a: running, was succeeded"],
            "it was found then"
        );
    }
}
