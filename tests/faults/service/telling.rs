//! What the service tells whoever reads, and how that fails.

use std::time::Duration;

use countermand::{
    domain::{
        ids::OperationId,
        lead::{Lead, LeadsTo},
        operation::{CancelState, Destination, Operation, OperationDetail, Operations, Source},
        target::Target,
    },
    engine::{Class, Failure, ports::Reading},
    service::cpp::status,
};
use jiff::Timestamp;

use crate::{
    kinds::Kind,
    line::{Crossing, failure, strange},
    service::Service,
    world::{Run, Saw},
};

/// An answer to a reading, with what it truly said.
pub(crate) struct Told<T> {
    pub(crate) saw: Saw,
    pub(crate) answer: Result<T, Failure>,
}

impl<T> Told<T> {
    fn failed(failure: Failure) -> Self {
        Self {
            saw: Saw::Failure,
            answer: Err(failure),
        }
    }

    /// The service itself has no such thing.
    fn nothing(status: u16) -> Self {
        let class = if status == 403 {
            Class::Forbidden
        } else {
            Class::NotFound
        };
        Self {
            saw: Saw::Nothing,
            answer: Err(failure(class, Some(status), None)),
        }
    }

    fn map<U>(self, into: impl FnOnce(T) -> U) -> Told<U> {
        Told {
            saw: self.saw,
            answer: self.answer.map(into),
        }
    }
}

impl Service {
    /// The way there, and whether the service answers at all.
    async fn read<T>(&self, what: &str) -> Result<(), Told<T>> {
        self.live_on();
        if self.is_well() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            return Ok(());
        }
        let fails = self.fails_to_read().await;
        fails.inspect_err(|told| {
            if let Err(failure) = &told.answer {
                self.tell(&format!("{what} fails: {:?} {:?}", failure.class, failure.status));
            }
        })
    }

    async fn fails_to_read<T>(&self) -> Result<(), Told<T>> {
        let delay = if self.dice.chance(5) {
            self.dice.seconds(30)
        } else {
            self.dice.millis(900)
        };
        match self.line.crossing() {
            Crossing::Through => tokio::time::sleep(delay).await,
            Crossing::NoLine => {
                tokio::time::sleep(delay * 2).await;
                return Err(Told::failed(failure(Class::Transient, None, None)));
            }
            Crossing::Stranger(status) => {
                tokio::time::sleep(delay).await;
                self.meet("stranger reads");
                return Err(Told::failed(strange(status)));
            }
        }
        if let Some(longer) = self.line.holds_up() {
            self.meet("hanging read");
            tokio::time::sleep(longer).await;
            if self.dice.chance(50) {
                return Err(Told::failed(failure(Class::Transient, None, None)));
            }
        }
        Err(match self.dice.below(100) {
            0..=7 => Told::failed(failure(Class::Transient, None, None)),
            8..=12 => Told::failed(failure(Class::Transient, Some(500), None)),
            13..=15 => Told::failed(failure(Class::Transient, Some(503), Some(self.dice.below(20)))),
            16..=18 => Told::failed(failure(Class::Throttled, Some(429), Some(self.dice.below(20)))),
            19..=20 => Told::failed(failure(Class::SignIn, Some(401), None)),
            21..=23 => Told::nothing(404),
            _ => return Ok(()),
        })
    }

    /// The answer travels back for a while after it was true.
    async fn travel(&self) {
        if !self.is_well() {
            tokio::time::sleep(self.dice.millis(400)).await;
        }
    }

    pub(crate) async fn operations(&self) -> Told<Operations> {
        let gone = match self.read("the list").await {
            Ok(()) => self.has_no_list(),
            Err(told) if told.saw == Saw::Nothing => Some(404),
            Err(told) => return told,
        };
        match gone {
            Some(403) => Told::nothing(403),
            // The client asks the offer then, to see whether it is the route that is not.
            Some(_) => self.through_status().await,
            None => self.listed().await,
        }
    }

    async fn listed(&self) -> Told<Operations> {
        let is_cut = self.kinds.has(Kind::Cut) && !self.is_well() && self.dice.chance(20);
        let left_out = if is_cut { 12_345 } else { 0 };
        let told = {
            let world = self.world();
            let known = world.runs.iter().enumerate().rev();
            let listed = known.filter_map(|(number, run)| Some((number, run, self.on_list(&world, run)?)));
            let listed: Vec<_> = listed.collect();
            let words = listed.iter().map(|(_, run, word)| (run.id.clone(), *word));
            Told {
                saw: Saw::Words(words.collect()),
                answer: Ok(Operations {
                    source: Source::Submissions,
                    list: listed
                        .iter()
                        .map(|(number, run, word)| operation(*number, run, word))
                        .collect(),
                    detail: None,
                    left_out,
                    baseline: None,
                }),
            }
        };
        self.travel().await;
        told
    }

    async fn through_status(&self) -> Told<Operations> {
        let number = self.world().runs.len();
        let told = self.offer_status().await;
        Told {
            saw: match told.saw {
                Saw::Words(words) => Saw::Instead(words[0].1),
                _ => Saw::Failure,
            },
            answer: told.answer.map(|detail| Operations {
                source: Source::OfferStatus,
                list: vec![Operation {
                    id: None,
                    destination: Destination::Unknown("".into()),
                    offer_version: i64::try_from(number).ok(),
                    state: detail.state.clone(),
                    ..operation(number, &Run::beginning(number, Duration::ZERO), "")
                }],
                detail: Some(detail),
                left_out: 0,
                baseline: None,
            }),
        }
    }

    pub(crate) async fn operation(&self, id: &OperationId) -> Told<OperationDetail> {
        if let Err(told) = self.read("the operation").await {
            return told;
        }
        if let Some(status) = self.manner.no_page {
            return Told::nothing(status);
        }
        let word = {
            let world = self.world();
            let run = world.runs.iter().find(|run| run.id == id.raw());
            run.and_then(|run| self.on_page(&world, run))
        };
        self.travel().await;
        word.map_or_else(
            || Told::nothing(404),
            |word| Told {
                saw: Saw::Words(vec![(id.raw().to_owned(), word)]),
                answer: Ok(detail(word)),
            },
        )
    }

    pub(crate) async fn offer_status(&self) -> Told<OperationDetail> {
        if let Err(told) = self.read("the offer's status").await {
            return told;
        }
        let word = self.on_offer(&self.world());
        self.travel().await;
        Told {
            saw: Saw::Words(vec![(String::new(), word)]),
            answer: Ok(detail(word)),
        }
    }

    pub(crate) async fn track(&self, target: &Target, lead: Option<&Lead>) -> Told<Reading> {
        let reading = |detail| Reading {
            detail,
            retry_after: None,
            by_absence: false,
        };
        let Some(lead) = lead else {
            let id = target.binding.operation().unwrap();
            return self.operation(id).await.map(reading);
        };
        if let Err(told) = self.read("the location").await {
            return told;
        }
        let now = self.now();
        let number: usize = match &lead.to {
            LeadsTo::Operation(id) => usize::from_str_radix(&id.raw()[1..8], 16).unwrap(),
            LeadsTo::Parts(parts) => parts["number"].parse().unwrap(),
            LeadsTo::Untrusted(_) => return Told::failed(failure(Class::Bug, None, None)),
        };
        let world = self.world();
        let received = world.posts[number].received.as_ref().unwrap();
        let states = &received.own_operation;
        let state = states
            .iter()
            .rfind(|(from, _)| *from <= now)
            .map_or("running", |(_, state)| state);
        Told {
            saw: Saw::Words(Vec::new()),
            answer: Ok(reading(detail(state))),
        }
    }
}

fn operation(number: usize, run: &Run, word: &str) -> Operation {
    let changed_at = Timestamp::from_second(1_700_000_000).unwrap() + run.began;
    Operation {
        id: Some(OperationId::new(&run.id)),
        kind: "publish".into(),
        destination: Destination::Preview,
        state: status(word),
        offer_version: None,
        version: i64::try_from(number).ok(),
        changed_at: Some(changed_at),
    }
}

fn detail(state: &str) -> OperationDetail {
    OperationDetail {
        state: status(state),
        cancel_state: CancelState::Unknown,
        steps: vec![],
        messages: vec![],
    }
}
