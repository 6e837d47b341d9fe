//! Whether a claim can be checked, and whether it holds. Pure but for the reading of one figure.

use chrono::NaiveDate;

use crate::claims::model::{Claim, Nature};
use crate::reporting::ReportError;
use crate::reporting::figure::{Figure, Question};
use crate::text_enum::text_enum;

text_enum! {
    /// What the books say of a claim.
    Verdict {
        /// They carry it.
        Supported = "supported",
        /// They contradict it.
        NotSupported = "not_supported",
        /// They cannot say.
        NotCheckable = "not_checkable",
    }
}

text_enum! {
    /// Why a claim cannot be checked.
    Reason {
        /// An estimate is no record.
        Estimate = "estimate",
        /// The books count nothing of the sort.
        NoMetric = "no_metric",
        /// Its day lies ahead.
        DateAhead = "date_ahead",
        /// There is no record of what it is about.
        NoRecord = "no_record",
    }
}

/// A claim as it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    /// Why it could not be checked.
    pub reason: Option<Reason>,
    /// What the books say; none where it could not be checked.
    pub figure: Option<Figure>,
    /// What they say, less what was said.
    pub difference: Option<i64>,
    /// How far the figure may fall before the verdict changes.
    pub headroom: Option<i64>,
}

impl Verdict {
    /// Whether the claim holds; none where it cannot be checked.
    pub fn holds(self) -> Option<bool> {
        match self {
            Self::Supported => Some(true),
            Self::NotSupported => Some(false),
            Self::NotCheckable => None,
        }
    }
}

/// What to ask the books about a claim as of `day`, or why that is in vain.
pub fn question(claim: &Claim, day: NaiveDate, present: NaiveDate) -> Result<Question, Reason> {
    if claim.nature == Nature::Estimate {
        return Err(Reason::Estimate);
    }
    let metric = claim.metric.ok_or(Reason::NoMetric)?;
    if day > present {
        return Err(Reason::DateAhead);
    }
    Ok(super::asks(claim, metric, day))
}

/// Judges a claim by the figure that answers the question.
///
/// # Errors
/// That of `read`; [`ReportError::Inconsistent`] for figures too large to be compared.
pub fn judge(
    claim: &Claim,
    asked: Result<Question, Reason>,
    read: impl FnOnce(&Question) -> Result<Option<Figure>, ReportError>,
) -> Result<Judged, ReportError> {
    let figure = match asked {
        Err(reason) => return Ok(Judged::not_checkable(reason)),
        Ok(question) => read(&question)?,
    };
    let Some(figure) = figure else {
        return Ok(Judged::not_checkable(Reason::NoRecord));
    };
    let said = &claim.comparison;
    let difference = figure.value.checked_sub(said.value());
    let difference = difference.ok_or_else(|| ReportError::Inconsistent {
        report: "claims",
        detail: format!("{} cannot be compared", figure.value),
    })?;
    let verdict = if said.holds(figure.value) {
        Verdict::Supported
    } else {
        Verdict::NotSupported
    };
    Ok(Judged {
        verdict,
        reason: None,
        difference: Some(difference),
        headroom: said.headroom(figure.value),
        figure: Some(figure),
    })
}

impl Judged {
    fn not_checkable(reason: Reason) -> Self {
        Self {
            verdict: Verdict::NotCheckable,
            reason: Some(reason),
            figure: None,
            difference: None,
            headroom: None,
        }
    }
}
