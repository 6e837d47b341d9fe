//! What may be recorded as a sale, and when it may be undone. Pure.

use chrono::NaiveDate;

use super::model::{Sale, SaleStatus};
use crate::payouts::error::PayoutError;
use crate::payouts::model::{Status, Verb};
use crate::payouts::rules::value_date;
use crate::programs::model::{Program, ProgramKind};
use crate::refusal::Refusal;

/// Makes sure that the program is one that sells.
///
/// # Errors
/// A fault of `/program`.
pub fn sells(program: &Program) -> Result<(), Refusal> {
    if program.kind == ProgramKind::ProduceSales {
        return Ok(());
    }
    let refusal = Refusal::field("/program", "not_a_sales_program");
    Err(refusal
        .with("program", &program.code)
        .with("kind", program.kind))
}

/// Makes sure that what was sold was sold by today.
///
/// # Errors
/// A fault of `/sold_on`.
pub fn sold_by(sold_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if sold_on > today {
        Err(Refusal::field("/sold_on", "in_the_future"))
    } else {
        Ok(())
    }
}

/// The day on which a sale stops counting: today by default, never in the future, never before
/// the sale.
///
/// # Errors
/// [`PayoutError`] for such a day, and for a sale that was undone already.
pub fn cancelled_on(
    sale: &Sale,
    wanted: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate, PayoutError> {
    match sale.status {
        SaleStatus::Recorded => value_date(wanted, sale.sold_on, today),
        SaleStatus::Cancelled => Err(PayoutError::InvalidState {
            status: Status::Cancelled,
            verb: Verb::Cancel,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::*;
    use crate::code::Code;
    use crate::ids::RecordId;
    use crate::money::{Amount, Weight};
    use crate::sales::change;
    use crate::sales::model::Product;
    use crate::tallies::Sold;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 8, n).unwrap()
    }

    fn sale(status: SaleStatus) -> Sale {
        Sale {
            id: RecordId::stored("id".into()),
            program: Code::parse("makers-produce").unwrap(),
            product: Product {
                code: Code::parse("potato").unwrap(),
                name: "감자".into(),
            },
            producer: None,
            origin_region: None,
            sold_on: day(5),
            quantity: Weight::from_grams(2_500),
            amount: Amount::new(9_000).unwrap(),
            orders: 2,
            external_id: None,
            basis: None,
            attributes: BTreeMap::new(),
            status,
            cancelled: None,
            recorded_by: "officer".into(),
            recorded_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn nothing_is_sold_tomorrow() {
        assert_eq!(sold_by(day(5), day(5)), Ok(()));
        let refused = Refusal::field("/sold_on", "in_the_future");
        assert_eq!(sold_by(day(6), day(5)), Err(refused));
    }

    #[test]
    fn a_sale_is_undone_between_its_own_day_and_today() {
        let on = |wanted| cancelled_on(&sale(SaleStatus::Recorded), wanted, day(9));
        assert_eq!(on(None), Ok(day(9)));
        assert_eq!(on(Some(day(5))), Ok(day(5)));
        assert_eq!(on(Some(day(10))), Err(PayoutError::InTheFuture));
        let before = PayoutError::BeforePreviousStep { last_on: day(5) };
        assert_eq!(on(Some(day(4))), Err(before));
    }

    #[test]
    fn a_sale_is_undone_once() {
        let refused = cancelled_on(&sale(SaleStatus::Cancelled), None, day(9));
        assert!(matches!(refused, Err(PayoutError::InvalidState { .. })));
    }

    #[test]
    fn what_is_undone_is_what_was_added() {
        let sale = sale(SaleStatus::Recorded);
        let (added, taken) = (
            change(&sale, day(5), 1).sold,
            change(&sale, day(9), -1).sold,
        );
        assert_eq!(
            added,
            Sold {
                grams: 2_500,
                amount: 9_000,
                orders: 2
            }
        );
        assert_eq!(
            taken,
            Sold {
                grams: -2_500,
                amount: -9_000,
                orders: -2
            }
        );
    }
}
