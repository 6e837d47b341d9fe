//! Importing a file of many records, without a server or beside one.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::ProgressBar;
use sangsaeng::TextEnum;
use sangsaeng::access::model::{Email, User};
use sangsaeng::access::store as users;
use sangsaeng::clock::SystemClock;
use sangsaeng::code::Code;
use sangsaeng::config::{Lang, Settings};
use sangsaeng::db::DbError;
use sangsaeng::db::page::Page;
use sangsaeng::desk::WriteError;
use sangsaeng::http::catalogue::explained;
use sangsaeng::http::lang;
use sangsaeng::http::v1::imports::faults::{sheet, shown};
use sangsaeng::http::v1::imports::views::FaultView;
use sangsaeng::imports::Imports;
use sangsaeng::imports::kinds::Kind;
use sangsaeng::imports::model::{Counts, Import, Mode, State, Totals, Work};
use sangsaeng::imports::rights::needed;
use sangsaeng::imports::rules::Act;
use sangsaeng::imports::staging::Upload;
use sangsaeng::imports::steps::{AdvanceImport, ReceiveImport};
use sangsaeng::imports::store::{self, mappings, works};
use sangsaeng::ledger::Who;
use sangsaeng::refusal::{FieldFault, Refusal};
use sangsaeng::tables::Declared;

use super::books::{Books, Schema};
use super::import_args::ImportArgs;
use super::report::progress_bar;
use super::say::{Failed, Said, failed, said, wrong};

/// Faults that are printed.
const PRINTED: i64 = 20;
/// How often the bar is brought up to date.
const TICK: Duration = Duration::from_millis(100);
/// Users among whom the importer is looked for, where none is named.
const MOST_USERS: i64 = 1_000;

/// Imports a file.
///
/// # Errors
/// [`Failed`] with code 1 where rows are wrong, or nothing was recorded.
pub fn import(
    settings: &Settings,
    args: &ImportArgs,
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    let file = File::open(&args.file).map_err(|e| unopened(&args.file, &e))?;
    let upload = upload(args, file)?;
    let books = Books::open(
        settings,
        Schema::Migrate,
        Arc::new(SystemClock::start()),
        say,
    )?;
    let imports = books.imports(settings);
    let done = run(&books, &imports, args, upload, settings.lang);
    books.door.stop();
    say(&done?);
    Ok(())
}

fn run(
    books: &Books,
    imports: &Imports,
    args: &ImportArgs,
    mut upload: Upload,
    lang: Lang,
) -> Result<Said, Failed> {
    let importer = importer(books, args, upload.kind)?;
    if upload.settings.headers.is_empty() {
        let program = upload.program.as_ref().map_or("", |code| code.as_str());
        let kept = books
            .db
            .read(|conn| mappings::get(conn, upload.kind, program))
            .map_err(|e| unread(&e))?;
        upload.settings.headers = kept.map(|kept| kept.headers).unwrap_or_default();
        upload.kept_headers = true;
    }
    let staged = imports.stage(upload).map_err(|e| match e.refusal() {
        Ok(refusal) => refused(&args.file, &refusal),
        Err(e) => failed(
            format!("The rows cannot be kept: {e}."),
            format!("행을 보관할 수 없습니다: {e}."),
        ),
    })?;
    let bar = progress_bar();
    let ended = if args.dry_run {
        rehearse(imports, &staged, &importer)
    } else {
        record(
            (books, imports),
            (staged, &args.file),
            &importer,
            &bar,
            lang,
        )
    };
    bar.finish_and_clear();
    let (import, work) = ended?;
    let told = tell(imports, args, &import, &work, lang);
    settle(books, imports, args, &import, &importer)?;
    told
}

/// Receives a file and works on it until nothing more is to be done.
fn record(
    (books, imports): (&Books, &Imports),
    (staged, file): (ReceiveImport, &Path),
    importer: &User,
    bar: &ProgressBar,
    lang: Lang,
) -> Result<(Import, Work), Failed> {
    let (id, rows) = (staged.id(), staged.lines);
    let who = Who::of_house(&importer.id, format!("import:{id}"));
    if let Err(error) = books.door.run_blocking(staged, who) {
        imports.forget(&id);
        return Err(match error {
            WriteError::Refused(refusal) => refused(file, &refusal),
            _ => failed("It was not recorded.", "기록되지 않았습니다."),
        });
    }
    bar.set_length(u64::try_from(rows).unwrap_or(0));
    let stands = || -> Result<(Import, Work), DbError> {
        books.db.read(|conn| {
            let import = store::get(conn, &id)?;
            let import = import.ok_or_else(|| DbError::Schema("the import is gone".to_owned()))?;
            let none = || Work::none(id.clone(), import.recorded_at);
            let work = works::get(conn, &id)?.unwrap_or_else(none);
            Ok((import, work))
        })
    };
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while let Ok((import, _)) = stands()
                && import.state.is_open()
            {
                // Somebody else may be at it: a server beside this program.
                if !imports.work_on(&import) {
                    std::thread::sleep(TICK);
                }
            }
            over.store(true, Ordering::Relaxed);
        });
        while !over.load(Ordering::Relaxed) {
            if let Ok((import, work)) = stands() {
                show(bar, &import, &work, lang);
            }
            std::thread::sleep(TICK);
        }
    });
    stands().map_err(|e| unread(&e))
}

fn rehearse(
    imports: &Imports,
    staged: &ReceiveImport,
    importer: &User,
) -> Result<(Import, Work), Failed> {
    let mut import = staged.rehearsed(importer.id.clone(), imports.clock.now());
    let work = imports.check_rows(&import).map_err(|e| {
        failed(
            format!("The rows cannot be checked: {e}."),
            format!("행을 점검할 수 없습니다: {e}."),
        )
    })?;
    import.state = if work.is_some() {
        State::Checked
    } else {
        State::Failed
    };
    let none = Work::none(import.id.clone(), import.recorded_at);
    Ok((import, work.unwrap_or(none)))
}

fn show(bar: &ProgressBar, import: &Import, work: &Work, lang: Lang) {
    let what = match import.state {
        State::Committing => said("recording", "기록"),
        State::Undoing => said("undoing", "되돌리기"),
        _ => said("checking", "점검"),
    };
    bar.set_message(what.text(lang).to_owned());
    bar.set_position(u64::try_from(work.done).unwrap_or(0));
}

/// What became of it; where rows are wrong, which.
fn tell(
    imports: &Imports,
    args: &ImportArgs,
    import: &Import,
    work: &Work,
    lang: Lang,
) -> Result<Said, Failed> {
    let Counts {
        good,
        faulty,
        warned,
        repeated,
        recorded,
        ..
    } = work.counts;
    let told = shown(imports, import, (-1, -1), PRINTED);
    for fault in told.map_err(|e| unworked(&e))? {
        eprintln!("{}", line(&fault, lang));
    }
    if let Some(path) = &args.faults {
        let lang = match lang {
            Lang::Ko => lang::Lang::Ko,
            Lang::En => lang::Lang::En,
        };
        let bytes = sheet(imports, import, lang).map_err(|e| unworked(&e))?;
        std::fs::write(path, bytes).map_err(|e| unopened(path, &e))?;
    }
    let (en, ko) = (
        format!(
            "{} rows: {good} good, {faulty} wrong, {warned} with a warning, {repeated} recorded \
             before.",
            import.lines
        ),
        format!(
            "{}행: 올바름 {good}, 잘못됨 {faulty}, 주의 {warned}, 이미 기록됨 {repeated}.",
            import.lines
        ),
    );
    match import.state {
        State::Committed if faulty == 0 => Ok(said(
            format!("{en} {recorded} were recorded as import {}.", import.id),
            format!("{ko} {recorded}건을 기록했습니다(가져오기 {}).", import.id),
        )),
        State::Checked if args.dry_run && faulty == 0 => Ok(said(
            format!("{en} Nothing was recorded: it was a dry run."),
            format!("{ko} 시험 실행이므로 기록하지 않았습니다."),
        )),
        State::Committed => Err(failed(
            format!(
                "{en} {recorded} were recorded as import {}. {WHERE_EN}",
                import.id
            ),
            format!(
                "{ko} {recorded}건을 기록했습니다(가져오기 {}). {WHERE_KO}",
                import.id
            ),
        )),
        _ => Err(failed(
            format!("{en} Nothing was recorded. {WHERE_EN}"),
            format!("{ko} 아무것도 기록하지 않았습니다. {WHERE_KO}"),
        )),
    }
}

const WHERE_EN: &str = "The first faults are listed above; --faults FILE.xlsx writes the sheet with \
                        all of them marked, --acknowledge CODE accepts a warning.";
const WHERE_KO: &str = "위에 처음 몇 건을 보였습니다. --faults 파일.xlsx는 모두 표시한 시트를 쓰고, \
                        --acknowledge 코드는 주의를 확인합니다.";

/// Of what was not recorded nothing is kept.
fn settle(
    books: &Books,
    imports: &Imports,
    args: &ImportArgs,
    import: &Import,
    importer: &User,
) -> Result<(), Failed> {
    if args.dry_run {
        imports.forget(&import.id);
        let forgotten = imports
            .aside
            .write(|conn| store::faults::forget(conn, &import.id, 0));
        return forgotten.map_err(|e| unread(&e));
    }
    if import.state != State::Checked {
        return Ok(());
    }
    let command = AdvanceImport {
        id: import.id.clone(),
        act: Act::Cancel,
        counts: None,
        expected_version: None,
    };
    let who = Who::of_house(&importer.id, format!("import:{}", import.id));
    let done = books.door.run_blocking(command, who);
    done.map(|_| ())
        .map_err(|_not_open| failed("It was not called off.", "취소하지 못했습니다."))
}

/// A fault in one line.
fn line(fault: &FaultView, lang: Lang) -> String {
    let (row, words) = match lang {
        Lang::Ko => (format!("{}행", fault.row), &fault.message.ko),
        Lang::En => (format!("row {}", fault.row), &fault.message.en),
    };
    let header = fault.header.as_deref().unwrap_or(&fault.field);
    let value = fault.value.as_ref();
    let value = value.map_or_else(String::new, |value| format!(" {value:?}"));
    format!("{row} · {header}{value} · {} · {words}", fault.code)
}

/// Who records the rows: whoever is named, or the only one who may.
fn importer(books: &Books, args: &ImportArgs, kind: Kind) -> Result<User, Failed> {
    let right = needed(kind);
    let may = |user: &User| user.is_active() && right.granted_to(&user.roles);
    if let Some(text) = &args.user {
        let found = Email::parse(text).ok().map(|email| {
            books
                .db
                .read(|conn| users::by_email(conn, &email))
                .map_err(|e| unread(&e))
        });
        let found = found.transpose()?.flatten().filter(|user| may(user));
        return found.ok_or_else(|| {
            wrong(
                format!("{text} is nobody who may import {kind}."),
                format!("{text}은(는) {kind}을(를) 가져올 수 있는 사용자가 아닙니다."),
            )
        });
    }
    let page = Page {
        after: None,
        limit: MOST_USERS,
    };
    let all = books.db.read(|conn| users::list(conn, &page));
    let mut able = all.map_err(|e| unread(&e))?.into_iter().filter(may);
    match (able.next(), able.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(wrong(
            format!("Nobody may import {kind} yet. Make a user with the role for it."),
            format!(
                "{kind}을(를) 가져올 수 있는 사용자가 없습니다. 역할을 가진 사용자를 만드십시오."
            ),
        )),
        _ => Err(wrong(
            format!("Several users may import {kind}: say who with --user EMAIL."),
            format!("{kind}을(를) 가져올 수 있는 사용자가 여럿입니다. --user로 지정하십시오."),
        )),
    }
}

fn upload(args: &ImportArgs, file: File) -> Result<Upload, Failed> {
    let kind = one_of::<Kind>("KIND", &args.kind)?;
    let program = args.program.as_deref().map(|text| {
        Code::parse(text).map_err(|_not_one| {
            wrong(
                format!("--program is {text:?}, but should be a code."),
                format!("--program 값 {text:?}은(는) 코드가 아닙니다."),
            )
        })
    });
    let name = args.file.file_name().and_then(|name| name.to_str());
    let encoding = args
        .encoding
        .as_deref()
        .map(|text| one_of("--encoding", text));
    let delimiter = args
        .delimiter
        .as_deref()
        .map(|text| one_of("--delimiter", text));
    let encoding: Option<sangsaeng::http::v1::imports::dto::EncodingName> = encoding.transpose()?;
    let delimiter: Option<sangsaeng::http::v1::imports::dto::DelimiterName> =
        delimiter.transpose()?;
    let regions = args.region_codes.as_deref();
    let regions = regions.map(|text| one_of("--region-codes", text));
    Ok(Upload {
        file,
        name: name.map(str::to_owned),
        kind,
        program: program.transpose()?,
        declared: Declared {
            encoding: encoding.map(Into::into),
            delimiter: delimiter.map(Into::into),
            sheet: args.sheet.clone(),
            ..Declared::default()
        },
        settings: sangsaeng::imports::model::Settings {
            headers: pairs("--map", &args.map)?,
            defaults: pairs("--default", &args.default)?,
            region_codes: regions.transpose()?,
            totals: Totals {
                rows: args.rows,
                amount: args.amount,
                people: args.people,
            },
            acknowledged: args.acknowledge.clone(),
            rehearsal: false,
        },
        kept_headers: false,
        mode: Some(one_of::<Mode>("--mode", &args.mode)?),
    })
}

fn one_of<T: TextEnum>(what: &str, text: &str) -> Result<T, Failed> {
    T::from_name(text).ok_or_else(|| {
        let known: Vec<&str> = T::ALL.iter().map(|one| one.as_str()).collect();
        let known = known.join(", ");
        wrong(
            format!("{what} is {text:?}, but should be one of {known}."),
            format!("{what} 값 {text:?}: {known} 중 하나여야 합니다."),
        )
    })
}

fn pairs(what: &str, given: &[String]) -> Result<BTreeMap<String, String>, Failed> {
    let pair = |text: &String| {
        let pair = text.split_once('=');
        let pair = pair.map(|(name, value)| (name.to_owned(), value.to_owned()));
        pair.ok_or_else(|| {
            wrong(
                format!("{what} is {text:?}, but should be A=B."),
                format!("{what} 값 {text:?}은(는) A=B 꼴이어야 합니다."),
            )
        })
    };
    given.iter().map(pair).collect()
}

/// Why a file was not received, in words.
fn refused(path: &Path, refusal: &Refusal) -> Failed {
    let words = |lang: lang::Lang| {
        let facts = |facts: &[(&'static str, String)]| {
            let pairs = facts.iter();
            pairs
                .map(|(name, fact)| ((*name).to_owned(), fact.clone()))
                .collect::<BTreeMap<_, _>>()
        };
        match refusal {
            Refusal::Rule { code, facts: told } => explained(code, lang, &facts(told)),
            Refusal::Fields(faults) | Refusal::Several(faults) => {
                let told = |fault: &FieldFault| {
                    let words = explained(fault.code, lang, &facts(&fault.facts));
                    let at: Vec<String> = fault
                        .facts
                        .iter()
                        .filter(|(name, _)| matches!(*name, "row" | "column"))
                        .map(|(name, fact)| format!("{name} {fact}"))
                        .collect();
                    format!("{} ({}) {}", words, fault.code, at.join(", "))
                };
                faults.iter().map(told).collect::<Vec<_>>().join("\n")
            }
        }
    };
    let path = path.display();
    failed(
        format!(
            "{path}: nothing was recorded.\n{}",
            words(lang::Lang::En).trim()
        ),
        format!(
            "{path}: 기록하지 않았습니다.\n{}",
            words(lang::Lang::Ko).trim()
        ),
    )
}

fn unopened(path: &Path, error: &std::io::Error) -> Failed {
    let path = path.display();
    wrong(
        format!("{path} cannot be opened: {error}."),
        format!("{path}을(를) 열 수 없습니다: {error}."),
    )
}

fn unread(error: &DbError) -> Failed {
    failed(
        format!("The database cannot be read: {error}."),
        format!("데이터베이스를 읽을 수 없습니다: {error}."),
    )
}

fn unworked(error: &dyn std::fmt::Display) -> Failed {
    failed(
        format!("The faults cannot be told: {error}."),
        format!("잘못된 행을 보일 수 없습니다: {error}."),
    )
}
