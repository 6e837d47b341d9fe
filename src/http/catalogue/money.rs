//! What the books do not allow.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "over_allocation",
        409,
        ["약정액 초과 배정", "More than is unallocated"],
        [
            "{needed}원이 필요하지만 미배정액은 {available}원입니다.",
            "{needed} won are needed and {available} are unallocated.",
        ],
    ),
    row(
        "opened_above_limit",
        409,
        [
            "한도를 넘는 최초 약정",
            "The first commitment is above the limit",
        ],
        [
            "{limit}원을 넘는 약정은 두 번째 사람의 승인이 필요합니다. 한도 안에서 기금을 만든 뒤 약정 증액을 기안해 주십시오.",
            "A second person has to agree to more than {limit} won. Open the fund within the limit, \
             then raise its commitment.",
        ],
    ),
    row(
        "insufficient_unallocated",
        409,
        [
            "상위 기금의 미배정액 부족",
            "Not enough is unallocated in the parent fund",
        ],
        [
            "{needed}원이 필요하지만 상위 기금의 미배정액은 {available}원입니다.",
            "{needed} won are needed and the parent fund has {available} unallocated.",
        ],
    ),
    row(
        "below_allocated",
        409,
        [
            "배정액보다 낮은 약정액",
            "The commitment would fall below what is allocated",
        ],
        [
            "약정액을 {needed}원 줄이려면 그만큼 미배정액이 있어야 하지만 {available}원뿐입니다.",
            "Lowering it by {needed} won takes as much unallocated, and {available} are.",
        ],
    ),
    row(
        "insufficient_available",
        409,
        ["가용 예산 부족", "Not enough is available"],
        [
            "{needed}원이 필요하지만 가용 예산은 {available}원입니다.",
            "{needed} won are needed and {available} are available.",
        ],
    ),
    row(
        "insufficient_cash",
        409,
        ["납입 현금 부족", "Not enough cash was paid in"],
        [
            "{needed}원이 필요하지만 기금에 남은 현금은 {available}원입니다.",
            "{needed} won are needed and the fund holds {available} in cash.",
        ],
    ),
    row(
        "more_than_awaiting",
        409,
        ["지급 대기액 초과", "More than awaits payment"],
        [
            "지급 대기액은 {awaiting}원입니다. 그보다 많이 지급할 수 없습니다.",
            "Only {awaiting} won await payment.",
        ],
    ),
    row(
        "more_than_paid",
        409,
        ["지급액 초과", "More than was paid"],
        [
            "지급되어 남아 있는 금액은 {paid}원입니다. 그보다 많이 돌려받을 수 없습니다.",
            "Only {paid} won were paid and not refunded.",
        ],
    ),
    row(
        "nothing_left",
        409,
        ["남은 금액 없음", "Nothing is left"],
        [
            "지급하거나 취소하거나 돌려받을 금액이 남아 있지 않습니다.",
            "Nothing is left to pay, to cancel or to take back.",
        ],
    ),
    row(
        "fund_closed",
        409,
        ["마감된 기금", "The fund is closed"],
        [
            "기금 {fund}은(는) 마감되어 새로 기록하거나 승인할 수 없습니다.",
            "Fund {fund} is closed: nothing new is recorded or approved.",
        ],
    ),
    row(
        "program_closed",
        409,
        ["마감된 사업", "The program is closed"],
        [
            "사업 {program}은(는) 마감되어 새로 기록하거나 승인할 수 없습니다.",
            "Program {program} is closed: nothing new is recorded or approved.",
        ],
    ),
    row(
        "already_so",
        409,
        ["이미 그 상태인 기금", "The fund is open or closed already"],
        [
            "기금 {code}은(는) 이미 그 상태입니다.",
            "Fund {code} is so already.",
        ],
    ),
    row(
        "already_reversed",
        409,
        ["이미 취소된 출연", "The contribution was reversed already"],
        [
            "이 출연은 이미 취소되었습니다.",
            "The contribution was reversed before, and only once can it be.",
        ],
    ),
];
