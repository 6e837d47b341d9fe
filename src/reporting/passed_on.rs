//! What intermediaries passed on of the donations they were paid.
//!
//! Held = paid − used − came back, donation by donation: money that came back counts once, whether
//! the intermediary says so or the refund is booked. So the sums of programs tell what was paid and
//! refunded, and only donations that an intermediary reported on are looked at by themselves.
//! People reached are never added up: each donation shows the largest single report.
//!
//! Cost: one statement for the uses that count on the day, one for each thousand donations of which
//! something was given back; for a program two more for the donations that are listed. It grows
//! with the number of uses.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::checks::{self, Broken};
use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::donations::uses::model::PassedOn;
use crate::donations::uses::store::{self, Moved, Said};
use crate::ids::RecordId;
use crate::money::{MoneyError, Won};

/// Donations to intermediaries that the report of a program lists, the newest first.
pub const MAX_LISTED: usize = 100;

/// What reached those it was meant for, as intermediaries say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReachedThrough {
    /// Won passed on.
    pub amount: Won,
    /// Of how many donations.
    pub donations: i64,
}

/// The uses that count on the day of a report.
#[derive(Debug, Default)]
pub struct Uses {
    /// The uses.
    pub said: Vec<Said>,
    /// What moved in the donations of which something was given back.
    moved: BTreeMap<RecordId, Moved>,
}

impl Uses {
    /// Reads the uses, of one program's donations or of all, that count on a day.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn read(
        conn: &mut Conn,
        program: Option<&Code>,
        as_of: NaiveDate,
    ) -> Result<Self, DbError> {
        let said = store::said(conn, program, as_of)?;
        let back = said.iter().filter(|said| said.returned > Won::ZERO);
        let ids: BTreeSet<RecordId> = back.map(|said| said.donation.clone()).collect();
        let ids: Vec<RecordId> = ids.into_iter().collect();
        let moved = store::moved(conn, &ids, as_of)?;
        Ok(Self { said, moved })
    }

    /// What intermediaries still hold of `disbursed`, what was paid to them and not refunded, and
    /// what they passed on; of the uses that are wanted.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn total(
        &self,
        disbursed: Won,
        wanted: impl Fn(&Said) -> bool,
    ) -> Result<(Won, ReachedThrough), MoneyError> {
        let mut donations: BTreeMap<&RecordId, (Won, Won)> = BTreeMap::new();
        for said in self.said.iter().filter(|said| wanted(said)) {
            let (used, returned) = donations.entry(&said.donation).or_default();
            *used = used.checked_add(said.used)?;
            *returned = returned.checked_add(said.returned)?;
        }
        let (mut held, mut reached) = (disbursed, ReachedThrough::default());
        for (id, (used, returned)) in donations {
            let refunded = self.moved.get(id).copied().unwrap_or_default().refunded;
            // What is booked as refunded is taken off already.
            let unbooked = returned.checked_sub(refunded)?.max(Won::ZERO);
            held = held.checked_sub(used)?.checked_sub(unbooked)?;
            reached.amount = reached.amount.checked_add(used)?;
            if used > Won::ZERO {
                reached.donations = reached.donations.saturating_add(1);
            }
        }
        Ok((held, reached))
    }
}

/// What became of a program's donations to intermediaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Intermediaries {
    /// Won that they still hold.
    pub held: Won,
    /// What they passed on.
    pub reached: ReachedThrough,
    /// Each donation, newest first.
    pub donations: Vec<PassedOnRow>,
    /// Whether there are more of them than are listed.
    pub donations_truncated: bool,
}

/// A donation to an intermediary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedOnRow {
    /// Its id.
    pub id: RecordId,
    /// The intermediary.
    pub recipient: Code,
    /// Won paid, net of returns.
    pub paid: Won,
    /// Won that came back for good, as it is booked.
    pub refunded: Won,
    /// Won passed on, as the intermediary says.
    pub used: Won,
    /// Won given back, as the intermediary says.
    pub returned: Won,
    /// Won that it still holds.
    pub held: Won,
    /// People reached: the largest single report.
    pub beneficiaries_at_least: Option<i64>,
    /// The last day that a report tells of.
    pub reported_until: Option<NaiveDate>,
}

/// The rows that [`Intermediaries`] is made of.
#[derive(Debug, Default)]
pub struct IntermediaryRows {
    /// The uses.
    pub uses: Uses,
    gifts: Vec<(RecordId, Code)>,
    moved: BTreeMap<RecordId, Moved>,
}

impl IntermediaryRows {
    /// Reads a program's donations to intermediaries as they stood on a day.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn read(conn: &mut Conn, program: &Code, as_of: NaiveDate) -> Result<Self, DbError> {
        let most = i64::try_from(MAX_LISTED).unwrap_or(i64::MAX);
        let gifts = store::passed_on(conn, program, as_of, most.saturating_add(1))?;
        let ids: Vec<RecordId> = gifts.iter().map(|(id, _)| id.clone()).collect();
        Ok(Self {
            uses: Uses::read(conn, Some(program), as_of)?,
            moved: store::moved(conn, &ids, as_of)?,
            gifts,
        })
    }

    /// The section of the report. `disbursed` is what the program's sums say was paid to
    /// intermediaries and not refunded; where all donations are listed, they have to agree with it.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn build(&self, disbursed: Won) -> Result<Intermediaries, Broken> {
        let (held, reached) = self.uses.total(disbursed, |_| true)?;
        let rows = self.gifts.iter().take(MAX_LISTED);
        let donations = rows
            .map(|(id, recipient)| self.row(id, recipient))
            .collect::<Result<Vec<_>, _>>()?;
        let donations_truncated = self.gifts.len() > donations.len();
        if !donations_truncated {
            let sum = Won::sum(donations.iter().map(|row| row.held))?;
            checks::same(|| "held by intermediaries and in all".to_owned(), held, sum)?;
        }
        Ok(Intermediaries {
            held,
            reached,
            donations,
            donations_truncated,
        })
    }

    fn row(&self, id: &RecordId, recipient: &Code) -> Result<PassedOnRow, MoneyError> {
        let Moved { paid, refunded } = self.moved.get(id).copied().unwrap_or_default();
        let uses = || self.uses.said.iter().filter(|said| said.donation == *id);
        let sums = PassedOn {
            paid,
            refunded,
            used: Won::sum(uses().map(|said| said.used))?,
            returned: Won::sum(uses().map(|said| said.returned))?,
        };
        Ok(PassedOnRow {
            id: id.clone(),
            recipient: recipient.clone(),
            paid,
            refunded,
            used: sums.used,
            returned: sums.returned,
            held: sums.held()?,
            beneficiaries_at_least: uses().filter_map(|said| said.beneficiaries).max(),
            reported_until: uses().map(|said| said.period_end).max(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::sample::day;

    fn said(donation: &str, used: i64, returned: i64) -> Said {
        Said {
            donation: RecordId::stored(donation.to_owned()),
            program: None,
            region: String::new(),
            period_end: day("2022-10-31"),
            used: Won::new(used),
            returned: Won::new(returned),
            beneficiaries: None,
        }
    }

    #[test]
    fn money_that_came_back_is_taken_off_once_for_each_donation() {
        let refunded = |won| Moved {
            paid: Won::new(100),
            refunded: Won::new(won),
        };
        let uses = Uses {
            said: vec![
                said("a", 50, 20),
                said("a", 5, 10),
                said("b", 0, 10),
                said("c", 7, 0),
            ],
            moved: [
                (RecordId::stored("a".to_owned()), refunded(10)),
                (RecordId::stored("b".to_owned()), refunded(40)),
            ]
            .into(),
        };
        // Paid 300, refunded 50: a holds 100 − 55 − 30, b 100 − 40, c 100 − 7.
        let (held, reached) = uses.total(Won::new(250), |_| true).unwrap();
        assert_eq!(held, Won::new(15 + 60 + 93));
        assert_eq!((reached.amount, reached.donations), (Won::new(62), 2));
    }
}
