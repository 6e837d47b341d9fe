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
        "follows_milestones",
        409,
        ["이행 과제로 판단하는 약속", "The milestones tell"],
        [
            "이 약속은 이행 과제의 점검 결과로 이행 여부를 판단합니다. 이행 과제를 점검해 주십시오.",
            "Where this pledge stands follows from its milestones. Review these instead.",
        ],
    ),
    row(
        "follows_target",
        409,
        [
            "목표 수치로 판단하는 약속",
            "The figure of the target tells",
        ],
        [
            "이 약속은 목표 지표의 실적으로 이행 여부를 판단하므로 따로 점검할 수 없습니다.",
            "Where this pledge stands follows from the figure of its target, and from nothing else.",
        ],
    ),
    row(
        "already_confirmed",
        409,
        ["이미 확인한 기관", "Confirmed already"],
        [
            "{organisation} 기관은 이 이행 과제를 이미 확인했습니다.",
            "Organisation {organisation} has confirmed this milestone already.",
        ],
    ),
    row(
        "too_many_milestones",
        409,
        ["이행 과제가 너무 많음", "Too many milestones"],
        [
            "한 약속의 이행 과제는 {most}건까지입니다.",
            "A pledge has at most {most} milestones.",
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
