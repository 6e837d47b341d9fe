//! Templates: an empty sheet for each kind of import, and a second one that explains it.
//!
//! The header says what each column is, with a note; choices are offered in a drop-down; columns of
//! text are formatted as text, so that a number in front keeps its zeros. The same bytes come out
//! every time.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

use super::columns::{self, Column, Holds};
use super::kinds::Kind;
use super::values::choice::{Choice, YES_NO};
use crate::config::Lang;

/// The last row of a sheet, from 0.
const LAST_ROW: u32 = 1_048_575;
const REQUIRED: Color = Color::RGB(0x00FF_E08A);
const OPTIONAL: Color = Color::RGB(0x00E7_EBF3);
/// Pixels of a note.
const NOTE_WIDTH: u32 = 300;
const NOTE_HEIGHT: u32 = 130;

/// The rules of values, in Korean and English: what `docs/IMPORTS.md` tells, in short.
const RULES: &[[&str; 2]] = &[
    [
        "첫 행은 제목입니다. 아래 행마다 한 건을 적습니다. 빈 행은 건너뜁니다.",
        "The first row is the header, each row below it one record. Blank rows are passed over.",
    ],
    [
        "금액은 원 단위 정수: 300000 · 300,000 · 300,000원 · 30만 · 3억 5천만 · 1.5억. 음수와 소수는 받지 않습니다.",
        "Amounts are whole won: 300000, 300,000 or in Korean units. No negative ones, no fractions.",
    ],
    [
        "날짜는 연도부터: 2022-11-03 · 2022.11.03 · 2022. 11. 3. · 20221103 · 2022년 11월 3일. 11/03/2022나 22.11.03은 받지 않습니다.",
        "Days begin with a year of four digits: 2022-11-03, 2022.11.03, 20221103. 11/03/2022 and 22.11.03 are refused.",
    ],
    [
        "지역은 행정표준코드(11, 11110) 또는 이름(서울 강남구). 여러 곳에 있는 이름(중구)은 시도를 함께 적습니다.",
        "Regions are codes (11, 11110) or names. A name that several regions have needs its province.",
    ],
    [
        "사업자등록번호는 10자리이며 검증 숫자를 확인합니다: 123-45-67891.",
        "Registration numbers have ten digits and a check digit: 123-45-67891.",
    ],
    [
        "모르는 제목의 열은 건너뛰고 알려 드립니다. attributes.이름 열은 속성으로 받습니다.",
        "Columns with unknown headers are passed over and told. attributes.NAME becomes an attribute.",
    ],
];

/// The template of a kind as a workbook, its headers in that language.
///
/// # Errors
/// [`XlsxError`], where the workbook cannot be written.
pub fn template(kind: Kind, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2022, 11, 3)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let [ko, en] = kind.title();
    let rows = workbook.add_worksheet();
    rows.set_name(if lang == Lang::Ko { ko } else { en })?;
    let head = Format::new()
        .set_bold()
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin);
    for (place, column) in (0_u16..).zip(columns::of(kind)) {
        let colour = if column.required { REQUIRED } else { OPTIONAL };
        let head = head.clone().set_background_color(colour);
        rows.write_string_with_format(0, place, header(column, lang), &head)?;
        let note = Note::new(note(column))
            .add_author_prefix(false)
            .set_width(NOTE_WIDTH)
            .set_height(NOTE_HEIGHT);
        rows.insert_note(0, place, &note)?;
        rows.set_column_width(place, 18)?;
        rows.set_column_format(place, &Format::new().set_num_format(number_format(column)))?;
        if let Some(choices) = choices(column) {
            offer(rows, place, choices, lang)?;
        }
    }
    rows.set_freeze_panes(1, 0)?;
    rows.set_landscape();
    guide(workbook.add_worksheet(), kind)?;
    workbook.save_to_buffer()
}

/// The header of a column in that language.
#[must_use]
pub fn header(column: &Column, lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => column.ko,
        Lang::En => column.field,
    }
}

/// What a column's example looks like in that language: choices have names in both.
#[must_use]
pub fn example(column: &Column, lang: Lang) -> &'static str {
    let named = choices(column).into_iter().flatten();
    let named = named.into_iter().find(|choice| choice.ko == column.example);
    match (named, lang) {
        (Some(choice), Lang::En) => choice.name,
        _ => column.example,
    }
}

fn note(column: &Column) -> String {
    let [ko, en] = column.note;
    let needed = if column.required {
        "필수 · required"
    } else {
        "선택 · optional"
    };
    let (field, example) = (column.field, column.example);
    format!(
        "{} · {field} ({needed})\n{ko}\n{en}\n예 · e.g. {example}",
        column.ko
    )
}

fn choices(column: &Column) -> Option<&'static [Choice]> {
    match column.holds {
        Holds::OneOf(choices) => Some(choices),
        Holds::YesNo => Some(YES_NO),
        _ => None,
    }
}

/// How a spreadsheet shows what is put into a column; `@` keeps it as it was typed.
const fn number_format(column: &Column) -> &'static str {
    match column.holds {
        Holds::Amount | Holds::Cost => "#,##0",
        Holds::Weight => "#,##0.###",
        Holds::Day => "yyyy-mm-dd",
        Holds::Whole(..) | Holds::Quantity => "General",
        _ => "@",
    }
}

/// A drop-down of choices. Something else may be typed: other names are understood as well.
fn offer(
    rows: &mut Worksheet,
    place: u16,
    choices: &[Choice],
    lang: Lang,
) -> Result<(), XlsxError> {
    let names: Vec<&str> = choices
        .iter()
        .map(|choice| {
            if lang == Lang::Ko {
                choice.ko
            } else {
                choice.name
            }
        })
        .collect();
    let offered = DataValidation::new()
        .allow_list_strings(&names)?
        .set_error_style(DataValidationErrorStyle::Warning);
    rows.add_data_validation(1, place, LAST_ROW, place, &offered)?;
    Ok(())
}

/// The sheet that explains the columns and the rules of their values.
fn guide(sheet: &mut Worksheet, kind: Kind) -> Result<(), XlsxError> {
    sheet.set_name("안내 Guide")?;
    let bold = Format::new().set_bold().set_background_color(OPTIONAL);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let heads = [
        ("제목 · Header (ko)", 20),
        ("Header (en)", 22),
        ("필수 · Required", 17),
        ("설명", 52),
        ("What it is", 64),
        ("예 · Example", 26),
        ("고를 값 · Choices", 90),
    ];
    for (place, (head, width)) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(0, place, head, &bold)?;
        sheet.set_column_width(place, width)?;
    }
    let mut row = 1;
    for column in columns::of(kind) {
        let [ko, en] = column.note;
        let offered = choices(column).unwrap_or_default();
        let offered: Vec<String> = offered
            .iter()
            .map(|choice| format!("{} ({})", choice.ko, choice.name))
            .collect();
        let needed = if column.required { "예 · yes" } else { "" };
        let offered = offered.join(", ");
        let cells = [
            column.ko,
            column.field,
            needed,
            ko,
            en,
            column.example,
            &offered,
        ];
        for (place, cell) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, place, cell, &wrap)?;
        }
        row += 1;
    }
    for [ko, en] in RULES {
        row += 1;
        sheet.write_string(row, 0, *ko)?;
        row += 1;
        sheet.write_string(row, 0, *en)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::super::columns::{Options, Plan};
    use super::*;
    use crate::TextEnum;
    use crate::tables::{self, Cell, Declared};

    #[test]
    fn a_template_is_read_back_and_every_header_means_its_own_column() {
        for kind in Kind::ALL {
            for lang in [Lang::Ko, Lang::En] {
                let bytes = template(*kind, lang).unwrap();
                let mut table = tables::open(Cursor::new(bytes), &Declared::default()).unwrap();
                let today = "2022-11-03".parse().unwrap();
                let plan = Plan::new(*kind, table.header(), Options::default(), today).unwrap();
                let meanings: Vec<_> = plan.meanings().map(|(_, field)| field.unwrap()).collect();
                let fields: Vec<_> = columns::of(*kind).iter().map(|one| one.field).collect();
                assert_eq!(meanings, fields);
                assert_eq!(table.next(), None);
                let example: Vec<Cell> = columns::of(*kind)
                    .iter()
                    .map(|column| Cell::from(example(column, lang)))
                    .collect();
                assert!(plan.read(&example).is_ok(), "{:?}", plan.read(&example));
            }
        }
    }

    #[test]
    fn a_template_is_the_same_every_time_and_another_reader_agrees_with_ours() {
        let bytes = template(Kind::Disbursements, Lang::Ko).unwrap();
        assert_eq!(bytes, template(Kind::Disbursements, Lang::Ko).unwrap());
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["집행", "안내 Guide"]);
        let sheet = book.worksheet_range("집행").unwrap();
        let head: Vec<String> = sheet
            .rows()
            .next()
            .unwrap()
            .iter()
            .map(Data::to_string)
            .collect();
        let ours: Vec<&str> = columns::of(Kind::Disbursements)
            .iter()
            .map(|c| c.ko)
            .collect();
        assert_eq!(head, ours);
    }
}
