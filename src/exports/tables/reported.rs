//! The tables of reports. Which one is wanted, `table` says; the first where it says nothing.

use super::{Table, table};
use crate::exports::column::{Column, count, day, kg, many, quantity, ratio, text, won, yes_no};

pub(super) const CODE: Column = text("code", "코드");
pub(super) const NAME: Column = text("name_ko", "이름(국문)").at("/name/ko");
pub(super) const NAME_EN: Column = text("name_en", "이름(영문)").at("/name/en");
const COMMITTED: Column = won("committed", "약정액");
const CONTRIBUTED: Column = won("contributed", "출연액");
const UNALLOCATED: Column = won("unallocated", "미배정액");
const ALLOCATED: Column = won("allocated", "배정액");
const SUBMITTED: Column = won("submitted", "신청액");
const AVAILABLE: Column = won("available", "가용액");
const AWAITING: Column = won("awaiting_payment", "지급대기액");
const APPROVED: Column = won("approved", "승인액");
const PAID: Column = won("paid", "실지급액");
const REFUNDED: Column = won("refunded", "반납액");
const DISBURSED: Column = won("disbursed", "집행액");
const CASH: Column = won("disbursed_cash", "현금 집행액");
const IN_KIND: Column = won("disbursed_in_kind", "현물 집행액");
const REMAINING: Column = won("remaining", "잔액");
const DISBURSED_RATIO: Column = ratio("disbursed_ratio", "집행률");
pub(super) const SUPPRESSED: Column = yes_no("suppressed", "가림");
pub(super) const PROGRAM: Column = text("program", "사업");
const FISCAL_YEAR: Column = count("fiscal_year", "회계연도");
const PLAN: Column = won("plan", "계획액");
const TO_DATE: Column = won("plan_to_date", "현재까지 계획액");
const DIFFERENCE: Column = won("difference", "차이");

const FUND: &[Column] = &[
    CODE,
    NAME,
    NAME_EN,
    text("part_of", "상위 기금"),
    day("period_start", "시작일").at("/period/start"),
    day("period_end", "종료일").at("/period/end"),
    COMMITTED,
    CONTRIBUTED,
    UNALLOCATED,
    ALLOCATED,
    SUBMITTED,
    AVAILABLE,
    AWAITING,
    PAID,
    REFUNDED,
    DISBURSED,
    CASH,
    IN_KIND,
    REMAINING,
    won("to_child_funds", "하위 기금 약정액"),
    ratio("elapsed_ratio", "기간 경과율"),
    ratio("plan_to_date_ratio", "계획 진도율"),
    DISBURSED_RATIO,
    won("own_committed", "자체 약정액").at("/own/committed"),
    won("own_allocated", "자체 배정액").at("/own/allocated"),
    won("own_paid", "자체 실지급액").at("/own/paid"),
    won("own_refunded", "자체 반납액").at("/own/refunded"),
    won("own_disbursed", "자체 집행액").at("/own/disbursed"),
    won("own_remaining", "자체 잔액").at("/own/remaining"),
];

const FIGURES: &[Column] = &[
    ALLOCATED, SUBMITTED, AVAILABLE, AWAITING, PAID, REFUNDED, DISBURSED, CASH, IN_KIND,
];

/// Everything on one page.
pub const OVERVIEW: &[Table] = &[
    table("funds", &["/funds"], FUND),
    table(
        "programs",
        &["/programs"],
        &[
            CODE,
            NAME,
            NAME_EN,
            text("kind", "유형"),
            ALLOCATED,
            SUBMITTED,
            AVAILABLE,
            AWAITING,
            PAID,
            REFUNDED,
            DISBURSED,
            CASH,
            IN_KIND,
            count("unique", "수혜자 수").at("/beneficiaries/unique"),
            count("payments", "지급 건수").at("/beneficiaries/payments"),
            won("sales_amount", "판매액").at("/sales/amount"),
            kg("sales_quantity_kg", "판매량(kg)").at("/sales/quantity_kg"),
            count("sales_orders", "주문수").at("/sales/orders"),
            count("sales_buyers", "구매자 수").at("/sales/buyers"),
        ],
    ),
    table(
        "consolidated",
        &[],
        &[
            day("as_of", "기준일"),
            won("committed", "약정액").at("/consolidated/committed"),
            won("contributed", "출연액").at("/consolidated/contributed"),
            won("unallocated", "미배정액").at("/consolidated/unallocated"),
            won("allocated", "배정액").at("/consolidated/allocated"),
            won("submitted", "신청액").at("/consolidated/submitted"),
            won("available", "가용액").at("/consolidated/available"),
            won("awaiting_payment", "지급대기액").at("/consolidated/awaiting_payment"),
            won("paid", "실지급액").at("/consolidated/paid"),
            won("refunded", "반납액").at("/consolidated/refunded"),
            won("disbursed", "집행액").at("/consolidated/disbursed"),
            won("remaining", "잔액").at("/consolidated/remaining"),
            won("outside_funds", "기금 외 집행액").at("/outside_funds/disbursed"),
            won("compensation", "보상 집행액").at("/compensation/disbursed"),
            won("donations", "기부액").at("/donations/amount"),
            count("donations_count", "기부 건수").at("/donations/count"),
            won("held_by_intermediaries", "배분 기관 보유액")
                .at("/donations/held_by_intermediaries"),
            count("pledges", "약속 수").at("/pledges/total"),
            count("pledges_met", "이행한 약속 수").at("/pledges/met"),
            count("pledges_overdue", "기한이 지난 약속 수").at("/pledges/overdue"),
            count("claims", "공표 수치").at("/claims/total"),
            count("claims_supported", "뒷받침되는 공표 수치").at("/claims/supported"),
        ],
    ),
];

const BELOW_ZERO: Table = table(
    "below_zero_days",
    &["/below_zero_days"],
    &[
        text("fund", "기금"),
        PROGRAM,
        FISCAL_YEAR,
        text("bucket", "계정"),
        day("from", "시작일"),
        day("to", "종료일"),
        won("lowest", "최저액"),
    ],
);

/// One fund.
pub const FUND_REPORT: &[Table] = &[
    table(
        "programs",
        &["/by_program"],
        &[
            PROGRAM, NAME, NAME_EN, ALLOCATED, SUBMITTED, AVAILABLE, AWAITING, PAID, REFUNDED,
            DISBURSED, CASH, IN_KIND,
        ],
    ),
    table("figures", &[], FUND),
    table("children", &["/children"], FUND),
    table(
        "fiscal_years",
        &["/by_fiscal_year"],
        &[
            FISCAL_YEAR,
            ALLOCATED,
            AVAILABLE,
            AWAITING,
            PAID,
            REFUNDED,
            DISBURSED,
        ],
    ),
    table(
        "areas",
        &["/by_area"],
        &[text("area", "분야"), PLAN, ALLOCATED, AWAITING, DISBURSED],
    ),
    table(
        "plan",
        &["/plan/lines"],
        &[
            FISCAL_YEAR,
            PROGRAM,
            text("area", "분야"),
            won("amount", "금액"),
        ],
    ),
    table(
        "plan_years",
        &["/plan/by_fiscal_year"],
        &[FISCAL_YEAR, PLAN, TO_DATE, DISBURSED, DIFFERENCE],
    ),
    table(
        "plan_areas",
        &["/plan/by_area"],
        &[text("area", "분야"), PLAN, TO_DATE, DISBURSED, DIFFERENCE],
    ),
    table(
        "plan_programs",
        &["/plan/by_program"],
        &[PROGRAM, PLAN, TO_DATE, DISBURSED, DIFFERENCE],
    ),
    BELOW_ZERO,
];

/// One program.
pub const PROGRAM_REPORT: &[Table] = &[
    table(
        "months",
        &["/by_month"],
        &[
            text("month", "월"),
            APPROVED,
            PAID,
            REFUNDED,
            DISBURSED,
            count("payments", "지급 건수"),
            SUPPRESSED,
        ],
    ),
    table(
        "regions",
        &["/by_region"],
        &[
            text("region", "지역").at("/region/code"),
            text("region_name", "지역 명칭").at("/region/name/ko"),
            APPROVED,
            PAID,
            REFUNDED,
            DISBURSED,
            count("payments", "지급 건수"),
            SUPPRESSED,
            yes_no("ended", "폐지된 지역"),
        ],
    ),
    table("figures", &[], FIGURES),
    table(
        "unique_in_funds",
        &["/beneficiaries/unique_in_funds"],
        &[text("fund", "기금"), count("unique", "수혜자 수")],
    ),
    table(
        "statements",
        &["/sales/statements"],
        &[
            text("record_id", "기록번호").at("/id"),
            day("period_start", "시작일").at("/period/start"),
            day("period_end", "종료일").at("/period/end"),
            text("basis", "산정 기준"),
            kg("quantity_kg", "수량(kg)"),
            won("amount", "금액"),
            count("orders", "주문수"),
            won("lines_amount", "내역 금액").at("/lines/amount"),
            won("difference", "차이").at("/difference/amount"),
        ],
    ),
    table(
        "intermediaries",
        &["/intermediaries/donations"],
        &[
            text("record_id", "기록번호").at("/id"),
            text("recipient", "기부처"),
            PAID,
            REFUNDED,
            won("used", "배분액"),
            won("returned", "돌려받은 금액"),
            won("held", "보유액"),
            count("beneficiaries_at_least", "최소 수혜자 수"),
            day("reported_until", "보고 기준일"),
        ],
    ),
    BELOW_ZERO,
];

/// One metric over time.
pub const SERIES: &[Table] = &[
    table(
        "points",
        &["/groups", "/points"],
        &[
            text("group", "구분").of("/key"),
            text("group_name", "구분 명칭").of("/name/ko"),
            text("period", "기간"),
            day("starts_on", "시작일"),
            quantity("value", "값"),
            count("payments", "지급 건수"),
        ],
    ),
    table(
        "groups",
        &["/groups"],
        &[
            text("metric", "항목").of("/metric"),
            text("unit", "단위").of("/unit"),
            text("group", "구분").at("/key"),
            text("group_name", "구분 명칭").at("/name/ko"),
            quantity("total", "합계"),
            SUPPRESSED,
        ],
    ),
];

/// Everything that was said in public.
pub const CLAIMS_REPORT: &[Table] = &[table(
    "claims",
    &["/claims"],
    &[
        text("record_id", "기록번호").at("/id"),
        text("statement", "문장"),
        day("said_on", "공표일"),
        text("metric", "항목"),
        PROGRAM,
        text("fund", "기금"),
        text("nature", "성격"),
        text("verdict", "판정").at("/check/verdict"),
        text("reason", "판정 사유").at("/check/reason"),
        text("unit", "단위").at("/check/counted_in"),
        quantity("claimed", "공표값").at("/check/claimed"),
        quantity("actual", "장부값").at("/check/actual"),
        quantity("difference", "차이").at("/check/difference"),
        quantity("headroom", "여유").at("/check/headroom"),
        day("as_of", "기준일").at("/check/as_of"),
        many("caveats", "유의사항").at("/check/caveats"),
        text("explanation_ko", "설명(국문)").at("/check/explanation/ko"),
        text("explanation_en", "설명(영문)").at("/check/explanation/en"),
        yes_no("holds_today", "현재도 성립"),
    ],
)];

/// Every pledge.
pub const PLEDGES_REPORT: &[Table] = &[
    table(
        "pledges",
        &["/pledges"],
        &[
            text("record_id", "기록번호").at("/id"),
            text("title", "제목"),
            text("statement", "문장"),
            text("owner", "담당"),
            text("counterpart", "상대"),
            text("state", "상태"),
            text("state_label", "상태 설명").at("/state_label/ko"),
            text("summary", "요약").at("/summary/ko"),
            day("due_on", "기한"),
            day("first_due_on", "최초 기한"),
            count("days_left", "남은 일수"),
            count("days_late", "지연 일수"),
            day("last_reviewed_on", "최근 점검일"),
            text("target_metric", "목표 항목").at("/target/metric"),
            quantity("target_value", "목표값").at("/target/value"),
            quantity("target_actual", "실적").at("/target/actual"),
            ratio("target_ratio", "달성률").at("/target/ratio"),
        ],
    ),
    table(
        "milestones",
        &["/pledges", "/milestones"],
        &[
            text("pledge", "약속 번호").of("/id"),
            count("number", "순번"),
            text("title", "제목"),
            text("status", "상태"),
            day("due_on", "기한"),
            count("days_late", "지연 일수"),
            day("met_on", "이행일"),
        ],
    ),
];
