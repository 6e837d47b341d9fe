//! What auditors look through: the log of events, the history of a record, and who tried what.

use super::{Table, table};
use crate::exports::column::{count, day, fields, instant, text, yes_no};

/// Events of all books.
pub const EVENTS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("book", "장부"),
        count("sequence", "순번"),
        text("kind", "사건"),
        text("subject", "대상"),
        text("actor", "처리자"),
        text("request_id", "요청번호"),
        day("effective_on", "기준일"),
        instant("recorded_at", "기록일시"),
        fields("command", "요청 내용"),
        text("leaf", "해시"),
    ],
)];

/// Everything that touched a record.
pub const HISTORY: &[Table] = &[table(
    "records",
    &[],
    &[
        count("number", "번호"),
        text("kind", "사건"),
        text("subject", "대상"),
        text("actor", "처리자"),
        day("effective_on", "기준일"),
        instant("recorded_at", "기록일시"),
        text("request_id", "요청번호"),
        text("book", "장부"),
        count("sequence", "순번"),
        fields("command", "요청 내용"),
        text("leaf", "해시"),
    ],
)];

/// Sign-ins and refused requests, counted by the minute.
pub const ACCESS_EVENTS: &[Table] = &[table(
    "records",
    &[],
    &[
        text("kind", "구분"),
        text("account", "계정"),
        yes_no("known", "등록된 계정"),
        text("source", "접속지"),
        text("operation", "기능"),
        count("status", "응답 상태"),
        text("code", "사유 코드"),
        count("times", "횟수"),
        instant("first_at", "처음"),
        instant("last_at", "마지막"),
        text("last_request_id", "마지막 요청번호"),
    ],
)];
