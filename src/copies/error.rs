//! Why books were not copied, in both languages.

use std::io;
use std::path::PathBuf;

use crate::audit::{self, AuditError};
use crate::config::Lang;
use crate::db::DbError;

/// Why books were not copied. Nothing was left behind then.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is something of that name already.
    #[error("{0} is there already and is left as it is: name another, or move it away")]
    Exists(PathBuf),
    /// Another process is writing the same.
    #[error("somebody else is writing {0}: wait until that is done")]
    Held(PathBuf),
    /// A file could not be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// The manifest is missing.
    #[error(
        "there is no {0}: a backup is a file and its manifest, made by `sangsaeng backup`. Put \
         both beside each other"
    )]
    NoManifest(PathBuf),
    /// The manifest cannot be read.
    #[error("the manifest {0} cannot be read: {1}. Take another backup")]
    BadManifest(PathBuf, String),
    /// The file is not what it was.
    #[error(
        "{file} is not the file that its manifest tells of: its SHA-256 should be {wanted} and is \
         {found}. It was cut short or altered: take another backup"
    )]
    Damaged {
        /// Which file.
        file: PathBuf,
        /// What the manifest says.
        wanted: String,
        /// What was found.
        found: String,
    },
    /// The manifest tells of other books.
    #[error("the books in {0} do not stand where its manifest says: take another backup")]
    OtherBooks(PathBuf),
    /// A key is not the one that the books were locked with.
    #[error(
        "the key {name} is not the one of this backup (its fingerprint is {found}, not {wanted}): \
         put back the keys that were in use when it was taken, or name their folder with \
         SANGSAENG_KEY_DIR"
    )]
    WrongKey {
        /// What the key is for, which is also the name of its file.
        name: &'static str,
        /// The fingerprint in the manifest.
        wanted: String,
        /// The fingerprint of the key at hand.
        found: String,
    },
    /// The books do not agree with themselves.
    #[error("the books do not agree with themselves: {0}")]
    Differs(Box<audit::Report>),
    /// Both databases are of one engine.
    #[error(
        "both databases are of one engine: use `sangsaeng backup` and `restore` for the embedded \
         one, pg_dump and pg_restore for PostgreSQL"
    )]
    SameEngine,
    /// The target has rows, in the table of that name.
    #[error("the target is not empty: there are rows in {0}. Name an empty database")]
    NotEmpty(String),
    /// A table is in one of both alone, or has other columns there.
    #[error("the table {0} is not the same in both databases: take away what is not sangsaeng's")]
    OtherTable(String),
    /// What arrived is not what was sent.
    #[error("the rows of {0} did not arrive as they were sent: the target cannot hold them")]
    Miscarried(String),
    /// The database did not do what it should.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<AuditError> for CopyError {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Database(error) => Self::Database(error),
        }
    }
}

impl From<serde_json::Error> for CopyError {
    fn from(error: serde_json::Error) -> Self {
        Self::Database(DbError::Schema(error.to_string()))
    }
}

impl CopyError {
    /// The error in words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.to_string(),
            Lang::Ko => self.korean(),
        }
    }

    fn korean(&self) -> String {
        match self {
            Self::Exists(path) => format!(
                "{}이(가) 이미 있어 그대로 둡니다. 다른 이름을 지정하거나 옮겨 두십시오",
                path.display()
            ),
            Self::Held(path) => {
                format!(
                    "다른 프로세스가 {}에 쓰고 있습니다. 끝날 때까지 기다리십시오",
                    path.display()
                )
            }
            Self::File(path, error) => format!("{}: {error}", path.display()),
            Self::NoManifest(path) => format!(
                "{}이(가) 없습니다. 백업은 `sangsaeng backup`이 만든 파일과 명세 파일입니다. 두 파일을 \
                 나란히 두십시오",
                path.display()
            ),
            Self::BadManifest(path, why) => format!(
                "명세 파일 {}을(를) 읽을 수 없습니다: {why}. 다른 백업을 쓰십시오",
                path.display()
            ),
            Self::Damaged {
                file,
                wanted,
                found,
            } => format!(
                "{}이(가) 명세의 파일과 다릅니다. SHA-256이 {wanted}이어야 하는데 {found}입니다. 잘렸거나 \
                 바뀌었으니 다른 백업을 쓰십시오",
                file.display()
            ),
            Self::OtherBooks(file) => format!(
                "{}의 장부 위치가 명세와 다릅니다. 다른 백업을 쓰십시오",
                file.display()
            ),
            Self::WrongKey {
                name,
                wanted,
                found,
            } => format!(
                "키 {name}이(가) 이 백업의 키가 아닙니다(지문 {found}, 필요한 지문 {wanted}). 백업할 때 쓰던 \
                 키를 되돌려 놓거나 SANGSAENG_KEY_DIR로 그 디렉터리를 지정하십시오"
            ),
            Self::Differs(report) => {
                format!("장부가 서로 맞지 않습니다: {}", report.text(true))
            }
            Self::SameEngine => {
                "두 데이터베이스의 엔진이 같습니다. 내장 엔진은 `sangsaeng backup`과 \
                                 `restore`로, PostgreSQL은 pg_dump와 pg_restore로 옮기십시오"
                    .to_owned()
            }
            Self::NotEmpty(table) => format!(
                "대상이 비어 있지 않습니다. {table}에 행이 있습니다. 빈 데이터베이스를 지정하십시오"
            ),
            Self::OtherTable(table) => format!(
                "테이블 {table}이(가) 두 데이터베이스에서 다릅니다. 상생의 것이 아닌 것을 치우십시오"
            ),
            Self::Miscarried(table) => {
                format!(
                    "{table}의 행이 보낸 대로 도착하지 않았습니다. 대상이 담을 수 없는 값입니다"
                )
            }
            Self::Database(error) => format!("데이터베이스 오류: {error}"),
        }
    }
}
