//! What a use is, and what all uses of a donation come to.

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::Period;
use crate::money::{Cost, MoneyError, Won};
use crate::regions::RegionCode;
use crate::sales::model::Cancelled;

/// What an intermediary says it did with a donation on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Its number among those of the donation, from 1.
    pub number: i32,
    /// The days.
    pub period: Period,
    /// The value date, on or after the last of these days.
    pub effective_on: NaiveDate,
    /// Where; none where that is not told.
    pub region: Option<RegionCode>,
    /// Won passed on.
    pub used: Cost,
    /// Won given back to the giver.
    pub returned: Cost,
    /// How many people it reached. Never added up: the next report may mean the same people.
    pub beneficiaries: Option<i64>,
    /// In the words of who recorded it.
    pub note: Option<String>,
    /// Why, when and by whom it was undone.
    pub cancelled: Option<Cancelled>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

impl Use {
    /// Whether it counts at the end of a day.
    #[must_use]
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        let undone = self.cancelled.as_ref().map(|cancelled| cancelled.on);
        self.effective_on <= day && undone.is_none_or(|on| day < on)
    }
}

/// What became of what an intermediary was paid, in won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PassedOn {
    /// Paid to it, net of what the bank returned.
    pub paid: Won,
    /// Came back for good, as it is booked.
    pub refunded: Won,
    /// Passed on, as it says.
    pub used: Won,
    /// Given back, as it says.
    pub returned: Won,
}

impl PassedOn {
    /// Came back: once, whether the intermediary says so or the refund is booked.
    #[must_use]
    pub fn came_back(&self) -> Won {
        self.returned.max(self.refunded)
    }

    /// What it still holds: paid − used − came back.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn held(&self) -> Result<Won, MoneyError> {
        self.paid
            .checked_sub(self.used)?
            .checked_sub(self.came_back())
    }
}
