//! The same from the command line.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::{HEADER, row};

fn run(dir: &Path, words: &[&str]) -> Output {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Command::new(env!("CARGO_BIN_EXE_sangsaeng"))
        .current_dir(dir)
        .env_clear()
        .env("PATH", path)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A folder with books in which an officer may record people.
fn books() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let words = ["user", "create", "--email", "o@x.kr", "--role", "officer"];
    assert!(run(dir.path(), &words).status.success());
    dir
}

const PEOPLE: &str = "유형,사업자등록번호,이름,지역\n소상공인,101-11-00013,상생상회,서울 종로구\n";

#[test]
fn a_file_is_recorded_without_a_server_and_its_faults_are_printed() {
    let dir = books();
    let file = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    file("good.csv", PEOPLE);
    file(
        "bad.csv",
        &format!("{PEOPLE}소상공인,101-11-00014,틀린 번호,서울 중구\n"),
    );
    file("none.csv", &format!("{HEADER}{}", row("a", "1", "a")));

    let dry = told(&run(
        dir.path(),
        &["import", "beneficiaries", "good.csv", "--dry-run"],
    ));
    assert_eq!(dry.0, 0, "{dry:?}");
    assert!(
        dry.1.contains("1 good") && dry.1.contains("dry run"),
        "{}",
        dry.1
    );
    let good = told(&run(dir.path(), &["import", "beneficiaries", "good.csv"]));
    assert_eq!(good.0, 0, "{good:?}");
    assert!(good.1.contains("1 were recorded as import"), "{}", good.1);
    let again = told(&run(dir.path(), &["import", "beneficiaries", "good.csv"]));
    assert_eq!(again.0, 1);
    assert!(
        again.2.contains("The same file stands as import"),
        "{}",
        again.2
    );

    let words = [
        "import",
        "beneficiaries",
        "bad.csv",
        "--faults",
        "marked.xlsx",
    ];
    let bad = told(&run(dir.path(), &words));
    assert_eq!(bad.0, 1);
    assert!(
        bad.2
            .contains("row 3 · 사업자등록번호 \"101-11-00014\" · bad_check_digit"),
        "{}",
        bad.2
    );
    assert!(bad.2.contains("Nothing was recorded"), "{}", bad.2);
    let sheet = std::fs::read(dir.path().join("marked.xlsx")).unwrap();
    assert!(sheet.starts_with(b"PK"));

    let korean = ["--lang", "ko", "import", "disbursements", "none.csv"];
    let none = told(&run(dir.path(), &korean));
    assert_eq!(none.0, 1);
    assert!(none.2.contains("1행: 올바름 0, 잘못됨 1"), "{}", none.2);
    assert!(run(dir.path(), &["verify"]).status.success());
}

#[test]
fn what_is_wrong_with_the_command_line_is_told() {
    let dir = books();
    std::fs::write(dir.path().join("a.csv"), PEOPLE).unwrap();
    for (words, told_of) in [
        (vec!["import", "funds", "a.csv"], "KIND is \"funds\""),
        (vec!["import", "sales", "missing.csv"], "cannot be opened"),
        (
            vec!["import", "contributions", "a.csv"],
            "Nobody may import contributions",
        ),
        (
            vec!["import", "beneficiaries", "a.csv", "--map", "x"],
            "--map is \"x\"",
        ),
        (
            vec!["import", "beneficiaries", "a.csv", "--user", "nobody@x.kr"],
            "nobody@x.kr is nobody who may",
        ),
    ] {
        let told = told(&run(dir.path(), &words));
        assert_eq!(told.0, 2, "{told:?}");
        assert!(told.2.contains(told_of), "{}", told.2);
    }
}
