//! Beneficiaries, and amendments of records: what each caller sees of them.

use super::{Table, table};
use crate::exports::column::{count, day, fields, instant, many, text, yes_no};

/// Beneficiaries.
pub const BENEFICIARIES: &[Table] = &[table(
    "records",
    &[],
    &[
        text("id", "수혜자 ID"),
        text("kind", "수혜자 유형"),
        text("program", "사업"),
        text("region", "지역").at("/region/code"),
        text("region_name", "지역 명칭").at("/region/name/ko"),
        text("registration_number", "사업자등록번호").at("/details/registration_number"),
        text("reference", "식별번호").at("/details/reference"),
        text("name", "이름").at("/details/name"),
        yes_no("masked", "가림").at("/details/masked"),
        text("merged_into", "통합 대상"),
        many("merged", "통합된 수혜자"),
        text("merge_status", "통합 상태").at("/merge/status"),
        instant("recorded_at", "등록일시"),
    ],
)];

/// Amendments of a record.
pub const AMENDMENTS: &[Table] = &[table(
    "records",
    &[],
    &[
        count("number", "순번"),
        text("status", "상태"),
        text("reason_class", "사유구분"),
        text("reason", "사유"),
        text("region_before", "지역 전").at("/before/region/code"),
        text("region_after", "지역 후").at("/after/region/code"),
        text("purpose_before", "용도 전").at("/before/purpose"),
        text("purpose_after", "용도 후").at("/after/purpose"),
        text("voucher_number_before", "전표번호 전").at("/before/voucher_number"),
        text("voucher_number_after", "전표번호 후").at("/after/voucher_number"),
        text("approval_document_before", "품의번호 전").at("/before/approval_document"),
        text("approval_document_after", "품의번호 후").at("/after/approval_document"),
        fields("attributes_before", "속성 전").at("/before/attributes"),
        fields("attributes_after", "속성 후").at("/after/attributes"),
        yes_no("renames", "이름 변경"),
        yes_no("masked", "가림").at("/names/masked"),
        text("name_before", "이름 전").at("/names/before"),
        text("name_after", "이름 후").at("/names/after"),
        day("effective_on", "기준일"),
        text("proposed_by", "제안자"),
        instant("proposed_at", "제안일시"),
        text("decided_by", "결정자"),
        instant("decided_at", "결정일시"),
        text("decision_reason", "결정 사유"),
    ],
)];
