//! A value created on first use, so that reading certificates does not delay the first frame.

use std::{future::pending, panic::resume_unwind, sync::Arc};

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::{sync::OnceCell, task::spawn_blocking};

use super::TokenSource;
use crate::engine::failure::Failure;

/// A value created on first use, on a thread that may block. After a failure the next caller tries again.
pub struct Deferred<T> {
    made: OnceCell<T>,
    make: Arc<dyn Fn() -> Result<T, Failure> + Send + Sync>,
}

impl<T: Send + 'static> Deferred<T> {
    /// Wraps the constructor `make`.
    pub fn new(make: impl Fn() -> Result<T, Failure> + Send + Sync + 'static) -> Self {
        Self {
            made: OnceCell::new(),
            make: Arc::new(make),
        }
    }

    /// Creates the value right now.
    pub(in crate::service) fn now(self) -> Result<Self, Failure> {
        Ok(Self {
            made: OnceCell::new_with(Some((self.make)()?)),
            ..self
        })
    }

    pub(in crate::service) async fn get(&self) -> Result<&T, Failure> {
        let make = || async {
            let make = Arc::clone(&self.make);
            match spawn_blocking(move || make()).await {
                Ok(part) => part,
                Err(error) => match error.try_into_panic() {
                    Ok(payload) => resume_unwind(payload),
                    // The runtime is shutting down, and this task with it.
                    Err(_) => pending().await,
                },
            }
        };
        self.made.get_or_try_init(make).await
    }
}

#[async_trait]
impl TokenSource for Deferred<Arc<dyn TokenSource>> {
    async fn token(&self) -> Result<SecretString, Failure> {
        self.get().await?.token().await
    }

    async fn renew(&self) -> Result<(), Failure> {
        self.get().await?.renew().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::service::http::errors::setup;

    #[tokio::test]
    async fn failed_creation_is_reported_and_retried() {
        let tries = AtomicU32::new(0);
        let part = Deferred::new(move || match tries.fetch_add(1, Ordering::Relaxed) {
            0 => Err(setup::transport("no room")),
            earlier => Ok(earlier),
        });
        let failure = part.get().await.unwrap_err();
        assert!(failure.to_string().contains("no room"), "{failure}");
        for _ in 0..2 {
            assert_eq!(part.get().await, Ok(&1));
        }
    }
}
