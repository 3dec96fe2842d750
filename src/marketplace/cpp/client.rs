//! The client that reads.

use async_trait::async_trait;

use super::{
    errors,
    get::Reader,
    headers, operations,
    options::ClientOptions,
    request::Request,
    routes::Route,
    wire::{self, Detail},
};
use crate::{
    domain::{
        ids::{OfferId, OperationId, Origin, PublisherId},
        location::Way,
        offer::Offer,
        operation::{OperationDetail, Operations},
        target::Target,
        text::SafeText,
    },
    engine::{
        failure::Failure,
        ports::{Catalogue, Followed},
    },
};

/// Reads the Cloud Partner Portal. Cheap to share, and asks as much at once as it is asked to.
pub struct Client {
    origin: Origin,
    reader: Reader,
    submissions: Route,
}

impl Client {
    /// A client over a pool of connections of its own. Connects to nothing yet.
    ///
    /// # Errors
    /// When certificates cannot be read, or the platform has none.
    pub fn new(options: &ClientOptions) -> Result<Self, Failure> {
        Ok(Self {
            origin: options.origin.clone(),
            reader: Reader::new(options)?,
            submissions: Route::default(),
        })
    }

    async fn detail(&self, request: &Request) -> Result<OperationDetail, Failure> {
        let (detail, _) = self.reader.one::<Detail>(request).await?;
        Ok(detail.read())
    }
}

#[async_trait]
impl Catalogue for Client {
    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        let request = Request::publishers(&self.origin);
        let list = self.reader.list(&request).await?;
        Ok(with_id(list, &request.label, wire::Publisher::read))
    }

    async fn offers(&self, publisher: &PublisherId) -> Result<Vec<Offer>, Failure> {
        let request = Request::offers(&self.origin, publisher)?;
        let list = self.reader.list(&request).await?;
        Ok(with_id(list, &request.label, |offer: wire::Offer| {
            offer.read(publisher)
        }))
    }

    async fn operations(&self, publisher: &PublisherId, offer: &OfferId) -> Result<Operations, Failure> {
        operations::ask(&self.reader, &self.submissions, &self.origin, publisher, offer).await
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

    async fn follow(&self, target: &Target, way: &Way) -> Result<Followed, Failure> {
        let request = Request::follow(&self.origin, &target.publisher, &target.offer, way)?;
        if target.origin != self.origin {
            return Err(errors::setup::other_origin(
                &request.label,
                &target.origin,
                &self.origin,
            ));
        }
        let (detail, head) = self.reader.one::<Detail>(&request).await?;
        Ok(Followed {
            detail: detail.read(),
            retry_after: headers::retry_after(&head),
        })
    }
}

/// The elements of `list` that have an id; of the others, that there were some.
pub(super) fn with_id<W, T>(list: Vec<W>, label: &SafeText, read: impl Fn(W) -> Option<T>) -> Vec<T> {
    let all = list.len();
    let read: Vec<T> = list.into_iter().filter_map(read).collect();
    if read.len() < all {
        tracing::warn!(%label, without_id = all - read.len(), "elements without an id were left out");
    }
    read
}
