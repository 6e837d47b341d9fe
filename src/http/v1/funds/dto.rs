//! What callers say of funds.

use deserr::{Deserr, ValuePointerRef};
use utoipa::{IntoParams, ToSchema};

use crate::calendar::Period;
use crate::code::Code;
use crate::funds::allocate::{Allocate, AllocationKind};
use crate::funds::commit::{Change as Direction, ChangeCommitment};
use crate::funds::contribute::{Contribute, ReverseContribution};
use crate::funds::model::{CountedAt, FundKind, FundTerms, Openness, PlanLine, SpendLimit};
use crate::funds::open::OpenFund;
use crate::funds::plan::{MAX_LINES, SetPlan};
use crate::funds::store::FundFilter;
use crate::funds::terms::{ChangeFund, SetFundOpenness, TermsPatch};
use crate::http::wire::{
    Change, Choice, CodeIn, Day, Edit, Faults, Items, NameIn, Text, Whole, WonIn,
};
use crate::ledger::store::BookRef;

/// Under what rules a fund stands.
pub type FundKindWire = Choice<FundKind>;
/// What spending is limited by.
pub type SpendLimitWire = Choice<SpendLimit>;
/// At which value giving in kind counts.
pub type CountedAtWire = Choice<CountedAt>;
/// Open or closed.
pub type OpennessWire = Choice<Openness>;
/// What happens to an allocation.
pub type AllocationKindWire = Choice<AllocationKind>;
/// Which way a commitment changes.
pub type DirectionWire = Choice<Direction>;
/// A short note.
pub type Note = Text<500>;
/// A short name.
pub type Label = Text<100>;
/// A fiscal year.
pub type Year = Whole<1900, 2199>;
/// The lines of a plan.
pub type NewPlanLines = Items<NewPlanLine, MAX_LINES>;

/// A run of days, first and last included.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = in_order -> Faults)]
pub struct NewPeriod {
    /// The first day.
    pub start: Day,
    /// The last day.
    pub end: Day,
    /// How the period is known.
    #[deserr(default)]
    pub basis: Option<Note>,
}

fn in_order(period: NewPeriod, at: ValuePointerRef<'_>) -> Result<NewPeriod, Faults> {
    if period.start.0 <= period.end.0 {
        Ok(period)
    } else {
        Err(Faults::one(at, "end_before_start"))
    }
}

impl NewPeriod {
    /// The period. Its order was checked when it was read.
    fn period(&self) -> Option<Period> {
        Period::new(self.start.0, self.end.0).ok()
    }
}

/// A fund to be opened.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewFund {
    /// Its address from now on.
    pub code: CodeIn,
    /// Its name.
    pub name: NameIn,
    /// Under what rules it stands.
    pub kind: FundKindWire,
    /// What is promised to it (약정액).
    pub commitment: WonIn,
    /// When that was promised; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// When it runs.
    pub period: NewPeriod,
    /// The fund it is a part of: the commitment is taken out of that one's unallocated money.
    #[deserr(default)]
    pub part_of: Option<CodeIn>,
    /// What spending is limited by besides the allocation; the commitment by default.
    #[deserr(default)]
    pub spend_limit: Option<SpendLimitWire>,
    /// At which value giving in kind counts; the cost by default.
    #[deserr(default)]
    pub in_kind_counted_at: Option<CountedAtWire>,
    /// Over how many won a second person has to agree to what moves its money; by default as for the
    /// fund that it is a part of, or as for the house.
    #[deserr(default)]
    pub second_approval_above: Option<WonIn>,
    /// What the figures of the fund rest on.
    #[deserr(default)]
    pub basis: Option<Note>,
}

impl NewFund {
    /// The code of the fund it is to be a part of.
    #[must_use]
    pub fn parent(&self) -> Option<Code> {
        self.part_of.as_ref().map(|code| code.0.clone())
    }

    /// The command that opens it in `book`; `None` for a period out of order.
    #[must_use]
    pub fn into_command(self, book: BookRef) -> Option<OpenFund> {
        let period = self.period.period()?;
        Some(OpenFund {
            book,
            code: self.code.0,
            terms: FundTerms {
                name: self.name.into_name(),
                period,
                period_basis: self.period.basis.map(|note| note.0),
                basis: self.basis.map(|note| note.0),
            },
            kind: self.kind.0,
            commitment: self.commitment.0,
            effective_on: self.effective_on.map(|day| day.0),
            part_of: self.part_of.map(|code| code.0),
            spend_limit: self
                .spend_limit
                .map_or(SpendLimit::Commitment, |choice| choice.0),
            in_kind_counted_at: self
                .in_kind_counted_at
                .map_or(CountedAt::Cost, |choice| choice.0),
            second_approval_above: self.second_approval_above.map(|won| won.0),
        })
    }
}

/// What of a fund is to be changed; what is left out stays.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct FundChanges {
    /// Its name.
    #[deserr(default)]
    #[schema(value_type = NameIn, required = false)]
    pub name: Edit<NameIn>,
    /// When it runs, as a whole.
    #[deserr(default)]
    #[schema(value_type = NewPeriod, required = false)]
    pub period: Edit<NewPeriod>,
    /// What its figures rest on.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub basis: Change<Note>,
    /// Over how many won a second person has to agree to what moves its money. Stricter at once; looser
    /// only by a proposal.
    #[deserr(default)]
    #[schema(value_type = Option<WonIn>)]
    pub second_approval_above: Change<WonIn>,
    /// Since when the change holds; today by default.
    #[deserr(default)]
    #[schema(value_type = Day, required = false)]
    pub effective_on: Edit<Day>,
}

impl FundChanges {
    /// The command that changes it.
    #[must_use]
    pub fn into_command(self, book: BookRef, fund: Code, expected_version: i32) -> ChangeFund {
        let period = self.period.into_option();
        let patch = TermsPatch {
            name: self.name.into_option().map(NameIn::into_name),
            period: period.as_ref().and_then(NewPeriod::period),
            period_basis: period.map(|period| period.basis.map(|note| note.0)),
            basis: self.basis.into_option().map(|note| note.map(|note| note.0)),
            second_approval_above: self
                .second_approval_above
                .into_option()
                .map(|above| above.map(|won| won.0)),
        };
        let effective_on = self.effective_on.into_option().map(|day| day.0);
        ChangeFund {
            book,
            fund,
            expected_version,
            effective_on,
            patch,
        }
    }
}

/// Why something is closed or reopened.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Why {
    /// The reason.
    pub reason: Note,
}

impl Why {
    /// The command that closes or reopens a fund.
    #[must_use]
    pub fn into_command(self, book: BookRef, fund: Code, to: Openness) -> SetFundOpenness {
        SetFundOpenness {
            book,
            fund,
            to,
            reason: self.reason.0,
        }
    }
}

/// A plan for a fund.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewPlan {
    /// Why this version is made.
    pub version_reason: Note,
    /// Since when it holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// What is meant to be spent, line by line.
    pub lines: NewPlanLines,
}

/// A line of a plan: for a program, or an area, or neither.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = program_or_area -> Faults)]
#[schema(example = json!({"fiscal_year": 2022, "area": "merchants", "amount": "60000000000"}))]
pub struct NewPlanLine {
    /// The year.
    pub fiscal_year: Year,
    /// The program it is for.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// The area it is for.
    #[deserr(default)]
    pub area: Option<Label>,
    /// How much.
    pub amount: WonIn,
}

fn program_or_area(line: NewPlanLine, at: ValuePointerRef<'_>) -> Result<NewPlanLine, Faults> {
    if line.program.is_some() && line.area.is_some() {
        Err(Faults::one(at, "program_or_area"))
    } else {
        Ok(line)
    }
}

impl NewPlan {
    /// The command that sets it.
    #[must_use]
    pub fn into_command(self, book: BookRef, fund: Code) -> SetPlan {
        let lines = self.lines.0.into_iter().filter_map(|line| {
            Some(PlanLine {
                fiscal_year: i32::try_from(line.fiscal_year.0).ok()?,
                program: line.program.map(|code| code.0),
                area: line.area.map(|label| label.0),
                amount: line.amount.0,
            })
        });
        SetPlan {
            book,
            fund,
            reason: self.version_reason.0,
            effective_on: self.effective_on.map(|day| day.0),
            lines: lines.collect(),
        }
    }
}

/// A change of a commitment.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewCommitment {
    /// Which way.
    pub change: DirectionWire,
    /// By how much.
    pub amount: WonIn,
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// Why.
    pub reason: Note,
}

impl NewCommitment {
    /// The command that makes it.
    #[must_use]
    pub fn into_command(self, book: BookRef, fund: Code) -> ChangeCommitment {
        ChangeCommitment {
            book,
            fund,
            change: self.change.0,
            amount: self.amount.0,
            effective_on: self.effective_on.map(|day| day.0),
            reason: self.reason.0,
        }
    }
}

/// Cash that was paid into a fund.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewContribution {
    /// How much.
    pub amount: WonIn,
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// From whom. The code of the parent fund moves that fund's cash.
    pub from: Label,
}

impl NewContribution {
    /// The command that books it.
    #[must_use]
    pub fn into_command(self, book: BookRef, fund: Code) -> Contribute {
        let effective_on = self.effective_on.map(|day| day.0);
        Contribute {
            book,
            fund,
            amount: self.amount.0,
            effective_on,
            from: self.from.0,
        }
    }
}

/// Why a contribution is undone, and when.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Reversal {
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// Why.
    pub reason: Note,
}

impl Reversal {
    /// The command that undoes it.
    #[must_use]
    pub fn into_command(self, fund: Code, contribution: (i64, i64)) -> ReverseContribution {
        let effective_on = self.effective_on.map(|day| day.0);
        ReverseContribution {
            fund,
            contribution,
            effective_on,
            reason: self.reason.0,
        }
    }
}

/// A change of what is set aside for a program.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "program": "sosin-merchants", "amount": "10000000000", "fiscal_year": 2022,
    "effective_on": "2022-08-01", "kind": "allocate"
}))]
pub struct NewAllocation {
    /// The program.
    pub program: CodeIn,
    /// How much.
    pub amount: WonIn,
    /// For which year; without one the line is undated.
    #[deserr(default)]
    pub fiscal_year: Option<Year>,
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// What happens.
    pub kind: AllocationKindWire,
    /// Into which year money is carried over.
    #[deserr(default)]
    pub to_fiscal_year: Option<Year>,
}

impl NewAllocation {
    /// The command that makes it.
    #[must_use]
    pub fn into_command(self, book: BookRef, fund: Code) -> Allocate {
        let year = |year: Option<Year>| year.and_then(|year| i32::try_from(year.0).ok());
        Allocate {
            book,
            fund,
            program: self.program.0,
            amount: self.amount.0,
            fiscal_year: year(self.fiscal_year),
            effective_on: self.effective_on.map(|day| day.0),
            kind: self.kind.0,
            to_fiscal_year: year(self.to_fiscal_year),
        }
    }
}

/// Which funds to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FundQuery {
    /// Only open or only closed ones.
    #[deserr(default)]
    pub status: Option<OpennessWire>,
    /// Only those of a kind.
    #[deserr(default)]
    pub kind: Option<FundKindWire>,
    /// Only the direct children of a fund.
    #[deserr(default)]
    pub part_of: Option<CodeIn>,
    /// Only those whose code or name contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl FundQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> FundFilter {
        FundFilter {
            status: self.status.map(|choice| choice.0),
            kind: self.kind.map(|choice| choice.0),
            part_of: self.part_of.map(|code| code.0),
            q: self.q.map(|label| label.0),
        }
    }
}

/// Which entries of a fund's history to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntryQuery {
    /// Only those with a value date from this day on.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only those with a value date up to this day.
    #[deserr(default)]
    pub to: Option<Day>,
}

/// Which plans to list: all of them, page by page.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanQuery {}
