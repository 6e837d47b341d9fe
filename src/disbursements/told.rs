//! A disbursement in the words of the log. The order of the fields is that of the text, and the text
//! is what events are hashed and approvals bound by: neither may change.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::model::{Assessment, Disbursement, Payee};
use crate::beneficiaries::model::{BeneficiaryId, PayeeKind};
use crate::code::Code;
use crate::ids::RecordId;
use crate::ledger::Form;
use crate::money::Amount;
use crate::payouts::model::Values;
use crate::regions::RegionCode;

/// Everything that may be changed while it waits, and what it is about. `P` says who is paid.
#[derive(Serialize)]
pub(super) struct Told<'a, P> {
    id: &'a RecordId,
    program: Option<&'a Code>,
    fund: Option<&'a Code>,
    fiscal_year: Option<i32>,
    round: Option<&'a str>,
    beneficiary: P,
    form: Form,
    amount: Amount,
    values: Values,
    planned_on: NaiveDate,
    effective_on: NaiveDate,
    purpose: Option<&'a str>,
    external_id: Option<&'a str>,
    voucher_number: Option<&'a str>,
    assessment: Option<&'a Assessment>,
    attributes: &'a BTreeMap<String, String>,
}

impl<'a, P> Told<'a, P> {
    /// A disbursement to `beneficiary`.
    pub(super) fn of(record: &'a Disbursement, beneficiary: P) -> Self {
        let payout = &record.payout;
        Self {
            id: &payout.id,
            program: payout.line.program.as_ref(),
            fund: payout.line.fund.as_ref(),
            fiscal_year: payout.line.fiscal_year,
            round: record.round.as_deref(),
            beneficiary,
            form: payout.form,
            amount: payout.amount,
            values: payout.values,
            planned_on: payout.planned_on,
            effective_on: payout.effective_on,
            purpose: payout.purpose.as_deref(),
            external_id: payout.external_id.as_deref(),
            voucher_number: record.voucher_number.as_deref(),
            assessment: record.assessment.as_ref(),
            attributes: &payout.attributes,
        }
    }
}

/// Who is paid.
#[derive(Serialize)]
pub(super) struct ToldPayee<'a> {
    id: Option<&'a BeneficiaryId>,
    kind: PayeeKind,
    count: Option<i64>,
    region: Option<RegionCode>,
}

impl<'a> ToldPayee<'a> {
    /// This payee.
    pub(super) fn of(payee: &'a Payee) -> Self {
        Self {
            id: payee.beneficiary.as_ref(),
            kind: payee.kind,
            count: payee.count,
            region: payee.region,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payouts::Noun;
    use crate::payouts::rules::sample;

    #[test]
    fn what_an_approval_is_bound_by_is_told_in_the_same_words_for_ever() {
        let mut payout = sample::submitted(300_000);
        payout.purpose = Some("임대료 \"9월\"".to_owned());
        payout.attributes = [("channel", "app"), ("batch", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let record = Disbursement {
            payout,
            payee: Payee {
                beneficiary: Some(BeneficiaryId::stored("b1".to_owned())),
                kind: PayeeKind::Merchant,
                count: None,
                region: None,
            },
            round: Some("2022-09".to_owned()),
            voucher_number: None,
            assessment: Some(Assessment {
                tier: "a".to_owned(),
                rule_version: "1".to_owned(),
                assessed_loss: Amount::new(7).unwrap(),
            }),
            once_key: None,
            splitting: None,
        };
        let words = concat!(
            r#"{"id":"00000000000000000000000000000000-1","program":"program","fund":"fund","#,
            r#""fiscal_year":null,"round":"2022-09","beneficiary":{"id":"b1","kind":"merchant","#,
            r#""count":null,"region":null},"form":"cash","amount":"300000","values":{},"#,
            r#""planned_on":"2022-09-01","effective_on":"2022-09-01","#,
            r#""purpose":"임대료 \"9월\"","external_id":null,"voucher_number":null,"#,
            r#""assessment":{"tier":"a","rule_version":"1","assessed_loss":"7"},"#,
            r#""attributes":{"batch":"1","channel":"app"}}"#
        );
        assert_eq!(record.content().unwrap(), words);
        assert_eq!(
            record.digest().unwrap(),
            "4d2254e787f48e963cf02ecabc2fa655955198ab0bcb1f9404a6c11c15251548"
        );
    }
}
