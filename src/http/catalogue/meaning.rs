//! What a field means: faults that only the books can tell.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "end_before_start",
        [
            "끝이 시작보다 이를 수 없습니다",
            "cannot end before it starts",
        ],
    ),
    fault(
        "in_the_future",
        ["미래일 수 없습니다", "cannot lie in the future"],
    ),
    fault(
        "unknown_region",
        [
            "{region}은(는) 지역 코드가 아닙니다",
            "names no region: {region}",
        ],
    ),
    fault(
        "region_not_valid_on_date",
        [
            "{region} 지역 코드는 {day}에 유효하지 않습니다",
            "names a region, {region}, that was not valid on {day}",
        ],
    ),
    fault(
        "no_roles",
        [
            "역할이 하나 이상 필요합니다",
            "has to hold at least one role",
        ],
    ),
    fault(
        "no_scopes",
        [
            "범위가 하나 이상 필요합니다",
            "has to hold at least one scope",
        ],
    ),
    fault(
        "no_programs",
        [
            "사업이 하나 이상 필요합니다",
            "has to hold at least one program",
        ],
    ),
    fault(
        "scope_not_granted",
        [
            "파트너에 {scope} 범위가 허용되어 있지 않습니다",
            "names a scope that the partner was not granted: {scope}",
        ],
    ),
    fault(
        "program_not_of_partner",
        [
            "{program} 사업은 {partner}의 사업이 아닙니다",
            "names no program of {partner}: {program}",
        ],
    ),
    fault(
        "unknown_partner",
        ["{partner} 파트너가 없습니다", "names no partner: {partner}"],
    ),
    fault(
        "unknown_program",
        ["{program} 사업이 없습니다", "names no program: {program}"],
    ),
    fault(
        "unknown_fund",
        ["{fund} 기금이 없습니다", "names no fund: {fund}"],
    ),
    fault(
        "unknown_organisation",
        [
            "{organisation} 기관이 없습니다",
            "names no organisation: {organisation}",
        ],
    ),
    fault(
        "fund_not_of_program",
        [
            "{fund} 기금은 {program} 사업의 재원이 아닙니다",
            "names a fund, {fund}, that program {program} does not draw on",
        ],
    ),
    fault(
        "fund_required",
        [
            "{program} 사업은 기금이 여럿이므로 기금을 지정해야 합니다",
            "is needed: program {program} draws on several funds",
        ],
    ),
    fault(
        "program_required_with_fund",
        [
            "기금을 지정하면 사업도 지정해야 합니다",
            "is needed where a fund is named",
        ],
    ),
    fault(
        "program_required_with_reference",
        [
            "reference는 사업 안에서만 수혜자를 가리키므로 사업을 지정해야 합니다",
            "is needed with a reference, which names one person in its program",
        ],
    ),
    fault(
        "fiscal_year_without_fund",
        [
            "기금 밖 지급에는 회계연도를 지정할 수 없습니다",
            "applies to money out of a fund alone",
        ],
    ),
    fault(
        "value_required_in_kind",
        [
            "현물은 이 기준({value})의 금액이 필요합니다",
            "is needed: in kind is counted at this value ({value})",
        ],
    ),
    fault(
        "amount_is_not_value",
        [
            "현물의 금액은 values.{value}와 같아야 합니다",
            "has to equal values.{value} in kind",
        ],
    ),
    fault(
        "round_required",
        [
            "차수별로 한 번 지급하는 사업이므로 차수가 필요합니다",
            "is needed: the program pays once a round",
        ],
    ),
    fault(
        "group_has_no_identity",
        [
            "단체(group)에는 식별 정보를 쓸 수 없습니다",
            "does not go with a group, which is counted and not identified",
        ],
    ),
    fault(
        "identity_required",
        [
            "registration_number와 reference 중 하나가 필요합니다",
            "has to hold registration_number or reference",
        ],
    ),
    fault(
        "identity_twice",
        [
            "registration_number와 reference 중 하나만 쓸 수 있습니다",
            "cannot hold both registration_number and reference",
        ],
    ),
    fault(
        "count_without_group",
        [
            "인원수는 단체(group)에만 쓸 수 있습니다",
            "goes with a group alone",
        ],
    ),
    fault(
        "not_a_sales_program",
        [
            "{program} 사업({kind})은 판매 사업이 아닙니다",
            "names program {program}, which is {kind} and does not sell produce",
        ],
    ),
    fault(
        "unknown_record",
        ["없는 기록입니다", "names a record that does not exist"],
    ),
    fault(
        "duplicate_fund",
        ["{fund} 기금이 두 번 나왔습니다", "names fund {fund} twice"],
    ),
    fault(
        "compensation_has_no_funds",
        [
            "보상 사업에는 기금을 연결할 수 없습니다",
            "has to be empty: compensation is no giving and draws on no fund",
        ],
    ),
    fault(
        "compensation_is_no_giving",
        [
            "보상 사업으로는 기부할 수 없습니다",
            "names a compensation program, which makes good a damage and gives nothing",
        ],
    ),
    fault(
        "not_a_compensation_program",
        [
            "{program} 사업({kind})은 보상 사업이 아닙니다",
            "goes with compensation alone, and program {program} is {kind}",
        ],
    ),
    fault(
        "amendment_touches_money",
        [
            "금액에 관한 항목이므로 정정할 수 없습니다. 취소하거나 반납 처리한 뒤 다시 기록해 주십시오",
            "is about money, which no amendment changes: cancel or refund it, and record it anew",
        ],
    ),
    fault(
        "nothing_amended",
        ["바뀌는 것이 없습니다", "changes nothing of the record"],
    ),
    fault(
        "part_of_itself",
        [
            "자기 자신의 일부일 수 없습니다",
            "cannot name the fund itself",
        ],
    ),
    fault(
        "too_deep",
        [
            "기금은 {most}단계까지만 겹칠 수 있습니다",
            "lies too deep: funds lie within each other at most {most} deep",
        ],
    ),
    fault(
        "not_the_parent_fund",
        [
            "{fund} 기금은 이 기금의 상위 기금이 아닙니다",
            "names a fund, {fund}, that this one is not a part of",
        ],
    ),
    fault(
        "program_not_of_fund",
        [
            "{program} 사업은 {fund} 기금을 재원으로 하지 않습니다",
            "names a program, {program}, that does not draw on fund {fund}",
        ],
    ),
    fault(
        "unknown_beneficiary",
        [
            "수혜자 {id}을(를) 찾을 수 없습니다",
            "names a beneficiary, {id}, that is not there",
        ],
    ),
    fault(
        "program_or_area",
        [
            "사업과 분야 중 하나만 쓸 수 있습니다",
            "cannot hold both program and area",
        ],
    ),
    fault(
        "fund_or_program",
        [
            "기금과 사업 중 하나만 쓸 수 있습니다",
            "cannot name both a fund and a program",
        ],
    ),
    fault(
        "fiscal_year_required",
        [
            "이월과 불용에는 회계연도가 필요합니다",
            "is needed: only what has a fiscal year is carried over or lapses",
        ],
    ),
    fault(
        "same_fiscal_year",
        [
            "이월할 연도는 원래 회계연도와 달라야 합니다",
            "has to be another year than the one that is carried over",
        ],
    ),
    fault(
        "before_the_promise",
        [
            "약속한 날({made_on})보다 이를 수 없습니다",
            "cannot lie before the promise was made, on {made_on}",
        ],
    ),
    fault(
        "after_due",
        [
            "기한({due_on})보다 늦을 수 없습니다",
            "cannot lie after the due date, {due_on}",
        ],
    ),
    fault(
        "same_day",
        ["지금의 기한과 같습니다", "is the due date already"],
    ),
    fault(
        "not_met",
        [
            "이행(met)한 경우에만 쓸 수 있습니다",
            "goes with the status met alone",
        ],
    ),
    fault(
        "after_review",
        [
            "점검한 날({reviewed_on})보다 늦을 수 없습니다",
            "cannot lie after the review, on {reviewed_on}",
        ],
    ),
    fault(
        "figure_not_of_scope",
        [
            "이 범위에는 {metric} 지표의 수치가 없습니다",
            "has no such figure: {metric}",
        ],
    ),
    fault(
        "not_a_target",
        [
            "{metric} 지표는 약속의 목표가 될 수 없습니다",
            "cannot be {metric}: a pledge is not measured by pledges",
        ],
    ),
    fault(
        "target_without_plan",
        [
            "계획(plan)은 기금의 집행액(disbursed)을 목표로 할 때만 쓸 수 있습니다",
            "can be plan only for what a fund disbursed",
        ],
    ),
    fault(
        "only_for_carry_over",
        [
            "이월(carry_over)에만 쓸 수 있습니다",
            "goes with carry_over alone",
        ],
    ),
    fault(
        "metric_not_claimed",
        [
            "{metric} 지표는 공표 수치에 쓸 수 없습니다",
            "names a metric that claims do not use: {metric}",
        ],
    ),
    fault(
        "stock_has_no_first_day",
        [
            "{metric} 지표는 어느 날 기준의 수치이므로 시작일을 둘 수 없습니다",
            "does not go with {metric}, which stand on a day and have no first one",
        ],
    ),
    fault(
        "from_after_as_of",
        [
            "기준일({as_of})보다 늦을 수 없습니다",
            "cannot lie after the day of the number, {as_of}",
        ],
    ),
    fault(
        "no_decimals",
        [
            "이 지표의 수치에는 소수점 이하가 없습니다",
            "has to be whole: only kilograms have decimals",
        ],
    ),
    fault(
        "unit_required",
        [
            "rounded_down(여)에는 단위가 필요합니다",
            "is needed with rounded_down",
        ],
    ),
    fault(
        "unit_only_for_rounded_down",
        [
            "rounded_down(여)에만 쓸 수 있습니다",
            "goes with rounded_down alone",
        ],
    ),
    fault(
        "no_tolerance",
        [
            "{comparator} 비교에는 허용 범위를 둘 수 없습니다",
            "does not go with the comparator {comparator}",
        ],
    ),
    fault(
        "tolerance_too_wide",
        [
            "허용 범위는 0.2를 넘을 수 없습니다",
            "cannot be wider than 0.2",
        ],
    ),
    fault(
        "figure_required",
        [
            "수량, 금액, 주문 수, 구매자 수 중 하나 이상이 필요합니다",
            "has to hold at least one figure",
        ],
    ),
    fault(
        "only_with_buyers",
        ["구매자 수와 함께 써야 합니다", "goes with buyers alone"],
    ),
    fault(
        "not_of_this_basis",
        [
            "{basis} 신고에는 쓸 수 없는 구매자 기준입니다",
            "does not go with {basis}: distinct people to date are cumulative, those of a period \
             are of one",
        ],
    ),
    fault(
        "fall_needs_reason",
        [
            "누계 {figure}이(가) {before}에서 {after}(으)로 줄어들므로 사유가 필요합니다",
            "is needed: the cumulative {figure} falls from {before} to {after}",
        ],
    ),
    fault(
        "before_period_end",
        [
            "기간의 마지막 날({end})보다 이를 수 없습니다",
            "cannot lie before the last day of the period, {end}",
        ],
    ),
    fault(
        "nothing_used_or_returned",
        [
            "사용액과 반환액이 모두 0일 수 없습니다",
            "cannot be zero where nothing is returned",
        ],
    ),
];
