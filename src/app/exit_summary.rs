//! Summary on exit while cancellations are open.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    sync::Arc,
};

use jiff::tz::TimeZone;

use crate::{
    domain::{cancellation::Cancellation, stage::Stage, text::SafeText},
    engine::Snapshot,
    presentation::{ascii, moment},
};

/// Writes a paragraph for each open cancellation that may have been carried out, once over all profiles; `unnamed` is
/// the profile that needs no name. Without `unicode`, the text is ASCII.
pub(crate) fn write(
    snapshots: &[Arc<Snapshot>],
    unnamed: Option<&SafeText>,
    zone: &TimeZone,
    unicode: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut reported = BTreeSet::new();
    let all = snapshots
        .iter()
        .flat_map(|snapshot| snapshot.cancellations.iter().rev());
    for tracked in all {
        let cancellation = &tracked.cancellation;
        if let Some(paragraph) = paragraph(cancellation, unnamed, zone)
            && reported.insert(cancellation.id.clone())
        {
            let paragraph = if unicode {
                paragraph
            } else {
                ascii::text(&paragraph)
            };
            writeln!(out, "{paragraph}")?;
        }
    }
    out.flush()
}

fn paragraph(cancellation: &Cancellation, unnamed: Option<&SafeText>, zone: &TimeZone) -> Option<String> {
    let goes_on = match cancellation.stage {
        Stage::Claimed | Stage::Settled => return None,
        Stage::Answered(_) => {
            "The service has answered, and goes on by itself; how it ends is not known yet."
        }
        Stage::Sending | Stage::Uncertain => {
            "No answer tells whether the service carries it out; if it does, it goes on by itself."
        }
    };
    let target = &cancellation.request.target;
    let at = cancellation.sent_at.unwrap_or(cancellation.claimed_at);
    let profile = &cancellation.request.profile;
    let there = if unnamed == Some(profile) {
        String::new()
    } else {
        format!(" --profile {profile}")
    };
    let at = moment::full(at, zone);
    Some(format!(
        "The cancel of {} ({} → {}, {}), sent {at}, is open. {goes_on}\n\
         To see how it ends, on this machine: `countermand{there}`, or `countermand{there} follow {}`.",
        target.offer,
        cancellation.request.shown.kind,
        cancellation.request.shown.destination.word(),
        target.name().short(),
        cancellation.id,
    ))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        domain::{
            cancellation::tests::{answer, owner, request, sending},
            fact::{Claim, Fact, Recorded},
            verdict::{Ending, Verdict},
        },
        engine::Tracked,
    };

    fn after(facts: Vec<Fact>) -> String {
        summary(facts, Some("prod"), true)
    }

    fn summary(facts: Vec<Fact>, unnamed: Option<&str>, unicode: bool) -> String {
        let (by, request) = (owner(), request());
        let claim = Claim { request, by };
        let mut cancellation = Cancellation::claimed("a1".into(), claim, 1, Timestamp::UNIX_EPOCH);
        for (fact, number) in facts.into_iter().zip(2..) {
            cancellation.apply(Recorded {
                number,
                at: Timestamp::UNIX_EPOCH,
                fact,
            });
        }
        let snapshot = Snapshot {
            cancellations: Arc::new(vec![Arc::new(Tracked::new(cancellation))]),
            ..Snapshot::default()
        };
        let mut out = Vec::new();
        // A cancellation known to two engines is reported once.
        let both = [Arc::new(snapshot.clone()), Arc::new(snapshot)];
        write(
            &both,
            unnamed.map(SafeText::new).as_ref(),
            &TimeZone::UTC,
            unicode,
            &mut out,
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_possibly_running_cancels_are_summarized() {
        assert_eq!(after(vec![]), "");
        let settled = Fact::Settled(Ending::new(Verdict::Canceled));
        assert_eq!(after(vec![sending(1), answer(202), settled]), "");
        assert_eq!(
            after(vec![sending(1), answer(202)]),
            "The cancel of contoso-vm (publish → preview, 5a63deb5), sent 1970-01-01 00:00:00, is open. The service has \
             answered, and goes on by itself; how it ends is not known yet.\nTo see how it ends, on this machine: \
             `countermand`, or `countermand follow a1`.\n"
        );
        assert!(after(vec![sending(1)]).contains("No answer tells"));
        for other in [Some("audit"), None] {
            let elsewhere = summary(vec![sending(1)], other, true);
            assert!(
                elsewhere.contains("`countermand --profile prod follow a1`"),
                "{elsewhere}"
            );
        }
        let plain = summary(vec![sending(1)], Some("prod"), false);
        assert!(plain.is_ascii() && plain.contains("publish > preview"), "{plain}");
    }
}
