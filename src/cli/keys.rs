//! Keys: making them, and giving tokens another one while servers run.

use std::path::Path;

use chrono::TimeDelta;
use sangsaeng::access::keys::KeyRing;
use sangsaeng::access::keys::rotation::{self, KNOWN_BEFORE};
use sangsaeng::clock::{Clock, SystemClock};

use super::say::{Failed, Said, said, wrong};

/// The longest time until a key signs.
const MOST_MINUTES: i64 = 24 * 60;

/// Makes keys in a directory.
///
/// # Errors
/// [`Failed`] when there are keys already, or the directory cannot be written.
pub fn make(dir: &Path, say: &mut dyn FnMut(&Said)) -> Result<(), Failed> {
    KeyRing::create(dir).map_err(|e| unmade(&e))?;
    let dir = dir.display();
    say(&said(
        format!("Keys were made in {dir}. Keep a copy apart from the database."),
        format!("{dir}에 키를 만들었습니다. 데이터베이스와 다른 곳에 사본을 보관하십시오."),
    ));
    Ok(())
}

/// Makes another key that signs tokens.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn rotate(
    dir: &Path,
    after: Option<i64>,
    leaked: bool,
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    if leaked {
        let kid = rotation::replace(dir).map_err(|e| unmade(&e))?;
        say(&said(
            format!(
                "Key {kid} signs from now on. Every access token is over within seconds. Bring the \
                 directory to every server that has its own."
            ),
            format!(
                "이제 키 {kid}가 서명합니다. 모든 접근 토큰은 몇 초 안에 끝납니다. 따로 디렉터리를 둔 \
                 서버에도 옮기십시오."
            ),
        ));
        return Ok(());
    }
    let minutes = after.unwrap_or(KNOWN_BEFORE.num_minutes());
    if !(1..=MOST_MINUTES).contains(&minutes) {
        return Err(wrong(
            format!("--after is {minutes}, but should be 1 to {MOST_MINUTES} minutes."),
            format!("--after의 값 {minutes}: 1 이상 {MOST_MINUTES} 이하의 분이어야 합니다."),
        ));
    }
    let now = SystemClock::start().now();
    let from = now.checked_add_signed(TimeDelta::minutes(minutes));
    let done = rotation::rotate(dir, now, from.unwrap_or(now)).map_err(|e| unmade(&e))?;
    let (kid, from, until) = (
        done.kid,
        done.from.format("%FT%TZ"),
        done.until.format("%FT%TZ"),
    );
    say(&said(
        format!(
            "Key {kid} signs from {from} on; the one before is good until {until}. Bring the \
             directory to every server that has its own before {from}. Nothing has to be restarted."
        ),
        format!(
            "키 {kid}는 {from}부터 서명하고, 이전 키는 {until}까지 유효합니다. 따로 디렉터리를 둔 \
             서버에는 {from} 전에 옮기십시오. 다시 시작할 필요는 없습니다."
        ),
    ));
    Ok(())
}

fn unmade(error: &dyn std::fmt::Display) -> Failed {
    wrong(
        format!("Keys were not made: {error}"),
        format!("키를 만들지 못했습니다: {error}"),
    )
}
