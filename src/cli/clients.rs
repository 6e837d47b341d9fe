//! Clients of partners: a command that works beside a running server.

use std::sync::Arc;

use sangsaeng::access::partners::clients::CreateClient;
use sangsaeng::access::partners::grant::CreatePartner;
use sangsaeng::access::partners::sign_in::USUAL;
use sangsaeng::access::partners::store;
use sangsaeng::access::secret::{ClientSecret, random_id};
use sangsaeng::clock::{Clock, SystemClock};
use sangsaeng::code::Code;
use sangsaeng::config::Settings;
use sangsaeng::desk::WriteError;
use sangsaeng::ledger::Who;
use sangsaeng::refusal::Refusal;

use super::books::{Books, Schema};
use super::say::{Failed, Said, failed, said, wrong};

/// Makes a client bound to programs of a partner, and makes the organisation a partner where it is
/// none yet.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn create(
    settings: &Settings,
    partner: &str,
    programs: &[String],
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    let partner = code(partner)?;
    let programs = programs
        .iter()
        .map(|program| code(program))
        .collect::<Result<Vec<Code>, _>>()?;
    let secret = ClientSecret::generate().map_err(|e| {
        failed(
            format!("A secret cannot be made: {e}."),
            format!("비밀 생성 실패: {e}."),
        )
    })?;
    let clock = Arc::new(SystemClock::start());
    let id = format!("client-{}", random_id(clock.now()));
    let books = Books::open(settings, Schema::Migrate, clock, say)?;
    let who = Who::of_house("system", format!("command-line-{id}"));
    let known = books.db.read(|conn| store::partner(conn, &partner));
    let known = known.map_err(|e| {
        failed(
            format!("The partner cannot be read: {e}."),
            format!("파트너를 읽을 수 없습니다: {e}."),
        )
    })?;
    if known.is_none() {
        let command = CreatePartner {
            code: partner.clone(),
            scopes: USUAL.to_vec(),
        };
        let done = books.door.run_blocking(command, who.clone());
        done.map_err(|e| unwritten(&e, &partner))?;
    }
    let command = CreateClient {
        id: id.clone(),
        partner: partner.clone(),
        programs,
        scopes: None,
        digest: secret.digest(),
    };
    let done = books.door.run_blocking(command, who);
    done.map_err(|e| unwritten(&e, &partner))?;
    books.door.stop();
    let secret = secret.expose();
    say(&said(
        format!("Client {id} of {partner} was made. Secret, shown once: {secret}"),
        format!("{partner}의 클라이언트 {id}을(를) 만들었습니다. 비밀(한 번만 표시): {secret}"),
    ));
    Ok(())
}

fn code(text: &str) -> Result<Code, Failed> {
    Code::parse(text).map_err(|_not_a_code| {
        wrong(
            format!("{text:?} is not a code: 2 to 64 of a-z, 0-9 and hyphen."),
            format!("{text:?}은(는) 코드가 아닙니다: a-z, 0-9, 하이픈 2~64자."),
        )
    })
}

fn unwritten(error: &WriteError, partner: &Code) -> Failed {
    let WriteError::Refused(refusal) = error else {
        return failed(
            "It was not written. Try again.",
            "기록되지 않았습니다. 다시 시도하십시오.",
        );
    };
    let first = match refusal {
        Refusal::Fields(faults) => faults.first().map_or("", |fault| fault.code),
        other => other.code(),
    };
    match first {
        "unknown_organisation" => wrong(
            format!("There is no organisation {partner}: make it first."),
            format!("기관 {partner}이(가) 없습니다. 먼저 만드십시오."),
        ),
        "program_not_of_partner" => wrong(
            format!("Every program has to name {partner} as its partner."),
            format!("모든 사업의 partner가 {partner}이어야 합니다."),
        ),
        "partner_disabled" => wrong(
            format!("Partner {partner} is disabled."),
            format!("파트너 {partner}의 사용이 중지되어 있습니다."),
        ),
        code => wrong(
            format!("It is refused: {code}."),
            format!("거부되었습니다: {code}."),
        ),
    }
}
