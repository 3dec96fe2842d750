//! The steps of an operation, and when each is due.

use jiff::SignedDuration;
use serde::Deserialize;

/// A step.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// The id.
    pub id: String,
    /// `stepName`.
    pub name: String,
    /// The description.
    #[serde(default)]
    pub description: String,
    /// `estimatedTimeFrame`, which the service leaves out of some steps.
    pub frame: Option<String>,
    /// Its share of the operation's time, relative to the other steps.
    #[serde(default = "one")]
    pub share: u32,
    /// A status word it always has, instead of the one that follows from the time.
    pub status: Option<String>,
}

fn one() -> u32 {
    1
}

/// Begin and end of each step, after the operation's start.
pub(super) fn spans(
    steps: &[Step],
    lasts: SignedDuration,
) -> impl Iterator<Item = (SignedDuration, SignedDuration)> {
    let total = steps
        .iter()
        .fold(0u32, |sum, step| sum.saturating_add(step.share))
        .max(1);
    let offset = move |shares: u32| lasts.mul_f64(f64::from(shares) / f64::from(total));
    steps.iter().scan(0u32, move |sum, step| {
        let before = *sum;
        *sum = sum.saturating_add(step.share).min(total);
        Some((offset(before), offset(*sum)))
    })
}

/// The step in which an operation fails, and how long after the operation's start: the one of that id, or else
/// the last that takes any time.
pub(super) fn failing<'a>(
    id: Option<&str>,
    steps: &'a [Step],
    lasts: SignedDuration,
) -> Option<(&'a Step, SignedDuration)> {
    let named = steps.iter().position(|step| Some(step.id.as_str()) == id);
    let at = named.or_else(|| steps.iter().rposition(|step| step.share > 0))?;
    let (step, (_, end)) = steps.iter().zip(spans(steps, lasts)).nth(at)?;
    Some((step, end))
}
