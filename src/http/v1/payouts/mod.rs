//! What disbursements and donations have in common on the wire.

pub mod dto;
pub mod resubmission;
pub mod views;

use serde::Serialize;

use crate::bounds::Bounds;
use crate::desk::Request;
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::changed;
use crate::http::state::State;
use crate::http::wire::CodeIn;
use crate::ledger::store::BookRef;
use crate::payouts::Noun;
use crate::payouts::advance::Advance;

/// The book of a new payout of that program out of that fund.
///
/// # Errors
/// `internal`, or `busy`, when it has to be looked up and cannot be.
pub async fn book_of(
    state: &State,
    program: Option<&CodeIn>,
    fund: Option<&CodeIn>,
) -> Result<BookRef, ApiError> {
    let code = |code: Option<&CodeIn>| code.map(|code| code.0.clone());
    let (program, fund) = (code(program), code(fund));
    state
        .book(move |books| books.of_payout(program.as_ref(), fund.as_ref()))
        .await
}

/// Takes a record a step further and shows what it is then.
///
/// # Errors
/// As [`State::record`].
pub async fn advance<N: Noun, V: Serialize + 'static>(
    state: &State,
    request: Request<Advance<N>>,
    view: fn(&N, &Bounds) -> V,
) -> Answered {
    let bounds = request.who.bounds.clone();
    state
        .record(request, move |record| {
            changed(&view(record, &bounds), record.payout().version)
        })
        .await
}
