//! What may become of an import, and when. Pure.
//!
//! ```text
//! received ──check──▶ checked ──order──▶ received (with a mode) ──check──▶ committing
//!     │                  │                                                    │
//!   cancel             cancel                              commit │ break, cancel │
//!     ▼                  ▼                                        ▼               ▼
//!  cancelled          cancelled              committed ──undo──▶ undoing ──▶ undone,
//!                                                                 failed, cancelled
//! ```

use super::model::{Import, Mode, State};
use crate::refusal::Refusal;

/// What is done to an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Every row was checked, and what was ordered may begin.
    Pass,
    /// Every row was checked, and nothing more is to happen for now.
    Check,
    /// It is to be recorded.
    Order {
        /// All of it, or what is right.
        mode: Mode,
        /// Warnings that were read and accepted.
        acknowledged: Vec<String>,
    },
    /// It is recorded.
    Commit,
    /// It cannot be recorded, by the code of why.
    Break(String),
    /// It is called off.
    Cancel,
    /// It is to be undone.
    Undo,
    /// It is undone.
    Undone,
}

impl Act {
    /// The kind of its event.
    #[must_use]
    pub fn event(&self) -> &'static str {
        match self {
            Self::Pass => "import.passed",
            Self::Check => "import.checked",
            Self::Order { .. } => "import.ordered",
            Self::Commit => "import.committed",
            Self::Break(_) => "import.failed",
            Self::Cancel => "import.cancelled",
            Self::Undo => "import.undo_begun",
            Self::Undone => "import.undone",
        }
    }
}

/// What an import is after an act.
///
/// # Errors
/// `invalid_state`, `not_importer`.
pub fn advance(import: &Import, act: &Act, actor: &str) -> Result<Import, Refusal> {
    if import.recorded_by != actor {
        return Err(Refusal::rule("not_importer"));
    }
    let (state, ending) = match (act, import.state) {
        (Act::Pass, State::Received) => (State::Committing, None),
        (Act::Check, State::Received) => (State::Checked, None),
        (Act::Order { .. }, State::Checked) => (State::Received, None),
        (Act::Commit, State::Committing) => (State::Committed, None),
        (Act::Break(_), State::Received) => (State::Failed, None),
        (Act::Break(_), State::Committing) => (State::Undoing, Some(State::Failed)),
        (Act::Cancel, State::Received | State::Checked) => (State::Cancelled, None),
        (Act::Cancel, State::Committing) => (State::Undoing, Some(State::Cancelled)),
        (Act::Undo, State::Committed) => (State::Undoing, Some(State::Undone)),
        (Act::Undone, State::Undoing) => (import.ending.unwrap_or(State::Undone), None),
        _ => return Err(Refusal::rule("invalid_import_state").with("state", import.state)),
    };
    let mut next = import.clone();
    next.state = state;
    next.ending = ending;
    match act {
        Act::Order { mode, acknowledged } => {
            next.mode = Some(*mode);
            next.settings.acknowledged.clone_from(acknowledged);
        }
        // What was ordered did not come about: it can be ordered again.
        Act::Check => next.mode = None,
        Act::Break(code) => next.failure = Some(code.clone()),
        _ => {}
    }
    // Rows of which nothing stands have served: without their key they cannot be read again.
    if !state.stands() {
        next.wrapped_key.clear();
    }
    next.version = next.version.saturating_add(1);
    Ok(next)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::kinds::Kind;
    use super::super::model::Settings;
    use super::*;
    use crate::ids::RecordId;
    use crate::text_enum::TextEnum;

    fn import(state: State) -> Import {
        Import {
            id: RecordId::stored("i-1".to_owned()),
            kind: Kind::Disbursements,
            program: None,
            name: None,
            sha256: String::new(),
            bytes: 1,
            lines: 1,
            settings: Settings::default(),
            mode: None,
            state,
            ending: (state == State::Undoing).then_some(State::Failed),
            failure: None,
            wrapped_key: vec![1],
            recorded_by: "officer".to_owned(),
            recorded_at: DateTime::UNIX_EPOCH,
            changed_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    fn after(state: State, act: &Act) -> Option<State> {
        advance(&import(state), act, "officer")
            .ok()
            .map(|next| next.state)
    }

    #[test]
    fn each_act_is_possible_in_its_states_alone() {
        let order = Act::Order {
            mode: Mode::All,
            acknowledged: Vec::new(),
        };
        let possible = [
            (Act::Pass, vec![State::Received]),
            (Act::Check, vec![State::Received]),
            (order, vec![State::Checked]),
            (Act::Commit, vec![State::Committing]),
            (
                Act::Break(String::new()),
                vec![State::Received, State::Committing],
            ),
            (
                Act::Cancel,
                vec![State::Received, State::Checked, State::Committing],
            ),
            (Act::Undo, vec![State::Committed]),
            (Act::Undone, vec![State::Undoing]),
        ];
        for (act, states) in possible {
            for state in State::ALL {
                assert_eq!(
                    after(*state, &act).is_some(),
                    states.contains(state),
                    "{act:?} {state}"
                );
            }
        }
    }

    #[test]
    fn what_was_begun_and_broken_off_is_undone_before_it_ends() {
        for (act, ending) in [
            (Act::Break("x".to_owned()), State::Failed),
            (Act::Cancel, State::Cancelled),
        ] {
            let undoing = advance(&import(State::Committing), &act, "officer").unwrap();
            assert_eq!(
                (undoing.state, undoing.ending),
                (State::Undoing, Some(ending))
            );
            assert!(!undoing.wrapped_key.is_empty());
            let ended = advance(&undoing, &Act::Undone, "officer").unwrap();
            assert_eq!((ended.state, ended.ending), (ending, None));
            assert!(ended.wrapped_key.is_empty(), "its rows are erased");
        }
    }

    #[test]
    fn only_who_sent_it_goes_on_with_it() {
        let refused = advance(&import(State::Checked), &Act::Cancel, "officer2");
        assert_eq!(refused.unwrap_err().code(), "not_importer");
    }

    #[test]
    fn an_order_that_came_to_nothing_can_be_given_again() {
        let mut ordered = import(State::Received);
        ordered.mode = Some(Mode::All);
        let checked = advance(&ordered, &Act::Check, "officer").unwrap();
        assert_eq!((checked.state, checked.mode), (State::Checked, None));
    }
}
