//! What a check found, in one line, and what to do about it.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    domain::{text::SafeText, verdict::Exit},
    engine::{Class, Failure},
};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It works.
    Ok,
    /// It works, and something about it is to be known.
    Warn,
    /// It does not work.
    Fail,
    /// What it stands on does not work, or there is nothing to check.
    Skipped,
}

impl State {
    /// The word at the beginning of the line.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skipped => "skip",
        }
    }
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct CheckResult {
    pub(super) state: State,
    pub(super) what: SafeText,
    /// What a person can do; none where there is nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<SafeText>,
    /// What a script may want apart from the words.
    #[serde(flatten)]
    facts: Map<String, Value>,
    /// How the program ends for it.
    #[serde(skip)]
    pub(super) exit: Exit,
}

impl CheckResult {
    pub(super) fn ok(what: &str) -> Self {
        Self::new(State::Ok, what, None, Exit::Done)
    }

    pub(super) fn warn(what: &str, advice: &str) -> Self {
        Self::new(State::Warn, what, Some(advice), Exit::Done)
    }

    pub(super) fn fail(what: &str, advice: &str) -> Self {
        Self::new(State::Fail, what, Some(advice), Exit::Failure)
    }

    /// Not checked, because of `why`.
    pub(super) fn skipped(why: &str) -> Self {
        Self::new(State::Skipped, why, None, Exit::Done)
    }

    /// What the service, or the way to it, had against it.
    pub(super) fn failed(failure: &Failure) -> Self {
        let mut what = failure.what.to_string();
        if let Some(id) = &failure.correlation_id {
            what = format!("{what} [correlation {id}]");
        }
        let found = Self::fail(&what, failure.advice.as_str());
        match failure.class {
            Class::SignIn => found.ending(Exit::SignIn),
            _ => found,
        }
    }

    fn new(state: State, what: &str, advice: Option<&str>, exit: Exit) -> Self {
        Self {
            state,
            what: SafeText::new(what),
            advice: advice.filter(|advice| !advice.is_empty()).map(SafeText::new),
            facts: Map::new(),
            exit,
        }
    }

    /// With something for a script. What has no form in JSON is left out.
    pub(super) fn with(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.facts.insert(name.to_owned(), value);
        }
        self
    }

    /// With another end of the program.
    pub(super) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// Whether what stands on it can be checked.
    pub(super) fn holds(&self) -> bool {
        matches!(self.state, State::Ok | State::Warn)
    }
}
