//! *Sangsaeng* (상생, co-prosperity) keeps the books of a company's co-prosperity and ESG money.
//!
//! # The map
//!
//! | room | what |
//! |---|---|
//! | [`money`], [`code`], [`ids`], [`calendar`], [`clock`], [`regions`], [`metrics`], [`refusal`] | values; pure |
//! | [`ledger`] | accounts, transfers, sums, the event log |
//! | [`tallies`] | sums of what programs did, by place; distinct people |
//! | [`funds`], [`programs`], [`organisations`], [`beneficiaries`] | master data and people |
//! | [`payouts`] | the life that disbursements and donations share |
//! | [`disbursements`], [`donations`], [`sales`] | records |
//! | [`claims`], [`spoken`] | what was said in public; figures as they are read aloud |
//! | [`pledges`] | what was promised in public, and what came of it |
//! | [`statements`] | what partners state of sales, beside the lines |
//! | [`indicators`], [`measurements`] | what is followed besides money, and what was measured of it |
//! | [`settings`] | rules of the house: over how much a second person has to approve |
//! | [`proposals`] | what one person asked of a fund or a limit, until another agrees |
//! | [`amendments`] | changes of approved records that touch no money |
//! | [`tables`] | sheets in (CSV, XLSX, NDJSON) and sheets out |
//! | [`access`] | users, sessions, tokens, keys |
//! | [`attempts`] | sign-ins and refused requests, counted for auditors |
//! | [`desk`] | where commands are decided, group by group, and written |
//! | [`audit`], [`difference`] | the integrity check: everything derived again, and compared |
//! | [`copies`] | copies of whole books: backups and the way back |
//! | [`reporting`] | reports; reads only, and checks its own arithmetic |
//! | [`db`] | which engine, and the two doors to it |
//! | [`meters`], [`traces`] | what the server tells of itself: counts, and spans of requests |
//! | [`http`], [`app`] | the API |
//! | [`imports`] | files of many records: kept, checked, recorded, undone |
//! | [`demo`] | the founding case, through the same code as the API |
//!
//! Who may import whom: `main → app → http → rooms → ledger → money`; `store.rs → db`. A test
//! keeps it; `docs/ARCHITECTURE.md` tells why.

#![forbid(unsafe_code)]

pub mod access;
pub mod amendments;
pub mod app;
pub mod attempts;
pub mod audit;
pub mod beneficiaries;
pub mod bounds;
pub mod calendar;
pub mod claims;
pub mod clock;
pub mod code;
pub mod config;
pub mod copies;
pub mod db;
pub mod demo;
pub mod desk;
pub mod difference;
pub mod disbursements;
pub mod donations;
pub mod exports;
pub mod funds;
pub mod http;
pub mod ids;
pub mod imports;
pub mod indicators;
pub mod ledger;
pub mod measurements;
pub mod meters;
pub mod metrics;
pub mod money;
pub mod organisations;
pub mod payouts;
pub mod pledges;
pub mod programs;
pub mod proposals;
pub mod refusal;
pub mod regions;
pub mod reporting;
pub mod sales;
pub mod settings;
pub mod spoken;
pub mod statements;
pub mod tables;
pub mod tallies;
mod text_enum;
pub mod traces;
pub mod versions;

pub use text_enum::TextEnum;
