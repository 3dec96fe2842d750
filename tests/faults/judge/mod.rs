//! Holds what was recorded and what was told against the model's own history.

mod poll_intervals;
mod told;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use countermand::{
    domain::{
        cancellation::Cancellation,
        fact::{Fact, Recorded},
        verdict::Verdict,
    },
    engine::ports::Journal,
    service::cpp::status,
};

use crate::{
    service::Service,
    world::{Face, Heard, Telling, Witness, World},
};

/// How long a verdict that the journal could not take may be told and not recorded, if whoever tells it lives.
const RECORDED_WITHIN: Duration = Duration::from_secs(15);

/// Every promise that the journal, or what anybody was told, shows broken when held against the history.
pub(crate) async fn broken_promises(service: &Service, journal: &dyn Journal) -> Vec<String> {
    let mut all = journal.history(1_000).await.unwrap();
    all.retain(|one| one.request.target.offer.raw() == "vm");
    let world = service.world();
    let mut broken = sent_twice(&world);
    broken.extend(told_twice(&all, &world));
    broken.extend(poll_intervals::broken(&all, &world));
    for later in &all {
        for earlier in all
            .iter()
            .filter(|earlier| stood_in_the_way(earlier, later, &all, &world))
        {
            broken.push(format!(
                "{} was claimed while {} had the operation",
                later.id, earlier.id
            ));
        }
        if later.is_open() && !is_of_old(later, &world) && !is_between(later, service, &world) {
            broken.push(format!("{} was forgotten: {:?}", later.id, later.stage));
        }
    }
    let recorded = all.iter().filter_map(|one| as_recorded(one, service.now()));
    let mut judged = BTreeSet::new();
    let told = world.told.iter().filter(|told| !told.is_of_crowd);
    for telling in told.cloned().chain(recorded) {
        // What is told anew is what was told before.
        if !judged.insert(format!(
            "{:?} {:?} {}",
            telling.cancellation, telling.ending, telling.is_final
        )) && matches!(telling.face, Face::Snapshot)
        {
            continue;
        }
        let about = |one: &&Cancellation| telling.cancellation.as_deref() == Some(one.id.raw());
        let what = told::contradictions(&telling, all.iter().find(about), &world);
        let verdict = telling.ending.verdict.word();
        let name = telling
            .cancellation
            .as_deref()
            .or(telling.confirmation.as_deref());
        let at = telling.at.as_secs_f64();
        broken.extend(what.into_iter().map(|what| {
            format!(
                "{} is told as `{verdict}` ({:?}, {:?}) at {at:.3}, but {what}",
                name.unwrap_or_default(),
                telling.ending.evidence,
                telling.face,
            )
        }));
    }
    broken
}

/// Whether it is about an operation in a word that nobody knows, and that never changes.
fn is_of_old(cancellation: &Cancellation, world: &World) -> bool {
    let bound = cancellation.request.target.binding.operation();
    let mut old = world.runs.iter().filter(|run| run.old_word.is_some());
    bound.is_some_and(|id| old.any(|run| run.id == id.raw()))
}

/// Whether nothing but its page tells of it, which may lack a word for canceled, while the offer says canceled and perhaps
/// of another operation: then nobody can say, and it stays open.
fn is_between(cancellation: &Cancellation, service: &Service, world: &World) -> bool {
    cancellation.request.target.binding.operation().is_some()
        && service.has_no_list().is_some()
        && service.on_offer(world) == "canceled"
}

fn sent_twice(world: &World) -> Vec<String> {
    let mut carried_out: BTreeMap<&str, usize> = BTreeMap::new();
    for post in world.posts.iter().filter(|post| post.hit().is_some()) {
        *carried_out.entry(&post.confirmation).or_default() += 1;
    }
    let twice = carried_out.into_iter().filter(|(_, times)| *times > 1);
    twice
        .map(|(confirmation, times)| format!("{confirmation} was carried out {times} times"))
        .collect()
}

/// What the journal tells of it in the end.
fn as_recorded(cancellation: &Cancellation, at: Duration) -> Option<Telling> {
    let (_, ending) = cancellation.ending.clone()?;
    Some(Telling {
        at,
        by: 0,
        cancellation: Some(cancellation.id.raw().to_owned()),
        confirmation: None,
        ending,
        is_final: !cancellation.is_open(),
        is_of_crowd: false,
        face: Face::Snapshot,
    })
}

/// Whether `earlier` was open when `later` was claimed, and `later` is no repetition of it.
fn stood_in_the_way(
    earlier: &Cancellation,
    later: &Cancellation,
    all: &[Cancellation],
    world: &World,
) -> bool {
    let claimed = later.facts[0].number;
    let before = earlier.facts.iter().filter(|recorded| recorded.number < claimed);
    let gave_way = |recorded: &Recorded| match &recorded.fact {
        // Whoever asks again takes the claim over; so may whoever asks after that one has ended.
        Fact::Settled(ending) => ending.verdict != Verdict::Pending,
        _ => false,
    };
    earlier.facts[0].number < claimed
        && earlier.request.target == later.request.target
        && !before.into_iter().any(gave_way)
        && !was_in_vain(earlier, later, world)
        // What has given way to one repetition does not come back.
        && !all.iter().any(|one| one.facts[0].number < claimed && was_in_vain(earlier, one, world))
}

/// Whether `later` names `earlier`, which was accepted, and both witnesses were read as active ten minutes after that.
fn was_in_vain(earlier: &Cancellation, later: &Cancellation, world: &World) -> bool {
    // By a wall clock that was set, ten minutes may be over at once.
    let is_patient = world.jumps == 0;
    let (Some(accepted), Some(claimed)) = (accepted_at(earlier, world), claimed_at(later, world)) else {
        return false;
    };
    let bound = earlier.request.target.binding.operation();
    let reads_active = |witness| {
        let mut reads = world.reads.iter();
        reads.any(|read| {
            let said = match bound {
                Some(id) => read.word(id.raw()),
                None => read.word(""),
            };
            let is_in_time = read.began >= accepted + Duration::from_mins(10) && read.arrived <= claimed;
            read.witness == witness && is_in_time && said.is_some_and(|said| status(said).is_active())
        })
    };
    let is_named = later.request.again_of.as_ref() == Some(&earlier.id);
    let was_read = bound.is_none() || reads_active(Witness::Page) && reads_active(Witness::List);
    is_named && (was_read || !is_patient)
}

fn accepted_at(cancellation: &Cancellation, world: &World) -> Option<Duration> {
    let confirmation = told::confirmation(cancellation);
    let mut posts = world
        .posts
        .iter()
        .filter(|post| post.confirmation == confirmation);
    posts.find_map(|post| match post.heard {
        Some((at, Heard::Answer(200..=299))) => Some(at),
        _ => None,
    })
}

fn claimed_at(cancellation: &Cancellation, world: &World) -> Option<Duration> {
    world.claimed.get(told::confirmation(cancellation)).copied()
}

/// Whether it was told by one who could not record it, and ended before it could try often.
fn was_lost(told: &Telling, all: &[Cancellation], world: &World) -> bool {
    let is_it = |one: &&Cancellation| Some(one.id.raw()) == told.cancellation.as_deref();
    let is_recorded = all
        .iter()
        .find(is_it)
        .is_some_and(|one| one.verdict() == Some(told.ending.verdict));
    let ended = world.ended.get(&told.by);
    !is_recorded && ended.is_some_and(|ended| *ended < told.at + RECORDED_WITHIN)
}

/// Every cancellation that was told as closed for good in two ways.
fn told_twice(all: &[Cancellation], world: &World) -> Vec<String> {
    let mut first: BTreeMap<&str, Verdict> = BTreeMap::new();
    let finals = world.told.iter().filter(|told| told.is_final);
    let finals = finals.filter(|told| !was_lost(told, all, world));
    // Why nothing was sent may be told differently by whoever finds the claim.
    let sends_nothing = |verdict| {
        matches!(
            verdict,
            Verdict::NotSent | Verdict::Superseded | Verdict::NothingRunning
        )
    };
    let differs = |told: &Telling, first: Verdict| {
        let (verdict, id) = (told.ending.verdict, told.cancellation.clone().unwrap_or_default());
        (verdict != first && !(sends_nothing(verdict) && sends_nothing(first))).then(|| {
            format!(
                "{id} was told as `{}` and `{}`, both for good",
                first.word(),
                verdict.word()
            )
        })
    };
    finals
        .filter_map(|told| {
            let id = told.cancellation.as_deref()?;
            differs(told, *first.entry(id).or_insert(told.ending.verdict))
        })
        .collect()
}
