//! The whole way on real sockets: the engine, the client and the journal against the simulator, each scenario to its
//! verdict, with the requests that it takes and no other.

mod requests;
mod verdicts;
mod way;
