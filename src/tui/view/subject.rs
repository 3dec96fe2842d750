//! What a status or the details tell of: an offer, one of its operations, and our cancellation of that.

use crate::{
    domain::{
        ids::OfferId,
        offer::Offer,
        operation::{Operation, OperationDetail},
        remote::Remote,
        target::Binding,
    },
    engine::Tracked,
    presentation::{active, story_of},
    tui::{model::Model, width::cells},
};

/// What a status tells of: an offer, one of its operations, and our cancellation of that.
pub(super) struct Subject<'a> {
    /// The offer's id.
    pub(super) id: &'a OfferId,
    /// The offer, unless it is not in the list, or not yet.
    pub(super) offer: Option<&'a Offer>,
    /// Our cancellation.
    pub(super) cancellation: Option<&'a Tracked>,
    /// The operation, as it was last read.
    pub(super) operation: Option<&'a Operation>,
    /// Its steps and messages.
    pub(super) detail: Option<&'a OperationDetail>,
}

impl<'a> Subject<'a> {
    /// The subject for `id`: the `chosen` cancellation, or else what is newest on the offer.
    pub(super) fn of(model: &'a Model, id: &'a OfferId, chosen: Option<&'a Tracked>) -> Self {
        let known = &model.known;
        let cancellation = chosen.or_else(|| story_of(known, id));
        let list = known.operations_of(id).and_then(Remote::value);
        let operation = match cancellation.map(|tracked| &tracked.cancellation.request.target.binding) {
            Some(binding) => {
                list.and_then(|known| known.list.iter().find(|operation| binding.names(operation)))
            }
            None => active(known, id).next(),
        };
        let binding = cancellation.map(|tracked| tracked.cancellation.request.target.binding.clone());
        let binding = binding.or_else(|| operation.map(Binding::of));
        let detail = cancellation
            .and_then(|tracked| tracked.detail.as_deref())
            .or_else(|| binding.and_then(|binding| known.detail_of(id, &binding)));
        Self {
            id,
            offer: model.offer(id).map(|offer| &**offer),
            cancellation,
            operation,
            detail,
        }
    }

    /// `contoso-vm · publish → preview · 5a63deb5`; where that has no room, without the end that would be cut.
    pub(super) fn title(&self, model: &Model, room: usize) -> String {
        let id = self.id;
        let (kind, to, short) = match (self.cancellation, self.operation) {
            (Some(tracked), _) => {
                let request = &tracked.cancellation.request;
                let shown = &request.shown;
                (&shown.kind, &shown.destination, request.target.name().short())
            }
            (None, Some(operation)) => (
                &operation.kind,
                &operation.destination,
                model.scope(id).name(operation).short(),
            ),
            (None, None) => {
                let kind = self.offer.map(Offer::short_kind);
                return kind.map_or_else(|| id.to_string(), |kind| format!("{id} · {kind}"));
            }
        };
        let title = format!("{id} · {kind} → {}", to.word());
        if cells(&title) + cells(short.as_str()) + 3 > room {
            return title;
        }
        format!("{title} · {short}")
    }
}
