//! A book while it is being written to: its head, the accounts in hand, and what is new.
//!
//! Pure: accounts are put in by whoever loaded them, and what is new is taken out to be written.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use foldhash::HashMap;

use super::account::{Account, AccountKey};
use super::event::{Event, NewEvent};
use super::sums::Span;
use super::transfer::{Form, Transfer, TransferKind};
use super::tree::{Frontier, Hash};
use crate::bounds::Bounds;
use crate::money::{MoneyError, Won};

/// The head of a book: where its log ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the book.
    pub book: i64,
    /// Its name, such as `fund:co-prosperity`.
    pub key: String,
    /// Whether the book is only now being opened.
    pub fresh: bool,
    /// The sequence of the last event.
    pub sequence: i64,
    /// When that was recorded.
    pub recorded_at: DateTime<Utc>,
    /// How many accounts the book has.
    pub accounts: i64,
    /// The hash tree over the events.
    pub frontier: Frontier,
}

/// Who asks, with which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The id of the user or client, or `system`.
    pub actor: String,
    /// The id of the request.
    pub request_id: String,
    /// Which programs the request may be about.
    pub bounds: Bounds,
}

impl Who {
    /// Somebody of the house, whose requests may be about anything.
    #[must_use]
    pub fn of_house(actor: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self {
            actor: actor.into(),
            request_id: request_id.into(),
            bounds: Bounds::none(),
        }
    }
}

/// A limited account that would fall below zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// Which one.
    pub account: AccountKey,
    /// What it holds.
    pub available: Won,
    /// What is asked of it.
    pub needed: Won,
}

/// Why a decision could not be recorded: a fault of the program, never of the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// A sum does not fit.
    #[error("a sum does not fit: {0}")]
    Money(#[from] MoneyError),
    /// A decision moved money of an account that was not in hand.
    #[error("account {0} was not in hand")]
    NotInHand(String),
    /// Something cannot be written as JSON.
    #[error("something cannot be written down: {0}")]
    Document(String),
    /// A decision would break a limit that it should have refused.
    #[error("account {0} would fall below zero")]
    BelowZero(String),
}

/// One transfer with its place and its accounts' numbers.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The event it belongs to.
    pub sequence: i64,
    /// Its place in the event, from 1.
    pub part: i32,
    /// The account it takes from.
    pub debit: i64,
    /// The account it gives to.
    pub credit: i64,
    /// The movement.
    pub transfer: Transfer,
}

/// The key of a sum of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SumKey {
    /// The account's number.
    pub account: i64,
    /// Why money moved.
    pub kind: TransferKind,
    /// In what form.
    pub form: Form,
    /// How long the sum runs.
    pub span: Span,
    /// Its first day.
    pub starts_on: NaiveDate,
}

/// What was taken from and given to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turnover {
    /// Taken.
    pub debit: Won,
    /// Given.
    pub credit: Won,
}

/// A book in hand.
#[derive(Debug)]
pub struct Journal {
    head: Head,
    accounts: HashMap<AccountKey, Account>,
    touched: BTreeMap<i64, AccountKey>,
    /// Events that are new, each with its leaf.
    pub events: Vec<(Event, Hash)>,
    /// Transfers that are new.
    pub transfers: Vec<Posted>,
    /// What is to be added to the sums.
    pub sums: BTreeMap<SumKey, Turnover>,
}

impl Journal {
    /// Takes a book in hand.
    #[must_use]
    pub fn new(head: Head) -> Self {
        Self {
            head,
            accounts: HashMap::default(),
            touched: BTreeMap::new(),
            events: Vec::new(),
            transfers: Vec::new(),
            sums: BTreeMap::new(),
        }
    }

    /// The head as it stands.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The sequence that the next event will have.
    #[must_use]
    pub fn next_sequence(&self) -> i64 {
        self.head.sequence.saturating_add(1)
    }

    /// The instant to record at: never before the last one.
    #[must_use]
    pub fn instant(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.head.recorded_at)
    }

    /// Whether this account is in hand already.
    #[must_use]
    pub fn has(&self, key: &AccountKey) -> bool {
        self.accounts.contains_key(key)
    }

    /// Puts an account in hand.
    pub fn put_in_hand(&mut self, account: Account) {
        self.accounts.entry(account.key.clone()).or_insert(account);
    }

    /// An account in hand.
    #[must_use]
    pub fn account(&self, key: &AccountKey) -> Option<&Account> {
        self.accounts.get(key)
    }

    /// The accounts that were written to.
    pub fn touched(&self) -> impl Iterator<Item = &Account> {
        self.touched
            .values()
            .filter_map(|key| self.accounts.get(key))
    }

    /// Tells which limited account these transfers together would leave below zero, if any.
    ///
    /// # Errors
    /// [`LedgerError::NotInHand`] and [`LedgerError::Money`].
    pub fn shortfall(&self, transfers: &[Transfer]) -> Result<Option<Shortfall>, LedgerError> {
        let mut change: HashMap<&AccountKey, Won> = HashMap::default();
        for transfer in transfers {
            let amount = transfer.amount.won();
            let debit = change.entry(&transfer.debit).or_insert(Won::ZERO);
            *debit = debit.checked_sub(amount)?;
            let credit = change.entry(&transfer.credit).or_insert(Won::ZERO);
            *credit = credit.checked_add(amount)?;
        }
        for transfer in transfers {
            let key = &transfer.debit;
            let account = self.in_hand(key)?;
            let change = change.get(key).copied().unwrap_or_default();
            if account.limited && account.balance.checked_add(change)? < Won::ZERO {
                return Ok(Some(Shortfall {
                    account: key.clone(),
                    available: account.balance,
                    needed: change.checked_neg()?,
                }));
            }
        }
        Ok(None)
    }

    /// Records an event with its transfers and adds them to the sums.
    ///
    /// # Errors
    /// [`LedgerError`]; nothing may then be kept of this journal.
    pub fn record(
        &mut self,
        event: NewEvent,
        transfers: Vec<Transfer>,
        who: &Who,
        now: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        let sequence = self.next_sequence();
        let recorded_at = self.instant(now);
        let mut posted = Vec::with_capacity(transfers.len());
        for (transfer, part) in transfers.into_iter().zip(1_i32..) {
            let debit = self.number(&transfer.debit)?;
            let credit = self.number(&transfer.credit)?;
            self.move_money(&transfer, debit, credit)?;
            posted.push(Posted {
                sequence,
                part,
                debit,
                credit,
                transfer,
            });
        }
        let event = Event {
            book: self.head.book,
            sequence,
            kind: event.kind.to_owned(),
            subject: event.subject,
            actor: who.actor.clone(),
            request_id: who.request_id.clone(),
            effective_on: event.effective_on,
            recorded_at,
            command: event.command,
        };
        let parts: Vec<_> = posted
            .iter()
            .map(|p| (&p.transfer, p.debit, p.credit))
            .collect();
        let leaf = event.leaf(&parts);
        self.head.frontier.push(leaf);
        self.head.sequence = sequence;
        self.head.recorded_at = recorded_at;
        self.events.push((event, leaf));
        for part in &posted {
            let account = self.in_hand(&part.transfer.debit)?;
            if account.limited && account.balance < Won::ZERO {
                return Err(LedgerError::BelowZero(account.key.text()));
            }
        }
        self.transfers.append(&mut posted);
        Ok(())
    }

    fn in_hand(&self, key: &AccountKey) -> Result<&Account, LedgerError> {
        self.accounts
            .get(key)
            .ok_or_else(|| LedgerError::NotInHand(key.text()))
    }

    /// The number of an account, given to it now if this is its first transfer.
    fn number(&mut self, key: &AccountKey) -> Result<i64, LedgerError> {
        let account = self
            .accounts
            .get_mut(key)
            .ok_or_else(|| LedgerError::NotInHand(key.text()))?;
        let number = match account.number {
            Some(number) => number,
            None => {
                self.head.accounts = self.head.accounts.saturating_add(1);
                account.number = Some(self.head.accounts);
                self.head.accounts
            }
        };
        self.touched.entry(number).or_insert_with(|| key.clone());
        Ok(number)
    }

    fn move_money(
        &mut self,
        transfer: &Transfer,
        debit: i64,
        credit: i64,
    ) -> Result<(), LedgerError> {
        let (amount, day) = (transfer.amount.won(), transfer.effective_on);
        if let Some(account) = self.accounts.get_mut(&transfer.debit) {
            account.balance = account.balance.checked_sub(amount)?;
            account.backdated |= day < account.last_on;
            account.last_on = account.last_on.max(day);
        }
        if let Some(account) = self.accounts.get_mut(&transfer.credit) {
            account.balance = account.balance.checked_add(amount)?;
            account.last_on = account.last_on.max(day);
        }
        for span in Span::ALL {
            let key = SumKey {
                account: debit,
                kind: transfer.kind,
                form: transfer.form,
                span,
                starts_on: span.starts_on(day),
            };
            let taken = self.sums.entry(key).or_default();
            taken.debit = taken.debit.checked_add(amount)?;
            let given = self
                .sums
                .entry(SumKey {
                    account: credit,
                    ..key
                })
                .or_default();
            given.credit = given.credit.checked_add(amount)?;
        }
        Ok(())
    }
}
