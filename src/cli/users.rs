//! Users: commands that work beside a running server.

use std::io::Read;
use std::sync::Arc;

use sangsaeng::TextEnum;
use sangsaeng::access::model::Email;
use sangsaeng::access::password::{self, Password, PasswordRefused};
use sangsaeng::access::rights::Role;
use sangsaeng::access::secret::{random_id, random_password};
use sangsaeng::access::users::CreateUser;
use sangsaeng::clock::{Clock, SystemClock};
use sangsaeng::config::Settings;
use sangsaeng::desk::WriteError;
use sangsaeng::ledger::Who;

use super::books::{Books, Schema};
use super::say::{Failed, Said, failed, said, wrong};

/// Bytes of a password on standard input.
const MAX_PASSWORD_BYTES: u64 = 4_096;

/// Makes a user.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn create(
    settings: &Settings,
    email: &str,
    roles: &[String],
    password_stdin: bool,
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    let email = Email::parse(email).map_err(|_not_an_email| {
        wrong(
            format!("{email:?} is not an e-mail address."),
            format!("{email:?}은(는) 전자우편 주소가 아닙니다."),
        )
    })?;
    let roles = roles
        .iter()
        .map(|role| parse_role(role))
        .collect::<Result<Vec<Role>, _>>()?;
    let (text, made) = if password_stdin {
        (read_password()?, false)
    } else {
        (random_password().map_err(|e| unmade(&e))?.to_string(), true)
    };
    let shown = made.then(|| text.clone());
    let password = Password::chosen(text).map_err(unsafe_password)?;
    password.not_of(&email).map_err(unsafe_password)?;
    let password_hash = password::hash(&password).map_err(|e| unmade(&e))?;
    let clock = Arc::new(SystemClock::start());
    let id = random_id(clock.now());
    let books = Books::open(settings, Schema::Migrate, clock, say)?;
    let command = CreateUser {
        id: id.clone(),
        email: email.clone(),
        password_hash,
        roles,
    };
    let who = Who::of_house("system", format!("command-line-{id}"));
    books
        .door
        .run_blocking(command, who)
        .map_err(|e| unwritten(&e, email.as_str()))?;
    books.door.stop();
    let email = email.as_str();
    match shown {
        None => say(&said(
            format!("User {email} was made."),
            format!("사용자 {email}을(를) 만들었습니다."),
        )),
        Some(password) => say(&said(
            format!("User {email} was made. Password, shown once: {password}"),
            format!("사용자 {email}을(를) 만들었습니다. 비밀번호(한 번만 표시): {password}"),
        )),
    }
    Ok(())
}

fn parse_role(role: &str) -> Result<Role, Failed> {
    Role::from_name(role)
        .filter(|role| *role != Role::Partner)
        .ok_or_else(|| {
            let people = Role::ALL.iter().filter(|role| **role != Role::Partner);
            let roles = people
                .map(|role| role.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            wrong(
                format!("{role:?} is not a role of people. Roles: {roles}."),
                format!("{role:?}은(는) 사람의 역할이 아닙니다. 역할: {roles}."),
            )
        })
}

fn read_password() -> Result<String, Failed> {
    let mut text = String::new();
    std::io::stdin()
        .take(MAX_PASSWORD_BYTES)
        .read_to_string(&mut text)
        .map_err(|e| {
            wrong(
                format!("The password on standard input cannot be read: {e}."),
                format!("표준 입력의 비밀번호를 읽을 수 없습니다: {e}."),
            )
        })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn unsafe_password(refused: PasswordRefused) -> Failed {
    let code = refused.code();
    wrong(
        format!(
            "The password is refused: {code}. It needs 8 to 128 characters, must not be a common \
             one, and be no name of the address."
        ),
        format!(
            "비밀번호를 쓸 수 없습니다({code}). 8~128자이고 흔하지 않아야 하며 주소의 이름이 \
             아니어야 합니다."
        ),
    )
}

fn unmade(error: &dyn std::fmt::Display) -> Failed {
    failed(
        format!("A password cannot be made: {error}."),
        format!("비밀번호 생성 실패: {error}."),
    )
}

fn unwritten(error: &WriteError, email: &str) -> Failed {
    match error {
        WriteError::Refused(refusal) if refusal.code() == "email_taken" => wrong(
            format!("There is a user {email} already."),
            format!("사용자 {email}이(가) 이미 있습니다."),
        ),
        WriteError::Refused(refusal) => wrong(
            format!("It is refused: {}.", refusal.code()),
            format!("거부되었습니다: {}.", refusal.code()),
        ),
        _ => failed(
            "It was not written. Try again.",
            "기록되지 않았습니다. 다시 시도하십시오.",
        ),
    }
}
