//! A group at work: fetch, decide, apply, write.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::answer::{Answer, Stored};
use super::changes::Put;
use super::task::{Decided, Outcome, Turn};
use super::{Changes, Desk, Shelf, Stop, WriteError};
use crate::db::{Conn, DbError};
use crate::funds::model::SpendLimit;
use crate::ids::RecordId;
use crate::ledger::store as ledger;
use crate::ledger::{Account, AccountKey, Bucket, Head, Journal, LedgerError, Who};
use crate::payouts::lookups::{ExternalId, OnceKey, SALE_STATEMENT};
use crate::payouts::model::Payout;
use crate::statements::model::{LiveStatements, Statement};
use crate::tallies::Pending;

/// How often commands are asked for hints: each time they see what the last time fetched.
const MAX_HINTS: usize = 6;
/// How often a decision is asked before it is held to be going in circles.
const MAX_ROUNDS: usize = 64;

impl Desk {
    pub(super) fn open(head: Head, now: DateTime<Utc>, today: NaiveDate) -> Self {
        Self {
            now,
            today,
            journal: Journal::new(head),
            wanted_accounts: RefCell::new(BTreeSet::new()),
            answers: Shelf::default(),
            funds: Shelf::default(),
            plans: Shelf::default(),
            contributions: Shelf::default(),
            programs: Shelf::default(),
            organisations: Shelf::default(),
            beneficiaries: Shelf::default(),
            identities: Shelf::default(),
            merges: Shelf::default(),
            disbursements: Shelf::default(),
            donations: Shelf::default(),
            amendments: Shelf::default(),
            sales: Shelf::default(),
            claims: Shelf::default(),
            exports: Shelf::default(),
            imports: Shelf::default(),
            import_files: Shelf::default(),
            import_mappings: Shelf::default(),
            pledges: Shelf::default(),
            statements: Shelf::default(),
            statements_of: Shelf::default(),
            indicators: Shelf::default(),
            usages: Shelf::default(),
            measurements: Shelf::default(),
            cells: Shelf::default(),
            external_ids: Shelf::default(),
            once_keys: Shelf::default(),
            standings: Shelf::default(),
            histories: Shelf::default(),
            users: Shelf::default(),
            user_emails: Shelf::default(),
            user_subjects: Shelf::default(),
            sessions: Shelf::default(),
            settings: Shelf::default(),
            proposals: Shelf::default(),
            partners: Shelf::default(),
            clients: Shelf::default(),
            given: HashMap::new(),
            sums: Pending::default(),
            versions: Vec::new(),
        }
    }

    /// Decides every command, fetching for all of them whatever any of them still misses.
    pub(super) fn decide_all(
        &mut self,
        conn: &mut Conn,
        mut turns: Vec<Turn<'_>>,
    ) -> Result<Vec<Outcome>, DbError> {
        for _ in 0..MAX_HINTS {
            for turn in &turns {
                turn.question.hint(self);
                if let Some(once) = turn.once {
                    self.answers.want(&(once.caller.clone(), once.key.clone()));
                }
            }
            if !self.fetch(conn)? {
                break;
            }
        }
        let mut outcomes: Vec<Option<Outcome>> = turns.iter().map(|_| None).collect();
        for _ in 0..MAX_ROUNDS {
            for (turn, outcome) in turns.iter_mut().zip(&mut outcomes) {
                if outcome.is_none() {
                    *outcome = self.decide(turn)?;
                }
            }
            if outcomes.iter().all(Option::is_some) || !self.fetch(conn)? {
                break;
            }
        }
        Ok(outcomes
            .into_iter()
            .map(|o| o.unwrap_or(Err(WriteError::Failed)))
            .collect())
    }

    /// Decides one command; `None` when something has to be fetched first.
    fn decide(&mut self, turn: &mut Turn<'_>) -> Result<Option<Outcome>, DbError> {
        match self.try_decide(turn) {
            Ok(outcome) => Ok(Some(Ok(outcome))),
            Err(Stop::Fetch) => Ok(None),
            Err(Stop::Refused(refusal)) => Ok(Some(Err(WriteError::Refused(refusal)))),
            Err(Stop::Elsewhere(book)) => {
                tracing::warn!(?book, "a command came to the wrong book");
                Ok(Some(Err(WriteError::Busy)))
            }
            Err(Stop::Impossible(error)) => {
                tracing::error!(%error, "a decision was impossible");
                Err(DbError::Schema(error.to_string()))
            }
        }
    }

    fn try_decide(&mut self, turn: &mut Turn<'_>) -> Result<Option<Answer>, Stop> {
        self.within(&turn.who.bounds, turn.question.about())?;
        if let Some(once) = turn.once {
            let key = (once.caller.clone(), once.key.clone());
            if let Some(stored) = self.answers.find(&key)? {
                return Ok(Some(stored.again(once)?));
            }
        }
        let Decided { changes, answer } = turn.question.decide(self)?;
        if turn.dry_run {
            return Ok(answer);
        }
        self.apply(changes, turn.who)?;
        if let (Some(once), Some(answer)) = (turn.once, &answer) {
            let recorded_at = self.now();
            let stored = Stored {
                once: once.clone(),
                answer: answer.clone(),
                recorded_at,
            };
            self.answers.put(stored);
        }
        Ok(answer)
    }

    fn fetch(&mut self, conn: &mut Conn) -> Result<bool, DbError> {
        let mut any = self.funds.fetch(conn)?;
        any |= self.fetch_accounts(conn)?;
        any |= self.answers.fetch(conn)?;
        any |= self.plans.fetch(conn)?;
        any |= self.contributions.fetch(conn)?;
        any |= self.programs.fetch(conn)?;
        any |= self.organisations.fetch(conn)?;
        any |= self.beneficiaries.fetch(conn)?;
        any |= self.identities.fetch(conn)?;
        any |= self.merges.fetch(conn)?;
        any |= self.disbursements.fetch(conn)?;
        any |= self.donations.fetch(conn)?;
        any |= self.amendments.fetch(conn)?;
        any |= self.sales.fetch(conn)?;
        any |= self.claims.fetch(conn)?;
        any |= self.exports.fetch(conn)?;
        any |= self.imports.fetch(conn)?;
        any |= self.import_files.fetch(conn)?;
        any |= self.import_mappings.fetch(conn)?;
        any |= self.pledges.fetch(conn)?;
        any |= self.statements.fetch(conn)?;
        any |= self.statements_of.fetch(conn)?;
        any |= self.indicators.fetch(conn)?;
        any |= self.usages.fetch(conn)?;
        any |= self.measurements.fetch(conn)?;
        any |= self.cells.fetch(conn)?;
        any |= self.external_ids.fetch(conn)?;
        any |= self.once_keys.fetch(conn)?;
        any |= self.standings.fetch(conn)?;
        any |= self.histories.fetch(conn)?;
        any |= self.users.fetch(conn)?;
        any |= self.user_emails.fetch(conn)?;
        any |= self.user_subjects.fetch(conn)?;
        any |= self.sessions.fetch(conn)?;
        any |= self.settings.fetch(conn)?;
        any |= self.proposals.fetch(conn)?;
        any |= self.partners.fetch(conn)?;
        any |= self.clients.fetch(conn)?;
        Ok(any)
    }

    fn fetch_accounts(&mut self, conn: &mut Conn) -> Result<bool, DbError> {
        let wanted: Vec<AccountKey> = self.wanted_accounts.take().into_iter().collect();
        if wanted.is_empty() {
            return Ok(false);
        }
        for account in ledger::accounts(conn, self.book(), &wanted)? {
            if !self.journal.has(&account.key) {
                self.journal.put_in_hand(account);
            }
        }
        for key in wanted {
            if !self.journal.has(&key) {
                let limited = self.is_limited(&key);
                self.journal.put_in_hand(Account::fresh(key, limited));
            }
        }
        Ok(true)
    }

    /// Whether an account's balance may not go below zero: cash only where the fund says so.
    fn is_limited(&self, key: &AccountKey) -> bool {
        match (key.bucket, &key.line.fund) {
            (Bucket::Outside | Bucket::CashOutside, _) | (Bucket::Cash, None) => false,
            (Bucket::Cash, Some(fund)) => matches!(
                self.funds.find(fund),
                Ok(Some(fund)) if fund.spend_limit == SpendLimit::Cash
            ),
            _ => true,
        }
    }

    /// Makes the changes of a decision visible to the next, to be written with the group.
    fn apply(&mut self, changes: Changes, who: &Who) -> Result<(), LedgerError> {
        self.journal
            .record(changes.event, changes.transfers, who, self.now)?;
        for tally in &changes.tallies {
            self.sums.tally(tally)?;
        }
        for sale in &changes.sales {
            self.sums.sale(sale)?;
        }
        for compensated in &changes.compensation {
            self.sums.compensate(compensated)?;
        }
        for change in changes.people {
            for count in &change.counts {
                self.sums.count(count)?;
            }
            for standing in change.standings {
                self.standings.put(standing);
            }
            let given = self.given.entry(change.person).or_default();
            given.extend(change.given);
        }
        self.versions.extend(changes.version);
        if let Some(sequence) = changes.reversed_contribution {
            let key = (self.book(), sequence);
            if let Ok(Some(contribution)) = self.contributions.find(&key) {
                let mut reversed = (*contribution).clone();
                reversed.reversed = true;
                self.contributions.note(key, Some(reversed));
            }
        }
        for put in changes.puts {
            self.put(put);
        }
        Ok(())
    }

    fn put(&mut self, put: Put) {
        match put {
            Put::Fund(fund) => self.funds.put(fund),
            Put::Plan(plan) => self.plans.put(plan),
            Put::Program(program) => self.programs.put(program),
            Put::Organisation(organisation) => self.organisations.put(organisation),
            Put::Beneficiary(beneficiary) => self.beneficiaries.put(beneficiary),
            Put::Identity(identity) => self.identities.put(identity),
            Put::Merge(merge) => self.merges.put(merge),
            Put::Disbursement(disbursement) => {
                self.forget_keys(&disbursement.payout.id);
                self.note_external_id("disbursement", &disbursement.payout);
                self.note_once_key(&disbursement);
                self.disbursements.put(disbursement);
            }
            Put::Donation(donation) => {
                self.note_external_id("donation", &donation.payout);
                self.donations.put(donation);
            }
            Put::Amendments(amendments) => self.amendments.put(amendments),
            Put::Sale(sale) => {
                if let Some(external_id) = &sale.external_id {
                    let key = ("sale", Some(sale.program.clone()), external_id.clone());
                    let live = sale.status == crate::sales::model::SaleStatus::Recorded;
                    self.note_external(key, live, &sale.id);
                }
                self.sales.put(sale);
            }
            Put::Claim(claim) => self.claims.put(claim),
            Put::Export(export) => self.exports.put(export),
            Put::Import(import) => {
                let (key, file) = import.file();
                self.import_files.note(key, file);
                self.imports.put(import);
            }
            Put::ImportMapping(mapping) => self.import_mappings.put(mapping),
            Put::Pledge(pledge) => self.pledges.put(pledge),
            Put::Statement(statement) => self.put_statement(statement),
            Put::Indicator(indicator) => self.indicators.put(indicator),
            Put::Measurement(measurement) => self.put_measurement(measurement),
            Put::User(user) => {
                let key = user.email.as_str().to_owned();
                let found = crate::access::model::UserEmail {
                    email: key.clone(),
                    id: user.id.clone(),
                };
                self.user_emails.note(key, Some(found));
                if let Some(subject) = &user.subject {
                    let found = crate::access::model::UserSubject {
                        subject: subject.clone(),
                        id: user.id.clone(),
                    };
                    self.user_subjects.note(subject.clone(), Some(found));
                }
                self.users.put(user);
            }
            Put::Session(session) => self.sessions.put(session),
            Put::Settings(settings) => self.settings.put(settings),
            Put::Proposal(proposal) => self.proposals.put(proposal),
            Put::Partner(partner) => self.partners.put(partner),
            Put::Client(client) => self.clients.put(client),
        }
    }

    /// Puts a statement down, and among the live ones of its program or away from them.
    fn put_statement(&mut self, statement: Statement) {
        let (program, id) = (statement.program.clone(), statement.declared.id.clone());
        let live = statement.cancelled.is_none();
        if let Some(external_id) = &statement.external_id {
            let key = (SALE_STATEMENT, Some(program.clone()), external_id.clone());
            self.note_external(key, live, &id);
        }
        if let Ok(known) = self.statements_of.find(&program) {
            let mut declared = known.map_or_else(Vec::new, |known| known.declared.clone());
            declared.retain(|one| one.id != id);
            if live {
                declared.push(statement.declared.clone());
            }
            let known = LiveStatements {
                program: program.clone(),
                declared,
            };
            self.statements_of.note(program, Some(known));
        }
        self.statements.put(statement);
    }

    /// Frees the keys of a disbursement as it was before it changed.
    fn forget_keys(&mut self, id: &RecordId) {
        let Ok(Some(before)) = self.disbursements.find(id) else {
            return;
        };
        let program = before.payout.line.program.clone();
        if let Some(external_id) = &before.payout.external_id {
            self.external_ids
                .note(("disbursement", program.clone(), external_id.clone()), None);
        }
        if let (Some(program), Some(person), Some(once)) =
            (program, &before.payee.beneficiary, &before.once_key)
        {
            self.once_keys
                .note((program, person.clone(), once.clone()), None);
        }
    }

    fn note_external_id(&mut self, noun: &'static str, payout: &Payout) {
        if let Some(external_id) = &payout.external_id {
            let key = (noun, payout.line.program.clone(), external_id.clone());
            self.note_external(key, payout.status.is_live(), &payout.id);
        }
    }

    pub(super) fn note_external(
        &mut self,
        key: (&'static str, Option<crate::code::Code>, String),
        live: bool,
        record: &RecordId,
    ) {
        let found = live.then(|| ExternalId {
            noun: key.0,
            program: key.1.clone(),
            external_id: key.2.clone(),
            record: record.clone(),
        });
        self.external_ids.note(key, found);
    }

    fn note_once_key(&mut self, disbursement: &crate::disbursements::model::Disbursement) {
        let payout = &disbursement.payout;
        let (Some(program), Some(beneficiary), Some(once)) = (
            &payout.line.program,
            &disbursement.payee.beneficiary,
            &disbursement.once_key,
        ) else {
            return;
        };
        let key = (program.clone(), beneficiary.clone(), once.clone());
        let found = payout.status.is_live().then(|| OnceKey {
            program: key.0.clone(),
            beneficiary: key.1.clone(),
            once: key.2.clone(),
            record: payout.id.clone(),
        });
        self.once_keys.note(key, found);
    }

    /// Writes everything that the group changed. Rows that books share come last.
    pub(super) fn write(&self, conn: &mut Conn) -> Result<(), DbError> {
        ledger::write(conn, &self.journal)?;
        self.funds.flush(conn)?;
        self.plans.flush(conn)?;
        self.organisations.flush(conn)?;
        self.programs.flush(conn)?;
        crate::versions::keep(conn, &self.versions)?;
        self.beneficiaries.flush(conn)?;
        self.identities.flush(conn)?;
        self.merges.flush(conn)?;
        self.disbursements.flush(conn)?;
        self.donations.flush(conn)?;
        self.amendments.flush(conn)?;
        self.sales.flush(conn)?;
        self.claims.flush(conn)?;
        self.exports.flush(conn)?;
        self.imports.flush(conn)?;
        self.import_mappings.flush(conn)?;
        self.pledges.flush(conn)?;
        self.statements.flush(conn)?;
        self.indicators.flush(conn)?;
        self.measurements.flush(conn)?;
        self.users.flush(conn)?;
        self.sessions.flush(conn)?;
        self.settings.flush(conn)?;
        self.proposals.flush(conn)?;
        self.partners.flush(conn)?;
        self.clients.flush(conn)?;
        self.sums.write(conn, self.book())?;
        self.standings.flush(conn)?;
        self.answers.flush(conn)
    }
}
