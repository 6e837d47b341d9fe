//! Changes: what a decision asks to be written.

use crate::access::model::{RefreshSession, User};
use crate::access::partners::model::{Client, Partner};
use crate::amendments::model::Amendments;
use crate::beneficiaries::merges::model::{Identity, MergeFile};
use crate::beneficiaries::model::Beneficiary;
use crate::claims::model::Claim;
use crate::disbursements::model::Disbursement;
use crate::donations::model::Donation;
use crate::exports::model::Export;
use crate::funds::model::{Fund, Plan};
use crate::imports::model::Import;
use crate::imports::steps::Mapping;
use crate::indicators::model::Indicator;
use crate::ledger::{NewEvent, Transfer};
use crate::measurements::model::Measurement;
use crate::organisations::model::Organisation;
use crate::pledges::model::Pledge;
use crate::programs::model::Program;
use crate::proposals::model::Proposal;
use crate::sales::model::Sale;
use crate::settings::model::Settings;
use crate::statements::model::Statement;
use crate::tallies::compensation::CompensationChange;
use crate::tallies::people::PersonChange;
use crate::tallies::{SaleChange, Tally};
use crate::versions::Version;

/// A decision: what is to be written, and what it results in.
#[derive(Debug)]
pub struct Decision<T> {
    /// What is to be written.
    pub changes: Changes,
    /// What it results in.
    pub done: T,
}

/// A row to be written, whole.
#[derive(Debug)]
pub enum Put {
    /// A fund, new or changed.
    Fund(Fund),
    /// A new plan.
    Plan(Plan),
    /// A program, new or changed.
    Program(Program),
    /// An organisation, new or changed.
    Organisation(Organisation),
    /// A new beneficiary.
    Beneficiary(Beneficiary),
    /// Whom a beneficiary counts under, changed.
    Identity(Identity),
    /// What was done about a merge, with a step more.
    Merge(MergeFile),
    /// A disbursement, new or changed.
    Disbursement(Disbursement),
    /// A donation, new or changed.
    Donation(Donation),
    /// The amendments of a record, with a new one or a new decision.
    Amendments(Amendments),
    /// A sale, new or changed.
    Sale(Sale),
    /// A claim, new or changed.
    Claim(Claim),
    /// An export, new or called off.
    Export(Export),
    /// An import, new or a step further.
    Import(Import),
    /// What headers mean, new or changed.
    ImportMapping(Mapping),
    /// A pledge, new or changed.
    Pledge(Pledge),
    /// A statement of sales, new or changed.
    Statement(Statement),
    /// An indicator, new or changed.
    Indicator(Indicator),
    /// A measurement, new or changed.
    Measurement(Measurement),
    /// A user, new or changed.
    User(User),
    /// A session, new or changed.
    Session(RefreshSession),
    /// The settings of the house.
    Settings(Settings),
    /// A proposal, new or decided.
    Proposal(Proposal),
    /// A partner, new or changed.
    Partner(Partner),
    /// A client, new or changed.
    Client(Client),
}

/// Everything that one command changes: exactly one event, and what belongs to it.
#[derive(Debug)]
pub struct Changes {
    /// What happened.
    pub event: NewEvent,
    /// Money that moves.
    pub transfers: Vec<Transfer>,
    /// Rows to be written.
    pub puts: Vec<Put>,
    /// What is to be added to the sums of programs.
    pub tallies: Vec<Tally>,
    /// What is to be added to the sums of sales.
    pub sales: Vec<SaleChange>,
    /// What is to be added to the sums of compensation.
    pub compensation: Vec<CompensationChange>,
    /// What people were given.
    pub people: Vec<PersonChange>,
    /// A version of master data to be kept.
    pub version: Option<Version>,
    /// The contribution that is undone, by its sequence in the book.
    pub reversed_contribution: Option<i64>,
}

impl Changes {
    /// Changes that consist of an event alone, so far.
    #[must_use]
    pub fn of(event: NewEvent) -> Self {
        Self {
            event,
            transfers: Vec::new(),
            puts: Vec::new(),
            tallies: Vec::new(),
            sales: Vec::new(),
            compensation: Vec::new(),
            people: Vec::new(),
            version: None,
            reversed_contribution: None,
        }
    }

    /// The same changes with one more row.
    #[must_use]
    pub fn put(mut self, put: Put) -> Self {
        self.puts.push(put);
        self
    }

    /// The decision that makes these changes and results in `done`.
    #[must_use]
    pub fn done<T>(self, done: T) -> Decision<T> {
        Decision {
            changes: self,
            done,
        }
    }
}
