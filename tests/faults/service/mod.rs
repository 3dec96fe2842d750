//! A model of the service: what it carries out, what it only says, and what it loses.

mod receiving;
mod telling;
mod witnesses;

use std::{
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    dice::Dice,
    kinds::{Kind, Kinds},
    line::Line,
    service::witnesses::Manner,
    world::{Excuse, Run, World},
};

pub(crate) use telling::Told;

pub(crate) struct Service {
    dice: Dice,
    pub(crate) kinds: Kinds,
    began: Instant,
    line: Line,
    manner: Manner,
    world: Mutex<World>,
}

impl Service {
    pub(crate) fn new(dice: Dice) -> Self {
        let (kinds, began) = (Kinds::of(&dice), Instant::now());
        let service = Self {
            line: Line::new(&dice, &kinds, began),
            manner: Manner::of(&dice, &kinds),
            dice,
            kinds,
            began,
            world: Mutex::default(),
        };
        service.tell(&format!(
            "kinds: {:?}; {:?}",
            service.kinds.names(),
            service.manner
        ));
        for kind in service.kinds.names() {
            service.meet(kind);
        }
        service.world().is_crowded = service.kinds.has(Kind::Crowd);
        if service.kinds.has(Kind::OldWords) {
            service.world().runs.push(Run {
                own_end: (Duration::ZERO, "failed"),
                old_word: Some(service.dice.pick(&["aborted", "aborting", "superseded"])),
                ..Run::beginning(0, Duration::ZERO)
            });
        }
        service.begin_run();
        service
    }

    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub(crate) fn is_well(&self) -> bool {
        self.world().is_well
    }

    pub(crate) fn tell(&self, line: &str) {
        let at = self.now().as_secs_f64();
        self.world().story.push(format!("{at:9.3} {line}"));
    }

    pub(crate) fn meet(&self, what: &'static str) {
        self.world().met.insert(what);
    }

    /// A process, or every one, cannot act for `lasts` from now.
    pub(crate) fn excuse(&self, by: Option<u32>, lasts: Duration) {
        let from = self.now();
        self.world().excuses.push(Excuse {
            by,
            from,
            until: from + lasts,
        });
    }

    /// From now on nothing fails, and what runs ends within ten minutes.
    pub(crate) fn heal(&self) {
        let now = self.now();
        self.line.heal();
        let mut world = self.world();
        world.is_well = true;
        for run in &mut world.runs {
            if run.own_end.0 > now + Duration::from_mins(10) {
                run.own_end.0 = now + Duration::from_mins(10);
            }
        }
        drop(world);
        self.tell("everything is well again");
    }

    /// Begins another operation, mostly only if none is active.
    fn begin_run(&self) {
        let now = self.now();
        let lasts = if self.dice.chance(50) {
            self.dice.seconds(90)
        } else {
            self.dice.seconds(4_000)
        };
        let end = self.dice.pick(&["succeeded", "failed", "completed"]);
        let beside_another = self.dice.chance(5);
        let mut world = self.world();
        if !beside_another && world.runs.iter().any(|run| now < run.ended_at()) {
            return;
        }
        let run = Run {
            own_end: (now + lasts, end),
            ..Run::beginning(world.runs.len(), now)
        };
        let line = format!(
            "{} begins, to be {end} at {:.3}",
            &run.id[..8],
            run.own_end.0.as_secs_f64()
        );
        world.runs.push(run);
        drop(world);
        self.tell(&line);
    }

    /// Whatever happens by itself between two requests.
    fn live_on(&self) {
        if !self.is_well() && self.dice.chance(20) {
            self.begin_run();
        }
    }
}

impl Run {
    fn beginning(number: usize, at: Duration) -> Self {
        Self {
            id: format!("{:08x}-0000-1000-0000-000000000000", number + 1),
            began: at,
            own_end: (at, "succeeded"),
            canceled_at: None,
            missing_until: (Duration::ZERO, Duration::ZERO),
            old_word: None,
        }
    }
}
