//! Puts the parts together: settings, runtime, log, signals, and the way out.
