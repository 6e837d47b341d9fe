//! A PostgreSQL cluster of the run's own, for `SANGSAENG_TEST_ENGINE=postgres cargo test`.
//!
//! It is made at the first test that asks for it, in memory where the machine allows, on a free
//! port of the loopback, and ends with the run however that ends: a shell waits at its side for
//! the end of a pipe that the run holds open.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};
use sangsaeng::db::Url;
use tempfile::TempDir;

use super::watch::Number;

/// Runs until its standard input ends, and then ends the server and takes its folder away.
const KEEPER: &str = r#"
"$0/postgres" -D "$1/data" -k "$1" -p "$2" -c listen_addresses=127.0.0.1 -c max_connections=300 \
    -c shared_buffers=256MB -c log_min_messages=fatal >"$1/log" 2>&1 </dev/null &
server=$!
while read -r _; do :; done
kill -INT $server
wait $server
rm -rf "$1"
"#;

/// Files of tables that were made after the cluster have at least this number.
const FIRST_OF_OURS: u32 = 16_384;

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Whether this run is to be on PostgreSQL.
pub fn is_asked_for() -> bool {
    match std::env::var("SANGSAENG_TEST_ENGINE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("SANGSAENG_TEST_ENGINE is {other}, neither sqlite nor postgres"),
    }
}

struct Cluster {
    port: u16,
    folder: PathBuf,
    _keeper: (Child, ChildStdin),
}

/// A database of the cluster, dropped with its last connection when the test ends.
pub struct Database {
    name: String,
}

impl Database {
    /// A new database: empty, or a copy of another one that nobody is connected to.
    pub fn new(template: Option<&Self>) -> Self {
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let of = template.map_or("template0", |template| &template.name);
        CLUSTER.run(&format!("CREATE DATABASE {name} TEMPLATE {of}"));
        Self { name }
    }

    /// Where it is.
    pub fn url(&self) -> Url {
        Url::parse(&CLUSTER.url(&self.name)).unwrap()
    }
}

impl Database {
    /// Ends every connection to it, as an operator or a failing network would.
    pub fn cut_off(&self) {
        CLUSTER.run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.name
        ));
    }

    /// Everything that the server keeps of it in files, but for its own catalogue.
    pub fn files(&self) -> Vec<u8> {
        let oid = format!(
            "SELECT oid::bigint AS value FROM pg_database WHERE datname = '{}'",
            self.name
        );
        CLUSTER.run("CHECKPOINT");
        let mut conn = CLUSTER.connect();
        let oid: Number = diesel::sql_query(oid).get_result(&mut conn).unwrap();
        let folder = CLUSTER.folder.join(format!("data/base/{}", oid.value));
        super::watch::contents(&folder, |name| {
            let number = name.split(['_', '.']).next().and_then(|n| n.parse().ok());
            number.is_some_and(|number: u32| number >= FIRST_OF_OURS)
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        CLUSTER.run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

impl Cluster {
    fn start() -> Self {
        let memory = Path::new("/dev/shm");
        let home = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let folder: TempDir = tempfile::Builder::new()
            .prefix("sangsaeng-pg-")
            .tempdir_in(home)
            .unwrap();
        // The keeper takes it away.
        let folder = folder.keep();
        let programs = programs();
        let data = folder.join("data");
        if is_root() {
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(&folder)
                .status()
                .unwrap();
            assert!(owned.success());
        }
        let made = as_owner(&programs.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
            ])
            .args(["--data-checksums", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut keeper = as_owner(Path::new("sh"))
            .args(["-c", KEEPER])
            .args([&programs, &folder])
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let pipe = keeper.stdin.take().unwrap();
        let cluster = Self {
            port,
            folder,
            _keeper: (keeper, pipe),
        };
        cluster.wait_until_ready(&programs);
        cluster
    }

    fn wait_until_ready(&self, programs: &Path) {
        for _ in 0..300 {
            let ready = Command::new(programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status()
                .unwrap();
            if ready.success() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the cluster does not come up");
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url("postgres")).unwrap()
    }

    fn run(&self, sql: &str) {
        self.connect().batch_execute(sql).unwrap();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.starts_with(b"0\n")
}

/// A program run by somebody whom PostgreSQL accepts: it refuses to run as root.
fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    command.arg(program).current_dir("/");
    command
}

/// Where the server's programs are: of the newest version that Debian installed, or as told.
pub fn programs() -> PathBuf {
    if let Some(told) = std::env::var_os("SANGSAENG_TEST_PG_BIN") {
        return told.into();
    }
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut versions: Vec<PathBuf> = installed.map(|entry| entry.unwrap().path()).collect();
    versions.sort();
    let newest = versions.pop().expect(
        "PostgreSQL is not installed: apt-get install postgresql, or name the folder of its \
         programs in SANGSAENG_TEST_PG_BIN",
    );
    newest.join("bin")
}
