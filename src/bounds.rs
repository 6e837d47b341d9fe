//! Which programs somebody's requests may be about: all of them, or a partner's own.
//!
//! [`Bounds`] come with whoever asks, and what reads or writes records of programs cannot be called
//! without them. Stores leave out whatever lies beyond, so that it is read as what is not there.
//! The desk does the same for commands, in one place and before they are asked ([`About`]): a
//! command that does not say which program it is about is none for a partner.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::code::Code;
use crate::ids::RecordId;

/// The programs that somebody's requests may be about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bounds(Option<Arc<Own>>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Own {
    programs: BTreeSet<Code>,
    directly: bool,
}

impl Bounds {
    /// Everything: for the house itself.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// These programs and nothing else. `directly` says that what is recorded in them follows the
    /// program's own rule of approval, rather than wait for the house in any case.
    #[must_use]
    pub fn of(programs: impl IntoIterator<Item = Code>, directly: bool) -> Self {
        let programs = programs.into_iter().collect();
        Self(Some(Arc::new(Own { programs, directly })))
    }

    /// The same bounds, within which is recorded directly only if this says so.
    #[must_use]
    pub fn directly_if(&self, directly: bool) -> Self {
        match &self.0 {
            Some(own) if own.directly && !directly => Self::of(own.programs.iter().cloned(), false),
            _ => self.clone(),
        }
    }

    /// Whether there are any: whether it is somebody from outside.
    #[must_use]
    pub fn any(&self) -> bool {
        self.0.is_some()
    }

    /// Whether what is of this program lies within. What is of none lies within no bounds.
    #[must_use]
    pub fn hold(&self, program: Option<&Code>) -> bool {
        match &self.0 {
            None => true,
            Some(own) => program.is_some_and(|program| own.programs.contains(program)),
        }
    }

    /// The programs that a question has to be narrowed to, where there are bounds.
    #[must_use]
    pub fn programs(&self) -> Option<Vec<Code>> {
        let own = self.0.as_ref()?;
        Some(own.programs.iter().cloned().collect())
    }

    /// Whether a record may be approved at once where its program asks for no approval.
    #[must_use]
    pub fn record_directly(&self) -> bool {
        self.0.as_ref().is_none_or(|own| own.directly)
    }
}

/// What a command is about, as far as bounds go.
#[derive(Debug, Clone, Copy)]
pub enum About<'a> {
    /// Something of the house: nothing for anybody with bounds.
    House,
    /// Something new in this program, which `/program` of its body names.
    New(&'a Code),
    /// This disbursement.
    Disbursement(&'a RecordId),
    /// This sale.
    Sale(&'a RecordId),
    /// This statement of sales.
    Statement(&'a RecordId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    #[test]
    fn the_house_has_no_bounds() {
        let house = Bounds::none();
        assert!(!house.any() && house.record_directly());
        assert!(house.hold(None) && house.hold(Some(&code("drivers"))));
        assert_eq!(house.programs(), None);
    }

    #[test]
    fn what_is_of_another_program_or_of_none_lies_beyond() {
        let bounds = Bounds::of([code("drivers")], false);
        assert!(bounds.any() && bounds.hold(Some(&code("drivers"))));
        for beyond in [None, Some(code("merchants")), Some(code("driver"))] {
            assert!(!bounds.hold(beyond.as_ref()), "{beyond:?}");
        }
        assert_eq!(bounds.programs(), Some(vec![code("drivers")]));
    }

    #[test]
    fn bounds_around_nothing_hold_nothing() {
        let nobody = Bounds::of([], false);
        assert!(nobody.any() && !nobody.hold(None) && !nobody.hold(Some(&code("drivers"))));
        assert_eq!(nobody.programs(), Some(Vec::new()));
    }

    #[test]
    fn only_whom_it_was_granted_records_directly() {
        assert!(!Bounds::of([code("drivers")], false).record_directly());
        assert!(Bounds::of([code("drivers")], true).record_directly());
    }
}
