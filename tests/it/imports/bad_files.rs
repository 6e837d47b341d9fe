//! Files that are none, and rows that are wrong in every way.
