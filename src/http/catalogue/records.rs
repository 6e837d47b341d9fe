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
        "amendment_open",
        409,
        ["결정을 기다리는 정정", "An amendment is open"],
        [
            "이 건에는 결정을 기다리는 {number}번 정정이 있습니다. 먼저 결정하거나 회수해 주십시오.",
            "Amendment {number} of this record waits for a decision. Decide on it, or withdraw it, \
             first.",
        ],
    ),
    row(
        "too_many_amendments",
        409,
        ["정정이 너무 많음", "Too many amendments"],
        [
            "이 건에는 정정을 더 추가할 수 없습니다.",
            "The record takes no more amendments.",
        ],
    ),
    row(
        "details_erased",
        409,
        ["파기된 개인정보", "The personal details are erased"],
        [
            "이 수혜자의 개인정보는 파기되어 이름을 바꿀 수 없습니다.",
            "The personal details of this beneficiary are erased, so it cannot be named.",
        ],
    ),
    row(
        "details_changed",
        409,
        ["그 사이 바뀐 개인정보", "The personal details were changed"],
        [
            "그 사이 다른 사람이 이 수혜자의 개인정보를 바꾸었습니다. 다시 보내 주십시오.",
            "Somebody else changed the personal details of this beneficiary in the meantime. Send the \
             request again.",
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
];
