//! Who may do what: roles, rights, and the one table that joins them.
//!
//! A user has one or more roles and every right of each. What depends on the entry at hand, such
//! as never approving one's own, is decided by the room of that entry, whatever the roles.

use crate::bounds::Bounds;
use crate::text_enum::{TextEnum, text_enum};

text_enum! {
    /// What a user is in the house.
    Role {
        /// Looks after users and settings.
        Admin = "admin",
        /// Looks after funds, programs and their budgets.
        Manager = "manager",
        /// Records payments, donations and sales.
        Officer = "officer",
        /// Approves what others recorded, sends it back or cancels it.
        Approver = "approver",
        /// Pays, and books what comes back.
        Treasurer = "treasurer",
        /// Makes public statements and answers for them.
        Communicator = "communicator",
        /// Reads everything and changes nothing.
        Auditor = "auditor",
        /// Reads reports, and lists without personal details.
        Viewer = "viewer",
        /// An outside organisation that runs programs; sees no more than its own.
        Partner = "partner",
    }
}

text_enum! {
    /// What a request needs to be allowed to do.
    Right {
        /// Make and change users.
        ManageUsers = "manage_users",
        /// Make and change funds, programs, organisations, plans and allocations.
        ManageBooks = "manage_books",
        /// Record beneficiaries, donations and measurements, and files of records.
        Record = "record",
        /// Approve, send back and cancel.
        Approve = "approve",
        /// Pay, and book returns and refunds.
        Pay = "pay",
        /// Approve or pay: which, depends on what is asked for.
        ApproveOrPay = "approve_or_pay",
        /// Make claims: record what was said in public.
        MakeClaims = "make_claims",
        /// Make pledges.
        MakePledges = "make_pledges",
        /// Read single records and master data, without personal details.
        ReadRecords = "read_records",
        /// Read who was paid; how much of it, [`sees_details`] tells.
        ReadPeople = "read_people",
        /// Read reports.
        ReadReports = "read_reports",
        /// Send files of records: which, the kind of the file decides.
        Import = "import",
        /// Record disbursements, sales and statements of sales, and change them while they wait.
        Submit = "submit",
        /// Have what one records follow its program's own rule of approval. No operation needs it.
        RecordDirectly = "record_directly",
        /// Read programs, and the disbursements, sales and statements of them.
        ReadPrograms = "read_programs",
        /// Read the report of a program.
        ReadProgramReports = "read_program_reports",
        /// Look through the log of events, and through sign-ins and refused requests.
        ReadEvents = "read_events",
        /// See to one's own account: who am I, change the password, sign out.
        Own = "own",
    }
}

/// How much of personal details somebody gets to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Details {
    /// Nothing.
    None,
    /// Enough to tell one from another, such as `***-**-*1234`.
    Masked,
    /// Everything.
    Full,
}

impl Role {
    /// The rights of this role. Who works on the books may also read them and their reports.
    fn rights(self) -> impl Iterator<Item = &'static Right> {
        use Right::{
            Approve, ApproveOrPay, Import, MakeClaims, MakePledges, ManageBooks, ManageUsers, Own,
            Pay, ReadEvents, ReadPeople, ReadProgramReports, ReadPrograms, ReadRecords,
            ReadReports, Record, RecordDirectly, Submit,
        };
        let own: &[Right] = match self {
            Self::Admin => &[ManageUsers, ReadEvents],
            Self::Manager => &[ManageBooks, MakePledges, Import],
            Self::Officer => &[Record, Import, Submit, RecordDirectly, ReadPeople],
            Self::Approver => &[Approve, ApproveOrPay, ReadPeople],
            Self::Treasurer => &[Pay, ApproveOrPay, Import, ReadPeople],
            Self::Auditor => &[ReadPeople, ReadEvents],
            Self::Communicator => &[MakeClaims, MakePledges],
            Self::Viewer | Self::Partner => &[],
        };
        let read: &[Right] = match self {
            Self::Partner => &[
                Submit,
                RecordDirectly,
                ReadPrograms,
                ReadProgramReports,
                Own,
            ],
            Self::Communicator => &[ReadReports, ReadProgramReports, Own],
            _ => &[
                ReadRecords,
                ReadPrograms,
                ReadReports,
                ReadProgramReports,
                Own,
            ],
        };
        own.iter().chain(read)
    }

    /// How much of personal details this role shows. Who approves and pays must tell people
    /// apart, but only who records them needs to know them.
    fn details(self) -> Details {
        match self {
            Self::Officer => Details::Full,
            Self::Approver | Self::Treasurer | Self::Auditor => Details::Masked,
            Self::Admin | Self::Manager | Self::Communicator | Self::Viewer | Self::Partner => {
                Details::None
            }
        }
    }

    /// Whether reports show this role figures of so few payments that they tell about people.
    fn sees_small_cells(self) -> bool {
        !matches!(self, Self::Viewer | Self::Partner)
    }
}

impl Right {
    /// Whether any of these roles has this right.
    #[must_use]
    pub fn granted_to(self, roles: &[Role]) -> bool {
        roles
            .iter()
            .any(|role| role.rights().any(|right| *right == self))
    }
}

/// How much of personal details these roles show: what the most trusted of them does.
#[must_use]
pub fn sees_details(roles: &[Role]) -> Details {
    roles
        .iter()
        .map(|role| role.details())
        .max()
        .unwrap_or(Details::None)
}

/// Whether reports show these roles small cells, as one role that sees them is enough for.
#[must_use]
pub fn sees_small_cells(roles: &[Role]) -> bool {
    roles.iter().any(|role| role.sees_small_cells())
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The id of the user.
    pub user: String,
    /// What the user is.
    pub roles: Vec<Role>,
    /// The session version that every token of the user must name.
    pub session_version: i64,
    /// What a client's token is good for: the rights that it names, of those of its roles. A user
    /// has all of theirs.
    pub scopes: Option<Vec<Right>>,
    /// Which programs their requests may be about.
    pub bounds: Bounds,
}

impl Principal {
    /// Whether this user has that right.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        let named = |scopes: &Vec<Right>| scopes.contains(&right);
        right.granted_to(&self.roles) && self.scopes.as_ref().is_none_or(named)
    }

    /// The same as a token names it: of a client, with no more than its scopes. Nothing where a
    /// user's token names any, or a client's none.
    #[must_use]
    pub fn named(self, scope: Option<&str>) -> Option<Self> {
        match (&self.scopes, scope) {
            (None, None) => Some(self),
            (Some(scopes), Some(scope)) => {
                let named: Vec<&str> = scope.split(' ').collect();
                let held = scopes.iter().copied();
                let held: Vec<Right> = held.filter(|one| named.contains(&one.as_str())).collect();
                let directly = held.contains(&Right::RecordDirectly);
                Some(Self {
                    bounds: self.bounds.directly_if(directly),
                    scopes: Some(held),
                    ..self
                })
            }
            _ => None,
        }
    }

    /// How much of personal details this user gets to see.
    #[must_use]
    pub fn sees_details(&self) -> Details {
        sees_details(&self.roles)
    }

    /// Whether reports show this user small cells.
    #[must_use]
    pub fn sees_small_cells(&self) -> bool {
        sees_small_cells(&self.roles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns as [`Right::ALL`], then personal details (none, masked, full) and small cells.
    const TABLE: &str = "\
        admin        users .     .      .       .   .      .      .       records .      reports .      .      .      progs figures events own none   cells
        manager      .     books .      .       .   .      .      pledges records .      reports import .      .      progs figures .      own none   cells
        officer      .     .     record .       .   .      .      .       records people reports import submit direct progs figures .      own full   cells
        approver     .     .     .      approve .   either .      .       records people reports .      .      .      progs figures .      own masked cells
        treasurer    .     .     .      .       pay either .      .       records people reports import .      .      progs figures .      own masked cells
        communicator .     .     .      .       .   .      claims pledges .       .      reports .      .      .      .     figures .      own none   cells
        auditor      .     .     .      .       .   .      .      .       records people reports .      .      .      progs figures events own masked cells
        viewer       .     .     .      .       .   .      .      .       records .      reports .      .      .      progs figures .      own none   .
        partner      .     .     .      .       .   .      .      .       .       .      .       .      submit direct progs figures .      own none   .";

    struct Row {
        role: Role,
        rights: Vec<bool>,
        details: Details,
        small_cells: bool,
    }

    fn table() -> Vec<Row> {
        let rows = TABLE.lines().map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let [role, rights @ .., details, small_cells] = cells.as_slice() else {
                panic!("{line}")
            };
            Row {
                role: Role::from_name(role).unwrap(),
                rights: rights.iter().map(|cell| *cell != ".").collect(),
                details: match *details {
                    "none" => Details::None,
                    "masked" => Details::Masked,
                    _ => Details::Full,
                },
                small_cells: *small_cells != ".",
            }
        });
        rows.collect()
    }

    #[test]
    fn every_role_has_exactly_the_rights_of_the_table() {
        let table = table();
        let roles: Vec<Role> = table.iter().map(|row| row.role).collect();
        assert_eq!(roles, Role::ALL);
        for row in table {
            let role = row.role;
            assert_eq!(row.rights.len(), Right::ALL.len());
            for (right, granted) in Right::ALL.iter().zip(row.rights) {
                assert_eq!(right.granted_to(&[role]), granted, "{role} {right}");
            }
            assert_eq!(sees_details(&[role]), row.details, "{role}");
            assert_eq!(sees_small_cells(&[role]), row.small_cells, "{role}");
        }
    }

    #[test]
    fn several_roles_add_up_and_no_role_gives_nothing() {
        for first in Role::ALL {
            for second in Role::ALL {
                let both = [*first, *second];
                for right in Right::ALL {
                    let either = right.granted_to(&[*first]) || right.granted_to(&[*second]);
                    assert_eq!(right.granted_to(&both), either, "{first} {second} {right}");
                }
                let most = sees_details(&[*first]).max(sees_details(&[*second]));
                assert_eq!(sees_details(&both), most);
                let either = sees_small_cells(&[*first]) || sees_small_cells(&[*second]);
                assert_eq!(sees_small_cells(&both), either, "{first} {second}");
            }
        }
        assert!(Right::ALL.iter().all(|right| !right.granted_to(&[])));
        assert_eq!(sees_details(&[]), Details::None);
        assert!(!sees_small_cells(&[]));
    }

    #[test]
    fn only_who_may_read_people_sees_their_details() {
        for role in Role::ALL {
            let reads = Right::ReadPeople.granted_to(&[*role]);
            assert_eq!(reads, sees_details(&[*role]) > Details::None, "{role}");
        }
    }
}
