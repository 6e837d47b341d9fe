//! The directory of a zip file, and its parts inflated under a bound.
//!
//! Only what a workbook needs: one disk, parts that are stored or deflated. The sizes that the
//! directory declares are added up before anything is inflated; a part that then becomes larger
//! than it declared ends the reading. Source: PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16.

use std::io::{self, Read, Seek, SeekFrom, Take};

use flate2::read::DeflateDecoder;

use super::super::error::{TableError, Why};
use super::super::limits::Limits;

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
/// The end of the directory and the longest comment behind it.
const TAIL: u64 = 22 + 65_535;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_BYTES: usize = 46;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;
/// Stands for a size that is told elsewhere (zip64).
const ELSEWHERE: u64 = 0xFFFF_FFFF;
const STORED: u64 = 0;
const DEFLATED: u64 = 8;
/// What a workbook may inflate to whatever its ratio.
const ALWAYS: u64 = 16 << 20;

/// A file inside.
#[derive(Debug)]
pub(super) struct Part {
    name: String,
    method: u64,
    packed: u64,
    size: u64,
    at: u64,
}

/// The files inside.
pub(super) struct Directory(Vec<Part>);

/// A little-endian number of up to eight bytes at a place.
fn number(bytes: &[u8], at: usize, width: usize) -> Result<u64, TableError> {
    let digits = bytes
        .get(at..at + width)
        .ok_or(Why::BrokenWorkbook.whole())?;
    Ok(digits
        .iter()
        .rev()
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
}

fn length(bytes: &[u8], at: usize, width: usize) -> Result<usize, TableError> {
    usize::try_from(number(bytes, at, width)?).map_err(|_too_wide| Why::BrokenWorkbook.whole())
}

/// What a workbook of `size` bytes may come to, unpacked.
pub(super) fn most(size: u64, limits: &Limits) -> u64 {
    let most = size.saturating_mul(limits.ratio).max(ALWAYS);
    limits.inflated_bytes.min(most)
}

impl Directory {
    /// Reads the directory of a file of `size` bytes and checks what it declares.
    pub(super) fn read<R: Read + Seek>(
        reader: &mut R,
        size: u64,
        limits: &Limits,
    ) -> Result<Self, TableError> {
        let (entries, bytes, at) = end_of_directory(reader, size)?;
        if entries > limits.parts {
            return Err(Why::TooManyParts(limits.parts).whole());
        }
        if at.saturating_add(bytes) > size {
            return Err(Why::BrokenWorkbook.whole());
        }
        reader.seek(SeekFrom::Start(at))?;
        let mut directory = reader.by_ref().take(bytes);
        let mut parts = Vec::new();
        let mut inflated: u64 = 0;
        for _ in 0..entries {
            let part = entry(&mut directory)?;
            inflated = inflated.saturating_add(part.size);
            parts.push(part);
        }
        if inflated > most(size, limits) {
            return Err(Why::ZipBomb.whole());
        }
        Ok(Self(parts))
    }

    /// The part of that name.
    pub(super) fn find(&self, name: &str) -> Option<&Part> {
        let same = |part: &&Part| part.name.eq_ignore_ascii_case(name);
        self.0.iter().find(same)
    }
}

/// How many entries the directory has, how many bytes, and where it begins.
fn end_of_directory<R: Read + Seek>(
    reader: &mut R,
    size: u64,
) -> Result<(usize, u64, u64), TableError> {
    reader.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    reader.by_ref().take(TAIL).read_to_end(&mut tail)?;
    let last = tail.len().saturating_sub(END_BYTES);
    for at in (0..=last).rev() {
        let end = tail.get(at..).unwrap_or_default();
        if end.starts_with(END) && length(end, 20, 2)? + END_BYTES == end.len() {
            let entries = length(end, 10, 2)?;
            return Ok((entries, number(end, 12, 4)?, number(end, 16, 4)?));
        }
    }
    Err(Why::BrokenWorkbook.whole())
}

fn entry(directory: &mut impl Read) -> Result<Part, TableError> {
    let mut head = [0; ENTRY_BYTES];
    read_exact(directory, &mut head)?;
    let encrypted = number(&head, 8, 2)? & 1 == 1;
    if !head.starts_with(ENTRY) || encrypted {
        return Err(Why::BrokenWorkbook.whole());
    }
    let mut name = vec![0; length(&head, 28, 2)?];
    read_exact(directory, &mut name)?;
    let mut extra = vec![0; length(&head, 30, 2)?];
    read_exact(directory, &mut extra)?;
    let mut comment = vec![0; length(&head, 32, 2)?];
    read_exact(directory, &mut comment)?;
    let (mut size, mut packed) = (number(&head, 24, 4)?, number(&head, 20, 4)?);
    let mut wide = zip64(&extra);
    if size == ELSEWHERE {
        size = number(wide, 0, 8)?;
        wide = wide.get(8..).unwrap_or_default();
    }
    if packed == ELSEWHERE {
        packed = number(wide, 0, 8)?;
    }
    Ok(Part {
        name: String::from_utf8_lossy(&name).replace('\\', "/"),
        method: number(&head, 10, 2)?,
        packed,
        size,
        at: number(&head, 42, 4)?,
    })
}

/// The sizes of an entry that needs more than 32 bits, as its extra field tells them.
fn zip64(mut extra: &[u8]) -> &[u8] {
    while let (Ok(id), Ok(bytes)) = (number(extra, 0, 2), length(extra, 2, 2)) {
        let field = extra.get(4..4 + bytes).unwrap_or_default();
        if id == 1 {
            return field;
        }
        extra = extra.get(4 + bytes..).unwrap_or_default();
    }
    &[]
}

fn read_exact(reader: &mut impl Read, buffer: &mut [u8]) -> Result<(), TableError> {
    reader.read_exact(buffer).map_err(|error| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Why::BrokenWorkbook.whole()
        } else {
            error.into()
        }
    })
}

/// A part as it is inflated: no byte more than it declared.
pub(super) struct Inflated<R> {
    packed: Packed<R>,
    left: u64,
}

enum Packed<R> {
    Stored(Take<R>),
    Deflated(Box<DeflateDecoder<Take<R>>>),
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.packed {
            Packed::Stored(bytes) => bytes.read(buffer),
            Packed::Deflated(bytes) => bytes.read(buffer),
        };
        let read = read.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData
            | io::ErrorKind::UnexpectedEof => Why::BrokenWorkbook.whole().into(),
            _ => error,
        })?;
        let taken = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(taken)
            .ok_or_else(|| io::Error::from(Why::ZipBomb.whole()))?;
        Ok(read)
    }
}

/// Stands at the beginning of a part.
pub(super) fn inflate<R: Read + Seek>(
    mut reader: R,
    part: &Part,
) -> Result<Inflated<R>, TableError> {
    reader.seek(SeekFrom::Start(part.at))?;
    let mut head = [0; LOCAL_BYTES];
    read_exact(&mut reader, &mut head)?;
    if !head.starts_with(LOCAL) {
        return Err(Why::BrokenWorkbook.whole());
    }
    let names = number(&head, 26, 2)?.saturating_add(number(&head, 28, 2)?);
    let begin = u64::try_from(LOCAL_BYTES).unwrap_or_default();
    let begin = part.at.saturating_add(begin).saturating_add(names);
    reader.seek(SeekFrom::Start(begin))?;
    let bytes = reader.take(part.packed);
    let packed = match part.method {
        STORED => Packed::Stored(bytes),
        DEFLATED => Packed::Deflated(Box::new(DeflateDecoder::new(bytes))),
        _ => return Err(Why::BrokenWorkbook.whole()),
    };
    Ok(Inflated {
        packed,
        left: part.size,
    })
}
