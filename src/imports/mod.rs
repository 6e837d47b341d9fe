//! Imports: files of many records.

pub mod columns;
pub mod kinds;
pub mod marked;
pub mod template;
pub mod values;
