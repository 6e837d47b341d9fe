//! Users as they were a moment ago, so that not every request asks the database.
//!
//! An entry is believed for [`BELIEVED_FOR`] since before it was read, which is how soon a change
//! made by another process is noticed. What this process changes is forgotten at once, even where
//! somebody was reading it at that moment.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a user is believed to be as it was read.
pub const BELIEVED_FOR: Duration = Duration::from_secs(1);

/// How many users are held at the same time.
const MAX_HELD: usize = 10_000;

/// What is known of users, by id or by another name of theirs.
pub struct Recent<T>(Mutex<Held<T>>);

struct Held<T> {
    users: HashMap<String, (Instant, T)>,
    /// How often something was forgotten.
    forgotten: u64,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::new(Held {
            users: HashMap::new(),
            forgotten: 0,
        }))
    }
}

/// Somebody is about to be read: since when the reading is believed, and what it may not outlive.
#[derive(Clone, Copy)]
pub struct Reading {
    since: Instant,
    forgotten: u64,
}

impl<T: Clone> Recent<T> {
    /// The user of that id, if it was read a moment ago.
    #[must_use]
    pub fn get(&self, user: &str) -> Option<T> {
        self.get_at(user, Instant::now())
    }

    fn get_at(&self, user: &str, now: Instant) -> Option<T> {
        let held = self.held();
        let (since, known) = held.users.get(user)?;
        is_recent(*since, now).then(|| known.clone())
    }

    /// To be called before a user is read.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading {
            since: Instant::now(),
            forgotten: self.held().forgotten,
        }
    }

    /// Holds what was read, unless somebody was changed meanwhile.
    pub fn hold(&self, reading: Reading, user: &str, known: &T) {
        let mut held = self.held();
        if held.forgotten != reading.forgotten {
            return;
        }
        if held.users.len() >= MAX_HELD {
            held.users
                .retain(|_, (since, _)| is_recent(*since, reading.since));
        }
        if held.users.len() < MAX_HELD {
            held.users
                .insert(user.to_owned(), (reading.since, known.clone()));
        }
    }

    /// Forgets a user that was changed.
    pub fn forget(&self, user: &str) {
        let mut held = self.held();
        held.users.remove(user);
        held.forgotten = held.forgotten.wrapping_add(1);
    }

    /// Forgets everybody.
    pub fn forget_all(&self) {
        let mut held = self.held();
        held.users.clear();
        held.forgotten = held.forgotten.wrapping_add(1);
    }

    fn held(&self) -> MutexGuard<'_, Held<T>> {
        // Entries are whole at every moment, even where a thread died.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_recent(since: Instant, now: Instant) -> bool {
    now.saturating_duration_since(since) < BELIEVED_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_believed_for_a_second() {
        let recent = Recent::default();
        let reading = recent.reading();
        recent.hold(reading, "u1", &1);
        let just_before = reading.since + BELIEVED_FOR - Duration::from_nanos(1);
        assert_eq!(recent.get_at("u1", just_before), Some(1));
        assert_eq!(recent.get_at("u1", reading.since + BELIEVED_FOR), None);
        assert_eq!(recent.get("u2"), None);
    }

    #[test]
    fn a_user_that_was_changed_is_forgotten_at_once() {
        let recent = Recent::default();
        recent.hold(recent.reading(), "u1", &1);
        recent.forget("u1");
        assert_eq!(recent.get("u1"), None);
    }

    #[test]
    fn what_was_read_before_a_change_is_not_held_after_it() {
        let recent = Recent::default();
        let reading = recent.reading();
        recent.forget("u1");
        recent.hold(reading, "u1", &1);
        assert_eq!(recent.get("u1"), None);
        recent.hold(recent.reading(), "u1", &1);
        assert_eq!(recent.get("u1"), Some(1));
    }

    #[test]
    fn no_more_than_the_bound_is_held_and_old_ones_make_room() {
        let recent = Recent::default();
        let reading = recent.reading();
        for number in 0..=MAX_HELD {
            recent.hold(reading, &number.to_string(), &1);
        }
        assert_eq!(recent.held().users.len(), MAX_HELD);
        let later = Reading {
            since: reading.since + BELIEVED_FOR,
            ..reading
        };
        recent.hold(later, "late", &1);
        assert_eq!(recent.held().users.len(), 1);
    }
}
