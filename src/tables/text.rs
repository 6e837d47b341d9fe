//! Bytes into text: which encoding a file has is found by looking at all of it, and never guessed.
//!
//! UTF-8 is what decodes as UTF-8 to the last byte. What does not is CP949 (the code page of Korean
//! Windows) if it decodes as that to the last byte, and no line of it is Hangul in UTF-8. One byte
//! that fits neither ends the reading there. Cost: one pass for UTF-8, two more for CP949; memory:
//! two buffers.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, EUC_KR, UTF_8};

use super::error::{Place, TableError, Why};

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// How text is written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// CP949, the superset of EUC-KR that Korean Windows writes.
    Cp949,
}

impl Encoding {
    fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8.new_decoder_without_bom_handling(),
            Self::Cp949 => EUC_KR.new_decoder_without_bom_handling(),
        }
    }
}

/// Text of a file, chunk by chunk.
pub(super) struct Text<R> {
    reader: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The part of `raw` that is not decoded yet.
    from: usize,
    to: usize,
    out: Vec<u8>,
    ended: bool,
    line: u64,
    byte: u64,
}

impl<R: Read + Seek> Text<R> {
    /// The text from its beginning, without a byte order mark.
    pub(super) fn open(mut reader: R, encoding: Encoding) -> Result<Self, TableError> {
        reader.seek(SeekFrom::Start(0))?;
        let mut text = Self {
            reader,
            decoder: encoding.decoder(),
            raw: vec![0; CHUNK],
            from: 0,
            to: 0,
            out: Vec::new(),
            ended: false,
            line: 1,
            byte: 1,
        };
        text.fill()?;
        if encoding == Encoding::Utf8 && text.pending().starts_with(BOM) {
            text.from = BOM.len();
        }
        Ok(text)
    }
}

impl<R> Text<R> {
    fn pending(&self) -> &[u8] {
        self.raw.get(self.from..self.to).unwrap_or_default()
    }

    /// What was decoded last.
    pub(super) fn chunk(&self) -> &[u8] {
        &self.out
    }
}

impl<R: Read> Text<R> {
    fn fill(&mut self) -> Result<(), TableError> {
        self.from = 0;
        self.to = 0;
        while self.to < self.raw.len() {
            let room = self.raw.get_mut(self.to..).unwrap_or_default();
            match self.reader.read(room) {
                Ok(0) => break,
                Ok(read) => self.to += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Decodes the next chunk; false at the end of the file.
    pub(super) fn next_chunk(&mut self) -> Result<bool, TableError> {
        if self.ended {
            self.out.clear();
            return Ok(false);
        }
        if self.from == self.to {
            self.fill()?;
        }
        let last = self.from == self.to;
        let pending = self.raw.get(self.from..self.to).unwrap_or_default();
        let room = self
            .decoder
            .max_utf8_buffer_length_without_replacement(pending.len());
        self.out.resize(room.unwrap_or(CHUNK * 4), 0);
        let (result, read, written) =
            self.decoder
                .decode_to_utf8_without_replacement(pending, &mut self.out, last);
        self.out.truncate(written);
        let taken = pending.get(..read).unwrap_or_default();
        if let DecoderResult::Malformed(bad, after) = result {
            let good = read.saturating_sub(usize::from(bad) + usize::from(after));
            let place = self.place_after(taken.get(..good).unwrap_or_default());
            return Err(Why::EncodingUnknown.at(place));
        }
        let place = self.place_after(taken);
        self.line = place.row.unwrap_or_default();
        self.byte = place.column.unwrap_or_default();
        self.from += read;
        self.ended = last;
        Ok(!last || written > 0)
    }

    /// The line and the byte in it that come after these bytes.
    fn place_after(&self, bytes: &[u8]) -> Place {
        let (mut line, mut byte) = (self.line, self.byte);
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            if part.ends_with(b"\n") {
                line += 1;
                byte = 1;
            } else {
                byte += u64::try_from(part.len()).unwrap_or_default();
            }
        }
        Place::cell(line, byte)
    }
}

/// Finds the encoding of a text by decoding all of it.
pub(super) fn look<R: Read + Seek>(reader: &mut R) -> Result<Encoding, TableError> {
    let (seen, broken) = scan(reader, Encoding::Utf8)?;
    let Some(broken) = broken else {
        return Ok(Encoding::Utf8);
    };
    if seen.hangul {
        return Err(Why::EncodingMixed.at(broken));
    }
    if let Some(line) = line_of_utf8(reader)? {
        return Err(Why::EncodingMixed.at(Place::row(line)));
    }
    match scan(reader, Encoding::Cp949)? {
        (_, Some(place)) => Err(Why::EncodingUnknown.at(place)),
        (_, None) => Ok(Encoding::Cp949),
    }
}

#[derive(Default)]
struct Seen {
    hangul: bool,
}

/// Decodes the whole; the place of the first byte that does not fit.
fn scan<R: Read + Seek>(
    reader: &mut R,
    encoding: Encoding,
) -> Result<(Seen, Option<Place>), TableError> {
    let mut seen = Seen::default();
    let mut text = Text::open(reader, encoding)?;
    loop {
        match text.next_chunk() {
            Ok(true) if text.chunk().contains(&0) => return Err(Why::NotATable.whole()),
            Ok(true) => seen.hangul |= has_hangul(text.chunk()),
            Ok(false) => return Ok((seen, None)),
            Err(error) if error.why == Why::EncodingUnknown => {
                seen.hangul |= has_hangul(text.chunk());
                return Ok((seen, Some(error.place)));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether a Hangul syllable stands in the bytes of some UTF-8.
fn has_hangul(utf8: &[u8]) -> bool {
    utf8.windows(3).any(|three| match three {
        [0xEA, 0xB0..=0xBF, last]
        | [0xEB | 0xEC, 0x80..=0xBF, last]
        | [0xED, 0x80..=0x9E, last] => (0x80..=0xBF).contains(last),
        _ => false,
    })
}

/// The first line that is Hangul in UTF-8 as a whole. A line longer than a chunk is judged by its
/// parts that fit.
fn line_of_utf8<R: Read + Seek>(reader: &mut R) -> Result<Option<u64>, TableError> {
    reader.seek(SeekFrom::Start(0))?;
    let mut lines = BufReader::with_capacity(CHUNK, reader);
    let (mut number, mut line) = (1, Vec::new());
    loop {
        line.clear();
        let most = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        if lines.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if has_hangul(&line) && std::str::from_utf8(&line).is_ok() {
            return Ok(Some(number));
        }
        number += u64::from(line.ends_with(b"\n"));
    }
}
