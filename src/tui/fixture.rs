//! Values by hand for the tests of the dashboard: a publisher with a bit of everything.

mod test_app;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    domain::{
        answer::Answer,
        cancellation::{Cancellation, tests::owner},
        confirmation::{Request, Shown},
        fact::{Claim, Fact, Observation, PreflightResult, Recorded, Via},
        ids::{CancellationId, OfferId, OperationId, Origin},
        offer::Offer,
        operation::{
            CancelState, Destination, Message, Operation, OperationDetail, Operations, Source, Step,
        },
        remote::Remote,
        target::{Binding, Target},
        text::SafeText,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::{Candidate, Look, Snapshot, Tracked},
    service::auth::SignInPrompt,
    service::cpp::{self, status},
    tui::model::{Capabilities, Preferences, Setup},
};

pub(crate) use test_app::{ALONE, TestApp};

/// A second of the day that every test lives in.
pub(crate) fn at(time: &str) -> Timestamp {
    format!("2026-11-22T{time}Z").parse().unwrap()
}

pub(crate) fn setup() -> Setup {
    Setup {
        profile: "prod".into(),
        service: cpp::CHARACTERISTICS,
        origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
        publisher: "contoso".into(),
        read_only: None,
        profiles: Arc::default(),
        notify: vec!["release@contoso.com".parse().unwrap()],
        timeout: Duration::from_mins(30),
        zone: TimeZone::UTC,
        look: Capabilities {
            unicode: true,
            colour: true,
        },
        preferences: Preferences::default(),
        banner: None,
    }
}

/// What a person must do to sign in.
pub(crate) fn prompt() -> SignInPrompt {
    SignInPrompt {
        user_code: "AB12-CD34".into(),
        verification_uri: "https://login.microsoft.com/device".into(),
        message: "enter the code".into(),
        expires_at: at("12:19:31"),
    }
}

pub(crate) fn offer(id: &str, name: &str, state: &str, changed: &str) -> Arc<Offer> {
    Arc::new(Offer {
        id: id.into(),
        publisher: "contoso".into(),
        name: name.into(),
        kind: "microsoft-azure-virtualmachines".into(),
        state: status(state),
        version: Some(7),
        changed_at: Some(changed.parse().unwrap()),
    })
}

pub(crate) fn operation(id: Option<&str>, to: Destination, state: &str, changed: &str) -> Operation {
    Operation {
        id: id.map(OperationId::new),
        kind: if to == Destination::Live {
            "goLive"
        } else {
            "publish"
        }
        .into(),
        destination: to,
        state: status(state),
        offer_version: Some(7),
        version: Some(636_576_975_611_768_314),
        changed_at: Some(at(changed)),
    }
}

fn step(name: &str, state: &str, estimate: &str) -> Step {
    Step {
        id: name.into(),
        name: name.into(),
        state: status(state),
        estimate: estimate.into(),
        messages: Vec::new(),
    }
}

pub(crate) fn detail() -> OperationDetail {
    OperationDetail {
        state: status("running"),
        cancel_state: CancelState::CanCancel,
        steps: vec![
            step("Validate Pre-Requisites", "complete", ""),
            step("Certification", "inProgress", "< 5 days"),
            step("Provisioning", "notStarted", "< 4 days"),
            step("Publisher signoff", "notStarted", ""),
            step("Live", "notStarted", ""),
        ],
        messages: vec![Message {
            text: "Certification of the image began.".into(),
            level: "information".into(),
            at: Some(at("09:14:02")),
        }],
    }
}

pub(crate) const VM: &str = "5a63deb5-925b-4ee0-938b-7c86fbf287c5";
pub(crate) const APP: &str = "86f5e2a0-1f0b-4d3c-9c55-2f4a1be0a001";
const OLD: &str = "0d2c7a11-77aa-4e0e-b0f3-9f3cf0a1b002";

pub(crate) fn candidate(operation: Operation) -> Candidate {
    Candidate {
        operation,
        detail: Some(detail()),
    }
}

/// A look that found these.
pub(crate) fn look(active: Vec<Operation>, source: Source) -> Look {
    Look {
        at: at("12:04:31"),
        operations: Operations {
            source,
            list: active.clone(),
            detail: None,
            left_out: 0,
            baseline: None,
        },
        active: active.into_iter().map(candidate).collect(),
        earlier: Vec::new(),
    }
}

pub(crate) fn vm_operation() -> Operation {
    operation(Some(VM), Destination::Preview, "running", "09:12:00")
}

pub(crate) fn app_operation() -> Operation {
    operation(Some(APP), Destination::Live, "running", "11:40:00")
}

pub(crate) fn target(offer: &str, binding: Binding) -> Target {
    Target {
        origin: setup().origin,
        publisher: "contoso".into(),
        offer: offer.into(),
        binding,
    }
}

/// A cancellation of `operation`, folded from `facts`, each at its time.
pub(crate) fn cancellation(
    id: &str,
    offer: &str,
    operation: &Operation,
    claimed: &str,
    facts: Vec<(&str, Fact)>,
) -> Cancellation {
    let claim = Claim {
        request: Request {
            target: target(offer, Binding::of(operation)),
            profile: "prod".into(),
            shown: Shown::of(operation, Some("Certification".into())),
            notify: Vec::new(),
            again_of: None,
        },
        by: owner(),
    };
    let mut cancellation = Cancellation::claimed(CancellationId::new(id), claim, 1, at(claimed));
    for ((time, fact), number) in facts.into_iter().zip(2..) {
        let recorded = Recorded {
            number,
            at: at(time),
            fact,
        };
        assert!(cancellation.apply(recorded), "the stage admits the fact");
    }
    cancellation
}

pub(crate) fn looked(state: &str) -> Fact {
    Fact::Looked(PreflightResult {
        state: Some(status(state)),
        ..PreflightResult::default()
    })
}

pub(crate) fn sending() -> Fact {
    Fact::Sending {
        attempt: 1,
        by: owner(),
    }
}

pub(crate) fn answered(http_status: u16, lead: Option<&str>, error: Option<&str>) -> Fact {
    Fact::Answered(Answer {
        lead: lead.map(|raw| {
            cpp::read_location(
                raw,
                &target("contoso-vm", Binding::Operation(OperationId::new(VM))),
            )
        }),
        correlation_id: Some("7c2c1c5e-4b8e-4d8a-8d6a-6f3f0e7a9b11".into()),
        text: error.map(SafeText::new),
        ..cpp::answer(http_status, false)
    })
}

pub(crate) fn observed(state: &str) -> Fact {
    Fact::Observed(Observation {
        state: status(state),
        via: Via::Operation,
    })
}

pub(crate) fn settled(verdict: Verdict) -> Fact {
    let mut ending = Ending::new(verdict);
    if verdict == Verdict::Canceled {
        ending.evidence = Some(Evidence::Observed);
        ending.target_state = Some(status("canceled"));
    }
    if verdict == Verdict::FinishedFirst {
        ending.target_state = Some(status("succeeded"));
    }
    Fact::Settled(ending)
}

/// The cancel of `contoso-vm` that was accepted and is followed.
pub(crate) fn following() -> Tracked {
    let cancellation = cancellation(
        "c-vm",
        "contoso-vm",
        &vm_operation(),
        "12:03:19",
        vec![
            ("12:03:19", looked("running")),
            ("12:03:20", sending()),
            (
                "12:03:20",
                answered(202, Some("https://elsewhere.example/api/operations/1"), None),
            ),
            ("12:04:29", observed("running")),
        ],
    );
    Tracked {
        detail: Some(Arc::new(detail())),
        polls: 12,
        looked_at: Some(at("12:04:29")),
        next_look_at: Some(at("12:04:35")),
        ..Tracked::new(cancellation)
    }
}

/// A cancel of `operation` that ended with `verdict`.
pub(crate) fn ended(offer: &str, operation: &Operation, verdict: Verdict) -> Tracked {
    let cancellation = cancellation(
        &format!("c-{offer}"),
        offer,
        operation,
        "11:51:40",
        vec![
            ("11:51:40", looked("running")),
            ("11:51:41", sending()),
            match verdict {
                Verdict::Refused => ("11:51:42", answered(409, None, Some("too late to cancel"))),
                Verdict::Unknown => ("11:51:42", answered(503, None, None)),
                _ => ("11:51:42", answered(202, None, None)),
            },
            ("11:52:06", settled(verdict)),
        ],
    );
    Tracked {
        is_followed: false,
        ..Tracked::new(cancellation)
    }
}

/// A cancel of `operation` of which nothing was sent.
pub(crate) fn unsent(offer: &str, operation: &Operation) -> Tracked {
    let ending = Ending::new(Verdict::NotSent).because("the token was not accepted twice; sign in again");
    let facts = vec![
        ("11:51:40", looked("running")),
        ("11:51:42", Fact::Settled(ending)),
    ];
    Tracked {
        is_followed: false,
        ..Tracked::new(cancellation(
            &format!("c-{offer}"),
            offer,
            operation,
            "11:51:40",
            facts,
        ))
    }
}

pub(crate) fn fresh<T>(value: T) -> Remote<T> {
    Remote::Fresh {
        value,
        at: at("12:04:31"),
    }
}

fn submissions(list: Vec<Operation>) -> Remote<Arc<Operations>> {
    fresh(Arc::new(Operations {
        source: Source::Submissions,
        list,
        detail: None,
        left_out: 0,
        baseline: None,
    }))
}

/// Six offers: one publishing to the preview, one going live, one waiting, three at rest.
pub(crate) fn offers() -> Vec<Arc<Offer>> {
    vec![
        offer(
            "contoso-db",
            "Contoso Database",
            "succeeded",
            "2026-11-02T08:00:00Z",
        ),
        offer("contoso-app", "Contoso App", "running", "2026-11-22T11:40:00Z"),
        offer("contoso-vm", "Contoso VM", "running", "2026-11-22T09:12:00Z"),
        offer(
            "contoso-wide",
            "漢字漢字 Suite",
            "neverPublished",
            "2021-06-01T05:41:25Z",
        ),
        offer(
            "contoso-iot",
            "Contoso IoT",
            "waitingForPublisherReview",
            "2026-11-21T17:02:00Z",
        ),
        offer("contoso-old", "Contoso Old", "failed", "2026-11-22T11:52:06Z"),
    ]
}

/// What is known of [`offers`], before anyone cancels.
pub(crate) fn quiet() -> Snapshot {
    let mut operations = BTreeMap::new();
    operations.insert(OfferId::new("contoso-vm"), submissions(vec![vm_operation()]));
    operations.insert(OfferId::new("contoso-app"), submissions(vec![app_operation()]));
    let waiting = operation(
        Some(OLD),
        Destination::Preview,
        "waitingForPublisherReview",
        "08:30:00",
    );
    operations.insert(OfferId::new("contoso-iot"), submissions(vec![waiting]));
    let mut details = BTreeMap::new();
    details.insert(
        (OfferId::new("contoso-vm"), OperationId::new(VM)),
        fresh(Arc::new(detail())),
    );
    Snapshot {
        offers: fresh(offers().into()),
        operations: Arc::new(operations),
        details: Arc::new(details),
        ..Snapshot::default()
    }
}

/// The same while one cancel is followed and another has ended.
pub(crate) fn busy() -> Snapshot {
    let old = operation(Some(OLD), Destination::Preview, "canceled", "11:52:05");
    Snapshot {
        cancellations: Arc::new(vec![
            Arc::new(following()),
            Arc::new(ended("contoso-old", &old, Verdict::Canceled)),
        ]),
        ..quiet()
    }
}
