//! The program as an operator starts it.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use diesel::connection::SimpleConnection;
use sangsaeng::access::keys::KeyRing;
use sangsaeng::db::{Conn, Url, Use};
use serde_json::Value;
use tempfile::TempDir;

use super::cluster::{self, Database};

/// A folder to work in, and what the program finds in its environment: nothing but the search
/// path and, on PostgreSQL, an empty database and keys.
pub struct Desk {
    dir: TempDir,
    keys: TempDir,
    database: Option<Database>,
    environment: Vec<(&'static str, OsString)>,
}

impl Desk {
    /// An empty folder, on the engine that the run is for.
    pub fn new() -> Self {
        let desk = Self {
            dir: tempfile::tempdir().unwrap(),
            keys: tempfile::tempdir().unwrap(),
            database: cluster::is_asked_for().then(|| Database::new(None)),
            environment: Vec::new(),
        };
        let Some(database) = &desk.database else {
            return desk;
        };
        let url = text(&database.url());
        let keys = desk.keys.path().join("keys");
        KeyRing::create(&keys).unwrap();
        desk.with("DATABASE_URL", url)
            .with("SANGSAENG_KEY_DIR", keys)
    }

    /// The same, with something else in the environment.
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.into()));
        self
    }

    /// The same, with something missing from the environment.
    pub fn without(mut self, name: &str) -> Self {
        self.environment.retain(|(known, _)| *known != name);
        self
    }

    /// Where one works.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Where the keys are, in a run on a server.
    pub fn keys(&self) -> std::path::PathBuf {
        self.keys.path().join("keys")
    }

    /// The database of the run's cluster; nothing in a run on the embedded engine.
    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// Where the books are, for the owner of their tables.
    pub fn owner(&self) -> Url {
        self.database().map_or_else(
            || Url::Sqlite(format!("{}/sangsaeng.db", self.path().display())),
            Database::url,
        )
    }

    /// Changes the database past the program, as nobody should.
    pub fn behind(&self, sql: &str) {
        let mut conn = Conn::open(&self.owner(), Use::Write).unwrap();
        conn.batch_execute(sql).unwrap();
    }

    /// The same books, for another role of the cluster.
    pub fn of_role(self, role: &str, parameters: &str) -> Self {
        let url = self.database().unwrap().url_of(role, parameters);
        self.with("DATABASE_URL", text(&url))
    }

    /// The program, about to start.
    pub fn program(&self) -> Command {
        let mut command = program(self.path());
        command.envs(self.environment.iter().cloned());
        command
    }

    /// What the program says and leaves with.
    pub fn run(&self, words: &[&str]) -> Output {
        self.program()
            .args(words)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Makes a user, and with it what is not there yet of the schema and of an embedded
    /// database's keys.
    pub fn create_user(&self, email: &str, password: &str) -> Output {
        let words = ["user", "create", "--email", email, "--role", "admin"];
        let mut child = self
            .program()
            .args(words)
            .arg("--password-stdin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(password.as_bytes()).unwrap();
        drop(input);
        child.wait_with_output().unwrap()
    }
}

/// The program in a folder, with nothing of the environment but the search path.
pub fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sangsaeng"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.current_dir(dir).env_clear().env("PATH", path);
    command
}

fn text(url: &Url) -> OsString {
    match url {
        Url::Postgres(server) => server.url().into(),
        Url::Sqlite(path) => path.into(),
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub fn hangul(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

/// An address that nobody listens on.
pub fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// A server that is ended when the test is.
pub struct Server {
    /// What it said until it served.
    pub said: Vec<String>,
    /// Where it answers.
    pub address: String,
    child: Child,
}

impl Server {
    /// Starts one and waits until it serves.
    pub fn start(desk: &Desk, words: &[&str]) -> Self {
        let address = free_address();
        let child = desk
            .program()
            .args(["serve", "--listen", &address])
            .args(words)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self {
            said: Vec::new(),
            child,
            address,
        };
        server.wait_until_it_answers();
        server
    }

    fn wait_until_it_answers(&mut self) {
        let mut lines = BufReader::new(self.child.stderr.take().unwrap()).lines();
        // It says where it serves once it listens.
        for line in lines.by_ref().map_while(Result::ok) {
            let serving = line.contains(&self.address);
            self.said.push(line);
            if serving {
                break;
            }
        }
        std::thread::spawn(move || lines.for_each(drop));
        // Once it answers, it can also be told to stop.
        let live = ureq::get(format!("http://{}/livez", self.address)).call();
        assert!(live.is_ok(), "the server did not start: {:?}", self.said);
    }

    /// The process it is.
    #[cfg(feature = "otel")]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it answers to a JSON body.
    pub fn post(&self, path: &str, body: &str) -> (u16, Value) {
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
        let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
