//! Rules for recording, the same in every journal wherever its facts lie.
//!
//! Each rule runs while its ledger is held exclusively, so that the state it read still holds when it records.

use jiff::Timestamp;

use crate::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Owner, Recorded},
        ids::CancellationId,
        stage::Stage,
        verdict::Ending,
    },
    engine::ports::Claimed,
    journal::{fault::Fault, ledger::Ledger},
};

/// Claims a target, which has one open claim at most. A cancellation whose outcome is unknown, or that has been read as
/// active for long, yields its claim to one that names it as the one it repeats; one that is canceled by its answer
/// alone yields to any. It stays open, because reading may still settle it.
pub(super) fn claim(ledger: &mut impl Ledger, claim: &Claim, at: Timestamp) -> Result<Claimed, Fault> {
    if let Some(holder) = ledger.holder(&claim.request.target)? {
        if !yields_claim(&holder, claim) {
            return Ok(Claimed::Taken(holder));
        }
        ledger.release(&holder.id)?;
    }
    Ok(Claimed::New(ledger.begin(claim, at)?))
}

fn yields_claim(holder: &Cancellation, claim: &Claim) -> bool {
    let names_it = claim.request.again_of.as_ref() == Some(&holder.id);
    holder.holds_no_claim() || names_it && holder.may_be_asked_again()
}

/// Compares and sets: sending begins only where no request is under way, each attempt only once, and only for the
/// holder of the claim.
pub(super) fn begin_sending(
    ledger: &mut impl Ledger,
    id: &CancellationId,
    attempt: u32,
    by: &Owner,
    at: Timestamp,
) -> Result<Option<Recorded>, Fault> {
    let cancellation = find(ledger, id)?;
    let holder = ledger.holder(&cancellation.request.target)?;
    let holds_the_claim = holder.is_some_and(|holder| holder.id == *id);
    if cancellation.stage != Stage::Claimed || attempt <= cancellation.attempts || !holds_the_claim {
        return Ok(None);
    }
    let by = by.clone();
    ledger
        .add(cancellation, Fact::Sending { attempt, by }, at)
        .map(Some)
}

/// Keeps a fact, whether its stage admits it or not: late facts are evidence too.
pub(super) fn append(
    ledger: &mut impl Ledger,
    id: &CancellationId,
    fact: Fact,
    at: Timestamp,
) -> Result<Recorded, Fault> {
    match fact {
        Fact::Claimed(_) | Fact::Sending { .. } | Fact::Settled(_) => Err(Fault::PastTheRules),
        Fact::Looked(_)
        | Fact::Unsent { .. }
        | Fact::Answered(_)
        | Fact::AnswerLost { .. }
        | Fact::Observed(_) => {
            let cancellation = find(ledger, id)?;
            ledger.add(cancellation, fact, at)
        }
    }
}

/// Records the first final verdict, and none that is impossible at its stage; returns the standing one: the ending, or
/// the newest fact where there is none.
pub(super) fn settle(
    ledger: &mut impl Ledger,
    id: &CancellationId,
    ending: Ending,
    at: Timestamp,
) -> Result<Recorded, Fault> {
    let cancellation = find(ledger, id)?;
    let fact = Fact::Settled(ending);
    if cancellation.admits(&fact) {
        return ledger.add(cancellation, fact, at);
    }
    standing(&cancellation).cloned().ok_or(Fault::Empty)
}

fn standing(cancellation: &Cancellation) -> Option<&Recorded> {
    let facts = &cancellation.facts;
    facts
        .iter()
        .rfind(|recorded| matches!(recorded.fact, Fact::Settled(_)))
        .or(facts.last())
}

/// Returns the cancellation with this id, or a fault if it was never claimed.
pub(super) fn find(ledger: &impl Ledger, id: &CancellationId) -> Result<Cancellation, Fault> {
    ledger
        .cancellation(id)?
        .ok_or_else(|| Fault::NoSuchCancellation(id.clone()))
}

#[cfg(test)]
mod tests;
