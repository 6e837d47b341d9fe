//! Commands about partners: what an organisation outside may do at most. All lie in the house book.

use serde_json::json;

use super::model::{Partner, PartnerScope};
use super::rules;
use crate::access::error::AccessError;
use crate::access::model::UserStatus;
use crate::access::users::still_manages;
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::refusal::Refusal;

/// Makes an organisation a partner. Results in the partner.
#[derive(Debug)]
pub struct CreatePartner {
    /// The code of the organisation.
    pub code: Code,
    /// The most that its clients may do.
    pub scopes: Vec<PartnerScope>,
}

/// Changes what the clients of a partner may do. Another status ends their tokens: those of before
/// are not good again when the partner is. Results in the partner.
#[derive(Debug)]
pub struct ChangePartner {
    /// Which one.
    pub code: Code,
    /// The most that its clients may do from now on.
    pub scopes: Option<Vec<PartnerScope>>,
    /// Whether they may sign in.
    pub status: Option<UserStatus>,
    /// The version that was read.
    pub expected_version: i32,
}

impl Command for CreatePartner {
    type Done = Partner;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.organisations.want(&self.code);
        desk.partners.want(&self.code);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Partner>, Stop> {
        still_manages(desk, who)?;
        if desk.organisations.find(&self.code)?.is_none() {
            let refusal = Refusal::field("/organisation", "unknown_organisation");
            return Err(refusal.with("organisation", &self.code).into());
        }
        if desk.partners.find(&self.code)?.is_some() {
            return Err(Refusal::rule("duplicate_code")
                .with("code", &self.code)
                .into());
        }
        let partner = Partner {
            code: self.code.clone(),
            scopes: rules::scopes(&self.scopes)?,
            status: UserStatus::Active,
            recorded_at: desk.now(),
            version: 1,
            session_version: 0,
        };
        let event = event(desk, "partner.created", &partner);
        let put = Put::Partner(partner.clone());
        Ok(Changes::of(event).put(put).done(partner))
    }
}

impl Command for ChangePartner {
    type Done = Partner;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.partners.want(&self.code);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Partner>, Stop> {
        still_manages(desk, who)?;
        let found = desk.partners.find(&self.code)?;
        let before = found.ok_or(AccessError::UnknownUser)?;
        if before.version != self.expected_version {
            return Err(AccessError::StaleVersion {
                current: before.version,
            }
            .into());
        }
        let scopes = self.scopes.as_deref().map(rules::scopes).transpose()?;
        let status = self.status.unwrap_or(before.status);
        let ended = i64::from(status != before.status);
        let partner = Partner {
            scopes: scopes.unwrap_or_else(|| before.scopes.clone()),
            status,
            session_version: before.session_version.saturating_add(ended),
            version: before.version.saturating_add(1),
            ..(*before).clone()
        };
        let event = event(desk, "partner.changed", &partner);
        let put = Put::Partner(partner.clone());
        Ok(Changes::of(event).put(put).done(partner))
    }
}

fn event(desk: &Desk, kind: &'static str, partner: &Partner) -> NewEvent {
    let Partner {
        code,
        scopes,
        status,
        ..
    } = partner;
    NewEvent {
        kind,
        subject: format!("partner:{code}"),
        effective_on: desk.today(),
        command: json!({ "partner": code, "scopes": scopes, "status": status }).to_string(),
    }
}
