//! Random fault schedules against a model of the service: whatever fails, whenever it crashes, the promises hold.
//!
//! A schedule is a seed. `COUNTERMAND_SEED=n` replays one and tells its story; `COUNTERMAND_SCHEDULES=n` runs n of them.
//!
//! - Never a second cancel that is carried out for one confirmation.
//! - Never a cancel that nobody asked for in that run of the program.
//! - Never an open cancellation forgotten, and always an end once the service is well again.
//! - Never a verdict that the model's own history contradicts.

#[cfg(test)]
mod dice;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod process;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod service;

#[cfg(test)]
mod tests {
    use std::env;

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
        let broken: Vec<String> = std::thread::scope(|scope| {
            let halves = [0, 1].map(|half| {
                scope.spawn(move || {
                    (from..from + count)
                        .filter(|seed| seed % 2 == half)
                        .filter_map(|seed| {
                            let broken = schedule::run(seed, storage).broken;
                            (!broken.is_empty())
                                .then(|| format!("COUNTERMAND_SEED={seed}: {}", broken.join("; ")))
                        })
                        .collect::<Vec<String>>()
                })
            });
            halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
        });
        let few = &broken[..broken.len().min(20)];
        assert!(
            broken.is_empty(),
            "{} of {count} schedules broke a promise:\n{}",
            broken.len(),
            few.join("\n")
        );
    }

    #[test]
    fn schedules_in_memory() {
        run(
            0,
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
        let mut met = std::collections::BTreeSet::new();
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
        ] {
            assert!(met.contains(wanted), "no schedule met `{wanted}`: {met:?}");
        }
    }
}
