//! The command line: what may be said, in both languages.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Args, Parser, Subcommand, ValueEnum};

use sangsaeng::config::{Lang, Source};

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
                  SANGSAENG_WRITERS, SANGSAENG_STATEMENT_CACHE, OTEL_EXPORTER_OTLP_ENDPOINT, else sangsaeng.toml, else the default."
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
}

/// What help says of a command or an option, in Korean; by the path of its name.
const KOREAN: [(&str, &str); 65] = [
    ("", "기업의 상생·ESG 자금 장부"),
    (
        "demo",
        "새 내장 데이터베이스에 설립 사례를 기록하고 서비스합니다",
    ),
    ("demo --json", "주소와 로그인 정보를 JSON으로 출력"),
    ("demo --no_serve", "기록만 하고 서비스하지 않음"),
    ("serve", "스키마를 최신으로 올린 뒤 API를 서비스합니다"),
    (
        "serve --no_migrate",
        "스키마가 뒤처져 있으면 올리지 않고 시작을 거부",
    ),
    ("migrate", "스키마를 최신으로 올리거나, 최신임을 알립니다"),
    (
        "migrate --grant_to",
        "이어서 PostgreSQL의 이 역할에 `serve`에 필요한 권한만 부여",
    ),
    ("keys", "키를 만듭니다"),
    ("keys init", "디렉터리에 서명 키와 암호화 키를 만듭니다"),
    ("keys init --dir", "디렉터리(없으면 만듦)"),
    ("user", "사용자를 만듭니다"),
    (
        "user create",
        "사용자를 만듭니다. 첫 사용자는 서버 없이 만들 수 있습니다",
    ),
    ("user create --email", "로그인할 전자우편 주소"),
    ("user create --roles", "역할(여러 번 지정 가능)"),
    (
        "user create --password_stdin",
        "비밀번호를 만들어 출력하지 않고 표준 입력에서 읽음",
    ),
    (
        "import",
        "많은 기록이 담긴 파일을 서버 없이 또는 서버 곁에서 등록합니다",
    ),
    (
        "import --kind",
        "종류: disbursements, donations, sales, measurements, contributions, beneficiaries, amendments, payment_results",
    ),
    ("import --file", "파일: CSV, XLSX 또는 NDJSON"),
    ("import --program", "행에 사업이 없을 때의 사업 코드"),
    (
        "import --mode",
        "잘못된 행이 있을 때: all(기록하지 않음) 또는 good(올바른 행만) [기본: all]",
    ),
    ("import --dry_run", "점검만 하고 기록하지 않음"),
    ("import --map", "제목의 뜻: 제목=항목(여러 번 지정 가능)"),
    (
        "import --default",
        "빈 값의 기본값: 항목=값(여러 번 지정 가능)",
    ),
    (
        "import --region_codes",
        "지역: strict(그날 유효한 것) 또는 successor [기본: strict]",
    ),
    ("import --encoding", "utf-8 또는 cp949 [기본: 살펴서 찾음]"),
    (
        "import --delimiter",
        "comma, semicolon 또는 tab [기본: 살펴서 찾음]",
    ),
    ("import --sheet", "통합 문서의 시트 [기본: 첫 시트]"),
    ("import --rows", "있어야 할 행의 수"),
    ("import --amount", "행의 합계 금액(원)"),
    ("import --people", "서로 다른 사람의 수"),
    (
        "import --acknowledge",
        "주의를 코드로 확인함(여러 번 지정 가능)",
    ),
    ("import --faults", "잘못된 곳을 표시한 시트를 파일에 씀"),
    (
        "import --user",
        "기록하는 사람의 전자우편 [기본: 할 수 있는 유일한 사람]",
    ),
    ("report", "서버 없이 보고서를 출력합니다"),
    (
        "report --name",
        "보고서: overview, fund, program, indicators, indicator, series, claims, pledges, people, compensation",
    ),
    ("report --code", "기금, 사업 또는 지표의 코드"),
    ("report --as_of", "기준일 [기본: 서울의 오늘]"),
    ("report --metric", "시계열의 지표(예: disbursed)"),
    (
        "report --interval",
        "시계열의 간격: day, month, quarter, year [기본: month], 지표는 as_recorded도 가능 [기본]",
    ),
    (
        "report --group_by",
        "시계열의 구분: program, fund, region, kind. 지표는 그 지표의 구분",
    ),
    (
        "report --region_basis",
        "지역 기준: as_recorded, current [기본: as_recorded]",
    ),
    ("report --from", "시계열 또는 수혜자 집계 기간의 첫날"),
    ("report --to", "시계열 또는 수혜자 집계 기간의 마지막 날"),
    ("report --format", "출력 형식: json [기본: json]"),
    ("report --output", "표준 출력 대신 파일에 씀"),
    ("verify", "모든 잔액과 합계를 다시 계산해 대조합니다"),
    ("openapi", "OpenAPI 문서를 출력합니다"),
    (
        "backup",
        "서버가 실행 중이어도 내장 데이터베이스를 파일로 백업합니다",
    ),
    ("backup --file", "백업 파일. 명세는 옆에 FILE.json으로 둠"),
    (
        "copy",
        "장부 전체를 다른 엔진의 빈 데이터베이스로 옮겨 담습니다",
    ),
    (
        "copy --from",
        "장부의 위치: sqlite://경로 또는 postgres://사용자@호스트/이름",
    ),
    ("copy --to", "옮겨 담을 빈 데이터베이스"),
    ("restore", "백업에서 내장 데이터베이스를 되살립니다"),
    ("restore --file", "백업했던 파일"),
    (
        "--database_url",
        "장부의 위치: sqlite://경로 또는 postgres://사용자@호스트/이름 [기본: sqlite://sangsaeng.db]",
    ),
    (
        "--read_database_url",
        "보고서와 목록을 읽을 대기 서버: postgres://사용자@호스트/이름",
    ),
    (
        "--read_lag",
        "대기 서버가 뒤처져도 되는 초, 2~300 [기본: 5]",
    ),
    ("--listen", "수신 주소 [기본: 127.0.0.1:8080]"),
    ("--metrics_listen", "/metrics 수신 주소 [기본: 없음]"),
    ("--key_dir", "키 디렉터리 [기본: 내장 데이터베이스 옆]"),
    ("--lang", "안내 언어: ko 또는 en [기본: en]"),
    ("--help", "도움말 출력"),
    ("--version", "버전 출력"),
    (
        "after",
        "종료 코드: 0 완료, 1 실패, 2 잘못된 명령이나 설정, 3 장부 불일치.\n설정: 플래그, 없으면 DATABASE_URL, \
         SANGSAENG_READ_DATABASE_URL, SANGSAENG_READ_LAG, SANGSAENG_LISTEN, SANGSAENG_METRICS_LISTEN, \
         SANGSAENG_KEY_DIR, SANGSAENG_LANG, SANGSAENG_LOG, SANGSAENG_WRITERS, SANGSAENG_STATEMENT_CACHE, OTEL_EXPORTER_OTLP_ENDPOINT, \
         없으면 sangsaeng.toml, 없으면 기본값.",
    ),
];

fn korean(path: &str) -> Option<&'static str> {
    KOREAN
        .iter()
        .find(|(name, _)| *name == path)
        .map(|(_, text)| *text)
}

/// The command with its help in the language that is asked for.
pub fn in_language(command: clap::Command, lang: Lang) -> clap::Command {
    match lang {
        Lang::En => command,
        Lang::Ko => translate(command, "").after_help(korean("after").unwrap_or_default()),
    }
}

/// The page of help in Korean; without its own words for the parts, clap would use English ones.
const KOREAN_PAGE: &str = "{about}\n\n사용법: {usage}\n\n{all-args}{after-help}";

fn translate(command: clap::Command, path: &str) -> clap::Command {
    // Own flags: clap writes English over the words of those that it makes.
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help);
    let mut command = command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help);
    if path.is_empty() {
        let version = Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version);
        command = command.disable_version_flag(true).arg(version);
    }
    if let Some(about) = korean(path) {
        command = command.about(about);
    }
    command = command
        .help_template(KOREAN_PAGE)
        .subcommand_help_heading("명령");
    let arguments: Vec<clap::Id> = command
        .get_arguments()
        .map(|argument| argument.get_id().clone())
        .collect();
    for id in arguments {
        let own = format!("{path} --{id}");
        let help = korean(own.trim_start()).or_else(|| korean(&format!("--{id}")));
        command = command.mut_arg(id, |argument| {
            let heading = if argument.is_positional() {
                "인수"
            } else {
                "옵션"
            };
            let argument = argument.help_heading(heading);
            // What clap writes beside values is English; the help says it in Korean.
            let argument = if argument.get_action().takes_values() {
                argument.hide_default_value(true).hide_possible_values(true)
            } else {
                argument
            };
            match help {
                Some(help) => argument.help(help),
                None => argument,
            }
        });
    }
    let subcommands: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in subcommands {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(&name, |sub| translate(sub, path.trim_start()));
    }
    command
}

/// What is wrong with a command line, in Korean.
pub fn korean_fault(error: &clap::Error) -> String {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let argument = said(ContextKind::InvalidArg);
    let fault = match error.kind() {
        ErrorKind::UnknownArgument => format!("{argument}은(는) 알 수 없는 인수입니다"),
        ErrorKind::InvalidSubcommand => {
            format!(
                "{}은(는) 없는 명령입니다",
                said(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::MissingRequiredArgument => format!("{argument}이(가) 필요합니다"),
        ErrorKind::MissingSubcommand => "명령이 필요합니다".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::NoEquals => {
            let value = said(ContextKind::InvalidValue);
            format!("{argument} 값 {value:?}이(가) 잘못되었습니다")
        }
        _ => "명령줄이 잘못되었습니다".to_owned(),
    };
    format!("{fault}. `sangsaeng --lang ko --help`를 보십시오.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        for lang in [Lang::En, Lang::Ko] {
            in_language(Line::command(), lang).debug_assert();
        }
    }

    fn help_texts(command: &clap::Command, found: &mut Vec<String>) {
        found.extend(command.get_about().map(ToString::to_string));
        found.extend(
            command
                .get_arguments()
                .filter_map(|a| a.get_help())
                .map(ToString::to_string),
        );
        for sub in command
            .get_subcommands()
            .filter(|sub| sub.get_name() != "help")
        {
            help_texts(sub, found);
        }
    }

    #[test]
    fn help_is_korean_throughout_when_korean_is_asked_for() {
        let mut found = Vec::new();
        help_texts(&in_language(Line::command(), Lang::Ko), &mut found);
        assert!(found.len() > 30);
        for text in found {
            assert!(
                text.chars().any(|c| ('가'..='힣').contains(&c)),
                "not Korean: {text}"
            );
        }
    }
}
