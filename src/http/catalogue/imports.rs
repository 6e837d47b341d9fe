//! Imports: what does not go on with them, and what is wrong with their rows beside their values.

use super::{Fault, Row, fault, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "duplicate_file",
        409,
        ["이미 받은 파일", "The file was received already"],
        [
            "같은 파일이 {id}(으)로 이미 등록되어 있습니다. 다시 등록하려면 먼저 그 가져오기를 \
             취소하거나 되돌리십시오.",
            "The same file stands as import {id}. Cancel or undo that one first to send it again.",
        ],
    ),
    row(
        "invalid_import_state",
        409,
        ["지금은 할 수 없음", "Not in this state"],
        [
            "가져오기가 {state} 상태여서 할 수 없습니다.",
            "The import is {state}, which does not allow it.",
        ],
    ),
    row(
        "not_importer",
        403,
        ["보낸 사람이 아님", "Not the sender"],
        [
            "파일을 보낸 사람만 이어서 처리할 수 있습니다.",
            "Only whoever sent the file goes on with it.",
        ],
    ),
    row(
        "import_has_faults",
        409,
        ["잘못된 행이 있음", "Rows are wrong"],
        [
            "{faulty}개 행이 잘못되어 전부(all) 등록할 수 없습니다. 고쳐서 다시 보내거나 올바른 행만\
             (good) 등록하십시오.",
            "{faulty} rows are wrong, so all of them cannot be recorded. Correct and send them \
             again, or record the good ones.",
        ],
    ),
    row(
        "control_totals_differ",
        409,
        ["합계 불일치", "Control totals differ"],
        [
            "보낸 쪽이 밝힌 합계와 파일의 합계가 다릅니다. faults를 보십시오.",
            "What was declared of the file is not what is in it: see its faults.",
        ],
    ),
    row(
        "warnings_not_acknowledged",
        409,
        ["확인하지 않은 주의", "Warnings not acknowledged"],
        [
            "먼저 확인해야 할 주의가 있습니다: {warnings}. acknowledged_warnings에 적어 주십시오.",
            "There are warnings to be read first: {warnings}. Name them in acknowledged_warnings.",
        ],
    ),
    row(
        "import_decided",
        409,
        ["이미 처리된 건이 있음", "Somebody decided on it"],
        [
            "{decided}건이 이미 승인되었거나 취소되어 전체를 되돌릴 수 없습니다.",
            "{decided} of its records were approved or cancelled since, so it cannot be undone whole.",
        ],
    ),
    row(
        "import_not_undoable",
        409,
        ["되돌릴 수 없는 종류", "Cannot be undone"],
        [
            "수혜자와 이체 결과는 되돌릴 수 없습니다. 이체는 반송이나 반납으로 바로잡으십시오.",
            "People and payment results cannot be undone. Book returns or refunds instead.",
        ],
    ),
    row(
        "rows_erased",
        409,
        ["행이 지워짐", "The rows are erased"],
        [
            "끝난 가져오기의 원본 행은 지워졌습니다.",
            "The rows of an import of which nothing stands are erased.",
        ],
    ),
];

pub(super) const FAULTS: &[Fault] = &[
    fault("no_rows", ["행이 없습니다", "has no rows"]),
    fault(
        "repeated_row",
        [
            "{row}행과 같은 행이어서 다시 기록하지 않습니다",
            "is the same as row {row}, and changes nothing",
        ],
    ),
    fault(
        "repeated_external_id",
        [
            "{row}행과 같은 외부번호입니다",
            "is the external id of row {row} as well",
        ],
    ),
    fault(
        "repeated_beneficiary",
        [
            "{row}행과 같은 사람입니다. 한 번만 지급하는 회차 또는 사업입니다",
            "is the same as in row {row}, and is recorded once",
        ],
    ),
    fault(
        "likely_second_payment",
        [
            "같은 사람에게 {days}일 안에 같은 금액이 또 지급되는 것으로 보입니다",
            "is paid to the same person a second time within {days} days, it seems",
        ],
    ),
    fault(
        "control_total_differs",
        [
            "밝힌 값은 {declared}, 파일의 값은 {found}입니다",
            "is declared as {declared}, and comes to {found}",
        ],
    ),
    fault(
        "unknown_external_id",
        [
            "그 외부번호의 기록이 없습니다",
            "is no external id of a live record",
        ],
    ),
    fault(
        "ambiguous_external_id",
        [
            "여러 사업에 있는 외부번호입니다. 사업을 함께 적으십시오",
            "is an external id in several programs: name the program",
        ],
    ),
    fault(
        "failure_code_required",
        [
            "불능이면 불능코드나 불능사유가 필요합니다",
            "is needed for a payment that came back, or its reason",
        ],
    ),
    fault(
        "not_a_mapping",
        [
            "제목과 항목의 JSON 객체여야 합니다",
            "must be a JSON object of texts",
        ],
    ),
];
