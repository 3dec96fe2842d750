//! What was asked and what became of it, on disk and in memory.
