//! What reports tell of people.

use utoipa::ToSchema;

use super::examples;
use crate::http::wire::{Day, NameOut};

/// Distinct people of a period (실인원). Of different scopes or periods they are never added.
#[derive(ToSchema)]
#[schema(example = examples::people_in_period)]
pub struct PeopleInPeriod {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Who counted at the end of the day before.
    pub at_start: i64,
    /// Who counted at the end of the last day.
    pub at_end: i64,
    /// Who counted at the end and not at the start; null where hidden.
    #[schema(required)]
    pub new: Option<i64>,
    /// Who was approved more than was cancelled or refunded in the period; null where hidden.
    #[schema(required)]
    pub active: Option<i64>,
    /// Who counted at the start and not at the end; null where hidden.
    #[schema(required)]
    pub left: Option<i64>,
    /// Whether these are hidden, since they would tell about single people.
    pub suppressed: bool,
}

/// Whom everything reached, side by side and never added.
#[derive(ToSchema)]
#[schema(example = examples::people_report)]
pub struct PeopleReport {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// In all books.
    pub overall: People,
    /// In each fund with its child funds, by code.
    pub funds: Vec<PeopleOf>,
    /// In each program, by code.
    pub programs: Vec<PeopleOf>,
    /// Who is counted in more than one row.
    pub overlap: Overlap,
    /// Why the rows are not added.
    pub not_added: NameOut,
}

/// Distinct people of one scope.
#[derive(ToSchema)]
#[schema(example = examples::people)]
pub struct People {
    /// How many on the day.
    pub unique: i64,
    /// Who came and went; null where no period was asked for.
    #[schema(required)]
    pub people_in_period: Option<PeopleInPeriod>,
}

/// Distinct people of one fund or program.
#[derive(ToSchema)]
#[schema(example = examples::people_of)]
pub struct PeopleOf {
    /// Its address.
    pub code: String,
    /// Its name on that day.
    pub name: NameOut,
    /// The people.
    #[serde(flatten)]
    pub people: People,
}

/// People who stand in more than one row.
#[derive(ToSchema)]
#[schema(example = examples::overlap)]
pub struct Overlap {
    /// In more than one program; null where hidden.
    #[schema(required)]
    pub in_several_programs: Option<i64>,
    /// In more than one fund that is no part of another; null where hidden.
    #[schema(required)]
    pub in_several_funds: Option<i64>,
    /// Whether a number is hidden, since it would tell about single people.
    pub suppressed: bool,
}
