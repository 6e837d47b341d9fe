//! What is asked of reports: all that an answer depends on, besides the books.
//!
//! An answer is made of a question and of nothing else, so two callers with equal questions may be
//! told the same; who sees no small cells, or has bounds, asks another question.

use chrono::NaiveDate;

use crate::bounds::Bounds;
use crate::code::Code;
use crate::db::Conn;
use crate::http::respond::Page;
use crate::metrics::Scope;
use crate::reporting::reach::{self, Days, PeopleInPeriod};
use crate::reporting::{self, IndicatorQuery, Regions, ReportError, SeriesQuery};

/// A question. `as_of` is the day at whose end the books are read; `today` is the day it is, since
/// which nothing has to be taken back; `suppress` hides figures that would tell about single people.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "fields are the parameters of the reports, told above and there"
)]
pub enum Question {
    /// Of everything on one page.
    Overview { as_of: NaiveDate, today: NaiveDate },
    /// Of one fund.
    Fund {
        fund: Code,
        days: Option<Days>,
        as_of: NaiveDate,
        today: NaiveDate,
        suppress: bool,
    },
    /// Of one program.
    Program {
        bounds: Bounds,
        program: Code,
        days: Option<Days>,
        regions: Regions,
        as_of: NaiveDate,
        today: NaiveDate,
        suppress: bool,
    },
    /// Of distinct people.
    People {
        days: Option<Days>,
        as_of: NaiveDate,
        today: NaiveDate,
        suppress: bool,
    },
    /// Of one metric over time.
    Series {
        query: SeriesQuery,
        as_of: NaiveDate,
        suppress: bool,
    },
    /// Of what was said in public.
    Claims { as_of: NaiveDate, today: NaiveDate },
    /// Of pledges.
    Pledges { as_of: NaiveDate, today: NaiveDate },
    /// Of all indicators.
    Indicators { as_of: NaiveDate },
    /// Of one indicator.
    Indicator {
        indicator: Code,
        query: IndicatorQuery,
        as_of: NaiveDate,
    },
    /// Of compensation.
    Compensation {
        program: Option<Code>,
        as_of: NaiveDate,
        today: NaiveDate,
        suppress: bool,
    },
}

impl Question {
    /// The answer, by the books as the connection shows them.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn answer(&self, conn: &mut Conn) -> Result<Page, ReportError> {
        Ok(match self {
            Self::Overview { as_of, today } => {
                Page::of(&reporting::overview(conn, *as_of, *today)?)
            }
            Self::Fund {
                fund,
                days,
                as_of,
                today,
                suppress,
            } => {
                let mut told = reporting::fund(conn, fund, *as_of, *today)?;
                let scope = Scope::Fund(fund.clone());
                told.people_in_period = people(conn, &scope, *days, (*today, *suppress))?;
                Page::of(&told)
            }
            Self::Program {
                bounds,
                program,
                days,
                regions,
                as_of,
                today,
                suppress,
            } => {
                let mut told =
                    reporting::program(conn, bounds, program, *as_of, regions, *suppress)?;
                let scope = Scope::Program(program.clone());
                told.people_in_period = people(conn, &scope, *days, (*today, *suppress))?;
                Page::of(&told)
            }
            Self::People {
                days,
                as_of,
                today,
                suppress,
            } => Page::of(&reporting::people(
                conn,
                (*as_of, *today),
                *days,
                *suppress,
            )?),
            Self::Series {
                query,
                as_of,
                suppress,
            } => Page::of(&reporting::series(conn, query, *as_of, *suppress)?),
            Self::Claims { as_of, today } => Page::of(&reporting::claims(conn, *as_of, *today)?),
            Self::Pledges { as_of, today } => Page::of(&reporting::pledges(conn, *as_of, *today)?),
            Self::Indicators { as_of } => Page::of(&reporting::indicators(conn, *as_of)?),
            Self::Indicator {
                indicator,
                query,
                as_of,
            } => Page::of(&reporting::indicator(conn, indicator, query, *as_of)?),
            Self::Compensation {
                program,
                as_of,
                today,
                suppress,
            } => {
                let program = program.as_ref();
                Page::of(&reporting::compensation(
                    conn, program, *as_of, *today, *suppress,
                )?)
            }
        })
    }
}

/// Who came and went, where a period is asked for.
fn people(
    conn: &mut Conn,
    scope: &Scope,
    days: Option<Days>,
    (today, suppress): (NaiveDate, bool),
) -> Result<Option<PeopleInPeriod>, ReportError> {
    days.map(|days| reach::in_period(conn, scope, days, today, suppress))
        .transpose()
}
