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
    /// Of several things that were asked for together, these cannot be had, each named by its
    /// place; none of them is a matter of a wrong field alone.
    Several(Vec<FieldFault>),
}

impl Refusal {
    /// The refusal of a whole of which these parts are refused, in their order; wrong fields where
    /// that is all there is.
    #[must_use]
    pub fn several(parts: impl IntoIterator<Item = Option<Self>>) -> Self {
        let (mut faults, mut fields_alone) = (Vec::new(), true);
        for (place, part) in parts.into_iter().enumerate() {
            let at = format!("/items/{place}");
            match part.map(|part| part.below(&at)) {
                None => {}
                Some(Self::Fields(wrong)) => faults.extend(wrong),
                Some(Self::Several(refused)) => {
                    fields_alone = false;
                    faults.extend(refused);
                }
                Some(Self::Rule { code, facts }) => {
                    fields_alone = false;
                    let field = at;
                    faults.push(FieldFault { field, code, facts });
                }
            }
        }
        if fields_alone {
            Self::Fields(faults)
        } else {
            Self::Several(faults)
        }
    }

    /// The same refusal of what is a part of something larger, and stands there at `place`. Faults
    /// that name their whole place already are left as they are.
    #[must_use]
    pub fn below(mut self, place: &str) -> Self {
        if let Self::Fields(faults) | Self::Several(faults) = &mut self {
            for fault in faults.iter_mut().filter(|f| !f.field.starts_with(place)) {
                fault.field.insert_str(0, place);
            }
        }
        self
    }

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
            Self::Fields(faults) | Self::Several(faults) => {
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
            Self::Several(_) => "batch_refused",
        }
    }
}
