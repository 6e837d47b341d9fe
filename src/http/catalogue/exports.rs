//! Exports: what is not to be had as a file, and why.

use super::{Fault, Row, fault, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "export_needs_job",
        409,
        ["바로 답하기에는 너무 김", "Too long to be answered at once"],
        [
            "{rows}행까지만 바로 답합니다. POST /v1/exports로 요청하십시오.",
            "At most {rows} rows are answered at once. Ask for it with POST /v1/exports.",
        ],
    ),
    row(
        "format_not_built",
        409,
        ["이 서버에 없는 형식", "A format that this server lacks"],
        [
            "이 서버는 {format} 형식 없이 빌드되었습니다. csv, ndjson, xlsx를 쓰십시오.",
            "This server was built without {format}. It has csv, ndjson and xlsx.",
        ],
    ),
    row(
        "too_many_exports",
        409,
        [
            "대기 중인 내보내기가 너무 많음",
            "Too many exports are waiting",
        ],
        [
            "한 사람이 {most}건까지 기다릴 수 있습니다. 끝난 뒤 다시 요청하십시오.",
            "One user may have {most} that wait. Ask again when some are done.",
        ],
    ),
    row(
        "export_not_ready",
        409,
        ["아직 준비되지 않음", "Not ready yet"],
        [
            "내보내기가 {state} 상태입니다. ready가 될 때까지 기다리십시오.",
            "The export is {state}. Wait until it is ready.",
        ],
    ),
    row(
        "export_over",
        409,
        ["파일이 없음", "There is no file any more"],
        [
            "내보내기가 {state} 상태여서 파일이 없습니다. 다시 요청하십시오.",
            "The export is {state}, so there is no file. Ask for it again.",
        ],
    ),
    row(
        "export_elsewhere",
        409,
        ["다른 서버에 있는 파일", "The file is on another server"],
        [
            "파일이 이 서버에 없습니다. 서버들이 spool_dir을 함께 쓰도록 하십시오.",
            "The file is not on this server. Have the servers share their spool_dir.",
        ],
    ),
    row(
        "export_shows_more",
        403,
        ["권한이 줄어듦", "Your rights have become fewer"],
        [
            "요청할 때보다 볼 수 있는 것이 줄어 파일을 받을 수 없습니다. 다시 요청하십시오.",
            "The file shows more than you may see by now. Ask for it again.",
        ],
    ),
    row(
        "export_refused",
        409,
        ["더는 볼 수 없음", "Not to be had any more"],
        [
            "요청한 뒤로 목록이 바뀌어 만들 수 없습니다. 다시 요청하십시오.",
            "The list cannot be had any more as it was asked for. Ask for it again.",
        ],
    ),
    row(
        "export_unread",
        503,
        ["장부를 읽지 못함", "The books could not be read"],
        [
            "여러 번 시도했으나 장부를 읽지 못했습니다. 나중에 다시 요청하십시오.",
            "The books could not be read in several attempts. Ask for it again later.",
        ],
    ),
    row(
        "export_unreadable",
        500,
        ["만들 수 없음", "Cannot be made"],
        [
            "파일을 만들 수 없습니다. 서버 기록에 이유가 있습니다.",
            "The file cannot be made. The server's log tells why.",
        ],
    ),
    row(
        "export_unwritten",
        500,
        ["쓸 수 없음", "Cannot be written"],
        [
            "파일을 쓸 수 없습니다. 서버의 디스크 공간을 확인하십시오.",
            "The file cannot be written. Look at the room on the server's disk.",
        ],
    ),
    row(
        "export_too_large",
        409,
        ["파일이 너무 큼", "The file is too large"],
        [
            "파일이 서버에 남은 자리보다 큽니다. 목록을 좁혀 다시 요청하십시오.",
            "The file is larger than the room that exports have. Narrow the list and ask again.",
        ],
    ),
    row(
        "export_too_many_rows",
        409,
        ["시트에 담을 수 없는 행 수", "More rows than a sheet holds"],
        [
            "시트는 1,048,575행까지 담습니다. csv, ndjson 또는 parquet으로 요청하십시오.",
            "A sheet holds 1,048,575 rows. Ask for csv, ndjson or parquet.",
        ],
    ),
];

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "not_exportable",
        [
            "내보낼 수 있는 목록이나 보고서의 주소가 아닙니다",
            "is not the address of a list or report that can be exported",
        ],
    ),
    fault(
        "unknown_table",
        [
            "있는 표가 아닙니다: {tables}",
            "is none of its tables: {tables}",
        ],
    ),
];
