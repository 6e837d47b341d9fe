//! What the state of a record does not allow.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "invalid_state",
        409,
        ["현재 상태에서 할 수 없음", "The state does not allow it"],
        [
            "현재 상태({status})에서는 {verb} 처리를 할 수 없습니다.",
            "This cannot be done ({verb}) while the state is {status}.",
        ],
    ),
    row(
        "before_previous_step",
        409,
        ["앞 단계보다 이른 날짜", "Before the previous step"],
        [
            "앞 단계의 날짜({last_on})보다 이른 날짜로는 기록할 수 없습니다.",
            "The date cannot lie before that of the previous step, {last_on}.",
        ],
    ),
    row(
        "too_many_steps",
        409,
        ["단계가 너무 많음", "Too many steps"],
        [
            "이 건에는 단계를 더 추가할 수 없습니다. 새 건으로 나누어 기록해 주십시오.",
            "The record takes no more steps. Record the rest as a new one.",
        ],
    ),
    row(
        "duplicate_external_id",
        409,
        ["이미 기록된 external_id", "The external_id is taken"],
        [
            "같은 사업의 유효한 건 {id}이(가) 이미 이 external_id를 씁니다.",
            "Record {id} of the same program has this external_id already.",
        ],
    ),
    row(
        "duplicate_beneficiary_in_round",
        409,
        [
            "같은 차수의 중복 수혜자",
            "The beneficiary is in this round already",
        ],
        [
            "이 수혜자는 같은 차수에 이미 기록된 건 {id}이(가) 있습니다.",
            "Record {id} already pays this beneficiary in this round.",
        ],
    ),
    row(
        "duplicate_beneficiary_in_program",
        409,
        [
            "같은 사업의 중복 수혜자",
            "The beneficiary is in this program already",
        ],
        [
            "한 번만 지급하는 사업이며, 이 수혜자에게는 이미 기록된 건 {id}이(가) 있습니다.",
            "The program pays once, and record {id} already pays this beneficiary.",
        ],
    ),
    row(
        "duplicate_beneficiary",
        409,
        ["이미 등록된 수혜자", "The beneficiary is known already"],
        [
            "같은 수혜자가 {id}(으)로 이미 등록되어 있습니다.",
            "The same beneficiary is recorded as {id}.",
        ],
    ),
    row(
        "receipt_exists",
        409,
        ["이미 등록된 기부금영수증", "There is a receipt already"],
        [
            "이 기부에는 기부금영수증 {number}이(가) 이미 등록되어 있습니다.",
            "Receipt {number} is recorded for this donation already.",
        ],
    ),
    row(
        "duplicate_code",
        409,
        ["이미 쓰이는 코드", "The code is taken"],
        [
            "코드 {code}은(는) 이미 쓰이고 있습니다.",
            "Code {code} is taken already.",
        ],
    ),
    row(
        "fund_in_use",
        409,
        [
            "사업에서 뺄 수 없는 기금",
            "The fund stays with the program",
        ],
        [
            "사업이 한 번 사용한 기금 {fund}은(는) 목록에서 뺄 수 없습니다. 더 쓰지 않으려면 \
             배정을 회수해 주십시오.",
            "A program keeps every fund it draws on; {fund} cannot be taken away. Release its \
             allocation instead.",
        ],
    ),
    row(
        "merge_into_itself",
        409,
        ["자기 자신과의 병합", "Merged into itself"],
        [
            "수혜자를 자기 자신에게 병합할 수 없습니다.",
            "A beneficiary cannot be merged into itself.",
        ],
    ),
    row(
        "already_merged",
        409,
        ["이미 병합된 수혜자", "Merged already"],
        [
            "이 수혜자는 이미 {id}에 병합되어 있습니다.",
            "The beneficiary is merged into {id} already.",
        ],
    ),
    row(
        "merge_into_merged",
        409,
        ["병합된 수혜자로의 병합", "Merged into a merged one"],
        [
            "대상 수혜자가 {id}에 병합되어 있습니다. {id}(으)로 병합해 주십시오.",
            "The other is merged into {id} itself. Merge into {id}.",
        ],
    ),
    row(
        "others_merged_into_it",
        409,
        ["다른 수혜자가 병합되어 있음", "Others are merged into it"],
        [
            "이 수혜자에 {count}명이 병합되어 있습니다. 병합은 한 단계만 할 수 있습니다.",
            "{count} others are merged into this beneficiary, and there is one level only.",
        ],
    ),
    row(
        "merge_of_different_kinds",
        409,
        ["종류가 다른 수혜자", "Different kinds"],
        [
            "종류({one}, {other})가 다른 수혜자는 병합할 수 없습니다.",
            "One is {one} and the other {other}: they cannot be one person.",
        ],
    ),
    row(
        "too_many_merged",
        409,
        ["병합이 너무 많음", "Too many are merged"],
        [
            "한 수혜자에는 {most}명까지 병합할 수 있습니다.",
            "At most {most} can be merged into one beneficiary.",
        ],
    ),
    row(
        "merge_already_proposed",
        409,
        ["이미 요청된 병합", "A merge is proposed already"],
        [
            "{id}(으)로의 병합이 이미 요청되어 승인을 기다립니다.",
            "A merge into {id} is waiting for a decision.",
        ],
    ),
    row(
        "merge_not_proposed",
        409,
        ["요청된 병합 없음", "No merge is proposed"],
        [
            "승인을 기다리는 병합이 없습니다.",
            "No merge is waiting for a decision.",
        ],
    ),
    row(
        "not_merged",
        409,
        ["병합되지 않은 수혜자", "Not merged"],
        [
            "이 수혜자는 병합되어 있지 않습니다.",
            "The beneficiary is not merged into another.",
        ],
    ),
];
