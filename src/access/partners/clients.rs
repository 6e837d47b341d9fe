//! Commands about clients. All lie in the house book; none logs a secret or its hash.

use std::rc::Rc;

use serde_json::{Value, json};

use super::model::{Client, KeptSecret, Partner, PartnerScope};
use super::rules;
use crate::access::error::AccessError;
use crate::access::model::UserStatus;
use crate::access::users::still_manages;
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::programs::model::Program;
use crate::refusal::Refusal;

/// The session version of a new client.
const FIRST_SESSION_VERSION: i64 = 1;

/// Makes a client. Results in the client.
pub struct CreateClient {
    /// A fresh random id.
    pub id: String,
    /// The partner it is for.
    pub partner: Code,
    /// The programs that it is bound to.
    pub programs: Vec<Code>,
    /// What it may do; all that its partner may by default.
    pub scopes: Option<Vec<PartnerScope>>,
    /// The digest of its first secret.
    pub digest: String,
}

/// Changes a client. Another status ends its tokens. Results in the client.
#[derive(Debug)]
pub struct ChangeClient {
    /// Which one.
    pub id: String,
    /// All the programs that it is bound to from now on.
    pub programs: Option<Vec<Code>>,
    /// All that it may do from now on.
    pub scopes: Option<Vec<PartnerScope>>,
    /// Whether it may sign in.
    pub status: Option<UserStatus>,
    /// The version that was read.
    pub expected_version: i32,
}

/// Gives a client another secret. Results in the client.
pub struct RotateSecret {
    /// Which client.
    pub id: String,
    /// The digest of the new secret.
    pub digest: String,
    /// Whether the newest secret so far stays good beside it. If not, every token of the client
    /// ends too: somebody else may hold one.
    pub keep_old: bool,
}

/// Notes that a client signed in with a secret that was just found to be its own. Results in the
/// session version that its token is to name.
pub struct ClientSignedIn {
    /// Which client.
    pub id: String,
    /// The digest of the secret.
    pub digest: String,
    /// What its token is for.
    pub scopes: Vec<PartnerScope>,
}

impl Command for CreateClient {
    type Done = Client;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.partners.want(&self.partner);
        self.programs
            .iter()
            .for_each(|code| desk.programs.want(code));
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Client>, Stop> {
        still_manages(desk, who)?;
        let Some(partner) = desk.partners.find(&self.partner)? else {
            let refusal = Refusal::field("/partner", "unknown_partner");
            return Err(refusal.with("partner", &self.partner).into());
        };
        rules::active(&partner)?;
        let client = Client {
            id: self.id.clone(),
            partner: self.partner.clone(),
            programs: programs(desk, &self.programs, &self.partner)?,
            scopes: rules::scopes_of_client(self.scopes.as_deref(), &partner)?,
            secret: kept(desk, &self.digest),
            old_secret: None,
            status: UserStatus::Active,
            session_version: FIRST_SESSION_VERSION,
            last_used_at: None,
            recorded_at: desk.now(),
            version: 1,
        };
        Ok(changed(desk, "client.created", client))
    }
}

impl Command for ChangeClient {
    type Done = Client;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.clients.want(&self.id);
        let programs = self.programs.iter().flatten();
        programs.for_each(|code| desk.programs.want(code));
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Client>, Stop> {
        still_manages(desk, who)?;
        let (before, partner) = known(desk, &self.id)?;
        if before.version != self.expected_version {
            return Err(AccessError::StaleVersion {
                current: before.version,
            }
            .into());
        }
        let status = self.status.unwrap_or(before.status);
        let mut client = if status == before.status {
            (*before).clone()
        } else {
            before.signed_out()
        };
        if let Some(asked) = &self.programs {
            client.programs = programs(desk, asked, &client.partner)?;
        }
        if let Some(asked) = &self.scopes {
            client.scopes = rules::scopes_of_client(Some(asked), &partner)?;
        }
        client.status = status;
        client.version = client.version.saturating_add(1);
        Ok(changed(desk, "client.changed", client))
    }
}

impl Command for RotateSecret {
    type Done = Client;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.clients.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Client>, Stop> {
        still_manages(desk, who)?;
        let (before, _) = known(desk, &self.id)?;
        let (ended, old_secret) = if self.keep_old {
            ((*before).clone(), Some(before.secret.clone()))
        } else {
            (before.signed_out(), None)
        };
        let client = Client {
            secret: kept(desk, &self.digest),
            old_secret,
            version: before.version.saturating_add(1),
            ..ended
        };
        Ok(changed(desk, "client.rotated", client))
    }
}

impl Command for ClientSignedIn {
    type Done = i64;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.clients.want(&self.id);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<i64>, Stop> {
        let (before, partner) = known(desk, &self.id)?;
        // It may have been disabled, or have other secrets, since the secret was verified.
        let live = before.secrets().any(|kept| kept.digest == self.digest);
        if !live || !before.is_active() || partner.status != UserStatus::Active {
            return Err(AccessError::NotSignedIn.into());
        }
        let client = Client {
            last_used_at: Some(desk.now()),
            ..(*before).clone()
        };
        let command = json!({ "client": client.id, "scopes": self.scopes });
        let event = event(desk, "client.signed_in", &client.id, &command);
        let version = client.sessions(&partner);
        Ok(Changes::of(event).put(Put::Client(client)).done(version))
    }
}

/// A client and its partner.
fn known(desk: &Desk, id: &String) -> Result<(Rc<Client>, Rc<Partner>), Stop> {
    let client = desk.clients.find(id)?.ok_or(AccessError::UnknownUser)?;
    let partner = desk.partners.find(&client.partner)?;
    Ok((client, partner.ok_or(AccessError::UnknownUser)?))
}

fn programs(desk: &Desk, asked: &[Code], partner: &Code) -> Result<Vec<Code>, Stop> {
    asked.iter().for_each(|code| desk.programs.want(code));
    let mut found: Vec<Rc<Program>> = Vec::new();
    for code in asked {
        found.extend(desk.programs.find(code)?);
    }
    let known = |code: &Code| {
        let mut found = found.iter().map(Rc::as_ref);
        found.find(|program| program.code == *code)
    };
    Ok(rules::programs_of_client(asked, partner, known)?)
}

fn kept(desk: &Desk, digest: &str) -> KeptSecret {
    KeptSecret {
        digest: digest.to_owned(),
        made_at: desk.now(),
    }
}

fn changed(desk: &Desk, kind: &'static str, client: Client) -> Decision<Client> {
    let command = json!({
        "client": client.id,
        "partner": client.partner,
        "programs": client.programs,
        "scopes": client.scopes,
        "secrets": client.secrets().count(),
        "status": client.status,
    });
    let event = event(desk, kind, &client.id, &command);
    let put = Put::Client(client.clone());
    Changes::of(event).put(put).done(client)
}

fn event(desk: &Desk, kind: &'static str, client: &str, command: &Value) -> NewEvent {
    NewEvent {
        kind,
        subject: format!("client:{client}"),
        effective_on: desk.today(),
        command: command.to_string(),
    }
}
