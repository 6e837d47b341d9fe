//! How often somebody may try a password or a secret.
//!
//! After `FREE` wrong tries the next one has to wait: a second, then twice as long each time, up
//! to a quarter of an hour. That is counted for each account and for each source by themselves, so
//! that neither many sources wear one account down nor one source many accounts.
//!
//! Nobody is locked out by others: whoever comes from a source that the account signed in from
//! before has a count of their own, and is stopped neither by what strangers try on the account
//! nor by a few wrong tries of others behind the same address. Only a source that tried
//! `MANY` times in vain is stopped for its known accounts too.
//!
//! A try counts from the moment at which it begins, so that tries at the same moment are no more
//! than tries one after the other. Whether an account exists is not asked here.
//!
//! It is kept in memory, by each process for itself: a wrong try never costs a write. So a second
//! process lets as many tries through again, and a restart forgets. Where accounts signed in from
//! lies in the database ([`User::sources`](super::model::User::sources)) and outlives both.
//!
//! Cost: a few look-ups a try, and at most `MAX_HELD` counts of some 100 bytes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, TimeDelta, Utc};

use super::source::Source;

/// Wrong tries that nobody has to wait after.
const FREE: u32 = 5;
/// Wrong tries after which a source is stopped for accounts that know it too.
const MANY: u32 = 100;
/// The first wait, in seconds; each one after it is twice as long.
const FIRST_WAIT: i64 = 1;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 15 * 60;
/// After so long without a wrong try, all are forgotten. Longer than any wait: waiting it out
/// gains no tries.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// How many counts are kept at the same time.
const MAX_HELD: usize = 30_000;

/// How many of them are dropped where there is no more room: not one by one, as that would cost a
/// look at all of them each time.
const DROPPED: usize = MAX_HELD / 10;

/// The next try has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(TimeDelta);

impl Wait {
    /// For how long: whole seconds, at least one.
    #[must_use]
    pub fn seconds(self) -> u64 {
        let whole = self.0.num_seconds();
        let begun = i64::from(self.0.subsec_nanos() > 0);
        u64::try_from(whole.saturating_add(begun)).map_or(1, |seconds| seconds.max(1))
    }
}

/// Who tries: an account as it was named, whether there is one or not, from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    account: [u8; 32],
    source: Source,
    known: bool,
}

impl Attempt {
    /// One to sign in as that user. Blanks and capitals make no other account.
    #[must_use]
    pub fn as_user(email: &str, source: Source) -> Self {
        let email = email.trim_matches(' ').to_ascii_lowercase();
        Self::of(&format!("user {email}"), source)
    }

    /// One to sign in as that client.
    #[must_use]
    pub fn as_client(id: &str, source: Source) -> Self {
        Self::of(&format!("client {id}"), source)
    }

    fn of(account: &str, source: Source) -> Self {
        let mut name = [0; 32];
        name.copy_from_slice(digest(&SHA256, account.as_bytes()).as_ref());
        Self {
            account: name,
            source,
            known: false,
        }
    }

    /// The same, from a source that the account signed in from before.
    #[must_use]
    pub fn known(self, known: bool) -> Self {
        Self { known, ..self }
    }

    /// What its wrong tries are counted for.
    fn counted_for(&self) -> [Key; 2] {
        let own = if self.known {
            Key::Pair(self.account, self.source)
        } else {
            Key::Account(self.account)
        };
        [own, Key::Source(self.source)]
    }
}

/// What wrong tries are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Account([u8; 32]),
    Source(Source),
    Pair([u8; 32], Source),
}

/// What was tried in vain.
#[derive(Debug, Clone, Copy)]
struct Count {
    wrong: u32,
    /// When the last one was.
    last: DateTime<Utc>,
    /// Tries that nobody knows the end of yet.
    trying: u32,
}

impl Count {
    fn none(now: DateTime<Utc>) -> Self {
        Self {
            wrong: 0,
            last: now,
            trying: 0,
        }
    }

    fn is_forgotten(&self, now: DateTime<Utc>) -> bool {
        self.trying == 0 && now.signed_duration_since(self.last) >= FORGOTTEN_AFTER
    }

    /// How long the next try has to wait, if `free` tries have not to. Then there is one at a time.
    fn wait(&self, free: u32, now: DateTime<Utc>) -> Option<TimeDelta> {
        if self.wrong.saturating_add(self.trying) < free {
            return None;
        }
        if self.trying > 0 {
            return Some(TimeDelta::seconds(FIRST_WAIT));
        }
        let over = self.last.checked_add_signed(backoff(self.wrong))?;
        // A clock that was set back makes nobody wait for longer than that.
        let left = over.signed_duration_since(now).min(backoff(self.wrong));
        (left > TimeDelta::zero()).then_some(left)
    }
}

/// How long the next try waits after so many wrong ones.
fn backoff(wrong: u32) -> TimeDelta {
    let Some(doubled) = wrong.checked_sub(FREE) else {
        return TimeDelta::zero();
    };
    let seconds = 1_i64.checked_shl(doubled).filter(|seconds| *seconds > 0);
    let seconds = seconds.and_then(|seconds| seconds.checked_mul(FIRST_WAIT));
    TimeDelta::seconds(seconds.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

/// Counts wrong tries.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<Key, Count>>);

impl Throttle {
    /// Whether a try would have to wait at this moment.
    ///
    /// # Errors
    /// [`Wait`].
    pub fn check(&self, attempt: &Attempt, now: DateTime<Utc>) -> Result<(), Wait> {
        waited_for(&self.held(), attempt, now).map_or(Ok(()), Err)
    }

    /// Whether a source would have to wait at this moment, whatever account it tries.
    ///
    /// # Errors
    /// [`Wait`].
    pub fn check_source(&self, source: Source, now: DateTime<Utc>) -> Result<(), Wait> {
        let held = self.held();
        let count = held.get(&Key::Source(source));
        let count = count.filter(|count| !count.is_forgotten(now));
        let wait = count.and_then(|count| count.wait(FREE, now));
        wait.map_or(Ok(()), |wait| Err(Wait(wait)))
    }

    /// Begins a try, which is over when what comes back is dropped.
    ///
    /// # Errors
    /// [`Wait`].
    pub fn begin(&self, attempt: Attempt, now: DateTime<Utc>) -> Result<Trying<'_>, Wait> {
        let mut held = self.held();
        if let Some(wait) = waited_for(&held, &attempt, now) {
            return Err(wait);
        }
        for key in attempt.counted_for() {
            make_room(&mut held, key, now);
            let count = held.entry(key).or_insert_with(|| Count::none(now));
            if count.is_forgotten(now) {
                *count = Count::none(now);
            }
            count.trying = count.trying.saturating_add(1);
        }
        Ok(Trying {
            throttle: self,
            attempt,
        })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Key, Count>> {
        // Counts are whole at every moment, even where a thread died.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long an attempt has to wait, by the longest of what stops it.
fn waited_for(held: &HashMap<Key, Count>, attempt: &Attempt, now: DateTime<Utc>) -> Option<Wait> {
    let stops = attempt.counted_for().into_iter().filter_map(|key| {
        let count = held.get(&key).filter(|count| !count.is_forgotten(now))?;
        let free = match key {
            Key::Source(_) if attempt.known => MANY,
            _ => FREE,
        };
        count.wait(free, now)
    });
    stops.max().map(Wait)
}

/// Makes room for one more count: of those that are over, else of those that matter least.
fn make_room(held: &mut HashMap<Key, Count>, key: Key, now: DateTime<Utc>) {
    if held.len() < MAX_HELD || held.contains_key(&key) {
        return;
    }
    held.retain(|_, count| !count.is_forgotten(now));
    if held.len() < MAX_HELD {
        return;
    }
    let idle = held.iter().filter(|(_, count)| count.trying == 0);
    let mut idle: Vec<_> = idle
        .map(|(key, count)| (count.wrong, count.last, *key))
        .collect();
    if idle.len() > DROPPED {
        idle.select_nth_unstable_by_key(DROPPED, |(wrong, last, _)| (*wrong, *last));
    }
    for (_, _, key) in idle.into_iter().take(DROPPED) {
        held.remove(&key);
    }
}

/// A try whose end nobody knows yet. Dropped as it is, it counts for nothing: it was right, or
/// could not be judged.
pub struct Trying<'a> {
    throttle: &'a Throttle,
    attempt: Attempt,
}

impl Trying<'_> {
    /// It was wrong.
    pub fn wrong(self, now: DateTime<Utc>) {
        let mut held = self.throttle.held();
        for key in self.attempt.counted_for() {
            if let Some(count) = held.get_mut(&key) {
                count.wrong = count.wrong.saturating_add(1);
                count.last = now;
            }
        }
    }

    /// It was right: what the account itself got wrong at this source before is forgotten.
    pub fn right(self) {
        let [own, _] = self.attempt.counted_for();
        if self.attempt.known
            && let Some(count) = self.throttle.held().get_mut(&own)
        {
            count.wrong = 0;
        }
    }
}

impl Drop for Trying<'_> {
    fn drop(&mut self) {
        let mut held = self.throttle.held();
        for key in self.attempt.counted_for() {
            if let Some(count) = held.get_mut(&key) {
                count.trying = count.trying.saturating_sub(1);
                if count.trying == 0 && count.wrong == 0 {
                    held.remove(&key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
