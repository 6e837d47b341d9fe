//! Receiving: a file is read once from where it lies, its columns are found, and every row is kept
//! as it came. Memory holds one row and one parcel.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::PoisonError;

use aws_lc_rs::digest::{Context, SHA256};
use uuid::Uuid;

use super::Imports;
use super::error::NotReceived;
use super::kinds::Kind;
use super::model::Settings;
use super::parcels::{Head, Line, Packer};
use super::steps::ReceiveImport;
use super::store;
use super::values::folded;
use crate::access::secret::hex;
use crate::code::Code;
use crate::db::DbError;
use crate::ids::{RecordId, unique};
use crate::ledger::store::HOUSE;
use crate::tables::{self, DateSystem, Declared, Row};

/// Bytes of a file that are hashed in one go.
const HASHED_AT_ONCE: usize = 64 * 1024;
/// Parcels that are written in one transaction.
const PARCELS_AT_ONCE: usize = 4;

/// A file, and what its sender says of it.
#[derive(Debug)]
pub struct Upload {
    /// The file, whole.
    pub file: File,
    /// What it is called.
    pub name: Option<String>,
    /// What its rows are.
    pub kind: Kind,
    /// The program that they belong to.
    pub program: Option<Code>,
    /// How it is written.
    pub declared: Declared,
    /// How it is read.
    pub settings: Settings,
    /// Whether what its headers mean is what was kept for its program, which other files may have
    /// more of.
    pub kept_headers: bool,
    /// What is to be recorded as soon as it is checked.
    pub mode: Option<super::model::Mode>,
}

impl Imports {
    /// Keeps the rows of a file, and makes the command that receives it. Where that is not
    /// accepted, [`Imports::forget`] throws the rows away.
    ///
    /// # Errors
    /// [`NotReceived`], with nothing kept.
    pub fn stage(&self, mut upload: Upload) -> Result<ReceiveImport, NotReceived> {
        let _alone = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let sha256 = hash(&mut upload.file)?;
        let bytes = upload.file.metadata()?.len();
        let unique = unique(self.clock.now());
        let id = RecordId::new(unique, HOUSE);
        let kept = self.keep(&mut upload, &id);
        let (lines, wrapped_key) = kept.inspect_err(|_| self.forget(&id))?;
        Ok(command(upload, unique, sha256, (bytes, lines), wrapped_key))
    }

    /// Throws away the rows of an import that did not come to be, and what was told of them.
    pub fn forget(&self, id: &RecordId) {
        if let Err(error) = self.throw_away(id) {
            // The worker finds them.
            tracing::warn!(%error, import = %id, "rows are left over");
        }
    }

    fn throw_away(&self, id: &RecordId) -> Result<(), DbError> {
        let aside = &self.aside;
        while aside.write(|conn| store::faults::forget(conn, id))? {}
        while aside.write(|conn| store::parcels::throw_away(conn, id))? {}
        Ok(())
    }

    fn keep(&self, upload: &mut Upload, id: &RecordId) -> Result<(i64, Vec<u8>), NotReceived> {
        upload.file.seek(SeekFrom::Start(0))?;
        let table = tables::open(&mut upload.file, &upload.declared)?;
        let head = Head {
            headers: table.header().to_vec(),
            row: table.header_row(),
            since_1904: table
                .date_system()
                .map(|system| system == DateSystem::Since1904),
        };
        if upload.kept_headers {
            let here: BTreeSet<String> = head.headers.iter().map(|one| folded(one)).collect();
            let mapping = &mut upload.settings.headers;
            mapping.retain(|header, _| here.contains(&folded(header)));
        }
        let of = (upload.kind, upload.program.as_ref());
        head.plan(of, &upload.settings, self.clock.today())
            .map_err(NotReceived::Columns)?;
        let (key, wrapped_key) = self.vault.new_parcel_key(id.as_str())?;
        let (mut packer, first) = Packer::new(key, &head)?;
        let mut parcels = vec![first];
        let mut lines: i64 = 0;
        for row in table {
            lines = lines.saturating_add(1);
            parcels.extend(packer.add(line(row?))?);
            if parcels.len() >= PARCELS_AT_ONCE {
                let full = std::mem::take(&mut parcels);
                self.aside
                    .write(|conn| store::parcels::keep(conn, id, full))?;
            }
        }
        if lines == 0 {
            return Err(NotReceived::Empty);
        }
        parcels.extend(packer.seal()?);
        self.aside
            .write(|conn| store::parcels::keep(conn, id, parcels))?;
        Ok((lines, wrapped_key))
    }
}

fn command(
    upload: Upload,
    unique: Uuid,
    sha256: String,
    (bytes, lines): (u64, i64),
    wrapped_key: Vec<u8>,
) -> ReceiveImport {
    ReceiveImport {
        unique,
        kind: upload.kind,
        program: upload.program,
        name: upload.name,
        sha256,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        lines,
        settings: upload.settings,
        mode: upload.mode,
        wrapped_key,
    }
}

fn line(row: Row) -> Line {
    let fault =
        |(place, fault): (Option<usize>, tables::RowFault)| (place, fault.code().to_owned());
    // Blank cells behind the last are not kept: a short row under a wide header stays short.
    let held = row.cells.iter().rposition(|cell| !cell.is_blank());
    let mut cells = row.cells;
    cells.truncate(held.map_or(0, |last| last.saturating_add(1)));
    Line {
        number: i64::try_from(row.number).unwrap_or(i64::MAX),
        cells,
        faults: row.faults.into_iter().map(fault).collect(),
    }
}

/// The SHA-256 of a file, in hexadecimal.
fn hash(file: &mut File) -> Result<String, NotReceived> {
    file.seek(SeekFrom::Start(0))?;
    let mut context = Context::new(&SHA256);
    let mut part = vec![0; HASHED_AT_ONCE];
    loop {
        let read = file.read(&mut part)?;
        if read == 0 {
            return Ok(hex(context.finish().as_ref()));
        }
        context.update(part.get(..read).unwrap_or_default());
    }
}
