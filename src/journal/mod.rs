//! Journals of cancellations, on disk and in memory.
//!
//! Both obey the same rules, written once over the few operations of a ledger; they differ only in where the facts lie.
//! Knows the journal's port and the domain; nothing of the service or a screen.

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
