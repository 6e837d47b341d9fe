//! A database made once for the whole run, and copied for each test.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sangsaeng::TextEnum;
use sangsaeng::access::keys::KeyRing;
use sangsaeng::access::model::Email;
use sangsaeng::access::password::{self, Password};
use sangsaeng::access::rights::Role;
use sangsaeng::access::users::CreateUser;
use sangsaeng::clock::{Clock, SteeredClock};
use sangsaeng::db::{Conn, Url, Use, grants, migrate};
use sangsaeng::desk::Door;
use sangsaeng::ledger::Who;
use tempfile::TempDir;

use super::cluster::{self, Database, SERVING};

/// The password of every user of every test.
pub const PASSWORD: &str = "correct horse battery staple";

/// Users beside those that are named after their one role.
const SECOND: [(&str, Role); 3] = [
    ("officer2", Role::Officer),
    ("approver2", Role::Approver),
    ("treasurer2", Role::Treasurer),
];

static TEMPLATE: LazyLock<(TempDir, Place)> = LazyLock::new(make);

/// Where the books of a test are, on the engine that the run is for.
pub enum Place {
    /// A file of the embedded engine.
    File(PathBuf),
    /// A database of the run's own cluster.
    Server(Database),
    /// That of another world: for the owner of its tables, and for servers.
    Shared(Url, Url),
}

impl Place {
    /// An empty one; a file lies in `dir`.
    pub fn empty(dir: &Path) -> Self {
        if cluster::is_asked_for() {
            Self::Server(Database::new(None))
        } else {
            Self::File(dir.join("books.db"))
        }
    }

    /// An empty one on each engine: embedded, and on a server that sorts words as people do unless
    /// it is told otherwise. Nothing in a run on the embedded engine.
    pub fn on_both_engines() -> Option<[(TempDir, Self); 2]> {
        cluster::is_asked_for().then(|| {
            let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
            let file = Self::File(dirs[0].path().join("books.db"));
            let [embedded, other] = dirs;
            let server = Self::Server(Database::sorted_as_people_do());
            [(embedded, file), (other, server)]
        })
    }

    /// The URL of the database, for who owns its tables.
    pub fn url(&self) -> Url {
        match self {
            Self::File(path) => Url::parse(&format!("sqlite://{}", path.display())).unwrap(),
            Self::Server(database) => database.url(),
            Self::Shared(owner, _) => owner.clone(),
        }
    }

    /// The URL of the database as servers connect to it, with no right but what serving needs.
    pub fn serving(&self) -> Url {
        match self {
            Self::File(_) => self.url(),
            Self::Server(database) => database.url_of(SERVING, ""),
            Self::Shared(_, serving) => serving.clone(),
        }
    }
}

/// Copies the template's database, into `dir` where it is a file, and opens its keys.
pub fn copy_to(dir: &Path) -> (Place, KeyRing) {
    let (_, place) = &*TEMPLATE;
    let copy = match place {
        Place::File(path) => {
            let copy = dir.join("books.db");
            std::fs::copy(path, &copy).unwrap();
            Place::File(copy)
        }
        Place::Server(database) => Place::Server(Database::new(Some(database))),
        Place::Shared(..) => unreachable!("the template is nobody else's"),
    };
    (copy, keys())
}

/// Where the keys of every test lie.
pub fn key_dir() -> PathBuf {
    TEMPLATE.0.path().join("keys")
}

/// The keys of every test.
pub fn keys() -> KeyRing {
    KeyRing::open(&key_dir()).unwrap()
}

/// The key that signs access tokens, for tests that forge them: its id and its seed.
pub fn token_key() -> (String, [u8; 32]) {
    let line = std::fs::read_to_string(TEMPLATE.0.path().join("keys/token-signing.key")).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    let seed = URL_SAFE_NO_PAD.decode(words[4]).unwrap();
    (words[3].to_owned(), seed.try_into().unwrap())
}

fn make() -> (TempDir, Place) {
    let dir = tempfile::tempdir().unwrap();
    KeyRing::create(&dir.path().join("keys")).unwrap();
    let place = Place::empty(dir.path());
    fill(&place.url(), &place.serving());
    // Closing the last connection writes the log back into the file, which can then be copied.
    assert!(
        !dir.path().join("books.db-wal").exists(),
        "the template is one whole file"
    );
    (dir, place)
}

/// Brings an empty database up to date, lets servers use it, and makes the users.
pub fn fill(owner: &Url, serving: &Url) {
    let mut conn = Conn::open(owner, Use::Write).unwrap();
    migrate::run(&mut conn).unwrap();
    if serving != owner {
        grants::grant(&mut conn, SERVING).unwrap();
    }
    drop(conn);
    let clock: Arc<dyn Clock> = Arc::new(SteeredClock::at(super::morning("2021-01-01")));
    let door = Door::open(serving, clock).unwrap();
    let password_hash = password::hash(&Password::chosen(PASSWORD.to_owned()).unwrap()).unwrap();
    let people = Role::ALL.iter().filter(|role| **role != Role::Partner);
    let users = people.map(|role| (role.as_str(), *role)).chain(SECOND);
    for (name, role) in users {
        let command = CreateUser {
            id: name.to_owned(),
            email: Email::parse(&format!("{name}@test.example")).unwrap(),
            password_hash: password_hash.clone(),
            roles: vec![role],
        };
        let who = Who::of_house("system", "template");
        door.run_blocking(command, who).unwrap();
    }
    door.stop();
}
