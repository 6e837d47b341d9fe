//! What was said, promised and measured.

use super::{Table, table};
use crate::exports::column::{Column, count, day, fields, instant, quantity, ratio, text};

/// Claims.
pub const CLAIMS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("id", "기록번호"),
        text("status", "상태"),
        text("statement", "문장"),
        text("source_title", "출처").at("/source/title"),
        day("source_date", "출처 날짜").at("/source/date"),
        text("source_url", "출처 주소").at("/source/url"),
        day("said_on", "공표일"),
        text("metric", "항목"),
        text("program", "사업").at("/scope/program"),
        text("fund", "기금").at("/scope/fund"),
        day("from", "시작일"),
        day("as_of", "기준일"),
        text("comparator", "비교"),
        quantity("value", "값"),
        text("unit", "단위"),
        ratio("tolerance_above", "허용 초과").at("/tolerance/above"),
        ratio("tolerance_below", "허용 미달").at("/tolerance/below"),
        text("nature", "성격"),
        text("basis", "근거"),
        day("withdrawn_on", "철회일").at("/withdrawn/effective_on"),
        text("withdrawn_by", "철회자").at("/withdrawn/actor"),
        text("withdrawn_reason", "철회 사유").at("/withdrawn/reason"),
        text("recorded_by", "등록자"),
        instant("recorded_at", "등록일시"),
        count("version", "버전"),
    ],
)];

const MILESTONE: &[Column] = &[
    count("number", "순번"),
    text("title", "제목"),
    text("status", "상태"),
    text("status_label", "상태 설명").at("/status_label/ko"),
    day("made_on", "약속일"),
    day("due_on", "기한"),
    day("first_due_on", "최초 기한"),
    count("days_late", "지연 일수"),
    day("last_reviewed_on", "최근 점검일"),
    day("met_on", "이행일"),
    text("note", "비고"),
    text("evidence_url", "증빙 주소"),
];

/// Milestones of a pledge.
pub const MILESTONES: &[Table] = &[table("records", &[], MILESTONE)];

/// Pledges, and their milestones.
pub const PLEDGES: &[Table] = &[
    table(
        "records",
        &[],
        &[
            text("id", "기록번호"),
            text("title", "제목"),
            text("statement", "문장"),
            text("source_title", "출처").at("/source/title"),
            day("source_date", "출처 날짜").at("/source/date"),
            text("source_url", "출처 주소").at("/source/url"),
            text("owner", "담당"),
            text("counterpart", "상대"),
            text("basis", "근거"),
            text("state", "상태"),
            text("state_label", "상태 설명").at("/state_label/ko"),
            text("summary", "요약").at("/summary/ko"),
            day("due_on", "기한"),
            day("first_due_on", "최초 기한"),
            count("days_left", "남은 일수"),
            count("days_late", "지연 일수"),
            day("last_reviewed_on", "최근 점검일"),
            text("review_status", "점검 결과").at("/review/status"),
            day("review_met_on", "이행일").at("/review/met_on"),
            text("review_note", "점검 비고").at("/review/note"),
            day("withdrawn_on", "철회일").at("/withdrawn/effective_on"),
            text("withdrawn_by", "철회자").at("/withdrawn/actor"),
            text("withdrawn_reason", "철회 사유").at("/withdrawn/reason"),
            text("target_metric", "목표 항목").at("/target/metric"),
            text("target_program", "목표 사업").at("/target/scope/program"),
            text("target_fund", "목표 기금").at("/target/scope/fund"),
            text("target_unit", "목표 단위").at("/target/unit"),
            quantity("target_value", "목표값").at("/target/value"),
            quantity("target_actual", "실적").at("/target/actual"),
            quantity("target_expected", "기대값").at("/target/expected"),
            ratio("target_ratio", "달성률").at("/target/ratio"),
            day("as_of", "기준일"),
            text("recorded_by", "등록자"),
            instant("recorded_at", "등록일시"),
            count("version", "버전"),
        ],
    ),
    table(
        "milestones",
        &["/milestones"],
        &[
            text("pledge", "약속 번호").of("/id"),
            text("pledge_title", "약속 제목").of("/title"),
            count("number", "순번"),
            text("title", "제목"),
            text("status", "상태"),
            day("made_on", "약속일"),
            day("due_on", "기한"),
            day("first_due_on", "최초 기한"),
            count("days_late", "지연 일수"),
            day("met_on", "이행일"),
            text("note", "비고"),
            text("evidence_url", "증빙 주소"),
        ],
    ),
];

/// Measurements.
pub const MEASUREMENTS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("id", "기록번호"),
        text("status", "상태"),
        text("indicator", "지표"),
        day("period_start", "시작일").at("/period/start"),
        day("period_end", "종료일").at("/period/end"),
        fields("dimensions", "구분"),
        quantity("value", "값"),
        quantity("numerator", "분자"),
        quantity("denominator", "분모"),
        text("nature", "성격"),
        text("method", "방법"),
        text("reason", "사유"),
        text("basis", "근거"),
        text("external_id", "외부번호"),
        fields("attributes", "속성"),
        text("recorded_by", "등록자"),
        instant("recorded_at", "등록일시"),
        count("version", "버전"),
    ],
)];
