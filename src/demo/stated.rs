//! What the partner states of the produce (facts 5 to 7): cumulative, and the only word on buyers.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cast::Cast;
use super::error::DemoError;
use super::facts::{BUYERS, LAST_DAY, MAKERS_PRODUCE, PRODUCE_KG, PRODUCE_SINCE, PRODUCE_WON};
use super::pen::Pen;
use crate::calendar::{Period, parse_day};
use crate::clock::Clock;
use crate::code::Code;
use crate::ids;
use crate::money::{Amount, Weight};
use crate::statements::model::{BuyersBasis, Figures, StatementBasis};
use crate::statements::record::RecordStatement;

/// The hour in Seoul at which it is recorded.
const HOUR: u32 = 16;
const GRAMS_PER_KG: i64 = 1_000;
const SOURCE: &str = "2022-11-03 실적 발표의 누적 수치, 구매자는 39만여 명 중 확실한 39만 명 \
                      (cumulative figures of the earnings call of 2022-11-03; of the 390,000 and \
                      more buyers, the 390,000 that are sure)";

/// Records the statement on the day of the call.
///
/// # Errors
/// [`DemoError`] when the books do not take it.
pub fn on(day: NaiveDate, pen: &mut Pen<'_>, cast: &Cast) -> Result<(), DemoError> {
    if day.to_string() != LAST_DAY {
        return Ok(());
    }
    pen.turn_to(day, HOUR);
    let program = Code::parse(MAKERS_PRODUCE)?;
    let statement = RecordStatement {
        book: pen.tools.directory.of_sale(&program)?,
        unique: ids::unique(pen.tools.clock.now()),
        program,
        basis: StatementBasis::Cumulative,
        period: Period::new(parse_day(PRODUCE_SINCE)?, day)?,
        figures: Figures {
            quantity: Some(Weight::from_grams(PRODUCE_KG.saturating_mul(GRAMS_PER_KG))),
            amount: Some(Amount::new(PRODUCE_WON)?),
            orders: None,
            buyers: None,
        },
        buyers: (Some(BUYERS), Some(BuyersBasis::UniqueToDate)),
        reason: None,
        source: Some(SOURCE.to_owned()),
        external_id: None,
        attributes: BTreeMap::new(),
    };
    pen.write(&cast.sales_officer, statement)?;
    Ok(())
}
