//! The keys that the identity provider published, held for a while.
//!
//! They are fetched again after `FRESH_FOR`, while those that are held go on; at most
//! `GOOD_FOR`, then a provider that is not there vouches for nobody any more. A token that names
//! a key nobody knows has them fetched at once, since providers change their keys, but at most once
//! in `PAUSE`, whatever tokens say. One fetch goes on at a time; who needs its outcome waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::jwks::{self, Algorithm, Key};
use super::location::Location;
use super::{IssuerError, Provider};

/// How long keys are used without looking for others.
const FRESH_FOR: TimeDelta = TimeDelta::minutes(10);
/// How long keys are used while the provider cannot be asked.
const GOOD_FOR: TimeDelta = TimeDelta::hours(24);
/// The least time between two fetches.
const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// The keys. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    inner: Arc<Inner>,
}

struct Inner {
    location: Location,
    algorithms: Vec<Algorithm>,
    held: Mutex<Held>,
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Held {
    keys: HashMap<String, Arc<Key>>,
    fetched: Option<DateTime<Utc>>,
    tried: Option<DateTime<Utc>>,
}

/// What is known of a key.
enum Known {
    Fresh(Arc<Key>),
    /// Still good, but there may be others by now.
    Stale(Arc<Key>),
    Not,
}

impl Keys {
    /// Those of a provider; none yet.
    #[must_use]
    pub fn of(provider: &Provider) -> Self {
        Self {
            inner: Arc::new(Inner {
                location: provider.jwks.clone(),
                algorithms: provider.algorithms.clone(),
                held: Mutex::default(),
                fetching: tokio::sync::Mutex::default(),
            }),
        }
    }

    /// Fetches them, and blocks meanwhile. Those that are held stay where it fails.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub fn fetch(&self, now: DateTime<Utc>) -> Result<(), IssuerError> {
        self.inner.held().tried = Some(now);
        let bytes = self.inner.location.fetch()?;
        let keys = jwks::read(&bytes, &self.inner.algorithms)?;
        let keys = keys.into_iter().map(|(kid, key)| (kid, Arc::new(key)));
        let mut held = self.inner.held();
        held.keys = keys.collect();
        held.fetched = Some(now);
        Ok(())
    }

    /// The key of that id, if the provider has it.
    pub async fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<Key>> {
        match self.inner.known(kid, now) {
            Known::Fresh(key) => Some(key),
            Known::Stale(key) => {
                if self.inner.held().begins(now) {
                    let keys = self.clone();
                    drop(tokio::spawn(async move { keys.fetch_aside(now).await }));
                }
                Some(key)
            }
            Known::Not => {
                if self.inner.held().begins(now) {
                    self.fetch_aside(now).await;
                } else {
                    // Whoever began before is waited for.
                    drop(self.inner.fetching.lock().await);
                }
                match self.inner.known(kid, now) {
                    Known::Fresh(key) | Known::Stale(key) => Some(key),
                    Known::Not => None,
                }
            }
        }
    }

    /// Fetches them off the request threads.
    async fn fetch_aside(&self, now: DateTime<Utc>) {
        let _turn = self.inner.fetching.lock().await;
        let keys = self.clone();
        let done = tokio::task::spawn_blocking(move || keys.fetch(now)).await;
        match done {
            Ok(Ok(())) => tracing::debug!("keys of the identity provider were fetched"),
            Ok(Err(error)) => tracing::warn!(%error, "the identity provider is out of reach"),
            Err(error) => tracing::error!(%error, "keys could not be fetched"),
        }
    }
}

impl Inner {
    fn held(&self) -> MutexGuard<'_, Held> {
        // The keys are whole at every moment, even where a thread died.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, kid: &str, now: DateTime<Utc>) -> Known {
        let held = self.held();
        let Some((key, fetched)) = held.keys.get(kid).zip(held.fetched) else {
            return Known::Not;
        };
        let age = now.signed_duration_since(fetched);
        if (TimeDelta::zero()..FRESH_FOR).contains(&age) {
            Known::Fresh(Arc::clone(key))
        } else if age < GOOD_FOR {
            Known::Stale(Arc::clone(key))
        } else {
            Known::Not
        }
    }
}

impl Held {
    /// Whether keys may be fetched at this moment; then that has begun.
    fn begins(&mut self, now: DateTime<Utc>) -> bool {
        let long_ago = self.tried.is_none_or(|tried| {
            let since = now.signed_duration_since(tried);
            !(TimeDelta::zero()..PAUSE).contains(&since)
        });
        if long_ago {
            self.tried = Some(now);
        }
        long_ago
    }
}
