//! Checking: every row is read, asked for as a dry run, and compared with the others. Nothing is
//! recorded; what is wrong is kept. Broken off, it begins anew.

use std::collections::HashMap;
use std::sync::PoisonError;

use chrono::{Duration, NaiveDate};

use super::Imports;
use super::batch::Drafted;
use super::columns::Plan;
use super::entry::Ask;
use super::error::WorkError;
use super::kinds::Kind;
use super::model::{Counts, FIRST_PARCEL, Import, Mode, RowFault, State, Weight, Work};
use super::parcels::Shelf;
use super::rules::Act;
use super::seen::{Before, Seen};
use super::store::lookups::{self, Payment};
use super::store::{self};
use crate::refusal::FieldFault;

/// Days within which a payment of the same amount to the same person is likely the same payment.
pub const LIKELY_DAYS: i32 = 30;
/// The code of that warning.
pub const LIKELY_SECOND: &str = "likely_second_payment";
/// Rows with something to tell, at most; past this a file is not checked any further.
pub const MAX_TOLD: i64 = 2_000_000;

/// What checking needs in hand.
struct Check<'a> {
    imports: &'a Imports,
    import: &'a Import,
    plan: Plan,
    work: Work,
    seen: Seen,
    told: i64,
}

impl Imports {
    /// Checks every row of an import that was received, and takes it on.
    ///
    /// # Errors
    /// [`WorkError`]: it is checked again later, from the beginning.
    pub fn check(&self, import: &Import) -> Result<(), WorkError> {
        let Some(work) = self.check_rows(import)? else {
            let work = Work::none(import.id.clone(), self.clock.now());
            return self.end(import, Act::Break("too_many_faults".to_owned()), work);
        };
        let act = self.verdict(import, &work.counts)?;
        self.end(import, act, work)
    }

    /// Checks every row and keeps what is wrong; `None` where that is too much.
    ///
    /// # Errors
    /// [`WorkError`].
    pub fn check_rows(&self, import: &Import) -> Result<Option<Work>, WorkError> {
        // What two files hold in memory is not held twice, however many are rehearsed.
        let alone = import.settings.rehearsal.then(|| self.reading.lock());
        let _alone = alone.map(|lock| lock.unwrap_or_else(PoisonError::into_inner));
        let shelf = Shelf::of(&self.db, &self.vault, import)?;
        let plan = shelf.plan(import, self.clock.today())?;
        let mut work = Work::none(import.id.clone(), self.clock.now());
        while self.note(&mut work, |conn| store::faults::forget(conn, &import.id))? {}
        let mut check = Check {
            imports: self,
            import,
            plan,
            work,
            seen: Seen::default(),
            told: 0,
        };
        let mut parcel = FIRST_PARCEL;
        while let Some(lines) = shelf.lines(parcel)? {
            let drafted = self.draft(import, &check.plan, lines)?;
            check.parcel(drafted)?;
            parcel = parcel.saturating_add(1);
            if check.told > MAX_TOLD {
                return Ok(None);
            }
        }
        check.totals()?;
        Ok(Some(check.work))
    }

    /// Whether what was ordered may begin.
    fn verdict(&self, import: &Import, counts: &Counts) -> Result<Act, WorkError> {
        let Some(mode) = import.mode else {
            return Ok(Act::Check);
        };
        let stands = self.db.read(|conn| obstacle(conn, import, mode, counts))?;
        Ok(stands.map_or(Act::Pass, |_| Act::Check))
    }

    /// Takes an import on, once the work of its state is done.
    pub(super) fn end(&self, import: &Import, act: Act, work: Work) -> Result<(), WorkError> {
        let command = super::steps::AdvanceImport {
            id: import.id.clone(),
            act,
            counts: Some(work.counts),
            expected_version: None,
        };
        match self.door.run_blocking(command, Self::who(import)) {
            Ok(_) => Ok(()),
            // It was called off meanwhile.
            Err(crate::desk::WriteError::Refused(_)) => Err(WorkError::Elsewhere),
            Err(error) => Err(WorkError::Door(error)),
        }
    }

    /// Makes sure that the import is where the work began, and that the work may go on.
    pub(super) fn goes_on(&self, import: &Import) -> Result<(), WorkError> {
        if self.is_stopping() {
            return Err(WorkError::Stopping);
        }
        // A rehearsal is in nobody else's hands.
        if import.settings.rehearsal {
            return Ok(());
        }
        match self.now(&import.id)? {
            Some(now) if now.state == import.state => Ok(()),
            _ => Err(WorkError::Elsewhere),
        }
    }
}

impl Check<'_> {
    fn parcel(&mut self, mut rows: Vec<Drafted>) -> Result<(), WorkError> {
        self.imports.goes_on(self.import)?;
        for row in &mut rows {
            self.compare(row);
        }
        self.ask(&mut rows)?;
        self.likely(&mut rows)?;
        let faults: Vec<RowFault> = rows.iter().flat_map(|row| row.faults.clone()).collect();
        for row in &rows {
            self.count(row);
        }
        let told = i64::try_from(faults.len()).unwrap_or(i64::MAX);
        self.told = self.told.saturating_add(told);
        let id = &self.import.id;
        self.imports.note(&mut self.work, |conn| {
            store::faults::keep(conn, id, &faults)
        })?;
        Ok(())
    }

    /// Compares a row with those before it, and with what was recorded before.
    fn compare(&mut self, row: &mut Drafted) {
        let Some(entry) = &row.entry else { return };
        let (marks, line) = (entry.marks().clone(), row.line);
        let here = Some(self.import.id.to_string());
        let before = match row.keyed.as_ref().and_then(|keyed| keyed.before.as_ref()) {
            Some((_, Some(note))) => Some((Some(note.import.clone()), note.line)),
            Some((_, None)) => Some((None, 0)),
            None => match self.seen.row(&row.print, &marks, line) {
                Some(Before::Row(first)) => Some((here, first)),
                Some(Before::ExternalId(first)) => {
                    let fault = FieldFault::new("/external_id", "repeated_external_id");
                    row.blame(&self.plan, Weight::Fault, &fault.with("row", first));
                    None
                }
                None => None,
            },
        };
        if let Some((import, first)) = before {
            row.entry = None;
            let notice = FieldFault::new("", "repeated_row").with("row", first);
            let notice = notice.with("import", import.unwrap_or_default());
            return row.blame(&self.plan, Weight::Notice, &notice);
        }
        if let Some(first) = self.seen.round(&marks, line) {
            let fault = FieldFault::new("/beneficiary", "repeated_beneficiary");
            row.blame(&self.plan, Weight::Fault, &fault.with("row", first));
        }
    }

    /// Asks for every row that may be right, as a dry run.
    fn ask(&self, rows: &mut [Drafted]) -> Result<(), WorkError> {
        let ask = Ask {
            who: Imports::who(self.import),
            once: None,
            note: Vec::new(),
            dry_run: true,
        };
        let asks = rows
            .iter()
            .enumerate()
            .filter_map(|(place, row)| Some((place, row.entry.as_deref()?, ask.clone())))
            .collect();
        for (place, answer) in self.imports.ask(asks)? {
            if let (Err(refusal), Some(row)) = (answer, rows.get_mut(place)) {
                row.refused(&self.plan, &refusal);
            }
        }
        Ok(())
    }

    /// Warns of rows that are likely paid already, or twice in this file.
    fn likely(&mut self, rows: &mut [Drafted]) -> Result<(), WorkError> {
        if self.import.kind != Kind::Disbursements {
            return Ok(());
        }
        let right = rows.iter().filter(|row| !row.is_faulty());
        let marks: Vec<_> = right
            .filter_map(|row| Some(row.entry.as_ref()?.marks().clone()))
            .collect();
        let people: Vec<String> = marks.iter().filter_map(|m| m.person.clone()).collect();
        let days = marks.iter().filter_map(|m| m.day);
        let (Some(first), Some(last)) = (days.clone().min(), days.max()) else {
            return Ok(());
        };
        let around = Duration::days(i64::from(LIKELY_DAYS));
        let between = (first - around, last + around);
        let paid = self
            .imports
            .db
            .read(|conn| lookups::payments(conn, &people, between))?;
        let mut paid_to: HashMap<&str, Vec<&Payment>> = HashMap::new();
        for payment in &paid {
            paid_to.entry(&payment.person).or_default().push(payment);
        }
        for row in rows.iter_mut().filter(|row| !row.is_faulty()) {
            let Some(entry) = &row.entry else { continue };
            let marks = entry.marks().clone();
            let known = marks.person.as_deref().and_then(|p| paid_to.get(p));
            let same = |payment: &&&Payment| {
                marks.program.as_deref() == Some(payment.program.as_str())
                    && marks.amount == Some(payment.amount)
                    && marks.day.is_some_and(|day| near(day, payment.planned_on))
            };
            let warning = FieldFault::new("/amount", LIKELY_SECOND).with("days", LIKELY_DAYS);
            let here = self.seen.payment(&marks, row.line, LIKELY_DAYS);
            if let Some(payment) = known.and_then(|known| known.iter().find(same)) {
                let warning = warning.with("id", &payment.record);
                row.blame(&self.plan, Weight::Warning, &warning);
            } else if let Some(first) = here {
                row.blame(&self.plan, Weight::Warning, &warning.with("row", first));
            }
        }
        Ok(())
    }

    fn count(&mut self, row: &Drafted) {
        self.work.done = self.work.done.saturating_add(1);
        let counts = &mut self.work.counts;
        if row.is_faulty() {
            counts.faulty = counts.faulty.saturating_add(1);
            return;
        }
        let Some(entry) = &row.entry else {
            counts.repeated = counts.repeated.saturating_add(1);
            return;
        };
        counts.good = counts.good.saturating_add(1);
        if row.is_warned() {
            counts.warned = counts.warned.saturating_add(1);
        }
        let marks = entry.marks();
        counts.amount = counts.amount.saturating_add(marks.amount.unwrap_or(0));
        if self.seen.person(marks) {
            counts.people = counts.people.saturating_add(1);
        }
    }

    /// Compares what was declared of the file with what is in it.
    fn totals(&mut self) -> Result<(), WorkError> {
        let (declared, found) = (&self.import.settings.totals, self.work.counts);
        let compared = [
            ("?rows", declared.rows, self.import.lines),
            ("?amount", declared.amount, found.amount),
            ("?people", declared.people, found.people),
        ];
        let differ = compared
            .into_iter()
            .filter_map(|(field, declared, found)| Some((field, declared?, found)))
            .filter(|(_, declared, found)| declared != found);
        let mut whole = Drafted {
            line: 0,
            print: String::new(),
            keyed: None,
            entry: None,
            faults: Vec::new(),
        };
        for (field, declared, found) in differ {
            let fault = FieldFault::new(field, "control_total_differs")
                .with("declared", declared)
                .with("found", found);
            whole.blame(&self.plan, Weight::Fault, &fault);
        }
        let id = &self.import.id;
        self.imports.note(&mut self.work, |conn| {
            store::faults::keep(conn, id, &whole.faults)
        })?;
        Ok(())
    }
}

/// What stands against recording an import that was checked, if anything does.
///
/// # Errors
/// [`crate::db::DbError`].
pub fn obstacle(
    conn: &mut crate::db::Conn,
    import: &Import,
    mode: Mode,
    counts: &Counts,
) -> Result<Option<crate::refusal::Refusal>, crate::db::DbError> {
    use crate::refusal::Refusal;
    if store::faults::of_the_whole(conn, &import.id)?.is_some() {
        return Ok(Some(Refusal::rule("control_totals_differ")));
    }
    if mode == Mode::All && counts.faulty > 0 {
        let refusal = Refusal::rule("import_has_faults");
        return Ok(Some(refusal.with("faulty", counts.faulty)));
    }
    let warnings = store::faults::warnings(conn, &import.id)?;
    let open: Vec<String> = warnings
        .into_iter()
        .filter(|code| !import.settings.acknowledged.contains(code))
        .collect();
    if open.is_empty() {
        return Ok(None);
    }
    let refusal = Refusal::rule("warnings_not_acknowledged");
    Ok(Some(refusal.with("warnings", open.join(", "))))
}

fn near(day: NaiveDate, other: NaiveDate) -> bool {
    (day - other).num_days().abs() <= i64::from(LIKELY_DAYS)
}

impl Work {
    /// Whether this is the work of an import that stands there.
    #[must_use]
    pub fn is_of(&self, state: State) -> bool {
        self.stage == state
    }
}
