//! Which book a new record belongs to.
//!
//! A fund's root never changes, so it is remembered for good. The funds of a program may, so they
//! are believed for a second; a record that came to the wrong book in that time is
//! refused by its own decision and sent again by its caller.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::bounds::Bounds;
use crate::code::Code;
use crate::db::{Conn, Db, DbError};
use crate::funds;
use crate::ledger::store::BookRef;
use crate::programs;

/// How long the funds of a program are believed.
const PROGRAM_MEMORY: Duration = Duration::from_secs(1);
/// Programs and funds remembered; past this everything is forgotten and looked up again.
const MAX_REMEMBERED: usize = 10_000;

/// Knows which book a new record belongs to.
pub struct Directory {
    /// Where it looks up what it does not remember; `None` for nowhere.
    db: Option<Db>,
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    roots: HashMap<Code, BookRef>,
    programs: HashMap<Code, (Instant, Vec<Code>)>,
}

impl Directory {
    /// A directory that knows nothing yet.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db: Some(db),
            known: Arc::default(),
        }
    }

    /// What this one remembers, and nothing else: it never blocks, and whatever would have to be
    /// looked up is an error.
    #[must_use]
    pub fn memory(&self) -> Self {
        Self {
            db: None,
            known: Arc::clone(&self.known),
        }
    }

    /// The book of a fund; the house, which will not find it, for one that does not exist.
    ///
    /// # Errors
    /// [`DbError`] when it has to be looked up and cannot be.
    pub fn of_fund(&self, fund: &Code) -> Result<BookRef, DbError> {
        if let Some(book) = self.lock().roots.get(fund) {
            return Ok(book.clone());
        }
        let Some(found) = self.read(|conn| funds::store::get(conn, fund))? else {
            return Ok(BookRef::house());
        };
        let book = BookRef::Number(found.book);
        let mut known = self.lock();
        if known.roots.len() >= MAX_REMEMBERED {
            known.roots.clear();
        }
        known.roots.insert(fund.clone(), book.clone());
        Ok(book)
    }

    /// The book of a new payout of `program` out of `fund`, each as the caller named it.
    ///
    /// # Errors
    /// As [`Directory::of_fund`].
    pub fn of_payout(
        &self,
        program: Option<&Code>,
        fund: Option<&Code>,
    ) -> Result<BookRef, DbError> {
        match (program, fund) {
            (_, Some(fund)) => self.of_fund(fund),
            (None, None) => Ok(BookRef::house()),
            (Some(program), None) => match self.funds_of(program)?.as_deref() {
                None => Ok(BookRef::house()),
                Some([]) => Ok(BookRef::program(program)),
                Some([first, ..]) => self.of_fund(first),
            },
        }
    }

    /// The book of a new sale of `program`: its own where it has no fund, else the house.
    ///
    /// # Errors
    /// As [`Directory::of_fund`].
    pub fn of_sale(&self, program: &Code) -> Result<BookRef, DbError> {
        match self.funds_of(program)?.as_deref() {
            Some([]) => Ok(BookRef::program(program)),
            _ => Ok(BookRef::house()),
        }
    }

    fn read<T>(&self, look_up: impl FnOnce(&mut Conn) -> Result<T, DbError>) -> Result<T, DbError> {
        match &self.db {
            Some(db) => db.read(look_up),
            None => Err(DbError::Busy),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn funds_of(&self, program: &Code) -> Result<Option<Vec<Code>>, DbError> {
        if let Some((since, funds)) = self.lock().programs.get(program)
            && since.elapsed() < PROGRAM_MEMORY
        {
            return Ok(Some(funds.clone()));
        }
        let look_up = |conn: &mut Conn| programs::store::get(conn, &Bounds::none(), program);
        let Some(found) = self.read(look_up)? else {
            return Ok(None);
        };
        let mut known = self.lock();
        if known.programs.len() >= MAX_REMEMBERED {
            known.programs.clear();
        }
        known
            .programs
            .insert(program.clone(), (Instant::now(), found.funds.clone()));
        Ok(Some(found.funds))
    }
}
