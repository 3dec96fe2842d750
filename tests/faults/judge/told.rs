//! What a verdict says, and what was so when it was told.

use countermand::service::cpp::status;
use std::time::Duration;

use countermand::domain::{
    cancellation::Cancellation,
    ids::OperationId,
    status::Phase,
    verdict::{Evidence, Verdict},
};

use crate::world::{Face, Heard, Post, Read, Run, Saw, Telling, Witness, World};

/// All that a telling is judged by.
struct Case<'a> {
    telling: &'a Telling,
    cancellation: Option<&'a Cancellation>,
    world: &'a World,
    /// The operation that is bound by its id.
    target: Option<&'a Run>,
    /// Every cancel of the same confirmation that had left by then.
    posts: Vec<&'a Post>,
}

pub(crate) fn contradictions(
    telling: &Telling,
    cancellation: Option<&Cancellation>,
    world: &World,
) -> Vec<String> {
    let bound = cancellation.and_then(|one| one.request.target.binding.operation());
    let confirmation = cancellation.map_or(telling.confirmation.as_deref(), |one| Some(confirmation(one)));
    let is_of_it =
        |post: &&Post| Some(post.confirmation.as_str()) == confirmation && post.sent_at <= telling.at;
    let case = Case {
        telling,
        cancellation,
        world,
        target: bound.and_then(|id| run(world, id)),
        posts: world.posts.iter().filter(is_of_it).collect(),
    };
    if case.target.is_some_and(|target| target.old_word.is_some()) {
        // Nobody can say what its word means, and it never changes.
        return Vec::new();
    }
    let mut found = case.verdict();
    found.extend(case.others());
    found.extend(case.unnamed());
    found.extend(case.state());
    found.extend(case.early());
    found.extend(case.exit());
    found.into_iter().map(str::to_owned).collect()
}

/// Which confirmation a cancellation rests on.
pub(crate) fn confirmation(cancellation: &Cancellation) -> &str {
    let address = cancellation.request.notify[0].as_str();
    address.split_once('@').map_or(address, |(name, _)| name)
}

fn run<'a>(world: &'a World, id: &OperationId) -> Option<&'a Run> {
    world.runs.iter().find(|run| run.id == id.raw())
}

fn phase(word: &str) -> Phase {
    status(word).phase()
}

impl Case<'_> {
    fn at(&self) -> Duration {
        self.telling.at
    }

    /// What does not hold of the verdict itself.
    fn verdict(&self) -> Vec<&'static str> {
        let ending = &self.telling.ending;
        let checks: Vec<(bool, &'static str)> = match (ending.verdict, ending.evidence) {
            (Verdict::Canceled, Some(Evidence::Observed)) => {
                vec![(self.truth() == Some("canceled"), "it was not canceled")]
            }
            (Verdict::Canceled, Some(Evidence::Answer)) => vec![
                (self.was_accepted(), "the service never said so"),
                (
                    self.was_unreadable(),
                    "the service did not say three times that it cannot be read",
                ),
                (!self.telling.is_final, "that is no end"),
            ],
            (Verdict::FinishedFirst, Some(Evidence::Observed)) => vec![
                (
                    self.truth() != Some("canceled") || self.nobody_could_say(),
                    "it was canceled",
                ),
                (self.truth() != Some("running"), "it still runs"),
                (!self.was_read_canceled(), "a witness had said canceled"),
                (
                    self.ended_as_said() || self.nobody_could_say(),
                    "it ended otherwise than said",
                ),
            ],
            (Verdict::Canceled, Some(Evidence::OfferStatus)) => vec![
                (self.offer_was_as_said(), "the offer was never in that state"),
                (!self.had_a_list(), "the list could be read"),
            ],
            (Verdict::FinishedFirst, Some(Evidence::OfferStatus)) => vec![
                (self.offer_was_as_said(), "the offer was never in that state"),
                (
                    self.target.is_none(),
                    "the offer's state says nothing of one bound by its id",
                ),
            ],
            (Verdict::Refused, _) => vec![
                (!self.was_carried_out(), "it was carried out"),
                (self.was_refused(), "the service never refused"),
                (self.was_active_after(), "the operation had ended by then"),
            ],
            (Verdict::NotSent, _) => vec![(!self.was_carried_out(), "it was carried out")],
            (Verdict::NothingRunning, _) => vec![
                (!self.was_carried_out(), "it was carried out"),
                (
                    self.lists().next().is_some() || self.target.is_none(),
                    "no list told that",
                ),
            ],
            (Verdict::Superseded, _) => vec![
                (!self.was_carried_out(), "it was carried out"),
                (self.another_was_active(), "nothing but the operation was active"),
            ],
            (Verdict::Pending, _) => vec![
                (self.was_accepted(), "the service never accepted it"),
                (!self.telling.is_final, "that is no end"),
            ],
            (Verdict::Unknown, _) => vec![(!self.telling.is_final, "that is no end")],
            (Verdict::Canceled | Verdict::FinishedFirst, None) => {
                vec![(false, "it says not how that is known")]
            }
            (Verdict::FinishedFirst, Some(Evidence::Answer)) => vec![(false, "no answer says that")],
            (Verdict::Canceled | Verdict::FinishedFirst, Some(Evidence::Absent)) => {
                vec![(false, "this service proves nothing by absence")]
            }
        };
        let broken = checks.into_iter().filter(|(holds, _)| !holds);
        broken.map(|(_, what)| what).collect()
    }

    fn others(&self) -> Option<&'static str> {
        let was_canceled =
            |id: &OperationId| run(self.world, id).is_some_and(|run| run.state(self.at()) == "canceled");
        let others = &self.telling.ending.also_canceled;
        if !others.iter().all(was_canceled) {
            return Some("it names another that was not canceled");
        }
        let is_target = |id: &OperationId| self.target.is_some_and(|target| target.id == id.raw());
        let is_none = |id: &OperationId| is_target(id) || self.was_canceled_before(id.raw());
        others
            .iter()
            .any(is_none)
            .then_some("it names another that is none, or was canceled before")
    }

    /// Whether the last list before the request told that this one is canceled.
    fn was_canceled_before(&self, id: &str) -> bool {
        let Some(post) = self.posts.last() else {
            return false;
        };
        let is_before = |read: &&Read| read.by == post.by && read.arrived <= post.sent_at;
        let mut lists = self
            .world
            .reads
            .iter()
            .filter(|read| read.witness == Witness::List);
        let last = lists.rfind(|read| is_before(read) && read.saw != Saw::Failure);
        last.and_then(|read| read.word(id)) == Some("canceled")
    }

    /// Whether another that this very cancel was carried out on was read as canceled, and is not named.
    fn unnamed(&self) -> Option<&'static str> {
        let ending = &self.telling.ending;
        let (Some(target), true) = (self.target, self.telling.is_final && ending.error.is_none()) else {
            return None;
        };
        let is_named = |id: &str| ending.also_canceled.iter().any(|other| other.raw() == id);
        let hits = self.posts.iter().filter_map(|post| post.hit());
        let mut others = hits.filter(|id| *id != target.id && !is_named(id));
        others
            .any(|id| self.was_just_read_canceled(id))
            .then_some("it does not name another that it canceled")
    }

    /// Whether the last list before the end told that this one is canceled.
    fn was_just_read_canceled(&self, id: &str) -> bool {
        let lists = self.reads().filter(|read| read.witness == Witness::List);
        lists.last().and_then(|read| read.word(id)) == Some("canceled")
    }

    /// Whether the state that it gives was never read since the request went out.
    fn state(&self) -> Option<&'static str> {
        let (Some(target), Some(state)) = (self.target, &self.telling.ending.target_state) else {
            return None;
        };
        let went_out = |post: &&&Post| !matches!(post.heard, Some((_, Heard::Unsent)));
        let went_out = self.posts.iter().filter(went_out);
        let first = went_out.map(|post| post.sent_at).min()?;
        let all = self.world.reads.iter().filter(|read| read.arrived <= self.at());
        let mut since = all.filter(|read| read.arrived >= first);
        let told_by_offer = self.telling.ending.evidence == Some(Evidence::OfferStatus);
        let id = if told_by_offer { "" } else { &target.id };
        let was_read = since.any(|read| read.word(id) == Some(state.word().as_str()));
        (!was_read).then_some("its state was not read since")
    }

    /// Whether an end that is not *canceled* was told while the answer of this very process was still out.
    fn early(&self) -> Option<&'static str> {
        let (at, by) = (self.at(), self.telling.by);
        let until = self
            .posts
            .last()
            .and_then(|post| self.world.deadlines.get(&post.confirmation));
        let is_early = self.telling.ending.verdict == Verdict::FinishedFirst
            && self.telling.is_final
            && until.is_some_and(|until| at < *until);
        let is_out = |post: &&&Post| post.by == by && post.heard.is_none_or(|(heard, _)| heard > at);
        // By a wall clock that was set, another process may have taken it for lost at once.
        let is_early = is_early && self.world.jumps == 0;
        (is_early && self.posts.iter().any(|post| is_out(&post))).then_some("the answer was still out")
    }

    /// Whether a verb's exit code says what its verdict does not.
    fn exit(&self) -> Option<&'static str> {
        let Face::Verb { exit, no_wait } = self.telling.face else {
            return None;
        };
        let verdict = self.telling.ending.verdict;
        let wanted = match exit {
            0 if no_wait => vec![Verdict::Canceled, Verdict::Pending],
            0 => vec![Verdict::Canceled],
            3 => vec![Verdict::FinishedFirst],
            4 => vec![Verdict::Refused],
            6 => vec![Verdict::Unknown],
            7 => vec![Verdict::Pending],
            8 => vec![Verdict::NothingRunning],
            9 => vec![Verdict::Superseded],
            _ => return None,
        };
        // Of several that are followed the gravest counts.
        let is_follow = self.telling.confirmation.is_none();
        (!is_follow && !wanted.contains(&verdict)).then_some("the exit code says otherwise")
    }

    fn truth(&self) -> Option<&'static str> {
        self.target.map(|run| run.state(self.at()))
    }

    fn was_carried_out(&self) -> bool {
        let is_so = |post: &&&Post| {
            let received = post.received.as_ref();
            received.is_some_and(|received| received.hit.is_some() && received.at <= self.at())
        };
        self.posts.iter().any(|post| is_so(&post))
    }

    /// Whether the service's own acceptance had arrived.
    fn was_accepted(&self) -> bool {
        let answers = self.posts.iter().filter_map(|post| post.answer_by(self.at()));
        answers.into_iter().any(|status| (200..300).contains(&status))
    }

    /// Whether the service's own no had arrived; a yes may be taken back by the operation that stands for it.
    fn was_refused(&self) -> bool {
        let answers = self.posts.iter().filter_map(|post| post.answer_by(self.at()));
        answers
            .into_iter()
            .any(|status| (200..500).contains(&status) && !matches!(status, 300..=399 | 401 | 408 | 429))
    }

    /// Whether it still ran when the answer had come, as far as anybody could read.
    fn was_active_after(&self) -> bool {
        let last = self.posts.iter().rev().find_map(|post| post.received.as_ref());
        let (Some(answered), Some(target)) = (last, self.target) else {
            return self.target.is_none();
        };
        let reads_active = |witness| {
            let mut words = self.words_after(answered.at, witness);
            words.any(|word| !phase(word).has_ended())
        };
        // A page that never says anything is no witness.
        let has_page = self.words_after(Duration::ZERO, Witness::Page).next().is_some();
        answered.at < target.ended_at()
            || (reads_active(Witness::Page) || !has_page) && reads_active(Witness::List)
    }

    fn words_after(&self, after: Duration, witness: Witness) -> impl Iterator<Item = &'static str> {
        let id = self.target.map(|run| run.id.as_str()).unwrap_or_default();
        let reads = self
            .reads()
            .filter(move |read| read.began >= after && read.witness == witness);
        reads.filter_map(move |read| read.word(id))
    }

    /// Everything that had arrived by then at whoever tells; by whomever where the journal tells.
    fn reads(&self) -> impl Iterator<Item = &Read> {
        let (at, by) = (self.at(), self.telling.by);
        let reads = self.world.reads.iter();
        reads.filter(move |read| read.arrived <= at && (by == 0 || read.by == by))
    }

    fn was_read_canceled(&self) -> bool {
        let Some(target) = self.target else { return false };
        let mut words = self.reads().filter_map(|read| read.word(&target.id));
        words.any(|word| phase(word) == Phase::Canceled)
    }

    /// Whether the service said at one process three times over ten seconds, nothing else between, that there is nothing
    /// to read.
    fn was_unreadable(&self) -> bool {
        let Some(target) = self.target else { return true };
        let processes: std::collections::BTreeSet<u32> =
            self.world.reads.iter().map(|read| read.by).collect();
        processes.into_iter().any(|by| {
            let (mut first, mut times) = (Duration::ZERO, 0);
            let reads = self.world.reads.iter();
            let mut own = reads.filter(|read| read.by == by && read.arrived <= self.at());
            own.any(|read| {
                let is_nothing = match (&read.saw, read.witness) {
                    (Saw::Failure, _) | (_, Witness::Offer) => return false,
                    (Saw::Nothing | Saw::Instead(_), _) => true,
                    (Saw::Words(_), _) => read.word(&target.id).is_none(),
                };
                if !is_nothing {
                    times = 0;
                    return false;
                }
                if times == 0 {
                    first = read.arrived;
                }
                times += 1;
                times >= 3 && read.arrived >= first + Duration::from_secs(10)
            })
        })
    }

    /// Whether the one that would have told is not there by the service's own word, and what stands in for it does not.
    fn nobody_could_say(&self) -> bool {
        let last = |witness| {
            let all = self
                .reads()
                .filter(|read| read.witness == witness && read.saw != Saw::Failure);
            all.last().map(|read| &read.saw)
        };
        let no_page = matches!(last(Witness::Page), Some(Saw::Nothing));
        let no_list = matches!(last(Witness::List), Some(Saw::Nothing | Saw::Instead(_)));
        let offer = self.reads().filter_map(|read| read.word("")).last();
        no_page || no_list && offer != Some("canceled")
    }

    fn ended_as_said(&self) -> bool {
        let said = self.said();
        self.target.is_none_or(|target| said == Some(phase(target.end())))
    }

    /// What the state that is told means: a JSON has its word alone.
    fn said(&self) -> Option<Phase> {
        let state = self.telling.ending.target_state.as_ref();
        state.map(|state| phase(state.word().as_str()))
    }

    /// Whether the offer was in the state that is told; of what has no id its status is all that anybody can read.
    fn offer_was_as_said(&self) -> bool {
        let said = self.said();
        let mut states = self.world.runs.iter().map(|run| run.state(self.at()));
        match self.target {
            Some(_) => states.any(|state| said == Some(phase(state))),
            None => self.offer_words().any(|word| said == Some(phase(word))),
        }
    }

    /// What the offer's status had said by then, to whomever.
    fn offer_words(&self) -> impl Iterator<Item = &'static str> {
        let reads = self.world.reads.iter().filter(|read| read.arrived <= self.at());
        reads.filter_map(|read| read.word(""))
    }

    /// Whether what was bound by its id could be looked for in a list.
    fn had_a_list(&self) -> bool {
        let lists = self
            .reads()
            .filter(|read| read.witness == Witness::List && read.saw != Saw::Failure);
        self.target.is_some() && lists.last().is_some_and(|read| matches!(read.saw, Saw::Words(_)))
    }

    /// Whether a list since the claim held another operation that a cancel could hit, or not the one that is bound.
    fn another_was_active(&self) -> bool {
        let is_its_own = |one: &&Cancellation| one.by.pid == self.telling.by;
        let (Some(target), Some(cancellation)) = (self.target, self.cancellation.filter(is_its_own)) else {
            return true;
        };
        let claimed = self.world.claimed.get(confirmation(cancellation));
        let since = claimed.copied().unwrap_or_default();
        let mut lists = self.lists().filter(|(arrived, _)| *arrived >= since);
        lists.any(|(_, words)| self.is_in_the_way(target, words))
    }

    /// The lists that had arrived, and when; what stands in for a list is none.
    fn lists(&self) -> impl Iterator<Item = (Duration, &[(String, &'static str)])> {
        let lists = self.reads().filter(|read| read.witness == Witness::List);
        lists.filter_map(|read| match &read.saw {
            Saw::Words(words) => Some((read.arrived, &words[..])),
            Saw::Nothing | Saw::Instead(_) | Saw::Failure => None,
        })
    }

    fn is_in_the_way(&self, target: &Run, words: &[(String, &str)]) -> bool {
        let is_active = |word: &str| !phase(word).has_ended();
        let old = |id: &str| {
            let mut runs = self.world.runs.iter();
            runs.any(|run| run.id == id && run.old_word.is_some())
        };
        // One that is old is no obstacle beside a newer one that is known to run.
        let known = |word: &str| is_active(word) && phase(word) != Phase::Unknown;
        let some_runs = words.iter().any(|(id, word)| known(word) && !old(id));
        let in_the_way =
            |(id, word): &&(String, &str)| *id != target.id && is_active(word) && !(some_runs && old(id));
        let is_seen = words.iter().any(|(id, word)| *id == target.id && is_active(word));
        words.iter().any(|one| in_the_way(&one)) || !is_seen
    }
}
