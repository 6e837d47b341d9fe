//! The command by which somebody from the identity provider becomes a user, or another one.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Person;
use crate::access::error::AccessError;
use crate::access::model::{User, UserStatus};
use crate::access::password::NOBODYS_HASH;
use crate::access::users::{FIRST_SESSION_VERSION, described, event};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::Who;
use crate::ledger::store::BookRef;

/// Makes a user of somebody whom the provider vouches for, finds the one with the same address, or
/// gives the user the roles that the provider says. Results in the user.
pub struct Introduce {
    /// A fresh random id, for a user who is made.
    pub id: String,
    /// Who it is.
    pub person: Person,
}

impl Command for Introduce {
    type Done = User;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.user_subjects.want(&self.person.subject);
        if let Some(email) = &self.person.email {
            desk.user_emails.want(&email.to_string());
        }
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<User>, Stop> {
        let person = &self.person;
        let (kind, user) = match self.known(desk)? {
            Some(known) => {
                if !known.is_active() || is_over(&known, person.issued_at) {
                    return Err(AccessError::NotSignedIn.into());
                }
                ("user.changed", as_told(&known, person))
            }
            None => ("user.created", self.made(desk)?),
        };
        let mut command = described(&user);
        if let Some(members) = command.as_object_mut() {
            members.insert("subject".to_owned(), json!(person.subject));
        }
        let event = event(desk, kind, &user.id, command);
        Ok(Changes::of(event).put(Put::User(user.clone())).done(user))
    }
}

impl Introduce {
    /// The user that this is: by the subject, else by the address, unless that user is somebody
    /// else at the provider.
    fn known(&self, desk: &Desk) -> Result<Option<User>, Stop> {
        let id = match desk.user_subjects.find(&self.person.subject)? {
            Some(known) => known.id.clone(),
            None => {
                let Some(email) = &self.person.email else {
                    return Ok(None);
                };
                match desk.user_emails.find(&email.to_string())? {
                    Some(known) => known.id.clone(),
                    None => return Ok(None),
                }
            }
        };
        let user = desk.users.find(&id)?.ok_or(AccessError::UnknownUser)?;
        let other = user.subject.as_ref();
        if other.is_some_and(|other| *other != self.person.subject) {
            return Err(AccessError::NotSignedIn.into());
        }
        Ok(Some((*user).clone()))
    }

    /// A new user, who has no password.
    fn made(&self, desk: &Desk) -> Result<User, Stop> {
        let person = &self.person;
        let email = person.email.clone().ok_or(AccessError::NotSignedIn)?;
        Ok(User {
            id: self.id.clone(),
            email,
            password_hash: NOBODYS_HASH.to_owned(),
            roles: person.roles.clone(),
            status: UserStatus::Active,
            session_version: FIRST_SESSION_VERSION,
            recorded_at: desk.now(),
            version: 1,
            subject: Some(person.subject.clone()),
            tokens_from: None,
            sources: Vec::new(),
        })
    }
}

/// Whether a token of that moment is over for the user.
#[must_use]
pub fn is_over(user: &User, issued_at: DateTime<Utc>) -> bool {
    user.tokens_from.is_some_and(|from| issued_at < from)
}

/// The user as the provider tells. Other roles end all that was given out for those of before:
/// sessions, and older tokens of the provider.
fn as_told(user: &User, person: &Person) -> User {
    let subject = Some(person.subject.clone());
    if user.roles == person.roles {
        return User {
            subject,
            ..user.clone()
        };
    }
    User {
        roles: person.roles.clone(),
        subject,
        version: user.version.saturating_add(1),
        ..user.signed_out(person.issued_at)
    }
}
