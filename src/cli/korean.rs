//! What the command line says in Korean: its help, and what is wrong with a command line.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction};
use sangsaeng::config::Lang;

/// What help says of a command or an option, in Korean; by the path of its name.
const KOREAN: [(&str, &str); 75] = [
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
    (
        "keys rotate",
        "서버가 실행되는 동안 토큰에 서명할 다음 키를 만듭니다",
    ),
    ("keys rotate --dir", "키 디렉터리"),
    (
        "keys rotate --after",
        "서명을 시작하기까지의 분(1~1440). 그동안 서버와 토큰 검증자가 키를 알게 됨 [기본값: 10]",
    ),
    (
        "keys rotate --leaked",
        "키가 유출되었을 수 있음: 곧바로 다른 키로 서명하고 모든 토큰을 끝냄",
    ),
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
    ("client", "파트너의 클라이언트를 만듭니다"),
    (
        "client create",
        "파트너의 클라이언트를 만들고 비밀을 한 번 출력합니다",
    ),
    ("client create --partner", "기관의 코드"),
    (
        "client create --programs",
        "다룰 수 있는 사업(여러 번 지정 가능)",
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
    (
        "report --format",
        "출력 형식: json, csv, ndjson, xlsx, parquet [기본: json]",
    ),
    ("report --table", "JSON이 아닐 때의 표 [기본: 첫 표]"),
    (
        "report --bom",
        "CSV를 바이트 순서 표식으로 시작(일부 스프레드시트용)",
    ),
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
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Line;

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
