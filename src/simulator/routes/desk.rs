//! The order in which a request is looked at: publisher, offer, answers out of turn, and then the usual answer.

use jiff::SignedDuration;

use crate::simulator::premises::Premises;
use crate::simulator::reply::Reply;
use crate::simulator::scenario::Route;
use crate::simulator::world::World;

/// Answers what concerns no offer. Without a publisher everybody may ask.
pub(super) fn answer(
    premises: &Premises,
    route: Route,
    publisher: Option<&str>,
    usual: impl FnOnce(&mut World) -> Reply,
) -> Reply {
    let mut world = premises.world();
    if publisher.is_some_and(|publisher| !world.has_publisher(publisher)) {
        return Reply::error(403);
    }
    reply(&mut world, route, None, usual)
}

/// Answers what concerns an offer; `usual` is given its place in the world.
pub(super) fn answer_on_offer(
    premises: &Premises,
    route: Route,
    (publisher, offer): (&str, &str),
    usual: impl FnOnce(&mut World, usize) -> Reply,
) -> Reply {
    let mut world = premises.world();
    if !world.has_publisher(publisher) {
        return Reply::error(403);
    }
    let Some(at) = world.find(publisher, offer) else {
        return Reply::error(404);
    };
    reply(&mut world, route, Some(at), |world| usual(world, at))
}

fn reply(
    world: &mut World,
    route: Route,
    offer: Option<usize>,
    usual: impl FnOnce(&mut World) -> Reply,
) -> Reply {
    let own = offer.and_then(|at| world.offers.get(at));
    let own = own.map_or(SignedDuration::ZERO, |offer| match route {
        Route::Cancel => offer.latency.max(offer.cancel.latency),
        _ => offer.latency,
    });
    let latency = world.latency.max(own);
    let reply = match world.out_of_turn(route, offer) {
        Some(answer) => Reply::out_of_turn(&answer, || usual(world)),
        None => usual(world),
    };
    reply.after(latency)
}
