//! The dashboard as lines of text: for a screen reader, a bad line, and a terminal that can do nothing else.
//!
//! The same engine and the same words as the other faces. What is written stays as it is: no cursor movement, no colour,
//! nothing that repeats. Rows have numbers, and commands are lines. It must not know where lines come from or go to.

mod command;
mod details;
mod face;
mod listing;
mod narrowing;
mod news;

use std::pin::pin;

use futures_util::FutureExt as _;

use crate::{
    cli::{Io, cancel},
    domain::{ids::Origin, text::SafeText, verdict::Exit},
    engine::Engine,
};
use face::Face;

/// Where commands come from.
pub trait Commands {
    /// The next line, without its end; none when there are no more.
    ///
    /// Nothing is read before this is called, so that a question has its answer to itself. What is waited for when the
    /// future is dropped comes with the next call.
    ///
    /// # Errors
    /// When it cannot be read; no more is asked for then.
    fn next(&mut self) -> impl Future<Output = std::io::Result<Option<String>>>;
}

/// What the face needs beside the engine.
pub struct Beside {
    /// The service, for whoever wants to know where they are.
    pub origin: Origin,
    /// What a cancel needs.
    pub cancel: cancel::Defaults,
    /// What a newcomer is told first, such as that this is the simulator.
    pub banner: Option<SafeText>,
    /// Whether the service goes on when this process has ended.
    pub goes_on: bool,
    /// Whether somebody sits by, at one end or the other: then what is open is followed.
    pub is_attended: bool,
}

/// Lists, obeys and tells until there is nothing more to obey, and returns how the program is to end.
///
/// `commands` are none for a list alone. `interrupted` resolves to how the program is to end when a signal asks it to;
/// each verdict is told as it stands then.
pub async fn run<C: Commands>(
    engine: &Engine,
    beside: &Beside,
    commands: Option<C>,
    interrupted: impl Future<Output = Exit>,
    io: &mut Io<'_>,
) -> Exit {
    let interrupted = pin!(interrupted.fuse());
    Face::new(engine, beside, commands, io).run(interrupted).await
}

#[cfg(test)]
mod tests;
