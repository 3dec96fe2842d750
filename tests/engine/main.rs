//! The engine on a paused clock, against a scripted service: exact instants, exact requests, every answer.

mod answers;
mod catalogue;
mod fake;
mod following;
mod guards;
