//! The whole stack on real sockets: engine, client, and journal against the simulator, each scenario to its verdict,
//! with exactly the expected requests.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod named;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod way;
