//! The same from the command line.
