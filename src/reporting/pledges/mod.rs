//! `GET /v1/reports/pledges`: where every pledge stands, and what is late.
//!
//! Flow: pledges are read a page at a time, each under the words of the day, and told by
//! [`Standing`]; a target's figure is read once for each metric and scope. All are counted, and
//! the first [`MAX_PLEDGES_LISTED`] listed. A pledge is there from the day it was made in public,
//! whenever that was recorded.
//!
//! Cost: one statement for words, three for each `PLEDGES_PER_READ` pledges, and what
//! [`Answers::figure`] costs for each different target.

mod shown;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::checks::Broken;
use super::figure::{Answers, Figure, Question};
use super::{ReportError, progress, store};
use crate::code::Code;
use crate::db::Conn;
use crate::db::page::Page;
use crate::funds::model::Plan;
use crate::metrics::Scope;
use crate::pledges::model::{Pledge, PledgeState, PledgeTerms, Target, TargetPath};
use crate::pledges::standing::{Reading, Standing};
use crate::pledges::{self, NOUN};
use crate::versions;

pub use shown::{MilestoneShown, PledgeShown};

/// Most pledges that one report lists; all are counted.
pub const MAX_PLEDGES_LISTED: usize = 500;
/// Pledges that are read at a time.
const PLEDGES_PER_READ: i64 = 200;

/// Where every pledge stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PledgesReport {
    /// The day.
    pub as_of: NaiveDate,
    /// How many stand where.
    pub counts: PledgeCounts,
    /// The pledges, in the order in which they were recorded.
    pub pledges: Vec<PledgeShown>,
    /// Whether there are more pledges than are listed.
    pub pledges_truncated: bool,
}

/// How many pledges stand where: total = met + open + overdue + withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PledgeCounts {
    /// Made by the day.
    pub total: i64,
    /// Kept.
    pub met: i64,
    /// Neither kept, nor late, nor taken back.
    pub open: i64,
    /// Late.
    pub overdue: i64,
    /// Taken back.
    pub withdrawn: i64,
    /// Of the open ones, those whose figure is where it should be.
    pub on_track: i64,
    /// Of the open ones, those whose figure is not.
    pub behind: i64,
}

impl PledgeCounts {
    fn add(&mut self, state: PledgeState) {
        let count = |number: &mut i64| *number = number.saturating_add(1);
        count(&mut self.total);
        match state {
            PledgeState::Met => count(&mut self.met),
            PledgeState::Overdue => count(&mut self.overdue),
            PledgeState::Withdrawn => count(&mut self.withdrawn),
            PledgeState::Open => count(&mut self.open),
            PledgeState::OnTrack => {
                count(&mut self.open);
                count(&mut self.on_track);
            }
            PledgeState::Behind => {
                count(&mut self.open);
                count(&mut self.behind);
            }
        }
    }
}

/// Reports on every pledge as it stood at the end of `as_of`.
///
/// # Errors
/// [`ReportError`].
pub fn pledges(
    conn: &mut Conn,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<PledgesReport, ReportError> {
    let mut report = PledgesReport {
        as_of,
        counts: PledgeCounts::default(),
        pledges: Vec::new(),
        pledges_truncated: false,
    };
    each(conn, as_of, today, |pledge, read| {
        let standing = Standing::of(pledge, as_of, read.reading());
        report.counts.add(standing.state);
        if report.pledges.len() < MAX_PLEDGES_LISTED {
            let shown = PledgeShown::of(pledge, &standing, read, as_of);
            report.pledges.push(shown);
        } else {
            report.pledges_truncated = true;
        }
    })?;
    Ok(report)
}

/// How many pledges stood where at the end of `as_of`.
///
/// # Errors
/// [`ReportError`].
pub fn counts(
    conn: &mut Conn,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<PledgeCounts, ReportError> {
    let mut counts = PledgeCounts::default();
    each(conn, as_of, today, |pledge, read| {
        counts.add(Standing::of(pledge, as_of, read.reading()).state);
    })?;
    Ok(counts)
}

/// How many pledges were met at the end of `as_of`; none where none had been made.
///
/// # Errors
/// [`ReportError`].
pub fn met_count(
    conn: &mut Conn,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<Option<i64>, ReportError> {
    let counts = counts(conn, as_of, today)?;
    Ok((counts.total > 0).then_some(counts.met))
}

/// What a list of pledges is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct PledgeFilter {
    /// Those that stand there today.
    pub state: Option<PledgeState>,
    /// Those due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Those due on this day or before.
    pub due_to: Option<NaiveDate>,
    /// Those whose title, statement or owner contains these words.
    pub q: Option<String>,
}

impl PledgeFilter {
    fn takes(&self, standing: &Standing<'_>) -> bool {
        let due_on = standing.own.due_on;
        self.state.is_none_or(|state| standing.state == state)
            && self.due_from.is_none_or(|from| due_on >= Some(from))
            && self
                .due_to
                .is_none_or(|to| due_on.is_some_and(|due_on| due_on <= to))
    }
}

/// Reads a page of pledges with what the books say of each today, by id. Where a pledge stands is
/// stored nowhere, so as many pages are read as it takes to fill one.
///
/// # Errors
/// [`ReportError`].
pub fn page(
    conn: &mut Conn,
    filter: &PledgeFilter,
    window: &Page,
    today: NaiveDate,
) -> Result<Vec<(Pledge, TargetRead)>, ReportError> {
    let wanted = usize::try_from(window.limit).unwrap_or_default();
    let mut found = Vec::new();
    let mut targets = Targets::new(today, today);
    let mut after = window.after.clone();
    loop {
        let next = Page {
            after: after.take(),
            limit: PLEDGES_PER_READ,
        };
        let read = pledges::store::list(conn, filter.q.as_deref(), &next)?;
        after = read.last().map(|pledge| pledge.id.to_string());
        for pledge in read {
            let target = targets.read(conn, pledge.target.as_ref())?;
            if filter.takes(&Standing::of(&pledge, today, target.reading())) {
                found.push((pledge, target));
            }
            if found.len() >= wanted {
                return Ok(found);
            }
        }
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// A pledge under the words of a day, with what the books say of its target.
///
/// # Errors
/// [`ReportError`].
pub fn one(
    conn: &mut Conn,
    mut pledge: Pledge,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<(Pledge, TargetRead), ReportError> {
    if let Some(terms) = words_of(conn, as_of)?.remove(pledge.id.as_str()) {
        pledge.terms = terms;
    }
    let read = target_read(conn, pledge.target.as_ref(), as_of, today)?;
    Ok((pledge, read))
}

/// What the books say of one target on a day.
///
/// # Errors
/// [`ReportError`].
pub fn target_read(
    conn: &mut Conn,
    target: Option<&Target>,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<TargetRead, ReportError> {
    Targets::new(as_of, today).read(conn, target)
}

fn words_of(
    conn: &mut Conn,
    as_of: NaiveDate,
) -> Result<BTreeMap<String, PledgeTerms>, ReportError> {
    let terms = versions::in_force::<PledgeTerms>(conn, NOUN, as_of)?;
    let by_id = terms.into_iter().map(|(id, terms)| (id.to_string(), terms));
    Ok(by_id.collect())
}

/// Tells of every pledge that had been made by `as_of`.
fn each(
    conn: &mut Conn,
    as_of: NaiveDate,
    today: NaiveDate,
    mut tell: impl FnMut(&Pledge, &TargetRead),
) -> Result<(), ReportError> {
    let mut words = words_of(conn, as_of)?;
    let mut targets = Targets::new(as_of, today);
    let mut after = None;
    loop {
        let page = Page {
            after,
            limit: PLEDGES_PER_READ,
        };
        let read = pledges::store::list(conn, None, &page)?;
        let Some(last) = read.last() else {
            return Ok(());
        };
        after = Some(last.id.to_string());
        for mut pledge in read {
            if pledge.source.date > as_of {
                continue;
            }
            if let Some(terms) = words.remove(pledge.id.as_str()) {
                pledge.terms = terms;
            }
            let target = targets.read(conn, pledge.target.as_ref())?;
            tell(&pledge, &target);
        }
    }
}

/// What the books say of a target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetRead {
    /// The figure; none where nothing of it was ever recorded.
    pub figure: Option<Figure>,
    /// What the fund's plan says should be reached, where the target follows one.
    pub planned: Option<i64>,
}

impl TargetRead {
    /// The figures alone.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading {
            actual: self.figure.as_ref().map(|figure| figure.value),
            planned: self.planned,
        }
    }
}

/// Reads targets, each metric of each scope once.
struct Targets {
    as_of: NaiveDate,
    answers: Answers,
    plans: Option<BTreeMap<Code, Plan>>,
}

impl Targets {
    fn new(as_of: NaiveDate, today: NaiveDate) -> Self {
        Self {
            as_of,
            answers: Answers::new(today),
            plans: None,
        }
    }

    fn read(
        &mut self,
        conn: &mut Conn,
        target: Option<&Target>,
    ) -> Result<TargetRead, ReportError> {
        let Some(target) = target else {
            return Ok(TargetRead::default());
        };
        let planned = match (target.path, &target.scope) {
            (TargetPath::Plan, Scope::Fund(fund)) => self.planned(conn, fund)?,
            _ => None,
        };
        let question = Question {
            metric: target.metric,
            scope: target.scope.clone(),
            from: None,
            as_of: self.as_of,
        };
        let figure = self.answers.figure(conn, &question)?;
        Ok(TargetRead { figure, planned })
    }

    /// What a fund planned to have spent by the day.
    fn planned(&mut self, conn: &mut Conn, code: &Code) -> Result<Option<i64>, ReportError> {
        let master = self.answers.master(conn, self.as_of)?;
        let plans = match self.plans.take() {
            Some(read) => read,
            None => store::plans_in_force(conn, self.as_of)?,
        };
        let planned = match (master.fund(code), plans.get(code)) {
            (Some(fund), Some(plan)) => {
                progress::plan_to_date(&plan.lines, fund.terms.period, self.as_of)
                    .map_err(|error| Broken::from(error).in_report("pledges"))?
            }
            _ => None,
        };
        self.plans = Some(plans);
        Ok(planned.map(crate::money::Won::get))
    }
}
