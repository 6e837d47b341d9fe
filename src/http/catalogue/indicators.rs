//! What indicators and their measurements are refused for.

use super::{Fault, Row, fault, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "indicator_in_use",
        409,
        ["이미 실적이 있는 지표", "Something was measured already"],
        [
            "이미 실적이 기록된 지표이므로 {field} 항목은 바꿀 수 없습니다. 새 지표를 만드십시오.",
            "Something was measured of it already, so its {field} stays: a change would give those \
             values another meaning. Make a new indicator instead.",
        ],
    ),
    row(
        "measurement_overlaps",
        409,
        ["기간이 겹치는 실적", "The periods overlap"],
        [
            "같은 지표·구분의 유효한 실적 {id}의 기간({start}–{end})과 겹칩니다.",
            "Measurement {id} of the same indicator and dimensions covers {start} to {end}.",
        ],
    ),
    row(
        "too_many_measurements",
        409,
        ["실적이 너무 많음", "Too many measurements"],
        [
            "한 지표에는 실적을 {most}건까지 기록할 수 있습니다.",
            "One indicator has at most {most} measurements.",
        ],
    ),
];

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "unknown_indicator",
        [
            "{indicator} 지표가 없습니다",
            "names no indicator: {indicator}",
        ],
    ),
    fault(
        "repeated",
        ["{value}이(가) 두 번 나왔습니다", "is there twice: {value}"],
    ),
    fault(
        "too_precise",
        [
            "소수점 이하 {most}자리까지만 쓸 수 있습니다",
            "has at most {most} decimal places",
        ],
    ),
    fault(
        "number_wanted",
        [
            "비율이 아니라 수를 쓰는 지표이므로 value로 적어야 합니다",
            "does not belong here: the indicator is a number, given as value",
        ],
    ),
    fault(
        "ratio_wanted",
        [
            "비율 지표이므로 numerator와 denominator로 적어야 합니다",
            "does not belong here: the indicator is a ratio, given as numerator and denominator",
        ],
    ),
    fault(
        "unknown_dimension",
        [
            "이 지표에는 {value} 구분이 없습니다",
            "names a dimension that the indicator does not have: {value}",
        ],
    ),
    fault(
        "unknown_dimension_value",
        [
            "{dimension} 구분에 {value} 값이 없습니다",
            "names a value that dimension {dimension} does not have: {value}",
        ],
    ),
    fault(
        "dimension_missing",
        [
            "이 구분의 값이 필요합니다. 전체를 적으려면 구분을 모두 비우십시오",
            "is needed: a measurement names every dimension, or none for the whole",
        ],
    ),
    fault(
        "after_value_date",
        [
            "기록 일자({on})보다 늦을 수 없습니다",
            "cannot lie after the day of the entry, {on}",
        ],
    ),
    fault(
        "outside_indicator_period",
        [
            "지표의 기간({start}–{end}) 안에 있어야 합니다",
            "has to lie within the days of the indicator, {start} to {end}",
        ],
    ),
    fault(
        "cumulative_start_differs",
        [
            "누적 실적은 앞선 실적과 같은 날({start})에 시작해야 합니다",
            "has to be {start}, where the running count starts",
        ],
    ),
    fault(
        "running_count_falls",
        [
            "누적 값이 줄었으므로 사유가 필요합니다",
            "is needed: the running count falls",
        ],
    ),
    fault(
        "method_required",
        [
            "추정한 값에는 방법이 필요합니다",
            "is needed: the value is an estimate",
        ],
    ),
    fault(
        "interval_too_short",
        [
            "{start}–{end} 실적을 {value} 단위로 나눌 수 없습니다",
            "cannot be {value}: what was measured of {start} to {end} cannot be divided",
        ],
    ),
];
