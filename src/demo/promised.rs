//! What was promised in the call: a pledge (대외 약속) for each of facts 9, 10 and 12 to 14.

use chrono::NaiveDate;

use super::cast::Cast;
use super::error::DemoError;
use super::facts::{CALL, JEJU, LAST_DAY, MAP_DUE_ON};
use super::pen::Pen;
use crate::calendar::parse_day;
use crate::clock::Clock;
use crate::code::Code;
use crate::ids;
use crate::pledges::make::{MakePledge, NewMilestone};
use crate::pledges::model::{PledgeTerms, Source};

/// The hour in Seoul at which they are recorded.
const HOUR: u32 = 17;

struct Promised {
    title: &'static str,
    statement: &'static str,
    owner: &'static str,
    counterpart: Option<&'static str>,
    due_on: Option<&'static str>,
    milestones: &'static [&'static str],
}

/// Who answers for each is assumed.
const BASIS: &str = "2022-11-03 실적 발표에서 한 약속, 담당은 가정 \
                     (promised in the earnings call of 2022-11-03; who answers for it is assumed)";

const PROMISED: [Promised; 5] = [
    Promised {
        title: "제주 교통약자 이동 접근성 (access in Jeju)",
        statement: "제주특별자치도와 협약을 맺고 교통약자 방문객의 서비스 접근성을 높인다 \
                    (agreement with Jeju: better access to services for visitors with reduced \
                    mobility)",
        owner: "접근성 (accessibility)",
        counterpart: Some(JEJU),
        due_on: None,
        milestones: &[],
    },
    Promised {
        title: "지도 교통약자 접근성 (accessibility on the map)",
        statement: "수도권 지하철의 단차 정보를 연내에 지도 서비스로 제공한다 \
                    (platform gaps of the capital area's underground on the map within the year)",
        owner: "접근성 (accessibility)",
        counterpart: None,
        due_on: Some(MAP_DUE_ON),
        milestones: &["수도권 지하철 단차 정보 제공 (platform gaps shown)"],
    },
    Promised {
        title: "비상대책위원회 (emergency committee)",
        statement: "세 분과를 둔 비상대책위원회를 운영한다: 원인 조사, 재발 방지, 보상 검토 \
                    (an emergency committee of three: causes, recurrence, compensation)",
        owner: "비상대책위원회 (emergency committee)",
        counterpart: None,
        due_on: None,
        milestones: &[
            "원인 조사 (causes investigated)",
            "재발 방지책 (recurrence prevented)",
            "이용자·파트너 등 보상 검토 (compensation of users, partners and others reviewed)",
        ],
    },
    Promised {
        title: "장애 원인과 개선책 공개 (openness)",
        statement: "조사 결과와 개선책을 업계에 공개한다 \
                    (findings and improvements published for the industry)",
        owner: "비상대책위원회 (emergency committee)",
        counterpart: None,
        due_on: None,
        milestones: &["조사 결과와 개선책 공개 (findings published)"],
    },
    Promised {
        title: "데이터센터 안전 (data-centre safety)",
        statement: "짓고 있거나 지을 자체 데이터센터에 화재·지진 대비, 비상 발전기, 무정전 전원을 \
                    갖춘다 (own data centres get fire and earthquake safety, generators and UPS)",
        owner: "인프라 (infrastructure)",
        counterpart: None,
        due_on: None,
        milestones: &[
            "화재·지진 대비 (fire and earthquake safety)",
            "비상 발전기 (emergency generators)",
            "무정전 전원 장치 (UPS)",
        ],
    },
];

/// Records what was promised, on the day that it was.
///
/// # Errors
/// [`DemoError`] when the books do not take an entry.
pub fn on(day: NaiveDate, pen: &mut Pen<'_>, cast: &Cast) -> Result<(), DemoError> {
    if day.to_string() != LAST_DAY {
        return Ok(());
    }
    pen.turn_to(day, HOUR);
    for promised in &PROMISED {
        pen.write(&cast.communicator, promised.command(day, pen)?)?;
    }
    Ok(())
}

impl Promised {
    fn command(&self, day: NaiveDate, pen: &Pen<'_>) -> Result<MakePledge, DemoError> {
        let milestone = |title: &&str| -> Result<NewMilestone, DemoError> {
            Ok(NewMilestone {
                title: (*title).to_owned(),
                due_on: self.due_on.map(parse_day).transpose()?,
            })
        };
        Ok(MakePledge {
            unique: ids::unique(pen.tools.clock.now()),
            terms: PledgeTerms {
                title: self.title.to_owned(),
                statement: self.statement.to_owned(),
                owner: Some(self.owner.to_owned()),
                counterpart: self.counterpart.map(Code::parse).transpose()?,
                basis: Some(BASIS.to_owned()),
            },
            source: Source {
                title: CALL.to_owned(),
                date: day,
                url: None,
            },
            due_on: self.due_on.map(parse_day).transpose()?,
            target: None,
            milestones: self
                .milestones
                .iter()
                .map(milestone)
                .collect::<Result<_, _>>()?,
        })
    }
}
