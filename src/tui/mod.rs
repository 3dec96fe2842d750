//! The dashboard: a pure reducer, a pure view, and the shell that connects them to a terminal.
//!
//! `update` takes a [`msg::Msg`] and changes the [`model::Model`]; `view` draws the model; both know nothing of tokio,
//! files, the environment or a clock. The shell reads the terminal and the engine and carries out effects.

mod effect_runner;
pub mod keymap;
pub(crate) mod layout;
pub mod model;
pub mod msg;
pub mod run;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub(crate) mod width;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
