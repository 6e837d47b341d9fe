//! Settings: a flag, else the environment, else `sangsaeng.toml`, else the default.
//!
//! The only place that reads the environment. A wrong setting is named, with what it should be,
//! before anything starts.

mod oidc;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

pub use self::oidc::OidcSource;
use crate::access::issuer::Provider;
use crate::access::source::Proxies;
use crate::db::Url;
use crate::db::standby::{DEFAULT_LAG, LEAST_LAG, MOST_LAG, Wanted};
use crate::db::writer::{MAX_THREADS, THREADS};
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
    /// `postgres://…`: a hot standby that reports and lists are read from.
    pub read_database_url: Option<String>,
    /// Seconds that the standby may trail.
    pub read_lag: Option<String>,
    /// `ADDRESS:PORT`.
    pub listen: Option<String>,
    /// `ADDRESS:PORT` of `/metrics`.
    pub metrics_listen: Option<String>,
    /// The base address of an OpenTelemetry collector.
    pub otlp_endpoint: Option<String>,
    /// The directory of the keys.
    pub key_dir: Option<PathBuf>,
    /// The directory in which files lie while they come in.
    pub spool_dir: Option<PathBuf>,
    /// `ko` or `en`.
    pub lang: Option<String>,
    /// What is logged, such as `info` or `sangsaeng=debug`.
    pub log: Option<String>,
    /// Threads that write to PostgreSQL, as digits.
    pub writers: Option<String>,
    /// `on` or `off`.
    pub statement_cache: Option<String>,
    /// Addresses and networks of proxies, with commas between them.
    pub trusted_proxies: Option<String>,
    /// The company's identity provider.
    #[serde(default)]
    pub oidc: OidcSource,
}

/// Settings, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the books are kept.
    pub database: Url,
    /// Whether the database was named, or is the default.
    pub database_named: bool,
    /// A standby that reports and lists are read from, where one was named.
    pub standby: Option<Wanted>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to listen for those who read `/metrics`; nowhere unless it was named.
    pub metrics_listen: Option<SocketAddr>,
    /// The base address of the collector that traces are sent to; none unless it was named.
    pub otlp_endpoint: Option<String>,
    /// The directory of the keys, where one was named.
    pub key_dir: Option<PathBuf>,
    /// The directory in which files lie while they come in.
    pub spool_dir: PathBuf,
    /// The language of what is said to people.
    pub lang: Lang,
    /// What is logged.
    pub log: String,
    /// Threads that write to PostgreSQL.
    pub writers: usize,
    /// The proxies that are believed about where a request comes from.
    pub trusted_proxies: Proxies,
    /// The company's identity provider, where there is one.
    pub oidc: Option<Provider>,
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
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            database_url: text("DATABASE_URL"),
            read_database_url: text("SANGSAENG_READ_DATABASE_URL"),
            read_lag: text("SANGSAENG_READ_LAG"),
            listen: text("SANGSAENG_LISTEN"),
            metrics_listen: text("SANGSAENG_METRICS_LISTEN"),
            otlp_endpoint: text("OTEL_EXPORTER_OTLP_ENDPOINT"),
            key_dir: text("SANGSAENG_KEY_DIR").map(PathBuf::from),
            spool_dir: text("SANGSAENG_SPOOL_DIR").map(PathBuf::from),
            lang: text("SANGSAENG_LANG"),
            log: text("SANGSAENG_LOG"),
            writers: text("SANGSAENG_WRITERS"),
            statement_cache: text("SANGSAENG_STATEMENT_CACHE"),
            trusted_proxies: text("SANGSAENG_TRUSTED_PROXIES"),
            oidc: OidcSource::environment(text),
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
            wanted: "TOML with database_url, read_database_url, read_lag, listen, metrics_listen, \
                     otlp_endpoint, key_dir, spool_dir, lang, log, writers, statement_cache, \
                     trusted_proxies, [oidc]",
            wanted_ko: "database_url, read_database_url, read_lag, listen, metrics_listen, \
                        otlp_endpoint, key_dir, spool_dir, lang, log, writers, statement_cache, \
                        trusted_proxies, [oidc]를 담은 TOML",
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
            read_database_url: self.read_database_url.or(other.read_database_url),
            read_lag: self.read_lag.or(other.read_lag),
            listen: self.listen.or(other.listen),
            metrics_listen: self.metrics_listen.or(other.metrics_listen),
            otlp_endpoint: self.otlp_endpoint.or(other.otlp_endpoint),
            key_dir: self.key_dir.or(other.key_dir),
            spool_dir: self.spool_dir.or(other.spool_dir),
            lang: self.lang.or(other.lang),
            log: self.log.or(other.log),
            writers: self.writers.or(other.writers),
            statement_cache: self.statement_cache.or(other.statement_cache),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            oidc: self.oidc.or(other.oidc),
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
    let database = Url::parse(&database).map_err(|_not_a_url| ConfigError {
        setting: "DATABASE_URL",
        value: without_password(&database),
        wanted: "sqlite://PATH or postgres://USER@HOST/NAME",
        wanted_ko: "sqlite://경로 또는 postgres://사용자@호스트/이름",
    })?;
    let has_statement_cache = statement_cache(all.statement_cache)?;
    let database = database.with_statement_cache(has_statement_cache);
    Ok(Settings {
        standby: standby(&database, all.read_database_url, all.read_lag)?.map(|wanted| Wanted {
            url: wanted.url.with_statement_cache(has_statement_cache),
            ..wanted
        }),
        database_named,
        listen: address("SANGSAENG_LISTEN", &listen)?,
        metrics_listen: match all.metrics_listen {
            Some(listen) => Some(address("SANGSAENG_METRICS_LISTEN", &listen)?),
            None => None,
        },
        otlp_endpoint: all.otlp_endpoint.map(collector).transpose()?,
        key_dir: all.key_dir,
        spool_dir: all.spool_dir.unwrap_or_else(|| beside(&database)),
        database,
        lang: Lang::from_name(&lang).ok_or(ConfigError {
            setting: "SANGSAENG_LANG",
            value: lang,
            wanted: "ko or en",
            wanted_ko: "ko 또는 en",
        })?,
        log: all.log.unwrap_or_else(|| "info".to_owned()),
        writers: writers(all.writers)?,
        trusted_proxies: all
            .trusted_proxies
            .map_or_else(|| Ok(Proxies::default()), proxies)?,
        oidc: all.oidc.settle()?,
    })
}

/// Proxies that are believed.
fn proxies(named: String) -> Result<Proxies, ConfigError> {
    Proxies::parse(&named).ok_or(ConfigError {
        setting: "SANGSAENG_TRUSTED_PROXIES",
        value: named,
        wanted: "at most 16 addresses or networks that are not everybody's, such as 10.1.0.0/16",
        wanted_ko: "모두의 것이 아닌 주소나 네트워크 16개 이하(예: 10.1.0.0/16)",
    })
}

/// A collector, where this build can send to one.
fn collector(endpoint: String) -> Result<String, ConfigError> {
    let (wanted, wanted_ko) = if cfg!(not(feature = "otel")) {
        (
            "unset, since this program was built without the feature otel",
            "이 프로그램은 otel 기능 없이 빌드되었으므로 비어 있는 값",
        )
    } else if endpoint.starts_with("http://") {
        return Ok(endpoint);
    } else {
        ("http://HOST:PORT", "http://호스트:포트")
    };
    Err(ConfigError {
        setting: "OTEL_EXPORTER_OTLP_ENDPOINT",
        value: without_password(&endpoint),
        wanted,
        wanted_ko,
    })
}

fn address(setting: &'static str, value: &str) -> Result<SocketAddr, ConfigError> {
    value.parse().map_err(|_not_an_address| ConfigError {
        setting,
        value: value.to_owned(),
        wanted: "ADDRESS:PORT, such as 127.0.0.1:8080",
        wanted_ko: "주소:포트(예: 127.0.0.1:8080)",
    })
}

/// How many threads write.
fn writers(named: Option<String>) -> Result<usize, ConfigError> {
    let Some(named) = named else {
        return Ok(THREADS);
    };
    match named.parse() {
        Ok(threads @ 1..=MAX_THREADS) => Ok(threads),
        _ => Err(ConfigError {
            setting: "SANGSAENG_WRITERS",
            value: named,
            wanted: "a whole number from 1 to 16",
            wanted_ko: "1 이상 16 이하의 정수",
        }),
    }
}

/// Whether statements are prepared once and used again.
fn statement_cache(named: Option<String>) -> Result<bool, ConfigError> {
    match named.as_deref() {
        None | Some("on") => Ok(true),
        Some("off") => Ok(false),
        Some(other) => Err(ConfigError {
            setting: "SANGSAENG_STATEMENT_CACHE",
            value: other.to_owned(),
            wanted: "on or off",
            wanted_ko: "on 또는 off",
        }),
    }
}

/// The standby that was named, if it can be one of this database.
fn standby(
    database: &Url,
    url: Option<String>,
    lag: Option<String>,
) -> Result<Option<Wanted>, ConfigError> {
    let seconds = match &lag {
        None => Some(DEFAULT_LAG),
        Some(text) => text.parse().ok(),
    };
    let seconds = seconds.filter(|seconds| (LEAST_LAG..=MOST_LAG).contains(seconds));
    let seconds = seconds.ok_or(ConfigError {
        setting: "SANGSAENG_READ_LAG",
        value: lag.unwrap_or_default(),
        wanted: "a whole number of seconds from 2 to 300",
        wanted_ko: "2 이상 300 이하의 초를 나타내는 정수",
    })?;
    let Some(url) = url else {
        return Ok(None);
    };
    let wrong = |wanted, wanted_ko| ConfigError {
        setting: "SANGSAENG_READ_DATABASE_URL",
        value: without_password(&url),
        wanted,
        wanted_ko,
    };
    if matches!(database, Url::Sqlite(_)) {
        return Err(wrong(
            "left out beside an embedded database, which has no standby",
            "없어야 할 값(내장 데이터베이스에는 대기 서버가 없음)",
        ));
    }
    match Url::parse(&url) {
        Ok(url @ Url::Postgres(_)) => Ok(Some(Wanted {
            url,
            lag: Duration::from_secs(seconds),
        })),
        _ => Err(wrong(
            "postgres://USER@HOST/NAME, a hot standby of the database",
            "데이터베이스의 대기 서버를 가리키는 postgres://사용자@호스트/이름",
        )),
    }
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
mod tests;
