//! What the manager sets up: organisations, funds with plan and allocations, and the
//! [`programs`](super::programs). Each thing on its day, with a note of what it rests on.

use chrono::NaiveDate;

use super::error::DemoError;
use super::facts::{
    ACCESSIBILITY_ON, CO_PROSPERITY, CO_PROSPERITY_ON, CO_PROSPERITY_WON, DONATION_WON,
    FUND_PERIOD, HOPE_BRIDGE, JEJU, MOBILITY_SUPPORT, MOBILITY_WORKERS, MOBILITY_WORKERS_ON,
    MOBILITY_WORKERS_WON, PLAN_WON, PLAN_YEARS, SOSIN_MERCHANTS, SOSIN_MERCHANTS_ON,
    SOSIN_MERCHANTS_WON,
};
use super::pen::Pen;
use super::programs::PROGRAMS;
use crate::calendar::{Period, parse_day};
use crate::code::{Code, Name};
use crate::funds::allocate::{Allocate, AllocationKind};
use crate::funds::model::{CountedAt, FundKind, FundTerms, PlanLine, SpendLimit};
use crate::funds::open::OpenFund;
use crate::funds::plan::SetPlan;
use crate::ledger::Who;
use crate::ledger::store::BookRef;
use crate::money::Amount;
use crate::organisations::create::CreateOrganisation;
use crate::organisations::model::{OrganisationKind, OrganisationTerms};
use crate::proposals::undertake::Undertake;

/// A name in Korean and English.
pub type Names = (&'static str, &'static str);

struct NewOrganisation {
    on: &'static str,
    code: &'static str,
    name: Names,
    kind: OrganisationKind,
    basis: &'static str,
}

struct NewFund {
    on: &'static str,
    code: &'static str,
    name: Names,
    part_of: Option<&'static str>,
    won: i64,
    basis: &'static str,
}

const ORGANISATIONS: [NewOrganisation; 2] = [
    NewOrganisation {
        on: MOBILITY_WORKERS_ON,
        code: HOPE_BRIDGE,
        name: (
            "희망브리지 전국재해구호협회",
            "Hope Bridge Korea Disaster Relief Association",
        ),
        kind: OrganisationKind::Nonprofit,
        basis: "2022-11-03 실적 발표에서 밝힌 기부 전달 기관 \
                (named in the earnings call of 2022-11-03 as the association that passed it on)",
    },
    NewOrganisation {
        on: ACCESSIBILITY_ON,
        code: JEJU,
        name: ("제주특별자치도", "Jeju Special Self-Governing Province"),
        kind: OrganisationKind::PublicBody,
        basis: "2022-11-03 실적 발표에서 밝힌 업무협약 상대 \
                (named in the earnings call of 2022-11-03 as the party to an agreement)",
    },
];

const FUNDS: [NewFund; 2] = [
    NewFund {
        on: CO_PROSPERITY_ON,
        code: CO_PROSPERITY,
        name: ("상생기금", "Co-prosperity fund"),
        part_of: None,
        won: CO_PROSPERITY_WON,
        basis: "2022년 4월 발표한 회사 자체 계획, 5년간 총액 \
                (declared in April 2022 as the company's own plan: the total of five years)",
    },
    NewFund {
        on: MOBILITY_WORKERS_ON,
        code: MOBILITY_WORKERS,
        name: (
            "모빌리티 플랫폼 종사자 기금",
            "Fund for mobility platform workers",
        ),
        part_of: Some(CO_PROSPERITY),
        won: MOBILITY_WORKERS_WON,
        basis: "언론 보도에 따르면 3,000억 원의 일부, 기준일은 가정 \
                (the press says that it is part of the 300 billion; the day is assumed)",
    },
];

/// The day, the fund, the program and the won of each allocation for 2022.
const ALLOCATIONS: [(&str, &str, &str, i64); 2] = [
    (
        SOSIN_MERCHANTS_ON,
        CO_PROSPERITY,
        SOSIN_MERCHANTS,
        SOSIN_MERCHANTS_WON,
    ),
    (
        MOBILITY_WORKERS_ON,
        MOBILITY_WORKERS,
        MOBILITY_SUPPORT,
        DONATION_WON,
    ),
];
const ALLOCATED_FOR: i32 = 2022;

/// Sets up what belongs to that day.
///
/// # Errors
/// [`DemoError`] when the books do not take an entry.
pub fn on(day: NaiveDate, pen: &Pen<'_>, manager: &Who) -> Result<(), DemoError> {
    let today = day.to_string();
    for organisation in ORGANISATIONS.iter().filter(|new| new.on == today) {
        pen.write(manager, organisation.command()?)?;
    }
    for fund in FUNDS.iter().filter(|new| new.on == today) {
        pen.write(manager, fund.command(pen)?)?;
        if fund.code == CO_PROSPERITY {
            pen.write(manager, plan(pen)?)?;
        }
    }
    for program in PROGRAMS.iter().filter(|new| new.on == today) {
        pen.write(manager, program.command()?)?;
    }
    for (_, fund, program, won) in ALLOCATIONS.iter().filter(|(on, ..)| *on == today) {
        pen.write(manager, allocation(pen, fund, program, *won)?)?;
    }
    Ok(())
}

/// The name of these words.
pub fn name((ko, en): Names) -> Name {
    Name {
        ko: ko.to_owned(),
        en: en.to_owned(),
    }
}

impl NewOrganisation {
    fn command(&self) -> Result<CreateOrganisation, DemoError> {
        Ok(CreateOrganisation {
            code: Code::parse(self.code)?,
            terms: OrganisationTerms {
                name: name(self.name),
                kind: self.kind,
                registration_number: None,
                basis: Some(self.basis.to_owned()),
            },
            effective_on: None,
        })
    }
}

impl NewFund {
    fn command(&self, pen: &Pen<'_>) -> Result<OpenFund, DemoError> {
        let code = Code::parse(self.code)?;
        let part_of = self.part_of.map(Code::parse).transpose()?;
        let (start, end) = FUND_PERIOD;
        Ok(OpenFund {
            book: match &part_of {
                Some(parent) => pen.tools.directory.of_fund(parent)?,
                None => BookRef::fund(&code),
            },
            code,
            terms: FundTerms {
                name: name(self.name),
                period: Period::new(parse_day(start)?, parse_day(end)?)?,
                period_basis: Some("assumed".to_owned()),
                basis: Some(self.basis.to_owned()),
            },
            kind: FundKind::Internal,
            commitment: Amount::new(self.won)?,
            effective_on: None,
            part_of,
            spend_limit: SpendLimit::Commitment,
            in_kind_counted_at: CountedAt::List,
            second_approval_above: None,
        })
    }
}

fn plan(pen: &Pen<'_>) -> Result<SetPlan, DemoError> {
    let (fund, amount) = (Code::parse(CO_PROSPERITY)?, Amount::new(PLAN_WON)?);
    let line = |fiscal_year| PlanLine {
        fiscal_year,
        program: None,
        area: None,
        amount,
    };
    Ok(SetPlan {
        book: pen.tools.directory.of_fund(&fund)?,
        fund,
        reason: "최초 계획: 연도별 균등 배분은 가정 (first plan; equal parts are assumed)"
            .to_owned(),
        effective_on: None,
        lines: PLAN_YEARS.map(line).to_vec(),
    })
}

fn allocation(pen: &Pen<'_>, fund: &str, program: &str, won: i64) -> Result<Undertake, DemoError> {
    let fund = Code::parse(fund)?;
    let act = Allocate {
        book: pen.tools.directory.of_fund(&fund)?,
        fund,
        program: Code::parse(program)?,
        amount: Amount::new(won)?,
        fiscal_year: Some(ALLOCATED_FOR),
        effective_on: None,
        kind: AllocationKind::Allocate,
        to_fiscal_year: None,
    };
    Ok(Undertake::alone(act))
}
