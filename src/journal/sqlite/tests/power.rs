//! Power cuts, stood in for.
