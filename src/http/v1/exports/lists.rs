//! Lists as sources of rows: each read, ordered and shown as its handler does.

use std::sync::Arc;

use super::sources::{Found, Opened};
use crate::access::partners::store as partners_store;
use crate::access::store as users_store;
use crate::amendments::store as amendments_store;
use crate::attempts::store as attempts_store;
use crate::bounds::Bounds;
use crate::db::page::Page;
use crate::db::{Conn, DbError};
use crate::http::problem::ApiError;
use crate::http::v1::access_events::{self, AccessEventQuery, AccessEventView};
use crate::http::v1::amendments::dto::AmendmentQuery;
use crate::http::v1::amendments::shown as amendments_shown;
use crate::http::v1::amendments::views::AmendmentView;
use crate::http::v1::beneficiaries::dto::BeneficiaryQuery;
use crate::http::v1::beneficiaries::views::{BeneficiaryView, Merges};
use crate::http::v1::claims::dto::ClaimQuery;
use crate::http::v1::claims::views::ClaimView;
use crate::http::v1::clients::{ClientQuery, ClientView};
use crate::http::v1::disbursements::dto::DisbursementQuery;
use crate::http::v1::disbursements::views::DisbursementView;
use crate::http::v1::donations::dto::DonationQuery;
use crate::http::v1::donations::uses::{UseQuery, UseView};
use crate::http::v1::donations::views::DonationView;
use crate::http::v1::events::{self, EventQuery, EventView};
use crate::http::v1::funds::dto::{EntryQuery, FundQuery, PlanQuery};
use crate::http::v1::funds::entries::{ALLOCATIONS, COMMITMENTS, CONTRIBUTIONS, entries};
use crate::http::v1::funds::views::{EntryView, FundView, PlanView};
use crate::http::v1::histories::{self, HistoryQuery, HistoryView};
use crate::http::v1::imports::dto::{FaultQuery, ImportQuery};
use crate::http::v1::imports::faults::{found as faults_found, place};
use crate::http::v1::imports::views::{FaultView, ImportView};
use crate::http::v1::indicators::dto::IndicatorQuery;
use crate::http::v1::indicators::views::IndicatorView;
use crate::http::v1::measurements::dto::MeasurementQuery;
use crate::http::v1::measurements::views::MeasurementView;
use crate::http::v1::organisations::{OrganisationQuery, OrganisationView};
use crate::http::v1::partners::{PartnerQuery, PartnerView};
use crate::http::v1::pledges::dto::PledgeQuery;
use crate::http::v1::pledges::verbs::milestones as pledge_milestones;
use crate::http::v1::pledges::views::{MilestoneOut, PledgeView};
use crate::http::v1::programs::dto::ProgramQuery;
use crate::http::v1::programs::views::ProgramView;
use crate::http::v1::proposals::dto::ProposalQuery;
use crate::http::v1::proposals::views::ProposalView;
use crate::http::v1::reports::query::AsOf;
use crate::http::v1::sales::dto::SaleQuery;
use crate::http::v1::sales::views::SaleView;
use crate::http::v1::statements::dto::StatementQuery;
use crate::http::v1::statements::views::StatementView;
use crate::http::v1::users::{UserQuery, UserView};
use crate::ids::RecordId;
use crate::imports::model::Import;
use crate::imports::rights::needed;
use crate::imports::store as imports_store;
use crate::imports::store::works;
use crate::ledger::log;
use crate::statements::model::Statement;
use crate::{
    beneficiaries, claims, disbursements, donations, funds, indicators, measurements,
    organisations, programs, proposals, reporting, sales, statements,
};

pub(super) fn users(found: &Found<'_>) -> Opened {
    let UserQuery {} = found.query()?;
    found.list(
        |conn: &mut Conn, page: &Page| users_store::list(conn, page),
        |user| user.id.clone(),
        UserView::of,
    )
}

pub(super) fn partners(found: &Found<'_>) -> Opened {
    let PartnerQuery {} = found.query()?;
    found.list(
        partners_store::partners,
        |partner| partner.code.to_string(),
        PartnerView::of,
    )
}

pub(super) fn clients(found: &Found<'_>) -> Opened {
    let partner = found.query::<ClientQuery>()?.partner.map(|code| code.0);
    found.list(
        move |conn, page| partners_store::clients(conn, partner.as_ref(), page),
        |client| client.id.clone(),
        ClientView::of,
    )
}

pub(super) fn funds(found: &Found<'_>) -> Opened {
    let filter = found.query::<FundQuery>()?.into_filter();
    found.list(
        move |conn, page| funds::store::list(conn, &filter, page),
        |fund| fund.code.to_string(),
        FundView::of,
    )
}

pub(super) fn plans(found: &Found<'_>) -> Opened {
    let (PlanQuery {}, code) = (found.query()?, found.code()?);
    let read = move |conn: &mut Conn, page: &Page| {
        let after = page.after.as_deref().and_then(|after| after.parse().ok());
        let fund = funds::store::get(conn, &code)?.ok_or_else(ApiError::not_found)?;
        let plans = funds::store::plans(conn, &fund.code, after.unwrap_or(0), page.limit);
        plans.map_err(ApiError::from)
    };
    found.list(read, |plan| plan.version.to_string(), PlanView::of)
}

pub(super) fn proposals(found: &Found<'_>) -> Opened {
    let filter = found.query::<ProposalQuery>()?.into_filter();
    found.list(
        move |conn, page| proposals::store::list(conn, &filter, page),
        |proposal| proposal.id.to_string(),
        ProposalView::of,
    )
}

pub(super) fn commitments(found: &Found<'_>) -> Opened {
    moves(found, &COMMITMENTS)
}

pub(super) fn contributions(found: &Found<'_>) -> Opened {
    moves(found, &CONTRIBUTIONS)
}

pub(super) fn allocations(found: &Found<'_>) -> Opened {
    moves(found, &ALLOCATIONS)
}

fn moves(found: &Found<'_>, kinds: &'static [&'static str]) -> Opened {
    let (query, code) = (found.query::<EntryQuery>()?, found.code()?);
    let read = move |conn: &mut Conn, page: &Page| {
        entries(conn, &code, kinds, (&query, page))?.ok_or_else(ApiError::not_found)
    };
    found.list(read, |entry| entry.sequence.to_string(), EntryView::of)
}

pub(super) fn programs(found: &Found<'_>) -> Opened {
    let (filter, bounds) = (found.query::<ProgramQuery>()?.into_filter(), found.bounds());
    found.list(
        move |conn, page| programs::store::list(conn, &bounds, &filter, page),
        |program| program.code.to_string(),
        ProgramView::of,
    )
}

pub(super) fn organisations(found: &Found<'_>) -> Opened {
    let filter = found.query::<OrganisationQuery>()?.into_filter();
    found.list(
        move |conn, page| organisations::store::list(conn, &filter, page),
        |organisation| organisation.code.to_string(),
        OrganisationView::of,
    )
}

pub(super) fn beneficiaries(found: &Found<'_>) -> Opened {
    let filter = found
        .query::<BeneficiaryQuery>()?
        .into_filter(found.today)?;
    let (vault, sees) = (
        Arc::clone(&found.catalog.vault),
        found.principal.sees_details(),
    );
    let read = move |conn: &mut Conn, page: &Page| {
        let people = beneficiaries::store::list(conn, &filter, page)?;
        let merges = Merges::read(conn, &people)?;
        let seen = people.iter().map(|person| {
            let view = BeneficiaryView::seen(&vault, sees, person)?;
            Ok(view.with(&merges, &person.id))
        });
        seen.collect::<Result<Vec<_>, ApiError>>()
    };
    found.list(read, |person| person.id.clone(), Clone::clone)
}

pub(super) fn disbursements(found: &Found<'_>) -> Opened {
    let filter = found
        .query::<DisbursementQuery>()?
        .into_filter(found.today)?;
    let (bounds, shown_to) = (found.bounds(), found.bounds());
    found.list(
        move |conn, page| disbursements::store::list(conn, &bounds, &filter, page),
        |record| record.payout.id.to_string(),
        move |record| DisbursementView::of(record, &shown_to),
    )
}

pub(super) fn disbursement_amendments(found: &Found<'_>) -> Opened {
    amendments(found, |conn, bounds, id| {
        Ok(disbursements::store::get(conn, bounds, id)?.is_some())
    })
}

pub(super) fn donation_amendments(found: &Found<'_>) -> Opened {
    amendments(found, |conn, _bounds, id| {
        Ok(donations::store::get(conn, id)?.is_some())
    })
}

fn amendments(
    found: &Found<'_>,
    exists: fn(&mut Conn, &Bounds, &RecordId) -> Result<bool, DbError>,
) -> Opened {
    let (query, id) = (found.query::<AmendmentQuery>()?, found.id()?);
    let status = query.status.map(|choice| choice.0);
    let (vault, sees) = (
        Arc::clone(&found.catalog.vault),
        found.principal.sees_details(),
    );
    let bounds = found.bounds();
    let read = move |conn: &mut Conn, page: &Page| {
        if !exists(conn, &bounds, &id)? {
            return Err(ApiError::not_found());
        }
        let list = |conn: &mut Conn| amendments_store::list(conn, &id, status, page);
        let (amendments, names) = amendments_shown(conn, &id, list)?;
        let views = amendments
            .iter()
            .map(|one| AmendmentView::seen((&vault, sees), &id, one, &names));
        views.collect::<Result<Vec<_>, ApiError>>()
    };
    found.list(read, |view| view.number.to_string(), AmendmentView::clone)
}

pub(super) fn donations(found: &Found<'_>) -> Opened {
    let filter = found.query::<DonationQuery>()?.into_filter();
    found.list(
        move |conn, page| donations::store::list(conn, &filter, page),
        |record| record.payout.id.to_string(),
        DonationView::of,
    )
}

pub(super) fn uses(found: &Found<'_>) -> Opened {
    let (UseQuery {}, id) = (found.query()?, found.id()?);
    let of = id.clone();
    let read = move |conn: &mut Conn, page: &Page| {
        let known = donations::store::get(conn, &id)?.ok_or_else(ApiError::not_found)?;
        donations::uses::store::list(conn, &known.payout.id, page).map_err(ApiError::from)
    };
    found.list(
        read,
        |said| said.number.to_string(),
        move |said| UseView::of(&of, said),
    )
}

pub(super) fn sales(found: &Found<'_>) -> Opened {
    let filter = found.query::<SaleQuery>()?.into_filter(found.today)?;
    let (bounds, shown_to) = (found.bounds(), found.bounds());
    found.list(
        move |conn, page| sales::store::list(conn, &bounds, &filter, page),
        |sale| sale.id.to_string(),
        move |sale| SaleView::of(sale, &shown_to),
    )
}

pub(super) fn statements(found: &Found<'_>) -> Opened {
    let (filter, bounds) = (
        found.query::<StatementQuery>()?.into_filter(),
        found.bounds(),
    );
    found.list(
        move |conn, page| statements::store::list(conn, &bounds, &filter, page),
        |statement: &Statement| statement.declared.id.to_string(),
        StatementView::of,
    )
}

pub(super) fn claims(found: &Found<'_>) -> Opened {
    let filter = found.query::<ClaimQuery>()?.into_filter();
    found.list(
        move |conn, page| claims::store::list(conn, &filter, page),
        |claim| claim.id.to_string(),
        ClaimView::of,
    )
}

pub(super) fn pledges(found: &Found<'_>) -> Opened {
    let (filter, today) = (found.query::<PledgeQuery>()?.into_filter(), found.today);
    found.list(
        move |conn, page| reporting::pledges::page(conn, &filter, page, today),
        |(pledge, _)| pledge.id.to_string(),
        move |(pledge, read)| PledgeView::of(pledge, read, today),
    )
}

pub(super) fn milestones(found: &Found<'_>) -> Opened {
    let (as_of, id) = (found.query::<AsOf>()?.day(found.today)?, found.id()?);
    let read = move |conn: &mut Conn, page: &Page| {
        let found = pledge_milestones(conn, &id, page, as_of)?;
        found.ok_or_else(ApiError::not_found)
    };
    found.list(
        read,
        |milestone| milestone.number.to_string(),
        |milestone| MilestoneOut(milestone.clone()),
    )
}

pub(super) fn indicators(found: &Found<'_>) -> Opened {
    let filter = found.query::<IndicatorQuery>()?.into_filter();
    found.list(
        move |conn, page| indicators::store::list(conn, &filter, page),
        |indicator| indicator.code.to_string(),
        IndicatorView::of,
    )
}

pub(super) fn measurements(found: &Found<'_>) -> Opened {
    let filter = found.query::<MeasurementQuery>()?.into_filter();
    found.list(
        move |conn, page| measurements::store::list(conn, &filter, page),
        |record| record.id.to_string(),
        MeasurementView::of,
    )
}

pub(super) fn imports(found: &Found<'_>) -> Opened {
    let filter = found.query::<ImportQuery>()?.into_filter();
    let read = move |conn: &mut Conn, page: &Page| {
        let imports = imports_store::list(conn, &filter, page)?;
        let ids: Vec<RecordId> = imports.iter().map(|import| import.id.clone()).collect();
        let works = works::of(conn, &ids)?;
        let with_work = imports.into_iter().map(|import: Import| {
            let work = works.iter().find(|work| work.import == import.id).cloned();
            (import, work)
        });
        Ok::<Vec<_>, DbError>(with_work.collect())
    };
    found.list(
        read,
        |(import, _)| import.id.to_string(),
        |(import, work)| ImportView::of(import, work.as_ref()),
    )
}

/// What is wrong with rows: their cells are unsealed on connections of the imports' own. It is only
/// added to while rows are checked.
pub(super) fn faults(found: &Found<'_>) -> Opened {
    let (FaultQuery {}, id) = (found.query()?, found.id()?);
    let (imports, principal) = (Arc::clone(&found.catalog.imports), found.principal.clone());
    let read = move |conn: &mut Conn, page: &Page| {
        let import = imports_store::get(conn, &id)?.ok_or_else(ApiError::not_found)?;
        let sees = principal.may(needed(import.kind));
        let after = page.after.as_deref().and_then(place).unwrap_or((-1, -1));
        let told = faults_found(&imports, &import, after, page.limit)?;
        let told = told
            .into_iter()
            .map(|(fault, value)| (fault, value.filter(|_| sees)));
        Ok::<Vec<_>, ApiError>(told.collect())
    };
    found.list(
        read,
        |(fault, _)| format!("{}/{}", fault.line, fault.part),
        |(fault, value)| FaultView::of(fault, value.clone()),
    )
}

pub(super) fn events(found: &Found<'_>) -> Opened {
    let filter = found.query::<EventQuery>()?.into_filter();
    let read = move |conn: &mut Conn, page: &Page| {
        let mark = page.after.as_deref().and_then(|key| key.parse().ok());
        log::newest(conn, &filter, mark, page.limit)
    };
    found.list(read, events::key, EventView::of)
}

pub(super) fn access_events(found: &Found<'_>) -> Opened {
    let filter = found.query::<AccessEventQuery>()?.into_filter();
    let read = move |conn: &mut Conn, page: &Page| {
        let mark = page.after.as_deref().and_then(|key| key.parse().ok());
        attempts_store::newest(conn, &filter, mark.as_ref(), page.limit)
    };
    found.list(read, access_events::key, AccessEventView::of)
}

pub(super) fn disbursement_history(found: &Found<'_>) -> Opened {
    let (HistoryQuery {}, id) = (found.query()?, found.id()?);
    let (bounds, shown_to) = (found.bounds(), found.bounds());
    let read = move |conn: &mut Conn, page: &Page| {
        let events = histories::of_disbursement(conn, &bounds, &id, page)?;
        events.ok_or_else(ApiError::not_found)
    };
    let view = move |event: &_| HistoryView::of(event, &shown_to);
    found.list(read, histories::key, view)
}

pub(super) fn donation_history(found: &Found<'_>) -> Opened {
    let (HistoryQuery {}, id) = (found.query()?, found.id()?);
    let read = move |conn: &mut Conn, page: &Page| {
        let events = histories::of_donation(conn, &id, page)?;
        events.ok_or_else(ApiError::not_found)
    };
    let view = |event: &_| HistoryView::of(event, &Bounds::none());
    found.list(read, histories::key, view)
}
