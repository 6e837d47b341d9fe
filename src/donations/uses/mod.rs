//! What intermediaries pass on of donations: used, given back, people reached.
//!
//! [`record::RecordUse`] keeps what the recipient of a donation says of a run of days,
//! [`cancel::CancelUse`] undoes a wrong one. It is no step of the money: nothing moves in the books.
//! But it never says more than was paid: on each day, what was used and what came back, whether the
//! intermediary says so or the refund is booked, is within what was paid. So [`rules`] looks at
//! every day, and a refund that contradicts what was used is refused as well.
//!
//! Uses are a part of their donation: read, changed and counted in versions with it.

pub mod cancel;
pub mod error;
pub mod model;
pub mod record;
pub mod rules;
pub mod store;
