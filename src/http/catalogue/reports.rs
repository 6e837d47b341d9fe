//! Reports that are not given, and what may not be asked of them.

use super::{Fault, Row, fault, row};

pub(super) const ROWS: &[Row] = &[row(
    "inconsistent_report",
    500,
    ["보고서 수치의 불일치", "The report contradicts itself"],
    [
        "수치가 서로 맞지 않아 보고서를 보내지 않았습니다. X-Request-Id와 함께 운영자에게 \
         무결성 점검을 요청해 주십시오.",
        "Its figures do not agree with each other, so none is shown; ask the operator for an \
         integrity check and tell the X-Request-Id.",
    ],
)];

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "group_not_available",
        [
            "{metric} 지표는 {value} 기준으로 나눌 수 없습니다",
            "cannot be {value}: {metric} is not kept that way",
        ],
    ),
    fault(
        "not_additive",
        [
            "{metric} 지표는 같은 사람이나 대상이 여러 번 들어 있을 수 있어 더하지 않으므로 {value} \
             기준으로 볼 수 없습니다",
            "cannot be {value}: {metric} is never added, since the same person or thing may be in \
             several of them",
        ],
    ),
    fault(
        "after_as_of",
        [
            "보고서의 기준일({value})보다 늦을 수 없습니다",
            "cannot lie after the day of the report, {value}",
        ],
    ),
    fault(
        "too_many_points",
        [
            "값이 {most}개를 넘습니다. 간격을 늘리거나 기간을 줄이십시오",
            "makes more than {most} points: take longer intervals or fewer days",
        ],
    ),
];
