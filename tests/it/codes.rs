//! Every code that the sources refuse with has its words in the catalogue, and the catalogue has
//! no words for a code that nobody uses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sangsaeng::http::catalogue::{faults, problems};

/// What makes the refusal of a request as a whole; a code is the last name among its arguments.
const PROBLEMS: [&str; 3] = ["rule", "short", "Unavailable"];

/// What makes the fault of a field.
const FAULTS: [&str; 5] = [
    "field",
    "fault",
    "FieldFault::new",
    "Faults::one",
    "faults.add",
];

/// Codes of computations, which no request is answered with.
const NEVER_SENT: [&str; 2] = ["no_weights", "overflow"];

/// The sources of the program without their tests, by path.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap();
                found.insert(path.display().to_string(), code.to_owned());
            }
        }
    }
    found.retain(|path, _| !path.contains("/http/catalogue/"));
    found
}

/// The names that stand in quotes. What stands between two texts is never a name.
fn names(code: &str) -> impl Iterator<Item = &str> {
    let quoted = code
        .split_once('"')
        .and_then(|(_, rest)| rest.rsplit_once('"'));
    quoted
        .map_or("", |(texts, _)| texts)
        .split('"')
        .filter(|text| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        })
}

/// What stands between an opening bracket, which `code` comes after, and the one that closes it.
fn inside(code: &str, open: char, close: char) -> &str {
    let mut depth = 1;
    let end = code.find(|character| {
        depth += i32::from(character == open) - i32::from(character == close);
        depth == 0
    });
    code.split_at(end.unwrap_or(code.len())).0
}

/// The codes that calls of this function are given.
fn given_to<'a>(function: &str, code: &'a str) -> Vec<&'a str> {
    let call = format!("{function}(");
    let calls = code.match_indices(&call).filter_map(|(at, _)| {
        let (before, call) = code.split_at(at);
        // Neither the end of another name nor a method of something else.
        let whole = !before.ends_with(|end: char| end.is_alphanumeric() || "._".contains(end));
        call.split_once('(').filter(|_| whole)
    });
    calls
        .filter_map(|(_, rest)| names(inside(rest, '(', ')')).last())
        .collect()
}

/// The codes that functions tell which answer with nothing but a code.
fn told_by_functions(code: &str) -> Vec<&str> {
    let functions = code.split("fn ").skip(1).filter_map(|function| {
        let (head, body) = function.split_once('{')?;
        let name = head.split('(').next()?;
        let tells = name.contains("code") && head.contains("&'static str")
            || head.contains("Result<(), &'static str>");
        tells.then(|| inside(body, '{', '}'))
    });
    let chosen = code
        .split("let code = ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next());
    functions.chain(chosen).flat_map(names).collect()
}

#[test]
fn every_code_has_its_words() {
    let problems: BTreeSet<&str> = problems().map(|row| row.code).collect();
    let faults: BTreeSet<&str> = faults().map(|fault| fault.code).collect();
    let (mut seen, mut wordless) = (BTreeSet::new(), Vec::new());
    let sources = sources();
    for (path, code) in &sources {
        let of = |functions: &[&str]| -> Vec<&str> {
            functions
                .iter()
                .flat_map(|function| given_to(function, code))
                .collect()
        };
        let mut found = Vec::new();
        found.extend(
            of(&PROBLEMS)
                .into_iter()
                .map(|code| (code, problems.contains(code))),
        );
        found.extend(
            of(&FAULTS)
                .into_iter()
                .map(|code| (code, faults.contains(code))),
        );
        let told = told_by_functions(code).into_iter();
        found.extend(told.map(|code| (code, problems.contains(code) || faults.contains(code))));
        for (code, has_words) in found {
            seen.insert(code);
            if !has_words && !NEVER_SENT.contains(&code) {
                wordless.push(format!("{path}: {code}"));
            }
        }
    }
    assert!(wordless.is_empty(), "{}", wordless.join("\n"));
    assert!(seen.len() > 90, "only {} codes were found", seen.len());
}

#[test]
fn every_word_has_its_code() {
    let sources = sources();
    let used: BTreeSet<&str> = sources.values().flat_map(|code| names(code)).collect();
    let known = problems()
        .map(|row| row.code)
        .chain(faults().map(|fault| fault.code));
    let unused: Vec<&str> = known.filter(|code| !used.contains(code)).collect();
    assert_eq!(unused, Vec::<&str>::new());
}
