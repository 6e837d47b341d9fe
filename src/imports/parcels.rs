//! The rows of a file as they are kept: many to a parcel, as JSON, sealed under the key of their
//! import.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::columns::{Options, Plan};
use super::error::WorkError;
use super::kinds::Kind;
use super::model::{HEADER_PARCEL, Import, Settings};
use super::store;
use super::store::parcels::Parcel;
use crate::beneficiaries::vault::parcels::ParcelKey;
use crate::beneficiaries::vault::{Vault, VaultError};
use crate::code::Code;
use crate::db::Db;
use crate::ids::RecordId;
use crate::refusal::FieldFault;
use crate::tables::{Cell, DateSystem};

/// Rows of one parcel at most: what is checked, and recorded, in one go.
pub const MAX_ROWS: usize = 500;
/// Bytes of one parcel, about: a row more may be in it.
const MAX_BYTES: usize = 1024 * 1024;

/// What stands above the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The headers, as they were written.
    pub headers: Vec<String>,
    /// The row that they stand in; 0 where each row says its own.
    pub row: u64,
    /// Whether the file counts days since 1904; `None` where it has no such numbers.
    pub since_1904: Option<bool>,
}

impl Head {
    /// From which day numbers count days, where numbers may stand for days.
    #[must_use]
    pub fn date_system(&self) -> Option<DateSystem> {
        self.since_1904.map(|since_1904| {
            if since_1904 {
                DateSystem::Since1904
            } else {
                DateSystem::Since1900
            }
        })
    }

    /// What each column holds.
    ///
    /// # Errors
    /// Everything that is wrong with the headers.
    pub fn plan(
        &self,
        (kind, program): (Kind, Option<&Code>),
        settings: &Settings,
        today: NaiveDate,
    ) -> Result<Plan, Vec<FieldFault>> {
        let mut defaults = settings.defaults.clone();
        if let Some(program) = program {
            let program = program.to_string();
            defaults.entry("program".to_owned()).or_insert(program);
        }
        let options = Options {
            mapping: settings.headers.clone(),
            defaults,
            regions: settings.region_codes,
            dates: self.date_system(),
        };
        Plan::new(kind, &self.headers, options, today)
    }
}

/// A row as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The row, as a person counts in the file.
    pub number: i64,
    /// One cell for each header, up to the last that holds something.
    pub cells: Vec<Cell>,
    /// What is wrong with the row itself: where, and the code of what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<(Option<usize>, String)>,
}

/// Packs rows into parcels.
pub struct Packer {
    key: ParcelKey,
    number: i32,
    lines: Vec<Line>,
    bytes: usize,
}

impl Packer {
    /// A packer, and the first parcel: the header.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn new(key: ParcelKey, head: &Head) -> Result<(Self, Parcel), VaultError> {
        let plain = Zeroizing::new(serde_json::to_vec(head).map_err(VaultError::Writing)?);
        let sealed = key.seal(HEADER_PARCEL, &plain)?;
        let packer = Self {
            key,
            number: HEADER_PARCEL,
            lines: Vec::new(),
            bytes: 0,
        };
        let header = Parcel {
            number: HEADER_PARCEL,
            line: 0,
            sealed,
        };
        Ok((packer, header))
    }

    /// Takes one row more; hands out a parcel once it is full.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn add(&mut self, line: Line) -> Result<Option<Parcel>, VaultError> {
        let size: usize = line.cells.iter().map(|cell| cell.text().len()).sum();
        self.bytes = self.bytes.saturating_add(size);
        self.lines.push(line);
        if self.lines.len() < MAX_ROWS && self.bytes < MAX_BYTES {
            return Ok(None);
        }
        self.seal()
    }

    /// The last parcel, if there is anything left for it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn seal(&mut self) -> Result<Option<Parcel>, VaultError> {
        let Some(line) = self.lines.first().map(|first| first.number) else {
            return Ok(None);
        };
        self.number = self.number.saturating_add(1);
        self.bytes = 0;
        let lines = std::mem::take(&mut self.lines);
        let plain = Zeroizing::new(serde_json::to_vec(&lines).map_err(VaultError::Writing)?);
        Ok(Some(Parcel {
            number: self.number,
            line,
            sealed: self.key.seal(self.number, &plain)?,
        }))
    }
}

/// Opens the parcels of an import.
pub struct Shelf<'a> {
    db: &'a Db,
    import: RecordId,
    key: ParcelKey,
}

impl<'a> Shelf<'a> {
    /// The parcels of an import whose rows are not erased.
    ///
    /// # Errors
    /// [`WorkError::Sealed`].
    pub fn of(db: &'a Db, vault: &Vault, import: &Import) -> Result<Self, WorkError> {
        let key = vault.parcel_key(import.id.as_str(), &import.wrapped_key)?;
        Ok(Self {
            db,
            import: import.id.clone(),
            key,
        })
    }

    /// What stands above the rows.
    ///
    /// # Errors
    /// [`WorkError`].
    pub fn head(&self) -> Result<Head, WorkError> {
        let plain = self.open(HEADER_PARCEL)?.ok_or(WorkError::NoRows)?;
        Ok(serde_json::from_slice(&plain)?)
    }

    /// What each column holds, as it was found when the file was received.
    ///
    /// # Errors
    /// [`WorkError`].
    pub fn plan(&self, import: &Import, today: NaiveDate) -> Result<Plan, WorkError> {
        let of = (import.kind, import.program.as_ref());
        let plan = self.head()?.plan(of, &import.settings, today);
        plan.map_err(|_no_longer| WorkError::NoRows)
    }

    /// The rows of a parcel; `None` behind the last one.
    ///
    /// # Errors
    /// [`WorkError`].
    pub fn lines(&self, parcel: i32) -> Result<Option<Vec<Line>>, WorkError> {
        match self.open(parcel)? {
            Some(plain) => Ok(Some(serde_json::from_slice(&plain)?)),
            None => Ok(None),
        }
    }

    fn open(&self, parcel: i32) -> Result<Option<Zeroizing<Vec<u8>>>, WorkError> {
        let sealed = self
            .db
            .read(|conn| store::parcels::get(conn, &self.import, parcel))?;
        let opened = sealed.map(|sealed| self.key.open(parcel, &sealed));
        Ok(opened.transpose()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_is_full_by_its_rows_or_by_its_bytes() {
        let vault = Vault::new(&[1; 32], &[2; 32]).unwrap();
        let head = Head {
            headers: vec!["금액".to_owned()],
            row: 1,
            since_1904: None,
        };
        let packer = || {
            let (key, _wrapped) = vault.new_parcel_key("i").unwrap();
            Packer::new(key, &head).unwrap().0
        };
        let line = |text: String| Line {
            number: 2,
            cells: vec![Cell::Text(text)],
            faults: Vec::new(),
        };
        let rows = |mut packer: Packer, text: &str| {
            (1..=MAX_ROWS).find(|_| packer.add(line(text.to_owned())).unwrap().is_some())
        };
        assert_eq!(rows(packer(), "1"), Some(MAX_ROWS));
        assert_eq!(rows(packer(), &"x".repeat(300_000)), Some(4));
    }
}
