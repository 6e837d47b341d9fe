//! Settings of the house: rules that hold where a program or a fund says nothing of its own.
//!
//! There is one so far: over how many won a second person has to approve ([`limits`]). It lies in the
//! books and not in the server's configuration: so every server goes by the same one, and who changed
//! it, and when, stands in the log. [`change::ChangeSettings`] makes it stricter; looser it gets only
//! by a [proposal](crate::proposals).

pub mod change;
pub mod limits;
pub mod model;
pub mod store;
