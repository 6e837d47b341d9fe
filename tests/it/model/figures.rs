//! Comparing what the books say with what the model says.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sangsaeng::bounds::Bounds;
use sangsaeng::db::Conn;
use sangsaeng::db::page::Page;
use sangsaeng::disbursements::store::{self, DisbursementFilter};
use sangsaeng::money::Won;
use sangsaeng::reporting::figures::{FundFigures, ProgramFigures};
use sangsaeng::reporting::fund::FiscalYear;
use sangsaeng::reporting::{self, Regions};

use super::Both;
use super::commands::code;
use super::simple::{CHILD, FUNDS, Figures, Line, PROGRAMS, Program, ROOT, family};

/// The most records that a history has.
const MANY: i64 = 10_000;

impl Both {
    /// Compares every record as it stands.
    pub fn compare_records(&self) {
        let page = Page {
            after: None,
            limit: MANY,
        };
        let list = |conn: &mut Conn| {
            store::list(conn, &Bounds::none(), &DisbursementFilter::default(), &page)
        };
        let found = self.books.read(list).into_iter().map(|record| {
            let p = record.payout;
            let amounts = p.amounts;
            let standing = (p.status.to_string(), p.version);
            let won = [
                amounts.approved,
                amounts.paid,
                amounts.returned,
                amounts.refunded,
            ];
            (p.id, (standing, p.amount.get(), won.map(Won::get)))
        });
        let expected = self.model.records.iter().map(|(number, r)| {
            let id = self.attempts[*number].id.clone();
            let standing = (r.status().to_owned(), r.version);
            (
                id,
                (
                    standing,
                    r.amount,
                    [r.approved, r.paid, r.returned, r.refunded],
                ),
            )
        });
        assert_eq!(
            found.collect::<BTreeMap<_, _>>(),
            expected.collect::<BTreeMap<_, _>>()
        );
    }

    /// Compares every figure of a day.
    pub fn compare_figures(&self, day: NaiveDate) {
        for fund in FUNDS {
            self.compare_fund(fund, day);
        }
        for program in &PROGRAMS {
            self.compare_program(program, day);
        }
        let (model, today) = (&self.model, self.model.today);
        let overview = self
            .books
            .read(|conn| reporting::overview(conn, day, today));
        let all = model.figures(day, &FUNDS, |line| line.fund.is_some());
        assert_eq!(
            of_fund(&overview.consolidated),
            all,
            "consolidated on {day}"
        );
        let free = model.figures(day, &[], |line| line.fund.is_none());
        let outside = overview.outside_funds;
        assert_eq!(
            [
                outside.awaiting_payment,
                outside.paid,
                outside.refunded,
                outside.disbursed
            ],
            [free.awaiting, free.paid, free.refunded, free.disbursed].map(Won::new),
            "outside funds on {day}"
        );
    }

    fn compare_fund(&self, fund: &'static str, day: NaiveDate) {
        let (model, today) = (&self.model, self.model.today);
        let report = self
            .books
            .read(|conn| reporting::fund(conn, &code(fund), day, today));
        let inside = |line: &Line| line.fund.is_some_and(|of| family(fund).contains(&of));
        let said = format!("{fund} on {day}");
        assert_eq!(
            of_fund(&report.figures),
            model.figures(day, family(fund), inside),
            "{said}"
        );
        let own = model.figures(day, &[fund], |line| line.fund == Some(fund));
        assert_eq!(of_fund(&report.own), own, "{said}, own");
        let child = model.figures(day, &[CHILD], |line| line.fund == Some(CHILD));
        let to_children = if fund == ROOT { child.committed } else { 0 };
        assert_eq!(
            report.to_child_funds.get(),
            to_children,
            "{said}, to child funds"
        );
        for program in PROGRAMS {
            let row = report
                .by_program
                .iter()
                .find(|row| row.program.as_str() == program.code);
            let expected = model.figures(day, &[], |l| inside(l) && l.program == program.code);
            let found = row.map_or([Some(0); 9], |row| of_program(&row.figures));
            assert_eq!(
                found,
                like_a_program(&expected, true),
                "{said}, {}",
                program.code
            );
        }
        for year in [None, Some(2022), Some(2023)] {
            let row = report
                .by_fiscal_year
                .iter()
                .find(|row| row.fiscal_year == year);
            let found = row.map_or([0; 6], of_year);
            let f = model.figures(day, &[], |line| inside(line) && line.year == year);
            let expected = [
                f.allocated,
                f.available,
                f.awaiting,
                f.paid,
                f.refunded,
                f.disbursed,
            ];
            assert_eq!(found, expected, "{said}, {year:?}");
        }
    }

    fn compare_program(&self, program: &Program, day: NaiveDate) {
        let (model, today) = (&self.model, self.model.today);
        let regions = Regions::as_recorded(today);
        let report = self.books.read(|conn| {
            reporting::program(
                conn,
                &Bounds::none(),
                &code(program.code),
                day,
                &regions,
                false,
            )
        });
        let said = format!("{} on {day}", program.code);
        let expected = model.figures(day, &[], |line| line.program == program.code);
        let expected = like_a_program(&expected, !program.funds.is_empty());
        assert_eq!(of_program(&report.figures), expected, "{said}");
        let people = &report.beneficiaries;
        let of_program = |line: &Line| line.program == program.code;
        assert_eq!(
            people.unique,
            model.distinct(day, of_program),
            "{said}, people"
        );
        assert_eq!(
            people.payments,
            model.payments(program.code, day),
            "{said}, payments"
        );
        assert_eq!(
            people.unique_overall,
            Some(model.distinct(day, |_| true)),
            "{said}, all people"
        );
        for (reach, fund) in people.unique_in_funds.iter().zip(program.funds) {
            let inside = |line: &Line| line.fund.is_some_and(|of| family(fund).contains(&of));
            let found = (reach.fund.as_str(), reach.unique);
            assert_eq!(
                found,
                (*fund, model.distinct(day, inside)),
                "{said}, people"
            );
        }
        assert_eq!(people.unique_in_funds.len(), program.funds.len());
    }
}

fn of_fund(f: &FundFigures) -> Figures {
    assert_eq!(f.contributed, None);
    Figures {
        committed: f.committed.get(),
        unallocated: f.unallocated.get(),
        allocated: f.allocated.get(),
        submitted: f.submitted.get(),
        available: f.available.get(),
        awaiting: f.awaiting_payment.get(),
        paid: f.paid.get(),
        refunded: f.refunded.get(),
        disbursed: f.disbursed.get(),
        cash: f.disbursed_cash.get(),
        in_kind: f.disbursed_in_kind.get(),
        remaining: f.remaining.get(),
    }
}

fn of_year(f: &FiscalYear) -> [i64; 6] {
    [
        f.allocated,
        f.available,
        f.awaiting_payment,
        f.paid,
        f.refunded,
        f.disbursed,
    ]
    .map(Won::get)
}

fn of_program(f: &ProgramFigures) -> [Option<i64>; 9] {
    let always = [f.submitted, f.awaiting_payment, f.paid, f.refunded].map(|won| Some(won.get()));
    let [submitted, awaiting, paid, refunded] = always;
    let gone = [f.disbursed, f.disbursed_cash, f.disbursed_in_kind].map(|won| Some(won.get()));
    let [disbursed, cash, in_kind] = gone;
    let [allocated, available] = [f.allocated, f.available].map(|won| won.map(Won::get));
    [
        allocated, available, submitted, awaiting, paid, refunded, disbursed, cash, in_kind,
    ]
}

fn like_a_program(f: &Figures, has_funds: bool) -> [Option<i64>; 9] {
    let [allocated, available] = [f.allocated, f.available].map(|won| has_funds.then_some(won));
    let rest = [
        f.submitted,
        f.awaiting,
        f.paid,
        f.refunded,
        f.disbursed,
        f.cash,
        f.in_kind,
    ];
    let [
        submitted,
        awaiting,
        paid,
        refunded,
        disbursed,
        cash,
        in_kind,
    ] = rest.map(Some);
    [
        allocated, available, submitted, awaiting, paid, refunded, disbursed, cash, in_kind,
    ]
}
