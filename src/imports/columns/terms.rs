//! What choices are called in Korean.

use super::super::values::choice::Choice;

const fn choice(name: &'static str, ko: &'static str, also: &'static [&'static str]) -> Choice {
    Choice { name, ko, also }
}

/// What sort of beneficiary.
pub(super) const PAYEE_KINDS: &[Choice] = &[
    choice("merchant", "소상공인", &["상인", "점포", "가맹점"]),
    choice("worker", "종사자", &["노동자", "근로자", "기사", "라이더"]),
    choice("producer", "생산자", &["농가", "어가"]),
    choice("user", "이용자", &["사용자"]),
    choice("organisation", "단체", &["기관", "법인", "organization"]),
    choice("group", "집단", &["다수", "그룹"]),
];

/// In which form it is given.
pub(super) const FORMS: &[Choice] = &[
    choice("cash", "현금", &["금전"]),
    choice("in_kind", "현물", &["물품", "서비스"]),
];

/// Whom a donation reaches.
pub(super) const RECIPIENT_ROLES: &[Choice] = &[
    choice("end", "최종 수혜", &["최종", "직접"]),
    choice("intermediary", "배분 기관", &["중개", "모금기관", "배분"]),
];

/// How a value is known.
pub(super) const NATURES: &[Choice] = &[
    choice("measured", "실측", &["측정"]),
    choice("estimated", "추정", &["추산"]),
    choice("declared", "신고", &["자진신고", "제출"]),
];

/// Why a record is amended.
pub(super) const AMENDMENT_CLASSES: &[Choice] = &[
    choice("correction", "정정", &["오기"]),
    choice("reclassification", "재분류", &[]),
    choice("update", "변경", &[]),
];

/// Which records are amended.
pub(super) const AMENDED: &[Choice] = &[
    choice("disbursement", "집행", &["disbursements", "지급"]),
    choice("donation", "기부", &["donations"]),
];

/// What became of a payment.
pub(super) const RESULTS: &[Choice] = &[
    choice(
        "paid",
        "정상",
        &[
            "성공",
            "완료",
            "이체완료",
            "정상처리",
            "지급",
            "ok",
            "success",
            "00",
            "0000",
        ],
    ),
    choice(
        "returned",
        "불능",
        &[
            "실패",
            "오류",
            "반송",
            "이체불능",
            "불가",
            "fail",
            "failed",
            "error",
        ],
    ),
];
