//! Requests with their label and URL, built from parts that are safe to send.

use reqwest::Method;

use super::location;

use crate::{
    domain::{
        ids::{OfferId, OperationId, Origin, PublisherId},
        lead::LeadsTo,
        text::SafeText,
    },
    engine::failure::Failure,
    service::http::errors,
};

/// API version of every request.
const API_VERSION: &str = "api-version=2017-10-31";

/// Returns the URL of one operation, for reading it by other tools.
pub(super) const OPERATION_ADDRESS: &str =
    "{origin}/api/publishers/{publisher}/offers/{offer}/operations/{operation}?api-version=2017-10-31";

/// One request to the service.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Label for people: `GET offers of contoso`.
    pub(super) label: SafeText,
    /// HTTP method.
    pub(super) method: Method,
    /// Full URL.
    pub(super) url: String,
}

/// An offer whose ids are safe in a URL.
#[derive(Clone, Copy)]
struct Place<'a> {
    publisher: &'a str,
    offer: &'a str,
}

impl Request {
    /// Lists the publishers that the token may see.
    pub(super) fn publishers(origin: &Origin) -> Self {
        Self::get("GET publishers", origin, "/publishers")
    }

    /// Lists the offers of a publisher.
    pub(super) fn offers(origin: &Origin, publisher: &PublisherId) -> Result<Self, Failure> {
        let label = format!("GET offers of {publisher}");
        let publisher = segment(&label, publisher.segment(), &publisher.shown())?;
        Ok(Self::get(
            &label,
            origin,
            &format!("/publishers/{publisher}/offers"),
        ))
    }

    /// Reads one offer.
    pub(super) fn offer(origin: &Origin, publisher: &PublisherId, offer: &OfferId) -> Result<Self, Failure> {
        Self::of_offer(origin, "GET offer", publisher, offer, "")
    }

    /// Reads the state of one offer.
    pub(super) fn status(origin: &Origin, publisher: &PublisherId, offer: &OfferId) -> Result<Self, Failure> {
        Self::of_offer(origin, "GET status of", publisher, offer, "/status")
    }

    /// Lists the operations of one offer. Not filtered: sources disagree on the name of the filter.
    pub(super) fn submissions(
        origin: &Origin,
        publisher: &PublisherId,
        offer: &OfferId,
    ) -> Result<Self, Failure> {
        Self::of_offer(origin, "GET operations of", publisher, offer, "/submissions/")
    }

    /// Reads one operation.
    pub(super) fn operation(
        origin: &Origin,
        publisher: &PublisherId,
        offer: &OfferId,
        operation: &OperationId,
    ) -> Result<Self, Failure> {
        let what = format!("GET operation {} of", operation.short());
        let id = segment(&what, operation.segment(), &operation.shown())?;
        Self::of_offer(origin, &what, publisher, offer, &format!("/operations/{id}"))
    }

    /// Reads a lead's resource, by a URL built from its parts.
    pub(super) fn lead(
        origin: &Origin,
        publisher: &PublisherId,
        offer: &OfferId,
        to: &LeadsTo,
    ) -> Result<Self, Failure> {
        match to {
            LeadsTo::Operation(id) => Self::operation(origin, publisher, offer, id),
            LeadsTo::Parts(parts) => {
                let label = format!("GET older operation of {publisher}/{offer}");
                let place = place(&label, publisher, offer)?;
                let Some((number, slot)) = location::older(parts) else {
                    return Err(errors::setup::not_called(&label, "its form is unknown"));
                };
                for part in [number, slot] {
                    segment(&label, OperationId::new(part).segment(), &SafeText::new(part))?;
                }
                let path = format!("/operations/{}${}${number}${slot}", place.publisher, place.offer);
                Ok(Self::get(&label, origin, &path))
            }
            LeadsTo::Untrusted(why) => Err(errors::setup::not_called(
                &format!("GET location of {publisher}/{offer}"),
                why.why(),
            )),
        }
    }

    /// Cancels the active operation on an offer.
    pub(super) fn cancel(origin: &Origin, publisher: &PublisherId, offer: &OfferId) -> Result<Self, Failure> {
        let label = format!("POST cancel of {publisher}/{offer}");
        let Place { publisher, offer } = place(&label, publisher, offer)?;
        let path = format!("/publishers/{publisher}/offers/{offer}/cancel");
        Ok(Self::new(Method::POST, &label, origin, &path))
    }

    fn of_offer(
        origin: &Origin,
        what: &str,
        publisher: &PublisherId,
        offer: &OfferId,
        rest: &str,
    ) -> Result<Self, Failure> {
        let label = format!("{what} {publisher}/{offer}");
        let Place { publisher, offer } = place(&label, publisher, offer)?;
        let path = format!("/publishers/{publisher}/offers/{offer}{rest}");
        Ok(Self::get(&label, origin, &path))
    }

    fn get(label: &str, origin: &Origin, path: &str) -> Self {
        Self::new(Method::GET, label, origin, path)
    }

    fn new(method: Method, label: &str, origin: &Origin, path: &str) -> Self {
        Self {
            label: label.into(),
            method,
            url: format!("{origin}/api{path}?{API_VERSION}"),
        }
    }
}

fn place<'a>(label: &str, publisher: &'a PublisherId, offer: &'a OfferId) -> Result<Place<'a>, Failure> {
    Ok(Place {
        publisher: segment(label, publisher.segment(), &publisher.shown())?,
        offer: segment(label, offer.segment(), &offer.shown())?,
    })
}

fn segment<'a>(label: &str, segment: Option<&'a str>, shown: &SafeText) -> Result<&'a str, Failure> {
    segment.ok_or_else(|| {
        errors::setup::not_called(
            label,
            &format!("`{shown}` could mean something else in an address"),
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{domain::lead::UntrustedReason, engine::failure::Class};

    fn origin() -> Origin {
        Origin::parse("https://cloudpartner.azure.com").unwrap()
    }

    fn older(slot: &str) -> LeadsTo {
        let parts = [("number", "2"), ("slot", slot)];
        LeadsTo::Parts(parts.map(|(name, part)| (name.into(), part.into())).into())
    }

    #[test]
    fn urls_match_the_documentation() {
        let (publisher, offer) = (PublisherId::new("contoso"), OfferId::new("contoso-vm"));
        let older = older("preview");
        for (request, path) in [
            (Request::publishers(&origin()), "/publishers"),
            (
                Request::offers(&origin(), &publisher).unwrap(),
                "/publishers/contoso/offers",
            ),
            (
                Request::status(&origin(), &publisher, &offer).unwrap(),
                "/publishers/contoso/offers/contoso-vm/status",
            ),
            (
                Request::submissions(&origin(), &publisher, &offer).unwrap(),
                "/publishers/contoso/offers/contoso-vm/submissions/",
            ),
            (
                Request::lead(&origin(), &publisher, &offer, &LeadsTo::Operation("408a".into())).unwrap(),
                "/publishers/contoso/offers/contoso-vm/operations/408a",
            ),
            (
                Request::lead(&origin(), &publisher, &offer, &older).unwrap(),
                "/operations/contoso$contoso-vm$2$preview",
            ),
            (
                Request::cancel(&origin(), &publisher, &offer).unwrap(),
                "/publishers/contoso/offers/contoso-vm/cancel",
            ),
        ] {
            let url = format!("https://cloudpartner.azure.com/api{path}?api-version=2017-10-31");
            assert_eq!(request.url, url);
            // Parsing the URL on its way out must leave it unchanged.
            assert_eq!(url::Url::parse(&request.url).unwrap().as_str(), url);
        }
    }

    #[test]
    fn ids_that_could_change_a_url_make_none() {
        let (good, bad) = (PublisherId::new("contoso"), PublisherId::new("../contoso"));
        let (offer, bad_offer) = (OfferId::new("vm"), OfferId::new("vm?x"));
        let untrusted = LeadsTo::Untrusted(UntrustedReason::OtherOrigin);
        let (older, unknown) = (older("../x"), LeadsTo::Parts(BTreeMap::new()));
        for refused in [
            Request::offers(&origin(), &bad),
            Request::cancel(&origin(), &bad, &offer),
            Request::cancel(&origin(), &good, &bad_offer),
            Request::status(&origin(), &good, &bad_offer),
            Request::operation(&origin(), &good, &offer, &"a/b".into()),
            Request::lead(&origin(), &good, &offer, &untrusted),
            Request::lead(&origin(), &good, &offer, &older),
            Request::lead(&origin(), &good, &offer, &unknown),
        ] {
            assert_eq!(refused.unwrap_err().class, Class::Bug);
        }
    }
}
