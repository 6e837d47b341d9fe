//! What can be wrong with a file of rows: the file, its header, a row, a value as it was written.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "file_not_read",
        ["파일을 읽지 못했습니다", "could not be read"],
    ),
    fault(
        "file_too_large",
        [
            "파일이 너무 큽니다. {most}바이트까지 받습니다",
            "is too large: at most {most} bytes",
        ],
    ),
    fault(
        "not_a_table",
        [
            "표가 아닙니다. CSV, XLSX, NDJSON을 받습니다",
            "is not a table: CSV, XLSX and NDJSON are taken",
        ],
    ),
    fault(
        "old_or_locked_workbook",
        [
            "옛 형식(.xls)이거나 암호가 걸린 통합 문서입니다. 암호 없는 .xlsx로 저장해 주십시오",
            "is an old workbook (.xls) or one with a password: save it as .xlsx without one",
        ],
    ),
    fault(
        "encoding_unknown",
        [
            "{row}행 {column}번째 바이트가 UTF-8도 CP949도 아닙니다",
            "is neither UTF-8 nor CP949 in row {row}, at byte {column}",
        ],
    ),
    fault(
        "encoding_mixed",
        [
            "{row}행에서 인코딩이 달라집니다. 한 가지 인코딩으로 저장해 주십시오",
            "mixes encodings, seen in row {row}: save it in one",
        ],
    ),
    fault(
        "delimiter_unknown",
        [
            "열을 나누는 문자를 알 수 없습니다. 쉼표, 쌍반점, 탭 가운데 하나를 지정해 주십시오",
            "does not tell what divides its columns: name comma, semicolon or tab",
        ],
    ),
    fault(
        "quote_not_closed",
        [
            "{row}행에서 열린 따옴표가 닫히지 않았습니다",
            "has a quotation mark in row {row} that is never closed",
        ],
    ),
    fault(
        "quote_misplaced",
        [
            "{row}행 {column}열의 닫는 따옴표 뒤에 글자가 있습니다",
            "has text behind a closing quotation mark in row {row}, column {column}",
        ],
    ),
    fault(
        "header_missing",
        ["제목 행이 없습니다", "has no row of headers"],
    ),
    fault(
        "too_many_rows",
        ["{most}행까지 받습니다", "has more than {most} rows"],
    ),
    fault(
        "too_many_columns",
        [
            "{row}행 {column}열에 값이 있습니다. {most}열까지 받습니다",
            "has a value in row {row}, column {column}: at most {most} columns",
        ],
    ),
    fault(
        "cell_too_long",
        [
            "{row}행 {column}열의 값이 너무 깁니다. {most}바이트까지 받습니다",
            "has a cell that is too long in row {row}, column {column}: at most {most} bytes",
        ],
    ),
    fault(
        "line_too_long",
        [
            "{row}행이 너무 깁니다. {most}바이트까지 받습니다",
            "has a row that is too long, row {row}: at most {most} bytes",
        ],
    ),
    fault(
        "zip_bomb",
        [
            "압축을 풀면 너무 커지는 파일입니다",
            "would become too large when unpacked",
        ],
    ),
    fault(
        "too_many_parts",
        [
            "통합 문서 안의 파일이 {most}개를 넘습니다",
            "has more than {most} files inside",
        ],
    ),
    fault(
        "too_much_shared_text",
        [
            "통합 문서의 글자가 너무 많습니다. 파일을 나누거나 CSV로 보내 주십시오",
            "has too much text for a workbook: split it or send CSV",
        ],
    ),
    fault(
        "broken_workbook",
        [
            "통합 문서를 읽을 수 없습니다. 다시 저장해 주십시오",
            "is a broken workbook: save it again",
        ],
    ),
    fault(
        "sheet_missing",
        ["그 이름의 시트가 없습니다", "has no sheet of that name"],
    ),
    fault(
        "value_without_header",
        [
            "제목이 없는 열에 값이 있습니다",
            "stands in a column that has no header",
        ],
    ),
    fault(
        "error_cell",
        ["수식의 오류 값입니다", "is an error that a formula came to"],
    ),
    fault(
        "not_an_object",
        [
            "JSON 객체가 아닌 줄입니다",
            "is a line that is no JSON object",
        ],
    ),
    fault(
        "nested_value",
        [
            "목록이나 두 겹 넘는 객체는 담을 수 없습니다",
            "cannot hold lists, nor objects within objects within objects",
        ],
    ),
    fault(
        "duplicate_header",
        [
            "{column}열의 제목 '{header}'이(가) {first}열에도 있습니다",
            "has the header '{header}' in column {column} and in column {first}",
        ],
    ),
    fault(
        "duplicate_column",
        [
            "{column}열 '{header}'과(와) '{other}'이(가) 같은 항목을 뜻합니다",
            "has '{header}' in column {column}, which means the same as '{other}'",
        ],
    ),
    fault(
        "missing_column",
        [
            "'{ko}'({en}) 열이 필요합니다",
            "needs a column '{en}' ({ko})",
        ],
    ),
    fault(
        "unknown_mapping",
        [
            "제목 '{header}'을(를) '{field}'(으)로 읽을 수 없습니다: 제목이나 항목이 없습니다",
            "cannot take '{header}' for '{field}': no such header, or no such field",
        ],
    ),
    fault(
        "unknown_default",
        [
            "기본값을 줄 항목 '{field}'이(가) 없습니다",
            "has no field '{field}' to give a default to",
        ],
    ),
    fault(
        "ambiguous_number",
        [
            "여러 가지로 읽히는 수입니다. 300000 또는 300,000처럼 써 주십시오",
            "may mean several numbers: write it as 300000 or 300,000",
        ],
    ),
    fault(
        "ambiguous_day",
        [
            "여러 가지로 읽히는 날짜입니다. 2022-11-03처럼 연도 네 자리부터 써 주십시오",
            "may mean several days: write it as 2022-11-03",
        ],
    ),
    fault(
        "ambiguous_region",
        [
            "여러 지역이 쓰는 이름입니다: {candidates}",
            "is the name of several regions: {candidates}",
        ],
    ),
    fault(
        "region_split",
        [
            "여러 지역으로 나뉘어 어느 쪽인지 알 수 없습니다: {candidates}",
            "was divided, and nobody can tell which it is: {candidates}",
        ],
    ),
];
