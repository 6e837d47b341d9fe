//! What was said in the call: a claim (공표 수치) for each of facts 1 to 8 and 11, recorded by the
//! communicator on the evening of that day, when the books hold what it is checked against.

use chrono::NaiveDate;

use super::cast::Cast;
use super::error::DemoError;
use super::facts::{
    BUYERS, BUYERS_STEP, CALL, CO_PROSPERITY, CO_PROSPERITY_WON, DONATION_WON, LAST_DAY,
    MAKERS_PRODUCE, MERCHANTS, MOBILITY_SUPPORT, MOBILITY_WORKERS, MOBILITY_WORKERS_WON,
    OUTAGE_COMPENSATION, OUTAGE_WON, PRODUCE_KG, PRODUCE_SINCE, PRODUCE_WON, SOSIN_MERCHANTS,
    SUPPORT_WON,
};
use super::pen::Pen;
use crate::calendar::parse_day;
use crate::claims::comparison::{Comparator, Stated, Tolerance};
use crate::claims::model::{Nature, Source, Words};
use crate::claims::record::RecordClaim;
use crate::claims::rules::Draft;
use crate::clock::Clock;
use crate::code::Code;
use crate::ids;
use crate::metrics::{Metric, Scope};

/// The hour in Seoul at which they are recorded.
const HOUR: u32 = 17;

/// Of what something was said.
#[derive(Clone, Copy)]
enum Of {
    Program(&'static str),
    Fund(&'static str),
}

struct Said {
    statement: &'static str,
    metric: Option<Metric>,
    of: Of,
    from: Option<&'static str>,
    comparator: Comparator,
    value: i64,
    unit: Option<i64>,
    nature: Nature,
    basis: &'static str,
}

/// What most of them are: a figure of what was done, since the beginning.
const PLAIN: Said = Said {
    statement: "",
    metric: None,
    of: Of::Fund(CO_PROSPERITY),
    from: None,
    comparator: Comparator::Eq,
    value: 0,
    unit: None,
    nature: Nature::Actual,
    basis: "",
};

const SAID: [Said; 9] = [
    Said {
        statement: "상생기금으로 5년간 3,000억 원을 조성한다 \
                    (a co-prosperity fund of 300 billion won over five years)",
        metric: Some(Metric::Committed),
        value: CO_PROSPERITY_WON,
        nature: Nature::Plan,
        basis: "회사 자체 계획 (the company's own plan)",
        ..PLAIN
    },
    Said {
        statement: "모빌리티 플랫폼 종사자를 위해 5년간 100억 원을 조성한다 \
                    (10 billion won over five years for mobility platform workers)",
        metric: Some(Metric::Committed),
        of: Of::Fund(MOBILITY_WORKERS),
        value: MOBILITY_WORKERS_WON,
        nature: Nature::Plan,
        basis: "회사 자체 계획 (the company's own plan)",
        ..PLAIN
    },
    Said {
        statement: "소신상인 지원금이 60억 원을 돌파했다 \
                    (support paid to Sosin merchants has passed 6 billion won)",
        metric: Some(Metric::Disbursed),
        of: Of::Program(SOSIN_MERCHANTS),
        comparator: Comparator::Gte,
        value: SUPPORT_WON,
        basis: "돌파 (passed)",
        ..PLAIN
    },
    Said {
        statement: "약 2만 명의 소상공인이 지원을 받았다 \
                    (about 20,000 small merchants have received support)",
        metric: Some(Metric::Beneficiaries),
        of: Of::Program(SOSIN_MERCHANTS),
        comparator: Comparator::About,
        value: MERCHANTS,
        basis: "약 (about)",
        ..PLAIN
    },
    Said {
        statement: "2021년 8월부터 농축수산물 2,100톤을 제값에 판매했다 \
                    (2,100 tonnes of produce sold at a fair price since August 2021)",
        metric: Some(Metric::SalesQuantityKg),
        of: Of::Program(MAKERS_PRODUCE),
        from: Some(PRODUCE_SINCE),
        value: PRODUCE_KG,
        basis: "총 (in total)",
        ..PLAIN
    },
    Said {
        statement: "39만여 명의 소비자가 구매했다 (390,000 and more consumers have bought it)",
        metric: Some(Metric::Buyers),
        of: Of::Program(MAKERS_PRODUCE),
        comparator: Comparator::RoundedDown,
        value: BUYERS,
        unit: Some(BUYERS_STEP),
        basis: "여 (and a little more)",
        ..PLAIN
    },
    Said {
        statement: "누적 거래액은 약 100억 원이다 (sales of about 10 billion won to date)",
        metric: Some(Metric::SalesAmount),
        of: Of::Program(MAKERS_PRODUCE),
        from: Some(PRODUCE_SINCE),
        comparator: Comparator::About,
        value: PRODUCE_WON,
        basis: "약 (about)",
        ..PLAIN
    },
    Said {
        statement: "희망브리지를 통해 22억 원을 전달했다 \
                    (2.2 billion won handed over through the Hope Bridge association)",
        metric: Some(Metric::Donated),
        of: Of::Program(MOBILITY_SUPPORT),
        value: DONATION_WON,
        basis: "정확한 금액 (exact)",
        ..PLAIN
    },
    Said {
        statement: "데이터센터 장애의 단기 재무 영향을 400억 원으로 추산한다: 매출 손실과 이용자 직접 \
                    보상 (the outage's short-term effect is estimated at 40 billion won: lost \
                    revenue and direct compensation of users)",
        of: Of::Program(OUTAGE_COMPENSATION),
        comparator: Comparator::About,
        value: OUTAGE_WON,
        nature: Nature::Estimate,
        basis: "추산, 나눔이 아님 (an estimate; no giving)",
        ..PLAIN
    },
];

/// Records what was said, on the day that it was.
///
/// # Errors
/// [`DemoError`] when the books do not take an entry.
pub fn on(day: NaiveDate, pen: &mut Pen<'_>, cast: &Cast) -> Result<(), DemoError> {
    if day.to_string() != LAST_DAY {
        return Ok(());
    }
    pen.turn_to(day, HOUR);
    for said in &SAID {
        let draft = said.draft(day)?;
        let unique = ids::unique(pen.tools.clock.now());
        pen.write(&cast.communicator, RecordClaim { unique, draft })?;
    }
    Ok(())
}

impl Said {
    fn draft(&self, day: NaiveDate) -> Result<Draft, DemoError> {
        let stated = |number: i64| Stated::parse(&number.to_string());
        Ok(Draft {
            words: Words {
                statement: self.statement.to_owned(),
                source: Source {
                    title: CALL.to_owned(),
                    date: Some(day),
                    url: None,
                },
                basis: Some(self.basis.to_owned()),
            },
            said_on: day,
            metric: self.metric,
            scope: match self.of {
                Of::Program(code) => Scope::Program(Code::parse(code)?),
                Of::Fund(code) => Scope::Fund(Code::parse(code)?),
            },
            from: self.from.map(parse_day).transpose()?,
            as_of: day,
            comparator: self.comparator,
            value: stated(self.value)?,
            unit: self.unit.map(stated).transpose()?,
            tolerance: Tolerance::default(),
            nature: self.nature,
        })
    }
}
