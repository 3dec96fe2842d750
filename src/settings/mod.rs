//! Flags, environment and file, folded into one value with the source of each part.
