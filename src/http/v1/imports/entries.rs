//! Rows as what they ask for: each is read as the body that the API takes for one record.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use serde_json::Value;

use super::{amended, results};
use crate::beneficiaries::vault::Vault;
use crate::bounds::Bounds;
use crate::clock::Clock;
use crate::code::Code;
use crate::db::{Db, DbError};
use crate::desk::{Command, Directory};
use crate::disbursements::record::{RecordDisbursement, Whom};
use crate::disbursements::rules::once_key;
use crate::donations::record::RecordDonation;
use crate::funds::Entry as FundEntry;
use crate::http::json::Json;
use crate::http::problem::ApiError;
use crate::http::v1::beneficiaries::dto::NewBeneficiary;
use crate::http::v1::disbursements::dto::NewDisbursement;
use crate::http::v1::donations::dto::NewDonation;
use crate::http::v1::funds::dto::NewContribution;
use crate::http::v1::measurements::dto::NewMeasurement;
use crate::http::v1::sales::dto::NewSale;
use crate::http::wire::Faults;
use crate::ids;
use crate::imports::entry::{Asked, Entry, Marks, Read, Reader};
use crate::imports::kinds::Kind;
use crate::programs;
use crate::programs::model::Program;
use crate::proposals::undertake::{Outcome, Undertake};
use crate::refusal::{FieldFault, Refusal};

/// Reads rows as the bodies of the API.
pub struct Entries {
    /// Where programs and records are looked up.
    pub db: Db,
    /// Which book a record belongs to.
    pub books: Arc<Directory>,
    /// What seals personal details.
    pub vault: Arc<Vault>,
    /// The only source of now.
    pub clock: Arc<dyn Clock>,
}

/// Why a row is not read.
pub(super) enum Unread {
    /// Its fields are wrong.
    Faults(Vec<FieldFault>),
    /// Something failed that is not the row's fault.
    Failed(DbError),
}

impl From<Faults> for Unread {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults.into_vec())
    }
}

impl From<DbError> for Unread {
    fn from(error: DbError) -> Self {
        Self::Failed(error)
    }
}

impl From<ApiError> for Unread {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Refused(Refusal::Fields(faults)) => Self::Faults(faults),
            other => Self::Failed(DbError::Schema(other.to_string())),
        }
    }
}

/// A row that was read.
pub(super) type Done = Result<Box<dyn Entry>, Unread>;

impl Reader for Entries {
    fn read(&self, kind: Kind, bodies: Vec<Value>) -> Result<Vec<Read>, DbError> {
        let now = self.clock.now();
        let mut batch = Batch {
            entries: self,
            now,
            programs: HashMap::new(),
        };
        let done: Vec<Done> = match kind {
            Kind::PaymentResults => results::read_all(self, bodies)?,
            Kind::Amendments => amended::read_all(self, bodies)?,
            _ => bodies
                .into_iter()
                .map(|body| batch.read(kind, body))
                .collect(),
        };
        let mut read = Vec::with_capacity(done.len());
        for row in done {
            read.push(match row {
                Ok(entry) => Ok(entry),
                Err(Unread::Faults(faults)) => Err(faults),
                Err(Unread::Failed(error)) => return Err(error),
            });
        }
        Ok(read)
    }
}

/// The body of a row, read into what the API takes.
pub(super) fn parse<T: Deserr<Faults>>(body: Value) -> Result<T, Faults> {
    deserr::deserialize(Json::of(body))
}

/// A row that is one command.
pub(super) fn asked<C: Command + Clone + Sync>(
    command: C,
    marks: Marks,
    name: fn(&C::Done) -> String,
) -> Done {
    Ok(Box::new(Asked {
        command,
        marks,
        name,
    }))
}

/// Rows that are read together: programs are looked up once.
struct Batch<'a> {
    entries: &'a Entries,
    now: DateTime<Utc>,
    programs: HashMap<Code, Option<Program>>,
}

impl Batch<'_> {
    fn read(&mut self, kind: Kind, body: Value) -> Done {
        let (books, vault) = (&self.entries.books, &self.entries.vault);
        match kind {
            Kind::Disbursements => {
                let new: NewDisbursement = parse(body)?;
                let fund = new.fund.as_ref().map(|code| &code.0);
                let book = books.of_payout(Some(&new.program.0), fund)?;
                let command = new.into_command(book, vault, self.now)?;
                let marks = self.of_disbursement(&command)?;
                asked(command, marks, |done| done.payout.id.to_string())
            }
            Kind::Donations => {
                let new: NewDonation = parse(body)?;
                let program = new.program.as_ref().map(|code| &code.0);
                let fund = new.fund.as_ref().map(|code| &code.0);
                let book = books.of_payout(program, fund)?;
                let command = new.into_command(book, self.now);
                let marks = of_donation(&command);
                asked(command, marks, |done| done.payout.id.to_string())
            }
            Kind::Sales => {
                let new: NewSale = parse(body)?;
                let book = books.of_sale(&new.program.0)?;
                let command = new.into_command(book, vault, self.now)?;
                let marks = Marks {
                    program: Some(command.program.to_string()),
                    person: command.producer.as_ref().map(|one| one.mark().to_owned()),
                    amount: Some(command.amount.won().get()),
                    day: Some(command.sold_on),
                    external_id: command.external_id.clone(),
                    round: None,
                };
                asked(command, marks, |sale| sale.id.to_string())
            }
            Kind::Measurements => {
                let command = parse::<NewMeasurement>(body)?.into_command(self.now);
                let marks = Marks {
                    program: Some(command.indicator.to_string()),
                    external_id: command.external_id.clone(),
                    ..Marks::default()
                };
                asked(command, marks, |measured| measured.id.to_string())
            }
            Kind::Contributions => contribution(books, body, self.now),
            Kind::Beneficiaries => {
                let command = parse::<NewBeneficiary>(body)?.into_command(vault, self.now)?;
                let marks = Marks {
                    person: Some(command.introduced.mark().to_owned()),
                    // Nobody is recorded twice.
                    round: Some("*".to_owned()),
                    ..Marks::default()
                };
                asked(command, marks, |person| person.id.to_string())
            }
            Kind::Amendments | Kind::PaymentResults => Err(Unread::Faults(Vec::new())),
        }
    }

    fn of_disbursement(&mut self, command: &RecordDisbursement) -> Result<Marks, DbError> {
        let payout = &command.payout;
        let round = match &payout.program {
            Some(code) => self
                .program(code)?
                .and_then(|program| once_key(program, command.round.as_deref()).ok().flatten()),
            None => None,
        };
        Ok(Marks {
            program: payout.program.as_ref().map(Code::to_string),
            person: match &command.whom {
                Whom::One(introduced) => Some(introduced.mark().to_owned()),
                Whom::Group { .. } => None,
            },
            amount: Some(payout.amount.won().get()),
            day: Some(payout.planned_on),
            external_id: payout.external_id.clone(),
            round,
        })
    }

    fn program(&mut self, code: &Code) -> Result<Option<&Program>, DbError> {
        if !self.programs.contains_key(code) {
            let found = self
                .entries
                .db
                .read(|conn| programs::store::get(conn, &Bounds::none(), code))?;
            self.programs.insert(code.clone(), found);
        }
        Ok(self.programs.get(code).and_then(Option::as_ref))
    }
}

fn of_donation(command: &RecordDonation) -> Marks {
    let payout = &command.payout;
    Marks {
        program: payout.program.as_ref().map(Code::to_string),
        person: None,
        amount: Some(payout.amount.won().get()),
        day: Some(payout.planned_on),
        external_id: payout.external_id.clone(),
        round: None,
    }
}

/// A contribution: the body of the API, and the fund that the API has in its path.
fn contribution(books: &Directory, mut body: Value, now: DateTime<Utc>) -> Done {
    let fund = body.as_object_mut().and_then(|body| body.remove("fund"));
    let fund = fund.as_ref().and_then(Value::as_str);
    let Some(fund) = fund.and_then(|text| Code::parse(text).ok()) else {
        return Err(Unread::Faults(vec![FieldFault::new("/fund", "missing")]));
    };
    let new: NewContribution = parse(body)?;
    let day: Option<NaiveDate> = new.effective_on.as_ref().map(|day| day.0);
    let book = books.of_fund(&fund)?;
    let command = new.into_command(book, fund);
    let marks = Marks {
        amount: Some(command.amount.won().get()),
        day,
        ..Marks::default()
    };
    let command = Undertake::or_propose(command, ids::unique(now));
    asked(command, marks, outcome_name)
}

/// What a contribution is called: its fund, which undoing it needs, and its id; the id of the proposal,
/// where a second person has to agree to it.
fn outcome_name(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(entry) => entry_name(entry),
        Outcome::Proposed(proposal) => proposal.id.to_string(),
    }
}

fn entry_name(entry: &FundEntry) -> String {
    let command: Value = serde_json::from_str(&entry.command).unwrap_or_default();
    let fund = command.get("fund").and_then(Value::as_str);
    format!("{}/{}", fund.unwrap_or_default(), entry.id())
}
