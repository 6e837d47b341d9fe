//! Columns of what is neither payment nor sale: money paid in, people, amendments, bank results.

use super::records::{AMOUNT, LABEL, NOTE, PROGRAM};
use super::terms::{AMENDED, AMENDMENT_CLASSES, PAYEE_KINDS, RESULTS};
use super::{Column, Holds};

/// Characters of the id of a record.
const ID: usize = 40;

pub(super) const CONTRIBUTIONS: &[Column] = &[
    Column::new("fund", "/fund", "기금", Holds::Code)
        .also(&["기금코드"])
        .required()
        .note(
            "돈이 들어온 기금의 코드",
            "The code of the fund that was paid into",
        )
        .example("co-prosperity"),
    AMOUNT,
    Column::new("effective_on", "/effective_on", "출연일", Holds::Day)
        .also(&["입금일", "기준일", "납입일"])
        .note("들어온 날. 비우면 오늘", "When; today if empty")
        .example("2022-04-01"),
    Column::new("from", "/from", "출연자", Holds::Text(LABEL))
        .also(&["출연기관", "입금자", "납입자"])
        .required()
        .note("누가 낸 돈인지", "From whom")
        .example("카카오"),
];

pub(super) const BENEFICIARIES: &[Column] = &[
    Column::new("kind", "/kind", "수혜자 유형", Holds::OneOf(PAYEE_KINDS))
        .also(&["대상", "대상유형", "유형", "수혜자구분"])
        .required()
        .note("집단이 아닌 유형", "What sort of beneficiary; not a group")
        .example("종사자"),
    Column::new(
        "registration_number",
        "/registration_number",
        "사업자등록번호",
        Holds::RegistrationNumber,
    )
    .also(&["사업자번호", "등록번호"])
    .note(
        "10자리. 식별번호와 둘 중 하나",
        "Ten digits; either this or the reference",
    )
    .example("101-11-00013"),
    Column::new("reference", "/reference", "식별번호", Holds::Text(LABEL))
        .also(&["참조번호", "수혜자번호", "회원번호"])
        .note(
            "사업 안에서 쓰는 번호. 사업을 함께 적습니다",
            "The program's own mark; needs the program",
        )
        .example("DRV-20831"),
    Column {
        required: false,
        ..PROGRAM
    },
    Column::new("name", "/name", "이름", Holds::Text(LABEL))
        .also(&["성명", "상호", "상호명", "수혜자명"])
        .note("이름 (암호화해 보관)", "The name (kept encrypted)")
        .example("홍길동"),
    Column::new("region", "/region", "지역", Holds::Region)
        .also(&["주소지", "시도", "시군구", "지역코드", "소재지"])
        .note("코드 또는 이름", "A code or a name")
        .example("서울특별시 종로구"),
];

pub(super) const AMENDMENTS: &[Column] = &[
    Column::new("record", "/record", "대상", Holds::OneOf(AMENDED))
        .also(&["기록종류", "record kind"])
        .required()
        .note("집행 또는 기부", "A disbursement or a donation")
        .example("집행"),
    Column::new("id", "/id", "기록번호", Holds::Text(ID))
        .also(&["레코드번호", "record id"])
        .note(
            "고칠 기록의 번호. 외부번호와 둘 중 하나",
            "The id of the record; either this or the external id",
        )
        .example("01931c2e-7f00-7000-8000-000000000000"),
    Column::new(
        "external_id",
        "/external_id",
        "외부번호",
        Holds::Text(LABEL),
    )
    .also(&["관리번호", "외부ID", "고유번호"])
    .note(
        "고칠 기록의 외부번호. 사업을 함께 적습니다",
        "Its external id; needs the program",
    )
    .example("SM-2022-000001"),
    Column {
        required: false,
        ..PROGRAM
    },
    Column::new("region", "/region", "지역", Holds::Region)
        .also(&["지역코드"])
        .note("새 지역 (집행)", "The new region (disbursements)")
        .example("서울특별시 종로구"),
    Column::new("purpose", "/purpose", "용도", Holds::Text(NOTE))
        .note("새 용도", "The new purpose")
        .example("수해 복구"),
    Column::new(
        "voucher_number",
        "/voucher_number",
        "전표번호",
        Holds::Text(LABEL),
    )
    .note(
        "새 전표번호 (집행)",
        "The new voucher number (disbursements)",
    )
    .example("V-10293"),
    Column::new("name", "/name", "이름", Holds::Text(LABEL))
        .also(&["성명", "상호"])
        .note("새 이름 (집행)", "The new name (disbursements)")
        .example("상생상회"),
    Column::new(
        "approval_document",
        "/approval_document",
        "품의번호",
        Holds::Text(LABEL),
    )
    .note(
        "새 품의번호 (기부)",
        "The new approval document (donations)",
    )
    .example("APP-2022-91"),
    Column::new(
        "reason_class",
        "/reason_class",
        "사유구분",
        Holds::OneOf(AMENDMENT_CLASSES),
    )
    .also(&["정정구분"])
    .required()
    .note(
        "정정, 재분류 또는 변경",
        "Correction, reclassification or update",
    )
    .example("정정"),
    Column::new("reason", "/reason", "사유", Holds::Text(NOTE))
        .also(&["정정사유"])
        .required()
        .note("왜 고치는지", "Why")
        .example("주소 오기 정정"),
    Column::new("effective_on", "/effective_on", "기준일", Holds::Day)
        .note(
            "언제부터. 비우면 승인일",
            "From when on; the day of the approval if empty",
        )
        .example("2022-11-03"),
];

pub(super) const PAYMENT_RESULTS: &[Column] = &[
    Column::new(
        "external_id",
        "/external_id",
        "외부번호",
        Holds::Text(LABEL),
    )
    .also(&["관리번호", "외부ID", "고유번호", "고객번호", "업체사용번호"])
    .note(
        "지급한 기록의 외부번호. 기록번호와 둘 중 하나",
        "The record's external id, or its id",
    )
    .example("SM-2022-000001"),
    Column::new("id", "/id", "기록번호", Holds::Text(ID))
        .also(&["레코드번호", "record id"])
        .note("지급한 기록의 번호", "The id of the record")
        .example("01931c2e-7f00-7000-8000-000000000000"),
    Column {
        required: false,
        ..PROGRAM
    },
    Column::new("paid_on", "/paid_on", "이체일", Holds::Day)
        .also(&[
            "이체일자",
            "지급일",
            "처리일",
            "처리일자",
            "거래일",
            "거래일시",
            "이체일시",
        ])
        .required()
        .note("은행이 처리한 날", "The day on which the bank did it")
        .example("2022-11-03"),
    Column::new("result", "/result", "처리결과", Holds::OneOf(RESULTS))
        .also(&["결과", "이체결과", "처리상태", "상태"])
        .required()
        .note("정상 또는 불능", "Paid or returned")
        .example("정상"),
    Column {
        required: false,
        ..AMOUNT
    },
    Column::new(
        "failure_code",
        "/failure_code",
        "불능코드",
        Holds::Text(LABEL),
    )
    .also(&["오류코드", "불능사유코드", "실패코드", "error code"])
    .note(
        "불능일 때 은행의 코드",
        "The bank's code of why it came back",
    )
    .example("0415"),
    Column::new(
        "failure_reason",
        "/failure_reason",
        "불능사유",
        Holds::Text(NOTE),
    )
    .also(&["오류내용", "실패사유", "사유", "비고"])
    .note(
        "불능일 때 은행의 설명",
        "The bank's words for why it came back",
    )
    .example("계좌번호 오류"),
    Column::new(
        "bank_reference",
        "/bank_reference",
        "은행참조번호",
        Holds::Text(LABEL),
    )
    .also(&["거래번호", "참조번호", "이체번호", "거래고유번호"])
    .note("은행의 거래 번호", "The bank's own reference")
    .example("B20221103000123"),
];
