//! The verbs without a screen, one file each.
