//! Under which group an entry of a series counts, and what the group is called. Pure.

use super::query::GroupBy;
use crate::code::{Code, Name};
use crate::funds::model::Fund;
use crate::programs::model::{Program, ProgramKind};
use crate::regions::RegionCode;
use crate::reporting::checks::Broken;
use crate::reporting::places::{Place, Regions};

/// A group of a series; what has no program, fund or region comes last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The only one.
    All,
    /// The code of a program or fund, or a kind.
    Named(String),
    /// A 시도.
    Sido(RegionCode),
    /// A region that ended, and whose area lies nobody knows in which 시도 today.
    Ended(RegionCode),
    /// Direct giving, outside any fund, or 지역 미배분.
    Rest,
}

/// Where an entry comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The program; none for direct giving.
    pub program: Option<&'a Code>,
    /// The fund; none outside any.
    pub fund: Option<&'a Code>,
    /// The region, empty where it is not known.
    pub region: &'a str,
}

/// Tells groups apart and names them.
#[derive(Debug)]
pub struct Groups<'a> {
    /// By what.
    pub group_by: GroupBy,
    /// How regions are told apart.
    pub regions: Regions,
    /// All funds.
    pub funds: &'a [Fund],
    /// All programs.
    pub programs: &'a [Program],
}

impl Groups<'_> {
    /// The group that an entry counts under. None for compensation where it would be mixed with
    /// giving: it counts under its own program and kind only.
    ///
    /// # Errors
    /// [`Broken::NoRegion`].
    pub fn of(&self, origin: Origin<'_>) -> Result<Option<Group>, Broken> {
        let kind = origin.program.and_then(|program| self.kind(program));
        let apart = matches!(self.group_by, GroupBy::Program | GroupBy::Kind);
        if kind == Some(ProgramKind::Compensation) && !apart {
            return Ok(None);
        }
        let named = |name: Option<String>| name.map_or(Group::Rest, Group::Named);
        Ok(Some(match self.group_by {
            GroupBy::None => Group::All,
            GroupBy::Program => named(origin.program.map(Code::to_string)),
            GroupBy::Fund => named(origin.fund.map(Code::to_string)),
            GroupBy::Kind => named(kind.map(|kind| kind.to_string())),
            GroupBy::Region => match Place::of(origin.region, &self.regions)? {
                Place::Sido(code) => Group::Sido(code),
                Place::Ended(code) => Group::Ended(code),
                Place::Unallocated => Group::Rest,
            },
        }))
    }

    fn kind(&self, code: &Code) -> Option<ProgramKind> {
        let program = self.programs.iter().find(|program| program.code == *code);
        program.map(|program| program.kind)
    }

    /// What a group is called; none where its key says it all.
    #[must_use]
    pub fn name(&self, group: &Group) -> Option<Name> {
        match (group, self.group_by) {
            (Group::Named(code), GroupBy::Fund) => {
                let fund = self.funds.iter().find(|fund| fund.code.as_str() == code);
                fund.map(|fund| fund.terms.name.clone())
            }
            (Group::Named(code), GroupBy::Program) => {
                let known = self.programs.iter();
                let program = known.into_iter().find(|known| known.code.as_str() == code);
                program.map(|program| program.terms.name.clone())
            }
            (Group::Sido(code) | Group::Ended(code), _) => {
                Place::Sido(*code).shown().map(|region| region.name)
            }
            (Group::Rest, GroupBy::Region) => Some(words("지역 미배분", "No region")),
            (Group::Rest, GroupBy::Fund) => Some(words("기금 외", "Outside any fund")),
            (Group::Rest, _) => Some(words("직접 기부", "Direct giving")),
            (Group::All | Group::Named(_), _) => None,
        }
    }
}

impl Group {
    /// The key as answers carry it; none for the rest.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        match self {
            Self::All => Some("all".to_owned()),
            Self::Named(name) => Some(name.clone()),
            Self::Sido(code) | Self::Ended(code) => Some(code.to_string()),
            Self::Rest => None,
        }
    }
}

fn words(ko: &str, en: &str) -> Name {
    Name {
        ko: ko.to_owned(),
        en: en.to_owned(),
    }
}
