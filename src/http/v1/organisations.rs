//! `/organisations`: recipients of donations, and partners that run programs.

use actix_web::{get, patch, post, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::funds::dto::{Label, Note};
use crate::code::Code;
use crate::http::extract::{Body, Caller, IfMatch, Paged, PagingParams, PathCode, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::{
    Change, Choice, CodeIn, Day, Edit, Faults, NameIn, NameOut, PageOf, RegistrationNumberIn,
};
use crate::organisations::change::{ChangeOrganisation, OrganisationPatch};
use crate::organisations::create::CreateOrganisation;
use crate::organisations::model::{Organisation, OrganisationKind, OrganisationTerms};
use crate::organisations::store::{self, OrganisationFilter};

/// What sort of organisation it is.
pub type OrganisationKindWire = Choice<OrganisationKind>;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_organisation)
        .service(list_organisations)
        .service(get_organisation)
        .service(change_organisation);
}

/// An organisation to be made.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "code": "hope-bridge", "kind": "nonprofit",
    "name": {"ko": "희망브리지 전국재해구호협회", "en": "Hope Bridge Korea Disaster Relief Association"}
}))]
pub struct NewOrganisation {
    /// Its address from now on.
    pub code: CodeIn,
    /// Its name.
    pub name: NameIn,
    /// What sort it is; `other` by default.
    #[deserr(default)]
    pub kind: Option<OrganisationKindWire>,
    /// 사업자등록번호 or 고유번호; public for organisations.
    #[deserr(default)]
    pub registration_number: Option<RegistrationNumberIn>,
    /// Where what is known of it comes from.
    #[deserr(default)]
    pub basis: Option<Note>,
    /// Since when this holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl NewOrganisation {
    fn into_command(self) -> CreateOrganisation {
        CreateOrganisation {
            code: self.code.0,
            terms: OrganisationTerms {
                name: self.name.into_name(),
                kind: self.kind.map_or(OrganisationKind::Other, |choice| choice.0),
                registration_number: self.registration_number.map(digits),
                basis: self.basis.map(|note| note.0),
            },
            effective_on: self.effective_on.map(|day| day.0),
        }
    }
}

fn digits(number: RegistrationNumberIn) -> String {
    number.0.as_digits().to_owned()
}

/// What of an organisation is to be changed; what is left out stays, what is null goes.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct OrganisationChanges {
    /// Its name.
    #[deserr(default)]
    #[schema(value_type = NameIn, required = false)]
    pub name: Edit<NameIn>,
    /// What sort it is.
    #[deserr(default)]
    #[schema(value_type = OrganisationKindWire, required = false)]
    pub kind: Edit<OrganisationKindWire>,
    /// 사업자등록번호 or 고유번호.
    #[deserr(default)]
    #[schema(value_type = Option<RegistrationNumberIn>)]
    pub registration_number: Change<RegistrationNumberIn>,
    /// Where what is known of it comes from.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub basis: Change<Note>,
    /// Since when the change holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl OrganisationChanges {
    fn into_command(self, code: Code, expected_version: i32) -> ChangeOrganisation {
        let number = self.registration_number.into_option();
        let patch = OrganisationPatch {
            name: self.name.into_option().map(NameIn::into_name),
            kind: self.kind.into_option().map(|choice| choice.0),
            registration_number: number.map(|number| number.map(digits)),
            basis: self.basis.into_option().map(|note| note.map(|note| note.0)),
        };
        let effective_on = self.effective_on.map(|day| day.0);
        ChangeOrganisation {
            code,
            expected_version,
            effective_on,
            patch,
        }
    }
}

/// Which organisations to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationQuery {
    /// Only those of a kind.
    #[deserr(default)]
    pub kind: Option<OrganisationKindWire>,
    /// Only those whose code, name or registration number contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl OrganisationQuery {
    /// What it narrows the list to.
    #[must_use]
    pub fn into_filter(self) -> OrganisationFilter {
        OrganisationFilter {
            kind: self.kind.map(|choice| choice.0),
            q: self.q.map(|label| label.0),
        }
    }
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationView {
    /// Its address.
    #[schema(example = "hope-bridge")]
    pub code: String,
    /// Its name.
    pub name: NameOut,
    /// What sort it is.
    pub kind: OrganisationKindWire,
    /// 사업자등록번호 or 고유번호: ten digits.
    #[schema(required, example = json!(null))]
    pub registration_number: Option<String>,
    /// Where what is known of it comes from.
    #[schema(required)]
    pub basis: Option<String>,
    /// The version of this data.
    pub version: i32,
}

impl OrganisationView {
    /// The view of an organisation.
    #[must_use]
    pub fn of(organisation: &Organisation) -> Self {
        let terms = &organisation.terms;
        Self {
            code: organisation.code.to_string(),
            name: NameOut::from(&terms.name),
            kind: Choice(terms.kind),
            registration_number: terms.registration_number.clone(),
            basis: terms.basis.clone(),
            version: organisation.version,
        }
    }
}

/// Makes an organisation.
#[utoipa::path(
    tag = "organisations",
    request_body = NewOrganisation,
    responses((status = 201, description = "The organisation.", body = OrganisationView)),
)]
#[post("/organisations")]
pub async fn create_organisation(
    caller: Caller<rights::ManageBooks>,
    writing: Writing,
    body: Body<NewOrganisation>,
    state: web::Data<State>,
) -> Answered {
    let request = writing.request(&caller, &body.digest, body.value.into_command());
    let location = |code: &Code| format!("/v1/organisations/{code}");
    state
        .record(request, move |made| {
            created(
                &OrganisationView::of(made),
                location(&made.code),
                made.version,
            )
        })
        .await
}

/// Lists organisations in the order of their codes.
#[utoipa::path(
    tag = "organisations",
    params(OrganisationQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<OrganisationView>)),
)]
#[get("/organisations")]
pub async fn list_organisations(
    _caller: Caller<rights::ReadRecords>,
    query: Paged<OrganisationQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let organisations = state
        .read_trailing(move |conn| store::list(conn, &filter, &window))
        .await?;
    Ok(paging.page(
        organisations,
        |found| found.code.to_string(),
        OrganisationView::of,
    ))
}

/// Shows an organisation.
#[utoipa::path(
    tag = "organisations",
    responses((status = 200, description = "The organisation.", body = OrganisationView)),
)]
#[get("/organisations/{organisation}")]
pub async fn get_organisation(
    _caller: Caller<rights::ReadRecords>,
    organisation: PathCode,
    state: web::Data<State>,
) -> Answered {
    let organisation = state
        .read(move |conn| store::get(conn, &organisation.0))
        .await?;
    let organisation = organisation.ok_or_else(ApiError::not_found)?;
    Ok(found(
        &OrganisationView::of(&organisation),
        organisation.version,
    ))
}

/// Changes an organisation.
///
/// The version before is kept.
#[utoipa::path(
    tag = "organisations",
    request_body = OrganisationChanges,
    responses((status = 200, description = "The organisation.", body = OrganisationView)),
)]
#[patch("/organisations/{organisation}")]
pub async fn change_organisation(
    caller: Caller<rights::ManageBooks>,
    organisation: PathCode,
    if_match: IfMatch,
    body: Body<OrganisationChanges>,
    state: web::Data<State>,
) -> Answered {
    let request = caller.request(body.value.into_command(organisation.0, if_match.0));
    state
        .record(request, |found| {
            changed(&OrganisationView::of(found), found.version)
        })
        .await
}
