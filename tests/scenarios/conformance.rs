//! What the engine promises over whatever service stands behind its ports: the same courses, over the one there is and
//! over one that is unlike it in everything that a service may differ in.

use std::{sync::Arc, time::Duration};

use countermand::{
    domain::{
        confirmation::{Request, Shown},
        fact::{Fact, Owner},
        ids::Origin,
        target::{Binding, CancelNames},
        verdict::{Evidence, Verdict},
    },
    engine::{Engine, EngineDeps, Tracked},
    journal::MemoryJournal,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    named::{self, Named, NamedSender},
    way::{Lead, OFFER, WallClock, ending, fast},
};

/// What happens to a cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// It is taken on and carried out.
    Done,
    /// It is asked too often at first, and then carried out.
    Throttled,
    /// The service would not.
    Refused,
    /// It comes too late.
    TooLate,
    /// There is no such operation any more: somebody else has canceled it.
    Gone,
    /// Its answer is lost, and it is carried out.
    LostAndCarriedOut,
    /// Its answer is lost, and it is not.
    LostAndNotCarriedOut,
    /// Another operation is active beside the one that is meant.
    TwoActive,
}

const COURSES: [Course; 8] = [
    Course::Done,
    Course::Throttled,
    Course::Refused,
    Course::TooLate,
    Course::Gone,
    Course::LostAndCarriedOut,
    Course::LostAndNotCarriedOut,
    Course::TwoActive,
];

/// A service with an engine over it.
struct Site {
    engine: Engine,
    /// What a verdict of *canceled* rests on there.
    proof: Evidence,
    /// How many cancels came, how many were carried out, and how many people were mailed.
    counted: Box<dyn Fn() -> (usize, usize)>,
}

/// The Cloud Partner Portal, over real sockets; none where a course cannot happen there.
async fn cpp(course: Course) -> Option<Site> {
    let way = Lead::to(match course {
        Course::Done => "synchronous",
        Course::Throttled => "throttled",
        Course::Refused => "refused-409",
        Course::TooLate => "accepted-too-late",
        Course::Gone => return None,
        Course::LostAndCarriedOut => "answer-lost-carried-out",
        Course::LostAndNotCarriedOut => "answer-lost-not-carried-out",
        Course::TwoActive => "two-running",
    })
    .await;
    Some(Site {
        engine: way.engine.clone(),
        proof: Evidence::Observed,
        counted: Box::new(move || (way.posts(), way.simulator.carried_out(OFFER))),
    })
}

/// The service in memory.
fn named(course: Course) -> Site {
    let service = Named::new(course);
    let deps = EngineDeps {
        origin: Origin::parse(named::CHARACTERISTICS.origin).unwrap(),
        publisher: "account".into(),
        profile: "practice".into(),
        owner: Owner {
            user: "ada".into(),
            host: "jump".into(),
            pid: 7,
            started: "1".into(),
        },
        catalogue: service.clone(),
        canceller: Some(Arc::new(NamedSender(service.clone()))),
        journal: Arc::new(MemoryJournal::new()),
        clock: Arc::new(WallClock),
        poll_intervals: fast(),
    };
    Site {
        engine: Engine::new(deps, TaskTracker::new(), CancellationToken::new()),
        proof: Evidence::Absent,
        counted: Box::new(move || {
            assert_eq!(service.mailed(), 0, "it mails nobody, and is told of nobody");
            (service.posts(), service.carried_out())
        }),
    }
}

/// Confirms the first that is active, cancels it and follows it to what stands.
async fn cancel(engine: &Engine) -> Arc<Tracked> {
    let look = engine.look(&OFFER.into()).await.unwrap();
    let operation = &look.active[0].operation;
    let request = Request {
        target: engine.target(OFFER.into(), Binding::of(operation)),
        profile: "practice".into(),
        shown: Shown::of(operation, None),
        notify: vec!["release@contoso.com".parse().unwrap()],
        again_of: None,
    };
    let id = engine.cancel(request, Duration::from_mins(2)).await.unwrap();
    let mut snapshots = engine.snapshots();
    let stands = |tracked: &Arc<Tracked>| tracked.cancellation.ending.is_some();
    let snapshot = snapshots
        .wait_for(|snapshot| snapshot.cancellation(&id).is_some_and(stands))
        .await
        .unwrap();
    snapshot.cancellation(&id).unwrap().clone()
}

/// One course over one service: the verdict, what it rests on, what was sent, and the order in which it was recorded.
async fn keeps_its_promises(course: Course, site: &Site) {
    let tracked = cancel(&site.engine).await;
    let by_name = site.engine.service().cancel_names == CancelNames::Operation;
    let (verdict, posts, carried_out) = match course {
        Course::TwoActive if !by_name => (Verdict::Superseded, 0, 0),
        Course::Done | Course::LostAndCarriedOut | Course::TwoActive => (Verdict::Canceled, 1, 1),
        Course::Throttled => (Verdict::Canceled, 2, 1),
        Course::Refused => (Verdict::Refused, 1, 0),
        Course::TooLate => (Verdict::FinishedFirst, 1, 0),
        Course::Gone => (Verdict::Canceled, 1, 0),
        Course::LostAndNotCarriedOut => (Verdict::Unknown, 1, 0),
    };
    let ending = ending(&tracked);
    assert_eq!(ending.verdict, verdict, "{course:?}: {ending:?}");
    assert_eq!((site.counted)(), (posts, carried_out), "{course:?}");
    if verdict == Verdict::Canceled {
        assert_eq!(ending.evidence, Some(site.proof), "{course:?}");
        assert!(ending.also_canceled.is_empty(), "{course:?}");
    }
    recorded_before_what_follows(&tracked, course);
}

/// The claim comes first, each request is begun after a look of its own, and nothing came of one that was not begun.
fn recorded_before_what_follows(tracked: &Tracked, course: Course) {
    let facts = tracked.cancellation.facts.iter().map(|recorded| &recorded.fact);
    let order: String = facts
        .filter_map(|fact| match fact {
            Fact::Claimed(_) => Some('c'),
            Fact::Looked(_) => Some('l'),
            Fact::Sending { .. } => Some('s'),
            Fact::Answered(_) | Fact::AnswerLost { .. } => Some('a'),
            Fact::Unsent { .. } => Some('u'),
            Fact::Observed(_) | Fact::Settled(_) => None,
        })
        .collect();
    let is_whole = |attempt: &str| {
        let rest = attempt.trim_start_matches('l');
        rest.len() < attempt.len() && matches!(rest, "" | "sa" | "su")
    };
    let attempts = order
        .strip_prefix('c')
        .map(|after| after.split_inclusive(['a', 'u']));
    let whole = attempts.is_some_and(|mut attempts| attempts.all(is_whole));
    assert!(whole, "{course:?}: {order}");
}

#[tokio::test]
async fn the_cloud_partner_portal_conforms() {
    for course in COURSES {
        if let Some(site) = cpp(course).await {
            keeps_its_promises(course, &site).await;
        }
    }
}

#[tokio::test]
async fn a_service_that_cancels_by_name_conforms() {
    for course in COURSES {
        keeps_its_promises(course, &named(course)).await;
    }
}

#[tokio::test]
async fn offers_of_unknown_state_are_read_and_then_left_to_a_slow_round() {
    let site = named(Course::Done);
    site.engine.keep_catalogue();
    let mut snapshots = site.engine.snapshots();
    let offer = OFFER.into();
    let snapshot = snapshots
        .wait_for(|snapshot| {
            snapshot
                .operations_of(&offer)
                .is_some_and(|known| known.value().is_some())
        })
        .await
        .unwrap();
    let known = snapshot.operations_of(&offer).unwrap();
    assert_eq!(known.value().unwrap().active().count(), 1);
}
