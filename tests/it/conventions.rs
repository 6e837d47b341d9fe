//! What holds for every operation, whatever it is about.

pub mod answers;
mod lists;
mod retry;
mod versions;
