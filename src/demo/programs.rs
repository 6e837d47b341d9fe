//! The programs of the founding case, each with a note of what it rests on.

use super::books::{Names, name};
use super::error::DemoError;
use super::facts::{
    ACCESSIBILITY_ON, CO_PROSPERITY, FIRST_DAY, MAKERS_PRODUCE, MOBILITY_SUPPORT, MOBILITY_WORKERS,
    MOBILITY_WORKERS_ON, OUTAGE_COMPENSATION, OUTAGE_ON, SOSIN_MERCHANTS, SOSIN_MERCHANTS_ON,
};
use crate::code::Code;
use crate::programs::create::CreateProgram;
use crate::programs::model::{Approval, OnePaymentPer, ProgramKind, ProgramTerms, Tags};

/// A program to be made.
pub struct NewProgram {
    /// The day on which it is made.
    pub on: &'static str,
    code: &'static str,
    name: Names,
    kind: ProgramKind,
    fund: Option<&'static str>,
    one_payment_per: OnePaymentPer,
    area: &'static str,
    basis: &'static str,
}

/// Every program. Each asks for a second person's approval.
pub const PROGRAMS: [NewProgram; 6] = [
    NewProgram {
        on: FIRST_DAY,
        code: MAKERS_PRODUCE,
        name: ("메이커스 농축수산물", "Makers produce"),
        kind: ProgramKind::ProduceSales,
        fund: None,
        one_payment_per: OnePaymentPer::None,
        area: "produce",
        basis: "합계(2,100톤, 약 100억 원)는 2022-11-03 실적 발표, 판매 내역은 시연용 생성 \
                (sums from the earnings call of 2022-11-03; the single sales are generated)",
    },
    NewProgram {
        on: SOSIN_MERCHANTS_ON,
        code: SOSIN_MERCHANTS,
        name: ("소신상인", "Sosin merchants"),
        kind: ProgramKind::MerchantSupport,
        fund: Some(CO_PROSPERITY),
        one_payment_per: OnePaymentPer::Program,
        area: "merchants",
        basis: "60억 원 돌파, 약 2만 명은 2022-11-03 실적 발표, 1인당 30만 원 메시지 크레딧(정가)은 \
                언론 보도, 상인·날짜·지역(시도별 소상공인 비중 근사)은 시연용 생성, 배정액은 가정 \
                (6 billion passed and about 20,000 from the earnings call of 2022-11-03; 300,000 \
                won of message credit at list price from the press; merchants, days and regions, \
                by approximate shares of each province, are generated; the allocation is assumed)",
    },
    NewProgram {
        on: MOBILITY_WORKERS_ON,
        code: MOBILITY_SUPPORT,
        name: ("모빌리티 종사자 지원", "Mobility worker support"),
        kind: ProgramKind::WorkerSupport,
        fund: Some(MOBILITY_WORKERS),
        one_payment_per: OnePaymentPer::None,
        area: "mobility",
        basis: "택시·대리운전 기사 지원, 언론 보도의 100억 원 중 1차분을 배정 \
                (for taxi and designated drivers; allocated: the first of the ten billion, as the \
                press says)",
    },
    NewProgram {
        on: OUTAGE_ON,
        code: OUTAGE_COMPENSATION,
        name: ("서비스 장애 보상", "Outage compensation"),
        kind: ProgramKind::Compensation,
        fund: None,
        one_payment_per: OnePaymentPer::None,
        area: "outage",
        basis: "2022년 10월 데이터센터 장애, 피해 보상은 검토 중, 기준일은 가정 \
                (data-centre outage of October 2022; compensation under review; day assumed)",
    },
    NewProgram {
        on: ACCESSIBILITY_ON,
        code: "jeju-accessibility",
        name: ("제주 교통약자 이동 접근성", "Access for visitors to Jeju"),
        kind: ProgramKind::Accessibility,
        fund: None,
        one_payment_per: OnePaymentPer::None,
        area: "accessibility",
        basis: "2022년 제주특별자치도와의 업무협약, 금액 없음, 기준일은 가정 \
                (agreement of 2022 with Jeju; without an amount; day assumed)",
    },
    NewProgram {
        on: ACCESSIBILITY_ON,
        code: "map-accessibility",
        name: ("지도 교통약자 접근성", "Accessibility on the map"),
        kind: ProgramKind::Accessibility,
        fund: None,
        one_payment_per: OnePaymentPer::None,
        area: "accessibility",
        basis: "2022년 안에 수도권 지하철 단차 정보 제공 약속, 금액 없음, 기준일은 가정 \
                (platform gaps of the capital's underground promised within 2022; without an \
                amount; day assumed)",
    },
];

impl NewProgram {
    /// The command that makes it.
    ///
    /// # Errors
    /// [`DemoError::Code`] for a code that is none.
    pub fn command(&self) -> Result<CreateProgram, DemoError> {
        Ok(CreateProgram {
            code: Code::parse(self.code)?,
            kind: self.kind,
            funds: self
                .fund
                .map(Code::parse)
                .transpose()?
                .into_iter()
                .collect(),
            approval: Approval::FourEyes,
            second_approval_above: None,
            one_payment_per: self.one_payment_per,
            terms: ProgramTerms {
                name: name(self.name),
                partner: None,
                area: Some(self.area.to_owned()),
                tags: Tags::new(),
                management_cost: None,
                basis: Some(self.basis.to_owned()),
            },
            effective_on: None,
        })
    }
}
