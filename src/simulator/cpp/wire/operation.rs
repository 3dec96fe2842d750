//! A single operation, its steps and its messages.

use serde_json::{Value, json};

use super::time;
use crate::simulator::identity;
use crate::simulator::world::{Offer, Operation, StepNow, WorldTime, is_success};

/// One operation, alone or as the only element of an array. There is no id inside.
pub(in crate::simulator::cpp) fn single(offer: &Offer, operation: &Operation, time: WorldTime) -> Value {
    let now = time.now;
    let mut body = json!({
        "status": operation.page_state(now),
        "messages": messages(offer, operation, time),
        "publishingVersion": identity::number(&["publishing", &operation.id]),
        "offerVersion": offer.version(now),
        "steps": steps(operation, time),
        "previewLinks": preview_links(offer, Some(operation), time),
        "liveLinks": [],
    });
    if operation.is_active(now) && !operation.is_canceling(now) {
        body["cancellationRequestState"] = json!("canCancel");
    }
    if offer.legacy {
        body["notificationEmails"] = json!("jdoe@contoso.com");
    }
    let body = operation.quirks.apply(body);
    if offer.wrapped { json!([body]) } else { body }
}

/// The steps as they stand.
pub(super) fn steps(operation: &Operation, time: WorldTime) -> Value {
    operation
        .steps_at(time.now)
        .map(|at| step(operation, &at, time))
        .collect()
}

fn step(operation: &Operation, at: &StepNow<'_>, time: WorldTime) -> Value {
    let StepNow { step, status, .. } = at;
    let messages = match *status {
        "failed" => json!([{
            "messageHtml": format!("{} <b>failed</b>. Correct the offer &amp; publish it again.", step.name),
            "level": "error",
            "timestamp": time::precise(time.wall(operation.changed(time.now))),
        }]),
        _ => json!([]),
    };
    let mut body = json!({
        "id": step.id,
        "stepName": step.name,
        "description": step.description,
        "status": status,
        "messages": messages,
        "progressPercentage": at.progress,
    });
    if let Some(frame) = &step.frame {
        body["estimatedTimeFrame"] = json!(frame);
    }
    body
}

/// The service's messages about the operation: the scenario's, or the default one.
pub(super) fn messages(offer: &Offer, operation: &Operation, time: WorldTime) -> Value {
    let at = time::precise(time.wall(operation.start()));
    let message = |html: &str, level: &str| json!({ "messageHtml": html, "level": level, "timestamp": at });
    if operation.messages.is_empty() {
        let html = format!(
            "<p>Publishing of <b>{}</b> was requested by jdoe@contoso.com. \
             Read <a href=\"https://learn.microsoft.com/partner-center/\">what happens next</a>&nbsp;&amp; wait.</p>",
            offer.id
        );
        return json!([message(&html, "information")]);
    }
    let messages = operation.messages.iter();
    messages.map(|own| message(&own.html, &own.level)).collect()
}

/// Links to the preview, once there is one.
pub(super) fn preview_links(offer: &Offer, operation: Option<&Operation>, time: WorldTime) -> Value {
    if !operation.is_some_and(|operation| is_success(operation.state(time.now))) {
        return json!([]);
    }
    let uri = format!(
        "https://portal.azure.com/#create/{}.{}-preview",
        offer.publisher, offer.id
    );
    json!([{ "displayText": "Preview in the Azure portal", "uri": uri }])
}
