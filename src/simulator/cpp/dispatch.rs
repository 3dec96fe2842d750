//! The order in which a request is looked at: publisher, offer, answers out of turn, and then the ordinary answer.

use jiff::SignedDuration;

use crate::simulator::reply::Reply;
use crate::simulator::script::{self, Answer, Route};
use crate::simulator::state::ServerState;
use crate::simulator::world::{Offer, World, WorldTime};

/// Answers what concerns no offer. Without a publisher it is open to everybody.
pub(super) fn answer(
    state: &ServerState,
    route: Route,
    publisher: Option<&str>,
    ordinary: impl FnOnce(&World) -> Reply,
) -> Reply {
    let mut world = state.world();
    if publisher.is_some_and(|publisher| !world.has_publisher(publisher)) {
        return Reply::error(403);
    }
    let answer = script::next(&mut world.scripts, route);
    reply(answer, world.latency, || ordinary(&world))
}

/// Answers what concerns an offer.
pub(super) fn answer_on_offer(
    state: &ServerState,
    route: Route,
    (publisher, id): (&str, &str),
    ordinary: impl FnOnce(&mut Offer, WorldTime) -> Reply,
) -> Reply {
    let mut world = state.world();
    if !world.has_publisher(publisher) {
        return Reply::error(403);
    }
    let World {
        time,
        offers,
        scripts,
        latency,
        ..
    } = &mut *world;
    let named = |offer: &&mut Offer| offer.id == id && offer.publisher == publisher;
    let Some(offer) = offers.iter_mut().find(named) else {
        return Reply::error(404);
    };
    let latency = match route {
        Route::Cancel => offer.latency.max(offer.cancel.latency),
        _ => offer.latency,
    }
    .max(*latency);
    let answer = script::next(offer.scripts.iter_mut().chain(scripts), route);
    reply(answer, latency, || ordinary(offer, *time))
}

fn reply(answer: Option<Answer>, latency: SignedDuration, ordinary: impl FnOnce() -> Reply) -> Reply {
    let reply = match answer {
        Some(answer) => Reply::out_of_turn(answer, ordinary),
        None => ordinary(),
    };
    reply.after(latency)
}
