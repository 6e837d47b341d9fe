//! Recording: every row that is right is asked for under its own key, a parcel at a time. Broken
//! off, it goes on where it was; what was recorded behind that mark is found by its key.
//!
//! In mode `all` a row that is refused now, though it was right when it was checked, ends the
//! import: what was recorded of it is undone.

use super::Imports;
use super::batch::Drafted;
use super::columns::Plan;
use super::entry::Ask;
use super::error::WorkError;
use super::model::{FIRST_PARCEL, Import, Mode, RowFault, State, Work};
use super::parcels::{Line, Shelf};
use super::prints::{Note, caller};
use super::rules::Act;
use super::store;
use crate::db::DbError;
use crate::desk::{Answer, Once};
use crate::refusal::Refusal;

/// What recording needs in hand.
pub(super) struct Commit<'a> {
    imports: &'a Imports,
    import: &'a Import,
    pub(super) plan: Plan,
    pub(super) work: Work,
}

impl Imports {
    /// Records what is right of an import, from where it was left.
    ///
    /// # Errors
    /// [`WorkError`]: it goes on later, from where it was left.
    pub fn commit(&self, import: &Import) -> Result<(), WorkError> {
        let shelf = Shelf::of(&self.db, &self.vault, import)?;
        let mut commit = Commit::of(self, import, &shelf)?;
        while let Some(lines) = shelf.lines(commit.work.parcel)? {
            self.goes_on(import)?;
            if let Some(refusal) = commit.parcel(lines)? {
                let act = Act::Break(refusal.code().to_owned());
                return self.end(import, act, commit.work);
            }
        }
        self.end(import, Act::Commit, commit.work)
    }
}

impl<'a> Commit<'a> {
    pub(super) fn of(
        imports: &'a Imports,
        import: &'a Import,
        shelf: &Shelf<'_>,
    ) -> Result<Self, WorkError> {
        let plan = shelf.plan(import, imports.clock.today())?;
        let known = imports
            .db
            .read(|conn| store::works::get(conn, &import.id))?;
        let now = imports.clock.now();
        let mut work = known.unwrap_or_else(|| Work::none(import.id.clone(), now));
        if work.is_of(State::Received) {
            work.stage = State::Committing;
            work.started_at = now;
            work.done = 0;
            work.parcel = FIRST_PARCEL;
            work.counts.recorded = 0;
        }
        Ok(Self {
            imports,
            import,
            plan,
            work,
        })
    }

    /// Records the rows of a parcel; what refuses the whole import, if anything does.
    fn parcel(&mut self, lines: Vec<Line>) -> Result<Option<Refusal>, WorkError> {
        let rows = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        let mut rows_of_it = self.right(lines)?;
        let asks = rows_of_it
            .iter()
            .enumerate()
            .filter_map(|(place, row)| Some((place, row.entry.as_deref()?, self.ask(row)?)))
            .collect();
        let answers = self.imports.ask(asks)?;
        let (mut made, mut late, mut refused) = (Vec::new(), Vec::new(), None);
        for (place, answer) in answers {
            let Some(row) = rows_of_it.get_mut(place) else {
                continue;
            };
            match answer {
                Ok(answer) => made.extend(self.mine(row, &answer)),
                Err(refusal) => {
                    row.faults.clear();
                    row.refused(&self.plan, &refusal);
                    late.append(&mut row.faults);
                    refused.get_or_insert(refusal);
                }
            }
        }
        let whole = (self.import.mode == Some(Mode::All)).then_some(refused);
        self.note(rows, &made, late)?;
        Ok(whole.flatten())
    }

    /// The rows of a parcel that are right, read again.
    pub(super) fn right(&self, lines: Vec<Line>) -> Result<Vec<Drafted>, WorkError> {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
            return Ok(Vec::new());
        };
        let between = (first.number, last.number);
        let id = &self.import.id;
        let faulty = self
            .imports
            .db
            .read(|conn| store::faults::faulty(conn, id, between))?;
        let right = lines
            .into_iter()
            .filter(|line| !faulty.contains(&line.number))
            .collect();
        self.imports.draft(self.import, &self.plan, right)
    }

    /// How a row is asked for; not at all where its record stands and is another's.
    fn ask(&self, row: &Drafted) -> Option<Ask> {
        let keyed = row.keyed.as_ref()?;
        let note = Note {
            import: self.import.id.to_string(),
            line: row.line,
            follows: row.entry.as_ref()?.follows(),
        };
        if let Some((_, before)) = &keyed.before {
            let before = before.as_ref();
            before.filter(|before| before.is_of(&note.import, note.line))?;
        }
        Some(Ask {
            who: Imports::who(self.import),
            once: Some(Once {
                caller: caller(self.import.kind),
                key: keyed.key.clone(),
                request_hash: row.print.as_bytes().to_vec(),
            }),
            note: note.bytes(),
            dry_run: false,
        })
    }

    /// The record that a row became, unless it was recorded by another row.
    pub(super) fn mine(&self, row: &Drafted, answer: &Answer) -> Option<(i64, String)> {
        let note = Note::read(&answer.body)?;
        let mine = note.is_of(self.import.id.as_str(), row.line);
        mine.then(|| (row.line, answer.location.clone().unwrap_or_default()))
    }

    fn note(
        &mut self,
        rows: i64,
        made: &[(i64, String)],
        late: Vec<RowFault>,
    ) -> Result<(), DbError> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let work = &mut self.work;
        work.done = work.done.saturating_add(rows);
        work.parcel = work.parcel.saturating_add(1);
        work.counts.recorded = work.counts.recorded.saturating_add(count(made.len()));
        let refused: std::collections::BTreeSet<i64> = late.iter().map(|f| f.line).collect();
        work.counts.faulty = work.counts.faulty.saturating_add(count(refused.len()));
        work.counts.good = work.counts.good.saturating_sub(count(refused.len()));
        let id = &self.import.id;
        self.imports.note(work, |conn| {
            store::records::keep(conn, id, made)?;
            // What was told of these rows before, such as a warning, gives way to why they are
            // refused.
            for line in &refused {
                store::faults::forget_line(conn, id, *line)?;
            }
            store::faults::keep(conn, id, &late)
        })
    }
}
