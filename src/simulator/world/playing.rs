//! Scripts as they are played: which answer is next.

use crate::simulator::scenario::{Answer, Route, Script};

/// A script and how far it has been played.
#[derive(Clone, Debug)]
pub(crate) struct Playing {
    script: Script,
    next: usize,
    armed: bool,
}

impl Playing {
    /// A script from its beginning.
    pub(crate) fn new(script: Script) -> Self {
        let armed = !script.after_cancel && !script.from_cancel;
        Self {
            script,
            next: 0,
            armed,
        }
    }

    /// A cancel was accepted or carried out: what waits for one begins, anew.
    pub(crate) fn cancel_accepted(&mut self) {
        if self.script.after_cancel {
            self.armed = true;
            self.next = 0;
        }
    }

    /// A cancel arrived: what waits for the first one begins.
    pub(crate) fn cancel_arrived(&mut self) {
        self.armed |= self.script.from_cancel;
    }

    fn plays_on(&self, route: Route) -> bool {
        let here = self.script.on == route || self.script.on == Route::Any;
        self.armed && here && (self.script.repeat || self.next < self.script.answers.len())
    }

    fn play(&mut self) -> Option<Answer> {
        let answers = &self.script.answers;
        let answer = answers.get(self.next).or(answers.last()).cloned();
        self.next = self.next.saturating_add(1).min(answers.len());
        answer
    }
}

/// The next answer out of turn on that route, from the first script that has one.
pub(crate) fn next(scripts: &mut [Playing], route: Route) -> Option<Answer> {
    scripts.iter_mut().find(|playing| playing.plays_on(route))?.play()
}
