//! `GET /v1/reports/compensation`: damages made good, program by program, by rule version and tier.
//!
//! Never a part of giving. A record counts, with its people, its assessed loss and what it is worth
//! in kind, while what it was approved, net of what was cancelled or refunded, is above zero. People
//! in groups are counted, not told apart; persons who are named are counted once in their program,
//! and not by tier, since one person may be in several.
//!
//! Flow: the sums of compensation until the day, put together by tier and by program; what was
//! approved, paid and refunded, and the number of records, must be what the programs' sums say.
//! Cost: the statements of `programs::store::all`, two for names and what was in effect, and at most
//! two each for compensation, programs' sums and people.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::books::{Tallied, count};
use super::checks::{self, Broken};
use super::overview::people;
use super::suppress::{FEWEST, hidden};
use super::{CURRENCY, ReportError, master, store, until};
use crate::code::{Code, Name};
use crate::db::Conn;
use crate::ledger::Form;
use crate::money::{MoneyError, Won};
use crate::programs::model::{Program, ProgramKind};
use crate::refusal::Refusal;
use crate::tallies;
use crate::tallies::compensation::Compensated;
use crate::tallies::compensation_store::{self, CompensationSum};
use crate::tallies::people::Scope;
use crate::tallies::store::{TallyFilter, TallySum};

/// The report of compensation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompensationReport {
    /// The day.
    pub as_of: NaiveDate,
    /// Of every amount.
    pub currency: &'static str,
    /// Whether any of it is giving: it never is.
    pub part_of_giving: bool,
    /// All programs together.
    pub figures: CompensationFigures,
    /// The programs, by code.
    pub programs: Vec<CompensationProgram>,
}

/// What compensation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CompensationFigures {
    /// Records of which something approved is left.
    pub records: i64,
    /// Of them, those that name a person.
    pub named_records: i64,
    /// People in their groups: counted, not unique.
    pub counted_people: i64,
    /// Their assessed loss.
    pub assessed_loss: Won,
    /// Cash approved and not come back.
    pub cash: Won,
    /// What those in kind are worth.
    pub in_kind: InKindFigures,
    /// Approved, net of cancellations.
    pub approved: Won,
    /// Paid, net of returns.
    pub paid: Won,
    /// Came back for good.
    pub refunded: Won,
}

/// What was given in kind, at each value. They are alternatives and never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct InKindFigures {
    /// Records in kind.
    pub records: i64,
    /// What they cost.
    pub cost: Won,
    /// Their list price, where it is known.
    pub list: Won,
    /// Records without a list price.
    pub without_list: i64,
    /// Their fair value, where it is known.
    pub fair: Won,
    /// Records without a fair value.
    pub without_fair: i64,
}

/// One program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompensationProgram {
    /// Its address.
    pub code: Code,
    /// Its name on that day.
    pub name: Name,
    /// What it came to.
    pub figures: CompensationFigures,
    /// Distinct persons who are named.
    pub unique_persons: i64,
    /// By rule version and tier; what was not assessed comes first.
    pub by_tier: Vec<TierRow>,
}

/// What was done in one tier of one version of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierRow {
    /// The version of the rules; none where nothing was assessed.
    pub rule_version: Option<String>,
    /// The tier; none where nothing was assessed.
    pub tier: Option<String>,
    /// Whether the figures are hidden.
    pub suppressed: bool,
    /// What it came to; none where it is hidden.
    pub figures: Option<CompensationFigures>,
}

impl CompensationFigures {
    fn add(&mut self, form: Form, sum: &Compensated) -> Result<(), MoneyError> {
        let add = |figure: &mut Won, more: i64| {
            *figure = figure.checked_add(Won::new(more))?;
            Ok::<(), MoneyError>(())
        };
        count(&mut self.records, sum.records)?;
        count(&mut self.named_records, sum.named)?;
        count(&mut self.counted_people, sum.counted)?;
        add(&mut self.assessed_loss, sum.assessed_loss)?;
        add(&mut self.approved, sum.approved)?;
        add(&mut self.paid, sum.paid)?;
        add(&mut self.refunded, sum.refunded)?;
        if form == Form::Cash {
            add(&mut self.cash, sum.approved)?;
            return add(&mut self.cash, sum.refunded.saturating_neg());
        }
        let in_kind = &mut self.in_kind;
        count(&mut in_kind.records, sum.records)?;
        count(&mut in_kind.without_list, sum.without_list)?;
        count(&mut in_kind.without_fair, sum.without_fair)?;
        add(&mut in_kind.cost, sum.cost)?;
        add(&mut in_kind.list, sum.list)?;
        add(&mut in_kind.fair, sum.fair)
    }

    /// Whether the figures would tell about single people.
    fn is_small(&self) -> bool {
        let few = |people: i64| (1..FEWEST).contains(&people);
        let came_back = self.records <= 0 && self.refunded != Won::ZERO;
        few(self.named_records) || few(self.counted_people) || came_back
    }
}

struct CompensationRows {
    as_of: NaiveDate,
    programs: Vec<Program>,
    sums: Vec<CompensationSum>,
    tallies: Vec<TallySum>,
    people: Vec<(String, NaiveDate, i64)>,
}

/// Reports on compensation as it stood at the end of `as_of`: of one program, or of all.
///
/// # Errors
/// [`ReportError`]; [`ReportError::Fields`] for a program that is not there, or makes good nothing.
pub fn compensation(
    conn: &mut Conn,
    program: Option<&Code>,
    as_of: NaiveDate,
    today: NaiveDate,
    suppress_small_cells: bool,
) -> Result<CompensationReport, ReportError> {
    let mut programs = master::programs(conn, as_of)?;
    if let Some(code) = program {
        programs.retain(|known| known.code == *code);
        asked_for(programs.first(), code).map_err(ReportError::Fields)?;
    }
    programs.retain(|program| program.kind == ProgramKind::Compensation);
    let pieces = until::standing(as_of, today);
    let sums = until::read(&pieces, |span, days| {
        compensation_store::read(conn, program, span, days)
    })?;
    let in_effect = store::in_effect(conn, as_of)?;
    let entered: BTreeSet<&Code> = sums.iter().map(|sum| &sum.program).collect();
    programs.retain(|program| {
        let key = ("program".to_owned(), program.code.to_string());
        entered.contains(&program.code) || in_effect.contains(&key)
    });
    let of_program = TallyFilter {
        program: program.cloned(),
        ..TallyFilter::default()
    };
    let scope = |program: &Program| Scope::Program(program.code.clone());
    let scopes: Vec<Scope> = programs.iter().map(scope).collect();
    let rows = CompensationRows {
        as_of,
        tallies: until::read(&pieces, |span, days| {
            tallies::store::read(conn, &of_program, span, days)
        })?,
        people: until::read(&pieces, |span, days| {
            tallies::store::people_counts(conn, Some(&scopes), span, days)
        })?,
        programs,
        sums,
    };
    build(&rows, suppress_small_cells).map_err(|broken| broken.in_report("compensation"))
}

fn asked_for(program: Option<&Program>, code: &Code) -> Result<(), Refusal> {
    match program {
        None => Err(Refusal::field("/program", "unknown_program").with("program", code)),
        Some(program) if program.kind != ProgramKind::Compensation => {
            let refusal = Refusal::field("/program", "not_a_compensation_program");
            Err(refusal.with("program", code).with("kind", program.kind))
        }
        Some(_) => Ok(()),
    }
}

fn build(rows: &CompensationRows, suppress: bool) -> Result<CompensationReport, Broken> {
    let people = people(&rows.people)?;
    let mut figures = CompensationFigures::default();
    let mut programs = Vec::new();
    for program in &rows.programs {
        let mut whole = CompensationFigures::default();
        let mut tiers: BTreeMap<(&str, &str), CompensationFigures> = BTreeMap::new();
        for sum in rows.sums.iter().filter(|sum| sum.program == program.code) {
            let tier = tiers.entry((&sum.rule_version, &sum.tier)).or_default();
            tier.add(sum.form, &sum.sum)?;
            whole.add(sum.form, &sum.sum)?;
            figures.add(sum.form, &sum.sum)?;
        }
        compare(program, &whole, &rows.tallies)?;
        let scope = Scope::Program(program.code.clone()).to_string();
        programs.push(CompensationProgram {
            code: program.code.clone(),
            name: program.terms.name.clone(),
            figures: whole,
            unique_persons: people.get(scope.as_str()).copied().unwrap_or(0),
            by_tier: by_tier(&tiers, suppress),
        });
    }
    Ok(CompensationReport {
        as_of: rows.as_of,
        currency: CURRENCY,
        part_of_giving: false,
        figures,
        programs,
    })
}

/// What compensation says of a program is what the sums of programs say of it.
fn compare(
    program: &Program,
    figures: &CompensationFigures,
    sums: &[TallySum],
) -> Result<(), Broken> {
    let mut tallied = Tallied::default();
    let of_program = |sum: &&TallySum| sum.program.as_ref() == Some(&program.code);
    for sum in sums.iter().filter(of_program) {
        tallied.add(sum)?;
    }
    let what = |figure: &str| format!("{figure} of {} as compensation and in all", program.code);
    checks::same(|| what("approved"), figures.approved, tallied.approved)?;
    checks::same(|| what("paid"), figures.paid, tallied.paid)?;
    checks::same(|| what("refunded"), figures.refunded, tallied.refunded)?;
    checks::same(|| what("records"), figures.records, tallied.payments)
}

fn by_tier(tiers: &BTreeMap<(&str, &str), CompensationFigures>, suppress: bool) -> Vec<TierRow> {
    let sizes: Vec<(bool, i64)> = tiers
        .values()
        .map(|figures| (figures.is_small(), figures.records))
        .collect();
    let hidden = if suppress {
        hidden(&sizes)
    } else {
        BTreeSet::new()
    };
    let told = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let rows = tiers.iter().enumerate();
    rows.map(|(row, ((rule_version, tier), figures))| {
        let suppressed = hidden.contains(&row);
        TierRow {
            rule_version: told(rule_version),
            tier: told(tier),
            suppressed,
            figures: (!suppressed).then_some(*figures),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(named: i64, counted: i64) -> CompensationFigures {
        let mut figures = CompensationFigures::default();
        let sum = Compensated {
            records: named + i64::from(counted > 0),
            named,
            counted,
            approved: 10,
            refunded: 4,
            cost: 10,
            ..Compensated::default()
        };
        figures.add(Form::InKind, &sum).unwrap();
        figures
    }

    #[test]
    fn cash_and_what_is_in_kind_stand_side_by_side() {
        let mut figures = figures(5, 0);
        let cash = Compensated {
            records: 1,
            approved: 7,
            refunded: 2,
            ..Compensated::default()
        };
        figures.add(Form::Cash, &cash).unwrap();
        assert_eq!(
            (figures.cash, figures.in_kind.cost),
            (Won::new(5), Won::new(10))
        );
        assert_eq!((figures.records, figures.in_kind.records), (6, 5));
        assert_eq!(figures.approved, Won::new(17));
    }

    #[test]
    fn a_group_of_many_is_not_small_and_a_few_named_people_are() {
        let tiers = [
            (("v1", "a"), figures(0, 10_000)),
            (("v1", "b"), figures(4, 0)),
            (("v1", "c"), figures(60, 0)),
            (("v2", "a"), figures(80, 3)),
        ];
        let tiers = BTreeMap::from(tiers);
        let hidden: Vec<bool> = by_tier(&tiers, true)
            .iter()
            .map(|row| row.suppressed)
            .collect();
        assert_eq!(hidden, [false, true, false, true]);
        assert!(
            by_tier(&tiers, false)
                .iter()
                .all(|row| row.figures.is_some())
        );
    }
}
