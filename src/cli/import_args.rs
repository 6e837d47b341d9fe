//! What the command line says of a file to be imported.

use std::path::PathBuf;

use clap::Args;

/// Which file, and how.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What its rows are: disbursements, donations, sales, measurements, contributions,
    /// beneficiaries, amendments or payment_results
    pub kind: String,
    /// The file: CSV, XLSX or NDJSON
    pub file: PathBuf,
    /// The code of the program that rows belong to where they don't say it
    #[arg(long, value_name = "CODE")]
    pub program: Option<String>,
    /// What is recorded where rows are wrong: all (nothing then) or good
    #[arg(long, default_value = "all")]
    pub mode: String,
    /// Check only, record nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What a header means; may be given several times
    #[arg(long, value_name = "HEADER=FIELD")]
    pub map: Vec<String>,
    /// What holds for rows that don't say otherwise; may be given several times
    #[arg(long, value_name = "FIELD=VALUE")]
    pub default: Vec<String>,
    /// Regions: strict (valid on the day) or successor [default: strict]
    #[arg(long)]
    pub region_codes: Option<String>,
    /// utf-8 or cp949 [default: found by looking]
    #[arg(long)]
    pub encoding: Option<String>,
    /// comma, semicolon or tab [default: found by looking]
    #[arg(long)]
    pub delimiter: Option<String>,
    /// The sheet of a workbook [default: the first]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// How many rows it should have
    #[arg(long, value_name = "N")]
    pub rows: Option<i64>,
    /// What its rows should come to, in won
    #[arg(long, value_name = "WON")]
    pub amount: Option<i64>,
    /// How many different people it should name
    #[arg(long, value_name = "N")]
    pub people: Option<i64>,
    /// Accept a warning by its code, such as likely_second_payment; may be given several times
    #[arg(long, value_name = "CODE")]
    pub acknowledge: Vec<String>,
    /// Write the sheet with its faults marked
    #[arg(long, value_name = "FILE.xlsx")]
    pub faults: Option<PathBuf>,
    /// Who records it, by e-mail address [default: the only one who may]
    #[arg(long, value_name = "EMAIL")]
    pub user: Option<String>,
}
