//! Copies of whole books: backups, the way back, and the way to the other engine.

use std::path::Path;

use indicatif::ProgressBar;
use sangsaeng::clock::{Clock, SystemClock};
use sangsaeng::config::{Lang, Settings, without_password};
use sangsaeng::copies::{self, Carried, CopyError, Progress, Stage};
use sangsaeng::db::Url;

use super::books::{Hold, existing_keys, refuse_missing};
use super::report::{progress_bar, stage};
use super::say::{DIFFERS, FAILED, Failed, Said, WRONG, said, wrong};

/// Backs an embedded database up, beside a running server or without one.
///
/// # Errors
/// [`Failed`] with what to do next; code 3 where the books do not agree, which are backed up then
/// all the same.
pub fn back_up(settings: &Settings, file: &Path, say: &mut dyn FnMut(&Said)) -> Result<(), Failed> {
    let source = embedded(settings)?;
    refuse_missing(&settings.database)?;
    let (keys, dir) = existing_keys(settings)?;
    let (bar, lang) = (progress_bar(), settings.lang);
    let now = SystemClock::start().now();
    let taken = copies::back_up(source, file, &keys, now, &mut |p| show(&bar, lang, &p));
    bar.finish_and_clear();
    let (manifest, report) = taken.map_err(|e| not_copied(&e))?;
    let (file, dir, sha256) = (file.display(), dir.display(), manifest.sha256);
    say(&said(
        format!(
            "{}\nBacked up to {file} ({} bytes)\nSHA-256 {sha256}\nThe keys in {dir} are not in \
             it. Keep a copy of them in another place: without them personal details cannot be \
             read.",
            report.text(false),
            manifest.size
        ),
        format!(
            "{}\n{file}에 백업했습니다({}바이트)\nSHA-256 {sha256}\n{dir}의 키는 들어 있지 않습니다. \
             사본을 다른 곳에 보관하십시오. 없으면 개인정보를 읽을 수 없습니다.",
            report.text(true),
            manifest.size
        ),
    ));
    if report.is_clean() {
        return Ok(());
    }
    Err(Failed {
        code: DIFFERS,
        said: said(
            "The books that were backed up do not agree with themselves: see above.",
            "백업한 장부가 서로 맞지 않습니다. 위를 보십시오.",
        ),
    })
}

/// Makes the embedded database of the settings of a backup.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn restore(settings: &Settings, file: &Path, say: &mut dyn FnMut(&Said)) -> Result<(), Failed> {
    let target = embedded(settings)?;
    let _hold = Hold::take(&settings.database)?;
    let (keys, _dir) = existing_keys(settings)?;
    let (bar, lang) = (progress_bar(), settings.lang);
    let restored = copies::restore(file, Path::new(target), &keys, &mut |p| {
        show(&bar, lang, &p);
    });
    bar.finish_and_clear();
    let (manifest, report) = restored.map_err(|e| not_copied(&e))?;
    let (file, taken_at) = (file.display(), manifest.taken_at.format("%F %T"));
    say(&said(
        format!(
            "{}\nRestored to {target} from {file}, taken at {taken_at} UTC.",
            report.text(false)
        ),
        format!(
            "{}\n{taken_at} UTC에 백업한 {file}에서 {target}을(를) 되살렸습니다.",
            report.text(true)
        ),
    ));
    Ok(())
}

/// Carries books to a database of the other engine.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn carry(
    settings: &Settings,
    (from, to): (&str, &str),
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    let (source, target) = (url("--from", from)?, url("--to", to)?);
    refuse_missing(&source)?;
    let (bar, lang) = (progress_bar(), settings.lang);
    let carried = copies::carry(&source, &target, &mut |p| show(&bar, lang, &p));
    bar.finish_and_clear();
    let Carried {
        tables,
        rows,
        report,
    } = carried.map_err(|e| not_copied(&e))?;
    let (from, to) = (without_password(from), without_password(to));
    say(&said(
        format!(
            "{}\nCopied {rows} rows of {tables} tables from {from} to {to}, and compared them.\n\
             What is recorded in {from} from now on is not in the copy. The keys stay where they \
             are: name their folder with SANGSAENG_KEY_DIR.",
            report.text(false)
        ),
        format!(
            "{}\n{from}에서 {to}(으)로 테이블 {tables}개의 {rows}행을 복사하고 대조했습니다.\n이제부터 \
             {from}에 기록되는 것은 사본에 없습니다. 키는 그 자리에 있습니다. SANGSAENG_KEY_DIR로 그 \
             디렉터리를 지정하십시오.",
            report.text(true)
        ),
    ));
    Ok(())
}

fn url(flag: &str, text: &str) -> Result<Url, Failed> {
    Url::parse(text).map_err(|_not_a_url| {
        let shown = without_password(text);
        wrong(
            format!(
                "{flag} is {shown:?}, but should be sqlite://PATH or postgres://USER@HOST/NAME"
            ),
            format!(
                "{flag} 값 {shown:?}: sqlite://경로 또는 postgres://사용자@호스트/이름이어야 합니다"
            ),
        )
    })
}

/// The file of an embedded database; PostgreSQL has tools of its own.
fn embedded(settings: &Settings) -> Result<&str, Failed> {
    match &settings.database {
        Url::Sqlite(path) => Ok(path),
        Url::Postgres(_) => Err(wrong(
            "backup and restore are for the embedded engine. On PostgreSQL use pg_basebackup, or \
             pg_dump and pg_restore, then `sangsaeng verify`: docs/BACKUP.md shows how.",
            "backup과 restore는 내장 엔진용입니다. PostgreSQL에서는 pg_basebackup이나 pg_dump와 \
             pg_restore를 쓰고 `sangsaeng verify`로 확인하십시오. 방법은 docs/BACKUP.md에 있습니다.",
        )),
    }
}

fn not_copied(error: &CopyError) -> Failed {
    let code = match error {
        CopyError::Exists(_)
        | CopyError::NoManifest(_)
        | CopyError::WrongKey { .. }
        | CopyError::SameEngine
        | CopyError::NotEmpty(_) => WRONG,
        CopyError::Differs(_) => DIFFERS,
        _ => FAILED,
    };
    let (en, ko) = (error.text(Lang::En), error.text(Lang::Ko));
    Failed {
        code,
        said: said(
            format!("Nothing was copied: {en}."),
            format!("복사하지 않았습니다: {ko}."),
        ),
    }
}

fn show(bar: &ProgressBar, lang: Lang, progress: &Progress) {
    let doing = match progress.stage {
        Stage::Copying => said("copying", "복사"),
        Stage::Carrying => said("rows", "행"),
        Stage::Comparing => said("comparing", "대조"),
        Stage::Checking(checked) => stage(checked),
    };
    bar.set_message(doing.text(lang).to_owned());
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}
