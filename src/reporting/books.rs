//! Sums added up line by line: what stands in budget lines and what moved through them. Pure.
//!
//! [`Books`] holds the sums of each line; [`Books::total`] adds up those that a report asks for.
//! What is committed, set aside, paid and refunded comes from the transfers by kind; what is
//! unallocated, available, awaiting and spent from the balances. So each can be checked against
//! the others.

use std::collections::BTreeMap;

use crate::ledger::store::AccountSum;
use crate::ledger::{Bucket, Form, Line, TransferKind};
use crate::money::{MoneyError, Won};
use crate::tallies::Measure;
use crate::tallies::store::TallySum;

/// Won by the form in which they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByForm {
    /// Money.
    pub cash: Won,
    /// Goods, credit or services.
    pub in_kind: Won,
}

impl ByForm {
    fn add(&mut self, form: Form, amount: Won) -> Result<(), MoneyError> {
        match form {
            Form::Cash => add(&mut self.cash, amount),
            Form::InKind => add(&mut self.in_kind, amount),
            Form::None => Ok(()),
        }
    }

    fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            cash: self.cash.checked_add(other.cash)?,
            in_kind: self.in_kind.checked_add(other.in_kind)?,
        })
    }

    fn minus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            cash: self.cash.checked_sub(other.cash)?,
            in_kind: self.in_kind.checked_sub(other.in_kind)?,
        })
    }

    /// In either form.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn whole(self) -> Result<Won, MoneyError> {
        self.cash.checked_add(self.in_kind)
    }
}

fn add(sum: &mut Won, amount: Won) -> Result<(), MoneyError> {
    *sum = sum.checked_add(amount)?;
    Ok(())
}

/// What the ledger says of one or more budget lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flows {
    /// Committed from outside or from a parent fund, net.
    pub received: Won,
    /// Committed on to child funds, net.
    pub to_children: Won,
    /// Cash paid in, net; none where none ever was.
    pub contributed: Option<Won>,
    /// Set aside for programs, net of what was released and lapsed.
    pub set_aside: Won,
    /// Balance: not set aside.
    pub unallocated: Won,
    /// Balance: set aside, not approved away.
    pub available: Won,
    /// Balance: approved, not paid.
    pub awaiting: Won,
    /// Balance: paid, not come back.
    pub spent: Won,
    /// Paid, net of what the bank returned.
    pub paid: ByForm,
    /// Came back for good.
    pub refunded: ByForm,
}

impl Flows {
    /// Adds one sum of one account.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn add(&mut self, sum: &AccountSum) -> Result<(), MoneyError> {
        use TransferKind as Kind;
        let net = sum.credit.checked_sub(sum.debit)?;
        match sum.key.bucket {
            Bucket::Unallocated => {
                add(&mut self.unallocated, net)?;
                self.add_commitment(sum, net)
            }
            Bucket::Available => {
                add(&mut self.available, net)?;
                match sum.kind {
                    Kind::Allocate | Kind::Release | Kind::Lapse | Kind::CarryOver => {
                        add(&mut self.set_aside, net)
                    }
                    _ => Ok(()),
                }
            }
            Bucket::Awaiting => add(&mut self.awaiting, net),
            Bucket::Spent => {
                add(&mut self.spent, net)?;
                match sum.kind {
                    Kind::Pay | Kind::Return => self.paid.add(sum.form, net),
                    Kind::Refund => self.refunded.add(sum.form, net.checked_neg()?),
                    _ => Ok(()),
                }
            }
            Bucket::Cash => match sum.kind {
                Kind::Contribute
                | Kind::ContributeChild
                | Kind::ContributeReverse
                | Kind::ContributeChildReverse => {
                    add(self.contributed.get_or_insert_default(), net)
                }
                _ => Ok(()),
            },
            Bucket::Outside | Bucket::CashOutside => Ok(()),
        }
    }

    /// A move between a fund and its child is a debit of the one and a credit of the other.
    fn add_commitment(&mut self, sum: &AccountSum, net: Won) -> Result<(), MoneyError> {
        match sum.kind {
            TransferKind::Commit | TransferKind::Lower => add(&mut self.received, net),
            TransferKind::CommitChild => {
                add(&mut self.received, sum.credit)?;
                add(&mut self.to_children, sum.debit)
            }
            TransferKind::LowerChild => {
                add(&mut self.received, sum.debit.checked_neg()?)?;
                add(&mut self.to_children, sum.credit.checked_neg()?)
            }
            _ => Ok(()),
        }
    }

    /// This and the other together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn plus(&self, other: &Self) -> Result<Self, MoneyError> {
        let contributed = match (self.contributed, other.contributed) {
            (Some(a), Some(b)) => Some(a.checked_add(b)?),
            (a, b) => a.or(b),
        };
        Ok(Self {
            received: self.received.checked_add(other.received)?,
            to_children: self.to_children.checked_add(other.to_children)?,
            contributed,
            set_aside: self.set_aside.checked_add(other.set_aside)?,
            unallocated: self.unallocated.checked_add(other.unallocated)?,
            available: self.available.checked_add(other.available)?,
            awaiting: self.awaiting.checked_add(other.awaiting)?,
            spent: self.spent.checked_add(other.spent)?,
            paid: self.paid.plus(other.paid)?,
            refunded: self.refunded.plus(other.refunded)?,
        })
    }

    /// What is left with these funds of what they were committed.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn committed(&self) -> Result<Won, MoneyError> {
        self.received.checked_sub(self.to_children)
    }

    /// Paid and not come back, by form.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn disbursed(&self) -> Result<ByForm, MoneyError> {
        self.paid.minus(self.refunded)
    }
}

/// What programs did, as their sums say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tallied {
    /// Won waiting for a decision.
    pub submitted: Won,
    /// Won approved, net of cancellations.
    pub approved: Won,
    /// Won paid, net of returns.
    pub paid: Won,
    /// Won that came back for good.
    pub refunded: Won,
    /// Disbursements of which something is left.
    pub payments: i64,
    /// Donations of which something is left.
    pub donations: i64,
    /// Receipts for donations.
    pub receipts: i64,
}

impl Tallied {
    /// Adds one sum.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn add(&mut self, sum: &TallySum) -> Result<(), MoneyError> {
        let won = Won::new(sum.amount);
        match sum.measure {
            Measure::Submitted => add(&mut self.submitted, won),
            Measure::Approved => add(&mut self.approved, won),
            Measure::Paid => add(&mut self.paid, won),
            Measure::Refunded => add(&mut self.refunded, won),
            Measure::Payments => count(&mut self.payments, sum.amount),
            Measure::Donations => count(&mut self.donations, sum.amount),
            Measure::Receipts => count(&mut self.receipts, sum.amount),
        }
    }

    /// This and the other together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn plus(mut self, other: &Self) -> Result<Self, MoneyError> {
        add(&mut self.submitted, other.submitted)?;
        add(&mut self.approved, other.approved)?;
        add(&mut self.paid, other.paid)?;
        add(&mut self.refunded, other.refunded)?;
        count(&mut self.payments, other.payments)?;
        count(&mut self.donations, other.donations)?;
        count(&mut self.receipts, other.receipts)?;
        Ok(self)
    }

    /// Paid and not come back.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn disbursed(&self) -> Result<Won, MoneyError> {
        self.paid.checked_sub(self.refunded)
    }
}

/// Adds to a number of records or people.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn count(sum: &mut i64, amount: i64) -> Result<(), MoneyError> {
    *sum = sum.checked_add(amount).ok_or(MoneyError::Overflow)?;
    Ok(())
}

/// The sums of all lines that a report read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Books {
    /// What the ledger says of each line.
    pub flows: BTreeMap<Line, Flows>,
    /// What the programs' sums say; these lines have no fiscal year.
    pub tallied: BTreeMap<Line, Tallied>,
}

/// What is said of some lines together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// By the ledger.
    pub flows: Flows,
    /// By the programs' sums.
    pub tallied: Tallied,
}

impl Total {
    /// This and the other together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn plus(&self, other: &Self) -> Result<Self, MoneyError> {
        Ok(Self {
            flows: self.flows.plus(&other.flows)?,
            tallied: self.tallied.plus(&other.tallied)?,
        })
    }
}

impl Books {
    /// Adds up sums line by line.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(sums: &[AccountSum], tallies: &[TallySum]) -> Result<Self, MoneyError> {
        let mut books = Self::default();
        for sum in sums {
            books
                .flows
                .entry(sum.key.line.clone())
                .or_default()
                .add(sum)?;
        }
        for sum in tallies {
            let line = Line {
                fund: sum.fund.clone(),
                program: sum.program.clone(),
                fiscal_year: None,
            };
            books.tallied.entry(line).or_default().add(sum)?;
        }
        Ok(books)
    }

    /// Adds up the wanted lines. Since the programs' sums know no fiscal year, `wanted` must not
    /// ask for one.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn total(&self, wanted: impl Fn(&Line) -> bool) -> Result<Total, MoneyError> {
        let mut total = Total::default();
        for (_, flows) in self.flows.iter().filter(|(line, _)| wanted(line)) {
            total.flows = total.flows.plus(flows)?;
        }
        for (_, tallied) in self.tallied.iter().filter(|(line, _)| wanted(line)) {
            total.tallied = total.tallied.plus(tallied)?;
        }
        Ok(total)
    }

    /// Whether anything was recorded in a wanted line.
    #[must_use]
    pub fn any(&self, wanted: impl Fn(&Line) -> bool) -> bool {
        self.flows.keys().chain(self.tallied.keys()).any(wanted)
    }
}
