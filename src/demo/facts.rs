//! What the founding case consists of: the figures, the days and the codes.
//!
//! The facts, as they were said on 2022-11-03 in a quarterly earnings call, by number:
//!
//! | # | fact | how it was said |
//! |---|---|---|
//! | 1 | a co-prosperity fund of 300 billion won over five years, announced April 2022 | a plan |
//! | 2 | a fund of 10 billion won for mobility workers over five years | a plan |
//! | 3 | 6 billion won of support paid to small merchants (소신상인) | passed |
//! | 4 | 20,000 merchants who received it | about |
//! | 5 | 2,100 t of produce sold since August 2021 | total |
//! | 6 | consumers who bought it | 390,000 or more, under 400,000 |
//! | 7 | 10 billion won of sales | about |
//! | 8 | 2.2 billion won handed over through the Hope Bridge association | exact |
//! | 9, 10 | better access in Jeju; the capital's underground on the map | promises |
//! | 11–14 | the outage of October 2022: its cost, a committee, safety | estimate, promises |
//!
//! The press of the time adds that fact 2 is part of fact 1, that fact 8 was the first of fact 2,
//! and that each merchant got 300,000 won of message credit at list price from August 2022.
//! Whatever else stands here is assumed or generated, and the record that carries it says so.

/// The day the books begin: the Monday after 2021-08-01 (fact 5).
pub const FIRST_DAY: &str = "2021-08-02";
/// The day of the call.
pub const LAST_DAY: &str = "2022-11-03";

/// Where everything was said.
pub const CALL: &str = "2022년 3분기 실적 발표 (earnings call for the third quarter of 2022)";

/// The code of the fund of fact 1.
pub const CO_PROSPERITY: &str = "co-prosperity";
/// The code of the fund of fact 2.
pub const MOBILITY_WORKERS: &str = "mobility-workers";
/// The code of the program of facts 3 and 4.
pub const SOSIN_MERCHANTS: &str = "sosin-merchants";
/// The code of the program of facts 5 to 7.
pub const MAKERS_PRODUCE: &str = "makers-produce";
/// The code of the program of fact 8.
pub const MOBILITY_SUPPORT: &str = "mobility-support";
/// The code of the program of fact 11.
pub const OUTAGE_COMPENSATION: &str = "outage-compensation";
/// The code of the party to the agreement of fact 9.
pub const JEJU: &str = "jeju";
/// The code of the association of fact 8.
pub const HOPE_BRIDGE: &str = "hope-bridge";

/// Fact 1: the commitment, in won.
pub const CO_PROSPERITY_WON: i64 = 300_000_000_000;
/// Fact 1: five years from April 2022. The exact days are assumed, for both funds.
pub const FUND_PERIOD: (&str, &str) = ("2022-04-01", "2027-03-31");
/// Fact 1: the day of the announcement; "April 2022" was said, the first is assumed.
pub const CO_PROSPERITY_ON: &str = "2022-04-01";
/// The fiscal years of the plan. Assumed: an equal part for each.
pub const PLAN_YEARS: [i32; 5] = [2022, 2023, 2024, 2025, 2026];
/// A fifth of the commitment, in won.
pub const PLAN_WON: i64 = 60_000_000_000;

/// Fact 2: the commitment, in won; part of fact 1 by the press.
pub const MOBILITY_WORKERS_WON: i64 = 10_000_000_000;
/// Fact 2: the day it counts from. Assumed.
pub const MOBILITY_WORKERS_ON: &str = "2022-09-01";

/// Fact 3: won of support.
pub const SUPPORT_WON: i64 = 6_000_000_000;
/// Fact 4: merchants who received support.
pub const MERCHANTS: i64 = 20_000;
/// What each of them got: won of message credit at list price, by the press. Times fact 4 it is
/// fact 3.
pub const CREDIT_WON: i64 = 300_000;
/// The day the support began, by the press; the day is assumed.
pub const SOSIN_MERCHANTS_ON: &str = "2022-08-01";
/// What was set aside for the merchants in 2022, in won. Assumed.
pub const SOSIN_MERCHANTS_WON: i64 = 10_000_000_000;

/// Fact 8: the gift, in won.
pub const DONATION_WON: i64 = 2_200_000_000;
/// Fact 8: the day; "September 2022" was said, the sixth is assumed.
pub const DONATED_ON: &str = "2022-09-06";

/// Fact 5: kilograms sold.
pub const PRODUCE_KG: i64 = 2_100_000;
/// Fact 7: won of sales.
pub const PRODUCE_WON: i64 = 10_000_000_000;
/// Facts 5 to 7: since when; "since August 2021" was said.
pub const PRODUCE_SINCE: &str = "2021-08-01";
/// Fact 6: consumers who bought, at least.
pub const BUYERS: i64 = 390_000;
/// Fact 6: and fewer than so many more.
pub const BUYERS_STEP: i64 = 10_000;
/// Orders. Generated: more than the buyers of fact 6, since some bought again.
pub const PRODUCE_ORDERS: i64 = 452_000;

/// The day the outage is first dealt with in the books (facts 11 to 14). Assumed.
pub const OUTAGE_ON: &str = "2022-10-17";
/// Fact 11: the estimate, in won.
pub const OUTAGE_WON: i64 = 40_000_000_000;
/// Fact 10: "within the year".
pub const MAP_DUE_ON: &str = "2022-12-31";
/// The day the promises of facts 9 and 10 reach the books. Assumed; "2022" was said.
pub const ACCESSIBILITY_ON: &str = "2022-11-01";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_merchants_got_is_what_was_paid_out() {
        assert_eq!(MERCHANTS * CREDIT_WON, SUPPORT_WON);
    }

    #[test]
    fn the_plan_adds_up_to_the_commitment() {
        assert_eq!(
            PLAN_YEARS.map(|_| PLAN_WON).iter().sum::<i64>(),
            CO_PROSPERITY_WON
        );
    }
}
