//! Whether what was said in public holds: one claim, or all that are said, against the books.
//!
//! Flow: `verdict` says whether a claim can be checked at all, and holds the figure of its day
//! against it; `caveats` says what to say along with it; `explanation` puts both into sentences
//! that can be read aloud. Nothing of it is stored: entries made later may change a verdict, and
//! `as_of` tells which day was read.
//!
//! Cost: one statement for the claims, and what [`Answers`] reads for each different figure asked
//! for: one for each metric, scope and day, however many claims share it. So the cost grows with
//! different claims, at most [`MAX_CLAIMS`], and not with records. A claim about a fund adds at
//! most nine statements for what its programs leave out, once for each fund and day.

mod caveats;
mod coverage;
mod explanation;
#[cfg(test)]
mod sample;
mod verdict;

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;

pub use caveats::Caveat;
pub use verdict::{Reason, Verdict};

use super::figure::{Answers, FigureBasis, Question};
use super::master::Master;
use super::{CURRENCY, ReportError};
use crate::claims::model::{Claim, Nature};
use crate::claims::store;
use crate::code::{Code, Name};
use crate::db::Conn;
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope, Unit};
use verdict::{Judged, judge};

/// Most claims that one report goes through: the latest that were said.
pub const MAX_CLAIMS: usize = 1_000;

/// A claim held against the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which claim.
    pub claim: RecordId,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Why it cannot be checked.
    pub reason: Option<Reason>,
    /// What the figure rests on; nothing but our own word where there is none.
    pub basis: FigureBasis,
    /// In what both are counted.
    pub counted_in: Unit,
    /// Of both, where they are won.
    pub currency: Option<&'static str>,
    /// What was said.
    pub claimed: String,
    /// What the books say.
    pub actual: Option<String>,
    /// What the books say, less what was said.
    pub difference: Option<String>,
    /// How far the figure may fall before the verdict changes; none where it never does.
    pub headroom: Option<String>,
    /// The day that was read.
    pub as_of: NaiveDate,
    /// The day of what the figure rests on.
    pub figure_as_of: Option<NaiveDate>,
    /// All of it in sentences.
    pub explanation: Name,
    /// What to say along with the figure.
    pub caveats: Vec<Caveat>,
    /// Other claims about some of the same money: never to be added.
    pub overlaps: Vec<RecordId>,
}

/// How many claims there are of each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// Those that the books carry.
    pub supported: usize,
    /// Those that they contradict.
    pub not_supported: usize,
    /// Those that they say nothing about.
    pub not_checkable: usize,
}

/// Every claim that is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimsReport {
    /// The day.
    pub as_of: NaiveDate,
    /// How many there are of each verdict.
    #[serde(flatten)]
    pub counts: Counts,
    /// Whether older claims were left out.
    pub truncated: bool,
    /// The claims, the latest said first.
    pub claims: Vec<ClaimLine>,
}

/// One claim of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimLine {
    /// Its id.
    pub id: RecordId,
    /// The sentence itself.
    pub statement: String,
    /// When it was said.
    pub said_on: NaiveDate,
    /// What it counts.
    pub metric: Option<Metric>,
    /// The program that it is about.
    pub program: Option<Code>,
    /// The fund that it is about.
    pub fund: Option<Code>,
    /// What sort of number it is.
    pub nature: Nature,
    /// The check as of its own day.
    pub check: Check,
    /// Whether it would still hold if it were said on the day of the report; none where it cannot
    /// be checked.
    pub holds_today: Option<bool>,
}

/// Checks one claim as of its own day, or of another.
///
/// # Errors
/// [`ReportError`].
pub fn check(
    conn: &mut Conn,
    claim: &Claim,
    as_of: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Check, ReportError> {
    let day = as_of.unwrap_or(claim.as_of);
    let beside = claim.said_on.max(day.min(today));
    let live = store::live(conn, beside, MAX_CLAIMS)?;
    Checker::new(today, today, &live).check(conn, claim, day)
}

/// Reports on every claim that was said by the end of `as_of` and not taken back.
///
/// # Errors
/// [`ReportError`].
pub fn claims(
    conn: &mut Conn,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<ClaimsReport, ReportError> {
    let (live, truncated) = said(conn, as_of)?;
    let mut checker = Checker::new(as_of, today, &live);
    let mut counts = Counts::default();
    let mut lines = Vec::with_capacity(live.len());
    for claim in &live {
        let check = checker.check(conn, claim, claim.as_of)?;
        let holds = checker.judge(conn, claim, as_of)?.verdict.holds();
        counts.add(check.verdict);
        lines.push(line(claim, check, holds));
    }
    Ok(ClaimsReport {
        as_of,
        counts,
        truncated,
        claims: lines,
    })
}

/// How many claims of each verdict the same report has.
///
/// # Errors
/// [`ReportError`].
pub fn counts(conn: &mut Conn, as_of: NaiveDate, today: NaiveDate) -> Result<Counts, ReportError> {
    let (live, _) = said(conn, as_of)?;
    let mut checker = Checker::new(as_of, today, &live);
    let mut counts = Counts::default();
    for claim in &live {
        counts.add(checker.judge(conn, claim, claim.as_of)?.verdict);
    }
    Ok(counts)
}

/// The claims that a report goes through, and whether there are more.
fn said(conn: &mut Conn, as_of: NaiveDate) -> Result<(Vec<Claim>, bool), ReportError> {
    let mut live = store::live(conn, as_of, MAX_CLAIMS.saturating_add(1))?;
    let more = live.len() > MAX_CLAIMS;
    live.truncate(MAX_CLAIMS);
    Ok((live, more))
}

fn line(claim: &Claim, check: Check, holds_today: Option<bool>) -> ClaimLine {
    let (program, fund) = match claim.scope.clone() {
        Scope::All => (None, None),
        Scope::Program(code) => (Some(code), None),
        Scope::Fund(code) => (None, Some(code)),
    };
    ClaimLine {
        id: claim.id.clone(),
        statement: claim.words.statement.clone(),
        said_on: claim.said_on,
        metric: claim.metric,
        program,
        fund,
        nature: claim.nature,
        check,
        holds_today,
    }
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        let of_verdict = match verdict {
            Verdict::Supported => &mut self.supported,
            Verdict::NotSupported => &mut self.not_supported,
            Verdict::NotCheckable => &mut self.not_checkable,
        };
        for count in [of_verdict, &mut self.total] {
            *count = count.saturating_add(1);
        }
    }
}

/// Checks claims, and remembers what it read.
struct Checker<'a> {
    /// The day on which it is asked: what lies after it lies ahead.
    present: NaiveDate,
    today: NaiveDate,
    answers: Answers,
    live: &'a [Claim],
    uncovered: HashMap<(Code, NaiveDate), usize>,
}

impl<'a> Checker<'a> {
    fn new(present: NaiveDate, today: NaiveDate, live: &'a [Claim]) -> Self {
        Self {
            present,
            today,
            answers: Answers::new(today),
            live,
            uncovered: HashMap::new(),
        }
    }

    fn judge(
        &mut self,
        conn: &mut Conn,
        claim: &Claim,
        day: NaiveDate,
    ) -> Result<Judged, ReportError> {
        let asked = verdict::question(claim, day, self.present);
        judge(claim, asked, |question| self.answers.figure(conn, question))
    }

    fn check(
        &mut self,
        conn: &mut Conn,
        claim: &Claim,
        day: NaiveDate,
    ) -> Result<Check, ReportError> {
        let judged = self.judge(conn, claim, day)?;
        let master = self.answers.master(conn, day)?;
        let left_out = self.left_out(conn, claim, &judged, (day, &master))?;
        let overlaps = caveats::overlaps(claim, self.live, &master);
        let caveats = caveats::of(claim, &judged, &master, &overlaps, left_out);
        let explanation = explanation::Told {
            claim,
            day,
            judged: &judged,
            place: place(&claim.scope, &master),
            caveats: &caveats,
            left_out,
        };
        let (unit, figure) = (claim.unit(), judged.figure.as_ref());
        Ok(Check {
            claim: claim.id.clone(),
            verdict: judged.verdict,
            reason: judged.reason,
            basis: figure.map_or(FigureBasis::Declaration, |figure| figure.basis),
            counted_in: unit,
            currency: (unit == Unit::Krw).then_some(CURRENCY),
            claimed: unit.shown(claim.comparison.value()),
            actual: figure.map(|figure| unit.shown(figure.value)),
            difference: judged.difference.map(|won| unit.shown(won)),
            headroom: judged.headroom.map(|won| unit.shown(won)),
            as_of: day,
            figure_as_of: figure.map(|figure| figure.as_of),
            explanation: explanation.sentences(),
            caveats,
            overlaps,
        })
    }

    /// Programs of the claim's fund that were given money and have no record.
    fn left_out(
        &mut self,
        conn: &mut Conn,
        claim: &Claim,
        judged: &Judged,
        (day, master): (NaiveDate, &Master),
    ) -> Result<usize, ReportError> {
        let Scope::Fund(fund) = &claim.scope else {
            return Ok(0);
        };
        if judged.figure.is_none() || !claim.metric.is_some_and(coverage::is_made_of_records) {
            return Ok(0);
        }
        let key = (fund.clone(), day);
        if let Some(known) = self.uncovered.get(&key) {
            return Ok(*known);
        }
        let found = coverage::left_out(conn, fund, (day, self.today), master)?;
        self.uncovered.insert(key, found);
        Ok(found)
    }
}

/// What the scope of a claim is called; nothing for everything.
fn place(scope: &Scope, master: &Master) -> Option<Name> {
    match scope {
        Scope::All => None,
        Scope::Program(code) => master
            .program(code)
            .map(|program| program.terms.name.clone()),
        Scope::Fund(code) => master.fund(code).map(|fund| fund.terms.name.clone()),
    }
}

/// The question that a figure of a claim answers.
fn asks(claim: &Claim, metric: Metric, day: NaiveDate) -> Question {
    Question {
        metric,
        scope: claim.scope.clone(),
        from: claim.from,
        as_of: day,
    }
}
