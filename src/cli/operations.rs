//! `operations`: what runs on an offer, with its inside, and with `--all` what has ended as well.

use futures_util::{StreamExt as _, stream};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use crate::{
    cli::{
        Io,
        args::OperationsArgs,
        offers::{AT_ONCE, array, failed},
        table,
    },
    domain::{
        ids::{OfferId, Origin, PublisherId},
        operation::{CancelState, Operation, OperationDetail, Operations},
        preflight,
        status::Status,
        target::Scope,
        text::SafeText,
        verdict::Exit,
    },
    engine::{look::DETAILS, ports::Catalogue},
    presentation::{json, moment, phrase},
};

/// Lists the operations of one offer.
pub async fn run(
    catalogue: &dyn Catalogue,
    (origin, publisher): (&Origin, &PublisherId),
    args: &OperationsArgs,
    io: &mut Io<'_>,
) -> Exit {
    let scope = Scope {
        origin,
        publisher,
        offer: &args.offer,
    };
    let operations = match catalogue.operations(publisher, &args.offer).await {
        Ok(operations) => operations,
        Err(failure) => return failed(&failure, io),
    };
    say_what_is_missing(&operations, &args.offer, io);
    let wanted = preflight::with_presumption(&operations)
        .filter(|(operation, _)| args.all || operation.state.is_active());
    let mut looked_into = 0;
    let mut answers = stream::iter(wanted)
        .map(|(operation, is_presumed_ended)| {
            let asks = can_be_asked(operation) && looked_into < DETAILS;
            looked_into += usize::from(asks);
            async move {
                let detail = match &operation.id {
                    Some(id) if asks => catalogue.operation(publisher, &args.offer, id).await.map(Some),
                    _ => Ok(None),
                };
                (operation, is_presumed_ended, detail)
            }
        })
        .buffered(AT_ONCE);
    let (mut rows, mut exit) = (Vec::new(), Exit::Done);
    while let Some((operation, is_presumed_ended, detail)) = answers.next().await {
        let detail = detail.unwrap_or_else(|failure| {
            exit = exit.max(failed(&failure, io));
            None
        });
        // Without an id the inside came with the list, if at all.
        let brought = operations.detail.as_ref().filter(|_| operation.id.is_none());
        rows.push(Row {
            operation,
            name: scope.name(operation).shown(),
            detail: detail.or_else(|| brought.cloned()),
            is_presumed_ended,
        });
    }
    // Beside the table: whoever reads that gets its header and no row.
    if rows.is_empty() && !args.json {
        io.remark(&format!("countermand: {}", none(&args.offer, args.all)));
    }
    let told = if args.json {
        array(rows.iter().map(|row| row.json(publisher, &args.offer)))
    } else {
        text(&rows, &io.zone)
    };
    io.finish(&told, exit)
}

fn none(offer: &OfferId, all: bool) -> String {
    if all {
        format!("{offer} has no operations")
    } else {
        format!("nothing runs on {offer}; --all lists what has ended as well")
    }
}

/// Whether an operation is active and has an id to ask for its inside by.
fn can_be_asked(operation: &Operation) -> bool {
    operation.state.is_active() && operation.id.as_ref().is_some_and(|id| !id.is_unsafe_segment())
}

/// Says that the list is cut, and that not every operation is looked into.
fn say_what_is_missing(operations: &Operations, offer: &OfferId, io: &mut Io<'_>) {
    if !operations.is_whole() {
        let left_out = operations.left_out;
        io.complain(&format!(
            "{offer} has {left_out} more operations than are read; what runs is listed before what has ended"
        ));
    }
    let asked = operations
        .active()
        .filter(|operation| can_be_asked(operation))
        .count();
    if asked > DETAILS {
        io.complain(&format!(
            "{asked} operations run on {offer}; the steps of the first {DETAILS} are read"
        ));
    }
}

struct Row<'a> {
    operation: &'a Operation,
    name: SafeText,
    detail: Option<OperationDetail>,
    is_presumed_ended: bool,
}

/// Why an entry that is not known to have ended is no obstacle to a cancel.
const PRESUMED: &str =
    "presumed ended for the choice alone: its state is a word not known here, and a newer one runs";

#[derive(Serialize)]
struct Json<'a> {
    publisher: SafeText,
    offer: SafeText,
    operation: &'a SafeText,
    kind: &'a SafeText,
    destination: Option<SafeText>,
    state: &'a Status,
    step: Option<&'a SafeText>,
    cancel_state: Option<SafeText>,
    offer_version: Option<i64>,
    version: Option<i64>,
    changed_at: Option<Timestamp>,
    /// What is to be known beside the state; nothing mostly.
    note: Option<&'static str>,
    steps: Vec<StepJson<'a>>,
    messages: Vec<MessageJson<'a>>,
}

#[derive(Serialize)]
struct StepJson<'a> {
    id: &'a SafeText,
    name: &'a SafeText,
    state: &'a Status,
    estimate: &'a SafeText,
}

#[derive(Serialize)]
struct MessageJson<'a> {
    level: &'a SafeText,
    text: &'a SafeText,
    at: Option<Timestamp>,
}

impl Row<'_> {
    fn step(&self) -> Option<&SafeText> {
        let step = self.detail.as_ref()?.current_step()?;
        Some(&step.name)
    }

    fn cancel_state(&self) -> Option<SafeText> {
        let says: &CancelState = &self.detail.as_ref()?.cancel_state;
        json::cancel_state(says)
    }

    fn state(&self) -> String {
        let presumed = if self.is_presumed_ended {
            ", presumed ended"
        } else {
            ""
        };
        format!("{}{presumed}", self.operation.state.word())
    }

    fn json(&self, publisher: &PublisherId, offer: &OfferId) -> Json<'_> {
        let steps = self.detail.iter().flat_map(|detail| &detail.steps);
        let messages = self.detail.iter().flat_map(OperationDetail::all_messages);
        Json {
            publisher: publisher.shown(),
            offer: offer.shown(),
            operation: &self.name,
            kind: &self.operation.kind,
            destination: json::destination(&self.operation.destination),
            state: &self.operation.state,
            step: self.step(),
            cancel_state: self.cancel_state(),
            offer_version: self.operation.offer_version,
            version: self.operation.version,
            changed_at: self.operation.changed_at,
            note: self.is_presumed_ended.then_some(PRESUMED),
            steps: steps
                .map(|step| StepJson {
                    id: &step.id,
                    name: &step.name,
                    state: &step.state,
                    estimate: &step.estimate,
                })
                .collect(),
            messages: messages
                .map(|message| MessageJson {
                    level: &message.level,
                    text: &message.text,
                    at: message.at,
                })
                .collect(),
        }
    }
}

fn text(rows: &[Row<'_>], zone: &TimeZone) -> String {
    let dash = || "–".to_owned();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let operation = &row.operation;
            [
                row.name.to_string(),
                phrase::course(&operation.kind, &operation.destination),
                row.state(),
                row.step().map_or_else(dash, ToString::to_string),
                row.cancel_state().map_or_else(dash, |says| says.to_string()),
                moment::day_and_time(operation.changed_at, zone),
            ]
        })
        .collect();
    table::lay_out(["OPERATION", "WHAT", "STATE", "STEP", "CANCEL", "CHANGED"], &rows)
}

#[cfg(test)]
mod tests;
