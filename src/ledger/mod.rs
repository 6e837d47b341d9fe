//! The core: accounts, transfers, sums, and the log of events. Knows no noun but fund and program.
//!
//! A [`Transfer`] moves one amount from one account to another: balanced by construction, with a
//! value date and the instant it was recorded. Nothing else changes money. Every accepted command
//! appends one [`event`] to its book's log; the transfers belong to it.
//!
//! The flow of a write: [`store::head`] locks the book, [`store::accounts`] fetches what the
//! decisions need, a [`Journal`] decides and collects in memory, [`store::write`] writes each
//! table once. Cost: a fixed number of statements for a group, however many commands it has.

pub mod account;
pub mod audit;
pub mod audit_store;
pub mod event;
pub mod journal;
pub mod log;
pub mod store;
pub mod sums;
pub mod trail;
pub mod transfer;
pub mod tree;

pub use account::{Account, AccountKey, Bucket, Line};
pub use event::{Event, NewEvent, written};
pub use journal::{Head, Journal, LedgerError, Shortfall, Who};
pub use sums::{Span, Until};
pub use transfer::{Form, Transfer, TransferKind};
