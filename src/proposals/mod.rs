//! Proposals (기안): what one person asked of a fund's money, or of a limit, until another one agrees.
//!
//! Whoever asks for a commitment, a contribution or its reversal, or an allocation asks by
//! [`undertake::Undertake`]: up to the fund's [limit](crate::settings::limits) it is done, above it
//! becomes a proposal. Nothing moves then. [`decide::DecideProposal`] approves or rejects it, never by
//! who proposed it, who may take it back. Approved, it is decided anew by the same rules, as of then,
//! and its event names both. To make a limit looser is always a proposal.
//!
//! An [`act::Act`] is no command by itself, so there is no way around.

pub mod act;
pub mod decide;
pub mod error;
pub mod limit;
pub mod model;
pub mod rules;
pub mod store;
pub mod undertake;
