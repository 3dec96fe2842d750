//! What may be known of the world: nothing yet, a part of it, all, what was known before an outage, and texts that no
//! column was made for.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    domain::{
        ids::OfferId,
        operation::{Destination, Message, Operation, OperationDetail, Operations, Source, Step},
        remote::Remote,
        text::SafeText,
        verdict::Verdict,
    },
    engine::{Snapshot, Tracked},
    service::cpp::status,
    tui::fixture::*,
};

/// One state of what is known.
pub(super) struct State {
    pub(super) name: &'static str,
    pub(super) known: Snapshot,
    /// Which offer is selected, where there is one.
    pub(super) selected: &'static str,
    /// Which offer may be asked about: something is in flight on it that nobody cancels.
    pub(super) free: &'static str,
}

/// All of them; a new one is a line here.
pub(super) fn all() -> Vec<State> {
    let state = |name, known, selected, free| State {
        name,
        known,
        selected,
        free,
    };
    vec![
        state("nothing", Snapshot::default(), "", ""),
        state("loading", loading(), "", ""),
        state("opening", opening(), "contoso-vm", ""),
        state("fresh", busy(), "contoso-vm", "contoso-app"),
        state("stale", stale(), "contoso-vm", "contoso-app"),
        state("unread", unread(), "", ""),
        state("long", told(&LONG), LONG.ids[0], LONG.ids[1]),
        state("wide", told(&WIDE), WIDE.ids[0], WIDE.ids[1]),
    ]
}

/// The list is asked for, and of what an earlier run left open only the journal knows.
fn loading() -> Snapshot {
    let resumed = Tracked {
        resumed: true,
        polls: 0,
        detail: None,
        looked_at: None,
        ..following()
    };
    Snapshot {
        offers: Remote::Loading,
        cancellations: vec![Arc::new(resumed)].into(),
        ..Snapshot::default()
    }
}

/// The list is there, and what the offers do is asked for.
fn opening() -> Snapshot {
    let asked = |id: &str| (OfferId::new(id), Remote::Loading);
    Snapshot {
        offers: fresh(offers().into()),
        operations: Arc::new(["contoso-vm", "contoso-app", "contoso-iot"].map(asked).into()),
        ..Snapshot::default()
    }
}

/// Everything was known, and nothing can be read any more.
fn stale() -> Snapshot {
    let calm = busy();
    let why = || SafeText::new("GET submissions: timed out; check the network");
    let failed = |known: &Remote<Arc<Operations>>| known.clone().failed(why(), at("12:05:01"));
    let operations = calm.operations.iter();
    let followed = Tracked {
        note: Some(why()),
        ..following()
    };
    let mut cancellations = Vec::clone(&calm.cancellations);
    cancellations[0] = Arc::new(followed);
    Snapshot {
        offers: calm
            .offers
            .clone()
            .failed("GET offers: timed out; check the network".into(), at("12:05:01")),
        offers_retry_at: Some(at("12:05:20")),
        operations: Arc::new(
            operations
                .map(|(id, known)| (id.clone(), failed(known)))
                .collect(),
        ),
        cancellations: Arc::new(cancellations),
        ..calm
    }
}

/// Nothing was ever known, and nothing can be read.
fn unread() -> Snapshot {
    let why = "GET offers: the certificate of cloudpartner.azure.com is signed by an authority that is not trusted; \
               give the company's own with --ca-file";
    Snapshot {
        offers: Remote::Loading.failed(why.into(), at("12:04:30")),
        offers_retry_at: Some(at("12:05:20")),
        ..Snapshot::default()
    }
}

/// The words of a world.
struct Words {
    ids: [&'static str; 6],
    names: [&'static str; 6],
    step: &'static str,
    estimate: &'static str,
    state: &'static str,
    said: &'static str,
    why: &'static str,
}

const LONG: Words = Words {
    ids: [
        "contoso-analytics-for-the-western-hemisphere-preview-1",
        "contoso-analytics-for-the-western-hemisphere-preview-2",
        "contoso-analytics-for-the-western-hemisphere-preview-3",
        "contoso-analytics-for-the-western-hemisphere-preview-4",
        "contoso-analytics-for-the-western-hemisphere-preview-5",
        "c",
    ],
    names: ["Contoso Analytics for Everyone in the Western Hemisphere (Preview, Second Wave)"; 6],
    step: "Validating the pre-requisites of the virtual machine's image in every region",
    estimate: "between three and five business days",
    state: "waitingForTheReviewOfThePublisherAndOfEverybodyElse",
    said: "Certification of the image found that the agent is older than what is supported; see \
           https://docs.example.com/azure/marketplace/certification/agents-that-are-older-than-what-is-supported#how-to-go-on \
           and submit it again once it has been brought up to date.",
    why: "The offer cannot be changed while the certification of one of its plans is being completed by a reviewer.",
};

/// What takes two cells, what takes none, and what joins: of one width as it is read, and of another as it is written.
const WIDE: Words = Words {
    ids: [
        "contoso-vm",
        "contoso-app",
        "contoso-👩\u{200d}💻",
        "contoso-漢字漢字漢字",
        "contoso-e\u{301}te\u{301}👍🏽🇩🇪",
        "ｃｏｎｔｏｓｏ",
    ],
    names: [
        "漢字漢字 Suite",
        "e\u{301}te\u{301}",
        "👩\u{200d}💻 Studio",
        "ｗｉｄｅ",
        "👍🏽🇩🇪",
        "ก\u{e33}",
    ],
    step: "証明書の検証 e\u{301}tape 👩\u{200d}💻",
    estimate: "約五日",
    state: "実行中",
    said: "イメージの証明書が古くなっています。更新してから再度送信してください。 👩\u{200d}💻 e\u{301}te\u{301} 証明書が古くなっています。",
    why: "証明書の検証が完了していません。👩\u{200d}💻",
};

/// A world in these words: one cancel followed, one refused, one canceled, something in flight, something waiting.
fn told(words: &Words) -> Snapshot {
    let [followed, free, refused, canceled, waiting, rest] = words.ids;
    let states = [
        "running",
        "running",
        "running",
        "canceled",
        words.state,
        "succeeded",
    ];
    let changed = "2026-11-22T09:12:00Z";
    let told = (0..6).map(|at| offer(words.ids[at], words.names[at], states[at], changed));
    let detail = Arc::new(detail_in(words));
    let running = |id: &str, to: Destination, state: &str| Operation {
        kind: words.step.into(),
        ..operation(Some(id), to, state, "09:12:00")
    };
    let aimed = [
        (followed, running(VM, Destination::Preview, "running")),
        (free, running(APP, Destination::Live, "running")),
        (
            waiting,
            running("0d2c7a11", Destination::Unknown(words.said.into()), words.state),
        ),
        (rest, running("0d2c7a12", Destination::Preview, "succeeded")),
    ];
    let mut operations = BTreeMap::new();
    let mut details = BTreeMap::new();
    for (offer, operation) in &aimed {
        let id = operation.id.clone().unwrap();
        details.insert((OfferId::new(offer), id), fresh(Arc::clone(&detail)));
        let list = vec![operation.clone()];
        let known = Operations {
            source: Source::Submissions,
            list,
            detail: None,
            left_out: 0,
            baseline: None,
        };
        operations.insert(OfferId::new(offer), fresh(Arc::new(known)));
    }
    let facts = vec![
        ("12:03:19", looked("running")),
        ("12:03:20", sending()),
        (
            "12:03:20",
            answered(202, Some("https://elsewhere.example/1"), Some(words.why)),
        ),
        ("12:04:29", observed(words.state)),
    ];
    let watched = Tracked {
        detail: Some(detail),
        note: Some(words.why.into()),
        next_look_at: Some(at("12:04:35")),
        ..Tracked::new(cancellation("c-1", followed, &aimed[0].1, "12:03:19", facts))
    };
    let live = running(APP, Destination::Live, "running");
    let mut not = ended(refused, &live, Verdict::Refused);
    not.cancellation.ending.as_mut().unwrap().1.error = Some(words.why.into());
    Snapshot {
        offers: fresh(told.collect::<Vec<_>>().into()),
        operations: Arc::new(operations),
        details: Arc::new(details),
        cancellations: vec![
            Arc::new(watched),
            Arc::new(not),
            Arc::new(ended(canceled, &aimed[0].1, Verdict::Canceled)),
        ]
        .into(),
        ..Snapshot::default()
    }
}

fn detail_in(words: &Words) -> OperationDetail {
    let step = |state| Step {
        id: words.step.into(),
        name: words.step.into(),
        state: status(state),
        estimate: words.estimate.into(),
        messages: Vec::new(),
    };
    OperationDetail {
        steps: ["complete", "inProgress", words.state, "notStarted"]
            .map(step)
            .into(),
        messages: vec![Message {
            text: words.said.into(),
            level: "error".into(),
            at: Some(at("09:14:02")),
        }],
        ..detail()
    }
}
