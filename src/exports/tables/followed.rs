//! The tables of reports that tell of people, indicators and damages made good.

use super::reported::{CODE, NAME, NAME_EN, PROGRAM, SUPPRESSED};
use super::{Table, table};
use crate::exports::column::{Column, count, day, quantity, ratio, text, won, yes_no};

const PEOPLE: &[Column] = &[
    CODE,
    NAME,
    NAME_EN,
    count("unique", "수혜자 수"),
    count("at_start", "기초").at("/people_in_period/at_start"),
    count("at_end", "기말").at("/people_in_period/at_end"),
    count("new", "신규").at("/people_in_period/new"),
    count("active", "활동").at("/people_in_period/active"),
    count("left", "이탈").at("/people_in_period/left"),
    yes_no("suppressed", "가림").at("/people_in_period/suppressed"),
];

/// Distinct people.
pub const PEOPLE_REPORT: &[Table] = &[
    table("programs", &["/programs"], PEOPLE),
    table("funds", &["/funds"], PEOPLE),
    table(
        "overall",
        &[],
        &[
            day("as_of", "기준일"),
            count("unique", "수혜자 수").at("/overall/unique"),
            count("in_several_programs", "여러 사업 수혜자").at("/overlap/in_several_programs"),
            count("in_several_funds", "여러 기금 수혜자").at("/overlap/in_several_funds"),
            yes_no("suppressed", "가림").at("/overlap/suppressed"),
        ],
    ),
];

/// All indicators.
pub const INDICATORS_REPORT: &[Table] = &[table(
    "indicators",
    &["/indicators"],
    &[
        CODE,
        NAME,
        NAME_EN,
        text("unit", "단위"),
        text("value", "값의 종류"),
        yes_no("additive", "합산 가능"),
        text("better", "좋은 방향"),
        PROGRAM,
        quantity("baseline", "기준값").at("/baseline/value"),
        day("baseline_on", "기준값 날짜").at("/baseline/on"),
        text("latest_period", "최근 기간").at("/latest/period"),
        quantity("latest", "최근값").at("/latest/value"),
        text("nature", "성격").at("/latest/nature"),
        count("target_year", "목표 연도").at("/target/year"),
        quantity("target", "목표").at("/target/target"),
        quantity("actual", "실적").at("/target/actual"),
        ratio("achieved_ratio", "달성률").at("/target/achieved_ratio"),
        text("target_status", "목표 상태").at("/target/status"),
        count("measurements", "측정 수").at("/counts/measurements"),
    ],
)];

const POINT: [Column; 8] = [
    text("period", "기간"),
    day("starts_on", "시작일"),
    day("as_of", "기준일"),
    quantity("value", "값"),
    quantity("numerator", "분자"),
    quantity("denominator", "분모"),
    text("nature", "성격"),
    count("measurements", "측정 수"),
];

/// One indicator.
pub const INDICATOR_REPORT: &[Table] = &[
    table("points", &["/points"], &POINT),
    table(
        "groups",
        &["/groups", "/points"],
        &[
            text("group", "구분").of("/key"),
            text("group_name", "구분 명칭").of("/name/ko"),
            text("period", "기간"),
            day("starts_on", "시작일"),
            quantity("value", "값"),
            text("nature", "성격"),
            count("measurements", "측정 수"),
        ],
    ),
    table(
        "targets",
        &["/targets"],
        &[
            count("year", "연도"),
            quantity("target", "목표"),
            quantity("actual", "실적"),
            quantity("difference", "차이"),
            ratio("achieved_ratio", "달성률"),
            text("status", "상태"),
        ],
    ),
];

const RECORDS: Column = count("records", "건수").at("/figures/records");
const COUNTED: Column = count("counted_people", "인원").at("/figures/counted_people");
const LOSS: Column = won("assessed_loss", "산정손실액").at("/figures/assessed_loss");
const IN_CASH: Column = won("cash", "현금").at("/figures/cash");
const COST: Column = won("in_kind_cost", "현물 원가").at("/figures/in_kind/cost");
const MADE_GOOD: Column = won("approved", "승인액").at("/figures/approved");
const PAID_OUT: Column = won("paid", "실지급액").at("/figures/paid");
const PAID_BACK: Column = won("refunded", "반납액").at("/figures/refunded");

/// Damages made good.
pub const COMPENSATION_REPORT: &[Table] = &[
    table(
        "programs",
        &["/programs"],
        &[
            CODE,
            NAME,
            NAME_EN,
            count("unique_persons", "수혜자 수"),
            RECORDS,
            COUNTED,
            LOSS,
            IN_CASH,
            COST,
            MADE_GOOD,
            PAID_OUT,
            PAID_BACK,
        ],
    ),
    table(
        "tiers",
        &["/programs", "/by_tier"],
        &[
            text("program", "사업").of("/code"),
            text("rule_version", "기준버전"),
            text("tier", "등급"),
            RECORDS,
            COUNTED,
            LOSS,
            IN_CASH,
            COST,
            MADE_GOOD,
            PAID_OUT,
            PAID_BACK,
            SUPPRESSED,
        ],
    ),
];
