//! What was asked and what became of it, on disk and in memory.
//!
//! Both journals obey the same rules, written once over the few things that a place for facts can do; they
//! differ only in where the facts lie. Knows the journal's port and the domain; nothing of the service or a screen.

mod fault;
mod ledger;
mod memory;
mod rules;
mod sqlite;
mod trial;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod contract;

pub use memory::MemoryJournal;
pub use sqlite::{Condition, SqliteJournal};
