//! The dashboard: a pure reducer, a pure view, and the shell that connects them to a terminal.
