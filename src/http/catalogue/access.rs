//! Who somebody is, and what somebody may not do.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "not_signed_in",
        401,
        ["로그인 필요", "Not signed in"],
        [
            "유효한 접근 토큰을 Authorization: Bearer 헤더로 보내십시오.",
            "Send an access token that is valid as Authorization: Bearer.",
        ],
    ),
    row(
        "sign_in_refused",
        401,
        ["로그인 거부", "The sign-in is refused"],
        [
            "이메일, 비밀번호 또는 토큰이 올바르지 않습니다.",
            "The e-mail address, the password or the token is not right.",
        ],
    ),
    row(
        "too_many_attempts",
        429,
        ["시도가 너무 많음", "Too many tries"],
        [
            "틀린 시도가 너무 많았습니다. {seconds}초 뒤에 다시 시도하십시오.",
            "Too many tries were wrong. The next one may come in {seconds} s.",
        ],
    ),
    row(
        "missing_right",
        403,
        ["권한 없음", "The right is missing"],
        [
            "이 작업에 필요한 권한이 없습니다: {right}.",
            "This takes a right that you do not have: {right}.",
        ],
    ),
    row(
        "wrong_password",
        403,
        ["비밀번호 불일치", "The password is wrong"],
        [
            "현재 비밀번호가 올바르지 않습니다.",
            "That is not the current password.",
        ],
    ),
    row(
        "own_user",
        403,
        ["자기 자신은 변경할 수 없음", "Nobody changes themselves"],
        [
            "자신의 역할이나 상태는 다른 관리자가 변경해야 합니다.",
            "Another admin has to change your roles or status.",
        ],
    ),
    row(
        "roles_elsewhere",
        409,
        [
            "역할은 신원 제공자가 정함",
            "The identity provider says the roles",
        ],
        [
            "이 사용자의 역할은 신원 제공자에서 변경해야 합니다. 사용 중지는 여기서 할 수 있습니다.",
            "The roles of this user are changed at the identity provider. Disabling is done here.",
        ],
    ),
    row(
        "own_record",
        403,
        ["직접 기록한 건", "Your own record"],
        [
            "직접 기록하거나 고친 건은 승인, 반려, 취소, 지급, 반송, 반납 처리할 수 없습니다. \
             다른 담당자에게 요청해 주십시오.",
            "Whoever recorded or changed an entry never approves, sends back, cancels, pays \
             or refunds it. Ask a colleague.",
        ],
    ),
    row(
        "own_approval",
        403,
        ["직접 승인한 건", "Your own approval"],
        [
            "승인한 사람은 같은 건을 지급, 반송, 반납 처리할 수 없습니다. 다른 담당자에게 요청해 주십시오.",
            "Whoever approved an entry never pays it, nor books what comes back of it. Ask a colleague.",
        ],
    ),
    row(
        "same_approver",
        403,
        ["이미 승인한 사람", "You approved it already"],
        [
            "이 건은 서로 다른 두 사람의 승인이 필요하며, 첫 번째 승인을 이미 하셨습니다.",
            "Two different people have to approve this entry, and you were the first.",
        ],
    ),
    row(
        "second_person_needed",
        403,
        ["두 번째 사람의 승인 필요", "A second person has to agree"],
        [
            "한도({limit}원)를 늘리거나 없애는 일, 한도를 넘는 일은 혼자 할 수 없습니다. \
             /v1/proposals에 기안하면 다른 사람이 승인합니다.",
            "Nobody makes a limit of {limit} won looser alone, nor goes beyond it. Propose it at \
             /v1/proposals; somebody else approves it.",
        ],
    ),
    row(
        "not_recorder",
        403,
        ["기록한 사람이 아님", "Not the recorder"],
        [
            "회수는 처음 기록한 사람만 할 수 있습니다. 다른 사람은 반려를 사용해 주십시오.",
            "Only whoever recorded an entry withdraws it. Others send it back.",
        ],
    ),
    row(
        "email_taken",
        409,
        ["이미 쓰는 이메일", "The e-mail address is taken"],
        [
            "다른 사용자({id})의 이메일입니다.",
            "User {id} has this e-mail address.",
        ],
    ),
    row(
        "user_disabled",
        409,
        ["사용 중지된 사용자", "The user is disabled"],
        ["사용이 중지된 사용자입니다.", "The user is disabled."],
    ),
    row(
        "partner_disabled",
        409,
        ["사용 중지된 파트너", "The partner is disabled"],
        [
            "파트너 {partner}의 사용이 중지되어 있습니다.",
            "Partner {partner} is disabled.",
        ],
    ),
    row(
        "invalid_client",
        401,
        ["클라이언트 인증 실패", "The client is not accepted"],
        [
            "클라이언트 또는 비밀이 올바르지 않습니다. HTTP Basic으로 보내십시오.",
            "Client or secret is not right. Send both as HTTP Basic.",
        ],
    ),
    row(
        "invalid_request",
        400,
        ["잘못된 토큰 요청", "The token request is not right"],
        [
            "grant_type이 한 번 있는 폼을 보내고, 비밀은 본문에 넣지 마십시오.",
            "Send a form with one grant_type, and no secret in it.",
        ],
    ),
    row(
        "unsupported_grant_type",
        400,
        ["지원하지 않는 방식", "The grant type is not supported"],
        [
            "grant_type은 client_credentials만 지원합니다.",
            "The only grant_type is client_credentials.",
        ],
    ),
    row(
        "invalid_scope",
        400,
        ["허용되지 않은 범위", "The scope is not granted"],
        [
            "요청한 범위가 이 클라이언트에 허용되어 있지 않습니다.",
            "The client was not granted what it asks for.",
        ],
    ),
];
