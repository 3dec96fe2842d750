//! A single operation, its steps and its messages.

use serde_json::{Value, json};

use super::time;
use crate::simulator::world::{Moment, Offer, Operation, StepNow, World, identity};

/// One operation, alone or as the only element of an array. There is no id inside.
pub(crate) fn single(world: &World, offer: &Offer, operation: &Operation) -> Value {
    let now = world.now();
    let mut body = json!({
        "status": operation.page_state(now),
        "messages": messages(world, offer, operation),
        "publishingVersion": identity::number(&["publishing", &operation.id]),
        "offerVersion": offer.version(now),
        "steps": steps(world, operation),
        "previewLinks": preview_links(offer, Some(operation), now),
        "liveLinks": [],
    });
    if let Some(fields) = body.as_object_mut() {
        if operation.is_active(now) && !operation.is_cancelling(now) {
            fields.insert("cancellationRequestState".into(), json!("canCancel"));
        }
        if offer.legacy {
            fields.insert("notificationEmails".into(), json!("jdoe@contoso.com"));
        }
    }
    let body = operation.quirks.apply(body);
    if offer.wrapped { json!([body]) } else { body }
}

/// The steps as they stand.
pub(crate) fn steps(world: &World, operation: &Operation) -> Value {
    operation
        .steps_at(world.now())
        .iter()
        .map(|at| step(world, operation, at))
        .collect()
}

fn step(
    world: &World,
    operation: &Operation,
    StepNow {
        form,
        status,
        progress,
    }: &StepNow<'_>,
) -> Value {
    let messages = match *status {
        "failed" => json!([{
            "messageHtml": format!("{} <b>failed</b>. Correct the offer &amp; publish it again.", form.name),
            "level": "error",
            "timestamp": time::precise(world.wall(operation.changed(world.now()))),
        }]),
        _ => json!([]),
    };
    let mut body = json!({
        "id": form.id,
        "stepName": form.name,
        "description": form.description,
        "status": status,
        "messages": messages,
        "progressPercentage": progress,
    });
    if let (Some(frame), Some(fields)) = (&form.frame, body.as_object_mut()) {
        fields.insert("estimatedTimeFrame".into(), json!(frame));
    }
    body
}

/// What the service says about the operation: the scenario's words, or the usual ones.
pub(crate) fn messages(world: &World, offer: &Offer, operation: &Operation) -> Value {
    let at = time::precise(world.wall(operation.started));
    let message = |html: &str, level: &str| json!({ "messageHtml": html, "level": level, "timestamp": at });
    if operation.messages.is_empty() {
        let html = format!(
            "<p>Publishing of <b>{}</b> was requested by jdoe@contoso.com. \
             Read <a href=\"https://learn.microsoft.com/partner-center/\">what happens next</a>&nbsp;&amp; wait.</p>",
            offer.id
        );
        return json!([message(&html, "information")]);
    }
    operation
        .messages
        .iter()
        .map(|form| message(&form.html, &form.level))
        .collect()
}

/// Links to the preview, once there is one.
pub(crate) fn preview_links(offer: &Offer, operation: Option<&Operation>, now: Moment) -> Value {
    let done = operation.is_some_and(|o| matches!(o.state(now), "succeeded" | "completed" | "complete"));
    if !done {
        return json!([]);
    }
    let uri = format!(
        "https://portal.azure.com/#create/{}.{}-preview",
        offer.publisher, offer.id
    );
    json!([{ "displayText": "Preview in the Azure portal", "uri": uri }])
}
