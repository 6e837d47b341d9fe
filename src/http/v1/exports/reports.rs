//! Reports as sources of rows: each read as its handler reads it.

use super::sources::{Found, Opened};
use crate::http::v1::reports::query::{
    AsOf, CompensationParams, IndicatorParams, PeopleParams, ProgramParams, SeriesParams,
};
use crate::metrics::Scope;
use crate::reporting::{self, ReportError, reach};

pub(super) fn overview(found: &Found<'_>) -> Opened {
    let (today, as_of) = (found.today, found.query::<AsOf>()?.day(found.today)?);
    Found::report(as_of, move |conn| reporting::overview(conn, as_of, today))
}

pub(super) fn fund(found: &Found<'_>) -> Opened {
    let (code, today) = (found.code()?, found.today);
    let (as_of, days) = found.query::<PeopleParams>()?.question(today)?;
    let suppress = !found.principal.sees_small_cells();
    Found::report(as_of, move |conn| -> Result<_, ReportError> {
        let mut told = reporting::fund(conn, &code, as_of, today)?;
        told.people_in_period = days
            .map(|days| reach::in_period(conn, &Scope::Fund(code.clone()), days, today, suppress))
            .transpose()?;
        Ok(told)
    })
}

pub(super) fn program(found: &Found<'_>) -> Opened {
    let (code, today) = (found.code()?, found.today);
    let (as_of, days, regions) = found.query::<ProgramParams>()?.question(today)?;
    let bounds = found.bounds();
    let suppress = !found.principal.sees_small_cells();
    Found::report(as_of, move |conn| -> Result<_, ReportError> {
        let mut told = reporting::program(conn, &bounds, &code, as_of, &regions, suppress)?;
        let scope = Scope::Program(code.clone());
        told.people_in_period = days
            .map(|days| reach::in_period(conn, &scope, days, today, suppress))
            .transpose()?;
        Ok(told)
    })
}

pub(super) fn series(found: &Found<'_>) -> Opened {
    let (query, as_of) = found.query::<SeriesParams>()?.question(found.today)?;
    let suppress = !found.principal.sees_small_cells();
    Found::report(as_of, move |conn| {
        reporting::series(conn, &query, as_of, suppress)
    })
}

pub(super) fn claims(found: &Found<'_>) -> Opened {
    let (today, as_of) = (found.today, found.query::<AsOf>()?.day(found.today)?);
    Found::report(as_of, move |conn| reporting::claims(conn, as_of, today))
}

pub(super) fn pledges(found: &Found<'_>) -> Opened {
    let (today, as_of) = (found.today, found.query::<AsOf>()?.day(found.today)?);
    Found::report(as_of, move |conn| reporting::pledges(conn, as_of, today))
}

pub(super) fn people(found: &Found<'_>) -> Opened {
    let today = found.today;
    let (as_of, days) = found.query::<PeopleParams>()?.question(today)?;
    let suppress = !found.principal.sees_small_cells();
    Found::report(as_of, move |conn| {
        reporting::people(conn, (as_of, today), days, suppress)
    })
}

pub(super) fn indicators(found: &Found<'_>) -> Opened {
    let as_of = found.query::<AsOf>()?.day(found.today)?;
    Found::report(as_of, move |conn| reporting::indicators(conn, as_of))
}

pub(super) fn indicator(found: &Found<'_>) -> Opened {
    let code = found.code()?;
    let (query, as_of) = found.query::<IndicatorParams>()?.question(found.today)?;
    Found::report(as_of, move |conn| {
        reporting::indicator(conn, &code, &query, as_of)
    })
}

pub(super) fn compensation(found: &Found<'_>) -> Opened {
    let today = found.today;
    let (program, as_of) = found.query::<CompensationParams>()?.question(today)?;
    let suppress = !found.principal.sees_small_cells();
    Found::report(as_of, move |conn| {
        reporting::compensation(conn, program.as_ref(), as_of, today, suppress)
    })
}
