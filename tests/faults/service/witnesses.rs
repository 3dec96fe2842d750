//! The witnesses of an operation, each with words of its own: its page, the list of submissions, the offer's status.

use std::time::Duration;

use crate::{
    dice::Dice,
    kinds::{Kind, Kinds},
    service::Service,
    world::{Run, World},
};

/// How this service tells.
#[derive(Debug)]
pub(crate) struct Manner {
    page: Page,
    /// How far page and list are behind.
    page_lag: Duration,
    list_lag: Duration,
    /// Whether only some of its machines are behind.
    is_uneven: bool,
    /// What the offer's status tells of while it knows nothing newer.
    before: &'static str,
    /// What the page says in the place of an operation, always.
    pub(super) no_page: Option<u16>,
    /// From when on there is no list, and what is said in its place.
    pub(super) no_list: Option<(Duration, u16)>,
    /// Whether it is not there now and then.
    pub(super) list_flickers: bool,
}

/// The words of an operation's page.
#[derive(Clone, Copy, Debug)]
enum Page {
    /// Those of the list.
    Plain,
    /// The documented ones, which have none for canceled.
    Documented(&'static str),
    /// It never notices a cancel.
    Deaf,
    /// Those of the list, which for its part has none for canceled.
    Alone,
}

impl Manner {
    pub(super) fn of(dice: &Dice, kinds: &Kinds) -> Self {
        let page = match dice.below(4) {
            _ if !kinds.has(Kind::Tongues) => Page::Plain,
            0 => Page::Plain,
            1 => Page::Documented(dice.pick(&["completed", "failed"])),
            // Without the one nobody could tell better than the other.
            _ if kinds.has(Kind::NoList) || kinds.has(Kind::NoPage) => Page::Plain,
            2 => Page::Deaf,
            _ => Page::Alone,
        };
        let lag = || {
            if kinds.has(Kind::Lag) && dice.chance(50) {
                dice.seconds(dice.pick(&[3, 20, 120, 4_000]))
            } else {
                Duration::ZERO
            }
        };
        let no_page = kinds.has(Kind::NoPage).then(|| dice.pick(&[403, 404, 404, 405]));
        let from = if dice.chance(50) { 0 } else { 400 };
        let no_list = (kinds.has(Kind::NoList) && no_page.is_none()).then(|| {
            (
                dice.seconds(from + 1).saturating_sub(Duration::from_secs(1)),
                dice.pick(&[403, 404, 405]),
            )
        });
        Self {
            list_flickers: kinds.has(Kind::NoList) && dice.chance(30),
            page,
            page_lag: lag(),
            list_lag: lag(),
            is_uneven: dice.chance(50),
            before: dice.pick(&["succeeded", "failed", "canceled", "neverPublished"]),
            no_page,
            no_list,
        }
    }
}

impl Service {
    fn state_after(&self, world: &World, run: &Run, lag: Duration) -> &'static str {
        let is_uneven = self.manner.is_uneven && self.dice.chance(50);
        let is_behind = !world.is_well && !is_uneven;
        let lag = if is_behind { lag } else { Duration::ZERO };
        // What is new is there at once; what changes is told late.
        let at = self.now().saturating_sub(lag).max(run.began);
        run.state(at)
    }

    pub(super) fn on_page(&self, world: &World, run: &Run) -> Option<&'static str> {
        if !world.is_well && self.now() < run.missing_until.0 {
            return None;
        }
        let state = self.state_after(world, run, self.manner.page_lag);
        Some(match (self.manner.page, state) {
            (Page::Documented(end), "canceled") => end,
            (Page::Deaf, "canceled") => "running",
            (Page::Documented(_), "succeeded") => "completed",
            (_, state) => state,
        })
    }

    pub(super) fn on_list(&self, world: &World, run: &Run) -> Option<&'static str> {
        if !world.is_well && self.now() < run.missing_until.1 {
            return None;
        }
        match (run.old_word, self.state_after(world, run, self.manner.list_lag)) {
            (Some(old), _) => Some(old),
            (None, "running") if self.dice.chance(5) => Some("quantum"),
            (None, "canceled") if matches!(self.manner.page, Page::Alone) => Some("failed"),
            (None, state) => Some(state),
        }
    }

    /// What the offer's status says: the state of the newest operation, or of what was before it.
    pub(crate) fn on_offer(&self, world: &World) -> &'static str {
        let now = self.now();
        // Where there are no ids the offer's status is all there is, and nothing could show that it is old.
        let is_all = world.is_well || matches!(self.manner.no_list, Some((from, _)) if now >= from);
        let is_known = |run: &&Run| {
            let (page, list) = run.missing_until;
            run.old_word.is_none() && (is_all || now >= page.max(list))
        };
        world
            .runs
            .iter()
            .rfind(is_known)
            .map_or(self.manner.before, |run| run.state(now))
    }

    pub(crate) fn has_no_list(&self) -> Option<u16> {
        let (from, status) = self.manner.no_list?;
        if self.manner.list_flickers {
            return (!self.is_well() && self.dice.chance(30)).then_some(status);
        }
        (self.now() >= from).then_some(status)
    }
}
