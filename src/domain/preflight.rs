//! Decision on the result of a look. The only place that decides it: a cancel names the offer alone, so it may be sent
//! only while exactly one operation is active, and that one is the target.

use jiff::Timestamp;

use crate::domain::{
    name::OperationName,
    operation::{Operation, Operations, Source},
    status::Phase,
    target::{Binding, Scope},
    text::SafeText,
    verdict::{Ending, Evidence, Verdict},
};

/// Number of operations that a sentence names at most.
const NAMED: usize = 5;

/// Wanted operation.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// Any active one.
    Any,
    /// The confirmed one.
    Confirmed(&'a Binding),
    /// The one with this name.
    Named(&'a OperationName),
}

/// Assessment of a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assessment<'a> {
    /// This one alone is active and wanted: a cancel hits it.
    One(&'a Operation),
    /// Every known operation has ended.
    None,
    /// The wanted operation has ended.
    Ended(&'a Operation, Vec<&'a Operation>),
    /// This one alone is active, and another is wanted.
    Other(&'a Operation),
    /// These are active, and a cancel could hit any of them.
    Several(Vec<&'a Operation>),
    /// This many exist, more than are known: the unknown ones may be active.
    Cut(usize),
}

/// Weighs the known operations of one offer against the wanted one.
#[must_use]
pub fn assess<'a>(known: &'a Operations, scope: Scope<'_>, wanted: Wanted<'_>) -> Assessment<'a> {
    let active = choosable(known);
    let is_wanted = |operation: &Operation| wanted.is(scope, operation);
    if !matches!(wanted, Wanted::Any)
        && let Some(ended) = known.list.iter().find(|one| is_wanted(one))
        && !ended.state.is_active()
        && (known.is_whole() || ended.state.phase() == Phase::Canceled)
    {
        // Another operation would be hit instead, and the wanted one has its outcome already.
        return Assessment::Ended(ended, active);
    }
    match active[..] {
        [] | [_] if !known.is_whole() => Assessment::Cut(known.left_out),
        [] => Assessment::None,
        [one] if is_wanted(one) => Assessment::One(one),
        [one] => Assessment::Other(one),
        _ => Assessment::Several(active),
    }
}

/// Returns the operation that a cancel may be sent for.
///
/// # Errors
///
/// The ending, if none may be canceled; whether anything was sent before is added by the caller.
pub fn allow<'a>(
    known: &'a Operations,
    scope: Scope<'_>,
    wanted: Wanted<'_>,
) -> Result<&'a Operation, Ending> {
    match assess(known, scope, wanted) {
        Assessment::One(one) => Ok(one),
        Assessment::None => Err(Ending::new(Verdict::NothingRunning).because(match wanted {
            Wanted::Named(name) => {
                format!("the offer knows no operation `{name}`, and every one it knows has ended")
            }
            Wanted::Any | Wanted::Confirmed(_) => "every operation known on the offer has ended".to_owned(),
        })),
        Assessment::Ended(ended, others) => Err(ended_already(ended, &others, known.source, scope)),
        Assessment::Other(one) => {
            Err(Ending::new(Verdict::Superseded).because(another(known, one, scope, wanted)))
        }
        Assessment::Cut(left_out) => Err(Ending::new(Verdict::NotSent).because(format!(
            "there are {left_out} more operations than are read, and a cancel could hit any of them; cancel it in \
             Partner Center"
        ))),
        Assessment::Several(active) => Err(Ending::new(Verdict::Superseded).because(several(&active, scope))),
    }
}

/// Returns the operation that a cancel may be sent for if it names its target: other active ones are no obstacle.
///
/// # Errors
/// Like [`allow`].
pub fn allow_by_name<'a>(
    known: &'a Operations,
    scope: Scope<'_>,
    wanted: Wanted<'_>,
) -> Result<&'a Operation, Ending> {
    let named = known.active().find(|one| wanted.is(scope, one));
    match (named, wanted) {
        (None, _) | (_, Wanted::Any) => allow(known, scope, wanted),
        (Some(named), Wanted::Confirmed(_) | Wanted::Named(_)) => Ok(named),
    }
}

/// Explains why none of several can be canceled, naming the first of them.
fn several(active: &[&Operation], scope: Scope<'_>) -> String {
    let named: Vec<String> = active
        .iter()
        .take(NAMED)
        .map(|one| describe(one, scope))
        .collect();
    format!(
        "{} operations are active, and the service cannot be told which to cancel: {}{}",
        active.len(),
        named.join(", "),
        more_than(NAMED, active.len())
    )
}

fn more_than(named: usize, all: usize) -> String {
    match all.saturating_sub(named) {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}

/// Returns the operations that a cancel could hit: the active ones, without those presumed to have ended.
#[must_use]
pub fn choosable(known: &Operations) -> Vec<&Operation> {
    Active::of(known).choosable
}

/// Returns the operations that are presumed to have ended, though not known to: their state is unknown, and a newer
/// entry is known to be running. An offer has one running operation at a time.
#[must_use]
pub fn presumed_ended(known: &Operations) -> Vec<&Operation> {
    Active::of(known).presumed_ended
}

/// Returns every known operation, in order, and whether it is [presumed to have ended](presumed_ended).
pub fn with_presumption(known: &Operations) -> impl Iterator<Item = (&Operation, bool)> {
    let mut past = presumed_ended(known).into_iter().peekable();
    known
        .list
        .iter()
        .map(move |one| (one, past.next_if(|past| std::ptr::eq(*past, one)).is_some()))
}

/// Describes the entries presumed to have ended, for a decision; none if there are none.
#[must_use]
pub fn presumption(known: &Operations, scope: Scope<'_>) -> Option<SafeText> {
    let past = presumed_ended(known);
    let first = past.iter().take(NAMED);
    let named: Vec<String> = first
        .map(|one| format!("{} ({})", scope.name(one).short(), one.state.word()))
        .collect();
    let which = named.join(", ") + &more_than(NAMED, past.len());
    (!past.is_empty()).then(|| format!("presumed ended, being older than what runs: {which}").into())
}

/// Active operations by kind of evidence.
struct Active<'a> {
    choosable: Vec<&'a Operation>,
    presumed_ended: Vec<&'a Operation>,
}

impl<'a> Active<'a> {
    fn of(known: &'a Operations) -> Self {
        let phased = |one: &'a Operation| (one, one.state.phase());
        let active: Vec<_> = known
            .list
            .iter()
            .map(phased)
            .filter(|(_, phase)| !phase.has_ended())
            .collect();
        let running = Running::of(&active);
        let (past, choosable): (Vec<_>, Vec<_>) = active
            .into_iter()
            .partition(|(one, phase)| *phase == Phase::Unknown && running.is_newer_than(one));
        let alone = |some: Vec<(&'a Operation, Phase)>| some.into_iter().map(|(one, _)| one).collect();
        Self {
            choosable: alone(choosable),
            presumed_ended: alone(past),
        }
    }
}

/// Newest of the running operations, by each measure of age.
#[derive(Default)]
struct Running {
    version: Option<i64>,
    changed_at: Option<Timestamp>,
    /// Time of change among those without a version.
    changed_unversioned: Option<Timestamp>,
}

impl Running {
    fn of(active: &[(&Operation, Phase)]) -> Self {
        let mut newest = Self::default();
        for (one, _) in active.iter().filter(|(_, phase)| *phase == Phase::Running) {
            newest.version = newest.version.max(one.version);
            newest.changed_at = newest.changed_at.max(one.changed_at);
            if one.version.is_none() {
                newest.changed_unversioned = newest.changed_unversioned.max(one.changed_at);
            }
        }
        newest
    }

    /// Returns true by the version if both have one, else by the time of change.
    fn is_newer_than(&self, one: &Operation) -> bool {
        let by_version = one
            .version
            .zip(self.version)
            .is_some_and(|(own, newest)| own < newest);
        let newest_change = if one.version.is_some() {
            self.changed_unversioned
        } else {
            self.changed_at
        };
        let by_time = one
            .changed_at
            .zip(newest_change)
            .is_some_and(|(own, newest)| own < newest);
        by_version || by_time
    }
}

impl Wanted<'_> {
    fn is(self, scope: Scope<'_>, operation: &Operation) -> bool {
        match self {
            Self::Any => true,
            Self::Confirmed(binding) => binding.names(operation),
            Self::Named(name) => name.is(&scope.name(operation)),
        }
    }
}

fn another(known: &Operations, one: &Operation, scope: Scope<'_>, wanted: Wanted<'_>) -> String {
    let is_presumed = presumed_ended(known)
        .into_iter()
        .find(|past| wanted.is(scope, past));
    let presumed = is_presumed.map_or_else(String::new, |past| {
        format!("; that one reads `{}`, and is presumed ended", past.state.word())
    });
    match wanted {
        Wanted::Named(name) if one.id.is_none() && matches!(name, OperationName::Id(_)) => format!(
            "the service gives no ids here: what is active is {}, not `{name}`",
            describe(one, scope)
        ),
        Wanted::Named(name) => format!(
            "what is active is {}, not `{name}`{presumed}",
            describe(one, scope)
        ),
        Wanted::Any | Wanted::Confirmed(_) => format!(
            "the offer now runs another operation ({}), not the one that was confirmed{presumed}",
            scope.name(one).short()
        ),
    }
}

fn ended_already(ended: &Operation, others: &[&Operation], source: Source, scope: Scope<'_>) -> Ending {
    let verdict = if ended.state.phase() == Phase::Canceled {
        Verdict::Canceled
    } else {
        Verdict::FinishedFirst
    };
    let evidence = match source {
        Source::Submissions => Evidence::Observed,
        Source::OfferStatus => Evidence::OfferStatus,
    };
    let others: Vec<String> = others
        .iter()
        .take(NAMED)
        .map(|other| scope.name(other).short().to_string())
        .collect();
    Ending {
        evidence: Some(evidence),
        target_state: Some(ended.state.clone()),
        ..Ending::new(verdict)
    }
    .because(match &others[..] {
        [] => "it had ended already when it was looked at".to_owned(),
        others => format!(
            "it had ended already when it was looked at; the offer now runs another operation ({})",
            others.join(", ")
        ),
    })
}

fn describe(operation: &Operation, scope: Scope<'_>) -> String {
    format!("`{}` ({})", scope.name(operation), operation.course())
}

#[cfg(test)]
mod tests;
