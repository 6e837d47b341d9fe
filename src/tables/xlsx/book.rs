//! What a workbook tells of itself: its sheets, where its parts lie, which styles show a day.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::super::DateSystem;
use super::super::error::{TableError, Why};
use super::xml::{Xml, attributes, local};
use super::zip::{Directory, Part, inflate};

/// Most styles and sheets that are looked at; Excel writes at most 65,490 styles.
const MOST_STYLES: usize = 65_536;
const MOST_SHEETS: usize = 1_024;
const ROOT: &str = "_rels/.rels";
const DOCUMENT: &str = "/officeDocument";
const STRINGS: &str = "/sharedStrings";
const STYLES: &str = "/styles";

/// The parts of a workbook that its rows are read from.
pub(super) struct Book<'a> {
    pub sheet: &'a Part,
    pub strings: Option<&'a Part>,
    pub styles: Option<&'a Part>,
    pub system: DateSystem,
}

/// A pointer to another part.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

struct SheetEntry {
    name: String,
    relation: String,
    hidden: bool,
}

impl<'a> Book<'a> {
    /// Finds the parts of the sheet of that name, or of the first that can be seen.
    pub(super) fn read<R: Read + Seek>(
        reader: &mut R,
        directory: &'a Directory,
        wanted: Option<&str>,
    ) -> Result<Self, TableError> {
        let main = relations(reader, directory, ROOT, "")?
            .into_iter()
            .find(|relation| relation.kind.ends_with(DOCUMENT))
            .ok_or(Why::NotATable.whole())?
            .target;
        let part = directory.find(&main).ok_or(Why::BrokenWorkbook.whole())?;
        let (sheets, system) = sheets(reader, part)?;
        let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
        let beside = format!("{folder}/_rels/{name}.rels");
        let beside = beside.trim_start_matches('/');
        let relations = relations(reader, directory, beside, folder)?;
        let of_kind = |kind: &str| {
            let found = relations.iter().find(|one| one.kind.ends_with(kind));
            found.and_then(|relation| directory.find(&relation.target))
        };
        let sheet = match wanted {
            Some(wanted) => sheets.iter().find(|sheet| sheet.name == wanted),
            None => sheets.iter().find(|sheet| !sheet.hidden),
        };
        let sheet = sheet.ok_or(Why::SheetMissing.whole())?;
        let sheet = relations.iter().find(|one| one.id == sheet.relation);
        let sheet = sheet.and_then(|relation| directory.find(&relation.target));
        Ok(Self {
            sheet: sheet.ok_or(Why::BrokenWorkbook.whole())?,
            strings: of_kind(STRINGS),
            styles: of_kind(STYLES),
            system,
        })
    }
}

fn relations<R: Read + Seek>(
    reader: &mut R,
    directory: &Directory,
    name: &str,
    folder: &str,
) -> Result<Vec<Relation>, TableError> {
    let Some(part) = directory.find(name) else {
        return Err(Why::NotATable.whole());
    };
    let mut xml = Xml::new(inflate(reader, part)?);
    let mut relations = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(tag) if local(&tag) == "Relationship" => {
                let (mut id, mut kind, mut target) = Default::default();
                attributes(&tag, |name, value| match name {
                    "Id" => value.clone_into(&mut id),
                    "Type" => value.clone_into(&mut kind),
                    "Target" => target = resolve(folder, value),
                    _ => {}
                })?;
                if relations.len() >= MOST_SHEETS {
                    return Err(Why::BrokenWorkbook.whole());
                }
                relations.push(Relation { id, kind, target });
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// The name of a part that a part in `folder` points to.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(path.pop()),
            "." | "" => {}
            part => path.push(part),
        }
    }
    path.join("/")
}

fn sheets<R: Read + Seek>(
    reader: &mut R,
    part: &Part,
) -> Result<(Vec<SheetEntry>, DateSystem), TableError> {
    let mut xml = Xml::new(inflate(reader, part)?);
    let (mut sheets, mut system) = (Vec::new(), DateSystem::Since1900);
    loop {
        match xml.next()? {
            Event::Start(tag) if local(&tag) == "sheet" => {
                let (mut name, mut relation, mut hidden) = (String::new(), String::new(), false);
                attributes(&tag, |key, value| match key {
                    "name" => value.clone_into(&mut name),
                    "state" => hidden = value != "visible",
                    key if key.ends_with(":id") => value.clone_into(&mut relation),
                    _ => {}
                })?;
                if sheets.len() >= MOST_SHEETS {
                    return Err(Why::BrokenWorkbook.whole());
                }
                sheets.push(SheetEntry {
                    name,
                    relation,
                    hidden,
                });
            }
            Event::Start(tag) if local(&tag) == "workbookPr" => attributes(&tag, |key, value| {
                if key == "date1904" && matches!(value, "1" | "true") {
                    system = DateSystem::Since1904;
                }
            })?,
            Event::Eof => return Ok((sheets, system)),
            _ => {}
        }
    }
}

/// Which styles show a number as a day, by their index.
pub(super) fn day_styles<R: Read + Seek>(
    reader: &mut R,
    part: Option<&Part>,
) -> Result<Vec<bool>, TableError> {
    let Some(part) = part else {
        return Ok(Vec::new());
    };
    let mut xml = Xml::new(inflate(reader, part)?);
    let (mut styles, mut own) = (Vec::new(), HashMap::new());
    let mut in_cells = false;
    loop {
        match xml.next()? {
            Event::Start(tag) if local(&tag) == "cellXfs" => in_cells = true,
            Event::End(tag) if tag.name().0.ends_with("cellXfs") => in_cells = false,
            Event::Start(tag) if local(&tag) == "numFmt" => {
                let (mut id, mut shows_day) = (0, false);
                attributes(&tag, |key, value| match key {
                    "numFmtId" => id = value.parse::<u32>().unwrap_or_default(),
                    "formatCode" => shows_day = is_day_format(value),
                    _ => {}
                })?;
                own.insert(id, shows_day);
            }
            Event::Start(tag) if in_cells && local(&tag) == "xf" => {
                let mut format = 0;
                attributes(&tag, |key, value| {
                    if key == "numFmtId" {
                        format = value.parse::<u32>().unwrap_or_default();
                    }
                })?;
                let day = own.get(&format).copied();
                styles.push(day.unwrap_or_else(|| is_built_in_day(format)));
            }
            Event::Eof => return Ok(styles),
            _ => {}
        }
        if styles.len().max(own.len()) > MOST_STYLES {
            return Err(Why::BrokenWorkbook.whole());
        }
    }
}

/// The built-in formats that show a day, with those of Korean Excel (ECMA-376, 18.8.30).
const fn is_built_in_day(format: u32) -> bool {
    matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a format shows a year or a day: outside of quotation marks, brackets and escapes.
fn is_day_format(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'y' | 'Y' | 'd' | 'D' if !bracketed => return true,
            ';' => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_with_a_year_or_a_day_shows_a_day() {
        for code in [
            "yyyy-mm-dd",
            "m/d",
            "[$-412]yyyy\"년\" m\"월\" d\"일\";@",
            "YYYY.MM.DD",
        ] {
            assert!(is_day_format(code), "{code}");
        }
        for code in [
            "General", "#,##0", "0.00", "\"day\"0", "[Red]0", "0;yy", "\\d0", "h:mm",
        ] {
            assert!(!is_day_format(code), "{code}");
        }
    }

    #[test]
    fn a_target_is_found_from_the_part_that_names_it() {
        assert_eq!(
            resolve("xl", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(resolve("xl", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolve("xl/worksheets", "../a.xml"), "xl/a.xml");
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
    }
}
