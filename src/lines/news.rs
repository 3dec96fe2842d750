//! What a snapshot tells that the one before did not, beside cancellations: an outage once, its end once, and what became
//! of an offer. Pure.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    domain::{ids::OfferId, offer::Offer},
    engine::{Snapshot, Tracked},
    lines::listing::Narrowing,
    tui::{model::words, moment},
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
        (None, Some(what)) => news.push(format!("sign-in: {what}")),
        (Some(_), None) => news.push("sign-in: accepted again".to_owned()),
        _ => {}
    }
    match (before.offers.trouble(), known.offers.trouble()) {
        (None, Some((why, _))) => {
            let shown = known.offers.read_at().map_or_else(String::new, |at| {
                format!("; what is known is of {}", moment::exact(at, now, zone))
            });
            news.push(format!("offers: {why}{shown}"));
        }
        (Some(_), None) => news.push("offers: the service answers again".to_owned()),
        _ => {}
    }
    news.extend(changes(before, known, narrowing));
    news
}

/// What became of the offers since they were read before.
fn changes(before: &Snapshot, known: &Snapshot, narrowing: &Narrowing) -> Vec<String> {
    let (Some(then), Some(now)) = (before.offers.value(), known.offers.value()) else {
        return Vec::new();
    };
    if Arc::ptr_eq(then, now) {
        return Vec::new();
    }
    let mut gone: BTreeMap<&OfferId, &Arc<Offer>> = then.iter().map(|offer| (&offer.id, offer)).collect();
    let mut changes = Vec::new();
    for offer in now.iter() {
        let was = gone.remove(&offer.id);
        if !narrowing.admits(offer) || is_told_otherwise(known, offer) {
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
    let gone = gone.into_values().filter(|offer| narrowing.admits(offer));
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
