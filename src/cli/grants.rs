//! Who serves on PostgreSQL: a role that may do no more than that.

use sangsaeng::config::Settings;
use sangsaeng::db::grants::{self, GrantError};
use sangsaeng::db::{Conn, Use};

use super::books::unopened;
use super::say::{Failed, Said, failed, said, wrong};

/// Rights that are named; there may be more.
const NAMED: usize = 3;

/// Refuses a role that cannot be given anything, before the schema is touched.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn refuse_unfit(settings: &Settings, role: &str) -> Result<(), Failed> {
    let mut conn = Conn::open(&settings.database, Use::Write).map_err(|e| unopened(&e))?;
    grants::can_serve(&mut conn, role).map_err(|e| ungranted(&e))
}

/// Gives a role what serving needs, and says what else it can do.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn give(settings: &Settings, role: &str, say: &mut dyn FnMut(&Said)) -> Result<(), Failed> {
    let mut conn = Conn::open(&settings.database, Use::Write).map_err(|e| unopened(&e))?;
    grants::grant(&mut conn, role).map_err(|e| ungranted(&e))?;
    say(&said(
        format!("The role {role} may serve: read everything, and write what serving writes."),
        format!("역할 {role}이(가) 서비스할 수 있습니다. 모두 읽고, 서비스가 쓰는 것만 씁니다."),
    ));
    let beyond = grants::beyond_serving(&mut conn, Some(role)).map_err(|e| unopened(&e))?;
    if !beyond.is_empty() {
        let rights = named(&beyond);
        say(&said(
            format!(
                "It can do more, by rights that it has from elsewhere: {rights}. Take them away, \
                 such as by REVOKE … FROM PUBLIC."
            ),
            format!(
                "다른 곳에서 받은 권한이 더 있습니다: {rights}. REVOKE … FROM PUBLIC 등으로 \
                 거두십시오."
            ),
        ));
    }
    Ok(())
}

/// Warns where the role that serves could rewrite what was recorded.
///
/// # Errors
/// [`Failed`] when the database cannot be asked.
pub fn warn_of_more(settings: &Settings, say: &mut dyn FnMut(&Said)) -> Result<(), Failed> {
    let mut conn = Conn::open(&settings.database, Use::Write).map_err(|e| unopened(&e))?;
    let beyond = grants::beyond_serving(&mut conn, None).map_err(|e| unopened(&e))?;
    if !beyond.is_empty() {
        let rights = named(&beyond);
        say(&said(
            format!(
                "The role that serves can do more than serving needs: {rights}. So could whoever \
                 broke into the server. Make another role, give it its rights as the owner with \
                 `sangsaeng migrate --grant-to ROLE`, and serve as that."
            ),
            format!(
                "서비스하는 역할의 권한이 필요보다 많습니다: {rights}. 서버에 침입한 사람도 그만큼 \
                 할 수 있습니다. 역할을 따로 만들고 소유자로 `sangsaeng migrate --grant-to 역할`을 \
                 실행한 뒤 그 역할로 서비스하십시오."
            ),
        ));
    }
    Ok(())
}

fn named(rights: &[String]) -> String {
    let named: Vec<&str> = rights.iter().take(NAMED).map(String::as_str).collect();
    let rest = rights.len().saturating_sub(NAMED);
    let more = if rest == 0 {
        String::new()
    } else {
        format!(" +{rest}")
    };
    format!("{}{more}", named.join(", "))
}

fn ungranted(error: &GrantError) -> Failed {
    match error {
        GrantError::NoRoles => wrong(
            "SQLite has no roles: whoever may write the file may do anything. Leave --grant-to \
             away.",
            "SQLite에는 역할이 없습니다. 파일에 쓸 수 있으면 무엇이든 할 수 있습니다. \
             --grant-to를 빼십시오.",
        ),
        GrantError::NoSuchRole(role) => wrong(
            format!(
                "There is no role {role}. Make it first: CREATE ROLE \"{role}\" LOGIN PASSWORD '…';"
            ),
            format!(
                "역할 {role}이(가) 없습니다. 먼저 만드십시오: CREATE ROLE \"{role}\" LOGIN \
                 PASSWORD '…';"
            ),
        ),
        GrantError::Owner(role) => wrong(
            format!(
                "The role {role} owns the tables or is a superuser, so nothing can be kept from \
                 it. Name another role."
            ),
            format!(
                "역할 {role}은(는) 테이블의 소유자이거나 슈퍼유저여서 권한을 제한할 수 없습니다. \
                 다른 역할을 지정하십시오."
            ),
        ),
        GrantError::Db(error) => failed(
            format!("Nothing was granted: {error}."),
            format!("권한을 부여하지 못했습니다: {error}."),
        ),
    }
}
