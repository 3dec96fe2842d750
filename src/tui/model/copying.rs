//! What can be copied of what is selected, each as it would be copied.
//!
//! What reaches the clipboard reaches a shell next, or a browser. So only what is plain to see is copied: an id that may
//! be sent as well, an address that has nothing but an address's letters. Of anything else only a changed form could be
//! shown, and that would name something else; it is not copied, and says so.

use crate::{
    domain::{
        cancellation::Cancellation,
        ids::{OfferId, OperationId, Origin, PublisherId},
        target::{Binding, Target},
        text::SafeText,
    },
    engine::Characteristics,
    presentation::active,
    tui::model::Model,
};

/// The most bytes of base64 that common terminals take in one sequence.
const MOST: usize = 74_994;

/// A text that may be copied: printable ASCII of a bounded length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip(Box<str>);

/// A list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copying {
    /// What there is, in the order that it is mostly wanted in; never empty.
    pub(crate) pieces: Vec<Piece>,
    /// The chosen one, from 0.
    pub(crate) at: usize,
}

/// One thing to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is.
    pub(crate) label: &'static str,
    /// As it is copied, or why it is not and how it may be shown.
    pub(crate) text: Result<Clip, (SafeText, &'static str)>,
}

impl Clip {
    /// Takes `text` as it is.
    ///
    /// # Errors
    /// Why it is not copied.
    pub(crate) fn new(text: &str) -> Result<Self, &'static str> {
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || text.is_empty() {
            return Err("it holds characters that are not safe to paste");
        }
        if text.len().div_ceil(3) * 4 > MOST {
            return Err("it is longer than terminals take");
        }
        Ok(Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Piece {
    fn new(label: &'static str, shown: &SafeText, raw: Option<&str>) -> Self {
        let text = match raw {
            Some(raw) => Clip::new(raw),
            None => Err("it holds characters that are not safe to paste"),
        };
        Self {
            label,
            text: text.map_err(|why| (shown.clone(), why)),
        }
    }

    /// As it is shown.
    pub(crate) fn shown(&self) -> &str {
        match &self.text {
            Ok(clip) => clip.as_str(),
            Err((shown, _)) => shown.as_str(),
        }
    }
}

/// What can be copied where the keys are; nothing where nothing is selected.
pub(crate) fn copyable(model: &Model) -> Option<Copying> {
    let pieces = match model.pointed_cancellation() {
        Some(cancellation) => of_cancellation(model.setup.service, cancellation),
        None => of_offer(model, model.pointed()?),
    };
    Some(Copying { pieces, at: 0 })
}

fn of_cancellation(service: &Characteristics, cancellation: &Cancellation) -> Vec<Piece> {
    let Target {
        origin,
        publisher,
        offer,
        binding,
    } = &cancellation.request.target;
    let mut pieces = vec![offer_piece(offer)];
    if let Binding::Operation(operation) = binding {
        pieces.push(operation_piece(operation));
    }
    let answer = cancellation.answer.as_ref();
    if let Some(location) = answer.and_then(|answer| answer.lead.as_ref()) {
        let shown = &location.shown;
        pieces.push(Piece::new(
            "Location",
            shown,
            Some(shown.as_str()).filter(|raw| is_address(raw)),
        ));
    }
    if let Some(id) = answer.and_then(|answer| answer.correlation_id.as_ref()) {
        let raw = OperationId::new(id.as_str());
        pieces.push(Piece::new("correlation id", id, raw.segment()));
    }
    if let Binding::Operation(operation) = binding {
        pieces.extend(curl(service, origin, publisher, offer, operation));
    }
    pieces
}

fn of_offer(model: &Model, offer: &OfferId) -> Vec<Piece> {
    let ids = || active(&model.known, offer).filter_map(|operation| operation.id.as_ref());
    let setup = &model.setup;
    let mut pieces = vec![offer_piece(offer)];
    pieces.extend(ids().map(operation_piece));
    pieces.extend(ids().filter_map(|id| curl(setup.service, &setup.origin, &setup.publisher, offer, id)));
    pieces
}

fn offer_piece(offer: &OfferId) -> Piece {
    Piece::new("offer id", &offer.shown(), offer.segment())
}

fn operation_piece(operation: &OperationId) -> Piece {
    Piece::new("operation id", &operation.shown(), operation.segment())
}

/// A line that reads the operation, and can do nothing else.
fn curl(
    service: &Characteristics,
    origin: &Origin,
    publisher: &PublisherId,
    offer: &OfferId,
    operation: &OperationId,
) -> Option<Piece> {
    let line = service.curl(origin, publisher, offer, operation)?;
    Some(Piece::new("curl line", &SafeText::new(&line), Some(&line)))
}

/// Whether `text` has nothing but what an address may have, so that the form that is shown is the one that came.
fn is_address(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::{TestApp, VM, busy, quiet};

    fn pieces(app: &TestApp) -> Vec<(&'static str, String)> {
        let copying = copyable(&app.model).unwrap();
        let told = |piece: &Piece| (piece.label, piece.text.as_ref().unwrap().as_str().to_owned());
        copying.pieces.iter().map(told).collect()
    }

    #[test]
    fn an_offer_in_flight_has_its_ids_and_a_line_that_reads() {
        let mut app = TestApp::new(quiet());
        app.select("contoso-vm");
        let line = format!(
            "printf 'Authorization: Bearer %s' \"$TOKEN\" | curl -sS -H @- 'https://cloudpartner.azure.com/api/publishers/contoso/\
             offers/contoso-vm/operations/{VM}?api-version=2017-10-31'"
        );
        assert_eq!(
            pieces(&app),
            [
                ("offer id", "contoso-vm".into()),
                ("operation id", VM.into()),
                ("curl line", line)
            ]
        );
    }

    #[test]
    fn a_cancellation_has_what_the_service_answered() {
        let mut app = TestApp::new(busy());
        app.select("contoso-vm");
        let labels: Vec<_> = pieces(&app).into_iter().map(|(label, _)| label).collect();
        assert_eq!(
            labels,
            [
                "offer id",
                "operation id",
                "Location",
                "correlation id",
                "curl line"
            ]
        );
    }

    #[test]
    fn what_is_not_safe_is_shown_and_not_copied() {
        for raw in [
            "a b",
            "a\x1b]52;c;x",
            "a\u{202e}b",
            "$(reboot)",
            "a'b",
            "a;b",
            "é",
            "",
        ] {
            let piece = offer_piece(&OfferId::new(raw));
            assert!(piece.text.is_err(), "{raw:?}");
            assert!(!piece.shown().contains('\x1b'));
            let operation = OperationId::new(raw);
            assert_eq!(
                curl(
                    crate::service::cpp::CHARACTERISTICS,
                    &setup_origin(),
                    &"contoso".into(),
                    &"vm".into(),
                    &operation
                ),
                None,
                "{raw:?}"
            );
        }
        for (raw, is) in [
            ("https://a.b/c?d=e%20f", true),
            ("/a^[b", false),
            ("/a b", false),
            ("/a<U+202E>", false),
            ("/a…", false),
        ] {
            assert_eq!(is_address(raw), is, "{raw}");
        }
    }

    fn setup_origin() -> Origin {
        crate::tui::fixture::setup().origin
    }

    #[test]
    fn a_clip_has_an_end() {
        assert!(Clip::new(&"x".repeat(56_244)).is_ok());
        assert_eq!(
            Clip::new(&"x".repeat(56_248)),
            Err("it is longer than terminals take")
        );
        assert!(Clip::new("two\nlines").is_err());
    }
}
