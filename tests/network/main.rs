//! Real-world networks: private CAs, HTTP/2, IPv6, and several kinds of proxy, with the built binary and with the
//! client.
//!
//! The proxy is a real one (`hudsucker`) inside the test; it tunnels, requires a password, refuses, or inspects.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod authority;
mod doctor;
mod front;
mod handshake;
mod program;
mod proxies;
mod proxy;
mod sign_in;
mod tls;
