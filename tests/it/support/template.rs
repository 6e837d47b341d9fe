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
use sangsaeng::db::{Conn, Url, Use, migrate};
use sangsaeng::desk::Door;
use sangsaeng::ledger::Who;
use tempfile::TempDir;

use super::cluster::{self, Database};

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
    /// That of another world.
    Shared(Url),
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

    /// The URL of the database.
    pub fn url(&self) -> Url {
        match self {
            Self::File(path) => Url::parse(&format!("sqlite://{}", path.display())).unwrap(),
            Self::Server(database) => database.url(),
            Self::Shared(url) => url.clone(),
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
        Place::Shared(_) => unreachable!("the template is nobody else's"),
    };
    (copy, KeyRing::open(&keys()).unwrap())
}

/// Where the keys of every test lie.
pub fn keys() -> PathBuf {
    TEMPLATE.0.path().join("keys")
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
    let url = place.url();
    migrate::run(&mut Conn::open(&url, Use::Write).unwrap()).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SteeredClock::at(super::morning("2021-01-01")));
    let door = Door::open(&url, clock).unwrap();
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
        let who = Who {
            actor: "system".to_owned(),
            request_id: "template".to_owned(),
        };
        door.run_blocking(command, who).unwrap();
    }
    door.stop();
    drop(door);
    // Closing the last connection writes the log back into the file, which can then be copied.
    assert!(
        !dir.path().join("books.db-wal").exists(),
        "the template is one whole file"
    );
    (dir, place)
}
