//! The built program in a real terminal.

mod bench;
mod exits;
mod shown;
