//! The desk: where commands are decided, group by group, and from where each table is written once.
//!
//! A group of commands of one book comes through the write door. [`Desk`] holds the book's
//! [`Journal`] and a [`Shelf`] for each kind of row. Each command hints at what it will need, which
//! is fetched for the whole group at once, until there are no more hints. Then it is asked to decide;
//! what it misses all the same is fetched and it is asked again, so a decision is a pure function of
//! what is in hand. Then the commands are decided in turn, each seeing the changes of
//! the one before, and the changes are written. A refusal has written nothing; a dry run is a
//! decision whose changes are not kept.
//!
//! Cost: a handful of statements a group, whatever its size; a hint is asked about four times and a decision once.

pub mod answer;
pub mod batch;
mod bounded;
pub mod changes;
pub mod directory;
pub mod door;
pub mod group;
mod measured;
pub mod shelf;
mod task;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};

pub use answer::{Answer, Once};
pub use batch::{BatchMode, Many};
pub use changes::{Changes, Decision};
pub use directory::Directory;
pub use door::{Door, Request, WriteError};
pub use shelf::Shelf;

use crate::access::model::{RefreshSession, User, UserEmail, UserSubject};
use crate::access::partners::model::{Client, Partner};
use crate::amendments::model::Amendments;
use crate::beneficiaries::merges::model::{Identity, MergeFile};
use crate::beneficiaries::model::{Beneficiary, BeneficiaryId};
use crate::bounds::About;
use crate::claims::model::Claim;
use crate::code::Code;
use crate::disbursements::model::Disbursement;
use crate::donations::model::Donation;
use crate::exports::model::Export;
use crate::funds::contributions::Contribution;
use crate::funds::model::{Fund, Plan};
use crate::imports::model::Import;
use crate::imports::steps::{Mapping, StandingFile};
use crate::indicators::model::{Indicator, Usage};
use crate::ledger::store::BookRef;
use crate::ledger::{Account, AccountKey, Bucket, Journal, LedgerError, Shortfall, Transfer, Who};
use crate::measurements::model::{LiveCell, Measurement};
use crate::money::MoneyError;
use crate::organisations::model::Organisation;
use crate::payouts::lookups::{ExternalId, OnceKey};
use crate::pledges::model::Pledge;
use crate::programs::model::{Program, ProgramKind};
use crate::proposals::model::Proposal;
use crate::refusal::Refusal;
use crate::sales::model::Sale;
use crate::settings::model::Settings;
use crate::statements::model::{LiveStatements, Statement};
use crate::tallies::Pending;
use crate::tallies::people::{Given, PersonHistory, Standing};
use crate::versions::Version;

/// Why a decision was not reached.
#[derive(Debug)]
pub enum Stop {
    /// Something is not in hand yet.
    Fetch,
    /// The command belongs in another book.
    Elsewhere(BookRef),
    /// It is refused.
    Refused(Refusal),
    /// A fault of the program.
    Impossible(LedgerError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        Self::Impossible(error)
    }
}

impl From<MoneyError> for Stop {
    fn from(error: MoneyError) -> Self {
        Self::Impossible(LedgerError::Money(error))
    }
}

/// Both results. Where both are refused for wrong fields, all of these at once.
///
/// # Errors
/// The [`Stop`] of either: what is not in hand yet first, then wrong fields, then the rest.
pub fn both<A, B>(first: Result<A, Stop>, second: Result<B, Stop>) -> Result<(A, B), Stop> {
    use Refusal::Fields;
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(Stop::Fetch), _) | (_, Err(Stop::Fetch)) => Err(Stop::Fetch),
        (Err(Stop::Refused(Fields(mut faults))), Err(Stop::Refused(Fields(more)))) => {
            faults.extend(more);
            Err(Fields(faults).into())
        }
        (_, Err(stop @ Stop::Refused(Fields(_)))) | (Err(stop), _) | (_, Err(stop)) => Err(stop),
    }
}

/// Something that a caller asks to be written.
pub trait Command: Send + 'static {
    /// What it results in.
    type Done;

    /// The book that it locks.
    fn book(&self) -> BookRef;

    /// What it is about. Whoever has bounds is refused all that is not about their own programs, so
    /// a command that says nothing is none for them.
    fn about(&self) -> About<'_> {
        About::House
    }

    /// Names what is sure to be asked for, as far as what is in hand tells it. Asked again after each
    /// fetch, so that a decision finds all it needs the first time. Only a hint.
    fn hint(&self, _desk: &Desk) {}

    /// Decides. Pure: the same desk gives the same decision.
    ///
    /// # Errors
    /// [`Stop`]: not yet, elsewhere, or no.
    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Self::Done>, Stop>;
}

/// Everything in hand while a group is decided.
pub struct Desk {
    now: DateTime<Utc>,
    today: NaiveDate,
    journal: Journal,
    wanted_accounts: RefCell<BTreeSet<AccountKey>>,
    /// Answers given before, by caller and key.
    answers: Shelf<answer::Stored>,
    /// Funds by code.
    pub funds: Shelf<Fund>,
    /// Plans by fund and version.
    pub plans: Shelf<Plan>,
    /// Contributions by book and sequence.
    pub contributions: Shelf<Contribution>,
    /// Programs by code.
    pub programs: Shelf<Program>,
    /// Organisations by code.
    pub organisations: Shelf<Organisation>,
    /// Beneficiaries by blind index.
    pub beneficiaries: Shelf<Beneficiary>,
    /// Whom a beneficiary is one with, by id.
    pub identities: Shelf<Identity>,
    /// What was done about merging a beneficiary, by its id.
    pub merges: Shelf<MergeFile>,
    /// Disbursements by id.
    pub disbursements: Shelf<Disbursement>,
    /// Donations by id.
    pub donations: Shelf<Donation>,
    /// Amendments by record.
    pub amendments: Shelf<Amendments>,
    /// Sales by id.
    pub sales: Shelf<Sale>,
    /// Claims by id.
    pub claims: Shelf<Claim>,
    /// Exports by id.
    pub exports: Shelf<Export>,
    /// Imports by id.
    pub imports: Shelf<Import>,
    /// Imports that stand, by their file.
    pub import_files: Shelf<StandingFile>,
    /// What headers mean, by kind and program.
    pub import_mappings: Shelf<Mapping>,
    /// Pledges by id.
    pub pledges: Shelf<Pledge>,
    /// Statements of sales by id.
    pub statements: Shelf<Statement>,
    /// The live statements of a program, by its code.
    pub statements_of: Shelf<LiveStatements>,
    /// Indicators by code.
    pub indicators: Shelf<Indicator>,
    /// How much each indicator is used.
    pub usages: Shelf<Usage>,
    /// Measurements by id.
    pub measurements: Shelf<Measurement>,
    /// Live measurements by indicator and cell.
    pub cells: Shelf<LiveCell>,
    /// Live records by the caller's own id.
    pub external_ids: Shelf<ExternalId>,
    /// Live disbursements by beneficiary and round or program.
    pub once_keys: Shelf<OnceKey>,
    /// What people stand at, by scope and person.
    pub standings: Shelf<Standing>,
    /// What people were approved and gave back, by person.
    pub histories: Shelf<PersonHistory>,
    /// Users by id.
    pub users: Shelf<User>,
    /// Users' ids by e-mail address.
    pub user_emails: Shelf<UserEmail>,
    /// Users' ids by who they are at the identity provider.
    pub user_subjects: Shelf<UserSubject>,
    /// Sessions by the digest of their refresh token.
    pub sessions: Shelf<RefreshSession>,
    /// The settings of the house.
    pub settings: Shelf<Settings>,
    /// Proposals by id.
    pub proposals: Shelf<Proposal>,
    /// Partners by the code of their organisation.
    pub partners: Shelf<Partner>,
    /// Clients by id.
    pub clients: Shelf<Client>,
    given: HashMap<BeneficiaryId, Vec<Given>>,
    sums: Pending,
    versions: Vec<Version>,
}

impl Desk {
    /// The instant at which this group is recorded.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.journal.instant(self.now)
    }

    /// The calendar date in Seoul at that instant.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The number of the book in hand.
    #[must_use]
    pub fn book(&self) -> i64 {
        self.journal.head().book
    }

    /// The sequence that the event of the decision at hand will have.
    #[must_use]
    pub fn next_sequence(&self) -> i64 {
        self.journal.next_sequence()
    }

    /// An account of the book, or a fresh one where nothing moved through it yet.
    ///
    /// # Errors
    /// [`Stop::Fetch`] when it was not fetched yet.
    pub fn account(&self, key: &AccountKey) -> Result<Account, Stop> {
        match self.journal.account(key) {
            Some(account) => Ok(account.clone()),
            None => {
                self.want_account(key);
                Err(Stop::Fetch)
            }
        }
    }

    /// Says that an account of the book will be asked for.
    pub fn want_account(&self, key: &AccountKey) {
        if self.journal.has(key) {
            return;
        }
        if let (Bucket::Cash, Some(fund)) = (key.bucket, &key.line.fund) {
            self.funds.want(fund);
        }
        self.wanted_accounts.borrow_mut().insert(key.clone());
    }

    /// Says which limited account these transfers would leave below zero, if any.
    ///
    /// # Errors
    /// [`Stop::Fetch`] until all accounts are in hand.
    pub fn shortfall(&self, transfers: &[Transfer]) -> Result<Option<Shortfall>, Stop> {
        let mut missing = false;
        for key in transfers.iter().flat_map(|t| [&t.debit, &t.credit]) {
            if !self.journal.has(key) {
                self.want_account(key);
                missing = true;
            }
        }
        if missing {
            return Err(Stop::Fetch);
        }
        Ok(self.journal.shortfall(transfers)?)
    }

    /// What a person was given by commands of this group that are decided already.
    pub fn given_in_this_group(&self, person: &BeneficiaryId) -> impl Iterator<Item = &Given> {
        self.given.get(person).into_iter().flatten()
    }

    /// A fund with the funds it is a part of, from itself to the root.
    ///
    /// # Errors
    /// [`Stop::Fetch`] until all are in hand.
    pub fn lineage(&self, fund: &Code) -> Result<Vec<Rc<Fund>>, Stop> {
        let mut lineage = Vec::new();
        let mut next = Some(fund.clone());
        while let Some(code) = next {
            let Some(fund) = self.funds.find(&code)? else {
                break;
            };
            next = fund.part_of.clone();
            lineage.push(fund);
        }
        Ok(lineage)
    }

    /// Whether a program makes good a damage, which is never giving. Its kind never changes.
    ///
    /// # Errors
    /// [`Stop::Fetch`] until it is in hand.
    pub fn compensates(&self, program: &Code) -> Result<bool, Stop> {
        let program = self.programs.find(program)?;
        Ok(program.is_some_and(|program| program.kind == ProgramKind::Compensation))
    }

    /// Makes sure that this is the book of `number`'s number.
    ///
    /// # Errors
    /// [`Stop::Elsewhere`] when the command came to the wrong book.
    pub fn expect_book(&self, number: i64) -> Result<(), Stop> {
        if self.book() == number {
            Ok(())
        } else {
            Err(Stop::Elsewhere(BookRef::Number(number)))
        }
    }
}
