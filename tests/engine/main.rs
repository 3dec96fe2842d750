//! The engine on a paused clock, against a scripted service: exact instants, exact requests, every answer.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod before_sending;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod following;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod precedent;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod reading_on;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod resumed;
#[cfg(test)]
mod together;
#[cfg(test)]
mod trouble;
#[cfg(test)]
mod witnesses;
