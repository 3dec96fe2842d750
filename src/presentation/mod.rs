//! What every face says, once: rows, columns and filters, the words for facts and times, the JSON of facts.
//!
//! Knows the domain and what the engine publishes. It must not know a face: neither how wide a screen is, nor what a key
//! does, nor where lines are written.

#[cfg(test)]
mod tests;
