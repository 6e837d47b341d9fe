//! The sheet that was sent, with what is wrong with it marked, as a workbook.
//!
//! Wrong cells are coloured and what is wrong stands in a column of its own, behind the others,
//! with the row it was in; the first few also carry a note. Corrected, the same sheet can be sent
//! again: the two columns are passed over. Written row by row, through an unnamed temporary file;
//! memory does not grow with the rows. Texts are written as texts, so none is run as a formula.

use std::io::Write;
use std::path::Path;

use rust_decimal::Decimal;
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet, XlsxError};

use super::values::folded;
use crate::config::Lang;
use crate::tables::Cell;

/// Rows of one sheet, without its header; a file with more goes on in a further sheet.
const MOST_ROWS: u32 = 1_048_575;
/// Wrong cells that carry a note besides their colour: notes are held in memory.
const MOST_NOTES: u32 = 1_000;
/// Characters of a cell that are written.
const LONGEST: usize = 32_767;
/// Characters of what is told of one row.
const LONGEST_WORDS: usize = 2_000;
/// Characters that a column is wide, and the one that tells what is wrong.
const WIDTH: u32 = 18;
const FAULTS_WIDTH: u32 = 100;
const WRONG: Color = Color::RGB(0x00FF_B3B3);
const HEAD: Color = Color::RGB(0x00E7_EBF3);

/// Something wrong with a row, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The column, from 0; none for the row as a whole.
    pub column: Option<usize>,
    /// What is wrong, in the language of the sheet.
    pub words: String,
}

/// A row as it was sent, with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedRow {
    /// The row that it was in.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// What is wrong with it.
    pub faults: Vec<Told>,
}

/// Why a marked sheet was not written.
#[derive(Debug, thiserror::Error)]
pub enum MarkError<E> {
    /// It could not be written.
    #[error("the sheet could not be written: {0}")]
    Written(#[from] XlsxError),
    /// Its rows could not be read.
    #[error("the rows could not be read")]
    Rows(E),
}

/// What stands above the two columns that are added.
const fn added(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::Ko => ["가져오기 오류", "원래 행"],
        Lang::En => ["import faults", "original row"],
    }
}

/// Whether a header is one of those that were added to a marked sheet before.
fn was_added(header: &str) -> bool {
    let header = folded(header);
    let names = [added(Lang::Ko), added(Lang::En)];
    names.iter().flatten().any(|name| folded(name) == header)
}

/// Writes rows as a workbook with their faults marked; how many rows.
///
/// `aside` is the folder of the temporary file, which has no name and is gone with the process.
///
/// # Errors
/// [`MarkError`].
pub fn marked<E>(
    out: impl Write + Send,
    aside: &Path,
    lang: Lang,
    header: &[String],
    rows: impl IntoIterator<Item = Result<MarkedRow, E>>,
) -> Result<u64, MarkError<E>> {
    let mut workbook = Workbook::new();
    workbook.set_tempdir(aside)?;
    let mut sheet = Marked::begin(&mut workbook, lang, header)?;
    let (mut count, mut notes) = (0, 0);
    for row in rows {
        if sheet.row >= MOST_ROWS {
            workbook.push_worksheet(sheet.end()?);
            sheet = Marked::begin(&mut workbook, lang, header)?;
        }
        notes += sheet.write(&row.map_err(MarkError::Rows)?, notes)?;
        count += 1;
    }
    workbook.push_worksheet(sheet.end()?);
    workbook.save_to_writer(out)?;
    Ok(count)
}

/// A sheet at work.
struct Marked<'a> {
    sheet: Worksheet,
    header: &'a [String],
    row: u32,
    /// Its last column.
    last: u16,
    wrong: Format,
}

impl<'a> Marked<'a> {
    fn begin(workbook: &mut Workbook, lang: Lang, header: &'a [String]) -> Result<Self, XlsxError> {
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        let head = Format::new().set_bold().set_background_color(HEAD);
        let kept = header
            .iter()
            .map(String::as_str)
            .filter(|name| !was_added(name));
        let [faults, _] = added(lang);
        let mut last = 0;
        for (place, name) in (0_u16..).zip(kept.chain(added(lang))) {
            let width = if name == faults { FAULTS_WIDTH } else { WIDTH };
            sheet.set_column_width(place, width)?;
            sheet.write_string_with_format(0, place, name, &head)?;
            last = place;
        }
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        Ok(Self {
            sheet,
            header,
            row: 0,
            last,
            wrong: Format::new().set_background_color(WRONG),
        })
    }

    /// The sheet, whose rows can be sorted out by what is wrong with them.
    fn end(mut self) -> Result<Worksheet, XlsxError> {
        self.sheet.autofilter(0, 0, self.row, self.last)?;
        Ok(self.sheet)
    }

    /// Writes the next row; how many notes it got.
    fn write(&mut self, row: &MarkedRow, notes: u32) -> Result<u32, XlsxError> {
        self.row += 1;
        let (mut place, mut noted) = (0, 0);
        let empty = Cell::EMPTY;
        for (column, name) in self.header.iter().enumerate() {
            if was_added(name) {
                continue;
            }
            let cell = row.cells.get(column).unwrap_or(&empty);
            let about: Vec<&str> = row
                .faults
                .iter()
                .filter(|fault| fault.column == Some(column))
                .map(|fault| fault.words.as_str())
                .collect();
            put(
                &mut self.sheet,
                self.row,
                place,
                cell,
                (!about.is_empty()).then_some(&self.wrong),
            )?;
            if !about.is_empty() && notes + noted < MOST_NOTES {
                let words = cut(&about.join("\n"), LONGEST_WORDS);
                let note = Note::new(words).add_author_prefix(false);
                self.sheet.insert_note(self.row, place, &note)?;
                noted += 1;
            }
            place += 1;
        }
        if !row.faults.is_empty() {
            let words = cut(&self.words(row), LONGEST_WORDS);
            self.sheet
                .write_string_with_format(self.row, place, words, &self.wrong)?;
        }
        self.sheet.write(self.row, place + 1, row.number)?;
        Ok(noted)
    }

    /// `금액: 음수일 수 없습니다; …`
    fn words(&self, row: &MarkedRow) -> String {
        let faults = row.faults.iter().map(|fault| {
            let header = fault.column.and_then(|column| self.header.get(column));
            match header {
                Some(header) => format!("{header}: {}", fault.words),
                None => fault.words.clone(),
            }
        });
        faults.collect::<Vec<_>>().join("; ")
    }
}

/// Writes a cell: a number as a number where a sheet can hold it exactly, a text as a text.
fn put(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    cell: &Cell,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    let plain = Format::default();
    let format = format.unwrap_or(&plain);
    match cell {
        Cell::Number(digits) => match exact(digits) {
            Some(number) => sheet.write_with_format(row, place, number, format)?,
            None => sheet.write_string_with_format(row, place, digits, format)?,
        },
        Cell::Text(text) if text.is_empty() => sheet.write_blank(row, place, format)?,
        Cell::Text(text) => {
            sheet.write_string_with_format(row, place, cut(text, LONGEST), format)?
        }
    };
    Ok(())
}

/// A number that a sheet, which keeps 15 digits, holds exactly.
fn exact(digits: &str) -> Option<Decimal> {
    let significant = digits.bytes().filter(u8::is_ascii_digit).count();
    (significant <= 15).then(|| digits.parse().ok()).flatten()
}

/// The first characters of a text, as a sheet counts them.
fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    let fits = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= most
    });
    fits.collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::tables::{self, Declared};

    fn header() -> Vec<String> {
        ["이름", "금액", "가져오기 오류"]
            .map(str::to_owned)
            .to_vec()
    }

    fn sent(number: u64, name: &str, amount: Cell, wrong: Option<&str>) -> MarkedRow {
        MarkedRow {
            number,
            cells: vec![Cell::from(name), amount, Cell::from("of last time")],
            faults: wrong
                .map(|words| Told {
                    column: Some(1),
                    words: words.to_owned(),
                })
                .into_iter()
                .collect(),
        }
    }

    fn written(rows: Vec<MarkedRow>) -> Vec<u8> {
        let mut out = Vec::new();
        let aside = std::env::temp_dir();
        let rows = rows.into_iter().map(Ok::<_, ()>);
        marked(&mut out, &aside, Lang::Ko, &header(), rows).unwrap();
        out
    }

    #[test]
    fn a_marked_sheet_is_the_same_sheet_with_its_faults_behind() {
        let bytes = written(vec![
            sent(2, "상생상회", Cell::Number("300000".to_owned()), None),
            sent(
                5,
                "=HYPERLINK(\"x\")",
                Cell::from("-1"),
                Some("음수일 수 없습니다"),
            ),
            sent(6, "가", Cell::Number("1234567890123456".to_owned()), None),
        ]);
        let table = tables::open(Cursor::new(&bytes), &Declared::default()).unwrap();
        assert_eq!(table.header(), ["이름", "금액", "가져오기 오류", "원래 행"]);
        let rows: Vec<_> = table.map(|row| row.unwrap().cells).collect();
        let number = |digits: &str| Cell::Number(digits.to_owned());
        assert_eq!(
            rows[0],
            [
                "상생상회".into(),
                number("300000"),
                Cell::EMPTY,
                number("2")
            ]
        );
        assert_eq!(
            rows[1],
            [
                "=HYPERLINK(\"x\")".into(),
                "-1".into(),
                "금액: 음수일 수 없습니다".into(),
                number("5")
            ]
        );
        assert_eq!(rows[2][1], Cell::from("1234567890123456"));
    }

    #[test]
    fn no_text_becomes_a_formula() {
        let bytes = written(vec![sent(2, "=1+1", Cell::from("+82"), Some("@"))]);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let formulas = book.worksheet_formula("Sheet1").unwrap();
        assert!(formulas.is_empty());
        let cells = book.worksheet_range("Sheet1").unwrap();
        assert_eq!(cells.get((1, 0)), Some(&Data::String("=1+1".to_owned())));
    }

    #[test]
    fn a_fault_of_the_whole_row_needs_no_column() {
        let mut row = sent(2, "가", Cell::from("1"), None);
        row.faults.push(Told {
            column: None,
            words: "중복".to_owned(),
        });
        let bytes = written(vec![row]);
        let mut table = tables::open(Cursor::new(&bytes), &Declared::default()).unwrap();
        assert_eq!(table.next().unwrap().unwrap().cells[2], Cell::from("중복"));
    }
}
