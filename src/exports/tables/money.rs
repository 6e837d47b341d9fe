//! Funds, their plans, and what moves their money.

use super::{Table, table};
use crate::exports::column::{Column, count, day, fields, instant, text, won};

/// Funds.
pub const FUNDS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("code", "코드"),
        text("name_ko", "이름(국문)").at("/name/ko"),
        text("name_en", "이름(영문)").at("/name/en"),
        text("kind", "유형"),
        text("status", "상태"),
        day("period_start", "시작일").at("/period/start"),
        day("period_end", "종료일").at("/period/end"),
        text("period_basis", "기간 근거").at("/period/basis"),
        text("part_of", "상위 기금"),
        text("spend_limit", "집행 한도"),
        text("in_kind_counted_at", "현물 평가 기준"),
        won("second_approval_above", "이중 결재 기준액"),
        count("plan_version", "계획 버전"),
        text("basis", "근거"),
        count("version", "버전"),
    ],
)];

/// Plans of a fund, a row for each line.
pub const PLANS: &[Table] = &[table(
    "lines",
    &["/lines"],
    &[
        text("fund", "기금").of("/fund"),
        count("plan_version", "계획 버전").of("/version"),
        text("version_reason", "버전 사유").of("/version_reason"),
        day("effective_on", "기준일").of("/effective_on"),
        count("fiscal_year", "회계연도"),
        text("program", "사업"),
        text("area", "분야"),
        won("amount", "금액"),
        text("recorded_by", "등록자").of("/recorded_by"),
        instant("recorded_at", "등록일시").of("/recorded_at"),
    ],
)];

/// What a fund was promised, more or less.
pub const COMMITMENTS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("record_id", "기록번호").at("/id"),
        text("kind", "구분"),
        day("effective_on", "기준일"),
        won("amount", "금액").at("/entry/amount"),
        won("commitment", "최초 약정액").at("/entry/commitment"),
        fields("entry", "내용"),
        text("recorded_by", "등록자"),
        instant("recorded_at", "등록일시"),
    ],
)];

/// Cash that was paid into a fund.
pub const CONTRIBUTIONS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("record_id", "기록번호").at("/id"),
        text("kind", "구분"),
        text("fund", "기금").at("/entry/fund"),
        day("effective_on", "출연일"),
        won("amount", "금액").at("/entry/amount"),
        text("from", "출연자").at("/entry/from"),
        text("basis", "근거").at("/entry/basis"),
        fields("entry", "내용"),
        text("recorded_by", "등록자"),
        instant("recorded_at", "등록일시"),
    ],
)];

const ALLOCATED: &[Column] = &[
    text("record_id", "기록번호").at("/id"),
    text("kind", "구분"),
    day("effective_on", "기준일"),
    text("program", "사업").at("/entry/program"),
    count("fiscal_year", "회계연도").at("/entry/fiscal_year"),
    won("amount", "금액").at("/entry/amount"),
    fields("entry", "내용"),
    text("recorded_by", "등록자"),
    instant("recorded_at", "등록일시"),
];

/// What was proposed, and what came of it.
pub const PROPOSALS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("record_id", "기록번호").at("/id"),
        text("kind", "구분"),
        text("status", "상태"),
        text("fund", "기금"),
        text("program", "사업"),
        won("amount", "금액"),
        fields("asked", "내용"),
        text("proposed_by", "기안자"),
        instant("proposed_at", "기안일시"),
        text("decided_by", "결재자"),
        instant("decided_at", "결재일시"),
        text("reason", "사유"),
        text("entry", "처리 기록번호"),
        count("version", "버전"),
    ],
)];

/// What was set aside for programs, given back, carried over, or lapsed.
pub const ALLOCATIONS: &[Table] = &[table("records", &[], ALLOCATED)];
