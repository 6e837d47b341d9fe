//! Books for the tests: a fund of 300 billion with a child of 10, as the design tells them.

use chrono::NaiveDate;

use super::books::Books;
use crate::calendar::Period;
use crate::code::{Code, Name};
use crate::funds::model::{CountedAt, Fund, FundKind, FundTerms, Openness, SpendLimit};
use crate::ledger::store::AccountSum;
use crate::ledger::{Bucket, Form, Line, Transfer, TransferKind};
use crate::money::{Amount, Won};
use crate::tallies::store::TallySum;
use crate::tallies::{ALL, Measure};

pub const BILLION: i64 = 1_000_000_000;

pub fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn line(fund: &str, program: &str) -> Line {
    Line {
        fund: Code::stored_or_none(fund.to_owned()),
        program: Code::stored_or_none(program.to_owned()),
        fiscal_year: None,
    }
}

pub fn fund(name: &str, part_of: Option<&str>, in_kind_counted_at: CountedAt) -> Fund {
    Fund {
        code: code(name),
        book: 2,
        part_of: part_of.map(code),
        kind: FundKind::Internal,
        spend_limit: SpendLimit::Commitment,
        in_kind_counted_at,
        second_approval_above: None,
        terms: FundTerms {
            name: Name {
                ko: name.to_owned(),
                en: name.to_owned(),
            },
            period: Period::new(day("2022-04-01"), day("2027-03-31")).unwrap(),
            period_basis: None,
            basis: None,
        },
        status: Openness::Open,
        plan_version: 0,
        version: 1,
    }
}

/// Both sides of a transfer, as sums.
pub fn moved(
    kind: TransferKind,
    form: Form,
    (debit, from): (&Line, Bucket),
    (credit, to): (&Line, Bucket),
    amount: i64,
) -> [AccountSum; 2] {
    let transfer = Transfer {
        kind,
        form,
        debit: debit.bucket(from),
        credit: credit.bucket(to),
        amount: Amount::new(amount).unwrap(),
        effective_on: day("2022-08-01"),
        reverses: None,
    };
    let side = |key, debit, credit| AccountSum {
        book: 2,
        key,
        kind,
        form,
        starts_on: transfer.effective_on,
        debit: Won::new(debit),
        credit: Won::new(credit),
    };
    [
        side(transfer.debit.clone(), amount, 0),
        side(transfer.credit.clone(), 0, amount),
    ]
}

/// A sum of a program; the child fund pays in cash, every other line in kind.
pub fn tallied(line: &Line, measure: Measure, amount: i64) -> TallySum {
    let in_kind = line.fund != Some(code("child"));
    TallySum {
        program: line.program.clone(),
        fund: line.fund.clone(),
        region: ALL.to_owned(),
        payee: ALL.to_owned(),
        form: if in_kind { Form::InKind } else { Form::Cash },
        measure,
        starts_on: day("2022-08-01"),
        amount,
    }
}

/// In billions: parent 300, child 10, allocate 60, approve 7, pay 6 in kind; the child allocates
/// and pays 2.2 in cash, of which 0.2 came back; 1.5 submitted.
#[expect(
    clippy::too_many_lines,
    reason = "a table of figures, one after the other"
)]
pub fn sums() -> (Vec<AccountSum>, Vec<TallySum>) {
    use Bucket::{Available, Awaiting, Outside, Spent, Unallocated};
    use Form::{Cash, InKind, None};
    let (outside, tenth) = (Line::outside(), BILLION / 10);
    let (parent, child) = (line("parent", ""), line("child", ""));
    let (merchants, workers) = (line("parent", "merchants"), line("child", "workers"));
    let moves = [
        moved(
            TransferKind::Commit,
            None,
            (&outside, Outside),
            (&parent, Unallocated),
            3_000 * tenth,
        ),
        moved(
            TransferKind::CommitChild,
            None,
            (&parent, Unallocated),
            (&child, Unallocated),
            100 * tenth,
        ),
        moved(
            TransferKind::Allocate,
            None,
            (&parent, Unallocated),
            (&merchants, Available),
            600 * tenth,
        ),
        moved(
            TransferKind::Approve,
            InKind,
            (&merchants, Available),
            (&merchants, Awaiting),
            70 * tenth,
        ),
        moved(
            TransferKind::Pay,
            InKind,
            (&merchants, Awaiting),
            (&merchants, Spent),
            60 * tenth,
        ),
        moved(
            TransferKind::Allocate,
            None,
            (&child, Unallocated),
            (&workers, Available),
            22 * tenth,
        ),
        moved(
            TransferKind::Approve,
            Cash,
            (&workers, Available),
            (&workers, Awaiting),
            22 * tenth,
        ),
        moved(
            TransferKind::Pay,
            Cash,
            (&workers, Awaiting),
            (&workers, Spent),
            22 * tenth,
        ),
        moved(
            TransferKind::Refund,
            Cash,
            (&workers, Spent),
            (&workers, Available),
            2 * tenth,
        ),
    ];
    let tallies = vec![
        tallied(&merchants, Measure::Submitted, 15 * tenth),
        tallied(&merchants, Measure::Approved, 70 * tenth),
        tallied(&merchants, Measure::Paid, 60 * tenth),
        tallied(&merchants, Measure::Payments, 20_000),
        tallied(&workers, Measure::Approved, 22 * tenth),
        tallied(&workers, Measure::Paid, 22 * tenth),
        tallied(&workers, Measure::Refunded, 2 * tenth),
    ];
    (moves.into_iter().flatten().collect(), tallies)
}

pub fn books() -> Books {
    let (sums, tallies) = sums();
    Books::of(&sums, &tallies).unwrap()
}
