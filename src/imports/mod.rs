//! Imports: files of many records.

pub mod columns;
pub mod kinds;
pub mod values;
