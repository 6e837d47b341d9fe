//! The people of the demo: one for each role, two officers, each with a random password.

use std::fmt;

use zeroize::Zeroizing;

use super::error::DemoError;
use super::pen::Tools;
use crate::access::Role;
use crate::access::model::Email;
use crate::access::password::{self, Password};
use crate::access::secret::{random_id, random_password};
use crate::access::users::CreateUser;
use crate::clock::Clock;
use crate::ledger::Who;

/// Where their addresses are: a domain that nobody can have (RFC 2606).
const DOMAIN: &str = "demo.example";
/// Who makes the first user, and the request that all entries came with.
const DEMO: &str = "demo";

/// How somebody signs in. Hidden from Debug.
pub struct SignIn {
    /// The address.
    pub email: String,
    /// What the user is.
    pub role: Role,
    /// The password, which is kept nowhere else.
    pub password: Zeroizing<String>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn(hidden)")
    }
}

/// Who does what.
pub struct Cast {
    /// Sets up funds, programs and organisations.
    pub manager: Who,
    /// Records disbursements and donations.
    pub officer: Who,
    /// Records sales.
    pub sales_officer: Who,
    /// Approves.
    pub approver: Who,
    /// Pays.
    pub treasurer: Who,
    /// Answers for what is said and promised in public.
    pub communicator: Who,
    /// How each of them, and those who only look, sign in.
    pub sign_ins: Vec<SignIn>,
}

/// Makes the users: the admin by the demo itself, the others by the admin.
///
/// # Errors
/// [`DemoError`] when a user cannot be made.
pub fn hire(tools: &Tools<'_>) -> Result<Cast, DemoError> {
    let mut sign_ins = Vec::new();
    let mut user = |by: &Who, login, role| {
        let (who, sign_in) = make(tools, by, login, role)?;
        sign_ins.push(sign_in);
        Ok::<Who, DemoError>(who)
    };
    let admin = user(&as_user(DEMO), "admin", Role::Admin)?;
    let manager = user(&admin, "manager", Role::Manager)?;
    let officer = user(&admin, "officer", Role::Officer)?;
    let sales_officer = user(&admin, "officer2", Role::Officer)?;
    let approver = user(&admin, "approver", Role::Approver)?;
    let treasurer = user(&admin, "treasurer", Role::Treasurer)?;
    let communicator = user(&admin, "communicator", Role::Communicator)?;
    user(&admin, "auditor", Role::Auditor)?;
    user(&admin, "viewer", Role::Viewer)?;
    Ok(Cast {
        manager,
        officer,
        sales_officer,
        approver,
        treasurer,
        communicator,
        sign_ins,
    })
}

fn make(tools: &Tools<'_>, by: &Who, login: &str, role: Role) -> Result<(Who, SignIn), DemoError> {
    let password = random_password()?;
    let email = Email::parse(&format!("{login}@{DOMAIN}"))?;
    let command = CreateUser {
        id: random_id(tools.clock.now()),
        email: email.clone(),
        password_hash: password::hash(&Password::typed(password.to_string()))?,
        roles: vec![role],
    };
    let user = tools.door.run_blocking(command, by.clone())?;
    Ok((
        as_user(&user.id),
        SignIn {
            email: email.to_string(),
            role,
            password,
        },
    ))
}

fn as_user(id: &str) -> Who {
    Who::of_house(id, DEMO)
}
