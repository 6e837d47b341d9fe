//! What callers are shown of amendments.

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{AmendmentClassWire, AmendmentStatusWire};
use crate::access::rights::Details;
use crate::amendments::model::{Amendment, NameVersion, Particulars, SealedName};
use crate::beneficiaries::masking;
use crate::beneficiaries::rename;
use crate::beneficiaries::vault::Vault;
use crate::http::problem::ApiError;
use crate::http::wire::{Attributes, Choice, Day, Instant, RegionOut};
use crate::ids::RecordId;

/// An amendment of an approved record. It moves no money.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AmendmentView {
    /// Its number among those of its record.
    pub number: i32,
    /// Where it stands.
    pub status: AmendmentStatusWire,
    /// Why, by its class.
    pub reason_class: AmendmentClassWire,
    /// Why.
    pub reason: String,
    /// The record before.
    pub before: ParticularsView,
    /// The record after.
    pub after: ParticularsView,
    /// Whether the beneficiary has another name after it.
    pub renames: bool,
    /// Both names; null where there are none, for callers who may not see them, and once they are
    /// erased.
    #[schema(required)]
    pub names: Option<NamesView>,
    /// The value date; null while it is proposed for the day of its approval.
    #[schema(required)]
    pub effective_on: Option<Day>,
    /// Who proposed it: the id of a user.
    pub proposed_by: String,
    /// When it was proposed.
    pub proposed_at: Instant,
    /// Who decided on it, or took it back: the id of a user.
    #[schema(required)]
    pub decided_by: Option<String>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<Instant>,
    /// Why it was rejected or taken back.
    #[schema(required)]
    pub decision_reason: Option<String>,
}

/// What an amendment may change, as it is in one version of the record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParticularsView {
    /// Where; of disbursements.
    #[schema(required)]
    pub region: Option<RegionOut>,
    /// What for.
    #[schema(required)]
    pub purpose: Option<String>,
    /// The voucher in the company's own accounting; of disbursements.
    #[schema(required)]
    pub voucher_number: Option<String>,
    /// The document that approved it; of donations.
    #[schema(required)]
    pub approval_document: Option<String>,
    /// Labels of the caller's own.
    pub attributes: Attributes,
}

/// The names before and after an amendment.
#[derive(Clone, Serialize, ToSchema)]
#[schema(example = json!({"masked": true, "before": "소**", "after": "손**"}))]
pub struct NamesView {
    /// Whether they are shown in part only.
    pub masked: bool,
    /// The name before.
    #[schema(required)]
    pub before: Option<String>,
    /// The name after.
    #[schema(required)]
    pub after: Option<String>,
}

impl std::fmt::Debug for NamesView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NamesView(hidden)")
    }
}

impl AmendmentView {
    /// The view of an amendment without names.
    #[must_use]
    pub fn of(amendment: &Amendment) -> Self {
        let decided = amendment.decided.as_ref();
        Self {
            number: amendment.number,
            status: Choice(amendment.status),
            reason_class: Choice(amendment.reason_class),
            reason: amendment.reason.clone(),
            before: ParticularsView::from(&amendment.former),
            after: ParticularsView::from(&amendment.later),
            renames: amendment.renames,
            names: None,
            effective_on: amendment.effective_on.map(Day),
            proposed_by: amendment.proposed.by.clone(),
            proposed_at: Instant(amendment.proposed.at),
            decided_by: decided.map(|(deed, _)| deed.by.clone()),
            decided_at: decided.map(|(deed, _)| Instant(deed.at)),
            decision_reason: decided.and_then(|(_, reason)| reason.clone()),
        }
    }

    /// The view for somebody who sees that much.
    ///
    /// # Errors
    /// `internal` for names that do not open.
    pub fn seen(
        (vault, sees): (&Vault, Details),
        record: &RecordId,
        amendment: &Amendment,
        names: &[SealedName],
    ) -> Result<Self, ApiError> {
        let mut view = Self::of(amendment);
        let own = names.iter().filter(|name| name.number == amendment.number);
        for name in own.filter(|_| sees != Details::None) {
            let opened = rename::open(vault, record, name).map_err(ApiError::internal)?;
            let masked = sees == Details::Masked;
            let shown = opened.map(|text| match masked {
                true => masking::name(&text),
                false => text,
            });
            let both = view.names.get_or_insert(NamesView {
                masked,
                before: None,
                after: None,
            });
            match name.version {
                NameVersion::Former => both.before = shown,
                NameVersion::Later => both.after = shown,
            }
        }
        Ok(view)
    }

    /// Its version: it changes once, when it is decided.
    #[must_use]
    pub fn version(&self) -> i32 {
        if self.decided_by.is_some() { 2 } else { 1 }
    }
}

impl From<&Particulars> for ParticularsView {
    fn from(particulars: &Particulars) -> Self {
        Self {
            region: particulars.region.map(RegionOut::of),
            purpose: particulars.purpose.clone(),
            voucher_number: particulars.voucher_number.clone(),
            approval_document: particulars.approval_document.clone(),
            attributes: Attributes(particulars.attributes.clone()),
        }
    }
}
