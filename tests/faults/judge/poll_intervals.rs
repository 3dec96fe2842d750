//! Whether what had to be read was read in time, and no more than that.

use std::time::Duration;

use countermand::domain::{
    cancellation::Cancellation,
    fact::{Fact, Recorded},
    verdict::Verdict,
};

use crate::world::{Face, Heard, Post, Read, Telling, Witness, World};

/// How long a request may wait for its answer until reading begins.
const FIRST_READING: Duration = Duration::from_secs(5);

/// What nobody can help: a call takes its time.
const SLACK: Duration = Duration::from_secs(1);

/// The list is read with every tenth look at the page, and the pages of late are looked at every 15 s.
const LONGEST_WAIT: Duration = Duration::from_secs(150);

/// How long an answer may be out that another process waits for, of which nobody knows whether it lives.
const STILL_OUT: Duration = Duration::from_mins(3);

/// The most that a verdict waits for what others read.
const HELD_UP: Duration = Duration::from_secs(10);

/// The last look may take ten seconds, and one of the last two seconds is a last look.
const LAST_LOOK: Duration = Duration::from_millis(12_500);

/// The most readings of one process in ten seconds, for each cancellation that there is.
const READINGS: usize = 15;

pub(crate) fn broken(all: &[Cancellation], world: &World) -> Vec<String> {
    let mut broken: Vec<String> = world
        .posts
        .iter()
        .filter_map(|post| read_late(post, world))
        .collect();
    broken.extend(
        world
            .told
            .iter()
            .filter_map(|told| without_last_look(told, all, world)),
    );
    broken.extend(too_many_readings(all.len(), world));
    broken.extend(all.iter().filter_map(|one| told_late(one, world)));
    broken
}

/// Whether an end was told long after it could be known, once everything was well again.
fn told_late(cancellation: &Cancellation, world: &World) -> Option<String> {
    let healed = world.healed?;
    let id = cancellation.request.target.binding.operation()?;
    let target = world.runs.iter().find(|run| run.id == id.raw())?;
    let is_of_it = |told: &&Telling| told.cancellation.as_deref() == Some(cancellation.id.raw());
    let told = world.told.iter().filter(is_of_it).find(|told| told.is_final)?;
    let is_heard = |recorded: &Recorded| matches!(recorded.fact, Fact::Answered(_) | Fact::AnswerLost { .. });
    let out = if cancellation.facts.iter().any(is_heard) {
        Duration::ZERO
    } else {
        STILL_OUT
    };
    let due = healed.max(target.ended_at()) + LONGEST_WAIT + HELD_UP + out;
    (told.at > due).then(|| {
        let (due, at) = (due.as_secs_f64(), told.at.as_secs_f64());
        format!(
            "{} was told at {at:.3}, and could have been by {due:.3}",
            cancellation.id
        )
    })
}

/// Whether nothing was read in time after a cancel had gone out.
fn read_late(post: &Post, world: &World) -> Option<String> {
    let held_up = if world.is_crowded { HELD_UP } else { Duration::ZERO };
    let last = post.sent_at + FIRST_READING;
    let due = match post.heard {
        Some((_, Heard::Unsent | Heard::Answer(401 | 429))) => return None,
        Some((at, _)) => at.min(last),
        None => last,
    };
    let due = excused(post.by, due + held_up + SLACK, world);
    let is_read = |read: &Read| read.by == post.by && (post.sent_at..=due).contains(&read.began);
    let is_over = |told: &Telling| told.by == post.by && (post.sent_at..=due).contains(&told.at);
    let lived = world.ended.get(&post.by).is_none_or(|ended| *ended > due);
    let is_late =
        lived && due < world.until && !world.told.iter().any(is_over) && !world.reads.iter().any(is_read);
    is_late.then(|| {
        let (confirmation, sent) = (&post.confirmation, post.sent_at.as_secs_f64());
        format!(
            "nothing was read by {:.3} after {confirmation} went out at {sent:.3}",
            due.as_secs_f64()
        )
    })
}

/// `due`, and later for everything that came in between.
fn excused(by: u32, due: Duration, world: &World) -> Duration {
    let mut due = due;
    while let Some(excuse) = world
        .excuses
        .iter()
        .find(|one| one.is_of(by) && one.from <= due && one.until + SLACK > due)
    {
        due = excuse.until + SLACK;
    }
    due
}

/// Whether a last word was told, because the time was up, that rests on no last look.
fn without_last_look(told: &Telling, all: &[Cancellation], world: &World) -> Option<String> {
    let Face::Verb {
        exit: 6 | 7,
        no_wait: false,
    } = told.face
    else {
        return None;
    };
    let cancellation = all
        .iter()
        .find(|one| Some(one.id.raw()) == told.cancellation.as_deref())?;
    let confirmation = super::told::confirmation(cancellation);
    let since = told.at.saturating_sub(LAST_LOOK);
    let is_of_it = |post: &&Post| post.confirmation == confirmation;
    let strange = |post: &Post| matches!(post.heard, Some((_, Heard::Stranger(400..=499))));
    let is_excused = world
        .excuses
        .iter()
        .any(|one| one.is_of(told.by) && one.until >= since && one.from <= told.at)
        || world.posts.iter().filter(is_of_it).any(strange)
        || cancellation.by.pid != told.by
        || cancellation.request.target.binding.operation().is_none();
    let looked_at = |witness| {
        let mut reads = world
            .reads
            .iter()
            .filter(|read| read.by == told.by && read.witness == witness);
        reads.any(|read| read.began <= told.at && (read.began >= since || read.arrived >= since))
    };
    let is_last = looked_at(Witness::Page) && looked_at(Witness::List);
    let is_open = matches!(told.ending.verdict, Verdict::Pending | Verdict::Unknown);
    (is_open && !is_excused && !is_last).then(|| {
        format!(
            "{} had no last look before it was told at {:.3}",
            cancellation.id,
            told.at.as_secs_f64()
        )
    })
}

/// Whether a process asked more often than any schedule could want.
fn too_many_readings(cancellations: usize, world: &World) -> Option<String> {
    let window = Duration::from_secs(10);
    let most = READINGS * (cancellations + 1) + 3 * world.jumps;
    for (number, first) in world.reads.iter().enumerate() {
        let of_it = world.reads[number..].iter().filter(|read| read.by == first.by);
        let count = of_it
            .take_while(|read| read.began <= first.began + window)
            .count();
        if count > most {
            return Some(format!(
                "process-{} read {count} times in ten seconds from {:.3} on",
                first.by,
                first.began.as_secs_f64()
            ));
        }
    }
    None
}
