//! What a partner is, and a client.

use chrono::{DateTime, Utc};

use crate::access::model::UserStatus;
use crate::access::rights::{Principal, Right, Role};
use crate::bounds::Bounds;
use crate::code::Code;
use crate::text_enum::text_enum;

text_enum! {
    /// What a partner may be granted: rights, by their own names.
    PartnerScope {
        /// [`Right::Submit`].
        Submit = "submit",
        /// [`Right::RecordDirectly`].
        RecordDirectly = "record_directly",
        /// [`Right::ReadPrograms`].
        ReadPrograms = "read_programs",
        /// [`Right::ReadProgramReports`].
        ReadProgramReports = "read_program_reports",
    }
}

impl PartnerScope {
    /// The right that it stands for.
    #[must_use]
    pub fn right(self) -> Right {
        match self {
            Self::Submit => Right::Submit,
            Self::RecordDirectly => Right::RecordDirectly,
            Self::ReadPrograms => Right::ReadPrograms,
            Self::ReadProgramReports => Right::ReadProgramReports,
        }
    }
}

/// An organisation that may have clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// The code of the organisation.
    pub code: Code,
    /// The most that its clients may do: sorted, at least one, none twice.
    pub scopes: Vec<PartnerScope>,
    /// Whether its clients may sign in.
    pub status: UserStatus,
    /// When it became a partner.
    pub recorded_at: DateTime<Utc>,
    /// Counts the changes.
    pub version: i32,
    /// Counted up to end every token of its clients.
    pub session_version: i64,
}

/// What is kept of a client's secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSecret {
    /// SHA-256 of it, hexadecimal.
    pub digest: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// A program of a partner's that signs in by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// What it signs in with: `client-` and a random id that sorts by the time it was made.
    pub id: String,
    /// The code of its partner.
    pub partner: Code,
    /// The programs that it is bound to: sorted, at least one, none twice.
    pub programs: Vec<Code>,
    /// What it may do there, as far as its partner may.
    pub scopes: Vec<PartnerScope>,
    /// The newest secret.
    pub secret: KeptSecret,
    /// The one before, while it is still good.
    pub old_secret: Option<KeptSecret>,
    /// Whether it may sign in.
    pub status: UserStatus,
    /// Counted up to end every token of the client.
    pub session_version: i64,
    /// When it last signed in.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub recorded_at: DateTime<Utc>,
    /// Counts the changes that others see.
    pub version: i32,
}

impl Client {
    /// Whether it may sign in, its partner aside.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Its live secrets, the newest first.
    pub fn secrets(&self) -> impl Iterator<Item = &KeptSecret> {
        std::iter::once(&self.secret).chain(&self.old_secret)
    }

    /// The version that its tokens name. Both numbers only grow, so no sum of theirs comes twice:
    /// whichever was counted up, tokens of before are over for good.
    #[must_use]
    pub fn sessions(&self, partner: &Partner) -> i64 {
        self.session_version.saturating_add(partner.session_version)
    }

    /// The same client with every token over.
    #[must_use]
    pub fn signed_out(&self) -> Self {
        Self {
            session_version: self.session_version.saturating_add(1),
            ..self.clone()
        }
    }
}

/// A client as it stands, with all that it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The client.
    pub client: Client,
    /// Its partner.
    pub partner: Partner,
    /// Those of the client's programs that the partner runs today.
    pub programs: Vec<Code>,
}

impl Standing {
    /// Whether the client may sign in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.client.is_active() && self.partner.status == UserStatus::Active
    }

    /// What the client may do: of its own scopes those that its partner has.
    #[must_use]
    pub fn scopes(&self) -> Vec<PartnerScope> {
        let granted = |scope: &&PartnerScope| self.partner.scopes.contains(scope);
        self.client.scopes.iter().filter(granted).copied().collect()
    }

    /// Who sends a request with a token of this client's, whatever the token's scopes.
    #[must_use]
    pub fn principal(&self) -> Principal {
        let scopes: Vec<Right> = self.scopes().into_iter().map(PartnerScope::right).collect();
        let directly = scopes.contains(&Right::RecordDirectly);
        Principal {
            user: self.client.id.clone(),
            roles: vec![Role::Partner],
            session_version: self.client.sessions(&self.partner),
            scopes: Some(scopes),
            bounds: Bounds::of(self.programs.iter().cloned(), directly),
        }
    }
}
