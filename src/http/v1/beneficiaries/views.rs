//! What callers are shown of people: as much as their roles let them see.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::PayeeKindWire;
use super::merges::MergeView;
use crate::access::rights::Details;
use crate::beneficiaries::masking::masked;
use crate::beneficiaries::merges::model::MergeFile;
use crate::beneficiaries::merges::store;
use crate::beneficiaries::model::{Beneficiary, BeneficiaryId};
use crate::beneficiaries::vault::{PersonalDetails, Vault};
use crate::db::{Conn, DbError};
use crate::http::problem::ApiError;
use crate::http::wire::{Choice, Instant, RegionOut};

/// A beneficiary.
#[derive(Clone, Serialize, ToSchema)]
pub struct BeneficiaryView {
    /// Its id: a pseudonym.
    pub id: String,
    /// What sort of beneficiary.
    pub kind: PayeeKindWire,
    /// The program that it is known in by a reference.
    #[schema(required)]
    pub program: Option<String>,
    /// Where, as first recorded.
    #[schema(required)]
    pub region: Option<RegionOut>,
    /// When it was first recorded.
    pub recorded_at: Instant,
    /// The beneficiary that it counts under, if not itself.
    #[schema(required)]
    pub merged_into: Option<String>,
    /// Beneficiaries that count under it.
    pub merged: Vec<String>,
    /// What was last done about merging it into another; null where nothing ever was.
    #[schema(required)]
    pub merge: Option<MergeView>,
    /// Who it is; null for callers who may not see it.
    #[schema(required)]
    pub details: Option<DetailsView>,
}

/// Personal details.
#[derive(Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "masked": true, "registration_number": "***-**-*0013", "reference": null, "name": "소**"
}))]
pub struct DetailsView {
    /// Whether they are shown in part only.
    pub masked: bool,
    /// 사업자등록번호.
    #[schema(required)]
    pub registration_number: Option<String>,
    /// The program's own mark for the person.
    #[schema(required)]
    pub reference: Option<String>,
    /// The name.
    #[schema(required)]
    pub name: Option<String>,
}

/// What is known of the merges of some beneficiaries.
pub struct Merges {
    merged: HashMap<BeneficiaryId, Vec<BeneficiaryId>>,
    files: HashMap<BeneficiaryId, MergeFile>,
}

impl Merges {
    /// Reads it in two statements.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn read(conn: &mut Conn, people: &[Beneficiary]) -> Result<Self, DbError> {
        let ids: Vec<BeneficiaryId> = people.iter().map(|person| person.id.clone()).collect();
        Ok(Self {
            merged: store::merged_into(conn, &ids)?,
            files: store::files_of(conn, &ids)?,
        })
    }

    /// The version of a beneficiary: it grows with each step of a merge.
    #[must_use]
    pub fn version(&self, id: &BeneficiaryId) -> i32 {
        self.files.get(id).map_or(1, MergeFile::version)
    }
}

impl BeneficiaryView {
    /// The view of a beneficiary without details.
    #[must_use]
    pub fn of(person: &Beneficiary) -> Self {
        Self {
            id: person.id.to_string(),
            kind: Choice(person.kind),
            program: person.program.as_ref().map(ToString::to_string),
            region: person.region.map(RegionOut::of),
            recorded_at: Instant(person.recorded_at),
            merged_into: person.merged_into.as_ref().map(ToString::to_string),
            merged: Vec::new(),
            merge: None,
            details: None,
        }
    }

    /// The same view with what is known of merges.
    #[must_use]
    pub fn with(mut self, merges: &Merges, id: &BeneficiaryId) -> Self {
        let merged = merges.merged.get(id).into_iter().flatten();
        self.merged = merged.map(ToString::to_string).collect();
        self.merge = merges.files.get(id).and_then(MergeView::of);
        self
    }

    /// The view for somebody who sees that much.
    ///
    /// # Errors
    /// `internal` for details that do not open.
    pub fn seen(vault: &Vault, sees: Details, person: &Beneficiary) -> Result<Self, ApiError> {
        let mut view = Self::of(person);
        if sees != Details::None {
            let opened = vault.open(person.id.as_str(), &person.details.sealed);
            let details = opened.map_err(ApiError::internal)?;
            view.details = Some(DetailsView::of(&details, sees == Details::Masked));
        }
        Ok(view)
    }
}

impl DetailsView {
    fn of(details: &PersonalDetails, hide: bool) -> Self {
        let shown = if hide {
            masked(details)
        } else {
            details.clone()
        };
        Self {
            masked: hide,
            registration_number: shown.registration_number.clone(),
            reference: shown.reference.clone(),
            name: shown.name.clone(),
        }
    }
}
