//! Whoever has bounds is asked for them here, before anything else about a command: the one place.
//!
//! What lies beyond is refused as what is not there, whether it is there or not, and whether its
//! caller was let near it before: a key that was good once gives no old answer either.

use super::{Desk, Stop};
use crate::bounds::{About, Bounds};
use crate::refusal::Refusal;

impl Desk {
    /// Makes sure that a command is about something within these bounds.
    ///
    /// # Errors
    /// `unknown_program` or `not_found`; [`Stop::Fetch`] until its record is in hand.
    pub(super) fn within(&self, bounds: &Bounds, about: About<'_>) -> Result<(), Stop> {
        if !bounds.any() {
            return Ok(());
        }
        let program = match about {
            About::House => None,
            About::New(_) => return new_within(bounds, about).map_err(Stop::from),
            About::Disbursement(id) => {
                let found = self.disbursements.find(id)?;
                found.and_then(|found| found.payout.line.program.clone())
            }
            About::Sale(id) => self.sales.find(id)?.map(|found| found.program.clone()),
            About::Statement(id) => self.statements.find(id)?.map(|found| found.program.clone()),
        };
        if bounds.hold(program.as_ref()) {
            Ok(())
        } else {
            Err(Refusal::rule("not_found").into())
        }
    }
}

/// The same for what is new, which takes no look into the books.
///
/// # Errors
/// `unknown_program`.
pub(super) fn new_within(bounds: &Bounds, about: About<'_>) -> Result<(), Refusal> {
    match about {
        About::New(program) if !bounds.hold(Some(program)) => {
            Err(Refusal::field("/program", "unknown_program").with("program", program))
        }
        _ => Ok(()),
    }
}
