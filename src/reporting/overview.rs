//! `GET /v1/reports/overview`: everything on one page.
//!
//! Flow: all sums until the day; consolidated = every line that has a fund; what lies outside
//! funds, with compensation apart; each fund; each program with its people and sales; donations; how many pledges stand where.
//!
//! A fund or program is listed from the day it takes effect, or from its first entry where that is
//! dated earlier.
//!
//! Cost: what [`Rows`] costs, the statements of `funds::store::all`, one for their names, and at
//! most two each for donations, people and sales, one for what partners state of sales, and what
//! [`Uses`] costs; for pledges what [`pledges::counts`] costs, and for claims what
//! [`claims::counts`] costs, which grows with the different claims that are said, not with records.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::books::{Books, Tallied, Total, count};
use super::checks::{self, Broken};
use super::claims;
use super::declared::{self, Stated};
use super::figures::{FundFigures, OutsideFigures, ProgramFigures};
use super::fund::{FundSummary, is_listed};
use super::passed_on::{ReachedThrough, Uses};
use super::pledges::PledgeCounts;
use super::rows::Rows;
use super::sold::{self, SalesShown};
use super::{CURRENCY, ReportError, master, pledges, until};
use crate::code::{Code, Name};
use crate::db::Conn;
use crate::ledger::Line;
use crate::money::{MoneyError, Won};
use crate::programs::model::{Program, ProgramKind};
use crate::statements::model::Known;
use crate::tallies;
use crate::tallies::people::Scope;
use crate::tallies::store::{SaleSum, TallyFilter, TallySum};
use crate::tallies::{RECIPIENT_END, RECIPIENT_INTERMEDIARY};

/// Everything on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The day.
    pub as_of: NaiveDate,
    /// Of every amount.
    pub currency: &'static str,
    /// All funds together, each won once.
    pub consolidated: FundFigures,
    /// Given outside any fund.
    pub outside_funds: OutsideFigures,
    /// Damages made good: never giving.
    pub compensation: OutsideFigures,
    /// The funds, by code.
    pub funds: Vec<FundSummary>,
    /// The programs, by code.
    pub programs: Vec<ProgramSummary>,
    /// Gifts to organisations; part of the figures above.
    pub donations: DonationFigures,
    /// What was promised in public.
    pub pledges: PledgesInShort,
    /// What was said in public by then, each held against the books of its own day.
    pub claims: claims::Counts,
}

/// How many pledges stand where: total = met + open + overdue + withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PledgesInShort {
    /// Made by the day.
    pub total: i64,
    /// Kept.
    pub met: i64,
    /// Neither kept, nor late, nor taken back.
    pub open: i64,
    /// Late.
    pub overdue: i64,
    /// Taken back.
    pub withdrawn: i64,
}

/// A program in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgramSummary {
    /// Its address.
    pub code: Code,
    /// Its name on that day.
    pub name: Name,
    /// What it does.
    pub kind: ProgramKind,
    /// PROGRAM FIGURES.
    #[serde(flatten)]
    pub figures: ProgramFigures,
    /// Whom it reached.
    pub beneficiaries: Reached,
    /// What it sold; none where it never did.
    pub sales: Option<SalesShown>,
}

/// Whom a program reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reached {
    /// Distinct people (실인원).
    pub unique: i64,
    /// Payments (지급 건수).
    pub payments: i64,
}

/// Gifts to organisations, without those of compensation programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DonationFigures {
    /// Won paid and not come back.
    pub amount: Won,
    /// Of how many donations.
    pub count: i64,
    /// Of the amount, out of funds.
    pub from_funds: Won,
    /// Of the amount, outside any fund.
    pub outside_funds: Won,
    /// Donations without a receipt.
    pub receipts_missing: i64,
    /// Of the amount, with recipients that pass it on and have not yet.
    pub held_by_intermediaries: Won,
    /// Of the amount, what they passed on.
    pub reached: ReachedThrough,
}

impl From<PledgeCounts> for PledgesInShort {
    fn from(counts: PledgeCounts) -> Self {
        Self {
            total: counts.total,
            met: counts.met,
            open: counts.open,
            overdue: counts.overdue,
            withdrawn: counts.withdrawn,
        }
    }
}

struct OverviewRows {
    rows: Rows,
    donations: Vec<TallySum>,
    people: Vec<(String, NaiveDate, i64)>,
    sales: Vec<SaleSum>,
    pledges: PledgeCounts,
    claims: claims::Counts,
    statements: Vec<Known>,
    uses: Uses,
}

/// Reports on everything as it stood at the end of `as_of`.
///
/// # Errors
/// [`ReportError`].
pub fn overview(
    conn: &mut Conn,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<Overview, ReportError> {
    let pieces = until::standing(as_of, today);
    let gifts = TallyFilter {
        by_place: true,
        payees: Some(vec![RECIPIENT_END, RECIPIENT_INTERMEDIARY]),
        ..TallyFilter::default()
    };
    let funds = master::funds(conn, as_of)?;
    let rows = OverviewRows {
        rows: Rows::read(conn, (as_of, today), funds, None)?,
        donations: until::read(&pieces, |span, days| {
            tallies::store::read(conn, &gifts, span, days)
        })?,
        people: until::read(&pieces, |span, days| {
            tallies::store::people_counts(conn, None, span, days)
        })?,
        sales: until::read(&pieces, |span, days| {
            tallies::store::sale_sums(conn, None, span, days)
        })?,
        pledges: pledges::counts(conn, as_of, today)?,
        claims: claims::counts(conn, as_of, today)?,
        statements: crate::statements::store::known(conn, None, as_of)?,
        uses: Uses::read(conn, None, as_of)?,
    };
    build(&rows).map_err(|broken| broken.in_report("overview"))
}

fn build(read: &OverviewRows) -> Result<Overview, Broken> {
    let rows = &read.rows;
    let books = Books::of(&rows.sums, &rows.tallies)?;
    checks::books(&books, rows.now)?;
    let compensates = |line: &Line| master::compensates(&rows.programs, line.program.as_ref());
    let outside = books.total(|line| line.fund.is_none() && !compensates(line))?;
    let compensation = books.total(|line| line.fund.is_none() && compensates(line))?;
    let listed = rows
        .funds
        .iter()
        .filter(|fund| is_listed(rows, &books, fund));
    Ok(Overview {
        as_of: rows.as_of,
        currency: CURRENCY,
        consolidated: consolidated(rows, &books)?,
        outside_funds: OutsideFigures::of(&outside)?,
        compensation: OutsideFigures::of(&compensation)?,
        funds: listed
            .map(|fund| FundSummary::of(rows, &books, fund))
            .collect::<Result<_, _>>()?,
        programs: programs(read, &books)?,
        donations: donations(rows, &read.donations, &read.uses)?,
        pledges: PledgesInShort::from(read.pledges),
        claims: read.claims,
    })
}

/// Every line that has a fund; compared with the funds by themselves and with the roots.
fn consolidated(rows: &Rows, books: &Books) -> Result<FundFigures, Broken> {
    let whole = FundFigures::of(&books.total(|line| line.fund.is_some())?)?;
    checks::fund("all funds", &whole)?;
    let (mut own, mut roots) = (Total::default(), Total::default());
    for fund in &rows.funds {
        let alone = books.total(|line| line.fund.as_ref() == Some(&fund.code))?;
        own = own.plus(&alone)?;
        if fund.part_of.is_none() {
            let family = master::family(&rows.funds, &fund.code);
            let tree =
                books.total(|line| line.fund.as_ref().is_some_and(|f| family.contains(f)))?;
            roots = roots.plus(&tree)?;
        }
    }
    checks::consolidated(&whole, &FundFigures::of(&own)?, &FundFigures::of(&roots)?)?;
    Ok(whole)
}

/// The programs that had taken effect by the day, or had entries by then.
fn programs(read: &OverviewRows, books: &Books) -> Result<Vec<ProgramSummary>, Broken> {
    let sold = sold::by_program(&read.sales)?;
    let standing = declared::standing(&read.statements);
    let people = people(&read.people)?;
    let is_listed = |program: &&Program| {
        let code = &program.code;
        read.rows.has_taken_effect("program", code)
            || sold.contains_key(code)
            || standing.contains_key(code)
            || books.any(|line| line.program.as_ref() == Some(code))
    };
    let listed = read.rows.programs.iter().filter(is_listed);
    listed
        .map(|program| {
            let total = books.total(|line| line.program.as_ref() == Some(&program.code))?;
            let stated = standing.get(&program.code).map(|all| Stated::of(all));
            let stated = stated.transpose()?;
            let scope = Scope::Program(program.code.clone()).to_string();
            Ok(ProgramSummary {
                code: program.code.clone(),
                name: program.terms.name.clone(),
                kind: program.kind,
                figures: ProgramFigures::of(&total, !program.funds.is_empty())?,
                beneficiaries: Reached {
                    unique: people.get(scope.as_str()).copied().unwrap_or(0),
                    payments: total.tallied.payments,
                },
                sales: SalesShown::of(sold.get(&program.code), stated.as_ref(), read.rows.as_of),
            })
        })
        .collect()
}

/// How many distinct people each scope has.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn people(changes: &[(String, NaiveDate, i64)]) -> Result<BTreeMap<&str, i64>, MoneyError> {
    let mut scopes: BTreeMap<&str, i64> = BTreeMap::new();
    for (scope, _, change) in changes {
        count(scopes.entry(scope).or_default(), *change)?;
    }
    Ok(scopes)
}

fn donations(rows: &Rows, gifts: &[TallySum], uses: &Uses) -> Result<DonationFigures, Broken> {
    let sum = |wanted: fn(&TallySum) -> bool| -> Result<Tallied, MoneyError> {
        let mut sum = Tallied::default();
        for gift in gifts.iter().filter(|gift| wanted(gift)) {
            if !master::compensates(&rows.programs, gift.program.as_ref()) {
                sum.add(gift)?;
            }
        }
        Ok(sum)
    };
    let all = sum(|_| true)?;
    let passed_on = sum(|gift| gift.payee == RECIPIENT_INTERMEDIARY)?;
    let (held_by_intermediaries, reached) = uses.total(passed_on.disbursed()?, |said| {
        !master::compensates(&rows.programs, said.program.as_ref())
    })?;
    Ok(DonationFigures {
        amount: all.disbursed()?,
        count: all.donations,
        from_funds: sum(|gift| gift.fund.is_some())?.disbursed()?,
        outside_funds: sum(|gift| gift.fund.is_none())?.disbursed()?,
        receipts_missing: all.donations.saturating_sub(all.receipts).max(0),
        held_by_intermediaries,
        reached,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funds::model::{CountedAt, Fund};
    use crate::reporting::sample::{self, BILLION, code, day};

    fn fund(name: &str, part_of: Option<&str>) -> Fund {
        sample::fund(name, part_of, CountedAt::List)
    }

    fn rows() -> OverviewRows {
        let (sums, tallies) = sample::sums();
        let as_of = day("2022-11-03");
        OverviewRows {
            rows: Rows {
                as_of,
                now: true,
                funds: vec![
                    fund("child", Some("parent")),
                    fund("later", None),
                    fund("parent", None),
                ],
                programs: Vec::new(),
                plans: BTreeMap::new(),
                in_effect: [("fund".to_owned(), "parent".to_owned())].into(),
                sums,
                tallies,
            },
            donations: Vec::new(),
            people: Vec::new(),
            sales: Vec::new(),
            pledges: PledgeCounts::default(),
            claims: claims::Counts::default(),
            statements: Vec::new(),
            uses: Uses::default(),
        }
    }

    #[test]
    fn a_parent_shows_its_child_and_itself_apart() {
        let overview = build(&rows()).unwrap();
        let [child, parent] = overview.funds.as_slice() else {
            panic!("{:?}", overview.funds)
        };
        assert_eq!(
            (child.code.as_str(), parent.code.as_str()),
            ("child", "parent")
        );
        assert_eq!(parent.figures, overview.consolidated);
        assert_eq!(parent.own.committed, Won::new(290 * BILLION));
        assert_eq!(parent.to_child_funds, Won::new(10 * BILLION));
        assert_eq!(child.figures, child.own);
        assert_eq!(parent.progress.elapsed_ratio.to_string(), "0.1188");
        assert_eq!(parent.progress.plan_to_date_ratio, None);
    }

    #[test]
    fn money_of_a_fund_that_nobody_knows_is_a_contradiction() {
        let mut rows = rows();
        rows.rows.funds.retain(|fund| fund.code != code("child"));
        assert!(matches!(build(&rows), Err(Broken::Differs { .. })));
    }

    #[test]
    fn a_gift_that_is_passed_on_and_has_no_receipt_is_told() {
        let mut rows = rows();
        let line = sample::line("child", "workers");
        let gift = |measure, amount| TallySum {
            region: String::new(),
            payee: RECIPIENT_INTERMEDIARY.to_owned(),
            ..sample::tallied(&line, measure, amount)
        };
        rows.donations = vec![
            gift(tallies::Measure::Paid, 22),
            gift(tallies::Measure::Refunded, 2),
            gift(tallies::Measure::Donations, 1),
        ];
        let donations = build(&rows).unwrap().donations;
        assert_eq!(
            donations,
            DonationFigures {
                amount: Won::new(20),
                count: 1,
                from_funds: Won::new(20),
                outside_funds: Won::ZERO,
                receipts_missing: 1,
                held_by_intermediaries: Won::new(20),
                reached: ReachedThrough::default(),
            }
        );
    }
}
