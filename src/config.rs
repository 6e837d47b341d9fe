//! Settings: a flag, else the environment, else `sangsaeng.toml`, else the default.
//!
//! The only place that reads the environment. A wrong setting is named, with what it should be,
//! before anything starts.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::db::Url;
use crate::text_enum::{TextEnum, text_enum};

/// The database when none is named.
pub const DEFAULT_DATABASE: &str = "sqlite://sangsaeng.db";
/// Where to listen when nothing is named: this machine only.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
/// The file that settings are read from, in the working directory.
pub const FILE: &str = "sangsaeng.toml";

text_enum! {
    /// The language of what is said to people.
    Lang {
        /// Korean.
        Ko = "ko",
        /// English.
        En = "en",
    }
}

/// Settings as they may stand in one source.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `sqlite://PATH` or `postgres://…`.
    pub database_url: Option<String>,
    /// `ADDRESS:PORT`.
    pub listen: Option<String>,
    /// The directory of the keys.
    pub key_dir: Option<PathBuf>,
    /// The directory in which files lie while they come in.
    pub spool_dir: Option<PathBuf>,
    /// `ko` or `en`.
    pub lang: Option<String>,
    /// What is logged, such as `info` or `sangsaeng=debug`.
    pub log: Option<String>,
}

/// Settings, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the books are kept.
    pub database: Url,
    /// Whether the database was named, or is the default.
    pub database_named: bool,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The directory of the keys, where one was named.
    pub key_dir: Option<PathBuf>,
    /// The directory in which files lie while they come in.
    pub spool_dir: PathBuf,
    /// The language of what is said to people.
    pub lang: Lang,
    /// What is logged.
    pub log: String,
}

/// A setting that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting} is {value:?}, but should be {wanted}")]
pub struct ConfigError {
    /// Which setting, as it was named where it was found.
    pub setting: &'static str,
    /// What it says.
    pub value: String,
    /// What it should be, in English.
    pub wanted: &'static str,
    /// What it should be, in Korean.
    pub wanted_ko: &'static str,
}

impl ConfigError {
    /// The error in words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.to_string(),
            Lang::Ko => {
                format!(
                    "설정 {}의 값 {:?}: {}이어야 합니다",
                    self.setting, self.value, self.wanted_ko
                )
            }
        }
    }
}

impl Source {
    /// What the environment says.
    #[must_use]
    pub fn environment() -> Self {
        let text = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            database_url: text("DATABASE_URL"),
            listen: text("SANGSAENG_LISTEN"),
            key_dir: text("SANGSAENG_KEY_DIR").map(PathBuf::from),
            spool_dir: text("SANGSAENG_SPOOL_DIR").map(PathBuf::from),
            lang: text("SANGSAENG_LANG"),
            log: text("SANGSAENG_LOG"),
        }
    }

    /// What the file says; nothing where there is none.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read or that holds an unknown setting.
    pub fn file(path: &Path) -> Result<Self, ConfigError> {
        let wrong = |value: String| ConfigError {
            setting: FILE,
            value,
            wanted: "TOML with database_url, listen, key_dir, spool_dir, lang, log",
            wanted_ko: "database_url, listen, key_dir, spool_dir, lang, log을 담은 TOML",
        };
        match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|e| wrong(e.message().to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            database_url: self.database_url.or(other.database_url),
            listen: self.listen.or(other.listen),
            key_dir: self.key_dir.or(other.key_dir),
            spool_dir: self.spool_dir.or(other.spool_dir),
            lang: self.lang.or(other.lang),
            log: self.log.or(other.log),
        }
    }
}

/// The language that is asked for, where that can be told before anything else is checked.
#[must_use]
pub fn language(flags: &Source, environment: &Source) -> Lang {
    let named = flags.lang.as_deref().or(environment.lang.as_deref());
    named.and_then(Lang::from_name).unwrap_or(Lang::En)
}

/// Puts the sources together and checks what comes out.
///
/// # Errors
/// [`ConfigError`], naming the first setting that is wrong.
pub fn settle(flags: Source, environment: Source, file: Source) -> Result<Settings, ConfigError> {
    let all = flags.or(environment).or(file);
    let database_named = all.database_url.is_some();
    let database = all
        .database_url
        .unwrap_or_else(|| DEFAULT_DATABASE.to_owned());
    let listen = all.listen.unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
    let lang = all.lang.unwrap_or_else(|| Lang::En.to_string());
    let url = Url::parse(&database).map_err(|_not_a_url| ConfigError {
        setting: "DATABASE_URL",
        value: without_password(&database),
        wanted: "sqlite://PATH or postgres://USER@HOST/NAME",
        wanted_ko: "sqlite://경로 또는 postgres://사용자@호스트/이름",
    })?;
    Ok(Settings {
        database_named,
        listen: listen.parse().map_err(|_not_an_address| ConfigError {
            setting: "SANGSAENG_LISTEN",
            value: listen.clone(),
            wanted: "ADDRESS:PORT, such as 127.0.0.1:8080",
            wanted_ko: "주소:포트(예: 127.0.0.1:8080)",
        })?,
        key_dir: all.key_dir,
        spool_dir: all.spool_dir.unwrap_or_else(|| beside(&url)),
        database: url,
        lang: Lang::from_name(&lang).ok_or(ConfigError {
            setting: "SANGSAENG_LANG",
            value: lang,
            wanted: "ko or en",
            wanted_ko: "ko 또는 en",
        })?,
        log: all.log.unwrap_or_else(|| "info".to_owned()),
    })
}

/// The folder of an embedded database; elsewhere that of files that don't last.
fn beside(url: &Url) -> PathBuf {
    match url {
        Url::Sqlite(path) => Path::new(path)
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .map_or_else(|| PathBuf::from("."), PathBuf::from),
        Url::Postgres(_) => std::env::temp_dir(),
    }
}

/// A URL as it may be shown: what stands between `:` and `@` is left out.
#[must_use]
pub fn without_password(url: &str) -> String {
    let Some((before, after)) = url.rsplit_once('@') else {
        return url.to_owned();
    };
    let user = before.split_once("//").map_or(before, |(_, user)| user);
    match user.split_once(':') {
        Some((name, _password)) => {
            let scheme = before.strip_suffix(user).unwrap_or("");
            format!("{scheme}{name}:***@{after}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(database_url: Option<&str>, listen: Option<&str>) -> Source {
        Source {
            database_url: database_url.map(str::to_owned),
            listen: listen.map(str::to_owned),
            ..Source::default()
        }
    }

    #[test]
    fn a_flag_comes_before_the_environment_and_that_before_the_file() {
        let settings = settle(
            source(Some("sqlite://flag.db"), None),
            source(Some("sqlite://env.db"), Some("127.0.0.1:1")),
            source(Some("sqlite://file.db"), Some("127.0.0.1:2")),
        )
        .unwrap();
        assert_eq!(settings.database, Url::Sqlite("flag.db".into()));
        assert_eq!(settings.listen.port(), 1);
        assert!(settings.database_named);
    }

    #[test]
    fn without_any_source_the_defaults_hold() {
        let empty = Source::default;
        let settings = settle(empty(), empty(), empty()).unwrap();
        assert_eq!(settings.database, Url::Sqlite("sangsaeng.db".into()));
        assert_eq!(settings.listen, DEFAULT_LISTEN.parse().unwrap());
        assert!(!settings.database_named);
    }

    #[test]
    fn a_wrong_setting_is_named_with_what_it_should_be() {
        let empty = Source::default;
        for (bad, setting) in [
            (source(Some("mysql://x"), None), "DATABASE_URL"),
            (source(None, Some("here")), "SANGSAENG_LISTEN"),
        ] {
            let error = settle(bad, empty(), empty()).unwrap_err();
            assert_eq!(error.setting, setting);
            assert!(error.text(Lang::Ko).contains(setting));
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            without_password("postgres://u:secret@h/d"),
            "postgres://u:***@h/d"
        );
        assert_eq!(without_password("postgres://u@h/d"), "postgres://u@h/d");
        assert_eq!(without_password("mysql://u:se@cret@h"), "mysql://u:***@h");
    }
}
