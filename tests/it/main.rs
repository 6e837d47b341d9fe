//! The books as their users see them: over HTTP, on the real engine, audited at the end.
//!
//! One binary. Each test has a database of its own and a server of its own, and reads like a
//! transcript; when its [`support::World`] is dropped, every balance and sum is derived again.

#![cfg(test)]
#![expect(
    clippy::too_many_lines,
    reason = "a transcript is as long as its story"
)]

mod support;

mod amendments;
mod approvals;
mod audits;
mod backups;
mod bad_input;
mod batches;
mod budgets;
mod claim_caveats;
mod claims;
mod codes;
mod command_line;
mod compensation;
mod conventions;
mod copying;
mod demo;
mod disbursements;
mod donations;
mod exports;
mod funds;
mod hostile;
mod imports;
mod indicators;
mod instances;
mod kept;
mod merges;
mod metering;
mod model;
mod openapi;
mod partners;
mod people;
mod plans;
mod pledges;
mod privacy;
mod races;
mod reach;
mod regions;
mod renaming;
mod report_rules;
mod reports;
mod reports_shapes;
mod roles;
mod sales;
mod schemas;
mod security;
mod sign_in;
mod stalls;
mod standby;
mod statements;
mod structure;
mod submissions;
mod tls;
mod together;
mod traces;
mod twins;
mod unsafe_settings;
mod uses;
mod writers;
