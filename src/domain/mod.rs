//! Facts and words of the marketplace, without I/O and without a clock.
