//! Books without a server: commands go through the write door as those of the API do.

use std::fmt::Debug;
use std::sync::Arc;

use sangsaeng::access::keys::KeyRing;
use sangsaeng::audit;
use sangsaeng::beneficiaries::vault::Vault;
use sangsaeng::clock::{Clock, SteeredClock};
use sangsaeng::db::{Conn, Db, DbError, Url};
use sangsaeng::desk::door::Waiting;
use sangsaeng::desk::{Answer, Command, Directory, Door, Request};
use sangsaeng::ledger::Who;
use tempfile::TempDir;

use super::{Place, World, morning, template};

/// Books of a test's own.
pub struct Books {
    /// The clock that everything goes by.
    pub clock: Arc<SteeredClock>,
    /// The write door.
    pub door: Door,
    /// The reading door.
    pub db: Db,
    /// Which book a record belongs to.
    pub directory: Directory,
    /// What seals personal details.
    pub vault: Vault,
    /// What signs and seals.
    pub keys: Arc<KeyRing>,
    url: Url,
    _place: Place,
    _dir: TempDir,
}

fn doors(url: &Url, clock: &Arc<SteeredClock>) -> (Door, Db, Directory) {
    let steered: Arc<dyn Clock> = clock.clone();
    let door = Door::open(url, steered).unwrap();
    let db = Db::open(url).unwrap();
    (door, db.clone(), Directory::new(db))
}

impl Books {
    /// Empty books on the morning of a day.
    pub fn on(day: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (place, keys) = template::copy_to(dir.path());
        Self::over(dir, place, keys, day)
    }

    /// The same on each engine, with the same keys: embedded, and on a server that sorts words as
    /// people do unless it is told otherwise. Nothing in a run on the embedded engine.
    pub fn on_both_engines(day: &str) -> Option<[Self; 2]> {
        Place::on_both_engines().map(|places| {
            places.map(|(dir, place)| {
                template::fill(&place.url(), &place.serving());
                Self::over(dir, place, template::keys(), day)
            })
        })
    }

    fn over(dir: TempDir, place: Place, keys: KeyRing, day: &str) -> Self {
        let url = place.serving();
        let clock = Arc::new(SteeredClock::at(morning(day)));
        let vault = Vault::new(keys.personal_details(), keys.blind_index()).unwrap();
        let (door, db, directory) = doors(&url, &clock);
        Self {
            clock,
            door,
            db,
            directory,
            vault,
            keys: Arc::new(keys),
            url,
            _place: place,
            _dir: dir,
        }
    }

    /// Makes it the morning of `day` in Seoul.
    pub fn set_day(&self, day: &str) {
        self.clock.set(morning(day));
    }

    /// A server over them.
    pub fn served(&self) -> World {
        World::over(
            Place::Shared(self.url.clone(), self.url.clone()),
            Arc::clone(&self.clock),
            Arc::clone(&self.keys),
        )
    }

    /// Closes the books and opens them again.
    pub fn restart(&mut self) {
        self.door.stop();
        (self.door, self.db, self.directory) = doors(&self.url, &self.clock);
    }

    /// Asks for a write without waiting for its answer, which says nothing more.
    pub fn start<C: Command>(&self, who: Who, command: C, dry_run: bool) -> Waiting {
        let request = Request {
            command,
            who,
            once: None,
            dry_run,
        };
        let nothing = Answer {
            status: 200,
            location: None,
            etag: None,
            body: Vec::new(),
            replayed: false,
        };
        self.door.start(request, move |_| nothing.clone()).unwrap()
    }

    /// Writes what has to be accepted.
    pub fn run<C: Command>(&self, actor: &str, command: C) -> C::Done
    where
        C::Done: Send,
    {
        self.door.run_blocking(command, who(actor)).unwrap()
    }

    /// Reads what has to be readable.
    pub fn read<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> T
    where
        E: From<DbError> + Debug,
    {
        self.db.read(work).unwrap()
    }
}

fn who(actor: &str) -> Who {
    Who::of_house(actor, "test")
}

impl Drop for Books {
    fn drop(&mut self) {
        self.door.stop();
        if !std::thread::panicking() {
            let report = self.read(|conn| audit::verify(conn, &mut |_| {}));
            assert!(report.is_clean(), "the books do not agree:\n{report}");
        }
    }
}
