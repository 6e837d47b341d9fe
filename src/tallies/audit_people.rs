//! The audit of distinct people: what each one stands at, and how many there are.
//!
//! People are read in pages with all that they were approved and gave back. A person counts in a
//! scope while the sum of it, at the end of a day, is above zero. Whom compensation reached counts
//! in its own program alone.
//!
//! Memory: a page of people with their histories, and the crossings by scope and day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::audit::length;
use super::audit_store::{self, GivenRow, StandingRow};
use super::people::Scope;
use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::difference::{Findings, Sides};
use crate::ledger::Span;

/// What a person was given in one scope, by day.
type Net = BTreeMap<NaiveDate, i128>;
/// How the number of people in a scope changed, by day.
type Crossings = BTreeMap<(String, NaiveDate), i128>;

/// Compares what people stand at, and how many there are, with what they were approved and gave
/// back; returns how many people and sums there are. Who counts under somebody else, by `survivors`,
/// is taken for that one from the first day on. `progress` is told of each page's people.
///
/// # Errors
/// [`DbError`] when a statement fails.
pub fn verify(
    conn: &mut Conn,
    survivors: &HashMap<String, String>,
    findings: &mut Findings,
    progress: &mut dyn FnMut(u64),
) -> Result<(u64, u64), DbError> {
    let parents: HashMap<String, Option<String>> =
        audit_store::parents(conn)?.into_iter().collect();
    let scopes = audit_store::scopes(conn)?;
    let apart = audit_store::compensation_programs(conn)?;
    let (mut crossings, mut people, mut sums) = (Crossings::new(), 0_u64, 0_u64);
    let mut after = Some(String::new());
    while let Some(from) = after {
        let page = audit_store::people(conn, &from)?;
        // The page after the last takes in standings of people that there are not.
        after = page.last().cloned();
        let mut nets: HashMap<(String, String), Net> = HashMap::new();
        for mut row in audit_store::given(conn, &counted(&page, survivors))? {
            if let Some(survivor) = row.person.as_ref().and_then(|id| survivors.get(id)) {
                row.person = Some(survivor.clone());
            }
            give(row, &parents, &apart, &mut nets);
        }
        let stored = audit_store::standings(conn, &scopes, &from, after.as_deref())?;
        compare_standings(&nets, stored, findings);
        for ((scope, _), net) in nets {
            cross(&scope, &net, &mut crossings);
        }
        people = people.saturating_add(length(&page));
        progress(length(&page));
    }
    for span in Span::ALL {
        let stored = audit_store::counts(conn, span.number())?;
        sums = sums.saturating_add(length(&stored));
        compare_counts(span, &crossings, stored, findings);
    }
    Ok((people, sums))
}

/// Whose records a page of people is counted by: those who count for themselves, and those who
/// count under one of them.
fn counted(page: &[String], survivors: &HashMap<String, String>) -> Vec<String> {
    let own = page.iter().filter(|id| !survivors.contains_key(*id));
    let merged = survivors.iter();
    let merged = merged.filter(|(_, survivor)| page.binary_search(survivor).is_ok());
    own.chain(merged.map(|(id, _)| id)).cloned().collect()
}

/// Adds what a person was given to every scope that it falls into.
fn give(
    row: GivenRow,
    parents: &HashMap<String, Option<String>>,
    apart: &BTreeSet<String>,
    nets: &mut HashMap<(String, String), Net>,
) {
    let (Some(person), Some(amount)) = (row.person, row.amount) else {
        return;
    };
    let sign = if row.verb == "approve" { 1 } else { -1 };
    let amount = i128::from(amount).saturating_mul(sign);
    let mut scopes = Vec::new();
    if !apart.contains(&row.program) {
        scopes.push(Scope::All);
    }
    scopes.push(Scope::Program(Code::stored(row.program)));
    let mut fund = Code::stored_or_none(row.fund);
    // A fund has fewer funds above it than there are funds, even where they were made a ring.
    for _ in 0..parents.len() {
        let Some(code) = fund else { break };
        fund = parents
            .get(code.as_str())
            .cloned()
            .flatten()
            .map(Code::stored);
        scopes.push(Scope::Fund(code));
    }
    for scope in scopes {
        let net = nets.entry((scope.to_string(), person.clone())).or_default();
        let day = net.entry(row.on).or_default();
        *day = day.saturating_add(amount);
    }
}

fn compare_standings(
    nets: &HashMap<(String, String), Net>,
    stored: Vec<StandingRow>,
    findings: &mut Findings,
) {
    let mut missing: BTreeMap<(&str, &str), &Net> = nets
        .iter()
        .map(|((scope, person), net)| ((&**scope, &**person), net))
        .collect();
    let nothing = Net::new();
    for row in &stored {
        let net = missing
            .remove(&(row.scope.as_str(), row.person.as_str()))
            .unwrap_or(&nothing);
        let place = format!("{} {}", row.scope, row.person);
        findings.compare("standing", &place, total(net), i128::from(row.net));
        if let Some((last_on, _)) = net
            .last_key_value()
            .filter(|(last, _)| **last > row.last_on)
        {
            let not_before = format!("{last_on} or later");
            findings.differ("standing", &place, not_before, row.last_on);
        }
        if let Some(since) = row.since {
            let one = BTreeMap::from([(since, 1)]);
            if crossings(net) != one {
                findings.differ("standing", &place, "more days than one", since);
            }
        }
    }
    for ((scope, person), net) in missing {
        findings.differ(
            "standing",
            format_args!("{scope} {person}"),
            total(net),
            "no row",
        );
    }
}

fn total(net: &Net) -> i128 {
    net.values()
        .fold(0, |sum, amount| sum.saturating_add(*amount))
}

/// Notes the days at whose end a person begins or ceases to stand above zero.
fn cross(scope: &str, net: &Net, all: &mut Crossings) {
    for (on, people) in crossings(net) {
        let change = all.entry((scope.to_owned(), on)).or_default();
        *change = change.saturating_add(people);
    }
}

/// The days at whose end a person begins (1) or ceases (-1) to stand above zero.
fn crossings(net: &Net) -> BTreeMap<NaiveDate, i128> {
    let (mut sum, mut counted, mut found) = (0_i128, false, BTreeMap::new());
    for (on, amount) in net {
        sum = sum.saturating_add(*amount);
        if (sum > 0) != counted {
            counted = sum > 0;
            found.insert(*on, if counted { 1 } else { -1 });
        }
    }
    found
}

fn compare_counts(
    span: Span,
    crossings: &Crossings,
    stored: Vec<(String, NaiveDate, i64)>,
    findings: &mut Findings,
) {
    let mut sides: Sides<(String, NaiveDate), i128> = Sides::default();
    for ((scope, on), people) in crossings {
        let sum = sides.expected((scope.clone(), span.starts_on(*on)));
        *sum = sum.saturating_add(*people);
    }
    for (scope, starts_on, people) in stored {
        *sides.found((scope, starts_on)) = i128::from(people);
    }
    for ((scope, starts_on), expected, found) in sides.differing() {
        let place = format!("{scope} {starts_on} {span:?}");
        findings.differ("people_count", place, expected, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 8, n).unwrap()
    }

    fn codes(findings: &Findings) -> Vec<(&'static str, String)> {
        let kept = findings.kept().iter();
        kept.map(|d| (d.what, format!("{} {}", d.expected, d.found)))
            .collect()
    }

    /// What was given out of a fund whose root was made its own parent.
    fn nets(given: &[(&str, u32, i64)]) -> HashMap<(String, String), Net> {
        let parents = [("child", "root"), ("root", "root")];
        let parents = parents.map(|(fund, parent)| (fund.to_owned(), Some(parent.to_owned())));
        let parents = HashMap::from(parents);
        let mut nets = HashMap::new();
        for (verb, on, amount) in given {
            let row = GivenRow {
                person: Some("person".to_owned()),
                program: "program".to_owned(),
                fund: "child".to_owned(),
                verb: (*verb).to_owned(),
                on: day(*on),
                amount: Some(*amount),
            };
            give(row, &parents, &BTreeSet::new(), &mut nets);
        }
        nets
    }

    #[test]
    fn whom_compensation_reached_counts_in_its_program_alone() {
        let row = GivenRow {
            person: Some("person".to_owned()),
            program: "damages".to_owned(),
            fund: String::new(),
            verb: "approve".to_owned(),
            on: day(3),
            amount: Some(5),
        };
        let (apart, mut nets) = (BTreeSet::from(["damages".to_owned()]), HashMap::new());
        give(row, &HashMap::new(), &apart, &mut nets);
        let scopes: Vec<&str> = nets.keys().map(|(scope, _)| scope.as_str()).collect();
        assert_eq!(scopes, ["program:damages"]);
    }

    #[test]
    fn a_person_stands_in_every_scope_at_what_is_left() {
        let nets = nets(&[("approve", 3, 5), ("cancel", 9, 2)]);
        let standing = |scope: &str, net| StandingRow {
            scope: scope.to_owned(),
            person: "person".to_owned(),
            net,
            last_on: day(9),
            since: (net > 0).then(|| day(3)),
        };
        let scopes = ["all", "fund:child", "fund:root", "program:program"];
        let mut stored: Vec<StandingRow> = scopes.map(|scope| standing(scope, 3)).into();
        stored.push(standing("fund:other", 0));
        let mut findings = Findings::default();
        compare_standings(&nets, stored, &mut findings);
        assert_eq!(codes(&findings), []);
        let late = vec![StandingRow {
            last_on: day(8),
            since: Some(day(4)),
            ..standing("all", 4)
        }];
        compare_standings(&nets, late, &mut findings);
        let found: Vec<String> = codes(&findings)
            .into_iter()
            .map(|(_, sides)| sides)
            .collect();
        assert!(found.contains(&"3 4".to_owned()), "{found:?}");
        assert!(
            found.contains(&"2022-08-09 or later 2022-08-08".to_owned()),
            "{found:?}"
        );
        assert!(
            found.contains(&"more days than one 2022-08-04".to_owned()),
            "{found:?}"
        );
        assert!(found.contains(&"3 no row".to_owned()), "{found:?}");
    }

    #[test]
    fn people_are_counted_by_what_they_stand_at_in_the_evening() {
        let given = [
            ("approve", 3, 5),
            ("refund", 9, 5),
            ("approve", 9, 1),
            ("cancel", 20, 1),
        ];
        let mut crossings = Crossings::new();
        for ((scope, _), net) in nets(&given) {
            cross(&scope, &net, &mut crossings);
        }
        let days: Vec<_> = crossings
            .iter()
            .filter(|((scope, _), _)| scope == "all")
            .map(|((_, on), people)| (*on, *people))
            .collect();
        assert_eq!(days, [(day(3), 1), (day(20), -1)]);
        let mut findings = Findings::default();
        crossings.retain(|(scope, _), _| scope == "all");
        compare_counts(Span::Ever, &crossings, Vec::new(), &mut findings);
        assert_eq!(codes(&findings), []);
        let stored = vec![("all".to_owned(), day(1), 1)];
        compare_counts(Span::Month, &crossings, stored, &mut findings);
        assert_eq!(codes(&findings), [("people_count", "0 1".to_owned())]);
    }
}
