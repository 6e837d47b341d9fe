//! One metric of one scope, as of a day: what pledges follow and claims are checked against.
//!
//! Flow: the sums of the days are read, of the scope alone, and added up. A stock such as people
//! says what stood at the end of the day; a flow what happened until then, or since `from`. What
//! compensation pays is in no figure but that of its own program.
//!
//! Cost: the statements of `funds::store::all` and `programs::store::all`, and at most three for
//! the sums; whatever the number of records. [`Answers`] remembers both, so that many questions
//! cost one reading of master data for each day and one of sums for each different question.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use chrono::NaiveDate;

use super::books::{Books, count};
use super::checks::Broken;
use super::master::Master;
use super::series::Source;
use super::until::{self, Piece};
use super::{ReportError, master, pledges, sold};
use crate::code::Code;
use crate::db::Conn;
use crate::funds::model::CountedAt;
use crate::ledger::Form;
use crate::ledger::store::SumFilter;
use crate::metrics::{Metric, Scope};
use crate::money::MoneyError;
use crate::statements::model::BuyersBasis;
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// Of it, won given in kind that a fund counts at list price.
    pub at_list: i64,
    /// Whose records it is made of, where its sums tell; people are not told apart by program.
    pub programs: BTreeSet<Code>,
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
        let has_no_first_day = self.metric.is_stock() && self.from.is_some();
        self.metric.is_of(&self.scope) && !has_no_first_day
    }
}

/// Answers questions of one snapshot of the books, and remembers what it read for them.
pub struct Answers {
    today: NaiveDate,
    masters: HashMap<NaiveDate, Rc<Master>>,
    known: HashMap<Question, Option<Figure>>,
}

impl Answers {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(today: NaiveDate) -> Self {
        Self {
            today,
            masters: HashMap::new(),
            known: HashMap::new(),
        }
    }

    /// The funds and programs under the terms of a day.
    ///
    /// # Errors
    /// [`ReportError::Database`].
    pub fn master(&mut self, conn: &mut Conn, as_of: NaiveDate) -> Result<Rc<Master>, ReportError> {
        if let Some(master) = self.masters.get(&as_of) {
            return Ok(Rc::clone(master));
        }
        let master = Rc::new(Master::read(conn, as_of)?);
        self.masters.insert(as_of, Rc::clone(&master));
        Ok(master)
    }

    /// Answers a question as of its day; `None` where the scope has no record of it, or it makes
    /// no sense.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn figure(
        &mut self,
        conn: &mut Conn,
        question: &Question,
    ) -> Result<Option<Figure>, ReportError> {
        if let Some(known) = self.known.get(question) {
            return Ok(known.clone());
        }
        let found = if question.makes_sense() {
            let master = self.master(conn, question.as_of)?;
            read(conn, question, &master, self.today)?
        } else {
            None
        };
        self.known.insert(question.clone(), found.clone());
        Ok(found)
    }
}

/// Answers one question as of a day, as [`Answers::figure`] does.
///
/// # Errors
/// [`ReportError`].
pub fn figure(
    conn: &mut Conn,
    question: &Question,
    today: NaiveDate,
) -> Result<Option<Figure>, ReportError> {
    Answers::new(today).figure(conn, question)
}

fn read(
    conn: &mut Conn,
    question: &Question,
    master: &Master,
    today: NaiveDate,
) -> Result<Option<Figure>, ReportError> {
    let pieces = match question.from {
        Some(from) => until::between(from, question.as_of),
        None => until::standing(question.as_of, today),
    };
    let found = match question.metric.source() {
        Source::Ledger => of_accounts(conn, question, &pieces, master)?,
        Source::Tallies => of_programs(conn, question, &pieces, master)?,
        Source::People => of_people(conn, question, &pieces)?,
        Source::Sales => of_sales(conn, question, &pieces)?,
        Source::Statements => return of_buyers(conn, question),
        Source::Pledges => pledges::met_count(conn, question.as_of, today)?.map(|value| Found {
            value,
            ..Found::default()
        }),
    };
    Ok(found.map(|found| Figure {
        value: found.value,
        at_list: found.at_list,
        programs: found.programs,
        basis: match question.metric {
            Metric::Committed | Metric::PledgesMet => FigureBasis::Declaration,
            _ => FigureBasis::Records,
        },
        as_of: question.as_of,
    }))
}

/// A figure as it is added up.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    value: i64,
    at_list: i64,
    programs: BTreeSet<Code>,
}

fn broken(broken: impl Into<Broken>) -> ReportError {
    broken.into().in_report("figure")
}

/// The funds of a scope: a fund counts with its children.
fn funds_of(scope: &Scope, master: &Master) -> Option<Vec<Code>> {
    match scope {
        Scope::Fund(code) => Some(master::family(&master.funds, code)),
        Scope::All | Scope::Program(_) => None,
    }
}

fn of_accounts(
    conn: &mut Conn,
    question: &Question,
    pieces: &[Piece],
    master: &Master,
) -> Result<Option<Found>, ReportError> {
    let filter = SumFilter {
        funds: funds_of(&question.scope, master),
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
    Ok(won.map(|won| Found {
        value: won.get(),
        ..Found::default()
    }))
}

fn of_programs(
    conn: &mut Conn,
    question: &Question,
    pieces: &[Piece],
    master: &Master,
) -> Result<Option<Found>, ReportError> {
    let donated = question.metric == Metric::Donated;
    let filter = TallyFilter {
        program: match &question.scope {
            Scope::Program(code) => Some(code.clone()),
            Scope::All | Scope::Fund(_) => None,
        },
        funds: funds_of(&question.scope, master),
        by_place: donated,
        payees: donated.then(|| vec![RECIPIENT_END, RECIPIENT_INTERMEDIARY]),
    };
    let sums = until::read(pieces, |span, days| {
        tallies::store::read(conn, &filter, span, days)
    })?;
    add_up(&sums, question, master).map_err(broken)
}

fn add_up(
    sums: &[TallySum],
    question: &Question,
    master: &Master,
) -> Result<Option<Found>, MoneyError> {
    let alone = matches!(question.scope, Scope::Program(_));
    let mut found: Option<Found> = None;
    for sum in sums {
        if !alone && master::compensates(&master.programs, sum.program.as_ref()) {
            continue;
        }
        let Some(amount) = of_tally(question.metric, sum) else {
            continue;
        };
        let found = found.get_or_insert_default();
        count(&mut found.value, amount)?;
        if is_at_list(sum, master) {
            count(&mut found.at_list, amount)?;
        }
        found.programs.extend(sum.program.clone());
    }
    Ok(found)
}

/// Whether a sum is of goods that a fund counts at list price.
fn is_at_list(sum: &TallySum, master: &Master) -> bool {
    let fund = sum.fund.as_ref().and_then(|code| master.fund(code));
    sum.measure != Measure::Payments
        && sum.form == Form::InKind
        && fund.is_some_and(|fund| fund.in_kind_counted_at == CountedAt::List)
}

fn of_people(
    conn: &mut Conn,
    question: &Question,
    pieces: &[Piece],
) -> Result<Option<Found>, ReportError> {
    let scopes = [question.scope.clone()];
    let changes = until::read(pieces, |span, days| {
        tallies::store::people_counts(conn, Some(&scopes), span, days)
    })?;
    let mut found: Option<Found> = None;
    for (_, _, change) in changes {
        count(&mut found.get_or_insert_default().value, change).map_err(broken)?;
    }
    Ok(found)
}

fn of_sales(
    conn: &mut Conn,
    question: &Question,
    pieces: &[Piece],
) -> Result<Option<Found>, ReportError> {
    let program = match &question.scope {
        Scope::Program(code) => Some(code),
        Scope::All | Scope::Fund(_) => None,
    };
    let sums = until::read(pieces, |span, days| {
        tallies::store::sale_sums(conn, program, span, days)
    })?;
    let mut found: Option<Found> = None;
    for sum in &sums {
        let found = found.get_or_insert_default();
        count(&mut found.value, of_sale(question.metric, sum)).map_err(broken)?;
        found.programs.insert(sum.program.clone());
    }
    Ok(found)
}

/// Distinct buyers to date, as the partner of one program stated them last. Those of several
/// programs are never added, and neither orders nor the people of one period are buyers to date.
fn of_buyers(conn: &mut Conn, question: &Question) -> Result<Option<Figure>, ReportError> {
    let Scope::Program(program) = &question.scope else {
        return Ok(None);
    };
    let stated = sold::stated(conn, program, question.as_of)?;
    let told = stated.and_then(|stated| stated.buyers);
    let to_date = told.filter(|told| told.buyers.basis == BuyersBasis::UniqueToDate);
    Ok(to_date.map(|told| Figure {
        value: told.buyers.count,
        at_list: 0,
        programs: [program.clone()].into(),
        basis: FigureBasis::PartnerStatement,
        as_of: told.period.end(),
    }))
}

/// What a sum of programs adds to a metric, where it belongs to it.
#[must_use]
pub fn of_tally(metric: Metric, sum: &TallySum) -> Option<i64> {
    match (metric, sum.measure) {
        (Metric::Paid | Metric::Disbursed | Metric::Donated, Measure::Paid)
        | (Metric::Refunded, Measure::Refunded)
        | (Metric::Approved, Measure::Approved)
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

    /// Of the sample's funds, only the parent counts at list price.
    fn master() -> Master {
        Master {
            funds: vec![
                sample::fund("child", Some("parent"), CountedAt::Cost),
                sample::fund("parent", None, CountedAt::List),
            ],
            programs: Vec::new(),
        }
    }

    #[test]
    fn disbursed_is_paid_less_refunded_and_tells_what_was_counted_at_list_price() {
        let (_, tallies) = sample::sums();
        let question = asked(Metric::Disbursed, Scope::All);
        let found = add_up(&tallies, &question, &master()).unwrap().unwrap();
        assert_eq!((found.value, found.at_list), (8 * BILLION, 6 * BILLION));
        assert_eq!(
            Vec::from_iter(found.programs),
            [code("merchants"), code("workers")]
        );
    }

    #[test]
    fn what_was_never_recorded_is_no_figure_and_not_nothing() {
        let question = asked(Metric::Paid, Scope::Program(code("jeju")));
        assert_eq!(add_up(&[], &question, &master()).unwrap(), None);
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
