//! How a field is written: faults that can be seen without the books.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("missing", ["값이 필요합니다", "is missing"]),
    fault(
        "unknown_field",
        ["알 수 없는 항목입니다", "is not a known field"],
    ),
    fault("duplicate_field", ["두 번 나왔습니다", "comes twice"]),
    fault(
        "wrong_type",
        ["값의 종류가 잘못되었습니다", "is of the wrong type"],
    ),
    fault(
        "unknown_value",
        [
            "다음 중 하나여야 합니다: {known}",
            "has to be one of: {known}",
        ],
    ),
    fault(
        "not_removable",
        ["없앨 수 없습니다", "cannot be taken away"],
    ),
    fault(
        "not_a_number",
        ["숫자로만 써야 합니다", "has to be written in plain digits"],
    ),
    fault(
        "not_whole",
        [
            "소수점 이하가 없는 수여야 합니다",
            "has to be whole: won have no minor unit",
        ],
    ),
    fault(
        "too_many_places",
        [
            "소수점 이하 셋째 자리까지만 쓸 수 있습니다",
            "has at most three decimal places",
        ],
    ),
    fault("negative", ["음수일 수 없습니다", "cannot be negative"]),
    fault("zero", ["0보다 커야 합니다", "has to be greater than zero"]),
    fault(
        "too_small",
        ["{least} 이상이어야 합니다", "has to be at least {least}"],
    ),
    fault("too_large", ["너무 큽니다", "is too large"]),
    fault(
        "not_a_day",
        [
            "YYYY-MM-DD 형식의 날짜여야 합니다",
            "has to be a date as YYYY-MM-DD",
        ],
    ),
    fault(
        "no_such_day",
        [
            "달력에 없는 날짜입니다",
            "is a day that the calendar does not have",
        ],
    ),
    fault(
        "day_out_of_range",
        [
            "1900년에서 2199년 사이여야 합니다",
            "has to lie in the years 1900 to 2199",
        ],
    ),
    fault(
        "bad_code",
        [
            "코드는 a-z, 0-9, 하이픈 2–64자입니다",
            "has to be a code: 2 to 64 of a-z, 0-9 and hyphen",
        ],
    ),
    fault(
        "bad_url",
        [
            "http 또는 https로 시작하는 웹 주소여야 합니다",
            "has to be an address that begins with http or https",
        ],
    ),
    fault(
        "bad_id",
        ["기록의 식별자 형식이 아닙니다", "is not the id of a record"],
    ),
    fault(
        "items_or_filter",
        ["items와 함께 쓸 수 없습니다", "cannot stand beside items"],
    ),
    fault(
        "not_of_this_action",
        [
            "이 처리에는 쓰이지 않습니다",
            "has no meaning for this action",
        ],
    ),
    fault("empty", ["비어 있을 수 없습니다", "cannot be empty"]),
    fault(
        "too_long",
        [
            "{most}자를 넘을 수 없습니다",
            "has at most {most} characters",
        ],
    ),
    fault(
        "too_many",
        ["{most}개를 넘을 수 없습니다", "has at most {most} members"],
    ),
    fault(
        "control_character",
        [
            "제어 문자나 줄바꿈을 담을 수 없습니다",
            "cannot hold control characters or line breaks",
        ],
    ),
    fault(
        "outer_space",
        [
            "앞뒤에 빈칸을 둘 수 없습니다",
            "cannot begin or end with blanks",
        ],
    ),
    fault(
        "bad_attribute_name",
        [
            "이름은 소문자로 시작하는 a-z, 0-9, 밑줄 40자 이하여야 합니다",
            "has to be named with a-z, 0-9 and underscore, a letter first, up to 40 characters",
        ],
    ),
    fault(
        "bad_registration_number",
        [
            "사업자등록번호가 아닙니다",
            "is not a business registration number",
        ],
    ),
    fault(
        "bad_check_digit",
        [
            "사업자등록번호의 검증 숫자가 맞지 않습니다",
            "has a check digit that does not fit",
        ],
    ),
    fault(
        "invalid_email",
        ["이메일 주소가 아닙니다", "is not an e-mail address"],
    ),
    fault(
        "password_too_short",
        ["8자 이상이어야 합니다", "has at least 8 characters"],
    ),
    fault(
        "password_too_long",
        ["128자를 넘을 수 없습니다", "has at most 128 characters"],
    ),
    fault(
        "password_too_common",
        [
            "너무 쉽게 추측할 수 있는 비밀번호입니다",
            "is too easily guessed",
        ],
    ),
    fault(
        "bad_cursor",
        [
            "이 목록의 next_cursor에서 받은 값이 아닙니다",
            "is not a next_cursor of this very list",
        ],
    ),
    fault(
        "bad_scheme",
        [
            "분류 체계의 이름은 소문자로 시작하는 a-z, 0-9, 밑줄 40자 이하여야 합니다",
            "has to be named with a-z, 0-9 and underscore, a letter first, up to 40 characters",
        ],
    ),
    fault(
        "not_a_share",
        [
            "0에서 1 사이, 소수점 이하 넷째 자리까지의 비율이어야 합니다",
            "has to be a share from 0 to 1 with at most four decimal places",
        ],
    ),
    fault(
        "program_or_fund",
        [
            "사업과 기금 중 하나만 쓸 수 있습니다",
            "cannot hold both program and fund",
        ],
    ),
];
