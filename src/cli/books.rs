//! Opening the books: the database, its keys, its two doors.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sangsaeng::access::Access;
use sangsaeng::access::keys::{KeyError, KeyRing};
use sangsaeng::attempts::Attempts;
use sangsaeng::beneficiaries::vault::Vault;
use sangsaeng::clock::Clock;
use sangsaeng::config::Settings;
use sangsaeng::db::{Conn, Db, DbError, Url, Use, grants, migrate};
use sangsaeng::desk::{Directory, Door};
use sangsaeng::exports::Exports;
use sangsaeng::http::v1::exports::sources::Catalog;
use sangsaeng::http::v1::imports::entries::Entries;
use sangsaeng::imports::{Imports, Tools};

use super::say::{Failed, Said, failed, said, wrong};

/// The books, open for reading and writing.
pub struct Books {
    /// The reading door.
    pub db: Db,
    /// The writing door.
    pub door: Arc<Door>,
    /// Which book a record belongs to.
    pub directory: Arc<Directory>,
    /// Signing and encryption keys.
    pub keys: Arc<KeyRing>,
    /// Where personal details are locked away.
    pub vault: Arc<Vault>,
    /// Who somebody is.
    pub access: Access,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What may be made on the way to open books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The schema may be brought up to date, and keys made in a directory that was named.
    Make,
    /// The schema may be brought up to date.
    Migrate,
    /// The schema has to be right already.
    Check,
}

impl Books {
    /// Opens the books. What is said on the way goes to `say`.
    ///
    /// # Errors
    /// [`Failed`] with what to do next.
    pub fn open(
        settings: &Settings,
        schema: Schema,
        clock: Arc<dyn Clock>,
        say: &mut dyn FnMut(&Said),
    ) -> Result<Self, Failed> {
        let mut conn = settle_schema(settings, schema, say)?;
        grants::check(&mut conn).map_err(|e| unopened(&e))?;
        let keys = Arc::new(open_keys(settings, schema, say)?);
        let vault = Vault::new(keys.personal_details(), keys.blind_index()).map_err(|e| {
            failed(
                format!("the keys cannot be used: {e}"),
                format!("키를 쓸 수 없습니다: {e}"),
            )
        })?;
        let db = Db::open(&settings.database).map_err(|e| unopened(&e))?;
        let door = Door::with_threads(&settings.database, settings.writers, Arc::clone(&clock));
        let door = door.map_err(|e| unopened(&e))?;
        let (door, vault) = (Arc::new(door), Arc::new(vault));
        let access = Access::new(
            db.clone(),
            Arc::clone(&door),
            Arc::clone(&keys),
            Arc::clone(&clock),
        );
        let directory = Arc::new(Directory::new(db.clone()));
        Ok(Self {
            db,
            door,
            directory,
            keys,
            vault,
            access,
            clock,
        })
    }
}

impl Books {
    /// What imports are worked on with.
    pub fn imports(&self, settings: &Settings) -> Arc<Imports> {
        let entries = Entries {
            db: self.db.clone(),
            books: Arc::clone(&self.directory),
            vault: Arc::clone(&self.vault),
            clock: Arc::clone(&self.clock),
        };
        let tools = Tools {
            door: Arc::clone(&self.door),
            db: self.db.clone(),
            vault: Arc::clone(&self.vault),
            clock: Arc::clone(&self.clock),
            key: *self.keys.cursor(),
            reader: Arc::new(entries),
            spool: settings.spool_dir.clone(),
        };
        Arc::new(Imports::new(&settings.database, tools))
    }

    /// What exports are worked on with.
    pub fn exports(&self, settings: &Settings, imports: &Arc<Imports>) -> Arc<Exports> {
        let catalog = Catalog {
            vault: Arc::clone(&self.vault),
            clock: Arc::clone(&self.clock),
            imports: Arc::clone(imports),
        };
        let (db, clock) = (self.db.clone(), Arc::clone(&self.clock));
        let spool = settings.spool_dir.clone();
        let exports = Exports::new(&settings.database, db, clock, Arc::new(catalog), spool);
        Arc::new(exports)
    }

    /// What counts sign-ins and refused requests.
    pub fn attempts(&self, settings: &Settings) -> Arc<Attempts> {
        let (db, clock) = (self.db.clone(), Arc::clone(&self.clock));
        let key = self.keys.cursor();
        Arc::new(Attempts::new(&settings.database, db, clock, key))
    }
}

/// Brings the schema up to date, or makes sure that it is.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn settle_schema(
    settings: &Settings,
    schema: Schema,
    say: &mut dyn FnMut(&Said),
) -> Result<Conn, Failed> {
    let mut conn = Conn::open(&settings.database, Use::Write).map_err(|e| unopened(&e))?;
    if conn.lacks_checksums().map_err(|e| unopened(&e))? {
        say(&said(
            "The server's data_checksums are off: a page that its disk spoils is not noticed. \
             `pg_checksums --enable` switches them on while the server is stopped.",
            "서버의 data_checksums가 꺼져 있어 디스크가 망가뜨린 페이지를 알아차리지 못합니다. \
             서버를 멈추고 `pg_checksums --enable`로 켜십시오.",
        ));
    }
    match schema {
        Schema::Check => migrate::check(&mut conn).map_err(|e| unopened(&e))?,
        Schema::Make | Schema::Migrate => {
            let done = migrate::run(&mut conn).map_err(|e| unopened(&e))?;
            if done > 0 {
                say(&said(
                    format!("The schema was brought up to date: {done} migrations."),
                    format!("스키마를 최신으로 올렸습니다(마이그레이션 {done}건)."),
                ));
            }
        }
    }
    Ok(conn)
}

/// A snapshot reader for commands that only read.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn open_for_reading(settings: &Settings) -> Result<Db, Failed> {
    refuse_missing(&settings.database)?;
    settle_schema(settings, Schema::Check, &mut |_| {})?;
    Db::open(&settings.database).map_err(|e| unopened(&e))
}

/// Refuses an embedded database that is not there, rather than make one.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn refuse_missing(database: &Url) -> Result<(), Failed> {
    if let Url::Sqlite(path) = database
        && !Path::new(path).exists()
    {
        return Err(wrong(
            format!("There is no database at {path}. Name one with --database-url."),
            format!("{path}에 데이터베이스가 없습니다. --database-url로 지정하십시오."),
        ));
    }
    Ok(())
}

/// What is said where a database cannot be used as it is.
pub fn unopened(error: &DbError) -> Failed {
    let advice = |ko: String| failed(format!("The database cannot be used: {error}."), ko);
    match error {
        DbError::Behind(pending) => advice(format!(
            "데이터베이스를 쓸 수 없습니다: 스키마가 이 프로그램보다 마이그레이션 {pending}건 \
             뒤처져 있습니다. `sangsaeng migrate`를 실행하십시오."
        )),
        DbError::MayNotMigrate { pending, role } => advice(format!(
            "데이터베이스를 쓸 수 없습니다: 스키마가 이 프로그램보다 마이그레이션 {pending}건 \
             뒤처져 있는데 역할 {role}에는 고칠 권한이 없습니다. 테이블의 소유자로 `sangsaeng \
             migrate --grant-to {role}`을 실행하십시오."
        )),
        DbError::Ahead => advice(
            "데이터베이스를 쓸 수 없습니다: 스키마가 이 프로그램보다 새것입니다. 그 스키마를 만든 \
             버전이나 더 새 버전을 쓰십시오."
                .to_owned(),
        ),
        DbError::Lacking { role, right } => advice(format!(
            "데이터베이스를 쓸 수 없습니다: 역할 {role}에 {right} 권한이 없습니다. 테이블의 \
             소유자로 `sangsaeng migrate --grant-to {role}`을 실행하십시오."
        )),
        DbError::NoTls(asked) => wrong(
            format!(
                "The database cannot be used: {error}. Build it with `cargo install --path . \
                 --features tls`."
            ),
            format!(
                "데이터베이스를 쓸 수 없습니다: {asked}은(는) TLS를 요구하지만 이 프로그램은 tls \
                 기능 없이 빌드되었습니다. `cargo install --path . --features tls`로 빌드하십시오."
            ),
        ),
        _ => failed(
            format!(
                "The database cannot be used: {error}. Check DATABASE_URL and the file's rights."
            ),
            format!(
                "데이터베이스를 쓸 수 없습니다: {error}. DATABASE_URL과 파일 권한을 확인하십시오."
            ),
        ),
    }
}

/// Where the keys lie.
fn key_dir(settings: &Settings) -> Result<PathBuf, Failed> {
    match (&settings.key_dir, &settings.database) {
        (Some(dir), _) => Ok(dir.clone()),
        (None, Url::Sqlite(path)) => Ok(PathBuf::from(format!("{path}.keys"))),
        (None, Url::Postgres(_)) => Err(wrong(
            "SANGSAENG_KEY_DIR is not set. Make keys with `sangsaeng keys init DIR` and name DIR.",
            "SANGSAENG_KEY_DIR이 없습니다. `sangsaeng keys init DIR`로 키를 만들고 그 디렉터리를 \
             지정하십시오.",
        )),
    }
}

/// The keys that are there already, and where they lie.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn existing_keys(settings: &Settings) -> Result<(KeyRing, PathBuf), Failed> {
    let dir = key_dir(settings)?;
    let keys = KeyRing::open(&dir).map_err(|e| unusable(&e))?;
    Ok((keys, dir))
}

fn unusable(error: &KeyError) -> Failed {
    wrong(
        format!("The keys cannot be used: {error}"),
        format!("키를 쓸 수 없습니다: {error}"),
    )
}

fn open_keys(
    settings: &Settings,
    schema: Schema,
    say: &mut dyn FnMut(&Said),
) -> Result<KeyRing, Failed> {
    let dir = key_dir(settings)?;
    // A directory that was named is the operator's to fill, but for the demo.
    let opened = if settings.key_dir.is_some() && schema != Schema::Make {
        KeyRing::open(&dir).map(|keys| (keys, false))
    } else {
        KeyRing::open_or_create(&dir)
    };
    let (keys, created) = opened.map_err(|e| unusable(&e))?;
    if created {
        let dir = dir.display();
        say(&said(
            format!(
                "New keys were made in {dir}. Keep a copy: without them personal details cannot \
                 be read."
            ),
            format!(
                "{dir}에 새 키를 만들었습니다. 사본을 보관하십시오. 없으면 개인정보를 읽을 수 없습니다."
            ),
        ));
    }
    Ok(keys)
}

/// Holds an embedded database for one server: a second one is refused while this lives.
pub struct Hold {
    _file: Option<File>,
}

impl Hold {
    /// Takes hold of the database.
    ///
    /// # Errors
    /// [`Failed`] when another server holds it.
    pub fn take(database: &Url) -> Result<Self, Failed> {
        let Url::Sqlite(path) = database else {
            return Ok(Self { _file: None });
        };
        let lock = format!("{path}.lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock);
        let file = file.map_err(|e| {
            failed(
                format!("{lock} cannot be opened: {e}"),
                format!("{lock}을 열 수 없습니다: {e}"),
            )
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(_held) => Err(failed(
                format!(
                    "Another server is running on {path}. Stop it first, or use \
                             PostgreSQL for several servers."
                ),
                format!(
                    "{path}에서 다른 서버가 실행 중입니다. 먼저 그 서버를 멈추거나, 서버가 \
                             여럿이면 PostgreSQL을 쓰십시오."
                ),
            )),
        }
    }
}
