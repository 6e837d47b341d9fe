//! One metric of one scope, as of a day: what pledges follow and claims are checked against.
//!
//! Flow: the sums of the days are read, of the scope alone, and added up. A stock such as people
//! says what stood at the end of the day; a flow what happened until then, or since `from`. What
//! compensation pays is in no figure but that of its own program.
//!
//! Cost: the statements of `funds::store::all` and `programs::store::all`, and at most three for
//! the sums; whatever the number of records.

use chrono::NaiveDate;

use super::books::{Books, count};
use super::checks::Broken;
use super::series::{Basis as SeriesBasis, Source};
use super::until::{self, Piece};
use super::{ReportError, master};
use crate::code::Code;
use crate::db::Conn;
use crate::funds::model::Fund;
use crate::ledger::Form;
use crate::ledger::store::SumFilter;
use crate::metrics::{Metric, Scope};
use crate::money::MoneyError;
use crate::programs::model::Program;
use crate::tallies::store::{SaleSum, TallyFilter, TallySum};
use crate::tallies::{Measure, RECIPIENT_END, RECIPIENT_INTERMEDIARY};
use crate::text_enum::text_enum;
use crate::{ledger, tallies};

text_enum! {
    /// What a figure rests on.
    FigureBasis {
        /// Entries of the books.
        Records = "records",
        /// What the company itself declared, such as a commitment.
        Declaration = "declaration",
        /// What a partner stated.
        PartnerStatement = "partner_statement",
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked for.
    pub metric: Metric,
    /// Of what.
    pub scope: Scope,
    /// The first day of a flow; from the beginning where none is given. Stocks have none.
    pub from: Option<NaiveDate>,
    /// The day at whose end the books are read.
    pub as_of: NaiveDate,
}

/// What the books answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Won, grams, people or records; see [`Metric::unit`].
    pub value: i64,
    /// Of it, won given in kind.
    pub in_kind: i64,
    /// What it rests on.
    pub basis: FigureBasis,
    /// The day it is of: that of the question, or of the statement it rests on.
    pub as_of: NaiveDate,
}

impl Question {
    /// Whether the metric can be asked so: a scope has the figures it has, and a stock such as
    /// people has no first day.
    #[must_use]
    pub fn makes_sense(&self) -> bool {
        let stock = self.metric.basis() == SeriesBasis::AtPeriodEnd
            || matches!(self.metric, Metric::Buyers | Metric::PledgesMet);
        self.metric.is_of(&self.scope) && !(stock && self.from.is_some())
    }
}

/// Answers a question as of a day; `None` where the scope has no record of it, or it makes no
/// sense.
///
/// # Errors
/// [`ReportError`].
pub fn figure(
    conn: &mut Conn,
    question: &Question,
    today: NaiveDate,
) -> Result<Option<Figure>, ReportError> {
    if !question.makes_sense() {
        return Ok(None);
    }
    let Some(source) = question.metric.source() else {
        return Ok(None);
    };
    let pieces = match question.from {
        Some(from) => until::between(from, question.as_of),
        None => until::standing(question.as_of, today),
    };
    let found = match source {
        Source::Ledger => of_accounts(conn, question, &pieces)?,
        Source::Tallies => of_programs(conn, question, &pieces)?,
        Source::People => of_people(conn, question, &pieces)?,
        Source::Sales => of_sales(conn, question, &pieces)?,
    };
    Ok(found.map(|(value, in_kind)| Figure {
        value,
        in_kind,
        basis: match question.metric {
            Metric::Committed => FigureBasis::Declaration,
            _ => FigureBasis::Records,
        },
        as_of: question.as_of,
    }))
}

/// A value, and how much of it is in kind.
type Found = Option<(i64, i64)>;

fn broken(broken: impl Into<Broken>) -> ReportError {
    broken.into().in_report("figure")
}

/// The funds of a scope: a fund counts with its children.
fn funds_of(scope: &Scope, funds: &[Fund]) -> Option<Vec<Code>> {
    match scope {
        Scope::Fund(code) => Some(master::family(funds, code)),
        Scope::All | Scope::Program(_) => None,
    }
}

fn of_accounts(
    conn: &mut Conn,
    question: &Question,
    pieces: &[Piece],
) -> Result<Found, ReportError> {
    let filter = SumFilter {
        funds: funds_of(&question.scope, &master::funds(conn, question.as_of)?),
        program: None,
    };
    let sums = until::read(pieces, |span, days| {
        ledger::store::sums(conn, &filter, span, days)
    })?;
    let books = Books::of(&sums, &[]).map_err(broken)?;
    let of_a_fund = |line: &ledger::Line| line.fund.is_some();
    if !books.any(of_a_fund) {
        return Ok(None);
    }
    let flows = books.total(of_a_fund).map_err(broken)?.flows;
    let won = match question.metric {
        Metric::Contributed => flows.contributed,
        _ => Some(flows.committed().map_err(broken)?),
    };
    Ok(won.map(|won| (won.get(), 0)))
}

fn of_programs(
    conn: &mut Conn,
    question: &Question,
    pieces: &[Piece],
) -> Result<Found, ReportError> {
    let donated = question.metric == Metric::Donated;
    let programs = master::programs(conn, question.as_of)?;
    let filter = TallyFilter {
        program: match &question.scope {
            Scope::Program(code) => Some(code.clone()),
            Scope::All | Scope::Fund(_) => None,
        },
        funds: funds_of(&question.scope, &master::funds(conn, question.as_of)?),
        by_place: donated,
        payees: donated.then(|| vec![RECIPIENT_END, RECIPIENT_INTERMEDIARY]),
    };
    let sums = until::read(pieces, |span, days| {
        tallies::store::read(conn, &filter, span, days)
    })?;
    add_up(&sums, question, &programs).map_err(broken)
}

fn add_up(
    sums: &[TallySum],
    question: &Question,
    programs: &[Program],
) -> Result<Found, MoneyError> {
    let alone = matches!(question.scope, Scope::Program(_));
    let mut found: Found = None;
    for sum in sums {
        if !alone && master::compensates(programs, sum.program.as_ref()) {
            continue;
        }
        let Some(amount) = of_tally(question.metric, sum) else {
            continue;
        };
        let (value, in_kind) = found.get_or_insert_default();
        count(value, amount)?;
        if sum.form == Form::InKind {
            count(in_kind, amount)?;
        }
    }
    Ok(found)
}

fn of_people(conn: &mut Conn, question: &Question, pieces: &[Piece]) -> Result<Found, ReportError> {
    let scopes = [question.scope.clone()];
    let changes = until::read(pieces, |span, days| {
        tallies::store::people_counts(conn, Some(&scopes), span, days)
    })?;
    let mut found: Found = None;
    for (_, _, change) in changes {
        count(&mut found.get_or_insert_default().0, change).map_err(broken)?;
    }
    Ok(found)
}

fn of_sales(conn: &mut Conn, question: &Question, pieces: &[Piece]) -> Result<Found, ReportError> {
    let program = match &question.scope {
        Scope::Program(code) => Some(code),
        Scope::All | Scope::Fund(_) => None,
    };
    let sums = until::read(pieces, |span, days| {
        tallies::store::sale_sums(conn, program, span, days)
    })?;
    let mut found: Found = None;
    for sum in &sums {
        let sold = of_sale(question.metric, sum);
        count(&mut found.get_or_insert_default().0, sold).map_err(broken)?;
    }
    Ok(found)
}

/// What a sum of programs adds to a metric, where it belongs to it.
#[must_use]
pub fn of_tally(metric: Metric, sum: &TallySum) -> Option<i64> {
    match (metric, sum.measure) {
        (Metric::Paid | Metric::Disbursed | Metric::Donated, Measure::Paid)
        | (Metric::Refunded, Measure::Refunded)
        | (Metric::Payments, Measure::Payments) => Some(sum.amount),
        (Metric::Disbursed | Metric::Donated, Measure::Refunded) => {
            Some(sum.amount.saturating_neg())
        }
        _ => None,
    }
}

/// What a sum of sales adds to a metric.
#[must_use]
pub fn of_sale(metric: Metric, sum: &SaleSum) -> i64 {
    match metric {
        Metric::SalesQuantityKg => sum.sold.grams,
        Metric::Orders => sum.sold.orders,
        _ => sum.sold.amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::sample::{self, BILLION, code, day};

    fn asked(metric: Metric, scope: Scope) -> Question {
        Question {
            metric,
            scope,
            from: None,
            as_of: day("2022-11-03"),
        }
    }

    #[test]
    fn disbursed_is_paid_less_refunded_and_tells_what_was_in_kind() {
        let (_, tallies) = sample::sums();
        let found = add_up(&tallies, &asked(Metric::Disbursed, Scope::All), &[]).unwrap();
        assert_eq!(found, Some((8 * BILLION, 6 * BILLION)));
    }

    #[test]
    fn what_was_never_recorded_is_no_figure_and_not_nothing() {
        let question = asked(Metric::Paid, Scope::Program(code("jeju")));
        assert_eq!(add_up(&[], &question, &[]).unwrap(), None);
    }

    #[test]
    fn people_have_no_first_day_and_programs_no_commitment() {
        let mut people = asked(Metric::Beneficiaries, Scope::All);
        assert!(people.makes_sense());
        people.from = Some(day("2022-01-01"));
        assert!(!people.makes_sense());
        assert!(!asked(Metric::Committed, Scope::Program(code("drivers"))).makes_sense());
    }
}
