//! The program as an operator types it: what it prints, and the code it leaves with.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use diesel::connection::SimpleConnection;
use sangsaeng::db::{Conn, Url, Use};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::scrape::Scrape;

/// The program in a folder of its own, with nothing of the environment but the search path.
fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sangsaeng"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.current_dir(dir).env_clear().env("PATH", path);
    command
}

fn run(dir: &Path, words: &[&str]) -> Output {
    program(dir)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn hangul(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

/// Makes a user, and with it the database and its keys.
pub fn create_user(dir: &Path, email: &str, password: &str) -> Output {
    let words = [
        "user",
        "create",
        "--email",
        email,
        "--role",
        "admin",
        "--password-stdin",
    ];
    let mut child = program(dir)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(password.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// An address that nobody listens on.
pub fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// A server that is ended when the test is.
pub struct Server {
    pub child: Child,
    pub address: String,
}

impl Server {
    fn start(dir: &Path) -> Self {
        Self::start_with(dir, &[], &[])
    }

    pub fn start_with(dir: &Path, more: &[&str], environment: &[(&str, &str)]) -> Self {
        let address = free_address();
        let mut child = program(dir)
            .args(["serve", "--listen", &address])
            .args(more)
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It says where it serves once it listens.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let serving = lines.any(|line| line.is_ok_and(|line| line.contains("Serving on")));
        assert!(serving, "the server did not start");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let url = format!("http://{}{path}", self.address);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let request = agent.post(url).header("content-type", "application/json");
        let mut response = request.send(body).unwrap();
        let status = response.status().as_u16();
        (
            status,
            serde_json::from_slice(&response.body_mut().read_to_vec().unwrap()).unwrap(),
        )
    }

    /// Tells it to stop and waits until it has.
    pub fn terminate(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn help_comes_in_the_language_that_is_asked_for() {
    let dir = folder();
    let english = run(dir.path(), &["--help"]);
    assert_eq!(code(&english), 0);
    assert!(out(&english).contains("Usage:") && !hangul(&out(&english)));
    let korean = out(&run(dir.path(), &["--lang", "ko", "report", "--help"]));
    assert!(korean.contains("사용법:"), "{korean}");
    for word in ["Usage", "Options", "Arguments", "Print"] {
        assert!(!korean.contains(word), "{word} in {korean}");
    }
}

#[test]
fn a_wrong_command_line_leaves_with_2_and_says_what_to_do() {
    let dir = folder();
    for words in [
        vec!["fly"],
        vec![],
        vec!["report", "overview", "--as-of", "2022-13-01"],
    ] {
        let output = run(dir.path(), &words);
        assert_eq!(code(&output), 2, "{words:?}");
        assert!(!err(&output).is_empty());
    }
    let korean = run(dir.path(), &["--lang", "ko", "fly"]);
    assert_eq!(code(&korean), 2);
    assert!(
        hangul(&err(&korean)) && !err(&korean).contains("error"),
        "{}",
        err(&korean)
    );
}

#[test]
fn a_wrong_setting_is_named_before_anything_starts() {
    let dir = folder();
    for (name, value) in [
        ("DATABASE_URL", "mysql://here"),
        ("SANGSAENG_LISTEN", "nowhere"),
        ("SANGSAENG_METRICS_LISTEN", "9464"),
        ("SANGSAENG_LANG", "fr"),
        ("SANGSAENG_LOG", "a=b=c"),
    ] {
        let output = program(dir.path())
            .arg("serve")
            .env(name, value)
            .output()
            .unwrap();
        assert_eq!(code(&output), 2, "{name}");
        assert!(err(&output).contains(name), "{name}: {}", err(&output));
    }
    std::fs::write(dir.path().join("sangsaeng.toml"), "colour = \"red\"\n").unwrap();
    let output = run(dir.path(), &["migrate"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("sangsaeng.toml"));
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        1,
        "nothing was made"
    );
}

#[test]
fn migrating_twice_changes_nothing_the_second_time() {
    let dir = folder();
    let first = run(dir.path(), &["migrate"]);
    assert_eq!(
        (code(&first), out(&first).contains("migrations")),
        (0, true)
    );
    let second = run(dir.path(), &["migrate"]);
    assert_eq!(
        (code(&second), out(&second).as_str()),
        (0, "The schema is up to date.\n")
    );
}

#[test]
fn keys_are_never_made_over_old_ones_and_never_read_when_others_can() {
    let dir = folder();
    assert_eq!(code(&run(dir.path(), &["keys", "init", "keys"])), 0);
    let again = run(dir.path(), &["keys", "init", "keys"]);
    assert_eq!(code(&again), 2);
    let key = dir.path().join("keys/token-signing.key");
    let mut rights = std::fs::metadata(&key).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o644);
    std::fs::set_permissions(&key, rights).unwrap();
    let serve = run(
        dir.path(),
        &["serve", "--key-dir", "keys", "--listen", "127.0.0.1:0"],
    );
    assert_eq!(code(&serve), 2);
    assert!(err(&serve).contains("token-signing.key"), "{}", err(&serve));
}

#[test]
fn the_first_user_needs_no_server_and_can_sign_in_to_one() {
    let dir = folder();
    let made = create_user(dir.path(), "first@test.example", "three blue mandarins");
    assert_eq!(code(&made), 0, "{}", err(&made));
    let server = Server::start(dir.path());
    let beside = create_user(dir.path(), "second@test.example", "four green mandarins");
    assert_eq!(code(&beside), 0, "{}", err(&beside));
    for (email, password) in [
        ("first@test.example", "three blue mandarins"),
        ("second@test.example", "four green mandarins"),
    ] {
        let body = format!("{{\"email\":\"{email}\",\"password\":\"{password}\"}}");
        let (status, session) = server.post("/v1/auth/login", &body);
        assert_eq!(
            (status, session["token_type"].as_str()),
            (200, Some("Bearer"))
        );
    }
    let second = run(dir.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&second), 1, "a second server on one file is refused");
    assert!(err(&second).contains("Another server"), "{}", err(&second));
    assert_eq!(server.terminate(), 0);
    let verify = run(dir.path(), &["verify"]);
    assert_eq!(
        (code(&verify), out(&verify).contains(" 0 differences")),
        (0, true)
    );
}

#[test]
fn metrics_are_told_on_a_listener_of_their_own_and_only_where_it_is_named() {
    let dir = folder();
    create_user(dir.path(), "first@test.example", "three blue mandarins");
    let metrics = free_address();
    let server = Server::start_with(dir.path(), &["--metrics-listen", &metrics], &[]);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let get = |address: &str, path: &str| agent.get(format!("http://{address}{path}")).call();
    let mut told = get(&metrics, "/metrics").unwrap();
    let kind = told.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = told.body_mut().read_to_string().unwrap();
    let scrape = Scrape::read(&text);
    let build = "sangsaeng_build_info{version=\"0.1.0\"}";
    assert_eq!(scrape.count(build), 1, "{text}");
    assert!(scrape.count("process_start_time_seconds") > 1_700_000_000);
    assert_eq!(get(&metrics, "/livez").unwrap().status(), 404);
    assert_eq!(get(&server.address, "/metrics").unwrap().status(), 404);
    assert_eq!(server.terminate(), 0);
}

#[test]
fn a_user_that_is_there_and_a_weak_password_are_refused() {
    let dir = folder();
    assert_eq!(
        code(&create_user(
            dir.path(),
            "a@test.example",
            "three blue mandarins"
        )),
        0
    );
    let twice = create_user(dir.path(), "A@test.example", "three blue mandarins");
    assert_eq!(code(&twice), 2);
    assert!(err(&twice).contains("already"), "{}", err(&twice));
    assert_eq!(code(&create_user(dir.path(), "b@test.example", "short")), 2);
    let partner = [
        "user",
        "create",
        "--email",
        "c@test.example",
        "--role",
        "partner",
    ];
    assert_eq!(code(&run(dir.path(), &partner)), 2);
}

#[test]
fn a_password_that_was_not_given_is_made_and_shown_once() {
    let dir = folder();
    let made = run(
        dir.path(),
        &[
            "user",
            "create",
            "--email",
            "a@test.example",
            "--role",
            "viewer",
        ],
    );
    assert_eq!(code(&made), 0);
    assert!(
        out(&made).contains("Password, shown once: "),
        "{}",
        out(&made)
    );
}

#[test]
fn reports_are_printed_without_a_server() {
    let dir = folder();
    assert_eq!(
        code(&run(dir.path(), &["report", "overview"])),
        2,
        "there is no database"
    );
    assert_eq!(
        code(&create_user(
            dir.path(),
            "a@test.example",
            "three blue mandarins"
        )),
        0
    );
    let overview = run(dir.path(), &["report", "overview", "--as-of", "2022-11-03"]);
    let report: Value = serde_json::from_slice(&overview.stdout).unwrap();
    assert_eq!(
        (&report["as_of"], &report["funds"]),
        (&"2022-11-03".into(), &Value::Array(vec![]))
    );
    let claims = run(dir.path(), &["report", "claims", "--as-of", "2022-11-03"]);
    let claims: Value = serde_json::from_slice(&claims.stdout).unwrap();
    assert_eq!(
        (&claims["total"], &claims["claims"]),
        (&0.into(), &Value::Array(vec![]))
    );
    let file = ["report", "series", "--metric", "paid", "-o", "series.json"];
    assert_eq!(code(&run(dir.path(), &file)), 0);
    assert!(dir.path().join("series.json").exists());
    for words in [
        vec!["report", "fund", "nobody"],
        vec!["report", "fund"],
        vec!["report", "series", "--metric", "happiness"],
    ] {
        assert_eq!(code(&run(dir.path(), &words)), 2, "{words:?}");
    }
}

#[test]
fn altered_books_are_found_and_the_place_is_named() {
    let dir = folder();
    assert_eq!(
        code(&create_user(
            dir.path(),
            "a@test.example",
            "three blue mandarins"
        )),
        0
    );
    let url = Url::parse(&format!("sqlite://{}/sangsaeng.db", dir.path().display())).unwrap();
    let mut conn = Conn::open(&url, Use::Write).unwrap();
    let alter =
        "DROP TRIGGER events_keep_update; UPDATE events SET actor = 'nobody' WHERE sequence = 1;";
    conn.batch_execute(alter).unwrap();
    drop(conn);
    let verify = run(dir.path(), &["verify"]);
    assert_eq!(code(&verify), 3);
    assert!(
        err(&verify).contains("leaf") && err(&verify).contains("house"),
        "{}",
        err(&verify)
    );
    let korean = err(&run(dir.path(), &["--lang", "ko", "verify"]));
    assert!(hangul(&korean), "{korean}");
}

#[test]
fn the_demo_never_writes_over_books_that_were_named() {
    let dir = folder();
    assert_eq!(
        code(&create_user(
            dir.path(),
            "a@test.example",
            "three blue mandarins"
        )),
        0
    );
    let words = [
        "demo",
        "--no-serve",
        "--database-url",
        "sqlite://sangsaeng.db",
    ];
    let demo = run(dir.path(), &words);
    assert_eq!(code(&demo), 2, "{}", err(&demo));
    assert_eq!(code(&run(dir.path(), &["verify"])), 0);
}

#[test]
fn the_document_is_printed() {
    let printed = run(folder().path(), &["openapi"]);
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}
