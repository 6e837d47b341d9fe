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
        "statement_overlaps",
        409,
        ["기간이 겹치는 신고", "The statement overlaps another"],
        [
            "같은 기준({basis})의 신고 {id}({start}–{end})과(와) 기간이 겹칩니다. 기간별 신고는 날짜가 \
             겹칠 수 없고, 누계 신고는 시작일이 같고 종료일이 서로 달라야 합니다.",
            "Statement {id} ({start} to {end}) has the same basis, {basis}. Those of a period share no \
             day; cumulative ones begin on the same day and end on days of their own.",
        ],
    ),
    row(
        "too_many_statements",
        409,
        ["신고가 너무 많음", "Too many statements"],
        [
            "한 사업의 유효한 신고는 {most}건까지입니다.",
            "A program has at most {most} statements that are not cancelled.",
        ],
    ),
    row(
        "not_an_intermediary",
        409,
        ["중개 기관이 아님", "The recipient is no intermediary"],
        [
            "받은 기관이 직접 쓰는 기부입니다. 사용 내역은 중개 기관(intermediary)을 거치는 기부에만 \
             기록합니다.",
            "The recipient keeps this gift. Uses are recorded where an intermediary passes it on.",
        ],
    ),
    row(
        "more_than_was_passed_on",
        409,
        ["전달한 금액 초과", "More than was passed on"],
        [
            "{on} 기준으로 사용 {used}원과 돌아온 {came_back}원의 합이 지급액 {paid}원을 넘습니다.",
            "On {on} the {used} won used and the {came_back} won that came back would be more than \
             the {paid} won paid to the intermediary.",
        ],
    ),
    row(
        "use_overlaps",
        409,
        ["기간이 겹치는 사용 내역", "The use overlaps another"],
        [
            "같은 지역의 사용 내역 {number}번과 기간이 겹칩니다.",
            "Use {number} tells of the same region on some of these days.",
        ],
    ),
    row(
        "too_many_uses",
        409,
        ["사용 내역이 너무 많음", "Too many uses"],
        [
            "한 기부의 사용 내역은 취소한 것을 포함해 {most}건까지입니다.",
            "A donation has at most {most} uses, cancelled ones included.",
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
