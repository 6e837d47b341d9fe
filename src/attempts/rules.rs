//! What is counted, and for how long it is kept. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use super::model::AttemptKind;

/// Rows of those who are known that are kept.
pub const MOST_OF_KNOWN: i64 = 500_000;
/// Rows of strangers that are kept: a flood of theirs pushes out none but theirs.
pub const MOST_OF_STRANGERS: i64 = 250_000;
/// How long any row is kept: two years, the longest that Korean rules ask of records of access.
const KEPT: TimeDelta = TimeDelta::days(731);

/// What is known of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    /// Its status.
    pub status: u16,
    /// Whether the request was to sign somebody in.
    pub signs_in: bool,
    /// Whether it came from outside the house, from somebody with bounds.
    pub bounded: bool,
}

/// What an answer counts as; nothing for most.
///
/// What is not signed in, not allowed, against the state of the books or too much is counted of
/// everybody; what is not there, or named wrongly, only of those for whom it may be somebody else's.
#[must_use]
pub fn kind(answered: Answered) -> Option<AttemptKind> {
    match (answered.status, answered.signs_in) {
        (200..=299, true) => Some(AttemptKind::SignedIn),
        (400..=499, true) => Some(AttemptKind::SignInRefused),
        (401 | 403 | 409 | 429, false) => Some(AttemptKind::Refused),
        (404 | 422, false) => answered.bounded.then_some(AttemptKind::Refused),
        _ => None,
    }
}

/// From when on rows are kept.
#[must_use]
pub fn kept_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_sub_signed(KEPT).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, signs_in: bool, bounded: bool) -> Option<AttemptKind> {
        kind(Answered {
            status,
            signs_in,
            bounded,
        })
    }

    #[test]
    fn sign_ins_and_refusals_count_and_what_is_let_in_does_not() {
        assert_eq!(of(200, true, false), Some(AttemptKind::SignedIn));
        for status in [400, 401, 422, 429] {
            assert_eq!(of(status, true, false), Some(AttemptKind::SignInRefused));
        }
        for status in [401, 403, 409, 429] {
            for bounded in [false, true] {
                let counted = of(status, false, bounded);
                assert_eq!(counted, Some(AttemptKind::Refused), "{status}");
            }
        }
        for status in [200, 201, 304, 400, 405, 412, 413, 428, 500, 503] {
            assert_eq!(of(status, false, true), None, "{status}");
        }
    }

    #[test]
    fn what_is_not_there_counts_for_those_for_whom_it_may_be_anothers() {
        for status in [404, 422] {
            assert_eq!(of(status, false, true), Some(AttemptKind::Refused));
            assert_eq!(of(status, false, false), None);
        }
    }
}
