//! The command line: what may be said.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use sangsaeng::config::{OidcSource, Source};

use super::import_args::ImportArgs;

/// Everything the command line says.
#[derive(Debug, Parser)]
#[command(
    name = "sangsaeng",
    version,
    about = "The books of a company's co-prosperity and ESG money",
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong command line or setting, 3 the books do not agree.\n\
                  Settings: a flag, else DATABASE_URL, SANGSAENG_READ_DATABASE_URL, SANGSAENG_READ_LAG, \
                  SANGSAENG_LISTEN, SANGSAENG_METRICS_LISTEN, SANGSAENG_KEY_DIR, SANGSAENG_LANG, SANGSAENG_LOG, \
                  SANGSAENG_WRITERS, SANGSAENG_STATEMENT_CACHE, SANGSAENG_TRUSTED_PROXIES, SANGSAENG_OIDC_*, \
                  OTEL_EXPORTER_OTLP_ENDPOINT, else sangsaeng.toml, else the default."
)]
pub struct Line {
    /// Where the books are: sqlite://PATH or postgres://USER@HOST/NAME [default: sqlite://sangsaeng.db]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// A hot standby that reports and lists are read from: postgres://USER@HOST/NAME
    #[arg(long, global = true, value_name = "URL")]
    pub read_database_url: Option<String>,
    /// Seconds that the standby may trail, 2 to 300 [default: 5]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub read_lag: Option<String>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Where to listen for those who read /metrics [default: nowhere]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,
    /// The directory of the keys [default: beside an embedded database]
    #[arg(long, global = true, value_name = "DIR")]
    pub key_dir: Option<PathBuf>,
    /// The language of messages: ko or en [default: en]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Line {
    /// The settings that flags give.
    pub fn flags(&self) -> Source {
        Source {
            database_url: self.database_url.clone(),
            read_database_url: self.read_database_url.clone(),
            read_lag: self.read_lag.clone(),
            listen: self.listen.clone(),
            metrics_listen: self.metrics_listen.clone(),
            otlp_endpoint: None,
            key_dir: self.key_dir.clone(),
            spool_dir: None,
            lang: self.lang.clone(),
            log: None,
            writers: None,
            statement_cache: None,
            trusted_proxies: None,
            oidc: OidcSource::default(),
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Record the founding case in a fresh embedded database and serve it
    Demo {
        /// Print the address and the sign-ins as JSON
        #[arg(long)]
        json: bool,
        /// Record only, do not serve
        #[arg(long)]
        no_serve: bool,
    },
    /// Bring the schema up to date, then serve the API
    Serve {
        /// Refuse to start when the schema is behind, rather than bring it up to date
        #[arg(long)]
        no_migrate: bool,
    },
    /// Bring the schema up to date, or say that it is
    Migrate {
        /// Then give this role of PostgreSQL what `serve` needs, and no more
        #[arg(long, value_name = "ROLE")]
        grant_to: Option<String>,
    },
    /// Make keys
    Keys {
        /// What to do with keys
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Make users
    User {
        /// What to do with users
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Make clients of partners
    Client {
        /// What to do with clients
        #[command(subcommand)]
        command: ClientCommand,
    },
    /// Record a file of many records, without a server or beside one
    Import(Box<ImportArgs>),
    /// Print a report, without a server
    Report(ReportArgs),
    /// Derive every balance and sum again and compare
    Verify,
    /// Print the OpenAPI document
    Openapi,
    /// Copy an embedded database to a file, beside a running server
    Backup {
        /// The file; its manifest lies beside it as FILE.json
        file: PathBuf,
    },
    /// Carry whole books to an empty database of the other engine
    Copy {
        /// Where the books are: sqlite://PATH or postgres://USER@HOST/NAME
        #[arg(long, value_name = "URL")]
        from: String,
        /// Where they go: an empty database
        #[arg(long, value_name = "URL")]
        to: String,
    },
    /// Make an embedded database of a backup
    Restore {
        /// The file that was backed up to
        file: PathBuf,
    },
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make signing and encryption keys in a directory
    Init {
        /// The directory; made when it is not there
        dir: PathBuf,
    },
    /// Make the next key that signs tokens, while servers run
    Rotate {
        /// The directory of the keys
        dir: PathBuf,
        /// Minutes until it signs, 1 to 1440: servers and whoever else checks tokens learn of it
        /// meanwhile [default: 10]
        #[arg(long, value_name = "MINUTES")]
        after: Option<i64>,
        /// Somebody else may have the key: sign with another one at once, and end every token
        #[arg(long, conflicts_with = "after")]
        leaked: bool,
    },
}

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make a user; the first one needs no server
    Create {
        /// The e-mail address to sign in with
        #[arg(long)]
        email: String,
        /// A role; may be given several times
        #[arg(long = "role", required = true, value_name = "ROLE")]
        roles: Vec<String>,
        /// Read the password from standard input, rather than make one and print it
        #[arg(long)]
        password_stdin: bool,
    },
}

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Make a client of a partner, and print its secret once
    Create {
        /// The code of the organisation
        #[arg(long, value_name = "CODE")]
        partner: String,
        /// A program that it may be about; may be given several times
        #[arg(long = "program", required = true, value_name = "CODE")]
        programs: Vec<String>,
    },
}

/// Which report, and how.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Which report
    pub name: ReportName,
    /// The code of the fund, program or indicator
    pub code: Option<String>,
    /// The value date [default: today in Seoul]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    /// What a series is of, such as disbursed
    #[arg(long)]
    pub metric: Option<String>,
    /// Points of a series: day, month, quarter or year [default: month]; of an indicator also
    /// as_recorded [default]
    #[arg(long)]
    pub interval: Option<String>,
    /// Groups of a series: program, fund, region or kind; of an indicator, one of its dimensions
    #[arg(long)]
    pub group_by: Option<String>,
    /// Regions: as_recorded or current [default: as_recorded]
    #[arg(long)]
    pub region_basis: Option<String>,
    /// The first day of a series, or of the period whose people are told
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<NaiveDate>,
    /// The last day of a series, or of the period whose people are told
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<NaiveDate>,
    /// In what form
    #[arg(long, default_value = "json")]
    pub format: ReportFormat,
    /// Which of its tables, where it is no JSON [default: the first]
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
    /// Begin CSV with a byte order mark, as some spreadsheets need
    #[arg(long)]
    pub bom: bool,
    /// Write to a file rather than to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportName {
    /// All funds and programs
    Overview,
    /// One fund
    Fund,
    /// One program
    Program,
    /// All indicators
    Indicators,
    /// One indicator
    Indicator,
    /// One figure over time
    Series,
    /// What was said in public, against the books
    Claims,
    /// Every pledge
    Pledges,
    /// Distinct people: overall, by fund and by program
    People,
    /// Damages made good, apart from all giving
    Compensation,
}

/// In what form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// JSON, as the API answers it
    Json,
    /// A table of it as CSV
    Csv,
    /// A table of it, a JSON object a line
    Ndjson,
    /// A table of it as a workbook
    Xlsx,
    /// A table of it as Parquet
    Parquet,
}
