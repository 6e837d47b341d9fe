//! What callers say of statements of sales.

use chrono::{DateTime, Utc};
use deserr::{Deserr, ValuePointerRef};
use utoipa::{IntoParams, ToSchema};

use crate::calendar::Period;
use crate::http::v1::funds::dto::{Label, Note};
use crate::http::v1::sales::dto::{NewSaleCancellation, OrderCount, SaleStatusWire};
use crate::http::wire::{AttributeIs, Attributes, Choice, CodeIn, Day, Faults, KgIn, Whole, WonIn};
use crate::ids::{RecordId, unique};
use crate::ledger::store::BookRef;
use crate::payouts::lookups::RecordFilter;
use crate::statements::cancel::CancelStatement;
use crate::statements::model::{BuyersBasis, Figures, StatementBasis};
use crate::statements::record::RecordStatement;
use crate::statements::store::StatementFilter;

/// What the days of a statement are to its figures.
pub type StatementBasisWire = Choice<StatementBasis>;
/// Who is counted as a buyer.
pub type BuyersBasisWire = Choice<BuyersBasis>;
/// How many buyers, or people that something reached.
pub type PeopleCount = Whole<1, 10_000_000_000>;

/// A run of days that is over, first and last included.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = in_order -> Faults)]
#[schema(example = json!({"start": "2021-08-01", "end": "2022-10-31"}))]
pub struct ReportedPeriod {
    /// The first day.
    pub start: Day,
    /// The last day.
    pub end: Day,
}

fn in_order(period: ReportedPeriod, at: ValuePointerRef<'_>) -> Result<ReportedPeriod, Faults> {
    if period.start.0 <= period.end.0 {
        Ok(period)
    } else {
        Err(Faults::one(at, "end_before_start"))
    }
}

impl ReportedPeriod {
    /// The period. Its order was checked when it was read.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        Period::new(self.start.0, self.end.0).ok()
    }
}

/// What a partner states of its sales: at least one figure.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "program": "makers-produce", "period": {"start": "2021-08-01", "end": "2022-10-31"},
    "basis": "cumulative", "quantity_kg": "2050000.000", "amount": "9800000000",
    "orders": 441000, "buyers": 382000, "buyers_basis": "unique_to_date"
}))]
pub struct NewStatement {
    /// The program that sold; of the kind `produce_sales`.
    pub program: CodeIn,
    /// The days that the figures are of. Those of a period share no day with others; cumulative
    /// ones begin on one day and end on days of their own.
    pub period: ReportedPeriod,
    /// Whether the figures are cumulative or of these days alone.
    pub basis: StatementBasisWire,
    /// How much was sold.
    #[deserr(default)]
    pub quantity_kg: Option<KgIn>,
    /// For how much (거래액).
    #[deserr(default)]
    pub amount: Option<WonIn>,
    /// In how many orders.
    #[deserr(default)]
    pub orders: Option<OrderCount>,
    /// To how many (구매자).
    #[deserr(default)]
    pub buyers: Option<PeopleCount>,
    /// Who was counted as a buyer; needed with `buyers`. Distinct people to date are cumulative,
    /// those of a period are of one.
    #[deserr(default)]
    pub buyers_basis: Option<BuyersBasisWire>,
    /// Why a cumulative figure falls; needed where one does.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// Where the figures come from.
    #[deserr(default)]
    pub source: Option<Note>,
    /// The caller's own id, unique among the live statements of the program.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// Labels of the caller's own.
    #[deserr(default)]
    pub attributes: Option<Attributes>,
}

impl NewStatement {
    /// The command that records it in `book`; `None` for a period out of order.
    #[must_use]
    pub fn into_command(self, book: BookRef, now: DateTime<Utc>) -> Option<RecordStatement> {
        Some(RecordStatement {
            book,
            unique: unique(now),
            program: self.program.0,
            basis: self.basis.0,
            period: self.period.period()?,
            figures: Figures {
                quantity: self.quantity_kg.map(|kg| kg.0),
                amount: self.amount.map(|won| won.0),
                orders: self.orders.map(|orders| orders.0),
                buyers: None,
            },
            buyers: (
                self.buyers.map(|count| count.0),
                self.buyers_basis.map(|basis| basis.0),
            ),
            reason: self.reason.map(|note| note.0),
            source: self.source.map(|note| note.0),
            external_id: self.external_id.map(|label| label.0),
            attributes: self.attributes.unwrap_or_default().0,
        })
    }
}

impl NewSaleCancellation {
    /// The command that undoes a statement.
    #[must_use]
    pub fn into_statement_command(
        self,
        id: RecordId,
        expected_version: Option<i32>,
    ) -> CancelStatement {
        CancelStatement {
            id,
            reason: self.reason.0,
            effective_on: self.effective_on.map(|day| day.0),
            expected_version,
        }
    }
}

/// Which statements to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatementQuery {
    /// Only those that count, or only those that were undone.
    #[deserr(default)]
    pub status: Option<SaleStatusWire>,
    /// Only those of a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only cumulative ones, or only those of a period.
    #[deserr(default)]
    pub basis: Option<StatementBasisWire>,
    /// Only those whose period ends on this day or later.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only those whose period ends by this day.
    #[deserr(default)]
    pub to: Option<Day>,
    /// Only the one with this id of the caller's own.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// Only those that have an attribute.
    #[deserr(default)]
    #[param(inline)]
    pub attribute: Option<AttributeIs>,
    /// Only those whose source, reason or external id contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl StatementQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> StatementFilter {
        let attribute = self
            .attribute
            .map(|attribute| (attribute.name, attribute.value));
        StatementFilter {
            records: RecordFilter {
                program: self.program.map(|code| code.0),
                programs: None,
                from: self.from.map(|day| day.0),
                to: self.to.map(|day| day.0),
                external_id: self.external_id.map(|label| label.0),
                attributes: attribute.into_iter().collect(),
                q: self.q.map(|label| label.0),
            },
            status: self.status.map(|choice| choice.0),
            basis: self.basis.map(|choice| choice.0),
        }
    }
}
