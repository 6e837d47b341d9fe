//! What a decision says when it says no.
//!
//! A refusal is a stable code and the facts that explain it. The words, in Korean and English,
//! and the HTTP status of each code stand in one catalogue (`http/catalogue.rs`).

/// Named values that the words of a refusal are filled with.
pub type Facts = Vec<(&'static str, String)>;

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Where it is in the body, as a JSON pointer; `""` is the body itself.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// What explains it.
    pub facts: Facts,
}

impl FieldFault {
    /// A fault that needs no facts.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self {
            field: field.into(),
            code,
            facts: Facts::new(),
        }
    }

    /// The same fault with one more fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}

/// Why a command was not accepted. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Fields of the request are wrong: every one that was found.
    Fields(Vec<FieldFault>),
    /// The books, or the state of the record, do not allow it.
    Rule {
        /// The stable code.
        code: &'static str,
        /// What explains it.
        facts: Facts,
    },
}

impl Refusal {
    /// A broken rule that needs no facts.
    #[must_use]
    pub fn rule(code: &'static str) -> Self {
        Self::Rule {
            code,
            facts: Facts::new(),
        }
    }

    /// The same refusal with one more fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        match &mut self {
            Self::Rule { facts, .. } => facts.push((name, value.to_string())),
            Self::Fields(faults) => {
                if let Some(fault) = faults.last_mut() {
                    fault.facts.push((name, value.to_string()));
                }
            }
        }
        self
    }

    /// One wrong field.
    #[must_use]
    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        Self::Fields(vec![FieldFault::new(field, code)])
    }

    /// The stable code: that of the rule, or `invalid_fields`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fields(_) => "invalid_fields",
            Self::Rule { code, .. } => code,
        }
    }
}
