//! Random fault schedules against a model of the service: whatever fails, whenever it crashes, the promises hold.
//!
//! A schedule is a seed. `COUNTERMAND_SEED=n` replays one and tells its story; `COUNTERMAND_SCHEDULES=n` runs n of them,
//! from `COUNTERMAND_FROM=n` on; `COUNTERMAND_KINDS` names the kinds of trouble that they may hold.
//!
//! - Never a second cancel that is carried out for one confirmation.
//! - Never a cancel that nobody asked for in that run of the program, or on a look that is not fresh.
//! - Never an open cancellation forgotten, and always an end once the service is well again, told in time.
//! - Never a verdict told, by whatever face, that the model's own history contradicts.
//! - Reading begins in time after a request, ends with a last look, and is no more than the schedule wants.

#[cfg(test)]
mod dice;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod line;
#[cfg(test)]
mod process;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod service;
#[cfg(test)]
mod verbs;
#[cfg(test)]
mod world;

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        env,
    };

    use crate::schedule::{self, Storage};

    fn number(variable: &str) -> Option<u64> {
        env::var(variable).ok().map(|value| value.parse().unwrap())
    }

    /// Runs schedules from seed `from` on, on two threads, and names every seed that breaks a promise.
    #[expect(clippy::print_stdout, reason = "a replay tells its story")]
    fn run(from: u64, count: u64, storage: Storage) {
        if let Some(seed) = number("COUNTERMAND_SEED") {
            let told = schedule::run(seed, storage);
            println!("{}", told.story.join("\n"));
            assert!(told.broken.is_empty(), "seed {seed}: {:#?}", told.broken);
            return;
        }
        let broken: Vec<(u64, String)> = std::thread::scope(|scope| {
            let halves = [0, 1].map(|half| {
                scope.spawn(move || {
                    let seeds = (from..from + count).filter(|seed| seed % 2 == half);
                    let broken = |seed| {
                        schedule::run(seed, storage)
                            .broken
                            .into_iter()
                            .map(move |what| (seed, what))
                    };
                    seeds.flat_map(broken).collect::<Vec<_>>()
                })
            });
            halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
        });
        let seeds: BTreeSet<u64> = broken.iter().map(|(seed, _)| *seed).collect();
        assert!(
            broken.is_empty(),
            "{} of {count} schedules broke a promise:\n{}",
            seeds.len(),
            alike(&broken)
        );
    }

    /// What was broken, each kind of it once, with a few of its seeds.
    fn alike(broken: &[(u64, String)]) -> String {
        let mut kinds: BTreeMap<String, (&str, BTreeSet<u64>)> = BTreeMap::new();
        for (seed, what) in broken {
            let kind = what.replace(|c: char| c.is_ascii_digit(), "");
            kinds
                .entry(kind)
                .or_insert((what, BTreeSet::new()))
                .1
                .insert(*seed);
        }
        let line = |(what, seeds): &(&str, BTreeSet<u64>)| {
            let few: Vec<String> = seeds.iter().take(8).map(u64::to_string).collect();
            format!(
                "{} times, as in COUNTERMAND_SEED={}: {what}",
                seeds.len(),
                few.join(",")
            )
        };
        kinds.values().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn schedules_in_memory() {
        run(
            number("COUNTERMAND_FROM").unwrap_or(0),
            number("COUNTERMAND_SCHEDULES").unwrap_or(10_000),
            Storage::Memory,
        );
    }

    #[test]
    fn schedules_on_disk() {
        run(
            1_000_000_000,
            number("COUNTERMAND_SCHEDULES").unwrap_or(200).min(200),
            Storage::Disk,
        );
    }

    #[test]
    fn the_schedules_meet_every_verdict_and_every_fault() {
        let mut met = BTreeSet::new();
        for seed in 0..2_000 {
            met.extend(schedule::run(seed, Storage::Memory).met);
        }
        for wanted in [
            "canceled",
            "finished_first",
            "refused",
            "unknown",
            "pending",
            "superseded",
            "not_sent",
            "crash before",
            "crash after",
            "answer lost",
            "unreachable",
            "slow connection",
            "connection closed",
            "throttled",
            "signed out",
            "clock jump",
            "resumed",
            "joined",
            "asked again",
            "hit another",
            "quit",
            "journal slow",
            "journal fails before",
            "journal fails after",
            "asked again in vain",
            "stranger sent",
            "stranger answers",
            "stranger reads",
            "hanging answer",
            "hanging read",
            "late cancel",
            "stalled",
            "stopped",
            "tongues",
            "lag",
            "outage",
            "hosts",
            "oldwords",
            "nolist",
            "nopage",
            "verbs",
            "crowd",
            "cut",
        ] {
            assert!(met.contains(wanted), "no schedule met `{wanted}`: {met:?}");
        }
    }
}
