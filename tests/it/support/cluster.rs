//! A PostgreSQL cluster of the run's own, for `SANGSAENG_TEST_ENGINE=postgres cargo test`.
//!
//! It is made at the first test that asks for it, in memory where the machine allows, on a free
//! port of the loopback, and ends with the run however that ends: a shell waits at its side for
//! the end of a pipe that the run holds open.

use std::io::Write;
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

/// Runs until its standard input ends, and then ends the server and takes its folder away. Until
/// then it stops and starts the server as it is told.
const KEEPER: &str = r#"
start() {
    "$0/postgres" -D "$1/data" -k "$1" -p "$2" -c listen_addresses=127.0.0.1 \
        -c max_connections=300 -c shared_buffers=256MB -c log_min_messages=fatal $3 \
        >>"$1/log" 2>&1 </dev/null &
    server=$!
}
start "$1" "$2" "$3"
while read -r told; do
    case $told in
        stop) kill -INT $server; wait $server ;;
        start) start "$1" "$2" "$3" ;;
    esac
done
kill -INT $server
wait $server
rm -rf "$1"
"#;

/// Files of tables that were made after the cluster have at least this number.
const FIRST_OF_OURS: u32 = 16_384;

/// The role that servers connect as: it may do what serving needs, and owns nothing.
pub const SERVING: &str = "serving";

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

/// A server of PostgreSQL, which ends with the run or when this is dropped.
pub struct Cluster {
    port: u16,
    folder: PathBuf,
    keeper: Child,
    pipe: Option<ChildStdin>,
}

/// A database of the cluster, dropped with its last connection when the test ends.
pub struct Database {
    name: String,
}

impl Database {
    /// A new database: empty, or a copy of another one that nobody is connected to.
    pub fn new(template: Option<&Self>) -> Self {
        let of = template.map_or("template0", |template| &template.name);
        Self::made(&format!("TEMPLATE {of}"))
    }

    /// An empty one whose texts are compared as in English, unless it is told otherwise.
    pub fn sorted_as_people_do() -> Self {
        Self::made("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    }

    fn made(how: &str) -> Self {
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        CLUSTER.run(&format!("CREATE DATABASE {name} {how}"));
        Self { name }
    }

    /// Where it is, for the owner of its tables.
    pub fn url(&self) -> Url {
        self.url_of("postgres", "")
    }

    /// Where it is for a role, with parameters such as `?sslmode=require`.
    pub fn url_of(&self, role: &str, parameters: &str) -> Url {
        let at = format!("{role}@127.0.0.1:{}/{}", CLUSTER.port, self.name);
        Url::parse(&format!("postgres://{at}{parameters}")).unwrap()
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

    /// The file of the authority that the server's certificate is of, or of another one.
    #[cfg(feature = "tls")]
    pub fn authority(name: &str) -> PathBuf {
        CLUSTER.folder.join(name)
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
    /// Makes one and starts it.
    pub fn start() -> Self {
        let folder = folder();
        let made = as_owner(&programs().join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
            ])
            .args(["--data-checksums", "-D"])
            .arg(folder.join("data"))
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let cluster = Self::over(folder);
        cluster.run(&format!("CREATE ROLE {SERVING} LOGIN"));
        cluster
    }

    /// A hot standby that streams from this one.
    pub fn standby(&self) -> Self {
        let folder = folder();
        let copied = as_owner(&programs().join("pg_basebackup"))
            .args(["--write-recovery-conf", "--checkpoint=fast", "-d"])
            .arg(self.url("postgres"))
            .arg("-D")
            .arg(folder.join("data"))
            .status()
            .unwrap();
        assert!(copied.success(), "pg_basebackup failed");
        Self::over(folder)
    }

    /// Starts a server over what lies in `folder`.
    fn over(folder: PathBuf) -> Self {
        let programs = programs();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let tls = if cfg!(feature = "tls") {
            certify(&folder);
            "-c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server.key"
        } else {
            ""
        };
        let mut keeper = as_owner(Path::new("sh"))
            .args(["-c", KEEPER])
            .args([&programs, &folder])
            .arg(port.to_string())
            .arg(tls)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let pipe = keeper.stdin.take();
        let cluster = Self {
            port,
            folder,
            keeper,
            pipe,
        };
        cluster.wait_until_it_is(true);
        cluster
    }

    /// Stops the server, or starts it again.
    pub fn tell(&mut self, stop_or_start: &str) {
        let pipe = self.pipe.as_mut().unwrap();
        writeln!(pipe, "{stop_or_start}").unwrap();
        self.wait_until_it_is(stop_or_start == "start");
    }

    fn wait_until_it_is(&self, ready: bool) {
        for _ in 0..300 {
            let found = Command::new(programs().join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status()
                .unwrap();
            if found.success() == ready {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the cluster does not come up, or go down");
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// A connection to the database `postgres`.
    pub fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url("postgres")).unwrap()
    }

    /// Runs SQL in the database `postgres`.
    pub fn run(&self, sql: &str) {
        self.connect().batch_execute(sql).unwrap();
    }
}

/// Makes an authority, a server's certificate of it for `localhost`, and another authority.
fn certify(folder: &Path) {
    let make = |words: &str| {
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
        let words = format!("req -x509 {key} {words}");
        let mut openssl = as_owner(Path::new("openssl"));
        let made = openssl
            .args(words.split(' '))
            .stderr(Stdio::null())
            .output();
        assert!(made.unwrap().status.success(), "openssl {words}");
    };
    let at = folder.to_str().unwrap();
    make(&format!(
        "-subj /CN=ours -keyout {at}/ca.key -out {at}/ca.pem"
    ));
    make(&format!(
        "-subj /CN=others -keyout {at}/other.key -out {at}/other.pem"
    ));
    make(&format!(
        "-CA {at}/ca.pem -CAkey {at}/ca.key -subj /CN=localhost -addext \
         subjectAltName=DNS:localhost -keyout {at}/data/server.key -out {at}/data/server.pem"
    ));
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.pipe = None;
        let _gone = self.keeper.wait();
    }
}

/// A folder for one, which its keeper takes away.
fn folder() -> PathBuf {
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
    let folder = folder.keep();
    if is_root() {
        let owned = Command::new("chown")
            .arg("postgres")
            .arg(&folder)
            .status()
            .unwrap();
        assert!(owned.success());
    }
    folder
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
