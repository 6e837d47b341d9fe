//! The founding case, recorded day by day through the same door and the same commands as the API.
//!
//! [`record`] puts the clock to each day from 2021-08-02 to 2022-11-03 and does what belongs to it:
//! the manager sets up the `books`, an officer records the `produce` sold and the merchants of
//! each of the `rounds` and the `donation`, the approver approves, the treasurer pays. So the
//! four eyes are real, and every entry stands at the instant at which it would have been made. The
//! `facts` are those that were said; all else is thrown by `dice` with a fixed seed, the same
//! on every machine but for ids and passwords, and says of itself that it is made up (시연용).
//!
//! Cost: some 60,000 entries, a few seconds in a release build. Who calls lets the clock go.

mod books;
mod cast;
mod dice;
mod donation;
pub mod error;
mod facts;
mod merchants;
mod pen;
mod produce;
mod programs;
mod promised;
mod rounds;
mod said;
mod stated;

pub use cast::SignIn;
pub use error::DemoError;
pub use pen::{Progress, Tools};

use crate::calendar::parse_day;
use facts::{FIRST_DAY, LAST_DAY};
use pen::{Pen, in_seoul};
use produce::Produce;
use rounds::Rounds;

/// The hours in Seoul at which a day begins and the last one ends.
const MORNING: u32 = 9;
const EVENING: u32 = 18;

/// What whoever asked for the demo has to know.
#[derive(Debug)]
pub struct Founding {
    /// How each user signs in.
    pub users: Vec<SignIn>,
}

/// Records the founding case into empty books. The clock then stands in the evening of 2022-11-03.
///
/// # Errors
/// [`DemoError`] when the books do not take an entry; what was written before stays.
pub fn record(
    tools: &Tools<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Founding, DemoError> {
    let (first, last) = (parse_day(FIRST_DAY)?, parse_day(LAST_DAY)?);
    let (produce, mut rounds) = (Produce::generate()?, Rounds::generate()?);
    let planned = produce.entries().saturating_add(rounds.entries());
    let mut pen = Pen::new(tools, first, planned, progress);
    pen.turn_to(first, MORNING);
    let cast = cast::hire(tools)?;
    for day in first.iter_days().take_while(|day| *day <= last) {
        pen.turn_to(day, MORNING);
        books::on(day, &pen, &cast.manager)?;
        produce.on(day, &mut pen, &cast.sales_officer)?;
        rounds.on(day, &mut pen, &cast)?;
        donation::on(day, &mut pen, &cast)?;
        stated::on(day, &mut pen, &cast)?;
        promised::on(day, &mut pen, &cast)?;
        said::on(day, &mut pen, &cast)?;
    }
    tools.clock.set(in_seoul(last, EVENING));
    Ok(Founding {
        users: cast.sign_ins,
    })
}
