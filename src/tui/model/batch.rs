//! What was confirmed together, until it is known how each of it ended.

use crate::{
    domain::{ids::CancellationId, target::Target, text::SafeText, verdict::Verdict},
    engine::Snapshot,
    presentation::ending,
};

/// Several cancels of one confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    members: Vec<Member>,
    /// Whether it was told how all of it ended.
    pub(crate) is_told: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Member {
    target: Target,
    stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// Handed to the engine.
    Asked,
    /// The engine turned it away.
    Declined,
    /// This cancellation does it.
    Began(CancellationId),
}

/// How one of them ended, as a summary counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Verdict {
        verdict: Verdict,
        went_out: bool,
    },
    StartError,
    /// Nobody looks any more, and no verdict could be recorded.
    NotKnown,
}

impl Batch {
    /// Of `targets`, as they were confirmed.
    pub(crate) fn new(targets: impl IntoIterator<Item = Target>) -> Self {
        let members = targets.into_iter().map(|target| Member {
            target,
            stage: Stage::Asked,
        });
        Self {
            members: members.collect(),
            is_told: false,
        }
    }

    /// One of them has a cancellation now.
    pub(crate) fn began(&mut self, target: &Target, id: &CancellationId) {
        self.goes_on(target, Stage::Began(id.clone()));
    }

    /// One of them was turned away.
    pub(crate) fn declined(&mut self, target: &Target) {
        self.goes_on(target, Stage::Declined);
    }

    fn goes_on(&mut self, target: &Target, to: Stage) {
        let asked = |member: &&mut Member| member.stage == Stage::Asked && member.target.is(target);
        if let Some(member) = self.members.iter_mut().find(asked) {
            member.stage = to;
        }
    }

    /// How many there are, and how many of them have ended.
    pub(crate) fn progress(&self, known: &Snapshot) -> (usize, usize) {
        let ended = self.members.iter().filter(|member| member.end(known).is_some());
        (self.members.len(), ended.count())
    }

    /// In a sentence how they ended, once all of them have.
    pub(crate) fn summary(&self, known: &Snapshot) -> Option<SafeText> {
        let ends = self.ends(known)?;
        let ended = match self.members.len() {
            1 => "1 cancel ended".to_owned(),
            all => format!("{all} cancels ended"),
        };
        Some(format!("{ended}: {ends}").into())
    }

    /// How they ended, once all of them have: `3 canceled, 1 finished first, 1 refused`.
    pub(crate) fn ends(&self, known: &Snapshot) -> Option<String> {
        let mut counts: Vec<(End, usize)> = Vec::new();
        for member in &self.members {
            let end = member.end(known)?;
            match counts.iter_mut().find(|(counted, _)| *counted == end) {
                Some((_, count)) => *count += 1,
                None => counts.push((end, 1)),
            }
        }
        counts.sort_by_key(|(end, _)| end.rank());
        let parts: Vec<String> = counts
            .iter()
            .map(|(end, count)| format!("{count} {}", end.phrase()))
            .collect();
        Some(parts.join(", "))
    }
}

impl Member {
    fn end(&self, known: &Snapshot) -> Option<End> {
        let id = match &self.stage {
            Stage::Asked => return None,
            Stage::Declined => return Some(End::StartError),
            Stage::Began(id) => id,
        };
        let tracked = known.carried_on(id)?;
        if tracked.is_in_progress() {
            return None;
        }
        let went_out = tracked.cancellation.went_out();
        let verdict = tracked.cancellation.verdict();
        Some(verdict.map_or(End::NotKnown, |verdict| End::Verdict { verdict, went_out }))
    }
}

impl End {
    fn phrase(self) -> &'static str {
        match self {
            Self::Verdict { verdict, went_out } => ending::label(verdict, went_out),
            Self::StartError => "not begun",
            Self::NotKnown => "not known",
        }
    }

    fn rank(self) -> usize {
        match self {
            Self::Verdict { verdict, .. } => Verdict::ALL.iter().position(|one| *one == verdict).unwrap_or(0),
            Self::StartError => Verdict::ALL.len(),
            Self::NotKnown => Verdict::ALL.len() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        domain::target::Binding,
        tui::fixture::{app_operation, ended, following, target, vm_operation},
    };

    fn targets() -> [Target; 3] {
        let vm = Binding::of(&vm_operation());
        let app = Binding::of(&app_operation());
        [
            target("contoso-vm", vm.clone()),
            target("contoso-app", app),
            target("contoso-db", vm),
        ]
    }

    fn known(tracked: Vec<crate::engine::Tracked>) -> Snapshot {
        Snapshot {
            cancellations: Arc::new(tracked.into_iter().map(Arc::new).collect()),
            ..Snapshot::default()
        }
    }

    #[test]
    fn a_batch_is_summed_up_when_the_last_of_it_has_ended() {
        let targets = targets();
        let mut batch = Batch::new(targets.clone());
        let app = ended("contoso-app", &app_operation(), Verdict::Refused);
        let vm = ended("contoso-vm", &vm_operation(), Verdict::Canceled);
        batch.began(&targets[0], &vm.cancellation.id);
        batch.began(&targets[1], &app.cancellation.id);
        let all = known(vec![vm.clone(), app.clone()]);
        assert_eq!((batch.progress(&all), batch.summary(&all)), ((3, 2), None));
        batch.declined(&targets[2]);
        let summary = batch.summary(&all);
        assert_eq!(
            summary.as_ref().map(SafeText::as_str),
            Some("3 cancels ended: 1 canceled, 1 refused, 1 not begun")
        );
        let followed = following();
        let mut batch = Batch::new([targets[0].clone()]);
        batch.began(&targets[0], &followed.cancellation.id);
        assert_eq!(batch.summary(&known(vec![followed])), None);
        assert_eq!(batch.summary(&known(Vec::new())), None, "not published yet");
    }
}
