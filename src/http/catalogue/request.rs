//! Requests that are not well formed, and answers that cannot be given.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "bad_request",
        400,
        ["요청을 이해할 수 없음", "The request cannot be understood"],
        [
            "HTTP 요청의 형식이 잘못되었습니다.",
            "The HTTP request is malformed.",
        ],
    ),
    row(
        "bad_json",
        400,
        ["JSON이 아님", "The body is not JSON"],
        [
            "{line}번째 줄 {column}번째 글자에서 JSON 문법에 맞지 않습니다. UTF-8 JSON이어야 \
             합니다.",
            "Line {line}, column {column} is not valid JSON in UTF-8.",
        ],
    ),
    row(
        "body_incomplete",
        400,
        ["본문이 끊김", "The body broke off"],
        [
            "본문이 끝까지 도착하지 않았습니다.",
            "The body did not arrive to its end.",
        ],
    ),
    row(
        "not_a_form",
        400,
        ["양식이 아님", "The body is no form"],
        [
            "본문이 multipart/form-data 형식(RFC 7578)에 맞지 않습니다.",
            "The body is not multipart/form-data (RFC 7578).",
        ],
    ),
    row(
        "body_too_slow",
        408,
        ["본문이 너무 느림", "The body came too slowly"],
        [
            "본문이 정해진 시간 안에 도착하지 않았습니다.",
            "The body did not arrive within its time.",
        ],
    ),
    row(
        "body_too_large",
        413,
        ["본문이 너무 큼", "The body is too large"],
        [
            "본문은 {limit}바이트를 넘을 수 없습니다.",
            "A body has at most {limit} bytes.",
        ],
    ),
    row(
        "too_many_values",
        413,
        ["본문에 값이 너무 많음", "The body holds too many values"],
        [
            "JSON 본문에 담긴 값이 너무 많습니다. 여러 요청으로 나누십시오.",
            "The JSON body holds too many values; split it over several requests.",
        ],
    ),
    row(
        "unsupported_media_type",
        415,
        ["지원하지 않는 형식", "The media type is not supported"],
        [
            "Content-Type은 {accepted}이어야 합니다.",
            "The Content-Type has to be {accepted}.",
        ],
    ),
    row(
        "content_encoding_refused",
        415,
        ["압축된 본문은 받지 않음", "Encoded bodies are not taken"],
        [
            "본문을 Content-Encoding 없이 보내십시오.",
            "Send the body without a Content-Encoding.",
        ],
    ),
    row(
        "invalid_fields",
        422,
        ["잘못된 항목이 있음", "Fields are wrong"],
        [
            "errors에 적힌 항목을 모두 고치십시오.",
            "Correct every field that is listed in errors.",
        ],
    ),
    row(
        "batch_refused",
        409,
        ["일괄 처리가 거부됨", "The batch is refused"],
        [
            "아무것도 기록되지 않았습니다. errors에 적힌 항목을 고치거나 빼고 다시 보내십시오. 나머지만 \
             처리하려면 mode를 continue로 하십시오.",
            "Nothing was written. Correct the items that are listed in errors or leave them out; \
             with mode continue the others are written.",
        ],
    ),
    row(
        "batch_too_large",
        409,
        [
            "한 번에 처리할 수 있는 건수를 넘음",
            "Too many for one batch",
        ],
        [
            "한 번에 {most}건까지 처리할 수 있습니다. 기간이나 차수로 나누십시오.",
            "A batch takes at most {most}; narrow it by round or by days.",
        ],
    ),
    row(
        "declared_differs",
        409,
        ["신고한 합계와 다름", "The declared totals differ"],
        [
            "신고는 {declared_count}건 {declared_amount}원이지만 장부는 {count}건 {amount}원입니다. \
             아무것도 처리하지 않았습니다.",
            "{declared_count} over {declared_amount} won were declared; the books have {count} over \
             {amount} won. Nothing was done.",
        ],
    ),
    row(
        "declared_people_differ",
        409,
        ["신고한 인원과 다름", "The declared people differ"],
        [
            "신고는 {declared_people}명이지만 장부는 {people}명입니다. 아무것도 처리하지 않았습니다.",
            "{declared_people} people were declared; the books have {people}. Nothing was done.",
        ],
    ),
    row(
        "idempotency_key_missing",
        400,
        ["Idempotency-Key 누락", "The Idempotency-Key is missing"],
        [
            "기록하는 POST에는 Idempotency-Key 헤더가 필요합니다. 새 작업마다 새 값을, \
             재시도에는 같은 값을 보내십시오.",
            "A POST that records something needs an Idempotency-Key: a new one for each new \
             thing, the same one for a retry.",
        ],
    ),
    row(
        "idempotency_key_malformed",
        400,
        [
            "Idempotency-Key 형식 오류",
            "The Idempotency-Key is malformed",
        ],
        [
            "Idempotency-Key는 눈에 보이는 ASCII 문자 1–255자이며, 따옴표로 묶을 수 있습니다.",
            "An Idempotency-Key is 1 to 255 visible ASCII characters, in quotes or bare.",
        ],
    ),
    row(
        "idempotency_key_reused",
        422,
        [
            "다른 요청에 쓴 Idempotency-Key",
            "The Idempotency-Key was used for something else",
        ],
        [
            "이 키는 다른 작업이나 다른 본문에 이미 쓰였습니다. 새 키를 보내십시오.",
            "This key was used with another operation or body; send a new one.",
        ],
    ),
    row(
        "idempotency_in_progress",
        409,
        [
            "첫 요청이 아직 처리 중",
            "The first request is still running",
        ],
        [
            "같은 키의 첫 요청이 아직 처리 중입니다. 잠시 뒤 다시 보내십시오.",
            "The first request with this key is still running; try again in a moment.",
        ],
    ),
    row(
        "if_match_missing",
        428,
        ["If-Match 누락", "If-Match is missing"],
        [
            "변경하려면 읽은 ETag를 If-Match 헤더로 보내야 합니다.",
            "A change needs the ETag that was read, as If-Match.",
        ],
    ),
    row(
        "if_match_malformed",
        400,
        ["If-Match 형식 오류", "If-Match is malformed"],
        [
            "If-Match는 읽은 ETag 하나를 그대로, 예를 들면 \"3\"으로 보내야 합니다.",
            "If-Match has to be the one ETag that was read, such as \"3\".",
        ],
    ),
    row(
        "stale_etag",
        412,
        ["그 사이에 변경됨", "It was changed in the meantime"],
        [
            "읽은 뒤에 변경되었습니다. 다시 읽고 다시 시도하십시오.",
            "It was changed since it was read; read it again and try again.",
        ],
    ),
    row(
        "not_found",
        404,
        ["찾을 수 없음", "Not found"],
        [
            "이 주소에는 아무것도 없습니다.",
            "There is nothing at this address.",
        ],
    ),
    row(
        "method_not_allowed",
        405,
        ["허용되지 않는 메서드", "The method is not allowed"],
        [
            "이 주소는 {allow}만 받습니다.",
            "This address takes {allow}.",
        ],
    ),
    row(
        "busy",
        503,
        ["처리할 요청이 너무 많음", "Too much is going on"],
        [
            "아무것도 기록되지 않았습니다. 잠시 뒤 다시 시도하십시오.",
            "Nothing was written; try again in a moment.",
        ],
    ),
    row(
        "stopping",
        503,
        ["서버가 종료되는 중", "The server is stopping"],
        [
            "아무것도 기록되지 않았습니다. 잠시 뒤 다시 시도하십시오.",
            "Nothing was written; try again in a moment.",
        ],
    ),
    row(
        "database_out_of_reach",
        503,
        [
            "데이터베이스에 연결할 수 없음",
            "The database is out of reach",
        ],
        [
            "아무것도 기록되지 않았습니다. 잠시 뒤 다시 시도하십시오.",
            "Nothing was written; try again in a moment.",
        ],
    ),
    row(
        "outcome_unknown",
        503,
        ["결과를 알 수 없음", "The outcome is not known"],
        [
            "기록되었는지 확인하지 못했습니다. 같은 Idempotency-Key로 다시 보내면 알 수 \
             있습니다.",
            "Whether it was written is not known; send it again with the same Idempotency-Key.",
        ],
    ),
    row(
        "clock_jumped",
        503,
        ["서버 시계 이상", "The server's clock cannot be trusted"],
        [
            "서버 시계가 하루 넘게 바뀌어 다시 시작할 때까지 기록하지 않습니다.",
            "The server's clock moved by more than a day; nothing is recorded until a restart.",
        ],
    ),
    row(
        "internal",
        500,
        ["서버 오류", "An error of the server"],
        [
            "서버에서 오류가 났습니다. X-Request-Id와 함께 운영자에게 알려 주십시오.",
            "Something went wrong in the server; tell the operator the X-Request-Id.",
        ],
    ),
];
