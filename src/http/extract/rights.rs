//! The right that a handler needs, as a type in its signature.

use crate::access::Right;

/// A type that stands for a right.
pub trait Needs: 'static {
    /// The right.
    const RIGHT: Right;
}

macro_rules! rights {
    ($($name:ident,)+) => {$(
        #[doc = concat!("Needs [`Right::", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Needs for $name {
            const RIGHT: Right = Right::$name;
        }
    )+};
}

rights! {
    ManageUsers,
    ManageBooks,
    Record,
    Approve,
    Pay,
    ApproveOrPay,
    MakeClaims,
    MakePledges,
    ReadRecords,
    ReadPeople,
    ReadReports,
    Import,
    Submit,
    ReadPrograms,
    ReadProgramReports,
    ReadEvents,
    Own,
}
