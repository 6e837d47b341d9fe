//! What a file holds, in 32 bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};

use crate::access::secret::hex;

/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

/// Reads `file` piece by piece, hands each piece to `each`, and returns its length and SHA-256.
///
/// # Errors
/// Of reading, and of `each`.
pub fn sha256(
    file: &Path,
    mut each: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<(u64, String)> {
    let mut file = File::open(file)?;
    let (mut context, mut length) = (Context::new(&SHA256), 0_u64);
    let mut buffer = vec![0; PIECE];
    loop {
        let read = file.read(&mut buffer)?;
        let piece = buffer.get(..read).unwrap_or_default();
        if piece.is_empty() {
            return Ok((length, hex(context.finish().as_ref())));
        }
        context.update(piece);
        length = length.saturating_add(u64::try_from(read).unwrap_or_default());
        each(piece)?;
    }
}
