//! `docs/SECURITY.md` says what is there: every test that it names exists, every requirement of the
//! list has a row, and no row is without an answer.

use std::collections::{BTreeMap, BTreeSet};

use sangsaeng::TextEnum;
use sangsaeng::access::{Right, Role};
use sangsaeng::http::catalogue::{faults, problems};

use crate::structure::files;

const PAGE: &str = include_str!("../../docs/SECURITY.md");

/// The requirements of ASVS 5.0 that the page has to answer, by section.
const ASVS: &str = "\
    1.1:1-2 1.2:1-5,9,10 1.3:3,6 1.4:2 1.5:1-3 2.2:1-3 2.3:1-5 2.4:1 3.2:1 3.4:1-6 3.5:1-3 \
    4.1:1,3,4 4.2:1,2 5.1:1 5.2:1-5 5.3:2,3 5.4:1-2 6.1:1 6.2:1-5,8-12 6.3:1-4,8 6.4:1,6 6.5:1-5 \
    7.1:1-2 7.2:1-4 7.3:1-2 7.4:1-3,5 7.5:1 8.1:1-2 8.2:1-3 8.3:1,2 8.4:1 9.1:1-3 9.2:1-4 \
    10.3:1-3 10.4:4,10-11 11.1:2 11.2:1-3 11.3:1-4 11.4:1-4 11.5:1 12.1:1-3 12.2:1-2 12.3:1-4 \
    13.1:1,2 13.2:1-5 13.3:1-2 13.4:1-6 14.1:1-2 14.2:1-4,6-7 14.3:2 15.1:1-3 15.2:1-3 15.3:1-5,7 \
    15.4:1-3 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-4";

/// The rows of its tables, as their cells.
fn rows() -> Vec<Vec<&'static str>> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| "));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// Whether it is a letter of a defence with its number.
fn is_defence(word: &str) -> bool {
    word.split_at_checked(1).is_some_and(|(letter, number)| {
        let capital = letter.bytes().all(|byte| byte.is_ascii_uppercase());
        capital && number.parse::<u32>().is_ok()
    })
}

/// The defences with their tests.
fn defences() -> BTreeMap<&'static str, Vec<&'static str>> {
    let rows = rows();
    let defences = rows.iter().filter(|row| is_defence(row[0]));
    let tests = |row: &Vec<&'static str>| row[2].split('`').skip(1).step_by(2).collect();
    defences.map(|row| (row[0], tests(row))).collect()
}

#[test]
fn every_defence_has_a_test_and_the_test_is_there() {
    let mut sources: BTreeMap<String, String> = files("src").into_iter().collect();
    sources.extend(files("tests/it"));
    let defences = defences();
    assert!(defences.len() > 60, "{}", defences.len());
    let (mut missing, mut named) = (Vec::new(), BTreeSet::new());
    for (defence, tests) in &defences {
        assert!(!tests.is_empty(), "{defence} has no test");
        for test in tests {
            let (file, function) = test.split_once("::").unwrap();
            let path = if file.starts_with("src/") {
                format!("{file}.rs")
            } else {
                format!("tests/it/{file}.rs")
            };
            let text = sources.get(&path).map_or("", String::as_str);
            let declared = text.split(&format!("fn {function}(")).next();
            // Its attribute stands on one of the lines before it.
            let marked = declared
                .filter(|before| before.len() < text.len())
                .and_then(|before| before.rsplit_once("test]"))
                .is_some_and(|(_, between)| !between.contains("fn "));
            if !marked {
                missing.push(format!("{defence}: {test}"));
            }
            named.insert(*test);
        }
    }
    assert_eq!(missing, [""; 0]);
    assert!(named.len() > 100, "{}", named.len());
}

#[test]
fn every_requirement_is_met_by_a_defence_or_says_why_not() {
    let known = defences();
    let rows = rows();
    let answered = rows.iter().filter(|row| {
        let of_asvs = row[0].strip_prefix('V').is_some_and(|id| id.contains('.'));
        of_asvs || row[0].starts_with("API")
    });
    let mut wanting = Vec::new();
    for row in answered {
        let answer = row.last().unwrap();
        let words = answer.split([' ', ',', ';', ':']);
        let cited: Vec<&str> = words.filter(|word| is_defence(word)).collect();
        let unknown = cited.iter().any(|word| !known.contains_key(word));
        let told = ["not applicable: ", "open: ", "see ", "deny.toml"]
            .iter()
            .any(|start| answer.contains(start));
        if unknown || (cited.is_empty() && !told) {
            wanting.push(format!("{}: {answer}", row[0]));
        }
    }
    assert_eq!(wanting, [""; 0]);
}

#[test]
fn the_page_of_the_api_tells_the_rights_of_each_role_and_every_code() {
    let page = include_str!("../../docs/API.md");
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells
            .map(|cell| cell.trim().trim_matches('`').to_owned())
            .collect()
    };
    let table = page.split("| right | `").nth(1).unwrap();
    let roles = cells(&format!("| right | `{}", table.lines().next().unwrap()));
    let mut told = 0;
    for line in table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with("| `"))
    {
        let row = cells(line);
        let right = Right::from_name(&row[0]).unwrap_or_else(|| panic!("{}", row[0]));
        for (role, cell) in roles.iter().zip(&row).skip(1) {
            let role = Role::from_name(role).unwrap();
            assert_eq!(right.granted_to(&[role]), cell == "●", "{right} of {role}");
        }
        told += 1;
    }
    assert_eq!(told, Right::ALL.len());
    let codes = problems().map(|row| row.code);
    let codes = codes.chain(faults().map(|fault| fault.code));
    let missing: Vec<&str> = codes
        .filter(|code| !page.contains(&format!("\n| `{code}` |")))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_requirement_of_the_list_has_one_row() {
    let mut expected = BTreeSet::new();
    for section in ASVS.split_whitespace() {
        let (section, numbers) = section.split_once(':').unwrap();
        for run in numbers.split(',') {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
            expected.extend((first..=last).map(|number| format!("V{section}.{number}")));
        }
    }
    let rows = rows();
    let told = rows.iter().filter(|row| {
        let id = row[0].strip_prefix('V');
        id.is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit()))
    });
    let told: Vec<String> = told.map(|row| row[0].to_owned()).collect();
    let once: BTreeSet<String> = told.iter().cloned().collect();
    assert_eq!(once.len(), told.len(), "a requirement is there twice");
    assert_eq!(once, expected);
    assert_eq!(
        rows.iter().filter(|row| row[0].starts_with("API")).count(),
        10
    );
}
