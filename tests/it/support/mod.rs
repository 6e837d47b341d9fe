//! A world for one test: books, a server over them, people who sign in, a clock that obeys.

mod books;
mod clients;
mod cluster;
pub mod document;
pub mod everything;
pub mod idp;
pub mod program;
pub mod proxy;
mod reply;
pub mod schema;
pub mod scrape;
mod standby;
mod template;
mod told;
mod verbs;
mod watch;

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use diesel::connection::SimpleConnection;
use sangsaeng::access::Access;
use sangsaeng::access::issuer::{Issuer, Provider};
use sangsaeng::access::keys::KeyRing;
use sangsaeng::access::source::Proxies;
use sangsaeng::app::{self, Shared};
use sangsaeng::attempts::Attempts;
use sangsaeng::audit;
use sangsaeng::beneficiaries::vault::Vault;
use sangsaeng::clock::{Clock, SteeredClock};
use sangsaeng::db::standby::{Standby, Wanted};
use sangsaeng::db::{Conn, Db, Url, Use};
use sangsaeng::desk::{Directory, Door};
use sangsaeng::exports::Exports;
use sangsaeng::http::kept::Kept;
use sangsaeng::http::state::{Limits, State, Stopping};
use sangsaeng::http::v1::exports::sources::Catalog;
use sangsaeng::http::v1::imports::entries::Entries;
use sangsaeng::imports::{Imports, Tools};
use tempfile::TempDir;
use tokio::sync::oneshot;

pub use books::Books;
pub use clients::Client;
#[cfg(feature = "tls")]
pub use cluster::Database;
pub use cluster::{SERVING, programs};
pub use reply::Reply;
pub use standby::Pair;
pub use template::{PASSWORD, Place, key_dir, token_key};
pub use told::{lines, row, rows, told};
pub use verbs::{because, fresh_key, merge, nothing};
#[cfg(feature = "tls")]
pub use watch::Number;

/// The day on which most tests take place.
pub const TODAY: &str = "2022-11-03";

/// Books, a server over them, and people who sign in.
pub struct World {
    /// Where the server listens.
    pub address: String,
    /// The clock that everything goes by.
    pub clock: Arc<SteeredClock>,
    place: Place,
    keys: Arc<KeyRing>,
    agent: ureq::Agent,
    server: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    standby: Option<Wanted>,
    proxies: Proxies,
    provider: Option<Provider>,
    shared: Option<Shared>,
    dir: TempDir,
}

/// Nine in the morning in Seoul.
fn morning(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().unwrap();
    Utc.from_utc_datetime(&day.and_hms_opt(0, 0, 0).unwrap())
}

/// A bound on how long a request may take: longer is a hang.
const PATIENCE: Duration = Duration::from_secs(20);

impl World {
    /// Empty books with a user for each role, on 2022-11-03.
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// The same, with other bounds on what comes in.
    pub fn with_limits(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (place, keys) = template::copy_to(dir.path());
        let clock = Arc::new(SteeredClock::at(morning(TODAY)));
        let mut world = Self::of(dir, place, clock, Arc::new(keys));
        world.start(limits);
        world
    }

    /// The same, behind a proxy on this machine that tells whom it passes requests on for.
    pub fn behind_a_proxy() -> Self {
        let mut world = Self::new();
        world.proxies = Proxies::parse("127.0.0.1").unwrap();
        world.restart();
        world
    }

    /// The same, where tokens of that identity provider are taken.
    pub fn with_provider(provider: Provider) -> Self {
        let mut world = Self::new();
        world.provider = Some(provider);
        world.restart();
        world
    }

    /// Another server over the same books, as a second instance would be.
    pub fn beside(&self) -> Self {
        self.beside_at(self.url())
    }

    /// The same, which reaches the database there.
    pub fn beside_at(&self, url: Url) -> Self {
        let place = Place::Shared(self.owner(), url);
        let dir = tempfile::tempdir().unwrap();
        let mut world = Self::of(dir, place, Arc::clone(&self.clock), Arc::clone(&self.keys));
        world.proxies = self.proxies.clone();
        world.provider = self.provider.clone();
        world.start(Limits::default());
        world
    }

    /// The same, which opens the keys in that folder by itself.
    pub fn beside_with_keys(&self, keys: &std::path::Path) -> Self {
        let place = Place::Shared(self.owner(), self.url());
        let keys = Arc::new(KeyRing::open(keys).unwrap());
        Self::over(place, Arc::clone(&self.clock), keys)
    }

    /// A server with the same keys and clock over other books, such as a copy of these.
    pub fn elsewhere(&self, url: Url) -> Self {
        let place = Place::Shared(url.clone(), url);
        Self::over(place, Arc::clone(&self.clock), Arc::clone(&self.keys))
    }

    /// A server over books that are kept elsewhere.
    pub fn over(place: Place, clock: Arc<SteeredClock>, keys: Arc<KeyRing>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut world = Self::of(dir, place, clock, keys);
        world.start(Limits::default());
        world
    }

    fn of(dir: TempDir, place: Place, clock: Arc<SteeredClock>, keys: Arc<KeyRing>) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .allow_non_standard_methods(true)
            .build();
        Self {
            address: String::new(),
            clock,
            place,
            keys,
            agent: agent.into(),
            server: None,
            standby: None,
            proxies: Proxies::default(),
            provider: None,
            shared: None,
            dir,
        }
    }

    fn start(&mut self, limits: Limits) {
        let url = self.url();
        let db = Db::open(&url).unwrap();
        let clock: Arc<dyn Clock> = self.clock.clone();
        let door = Arc::new(Door::open(&url, Arc::clone(&clock)).unwrap());
        let keys = Arc::clone(&self.keys);
        let vault = Vault::new(keys.personal_details(), keys.blind_index()).unwrap();
        let (vault, books) = (Arc::new(vault), Arc::new(Directory::new(db.clone())));
        let entries = Entries {
            db: db.clone(),
            books: Arc::clone(&books),
            vault: Arc::clone(&vault),
            clock: Arc::clone(&clock),
        };
        let tools = Tools {
            door: Arc::clone(&door),
            db: db.clone(),
            vault: Arc::clone(&vault),
            clock: Arc::clone(&clock),
            key: *keys.cursor(),
            reader: Arc::new(entries),
            spool: self.dir.path().to_owned(),
        };
        let imports = Arc::new(Imports::new(&url, tools));
        let catalog = Catalog {
            vault: Arc::clone(&vault),
            clock: Arc::clone(&clock),
            imports: Arc::clone(&imports),
        };
        let exports = Exports::new(
            &url,
            db.clone(),
            Arc::clone(&clock),
            Arc::new(catalog),
            self.dir.path().to_owned(),
        );
        let cursor_key = *keys.cursor();
        let access = Access::new(db.clone(), Arc::clone(&door), keys, Arc::clone(&clock));
        let access = match &self.provider {
            Some(provider) => {
                access.with_issuer(Issuer::open(provider.clone(), self.clock.now()).unwrap())
            }
            None => access,
        };
        let state = State {
            cursor_key,
            imports,
            exports: Arc::new(exports),
            attempts: Arc::new(Attempts::new(
                &url,
                db.clone(),
                Arc::clone(&clock),
                &cursor_key,
            )),
            vault,
            access,
            books,
            door,
            reports: Kept::default(),
            db: match &self.standby {
                Some(wanted) => db.with_standby(Standby::watch(&url, wanted).unwrap()),
                None => db,
            },
            clock,
            limits: Limits {
                workers: 1,
                notice: Duration::ZERO,
                // Counts are written when a test says so, and when the server stops.
                attempts_pause: Duration::from_secs(60 * 60),
                ..limits
            },
            proxies: self.proxies.clone(),
            stopping: Stopping::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        self.address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared::new(state);
        self.shared = Some(shared.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let stopped = async {
                drop(stopped.await);
            };
            let serving = app::serve(shared, listener, stopped);
            actix_web::rt::System::new().block_on(serving).unwrap();
        });
        self.server = Some((stop, thread));
    }

    /// The URL of the database, as servers connect to it.
    pub fn url(&self) -> Url {
        self.place.serving()
    }

    /// The URL of the database for the owner of its tables, who may spoil them.
    pub fn owner(&self) -> Url {
        self.place.url()
    }

    /// The write door of the server.
    pub fn door(&self) -> Arc<Door> {
        Arc::clone(&self.shared.as_ref().unwrap().state().door)
    }

    /// Has the server look for other keys to sign tokens with, as it does every few seconds.
    pub fn read_keys_again(&self) {
        let access = &self.shared.as_ref().unwrap().state().access;
        access.read_keys_again().unwrap();
    }

    /// What the server counts of sign-ins and refusals, which it writes down when it is told to.
    pub fn attempts(&self) -> Arc<Attempts> {
        Arc::clone(&self.shared.as_ref().unwrap().state().attempts)
    }

    /// What the server counted, as `/metrics` tells it.
    pub fn metrics(&self) -> String {
        self.shared.as_ref().unwrap().meters().text()
    }

    /// A folder of the test's own.
    pub fn folder(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Makes it the morning of `day` in Seoul.
    pub fn set_day(&self, day: &str) {
        self.clock.set(morning(day));
    }

    /// A token for a user, good now.
    pub fn token(&self, user: &str) -> String {
        self.keys.tokens().issue(user, 1, self.clock.now()).unwrap()
    }

    /// A token of some minutes ago, for a version of sessions, and of a client for these scopes.
    pub fn token_of(&self, (id, version): (&str, i64), scope: Option<&str>, ago: i64) -> String {
        let at = self.clock.now() - chrono::TimeDelta::minutes(ago);
        let keys = self.keys.tokens();
        keys.issue_for(id, version, scope.map(str::to_owned), at)
            .unwrap()
    }

    /// Stops the server, having answered what is in flight.
    pub fn stop(&mut self) {
        self.shared = None;
        if let Some((stop, thread)) = self.server.take() {
            let _gone = stop.send(());
            thread.join().unwrap();
        }
    }

    /// Stops the server and starts another one over the same books.
    pub fn restart(&mut self) {
        self.stop();
        self.start(Limits::default());
    }

    /// Changes the database past the program, as nobody should.
    pub fn behind(&self, sql: &str) {
        let mut conn = Conn::open(&self.owner(), Use::Write).unwrap();
        conn.batch_execute(sql).unwrap();
    }

    /// The SQL that takes away what keeps rows of a table from an `update` or a `delete`.
    pub fn unguarded(&self, table: &str, change: &str) -> String {
        let on = match self.url() {
            Url::Postgres(_) => format!(" ON {table}"),
            Url::Sqlite(_) => String::new(),
        };
        format!("DROP TRIGGER {table}_keep_{change}{on};")
    }

    /// What an audit of the books finds.
    pub fn audit(&self) -> audit::Report {
        let db = Db::open(&self.url()).unwrap();
        db.read(|conn| audit::verify(conn, &mut |_| {})).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
        if !std::thread::panicking() {
            let report = self.audit();
            assert!(report.is_clean(), "the books do not agree:\n{report}");
        }
    }
}
