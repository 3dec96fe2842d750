//! What has to hold in the very moment in which a process acts: before a request goes out, and before it records how
//! something stands.

use std::time::Duration;

use countermand::domain::{
    cancellation::Cancellation,
    confirmation::Address,
    fact::Fact,
    ids::CancellationId,
    operation::{Operation, Operations},
    status::Phase,
    target::Target,
};

use super::edge::{Asked, Edge};

impl Edge {
    /// A cancel is sent only if it was asked for in this run, on a fresh look that allows it, and once it is recorded.
    pub(super) async fn hold_before_sending(&self, target: &Target, confirmation: &Address) {
        let is_recorded = self.has_recorded_sending(confirmation).await;
        let mut broken = self.broken.lock().unwrap();
        let mut hold = |is_so: bool, what: &str| {
            if !is_so {
                broken.push(format!("{} sends {confirmation} {what}", self.owner.started));
            }
        };
        let asked = self.asked.lock().unwrap().get(confirmation.as_str()).copied();
        hold(asked.is_some(), "that nobody asked it for");
        hold(is_recorded, "that its journal does not know to be on its way");
        hold(self.has_just_seen(target), "without a fresh look that allows it");
        if let Some(Asked { at, wall, .. }) = asked {
            let minute = Duration::from_mins(1);
            let is_fresh = self.service.now() <= at + minute && self.wall() <= wall + minute;
            hold(is_fresh, "on a confirmation that is more than a minute old");
        }
    }

    /// Whether the newest that is recorded of a request is that this process sends it.
    async fn has_recorded_sending(&self, confirmation: &Address) -> bool {
        let all = self.journal.history(1_000).await.unwrap();
        let mut own = all.iter().filter(|one| one.request.notify[0] == *confirmation);
        own.any(|one| matches!(newest_of_request(one), Some(Fact::Sending { by, .. }) if *by == self.owner))
    }

    /// That nobody knows what came of a request is not recorded while another process waits for its answer.
    pub(super) async fn hold_before_unknown(&self, id: &CancellationId) {
        let facts = self.journal.facts(id, 0).await.unwrap();
        let cancellation = Cancellation::fold(id.clone(), facts).unwrap();
        let Some(Fact::Sending { by, .. }) = newest_of_request(&cancellation) else {
            return;
        };
        let lives = !self.graveyard.lock().unwrap().contains(by.started.as_str());
        let (confirmation, _) = cancellation.request.notify[0].as_str().split_once('@').unwrap();
        let world = self.service.world();
        // By a wall clock that was set, three minutes may be over at once.
        let is_certain = world.jumps == 0 && *by != self.owner;
        let mut posts = world.posts.iter().rev();
        let sent_at = posts
            .find(|post| post.confirmation == confirmation)
            .map(|post| post.sent_at);
        let is_out = |sent_at| self.service.now() < sent_at + Duration::from_mins(3);
        if lives && is_certain && sent_at.is_some_and(is_out) {
            let who = &self.owner.started;
            self.broken.lock().unwrap().push(format!(
                "{who} records {id} as unknown, whose answer another waits for"
            ));
        }
    }

    /// A claim is given up only if its process is gone, or has had it for two minutes.
    pub(super) async fn hold_before_giving_up(&self, id: &CancellationId) {
        let facts = self.journal.facts(id, 0).await.unwrap();
        let claim = Cancellation::fold(id.clone(), facts).unwrap();
        let (confirmation, _) = claim.request.notify[0].as_str().split_once('@').unwrap();
        let lives = !self.graveyard.lock().unwrap().contains(claim.by.started.as_str());
        let world = self.service.world();
        // By a wall clock that was set, two minutes may be over at once.
        let is_certain = world.jumps == 0 && claim.by != self.owner;
        let is_new = |at: &Duration| self.service.now() < *at + Duration::from_mins(2);
        if lives && is_certain && world.claimed.get(confirmation).is_some_and(is_new) {
            let who = &self.owner.started;
            self.broken
                .lock()
                .unwrap()
                .push(format!("{who} gives {id} up, whose process lives"));
        }
    }

    /// Whether a look of the last two seconds showed the target, and it alone, as active.
    fn has_just_seen(&self, target: &Target) -> bool {
        let last_look = self.last_look.lock().unwrap();
        let Some((at, operations)) = &*last_look else {
            return false;
        };
        let active: Vec<_> = in_the_way(operations).collect();
        self.service.now() <= *at + Duration::from_secs(2)
            && operations.is_whole()
            && matches!(active[..], [one] if target.binding.names(one))
    }
}

/// The newest fact that tells whether a request is on its way.
fn newest_of_request(cancellation: &Cancellation) -> Option<&Fact> {
    let facts = cancellation.facts.iter().rev().map(|recorded| &recorded.fact);
    let mut of_request = facts.filter(|fact| {
        matches!(
            fact,
            Fact::Sending { .. } | Fact::Unsent { .. } | Fact::Answered(_) | Fact::AnswerLost { .. }
        )
    });
    of_request.next()
}

/// The operations that a cancel could hit: one in a word that nobody knows is no obstacle beside a newer one that runs.
fn in_the_way(operations: &Operations) -> impl Iterator<Item = &Operation> {
    let runs = |one: &&Operation| one.state.is_active() && one.state.phase() != Phase::Unknown;
    let newest = operations.list.iter().filter(runs).map(|one| one.version).max();
    operations.active().filter(move |one| {
        one.state.phase() != Phase::Unknown || newest.is_none_or(|newest| one.version >= newest)
    })
}
