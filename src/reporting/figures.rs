//! The figures that reports show, made of sums. Pure, and checked throughout.

use serde::Serialize;

use super::books::Total;
use crate::money::{MoneyError, Won};

/// FIGURES of a fund, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundFigures {
    /// Promised.
    pub committed: Won,
    /// Paid in; none where none ever was.
    pub contributed: Option<Won>,
    /// Not set aside for a program.
    pub unallocated: Won,
    /// Set aside for programs.
    pub allocated: Won,
    /// Waiting for a decision, in no bucket.
    pub submitted: Won,
    /// Set aside and not approved away.
    pub available: Won,
    /// Approved and not paid.
    pub awaiting_payment: Won,
    /// Paid, net of returns.
    pub paid: Won,
    /// Came back for good.
    pub refunded: Won,
    /// Paid − refunded.
    pub disbursed: Won,
    /// Of it in cash.
    pub disbursed_cash: Won,
    /// Of it in kind.
    pub disbursed_in_kind: Won,
    /// Committed − awaiting payment − disbursed.
    pub remaining: Won,
}

impl FundFigures {
    /// The figures of one or more funds.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(total: &Total) -> Result<Self, MoneyError> {
        let flows = &total.flows;
        let committed = flows.committed()?;
        let disbursed = flows.disbursed()?;
        let whole = disbursed.whole()?;
        Ok(Self {
            committed,
            contributed: flows.contributed,
            unallocated: flows.unallocated,
            allocated: flows.set_aside,
            submitted: total.tallied.submitted,
            available: flows.available,
            awaiting_payment: flows.awaiting,
            paid: flows.paid.whole()?,
            refunded: flows.refunded.whole()?,
            disbursed: whole,
            disbursed_cash: disbursed.cash,
            disbursed_in_kind: disbursed.in_kind,
            remaining: committed.checked_sub(flows.awaiting)?.checked_sub(whole)?,
        })
    }
}

/// PROGRAM FIGURES, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgramFigures {
    /// Set aside; none for a program without funds.
    pub allocated: Option<Won>,
    /// Waiting for a decision.
    pub submitted: Won,
    /// Not approved away; none for a program without funds.
    pub available: Option<Won>,
    /// Approved and not paid.
    pub awaiting_payment: Won,
    /// Paid, net of returns.
    pub paid: Won,
    /// Came back for good.
    pub refunded: Won,
    /// Paid − refunded.
    pub disbursed: Won,
    /// Of it in cash.
    pub disbursed_cash: Won,
    /// Of it in kind.
    pub disbursed_in_kind: Won,
}

impl ProgramFigures {
    /// The figures of a program that draws on funds, or does not.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(total: &Total, has_funds: bool) -> Result<Self, MoneyError> {
        let flows = &total.flows;
        let disbursed = flows.disbursed()?;
        Ok(Self {
            allocated: has_funds.then_some(flows.set_aside),
            submitted: total.tallied.submitted,
            available: has_funds.then_some(flows.available),
            awaiting_payment: flows.awaiting,
            paid: flows.paid.whole()?,
            refunded: flows.refunded.whole()?,
            disbursed: disbursed.whole()?,
            disbursed_cash: disbursed.cash,
            disbursed_in_kind: disbursed.in_kind,
        })
    }
}

/// What was given outside any fund, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutsideFigures {
    /// Approved and not paid.
    pub awaiting_payment: Won,
    /// Paid, net of returns.
    pub paid: Won,
    /// Came back for good.
    pub refunded: Won,
    /// Paid − refunded.
    pub disbursed: Won,
}

impl OutsideFigures {
    /// The figures of lines without a fund.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(total: &Total) -> Result<Self, MoneyError> {
        Ok(Self {
            awaiting_payment: total.flows.awaiting,
            paid: total.flows.paid.whole()?,
            refunded: total.flows.refunded.whole()?,
            disbursed: total.flows.disbursed()?.whole()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::sample::{BILLION, books, code};

    fn tenths(won: Won) -> i64 {
        won.get() / (BILLION / 10)
    }

    fn figures_of(fund: Option<&str>) -> FundFigures {
        let wanted = fund.map(code);
        let total = books().total(|line| match &wanted {
            Some(_) => line.fund == wanted,
            None => line.fund.is_some(),
        });
        FundFigures::of(&total.unwrap()).unwrap()
    }

    #[test]
    fn a_parent_alone_is_without_what_it_committed_on() {
        let own = figures_of(Some("parent"));
        assert_eq!(tenths(own.committed), 2_900);
        assert_eq!(tenths(own.unallocated), 2_300);
        assert_eq!(tenths(own.allocated), 600);
        assert_eq!(tenths(own.available), 530);
        assert_eq!(tenths(own.awaiting_payment), 10);
        assert_eq!(tenths(own.disbursed), 60);
        assert_eq!(tenths(own.remaining), 2_830);
        assert_eq!(tenths(own.submitted), 15);
    }

    #[test]
    fn consolidated_counts_each_won_once() {
        let whole = figures_of(None);
        assert_eq!(tenths(whole.committed), 3_000);
        assert_eq!(tenths(whole.paid), 82);
        assert_eq!(tenths(whole.refunded), 2);
        assert_eq!(tenths(whole.disbursed), 80);
        assert_eq!(tenths(whole.disbursed_cash), 20);
        assert_eq!(tenths(whole.disbursed_in_kind), 60);
        assert_eq!(tenths(whole.remaining), 2_910);
        assert_eq!(whole.contributed, None);
    }

    #[test]
    fn what_came_back_can_be_used_again() {
        let child = figures_of(Some("child"));
        assert_eq!(tenths(child.committed), 100);
        assert_eq!(tenths(child.allocated), 22);
        assert_eq!(tenths(child.available), 2);
        assert_eq!(tenths(child.remaining), 80);
    }

    #[test]
    fn a_program_without_funds_has_no_budget() {
        let total = books().total(|line| line.program == Some(code("workers")));
        let figures = ProgramFigures::of(&total.unwrap(), false).unwrap();
        assert_eq!((figures.allocated, figures.available), (None, None));
        assert_eq!(tenths(figures.disbursed_cash), 20);
    }

    #[test]
    fn figures_are_written_in_the_order_of_the_contract() {
        let json = serde_json::to_string(&figures_of(Some("child"))).unwrap();
        let names = [
            "committed",
            "contributed",
            "unallocated",
            "allocated",
            "submitted",
            "available",
            "awaiting_payment",
            "paid",
            "refunded",
            "disbursed",
            "disbursed_cash",
            "disbursed_in_kind",
            "remaining",
        ];
        let places: Vec<_> = names.map(|name| json.find(&format!("\"{name}\":"))).into();
        assert!(
            places.iter().all(Option::is_some) && places.is_sorted(),
            "{json}"
        );
        assert!(
            json.contains(r#""committed":"10000000000","contributed":null"#),
            "{json}"
        );
    }
}
