//! What is decided about users and sessions, without I/O and without a clock.

use chrono::{DateTime, Utc};

use super::error::AccessError;
use super::model::{RefreshSession, User, UserStatus};
use super::rights::Role;

/// Most characters of an address (RFC 5321 §4.5.3.1.3, less the angle brackets).
const MAX_EMAIL: usize = 254;
/// Most characters before the `@` (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// Most characters between two dots of a domain (RFC 1035 §2.3.4).
const MAX_LABEL: usize = 63;

/// Whether a text has the shape of an e-mail address: a dot-atom, `@`, a domain (RFC 5321
/// §4.1.2). Quoted local parts, addresses in brackets and letters outside ASCII are not taken.
#[must_use]
pub fn is_email(text: &str) -> bool {
    text.len() <= MAX_EMAIL
        && text.split_once('@').is_some_and(|(local, domain)| {
            local.len() <= MAX_LOCAL
                && local.split('.').all(is_atom)
                && domain.split('.').all(is_label)
        })
}

fn is_atom(text: &str) -> bool {
    let taken = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    !text.is_empty() && text.bytes().all(taken)
}

fn is_label(text: &str) -> bool {
    (1..=MAX_LABEL).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Roles as they are kept: sorted, none twice.
///
/// # Errors
/// [`AccessError::NoRoles`] where there is none.
pub fn tidy(roles: &[Role]) -> Result<Vec<Role>, AccessError> {
    let mut tidy = roles.to_vec();
    tidy.sort_unstable();
    tidy.dedup();
    if tidy.is_empty() {
        Err(AccessError::NoRoles)
    } else {
        Ok(tidy)
    }
}

/// The user after `actor` changed it. Other roles or another status end the user's sessions.
///
/// Roles that the identity provider says are changed there. Nobody changes their own: whoever made the change may still change users after it, so there is
/// always an admin left.
///
/// # Errors
/// [`AccessError::OwnUser`], [`AccessError::NoRoles`], [`AccessError::RolesElsewhere`].
pub fn change(
    user: &User,
    (actor, now): (&str, DateTime<Utc>),
    roles: Option<&[Role]>,
    status: Option<UserStatus>,
) -> Result<User, AccessError> {
    let roles = roles.map_or_else(|| Ok(user.roles.clone()), tidy)?;
    let status = status.unwrap_or(user.status);
    let version = user.version.saturating_add(1);
    if roles == user.roles && status == user.status {
        return Ok(User {
            version,
            ..user.clone()
        });
    }
    if actor == user.id {
        return Err(AccessError::OwnUser);
    }
    if roles != user.roles && user.subject.is_some() {
        return Err(AccessError::RolesElsewhere);
    }
    Ok(User {
        roles,
        status,
        version,
        ..user.signed_out(now)
    })
}

/// What becomes of a refresh token that somebody presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// It is replaced by a new one.
    Renewed,
    /// It was replaced before, so two hold it: every session of the user ends.
    Reused,
    /// Its time is over, or its sessions are.
    Over,
}

/// Judges a refresh token. One whose sessions ended already ends no others.
#[must_use]
pub fn present(session: &RefreshSession, user: &User, now: DateTime<Utc>) -> Presented {
    if !user.is_active() || !session.family.holds_at(user.session_version) {
        Presented::Over
    } else if session.used {
        Presented::Reused
    } else if now >= session.expires_at {
        Presented::Over
    } else {
        Presented::Renewed
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::access::model::{Email, Family};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn user() -> User {
        User {
            id: "u1".to_owned(),
            email: Email::parse("minji@example.com").unwrap(),
            password_hash: String::new(),
            roles: vec![Role::Admin],
            status: UserStatus::Active,
            session_version: 5,
            recorded_at: DateTime::UNIX_EPOCH,
            version: 3,
            subject: None,
            tokens_from: None,
            sources: Vec::new(),
        }
    }

    fn session() -> RefreshSession {
        RefreshSession {
            digest: "d".to_owned(),
            family: Family::new(5, "d"),
            user_id: "u1".to_owned(),
            issued_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(14),
            used: false,
        }
    }

    #[test]
    fn addresses_have_a_plain_local_part_and_a_domain() {
        let long_local = format!("{}@example.com", "a".repeat(64));
        let longest = format!("{}@{}", "a".repeat(64), "b.".repeat(94) + "b");
        assert_eq!(longest.len(), 254);
        for good in [
            "a@b",
            "a.b+c@example.co.kr",
            "o'hara@x-y.kr",
            &long_local,
            &longest,
        ] {
            assert!(is_email(good), "{good}");
        }
        let too_long = format!("{longest}b");
        let long_label = format!("a@{}", "b".repeat(64));
        for bad in [
            "",
            "@",
            "a@",
            "@b",
            "a",
            "a@b@c",
            "a b@c",
            ".a@b",
            "a.@b",
            "a..b@c",
            "a@.b",
            "a@b.",
            "a@b..c",
            "a@-b",
            "a@b-",
            "a@b_c",
            "\"a\"@b",
            "a@[127.0.0.1]",
            "가@b",
            "a@나.kr",
            "a\r\nb@c",
            "<a@b>",
            &format!("a{long_local}"),
            &too_long,
            &long_label,
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn roles_are_sorted_and_none_stands_twice() {
        let tidied = tidy(&[Role::Viewer, Role::Admin, Role::Viewer]);
        assert_eq!(tidied, Ok(vec![Role::Admin, Role::Viewer]));
        assert_eq!(tidy(&[]), Err(AccessError::NoRoles));
    }

    #[test]
    fn other_roles_or_another_status_end_the_sessions() {
        let roles = change(&user(), ("u2", NOW), Some(&[Role::Viewer]), None).unwrap();
        assert_eq!((roles.session_version, roles.version), (6, 4));
        assert_eq!(roles.roles, [Role::Viewer]);
        let status = change(&user(), ("u2", NOW), None, Some(UserStatus::Disabled)).unwrap();
        assert_eq!((status.session_version, status.version), (6, 4));
        assert!(!status.is_active());
    }

    #[test]
    fn a_change_that_changes_nothing_ends_no_session() {
        let same = change(
            &user(),
            ("u1", NOW),
            Some(&[Role::Admin]),
            Some(UserStatus::Active),
        )
        .unwrap();
        assert_eq!((same.session_version, same.version), (5, 4));
    }

    #[test]
    fn nobody_changes_their_own_roles_or_status() {
        let disable = change(&user(), ("u1", NOW), None, Some(UserStatus::Disabled));
        assert_eq!(disable, Err(AccessError::OwnUser));
        let promote = change(
            &user(),
            ("u1", NOW),
            Some(&[Role::Admin, Role::Treasurer]),
            None,
        );
        assert_eq!(promote, Err(AccessError::OwnUser));
    }

    #[test]
    fn roles_that_the_identity_provider_says_are_not_changed_here_but_the_status_is() {
        let known = User {
            subject: Some("oidc:1".to_owned()),
            ..user()
        };
        let roles = change(&known, ("u2", NOW), Some(&[Role::Viewer]), None);
        assert_eq!(roles, Err(AccessError::RolesElsewhere));
        let off = change(&known, ("u2", NOW), None, Some(UserStatus::Disabled)).unwrap();
        assert_eq!((off.is_active(), off.tokens_from), (false, Some(NOW)));
    }

    #[test]
    fn a_user_keeps_at_least_one_role() {
        assert_eq!(
            change(&user(), ("u2", NOW), Some(&[]), None),
            Err(AccessError::NoRoles)
        );
    }

    #[test]
    fn a_token_is_renewed_until_it_expires() {
        let session = session();
        let last = session.expires_at - TimeDelta::microseconds(1);
        assert_eq!(present(&session, &user(), last), Presented::Renewed);
        assert_eq!(
            present(&session, &user(), session.expires_at),
            Presented::Over
        );
    }

    #[test]
    fn a_token_used_twice_ends_the_sessions_even_after_it_expired() {
        let used = RefreshSession {
            used: true,
            ..session()
        };
        assert_eq!(present(&used, &user(), used.issued_at), Presented::Reused);
        assert_eq!(present(&used, &user(), used.expires_at), Presented::Reused);
    }

    #[test]
    fn a_token_whose_sessions_ended_is_over_and_ends_no_others() {
        let used = RefreshSession {
            used: true,
            ..session()
        };
        let disabled = User {
            status: UserStatus::Disabled,
            ..user()
        };
        for session in [session(), used] {
            assert_eq!(
                present(&session, &user().signed_out(NOW), session.issued_at),
                Presented::Over
            );
            assert_eq!(
                present(&session, &disabled, session.issued_at),
                Presented::Over
            );
        }
    }
}
