//! What does not move: programs, organisations, indicators, users; and files that were imported.

use super::{Table, table};
use crate::exports::column::{count, day, fields, instant, many, quantity, text, won, yes_no};

/// Programs.
pub const PROGRAMS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("code", "코드"),
        text("name_ko", "이름(국문)").at("/name/ko"),
        text("name_en", "이름(영문)").at("/name/en"),
        text("kind", "유형"),
        text("status", "상태"),
        many("funds", "기금"),
        text("partner", "협력기관"),
        text("approval", "승인 방식"),
        won("second_approval_above", "이중 결재 기준액"),
        text("one_payment_per", "중복 지급 제한"),
        text("area", "분야"),
        fields("tags", "태그"),
        won("management_cost", "운영비"),
        text("basis", "근거"),
        count("version", "버전"),
    ],
)];

/// Organisations.
pub const ORGANISATIONS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("code", "코드"),
        text("name_ko", "이름(국문)").at("/name/ko"),
        text("name_en", "이름(영문)").at("/name/en"),
        text("kind", "유형"),
        text("registration_number", "사업자등록번호"),
        text("basis", "근거"),
        count("version", "버전"),
    ],
)];

/// Indicators, and their targets.
pub const INDICATORS: &[Table] = &[
    table(
        "records",
        &[],
        &[
            text("code", "코드"),
            text("name_ko", "이름(국문)").at("/name/ko"),
            text("name_en", "이름(영문)").at("/name/en"),
            text("unit", "단위"),
            text("value", "값의 종류"),
            count("decimals", "소수 자릿수"),
            yes_no("additive", "합산 가능"),
            text("accumulation", "누적 방식"),
            text("better", "좋은 방향"),
            text("program", "사업"),
            text("area", "분야"),
            day("period_start", "시작일").at("/period/start"),
            day("period_end", "종료일").at("/period/end"),
            quantity("baseline", "기준값").at("/baseline/value"),
            quantity("baseline_numerator", "기준값 분자").at("/baseline/numerator"),
            quantity("baseline_denominator", "기준값 분모").at("/baseline/denominator"),
            day("baseline_on", "기준값 날짜").at("/baseline/on"),
            text("definition", "정의"),
            text("basis", "근거"),
            count("version", "버전"),
        ],
    ),
    table(
        "targets",
        &["/targets"],
        &[
            text("indicator", "지표").of("/code"),
            text("unit", "단위").of("/unit"),
            count("year", "연도"),
            quantity("target", "목표").at("/value"),
        ],
    ),
];

/// Users.
pub const USERS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("id", "사용자 번호"),
        text("email", "이메일"),
        many("roles", "역할"),
        text("status", "상태"),
        instant("recorded_at", "등록일시"),
        count("version", "버전"),
    ],
)];

/// Organisations whose clients may sign in.
pub const PARTNERS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("code", "기관"),
        many("scopes", "권한 범위"),
        text("status", "상태"),
        instant("recorded_at", "등록일시"),
        count("version", "버전"),
    ],
)];

/// Clients of partners, and when their secrets were made.
pub const CLIENTS: &[Table] = &[
    table(
        "records",
        &[],
        &[
            text("id", "클라이언트 번호"),
            text("partner", "기관"),
            many("programs", "사업"),
            many("scopes", "권한 범위"),
            text("status", "상태"),
            instant("last_used_at", "최근 사용일시"),
            instant("recorded_at", "등록일시"),
            count("version", "버전"),
        ],
    ),
    table(
        "secrets",
        &["/secrets"],
        &[
            text("client", "클라이언트 번호").of("/id"),
            instant("made_at", "생성일시"),
        ],
    ),
];

/// Files of many records.
pub const IMPORTS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("id", "가져오기 번호"),
        text("kind", "종류"),
        text("program", "사업"),
        text("name", "파일명"),
        text("sha256", "SHA-256"),
        count("bytes", "크기"),
        text("state", "상태"),
        text("mode", "등록 방식"),
        count("rows", "행 수"),
        count("good", "올바른 행"),
        count("faulty", "잘못된 행"),
        count("warned", "주의 행"),
        count("repeated", "반복된 행"),
        count("recorded", "등록된 행"),
        count("undone", "되돌린 행"),
        won("amount", "금액"),
        count("people", "인원"),
        count("declared_rows", "신고 행 수").at("/declared/rows"),
        won("declared_amount", "신고 금액").at("/declared/amount"),
        count("declared_people", "신고 인원").at("/declared/people"),
        text("failure", "실패 사유"),
        text("recorded_by", "등록자"),
        instant("recorded_at", "등록일시"),
        instant("changed_at", "변경일시"),
        count("version", "버전"),
    ],
)];

/// What is wrong with the rows of a file.
pub const FAULTS: &[Table] = &[table(
    "records",
    &[],
    &[
        count("row", "행"),
        count("column", "열"),
        text("header", "제목"),
        text("field", "항목"),
        text("weight", "경중"),
        text("code", "코드"),
        text("value", "값"),
        text("message_ko", "설명(국문)").at("/message/ko"),
        text("message_en", "설명(영문)").at("/message/en"),
    ],
)];
