//! The reading client.

use async_trait::async_trait;

use super::{
    characteristics::CHARACTERISTICS,
    get::Reader,
    list_route::ListRoute,
    operations,
    routes::Request,
    wire::{self, Detail, Rank},
};
use crate::{
    domain::{
        ids::{OfferId, OperationId, Origin, PublisherId},
        lead::Lead,
        offer::Offers,
        operation::{Baseline, OperationDetail, Operations},
        target::{Binding, Target},
    },
    engine::{
        Characteristics,
        failure::Failure,
        ports::{Catalogue, Reading},
    },
    service::http::{ClientOptions, Deferred, errors, headers},
};

/// Reads the Cloud Partner Portal. Cheap to share, and without a limit on concurrency of its own.
pub struct Client {
    origin: Origin,
    reader: Deferred<Reader>,
    submissions: ListRoute,
}

impl Client {
    /// Creates a client with a connection pool of its own, without connecting yet.
    ///
    /// # Errors
    ///
    /// When certificates cannot be read, or the platform has none.
    pub fn new(options: &ClientOptions) -> Result<Self, Failure> {
        let client = Self::deferred(options);
        Ok(Self {
            reader: client.reader.now()?,
            ..client
        })
    }

    /// Creates a client that reads the certificates for its first request, which fails if they are unusable.
    #[must_use]
    pub fn deferred(options: &ClientOptions) -> Self {
        let (origin, options) = (options.origin.clone(), options.clone());
        Self {
            origin,
            reader: Deferred::new(move || Reader::new(&options)),
            submissions: ListRoute::default(),
        }
    }

    async fn submissions(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        named: Option<&OperationId>,
    ) -> Result<Operations, Failure> {
        let of = (publisher, offer);
        operations::read(
            self.reader.get().await?,
            &self.submissions,
            &self.origin,
            of,
            named,
        )
        .await
    }

    async fn detail(&self, request: &Request) -> Result<OperationDetail, Failure> {
        let (detail, answered) = self.reader.get().await?.one::<Detail>(request).await?;
        Ok(detail.read(|said| answered.bearer.hide(said)))
    }
}

#[async_trait]
impl Catalogue for Client {
    fn characteristics(&self) -> &'static Characteristics {
        CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        let request = Request::publishers(&self.origin);
        let listed = self.reader.get().await?.list(&request, |_| Rank::Other).await?;
        let publishers = listed.kept.into_iter().filter_map(wire::Publisher::read);
        Ok(publishers.collect())
    }

    async fn offers(&self, publisher: &PublisherId) -> Result<Offers, Failure> {
        let request = Request::offers(&self.origin, publisher)?;
        let listed = self.reader.get().await?.list(&request, wire::Offer::rank).await?;
        let offers = listed.kept.into_iter().filter_map(|offer| offer.read(publisher));
        Ok(Offers {
            list: offers.collect(),
            left_out: listed.left_out,
        })
    }

    async fn operations(&self, publisher: &PublisherId, offer: &OfferId) -> Result<Operations, Failure> {
        self.submissions(publisher, offer, None).await
    }

    async fn operations_with(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        named: &OperationId,
    ) -> Result<Operations, Failure> {
        self.submissions(publisher, offer, Some(named)).await
    }

    async fn operation(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        operation: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        self.detail(&Request::operation(&self.origin, publisher, offer, operation)?)
            .await
    }

    async fn offer_status(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
    ) -> Result<OperationDetail, Failure> {
        self.detail(&Request::status(&self.origin, publisher, offer)?)
            .await
    }

    async fn track(
        &self,
        target: &Target,
        lead: Option<&Lead>,
        _: Option<&Baseline>,
    ) -> Result<Reading, Failure> {
        let (publisher, offer) = (&target.publisher, &target.offer);
        let request = match (lead, &target.binding) {
            (Some(lead), _) => Request::lead(&self.origin, publisher, offer, &lead.to)?,
            (None, Binding::Operation(id)) => Request::operation(&self.origin, publisher, offer, id)?,
            (None, Binding::Fingerprint(_)) => {
                let label = format!("GET operation of {publisher}/{offer}");
                return Err(errors::setup::not_called(&label, "the service gave it no id"));
            }
        };
        if target.origin != self.origin {
            return Err(errors::setup::other_origin(
                &request.label,
                &target.origin,
                &self.origin,
            ));
        }
        let (detail, answered) = self.reader.get().await?.one::<Detail>(&request).await?;
        Ok(Reading {
            detail: detail.read(|said| answered.bearer.hide(said)),
            retry_after: headers::retry_after(&answered.headers),
            by_absence: false,
        })
    }
}
