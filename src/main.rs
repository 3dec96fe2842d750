//! Command line, application, exit code.

fn main() {}
