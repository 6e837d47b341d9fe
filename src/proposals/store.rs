//! The table of proposals.
//!
//! Cost: one statement to load or list; to save, one for each new and changed proposal.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::act::Act;
use super::model::{Proposal, ProposalKind, ProposalStatus, Said};
use crate::code::{Code, or_empty};
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::Page;
use crate::db::place::Place;
use crate::db::schema::proposals;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::money::Amount;
use crate::text_enum::TextEnum;

#[derive(Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = proposals)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    book: i64,
    kind: String,
    fund: String,
    program: String,
    amount: Option<i64>,
    act: String,
    status: String,
    proposed_by: String,
    proposed_at: NaiveDateTime,
    proposed_sequence: i64,
    decided_by: Option<String>,
    decided_at: Option<NaiveDateTime>,
    decided_sequence: Option<i64>,
    decision_reason: Option<String>,
    version: i32,
}

/// Which proposals a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct ProposalFilter {
    /// Those that stand so.
    pub status: Option<ProposalStatus>,
    /// Those of one kind.
    pub kind: Option<ProposalKind>,
    /// Those about this fund.
    pub fund: Option<Code>,
    /// Those about this program.
    pub program: Option<Code>,
}

/// Reads one proposal.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, id: &RecordId) -> Result<Option<Proposal>, DbError> {
    Ok(Proposal::load(conn, std::slice::from_ref(id))?.pop())
}

/// Reads a page of proposals, by id: in the order in which they were made.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    filter: &ProposalFilter,
    page: &Page,
) -> Result<Vec<Proposal>, DbError> {
    let mut query = proposals::table
        .filter(proposals::id.gt(page.after.as_deref().unwrap_or_default()))
        .order(proposals::id)
        .limit(page.limit)
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(proposals::status.eq(status.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(proposals::kind.eq(kind.as_str()));
    }
    if let Some(fund) = &filter.fund {
        query = query.filter(proposals::fund.eq(fund.as_str()));
    }
    if let Some(program) = &filter.program {
        query = query.filter(proposals::program.eq(program.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::into_proposal).collect()
}

impl Kept for Proposal {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = proposals::table
            .filter(proposals::id.eq_any(keys.iter().map(RecordId::as_str)))
            .load(conn)?;
        rows.into_iter().map(Row::into_proposal).collect()
    }
}

impl Saved for Proposal {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new
            .iter()
            .map(|proposal| Row::of(proposal))
            .collect::<Result<_, DbError>>()?;
        insert_rows!(conn, proposals::table, rows)?;
        for proposal in changed {
            let row = Row::of(proposal)?;
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl Row {
    fn of(proposal: &Proposal) -> Result<Self, DbError> {
        let place = Place {
            table: "proposals",
            key: proposal.id.as_str(),
        };
        let (act, proposed, decided) =
            (&proposal.act, &proposal.proposed, proposal.decided.as_ref());
        Ok(Self {
            id: proposal.id.to_string(),
            book: proposal.id.book(),
            kind: act.kind().to_string(),
            fund: or_empty(act.fund()).to_owned(),
            program: or_empty(act.program()).to_owned(),
            amount: proposal.amount.map(Amount::get),
            act: place.value(serde_json::to_string(act))?,
            status: proposal.status.to_string(),
            proposed_by: proposed.by.clone(),
            proposed_at: proposed.at.naive_utc(),
            proposed_sequence: proposed.sequence,
            decided_by: decided.map(|(said, _)| said.by.clone()),
            decided_at: decided.map(|(said, _)| said.at.naive_utc()),
            decided_sequence: decided.map(|(said, _)| said.sequence),
            decision_reason: decided.and_then(|(_, reason)| reason.clone()),
            version: proposal.version,
        })
    }

    fn into_proposal(self) -> Result<Proposal, DbError> {
        let place = Place {
            table: "proposals",
            key: &self.id,
        };
        let decided = match (self.decided_by, self.decided_at, self.decided_sequence) {
            (Some(by), Some(at), Some(sequence)) => {
                let at = at.and_utc();
                Some((Said { by, at, sequence }, self.decision_reason))
            }
            (None, None, None) => None,
            _ => return Err(place.unreadable("half a decision")),
        };
        let act: Act = place.value(serde_json::from_str(&self.act))?;
        Ok(Proposal {
            status: place.name(&self.status)?,
            amount: place.value(self.amount.map(Amount::new).transpose())?,
            act,
            proposed: Said {
                by: self.proposed_by,
                at: self.proposed_at.and_utc(),
                sequence: self.proposed_sequence,
            },
            decided,
            version: self.version,
            id: RecordId::stored(self.id),
        })
    }
}
