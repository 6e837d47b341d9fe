//! The bounds of a table, decided before anything is unpacked.

/// The most that is taken from one file. Every bound is checked while reading, never after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it was sent.
    pub file_bytes: u64,
    /// Rows that hold something, without the header.
    pub rows: u64,
    /// Columns.
    pub columns: usize,
    /// Bytes of one cell, as UTF-8: what any spreadsheet takes for one.
    pub cell_bytes: usize,
    /// Bytes of one row, as UTF-8.
    pub row_bytes: usize,
    /// Parts of a workbook: the files of its zip directory.
    pub parts: usize,
    /// Bytes of a workbook once inflated, and of all texts that its cells take of shared ones.
    pub inflated_bytes: u64,
    /// How many times as large as the file a workbook may become.
    pub ratio: u64,
    /// Bytes of the texts that cells of a workbook share. They alone are held in memory.
    pub shared_bytes: usize,
    /// Texts that cells of a workbook share.
    pub shared_texts: usize,
}

impl Limits {
    /// What the program takes unless told otherwise.
    pub const STANDARD: Self = Self {
        file_bytes: 1 << 30,
        rows: 2_000_000,
        columns: 256,
        cell_bytes: 32_767,
        row_bytes: 256 * 1024,
        parts: 1_000,
        inflated_bytes: 1 << 30,
        ratio: 250,
        shared_bytes: 64 << 20,
        shared_texts: 4_000_000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::STANDARD
    }
}
