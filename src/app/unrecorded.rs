//! Report of unrecorded facts on exit: they are stored nowhere else.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    sync::Arc,
};

use crate::{
    cli::Ascii,
    domain::verdict::Exit,
    engine::{Snapshot, Tracked},
    presentation::ending,
};

/// Prints every cancellation with unrecorded facts; returns the exit code instead of `exit`. All tasks have ended by
/// now.
pub(super) fn report(snapshots: &[Arc<Snapshot>], exit: Exit, is_ascii: bool) -> Exit {
    if write(snapshots, &mut Ascii::new(io::stderr(), is_ascii)) {
        exit.max(Exit::Failure)
    } else {
        exit
    }
}

/// Writes a line for each, once; returns true if there were any.
fn write(snapshots: &[Arc<Snapshot>], err: &mut dyn Write) -> bool {
    let mut reported = BTreeSet::new();
    let all = snapshots
        .iter()
        .flat_map(|snapshot| snapshot.cancellations.iter().rev());
    for tracked in all {
        if let Some(line) = line(tracked)
            && reported.insert(tracked.cancellation.id.clone())
        {
            // A failed write has no reader to report it to.
            let _ = writeln!(err, "countermand: {line}");
        }
    }
    !reported.is_empty()
}

fn line(tracked: &Tracked) -> Option<String> {
    let why = tracked.unrecorded.as_ref()?;
    let cancellation = &tracked.cancellation;
    let target = &cancellation.request.target;
    Some(format!(
        "this cancellation is in no journal: {} {} ({}), {}. {why}. Keep this line; \
         `countermand operations {} --all` shows the operation itself",
        target.offer,
        target.name().short(),
        cancellation.id,
        cancellation.verdict().map_or("its end is not known", |verdict| {
            ending::label(verdict, cancellation.went_out())
        }),
        target.offer,
    ))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{
        cancellation::{
            Cancellation,
            tests::{owner, request, sending},
        },
        fact::{Claim, Fact},
        verdict::{Ending, Verdict},
    };

    #[test]
    fn only_unrecorded_cancellations_are_reported_once() {
        let (by, request) = (owner(), request());
        let claim = Claim { request, by };
        let mut cancellation = Cancellation::claimed("a1".into(), claim, 1, Timestamp::UNIX_EPOCH);
        cancellation.apply_unrecorded(sending(1), Timestamp::UNIX_EPOCH);
        let recorded = Tracked::new(cancellation.clone());
        let settled = Fact::Settled(Ending::new(Verdict::Canceled));
        cancellation.apply_unrecorded(settled, Timestamp::UNIX_EPOCH);
        let unrecorded = Tracked {
            unrecorded: Some("journal: it is gone".into()),
            ..Tracked::new(cancellation)
        };
        let output = |tracked: Tracked| {
            let snapshot = Arc::new(Snapshot {
                cancellations: Arc::new(vec![Arc::new(tracked)]),
                ..Snapshot::default()
            });
            let mut err = Vec::new();
            let any = write(&[Arc::clone(&snapshot), snapshot], &mut err);
            (any, String::from_utf8(err).unwrap())
        };
        assert_eq!(output(recorded), (false, String::new()));
        let (any, text) = output(unrecorded);
        assert!(any);
        assert_eq!(
            text,
            "countermand: this cancellation is in no journal: contoso-vm 5a63deb5 (a1), canceled. journal: it is gone. \
             Keep this line; `countermand operations contoso-vm --all` shows the operation itself\n"
        );
    }
}
