//! Columns of what is recorded: disbursements, donations, sales, measurements.

use super::terms::{FORMS, NATURES, PAYEE_KINDS, RECIPIENT_ROLES};
use super::{Column, Holds};

/// Characters of a short name, of a note, and of the name of a tier: as the API has them.
pub(super) const LABEL: usize = 100;
pub(super) const NOTE: usize = 500;
const GRADE: usize = 40;

pub(super) const PROGRAM: Column = Column::new("program", "/program", "사업", Holds::Code)
    .also(&["사업코드", "사업명", "프로그램", "program code"])
    .required()
    .note("사업의 코드", "The code of the program")
    .example("sosin-merchants");
const FUND: Column = Column::new("fund", "/fund", "기금", Holds::Code)
    .also(&["기금코드", "재원", "fund code"])
    .note(
        "기금의 코드. 사업의 기금이 하나이면 비워 둡니다",
        "The code of the fund; left empty where the program has one only",
    )
    .example("co-prosperity");
const FISCAL_YEAR: Column = Column::new(
    "fiscal_year",
    "/fiscal_year",
    "회계연도",
    Holds::Whole(1900, 2199),
)
.also(&["연도", "년도", "예산연도", "year"])
.note("예산의 연도", "The year of the budget")
.example("2022");
const FORM: Column = Column::new("form", "/form", "형태", Holds::OneOf(FORMS))
    .also(&["지급형태", "지급방식", "구분"])
    .required()
    .note("현금 또는 현물", "Cash or in kind")
    .example("현금");
pub(super) const AMOUNT: Column = Column::new("amount", "/amount", "금액", Holds::Amount)
    .also(&[
        "지급액",
        "지급금액",
        "지원금액",
        "지원금",
        "집행액",
        "기부금액",
        "출연금액",
        "판매금액",
        "매출액",
        "이체금액",
    ])
    .required()
    .note(
        "원 단위 정수: 300,000 · 30만 · 3억 5천만",
        "Whole won: 300,000",
    )
    .example("300000");
const COST: Column = Column::new("cost", "/values/cost", "원가", Holds::Cost)
    .note("현물의 원가", "What a gift in kind cost the giver")
    .example("250000");
const LIST: Column = Column::new("list", "/values/list", "정가", Holds::Amount)
    .also(&["판매가", "list price"])
    .note("현물의 정가", "The list price of a gift in kind")
    .example("300000");
const FAIR: Column = Column::new("fair", "/values/fair", "공정가치", Holds::Amount)
    .also(&["시가", "fair value"])
    .note("현물의 공정가치", "The fair value of a gift in kind")
    .example("280000");
const PLANNED_ON: Column = Column::new("planned_on", "/planned_on", "지급예정일", Holds::Day)
    .also(&["지급일", "예정일", "지급일자", "기부일", "기부예정일"])
    .required()
    .note(
        "돈이 나갈 날: 2022-11-03",
        "The day of the payment: 2022-11-03",
    )
    .example("2022-11-03");
const EFFECTIVE_ON: Column = Column::new("effective_on", "/effective_on", "기준일", Holds::Day)
    .also(&["제출일", "신청일", "effective date"])
    .note(
        "제출한 날. 비우면 오늘",
        "The day of submission; today if empty",
    )
    .example("2022-11-01");
const PURPOSE: Column = Column::new("purpose", "/purpose", "용도", Holds::Text(NOTE))
    .also(&["적요", "지급사유", "사용용도", "내용"])
    .note("무엇에 쓰는 돈인지", "What it is for")
    .example("소상공인 광고 지원");
const EXTERNAL_ID: Column = Column::new(
    "external_id",
    "/external_id",
    "외부번호",
    Holds::Text(LABEL),
)
.also(&["관리번호", "외부ID", "고유번호", "신청번호", "id"])
.note(
    "보내는 곳의 고유 번호. 같은 번호는 한 번만 기록됩니다",
    "The sender's own id: recorded once",
)
.example("SM-2022-000001");
const BASIS: Column = Column::new("basis", "/basis", "근거", Holds::Text(NOTE))
    .also(&["근거자료", "출처"])
    .note("무엇에 근거한 값인지", "What it rests on")
    .example("정산서 2022-10");

pub(super) const DISBURSEMENTS: &[Column] = &[
    PROGRAM,
    FUND,
    FISCAL_YEAR,
    Column::new("round", "/round", "회차", Holds::Text(LABEL))
        .also(&["차수", "지급회차"])
        .note("지급 회차", "The round of payments")
        .example("2022-1"),
    Column::new(
        "kind",
        "/beneficiary/kind",
        "수혜자 유형",
        Holds::OneOf(PAYEE_KINDS),
    )
    .also(&["대상", "대상유형", "수혜자구분", "beneficiary kind"])
    .required()
    .note("받는 사람의 유형", "What sort of beneficiary")
    .example("소상공인"),
    Column::new(
        "registration_number",
        "/beneficiary/registration_number",
        "사업자등록번호",
        Holds::RegistrationNumber,
    )
    .also(&["사업자번호", "등록번호", "business number"])
    .note(
        "10자리, 검증 숫자를 확인합니다. 식별번호와 둘 중 하나",
        "Ten digits with a right check digit; either this or the reference",
    )
    .example("101-11-00013"),
    Column::new(
        "reference",
        "/beneficiary/reference",
        "식별번호",
        Holds::Text(LABEL),
    )
    .also(&["참조번호", "수혜자번호", "회원번호"])
    .note(
        "사업 안에서 쓰는 번호. 사업자등록번호와 둘 중 하나",
        "The program's own mark; either this or the registration number",
    )
    .example("DRV-20831"),
    Column::new("name", "/beneficiary/name", "이름", Holds::Text(LABEL))
        .also(&["성명", "상호", "상호명", "업체명", "수혜자명", "수혜자"])
        .note(
            "받는 사람의 이름 (암호화해 보관)",
            "The name (kept encrypted)",
        )
        .example("상생상회"),
    Column::new("region", "/beneficiary/region", "지역", Holds::Region)
        .also(&["주소지", "시도", "시군구", "지역코드", "소재지"])
        .note(
            "코드(11, 11110) 또는 이름(서울 강남구)",
            "A code (11, 11110) or a name",
        )
        .example("서울특별시 종로구"),
    Column::new(
        "count",
        "/beneficiary/count",
        "인원",
        Holds::Whole(1, 100_000_000),
    )
    .also(&["인원수", "명수", "수혜인원"])
    .note("집단일 때의 인원", "How many people a group has")
    .example("120"),
    FORM,
    AMOUNT,
    COST,
    LIST,
    FAIR,
    PLANNED_ON,
    EFFECTIVE_ON,
    PURPOSE,
    EXTERNAL_ID,
    Column::new(
        "voucher_number",
        "/voucher_number",
        "전표번호",
        Holds::Text(LABEL),
    )
    .also(&["회계전표", "voucher"])
    .note(
        "회계 전표의 번호",
        "The voucher in the company's own accounting",
    )
    .example("V-10293"),
    Column::new("tier", "/assessment/tier", "등급", Holds::Text(GRADE))
        .also(&["보상등급"])
        .note("보상의 등급", "The tier of a compensation")
        .example("A"),
    Column::new(
        "rule_version",
        "/assessment/rule_version",
        "기준버전",
        Holds::Text(GRADE),
    )
    .also(&["보상기준", "산정기준"])
    .note(
        "보상 기준의 판",
        "The version of the rules of a compensation",
    )
    .example("2022-12"),
    Column::new(
        "assessed_loss",
        "/assessment/assessed_loss",
        "산정손실액",
        Holds::Amount,
    )
    .also(&["손실액", "피해액"])
    .note("산정된 손실", "The loss that was assessed")
    .example("500000"),
];

pub(super) const DONATIONS: &[Column] = &[
    Column {
        required: false,
        ..PROGRAM
    },
    FUND,
    FISCAL_YEAR,
    Column::new("recipient", "/recipient", "기부처", Holds::Code)
        .also(&["기부기관", "기부단체", "단체코드", "수령기관", "기관코드"])
        .required()
        .note("받는 단체의 코드", "The code of the organisation")
        .example("hope-bridge"),
    Column::new(
        "recipient_role",
        "/recipient_role",
        "기부처 역할",
        Holds::OneOf(RECIPIENT_ROLES),
    )
    .also(&["역할", "기관역할"])
    .required()
    .note(
        "최종 수혜 또는 배분 기관",
        "The end of the money, or an intermediary",
    )
    .example("배분 기관"),
    Column::new("designated", "/designated", "지정", Holds::YesNo)
        .also(&["지정기부", "지정여부"])
        .required()
        .note(
            "용도를 지정한 기부인지: 예 또는 아니요",
            "Whether for a stated purpose: yes or no",
        )
        .example("예"),
    FORM,
    AMOUNT,
    COST,
    LIST,
    FAIR,
    PLANNED_ON,
    EFFECTIVE_ON,
    PURPOSE,
    Column::new(
        "approval_document",
        "/approval_document",
        "품의번호",
        Holds::Text(LABEL),
    )
    .also(&["결재문서", "품의서", "기안번호"])
    .note("승인한 문서의 번호", "The document that approved it")
    .example("APP-2022-91"),
    BASIS,
    EXTERNAL_ID,
];

pub(super) const SALES: &[Column] = &[
    PROGRAM,
    Column::new("product_code", "/product/code", "상품코드", Holds::Code)
        .also(&["품목코드"])
        .required()
        .note("상품의 코드", "The code of the product")
        .example("apple-5kg"),
    Column::new(
        "product_name",
        "/product/name",
        "상품명",
        Holds::Text(LABEL),
    )
    .also(&["품목", "품목명", "상품"])
    .required()
    .note("상품의 이름", "The name of the product")
    .example("사과 5kg"),
    Column::new(
        "registration_number",
        "/producer/registration_number",
        "사업자등록번호",
        Holds::RegistrationNumber,
    )
    .also(&["생산자 사업자번호", "사업자번호"])
    .note(
        "생산자의 사업자등록번호",
        "The registration number of the producer",
    )
    .example("101-11-00013"),
    Column::new(
        "reference",
        "/producer/reference",
        "식별번호",
        Holds::Text(LABEL),
    )
    .also(&["생산자번호", "농가번호"])
    .note(
        "사업 안에서 쓰는 생산자의 번호",
        "The program's own mark for the producer",
    )
    .example("FARM-0007"),
    Column::new("name", "/producer/name", "생산자", Holds::Text(LABEL))
        .also(&["생산자명", "농가명", "이름", "성명"])
        .note(
            "생산자의 이름 (암호화해 보관)",
            "The name of the producer (kept encrypted)",
        )
        .example("햇살농원"),
    Column::new(
        "producer_region",
        "/producer/region",
        "생산자 지역",
        Holds::Region,
    )
    .also(&["생산자주소"])
    .note("생산자의 지역", "Where the producer is")
    .example("경상북도 청송군"),
    Column::new("origin_region", "/origin_region", "산지", Holds::Region)
        .also(&["원산지", "생산지", "지역"])
        .note(
            "산지의 코드 또는 이름",
            "Where it comes from: a code or a name",
        )
        .example("경상북도 청송군"),
    Column::new("sold_on", "/sold_on", "판매일", Holds::Day)
        .also(&["판매일자", "주문일", "일자", "날짜"])
        .required()
        .note("팔린 날", "The day of the sale")
        .example("2022-11-03"),
    Column::new("quantity_kg", "/quantity_kg", "수량(kg)", Holds::Weight)
        .also(&["중량", "중량(kg)", "수량", "판매량", "판매량(kg)", "무게"])
        .required()
        .note(
            "킬로그램, 소수점 이하 셋째 자리까지",
            "Kilograms, up to three decimal places",
        )
        .example("125.5"),
    AMOUNT,
    Column::new(
        "orders",
        "/orders",
        "주문수",
        Holds::Whole(1, 1_000_000_000_000),
    )
    .also(&["주문건수", "건수"])
    .required()
    .note("주문의 수", "How many orders")
    .example("25"),
    EXTERNAL_ID,
    BASIS,
];

pub(super) const MEASUREMENTS: &[Column] = &[
    Column::new("indicator", "/indicator", "지표", Holds::Code)
        .also(&["지표코드"])
        .required()
        .note("지표의 코드", "The code of the indicator")
        .example("accessible-stations"),
    Column::new("period_start", "/period/start", "시작일", Holds::Day)
        .also(&["기간시작", "기간 시작일", "부터"])
        .required()
        .note("기간의 첫날", "The first day of the period")
        .example("2022-01-01"),
    Column::new("period_end", "/period/end", "종료일", Holds::Day)
        .also(&["기간종료", "기간 종료일", "까지"])
        .required()
        .note("기간의 마지막 날", "The last day of the period")
        .example("2022-09-30"),
    Column::new("value", "/value", "값", Holds::Quantity)
        .also(&["측정값", "수치", "실적"])
        .note("측정한 값", "The value")
        .example("212"),
    Column::new("numerator", "/numerator", "분자", Holds::Quantity)
        .note("비율의 분자", "The numerator of a ratio")
        .example("212"),
    Column::new("denominator", "/denominator", "분모", Holds::Quantity)
        .note("비율의 분모", "The denominator of a ratio")
        .example("300"),
    Column::new("nature", "/nature", "성격", Holds::OneOf(NATURES))
        .also(&["측정방식", "산출구분"])
        .required()
        .note("실측, 추정 또는 신고", "Measured, estimated or declared")
        .example("실측"),
    Column::new("method", "/method", "방법", Holds::Text(NOTE))
        .also(&["산출방법", "측정방법"])
        .note(
            "추정에는 방법이 필요합니다",
            "By which method; an estimate needs one",
        )
        .example("현장 조사"),
    Column::new("reason", "/reason", "사유", Holds::Text(NOTE))
        .also(&["감소사유"])
        .note(
            "누적값이 줄었다면 그 사유",
            "Why a running count has fallen",
        )
        .example("역 폐쇄"),
    BASIS,
    EXTERNAL_ID,
    EFFECTIVE_ON,
];
