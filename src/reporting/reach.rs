//! People who came, stayed and went: distinct people of a period, in a program, a fund or all.
//!
//! A person counts in a scope while what they were approved there, net of what was cancelled or
//! refunded, is above zero. With what each person stood at before the period and what was added
//! within it, everything is told: *new* counted at its end and not before it, *left* the other way
//! round, *active* was given more than came back within it. Compensation is no giving: whom it reached
//! counts in its own program, and not among all people.
//!
//! Cost: the only question of reports that is answered from records, so it costs the records of
//! the scope's people: three statements for each 500 of them, and memory for these, and
//! one reading of all funds and programs. A fund or a program is asked only where a period is, the
//! report of people always. Numbers of people at both ends are compared with the sums of crossings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::checks::{self, Broken};
use super::overview::people;
use super::suppress::FEWEST;
use super::{ReportError, until};
use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::money::MoneyError;
use crate::programs::model::ProgramKind;
use crate::refusal::{FieldFault, Refusal};
use crate::tallies::people::{Given, Scope};
use crate::{funds, programs, tallies};

/// A run of days that people are asked of, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Days {
    /// The period that is asked for, if one is; without an end it runs to the day of the report.
    ///
    /// # Errors
    /// Every wrong parameter: `missing`, `after_as_of`, `end_before_start`.
    pub fn asked(
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
        as_of: NaiveDate,
    ) -> Result<Option<Self>, Refusal> {
        let mut faults = Vec::new();
        let end = to.unwrap_or(as_of);
        if end > as_of {
            faults.push(FieldFault::new("/to", "after_as_of").with("value", as_of));
        }
        match from {
            None if to.is_some() => faults.push(FieldFault::new("/from", "missing")),
            Some(from) if from > end => {
                faults.push(FieldFault::new("/from", "end_before_start").with("value", end));
            }
            _ => {}
        }
        if faults.is_empty() {
            Ok(from.map(|from| Self { from, to: end }))
        } else {
            Err(Refusal::Fields(faults))
        }
    }
}

/// Distinct people of a period. Of different scopes or periods they are never added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleInPeriod {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Who counted at the end of the day before.
    pub at_start: i64,
    /// Who counted at the end of the last day.
    pub at_end: i64,
    /// Who counted at the end and not at the start; none where hidden.
    pub new: Option<i64>,
    /// Who was given more than came back within the period; none where hidden.
    pub active: Option<i64>,
    /// Who counted at the start and not at the end; none where hidden.
    pub left: Option<i64>,
    /// Whether these are hidden, since they would tell about single people.
    pub suppressed: bool,
}

impl PeopleInPeriod {
    /// What is shown of `reach`; one small number hides all three, as each follows from others.
    #[must_use]
    pub fn of(days: Days, reach: Reach, suppress: bool) -> Self {
        let told = [reach.new, reach.active, reach.left];
        let hidden = suppress && told.iter().any(|people| (1..FEWEST).contains(people));
        let open = |people| (!hidden).then_some(people);
        Self {
            from: days.from,
            to: days.to,
            at_start: reach.at_start,
            at_end: reach.at_end,
            new: open(reach.new),
            active: open(reach.active),
            left: open(reach.left),
            suppressed: hidden,
        }
    }
}

/// How many people, in one scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Who counted before the period.
    pub at_start: i64,
    /// Who counted at its end.
    pub at_end: i64,
    /// Who counted at its end and not before.
    pub new: i64,
    /// Who was given more than came back within it.
    pub active: i64,
    /// Who counted before and not at its end.
    pub left: i64,
}

impl Reach {
    /// Adds a person with what they stood at before the period and at its end.
    fn add(&mut self, before: i128, after: i128) {
        let one = |is: bool| i64::from(is);
        let (was, is) = (before > 0, after > 0);
        for (sum, more) in [
            (&mut self.at_start, one(was)),
            (&mut self.at_end, one(is)),
            (&mut self.new, one(is && !was)),
            (&mut self.active, one(after > before)),
            (&mut self.left, one(was && !is)),
        ] {
            *sum = sum.saturating_add(more);
        }
    }
}

/// How many people, in each scope, and how many in more than one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reached {
    scopes: BTreeMap<Scope, Reach>,
    /// Counted at the end in more than one program.
    pub in_several_programs: i64,
    /// Counted at the end in more than one root fund.
    pub in_several_funds: i64,
}

impl Reached {
    /// How many people in a scope.
    #[must_use]
    pub fn of(&self, scope: &Scope) -> Reach {
        self.scopes.get(scope).copied().unwrap_or_default()
    }
}

/// What tells into which scopes something given falls; neither ever changes.
struct Scoping {
    /// Each fund with the one it is a part of.
    parents: BTreeMap<Code, Option<Code>>,
    /// The programs of compensation, whose people are not among all people.
    apart: BTreeSet<Code>,
}

impl Scoping {
    fn read(conn: &mut Conn) -> Result<Self, DbError> {
        let funds = funds::store::all(conn)?.into_iter();
        let programs = programs::store::all(conn)?.into_iter();
        let apart = programs.filter(|program| program.kind == ProgramKind::Compensation);
        Ok(Self {
            parents: funds.map(|fund| (fund.code, fund.part_of)).collect(),
            apart: apart.map(|program| program.code).collect(),
        })
    }

    /// A fund and those it is a part of, from itself to the root.
    fn lineage(&self, fund: &Code) -> Vec<Code> {
        let mut lineage = vec![fund.clone()];
        // A fund has fewer funds above it than there are funds.
        for _ in 0..self.parents.len() {
            let parent = lineage.last().and_then(|fund| self.parents.get(fund));
            let Some(Some(parent)) = parent.cloned() else {
                break;
            };
            lineage.push(parent);
        }
        lineage
    }
}

/// One person, scope by scope, while they are added up.
#[derive(Default)]
struct Person {
    nets: BTreeMap<Scope, (i128, i128)>,
    roots: BTreeMap<Code, i128>,
}

impl Person {
    /// Adds what was given by `to`; before `from` it is what they stood at.
    fn add(&mut self, given: &Given, from: Option<NaiveDate>, scoping: &Scoping) {
        let amount = i128::from(given.amount.get());
        let mut scopes = vec![Scope::Program(given.program.clone())];
        if !scoping.apart.contains(&given.program) {
            scopes.push(Scope::All);
        }
        if let Some(fund) = &given.fund {
            let lineage = scoping.lineage(fund);
            if let Some(root) = lineage.last() {
                let net = self.roots.entry(root.clone()).or_default();
                *net = net.saturating_add(amount);
            }
            scopes.extend(lineage.into_iter().map(Scope::Fund));
        }
        for scope in scopes {
            let (before, after) = self.nets.entry(scope).or_default();
            if from.is_some_and(|from| given.on < from) {
                *before = before.saturating_add(amount);
            }
            *after = after.saturating_add(amount);
        }
    }

    fn count(self, reached: &mut Reached) {
        let mut programs = 0_u32;
        for (scope, (before, after)) in self.nets {
            programs += u32::from(after > 0 && matches!(scope, Scope::Program(_)));
            reached.scopes.entry(scope).or_default().add(before, after);
        }
        let funds = self.roots.values().filter(|net| **net > 0).count();
        reached.in_several_programs += i64::from(programs > 1);
        reached.in_several_funds += i64::from(funds > 1);
    }
}

/// Counts the people of a scope, in every scope that they are in, by the end of `to`; and, from
/// `from` on, who came and went. Only the asked scope is told whole; without one, everybody is
/// counted and every scope told whole.
///
/// # Errors
/// [`DbError`].
pub fn read(
    conn: &mut Conn,
    scope: Option<&Scope>,
    (from, to): (Option<NaiveDate>, NaiveDate),
) -> Result<Reached, DbError> {
    let scoping = Scoping::read(conn)?;
    let mut reached = Reached::default();
    let mut after = String::new();
    loop {
        let page = tallies::store::people_after(conn, scope, &after)?;
        let Some(last) = page.last() else { break };
        last.as_str().clone_into(&mut after);
        for history in tallies::store::whole_histories(conn, &page)? {
            let mut person = Person::default();
            for given in history.given.iter().filter(|given| given.on <= to) {
                person.add(given, from, &scoping);
            }
            person.count(&mut reached);
        }
    }
    Ok(reached)
}

/// How many people there were in each scope at the end of a day, by the sums of crossings.
///
/// # Errors
/// [`DbError`], [`MoneyError::Overflow`] as [`Broken`].
pub fn counted(
    conn: &mut Conn,
    scopes: Option<&[Scope]>,
    (day, today): (NaiveDate, NaiveDate),
) -> Result<Result<BTreeMap<String, i64>, MoneyError>, DbError> {
    let changes = until::read(&until::standing(day, today), |span, days| {
        tallies::store::people_counts(conn, scopes, span, days)
    })?;
    let counted = people(&changes).map(|counted| {
        let owned = counted.into_iter();
        owned.map(|(scope, n)| (scope.to_owned(), n)).collect()
    });
    Ok(counted)
}

/// Tells the people of a scope in a period.
///
/// # Errors
/// [`ReportError`].
pub fn in_period(
    conn: &mut Conn,
    scope: &Scope,
    days: Days,
    today: NaiveDate,
    suppress: bool,
) -> Result<PeopleInPeriod, ReportError> {
    let reach = read(conn, Some(scope), (Some(days.from), days.to))?.of(scope);
    let only = [scope.clone()];
    let mut at = |day| -> Result<i64, ReportError> {
        let counted = counted(conn, Some(&only), (day, today))?;
        let counted = counted.map_err(|error| Broken::from(error).in_report("people"))?;
        Ok(counted.get(&scope.to_string()).copied().unwrap_or(0))
    };
    let ends = (at(until::before(days.from))?, at(days.to)?);
    agrees(scope, reach, ends).map_err(|broken| broken.in_report("people"))?;
    Ok(PeopleInPeriod::of(days, reach, suppress))
}

/// The people counted from records against the sums of crossings, at the start and the end.
///
/// # Errors
/// [`Broken::Differs`].
pub fn agrees(scope: &Scope, reach: Reach, (start, end): (i64, i64)) -> Result<(), Broken> {
    let what = |when: &str| format!("people of {scope} {when}, by records and by crossings");
    checks::same(|| what("before the period"), reach.at_start, start)?;
    checks::same(|| what("at the end"), reach.at_end, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Won;
    use crate::reporting::sample::{code, day};

    fn given(program: &str, fund: &str, on: &str, amount: i64) -> Given {
        Given {
            program: code(program),
            fund: Code::stored_or_none(fund.to_owned()),
            on: day(on),
            amount: Won::new(amount),
        }
    }

    fn reached(people: &[&[Given]]) -> Reached {
        let parents = [("child", Some("parent")), ("parent", None), ("else", None)];
        let parents = parents.map(|(fund, parent)| (code(fund), parent.map(code)));
        let scoping = Scoping {
            parents: parents.into_iter().collect(),
            apart: BTreeSet::from([code("damages")]),
        };
        let mut reached = Reached::default();
        for history in people {
            let mut person = Person::default();
            for given in *history {
                person.add(given, Some(day("2022-09-01")), &scoping);
            }
            person.count(&mut reached);
        }
        reached
    }

    fn told(reach: Reach) -> [i64; 5] {
        [
            reach.at_start,
            reach.at_end,
            reach.new,
            reach.active,
            reach.left,
        ]
    }

    #[test]
    fn a_person_is_new_or_stayed_or_left_and_active_if_given_more_than_came_back() {
        let reached = reached(&[
            &[given("a1", "child", "2022-08-31", 5)],
            &[given("a1", "child", "2022-09-01", 5)],
            &[
                given("a1", "child", "2022-08-01", 5),
                given("a1", "child", "2022-09-02", -5),
            ],
            &[
                given("a1", "child", "2022-09-01", 5),
                given("a1", "child", "2022-09-02", -5),
            ],
            &[
                given("a1", "child", "2022-08-01", 5),
                given("a1", "child", "2022-09-02", 1),
            ],
        ]);
        for scope in [
            Scope::All,
            Scope::Program(code("a1")),
            Scope::Fund(code("parent")),
        ] {
            assert_eq!(told(reached.of(&scope)), [3, 3, 1, 2, 1], "{scope}");
        }
        assert_eq!(told(reached.of(&Scope::Fund(code("else")))), [0; 5]);
    }

    #[test]
    fn who_left_one_program_for_another_is_new_there_and_not_overall() {
        let reached = reached(&[&[
            given("a1", "child", "2022-08-01", 5),
            given("a1", "child", "2022-09-02", -5),
            given("a2", "parent", "2022-09-03", 5),
        ]]);
        assert_eq!(
            told(reached.of(&Scope::Program(code("a1")))),
            [1, 0, 0, 0, 1]
        );
        assert_eq!(
            told(reached.of(&Scope::Program(code("a2")))),
            [0, 1, 1, 1, 0]
        );
        assert_eq!(told(reached.of(&Scope::All)), [1, 1, 0, 0, 0]);
        assert_eq!(
            (reached.in_several_programs, reached.in_several_funds),
            (0, 0)
        );
    }

    #[test]
    fn whom_compensation_reached_is_among_all_people_only_by_what_they_were_given() {
        let reached = reached(&[
            &[given("damages", "", "2022-09-01", 5)],
            &[
                given("damages", "", "2022-08-01", 5),
                given("a1", "child", "2022-09-02", 5),
            ],
        ]);
        assert_eq!(
            told(reached.of(&Scope::Program(code("damages")))),
            [1, 2, 1, 1, 0]
        );
        assert_eq!(told(reached.of(&Scope::All)), [0, 1, 1, 1, 0]);
        assert_eq!(reached.in_several_programs, 1);
    }

    #[test]
    fn a_child_fund_and_its_parent_are_no_two_funds() {
        let one = [
            given("a1", "child", "2022-09-01", 5),
            given("a2", "parent", "2022-09-01", 5),
        ];
        let two = [
            given("a1", "child", "2022-09-01", 5),
            given("a1", "else", "2022-09-01", 5),
        ];
        let reached = reached(&[&one, &two]);
        assert_eq!(
            (reached.in_several_programs, reached.in_several_funds),
            (1, 1)
        );
    }

    #[test]
    fn one_small_number_hides_all_that_it_follows_from() {
        let days = Days {
            from: day("2022-09-01"),
            to: day("2022-09-30"),
        };
        let reach = Reach {
            at_start: 90,
            at_end: 94,
            new: 9,
            active: 20,
            left: 5,
        };
        let shown = |reach, suppress| PeopleInPeriod::of(days, reach, suppress);
        assert_eq!(shown(reach, true).new, Some(9));
        let small = Reach { left: 4, ..reach };
        assert_eq!(shown(small, false).left, Some(4));
        let hidden = shown(small, true);
        assert_eq!((hidden.new, hidden.active, hidden.left), (None, None, None));
        assert!(hidden.suppressed && hidden.at_end == 94);
    }
}
