//! An import at work, without a server or beside one.
//!
//! The same file again takes up what was begun with it and broken off: rows that were recorded are
//! found by their keys, so each is recorded once. Of what only was checked nothing stands; it is
//! called off, and the file received anew.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use sangsaeng::access::model::User;
use sangsaeng::config::Lang;
use sangsaeng::db::DbError;
use sangsaeng::desk::WriteError;
use sangsaeng::ids::RecordId;
use sangsaeng::imports::Imports;
use sangsaeng::imports::model::{Import, State, Work};
use sangsaeng::imports::rules::Act;
use sangsaeng::imports::steps::{AdvanceImport, ReceiveImport};
use sangsaeng::imports::store::{self, works};
use sangsaeng::ledger::Who;
use sangsaeng::refusal::Refusal;

use super::books::Books;
use super::import::unread;
use super::say::{Failed, Said, failed, said};

/// How often the bar is brought up to date.
const TICK: Duration = Duration::from_millis(100);
/// How long an import may stand still: somebody else may be at it, or have died over it.
const STILL: Duration = Duration::from_secs(120);
/// How often a file is received anew once what was begun with it is out of the way.
const MOST_TRIES: u32 = 5;

/// Who imports, into which books.
pub struct Run<'a> {
    /// The books.
    pub books: &'a Books,
    /// What imports are worked on with.
    pub imports: &'a Imports,
    /// Who records the rows.
    pub importer: &'a User,
    /// Where progress is shown.
    pub bar: ProgressBar,
    /// In which language.
    pub lang: Lang,
}

/// Why an import did not come to its end.
pub enum NotDone {
    /// The file was refused.
    Refused(Refusal),
    /// Something failed.
    Failed(Failed),
}

impl From<Failed> for NotDone {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

/// What becomes of an import that was begun with the same file.
enum Begun {
    /// It is taken up.
    TakenUp,
    /// It is called off: nothing of it stands.
    CalledOff,
    /// Its end is waited for.
    Awaited,
}

impl Run<'_> {
    /// Receives a file, or takes up what was begun with it, and works on it until nothing more is
    /// to be done.
    ///
    /// # Errors
    /// [`NotDone`].
    pub fn record(
        &self,
        staged: ReceiveImport,
        say: &mut dyn FnMut(&Said),
    ) -> Result<(Import, Work), NotDone> {
        self.bar
            .set_length(u64::try_from(staged.lines).unwrap_or(0));
        let own = staged.id();
        let received = self.received(&staged, say);
        if !matches!(&received, Ok(id) if *id == own) {
            self.imports.forget(&own);
        }
        Ok(self.follow(&received?)?)
    }

    /// The import of a file: a new one, or the one that was begun with it.
    fn received(
        &self,
        staged: &ReceiveImport,
        say: &mut dyn FnMut(&Said),
    ) -> Result<RecordId, NotDone> {
        let not_recorded = || failed("It was not recorded.", "기록되지 않았습니다.");
        for _ in 0..MOST_TRIES {
            let id = staged.id();
            let who = self.who(&id);
            let refusal = match self.books.door.run_blocking(staged.clone(), who) {
                Ok(_) => return Ok(id),
                Err(WriteError::Refused(refusal)) => refusal,
                Err(_) => return Err(not_recorded().into()),
            };
            let Some((import, begun)) = self.begun(staged, &refusal)? else {
                return Err(NotDone::Refused(refusal));
            };
            say(&said(
                format!("Import {} was begun with this file before.", import.id),
                format!("이 파일로 시작한 가져오기 {}이(가) 있습니다.", import.id),
            ));
            match begun {
                Begun::TakenUp => return Ok(import.id),
                Begun::CalledOff => self.call_off(&import)?,
                Begun::Awaited => drop(self.follow(&import.id)?),
            }
        }
        Err(not_recorded().into())
    }

    /// The importer's own import that stands in the way, and what becomes of it; nothing where it
    /// is recorded, or being recorded in another way.
    fn begun(
        &self,
        staged: &ReceiveImport,
        refusal: &Refusal,
    ) -> Result<Option<(Import, Begun)>, Failed> {
        let Refusal::Rule { code, facts } = refusal else {
            return Ok(None);
        };
        let id = facts.iter().find(|(name, _)| *name == "id");
        let Some((_, id)) = id.filter(|_| *code == "duplicate_file") else {
            return Ok(None);
        };
        let id = RecordId::stored(id.clone());
        let import = self.books.db.read(|conn| store::get(conn, &id));
        let import = import.map_err(|e| unread(&e))?;
        let own = |import: &Import| import.recorded_by == self.importer.id;
        let Some(import) = import.filter(own) else {
            return Ok(None);
        };
        let alike = (import.mode, &import.settings) == (staged.mode, &staged.settings);
        Ok(match import.state {
            State::Received | State::Committing if alike => Some((import, Begun::TakenUp)),
            State::Received | State::Checked => Some((import, Begun::CalledOff)),
            State::Undoing => Some((import, Begun::Awaited)),
            _ => None,
        })
    }

    /// Works on an import until nothing more is to be done, and shows how far it is.
    fn follow(&self, id: &RecordId) -> Result<(Import, Work), Failed> {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                let done = self.work_off(id);
                over.store(true, Ordering::Relaxed);
                done
            });
            while !over.load(Ordering::Relaxed) {
                if let Ok((import, work)) = self.stands(id) {
                    self.show(&import, &work);
                }
                std::thread::sleep(TICK);
            }
            worker.join().unwrap_or_else(|_panicked| Err(stuck(id)))
        })?;
        self.stands(id).map_err(|e| unread(&e))
    }

    fn work_off(&self, id: &RecordId) -> Result<(), Failed> {
        let (mut seen, mut since) = (None, Instant::now());
        loop {
            let (import, work) = self.stands(id).map_err(|e| unread(&e))?;
            if !import.state.is_open() {
                return Ok(());
            }
            let now = Some((import.version, work.changed_at));
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
            // Somebody else may be at it: a server beside this program.
            if !self.imports.work_on(&import) {
                if since.elapsed() > STILL {
                    return Err(stuck(id));
                }
                std::thread::sleep(TICK);
            }
        }
    }

    /// An import and how far it has come.
    fn stands(&self, id: &RecordId) -> Result<(Import, Work), DbError> {
        self.books.db.read(|conn| {
            let import = store::get(conn, id)?;
            let import = import.ok_or_else(|| DbError::Schema("the import is gone".to_owned()))?;
            let none = || Work::none(id.clone(), import.recorded_at);
            let work = works::get(conn, id)?.unwrap_or_else(none);
            Ok((import, work))
        })
    }

    fn show(&self, import: &Import, work: &Work) {
        let what = match import.state {
            State::Committing => said("recording", "기록"),
            State::Undoing => said("undoing", "되돌리기"),
            _ => said("checking", "점검"),
        };
        self.bar.set_message(what.text(self.lang).to_owned());
        self.bar.set_position(u64::try_from(work.done).unwrap_or(0));
    }

    /// Checks what would be received.
    ///
    /// # Errors
    /// [`NotDone::Failed`].
    pub fn rehearse(&self, staged: &ReceiveImport) -> Result<(Import, Work), NotDone> {
        let importer = self.importer.id.clone();
        let mut import = staged.rehearsed(importer, self.imports.clock.now());
        let work = self.imports.check_rows(&import).map_err(|e| {
            failed(
                format!("The rows cannot be checked: {e}."),
                format!("행을 점검할 수 없습니다: {e}."),
            )
        })?;
        import.state = if work.is_some() {
            State::Checked
        } else {
            State::Failed
        };
        let none = Work::none(import.id.clone(), import.recorded_at);
        Ok((import, work.unwrap_or(none)))
    }

    /// Of what was not recorded nothing is kept.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn settle(&self, import: &Import) -> Result<(), Failed> {
        if import.settings.rehearsal {
            self.imports.forget(&import.id);
            return Ok(());
        }
        if import.state != State::Checked {
            return Ok(());
        }
        self.call_off(import)
    }

    fn call_off(&self, import: &Import) -> Result<(), Failed> {
        let command = AdvanceImport {
            id: import.id.clone(),
            act: Act::Cancel,
            counts: None,
            expected_version: None,
        };
        let done = self.books.door.run_blocking(command, self.who(&import.id));
        done.map(|_| ())
            .map_err(|_not_open| failed("It was not called off.", "취소하지 못했습니다."))
    }

    fn who(&self, id: &RecordId) -> Who {
        Who::of_house(&self.importer.id, format!("import:{id}"))
    }
}

fn stuck(id: &RecordId) -> Failed {
    failed(
        format!("Import {id} stands still. The same command goes on from there."),
        format!("가져오기 {id}이(가) 멈춰 있습니다. 같은 명령으로 이어서 할 수 있습니다."),
    )
}
