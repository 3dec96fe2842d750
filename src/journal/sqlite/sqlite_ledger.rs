//! The ledger in one transaction. Knows the tables; the rules decide what is allowed.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Params, Transaction, params};

use crate::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Recorded},
        ids::{CancellationId, Origin, PublisherId},
        meaning::Meaning,
        target::Target,
        verdict::Verdict,
    },
    journal::{fault::Fault, ledger::Ledger, sqlite::rows},
};

/// Queries, none of which reads more than it returns, however many cancellations there are.
pub(super) const OPEN: &str = "SELECT id, serial FROM cancellations WHERE is_open = 1 AND origin = ?1 AND publisher = ?2 ORDER BY serial";
pub(super) const HISTORY: &str =
    "SELECT id, serial FROM cancellations WHERE serial < ?1 ORDER BY serial DESC LIMIT ?2";
pub(super) const HOLDER: &str = "SELECT id FROM cancellations
    WHERE holds_claim = 1 AND origin = ?1 AND publisher = ?2 AND offer = ?3 AND binding = ?4";
/// Walks back from the newest and stops at the first match: an earlier cancel is mostly recent.
const OF_TARGET: &str = "SELECT id, serial FROM cancellations
    WHERE origin = ?1 AND publisher = ?2 AND offer = ?3 AND binding = ?4
    ORDER BY serial DESC";
pub(super) const FACTS: &str =
    "SELECT number, at, fact FROM facts WHERE cancellation = ?1 AND number > ?2 ORDER BY number";

/// The journal as seen by one transaction.
pub(super) struct SqliteLedger<'a> {
    transaction: &'a Transaction<'a>,
    meaning: Meaning,
}

/// Result of a list query. An unreadable cancellation does not hide the others, and its claim holds.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) cancellations: Vec<Cancellation>,
    pub(super) unreadable: Vec<(CancellationId, Fault)>,
    /// Position of the last one in the order of claims, readable or not.
    pub(super) last: Option<i64>,
}

/// Converts an id to its column form: the service compares ids without case. The facts keep the original.
fn folded(id: &str) -> String {
    id.to_ascii_lowercase()
}

impl<'a> SqliteLedger<'a> {
    pub(super) fn new(transaction: &'a Transaction<'a>, meaning: Meaning) -> Self {
        Self { transaction, meaning }
    }

    /// Returns the facts of a cancellation with a number above `after`, in order.
    pub(super) fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, Fault> {
        match self.newest(id)? {
            Some(_) => self.facts_above(id, after),
            None => Ok(Vec::new()),
        }
    }

    /// Records that the process of that name holds its lock. Costs nothing if it is recorded already.
    pub(super) fn register(&self, owner: &str) -> Result<(), Fault> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO owners (name) VALUES (?1)")?
            .execute([owner])?;
        Ok(())
    }

    /// Returns true if the process of that name ever held its lock.
    pub(super) fn is_registered(&self, owner: &str) -> Result<bool, Fault> {
        Ok(self
            .transaction
            .prepare_cached("SELECT 1 FROM owners WHERE name = ?1")?
            .exists([owner])?)
    }

    /// Returns the open cancellations at one service and publisher, oldest first.
    pub(super) fn open(&self, origin: &Origin, publisher: &PublisherId) -> Result<Listed, Fault> {
        self.list(OPEN, params![origin.as_str(), folded(publisher.raw())])
    }

    /// Returns the newest cancellations before a position in the order of claims, newest first.
    pub(super) fn history(&self, before: i64, limit: u32) -> Result<Listed, Fault> {
        self.list(HISTORY, params![before, limit])
    }

    /// Returns the newest sent cancellation of `target`; unreadable ones are skipped.
    pub(super) fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, Fault> {
        let listed = self.list(
            OF_TARGET,
            params![
                target.origin.as_str(),
                folded(target.publisher.raw()),
                folded(target.offer.raw()),
                target.binding.key(),
            ],
        )?;
        Ok(listed.cancellations.into_iter().find(Cancellation::was_sent))
    }

    fn list(&self, select_ids: &str, params: impl Params) -> Result<Listed, Fault> {
        let mut statement = self.transaction.prepare_cached(select_ids)?;
        let found = statement
            .query_map(params, |row| Ok((rows::id(row)?, row.get(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        let mut listed = Listed::default();
        for (id, serial) in found {
            listed.last = Some(serial);
            match self.fold(id.clone()) {
                Ok(cancellation) => listed.cancellations.push(cancellation),
                Err(fault @ (Fault::Unreadable { .. } | Fault::Lost { .. } | Fault::Empty)) => {
                    listed.unreadable.push((id, fault));
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(listed)
    }

    fn fold(&self, id: CancellationId) -> Result<Cancellation, Fault> {
        let facts = self.facts_above(&id, 0)?;
        Cancellation::fold(id, facts).ok_or(Fault::Empty)
    }

    /// Returns the number of the newest fact of a cancellation, if the id exists.
    fn newest(&self, id: &CancellationId) -> Result<Option<i64>, Fault> {
        Ok(self
            .transaction
            .prepare_cached("SELECT newest FROM cancellations WHERE id = ?1")?
            .query_row([id.raw()], |row| row.get(0))
            .optional()?)
    }

    fn facts_above(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, Fault> {
        // No stored number reaches one above the column's maximum, so no fact is above it.
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut statement = self.transaction.prepare_cached(FACTS)?;
        let mut found = statement.query(params![id.raw(), after])?;
        let mut facts = Vec::new();
        let mut last = after;
        while let Some(row) = found.next()? {
            last = row.get(0)?;
            facts.push(rows::recorded(row, &self.meaning)?);
        }
        match self.newest(id)? {
            Some(newest) if last < newest => Err(Fault::Lost { last, newest }),
            _ => Ok(facts),
        }
    }

    /// Stores the state of `cancellation`.
    fn keep(&self, cancellation: &Cancellation) -> Result<(), Fault> {
        self.transaction
            .prepare_cached(
                "UPDATE cancellations SET verdict = ?2, is_open = ?3, holds_claim = holds_claim AND ?3, newest = ?4
                 WHERE id = ?1",
            )?
            .execute(params![
                cancellation.id.raw(),
                cancellation.verdict().map(Verdict::word),
                cancellation.is_open(),
                i64::try_from(cancellation.newest()).unwrap_or(i64::MAX),
            ])?;
        Ok(())
    }

    fn append(&self, id: &CancellationId, fact: Fact, at: Timestamp) -> Result<Recorded, Fault> {
        let text = serde_json::to_string(&fact).map_err(Fault::Unwritable)?;
        let number = self
            .transaction
            .prepare_cached("INSERT INTO facts (cancellation, at, fact) VALUES (?1, ?2, ?3)")?
            .insert(params![id.raw(), at.to_string(), text])?;
        rows::number(number).map(|number| Recorded { number, at, fact })
    }
}

impl Ledger for SqliteLedger<'_> {
    fn holder(&self, target: &Target) -> Result<Option<Cancellation>, Fault> {
        let id = self
            .transaction
            .prepare_cached(HOLDER)?
            .query_row(
                params![
                    target.origin.as_str(),
                    folded(target.publisher.raw()),
                    folded(target.offer.raw()),
                    target.binding.key(),
                ],
                rows::id,
            )
            .optional()?;
        id.map(|id| self.fold(id)).transpose()
    }

    fn cancellation(&self, id: &CancellationId) -> Result<Option<Cancellation>, Fault> {
        let facts = self.facts_above(id, 0)?;
        if facts.is_empty() {
            return Ok(None);
        }
        Cancellation::fold(id.clone(), facts)
            .map(Some)
            .ok_or(Fault::Empty)
    }

    fn begin(&mut self, claim: &Claim, at: Timestamp) -> Result<Cancellation, Fault> {
        let target = &claim.request.target;
        let id = self
            .transaction
            .prepare_cached(
                "INSERT INTO cancellations
                   (id, profile, origin, publisher, offer, binding, user, host, claimed_at, is_open, holds_claim)
                 VALUES (lower(hex(randomblob(8))), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 1)
                 RETURNING id",
            )?
            .query_row(
                params![
                    claim.request.profile.as_str(),
                    target.origin.as_str(),
                    folded(target.publisher.raw()),
                    folded(target.offer.raw()),
                    target.binding.key(),
                    claim.by.user.as_str(),
                    claim.by.host.as_str(),
                    at.to_string(),
                ],
                rows::id,
            )?;
        let first = self.append(&id, Fact::Claimed(Box::new(claim.clone())), at)?;
        let cancellation = Cancellation::claimed(id, claim.clone(), first.number, at);
        self.keep(&cancellation)?;
        Ok(cancellation)
    }

    fn release(&mut self, id: &CancellationId) -> Result<(), Fault> {
        self.transaction
            .prepare_cached("UPDATE cancellations SET holds_claim = 0 WHERE id = ?1")?
            .execute([id.raw()])?;
        Ok(())
    }

    fn add(&mut self, mut cancellation: Cancellation, fact: Fact, at: Timestamp) -> Result<Recorded, Fault> {
        let recorded = self.append(&cancellation.id, fact, at)?;
        cancellation.apply(recorded.clone());
        self.keep(&cancellation)?;
        Ok(recorded)
    }
}
