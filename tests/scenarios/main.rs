//! The whole way on real sockets: the engine, the client and the journal against the simulator, each scenario to its
//! verdict, with the requests that it takes and no other.

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
