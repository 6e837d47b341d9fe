//! Which column of a file holds which field, and rows into the bodies of the API.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::super::kinds::Kind;
use super::super::values::region::RegionCodes;
use super::super::values::{
    Context, ValueFault, amount, choice, day, folded, number, region, registration, text,
};
use super::{Column, Holds, REGION_DAYS, families, of};
use crate::refusal::FieldFault;
use crate::tables::{Cell, DateSystem};

/// Characters of an attribute's value.
const ATTRIBUTE: usize = 200;
/// Faults of one header that are told.
const MOST_FAULTS: usize = 100;

/// How the columns of a file are to be read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What headers mean, where they don't say it themselves: header to field. An empty field
    /// passes the column over.
    pub mapping: BTreeMap<String, String>,
    /// What holds for rows that don't say otherwise, by field, as it would be written.
    pub defaults: BTreeMap<String, String>,
    /// Which regions are taken; those that were valid on the day by default.
    pub regions: Option<RegionCodes>,
    /// How numbers stand for days.
    pub dates: Option<DateSystem>,
}

/// What a column of the file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// A field of its kind.
    Field(&'static Column),
    /// One of a family: which, and its name.
    Member(&'static str, String),
}

/// What each column of a file holds.
#[derive(Debug, Clone)]
pub struct Plan {
    headers: Vec<String>,
    targets: Vec<Option<Target>>,
    defaults: Vec<(&'static Column, Cell)>,
    regions: RegionCodes,
    dates: Option<DateSystem>,
    today: NaiveDate,
}

impl Plan {
    /// Finds what each header means.
    ///
    /// # Errors
    /// Everything that is wrong at once, by header or by field: `duplicate_header`,
    /// `duplicate_column` (two headers for one field), `missing_column`, `unknown_mapping`,
    /// `unknown_default`.
    pub fn new(
        kind: Kind,
        headers: &[String],
        options: Options,
        today: NaiveDate,
    ) -> Result<Self, Vec<FieldFault>> {
        let names = Names::of(kind);
        let mut faults = Vec::new();
        let mapping = names.mapping(headers, &options.mapping, &mut faults);
        let mut targets = Vec::with_capacity(headers.len());
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (place, header) in headers.iter().enumerate() {
            let folded = folded(header);
            let target = match mapping.get(&folded) {
                Some(told) => told.clone(),
                None => names.find(&folded, header),
            };
            let earlier = (!folded.is_empty())
                .then(|| seen.insert(folded, place))
                .flatten();
            if let Some(first) = earlier {
                faults.push(about("duplicate_header", header, place).with("first", first + 1));
            } else if let Some(same) = target.as_ref().and_then(|one| holder(&targets, one)) {
                let other = headers.get(same).cloned().unwrap_or_default();
                faults.push(about("duplicate_column", header, place).with("other", other));
            }
            targets.push(target);
        }
        let defaults = names.defaults(&options.defaults, &mut faults);
        for column in of(kind).iter().filter(|column| column.required) {
            let given = defaults
                .iter()
                .any(|(default, _)| default.field == column.field);
            if !given && holder(&targets, &Target::Field(column)).is_none() {
                let fault = FieldFault::new(column.path, "missing_column");
                faults.push(fault.with("ko", column.ko).with("en", column.field));
            }
        }
        faults.truncate(MOST_FAULTS);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            headers: headers.to_vec(),
            targets,
            defaults,
            regions: options.regions.unwrap_or(RegionCodes::Strict),
            dates: options.dates,
            today,
        })
    }

    /// The headers that mean nothing to this kind: their columns are passed over. With the place
    /// of each, from 0.
    pub fn ignored(&self) -> impl Iterator<Item = (usize, &str)> {
        let columns = self.targets.iter().zip(&self.headers).enumerate();
        columns
            .filter(|(_, (target, header))| target.is_none() && !header.is_empty())
            .map(|(place, (_, header))| (place, header.as_str()))
    }

    /// What each header means: its field, or none where it is passed over.
    pub fn meanings(&self) -> impl Iterator<Item = (&str, Option<String>)> {
        self.headers
            .iter()
            .zip(&self.targets)
            .map(|(header, target)| {
                let meaning = target.as_ref().map(|target| match target {
                    Target::Field(column) => column.field.to_owned(),
                    Target::Member(family, name) => format!("{family}.{name}"),
                });
                (header.as_str(), meaning)
            })
    }

    /// The column, from 0, that holds what a JSON pointer of the body is about; one above or below
    /// it where none holds it itself.
    #[must_use]
    pub fn place_of(&self, pointer: &str) -> Option<usize> {
        if pointer.is_empty() {
            return None;
        }
        let paths = || {
            self.targets
                .iter()
                .map(|target| target.as_ref().map(Target::path))
        };
        let is_within = |inner: &str, outer: &str| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        paths()
            .position(|path| path.as_deref() == Some(pointer))
            .or_else(|| {
                paths().position(|path| {
                    path.is_some_and(|path| is_within(&path, pointer) || is_within(pointer, &path))
                })
            })
    }

    /// The header at a place, from 0.
    #[must_use]
    pub fn header(&self, place: usize) -> Option<String> {
        self.headers.get(place).cloned()
    }

    /// The body that the API would take for a row. Cells that are blank are left out.
    ///
    /// # Errors
    /// Every wrong cell, by the JSON pointer of its field; `missing` where a field that every row
    /// needs is blank.
    pub fn read(&self, cells: &[Cell]) -> Result<Value, Vec<FieldFault>> {
        let mut body = Value::Object(Map::new());
        let mut faults = Vec::new();
        let context = self.context(cells);
        for (target, cell) in self.targets.iter().zip(cells) {
            let Some(target) = target.as_ref().filter(|_| !cell.is_blank()) else {
                continue;
            };
            let path = target.path();
            match target.read(cell, &context) {
                Ok(value) => insert(&mut body, &path, value),
                Err(fault) => faults.push(FieldFault {
                    field: path,
                    code: fault.code,
                    facts: fault.facts,
                }),
            }
        }
        for (column, default) in &self.defaults {
            let is_told = self
                .cell_of(cells, column.field)
                .is_some_and(|cell| !cell.is_blank());
            if is_told {
                continue;
            }
            match value(column, default, &context) {
                Ok(value) => insert(&mut body, column.path, value),
                Err(fault) => faults.push(FieldFault {
                    field: column.path.to_owned(),
                    code: fault.code,
                    facts: fault.facts,
                }),
            }
        }
        self.missing(cells, &mut faults);
        if faults.is_empty() {
            Ok(body)
        } else {
            Err(faults)
        }
    }

    fn missing(&self, cells: &[Cell], faults: &mut Vec<FieldFault>) {
        for (place, target) in self.targets.iter().enumerate() {
            let Some(Target::Field(column)) = target else {
                continue;
            };
            let has_default = self
                .defaults
                .iter()
                .any(|(one, _)| one.field == column.field);
            let is_blank = cells.get(place).is_none_or(Cell::is_blank);
            if column.required && is_blank && !has_default {
                faults.push(FieldFault::new(column.path, "missing"));
            }
        }
    }

    fn cell_of<'a>(&self, cells: &'a [Cell], field: &str) -> Option<&'a Cell> {
        let is_it = |target: &Option<Target>| matches!(target, Some(Target::Field(column)) if column.field == field);
        cells.get(self.targets.iter().position(is_it)?)
    }

    /// What the values of a row depend on: the day of its regions is the first day that it tells.
    fn context(&self, cells: &[Cell]) -> Context {
        let told = REGION_DAYS.iter().find_map(|field| {
            let default = || {
                let of_field = |(column, _): &&(&'static Column, Cell)| column.field == *field;
                self.defaults.iter().find(of_field).map(|(_, cell)| cell)
            };
            let cell = self.cell_of(cells, field).filter(|cell| !cell.is_blank());
            day::read(cell.or_else(default)?, self.dates).ok()
        });
        Context {
            dates: self.dates,
            on: told.unwrap_or(self.today),
            regions: self.regions,
        }
    }
}

impl Target {
    fn path(&self) -> String {
        match self {
            Self::Field(column) => column.path.to_owned(),
            Self::Member(family, name) => {
                format!("/{family}/{}", name.replace('~', "~0").replace('/', "~1"))
            }
        }
    }

    fn read(&self, cell: &Cell, context: &Context) -> Result<Value, ValueFault> {
        match self {
            Self::Field(column) => value(column, cell, context),
            Self::Member(..) => text::read(cell, ATTRIBUTE).map(Value::from),
        }
    }
}

/// The value of a cell as the API would take it.
fn value(column: &Column, cell: &Cell, context: &Context) -> Result<Value, ValueFault> {
    Ok(match column.holds {
        Holds::Code => text::code(cell)?.to_string().into(),
        Holds::Text(most) => text::read(cell, most)?.into(),
        Holds::Amount => amount::read::<1>(cell)?.to_string().into(),
        Holds::Cost => amount::read::<0>(cell)?.to_string().into(),
        Holds::Weight => number::weight(cell)?.to_string().into(),
        Holds::Quantity => number::quantity(cell)?.to_string().into(),
        Holds::Whole(least, most) => number::whole(cell, least, most)?.into(),
        Holds::Day => day::read(cell, context.dates)?.to_string().into(),
        Holds::Region => region::read(cell, context.on, context.regions)?
            .as_str()
            .into(),
        Holds::RegistrationNumber => registration::read(cell)?.as_digits().into(),
        Holds::YesNo => choice::yes_no(cell)?.into(),
        Holds::OneOf(choices) => choice::read(cell, choices)?.into(),
    })
}

/// Puts a value at a JSON pointer, with the objects above it.
fn insert(body: &mut Value, path: &str, value: Value) {
    let mut at = body;
    for part in path.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        let Value::Object(object) = at else { return };
        at = object
            .entry(name)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    *at = value;
}

fn about(code: &'static str, header: &str, place: usize) -> FieldFault {
    FieldFault::new("", code)
        .with("header", header)
        .with("column", place + 1)
}

fn holder(targets: &[Option<Target>], wanted: &Target) -> Option<usize> {
    let same = |target: &Option<Target>| match (target, wanted) {
        (Some(Target::Field(one)), Target::Field(other)) => one.field == other.field,
        (Some(Target::Member(a, b)), Target::Member(c, d)) => a == c && b == d,
        _ => false,
    };
    targets.iter().position(same)
}

/// Every name that a column of a kind goes by.
struct Names {
    kind: Kind,
    names: HashMap<String, &'static Column>,
}

impl Names {
    fn of(kind: Kind) -> Self {
        let mut names = HashMap::new();
        for column in of(kind) {
            let dotted = column.path.trim_start_matches('/').replace('/', ".");
            for name in [column.field, column.ko, &dotted].iter().chain(column.also) {
                names.insert(folded(name), column);
            }
        }
        Self { kind, names }
    }

    /// What a header means by itself. Its Korean and English name may stand together:
    /// `금액 (amount)`.
    fn find(&self, name: &str, header: &str) -> Option<Target> {
        let bare = name.trim_end_matches(['*', ')']);
        let parts = [
            Some(name),
            Some(bare),
            bare.split_once('(').map(|(first, _)| first),
        ];
        let column = parts
            .into_iter()
            .flatten()
            .find_map(|name| self.names.get(name));
        match column {
            Some(column) => Some(Target::Field(column)),
            None => self.member(header),
        }
    }

    fn member(&self, header: &str) -> Option<Target> {
        let (family, name) = header.trim().split_once(['.', ':'])?;
        let family = folded(family);
        let known = families(self.kind)
            .iter()
            .find(|known| known.field == family || known.ko == family)?;
        let name = name.trim();
        (!name.is_empty()).then(|| Target::Member(known.field, name.to_owned()))
    }

    /// The sender's mapping by folded header.
    fn mapping(
        &self,
        headers: &[String],
        told: &BTreeMap<String, String>,
        faults: &mut Vec<FieldFault>,
    ) -> HashMap<String, Option<Target>> {
        let mut mapping = HashMap::new();
        for (header, field) in told {
            let folded_header = folded(header);
            let target = self.find(&folded(field), field);
            let is_there = headers.iter().any(|one| folded(one) == folded_header);
            if !is_there || (target.is_none() && !field.is_empty()) {
                let fault = FieldFault::new("", "unknown_mapping");
                faults.push(fault.with("header", header).with("field", field));
                continue;
            }
            mapping.insert(folded_header, target);
        }
        mapping
    }

    fn defaults(
        &self,
        told: &BTreeMap<String, String>,
        faults: &mut Vec<FieldFault>,
    ) -> Vec<(&'static Column, Cell)> {
        let mut defaults = Vec::new();
        for (field, text) in told {
            match self.names.get(&folded(field)) {
                Some(column) => defaults.push((*column, Cell::from(text.as_str()))),
                None => faults.push(FieldFault::new("", "unknown_default").with("field", field)),
            }
        }
        defaults
    }
}
