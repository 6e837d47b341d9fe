//! Each kind of import, in the formats that people send.
