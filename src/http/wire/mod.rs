//! What fields of requests and answers are: one type for each way a value is written in JSON.
//!
//! A type of a request reads a value into its domain type or says what is wrong with it; a type of
//! an answer writes one. Each tells the OpenAPI document exactly what it takes, so that a caller
//! can know beforehand. Nothing here knows what the fields are for.

pub mod attributes;
pub mod choice;
pub mod codes;
pub mod days;
pub mod faults;
pub mod figures;
pub mod ids;
pub mod items;
pub mod money;
pub mod patch;
pub mod people;
pub mod quantities;
pub mod query;
pub mod regions;
pub mod scalar;
pub mod stated;
pub mod text;
pub mod urls;
pub mod whole;

pub use attributes::{AttributeChanges, AttributeIs, Attributes};
pub use choice::Choice;
pub use codes::{CodeIn, NameIn, NameOut};
pub use days::{Day, Instant};
pub use faults::Faults;
pub use figures::FigureIn;
pub use ids::RecordIdIn;
pub use items::{Each, Items, PageOf};
pub use money::{CostIn, Currency, WonIn, WonOut};
pub use patch::{Change, Edit};
pub use people::{EmailIn, RegistrationNumberIn};
pub use quantities::{KgIn, KgOut, QuantityIn, QuantityOut, RatioOut};
pub use query::{QueryFlag, QueryNumber};
pub use regions::{RegionIn, RegionOut};
pub use stated::{NumberIn, ShareIn, ShareOut};
pub use text::{NewSecret, Secret, Text};
pub use urls::UrlIn;
pub use whole::Whole;
