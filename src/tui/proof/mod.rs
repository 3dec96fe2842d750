//! The dashboard proved without a terminal: what keys do, what a confirmation takes, what is on the screen.

mod confirming;
mod keys;
mod random;
mod screens;
mod time;
