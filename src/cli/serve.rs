//! Serving, and the demo.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use indicatif::ProgressBar;
use sangsaeng::access::Access;
use sangsaeng::access::issuer::Issuer;
use sangsaeng::app::{self, Shared};
use sangsaeng::clock::{Clock, SteeredClock, SystemClock};
use sangsaeng::config::Settings;
use sangsaeng::db::Url;
use sangsaeng::db::standby::Standby;
use sangsaeng::demo::{self, Founding, Progress, Tools};
use sangsaeng::http::kept::Kept;
use sangsaeng::http::state::{Limits, State, Stopping};
use sangsaeng::ledger::store::heads;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::books::{Books, Hold, Schema, unopened};
use super::grants;
use super::report::progress_bar;
use super::say::{Failed, Said, failed, said, wrong};

/// The demo's database when none is named.
const DEMO_DATABASE: &str = "sangsaeng-demo.db";

/// Serves the API until the process is told to stop.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn serve(
    settings: &Settings,
    no_migrate: bool,
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    let _hold = Hold::take(&settings.database)?;
    let listeners = Listeners::open(settings)?;
    let schema = if no_migrate {
        Schema::Check
    } else {
        Schema::Migrate
    };
    let mut books = Books::open(settings, schema, Arc::new(SystemClock::start()), say)?;
    grants::warn_of_more(settings, say)?;
    books.access = with_issuer(settings, &books)?;
    if let Some(wanted) = &settings.standby {
        // Only what answers requests knows it: who somebody is, and where a record belongs, is
        // read where it is written.
        let standby = Standby::watch(&settings.database, wanted).map_err(|e| unopened(&e))?;
        books.db = books.db.with_standby(standby);
    }
    let address = format!("http://{}", settings.listen);
    say(&said(
        format!("Serving on {address}. Docs: {address}/docs"),
        format!("{address}에서 서비스합니다. 문서: {address}/docs"),
    ));
    run(settings, books, listeners)
}

/// What a server listens on.
struct Listeners {
    api: TcpListener,
    metrics: Option<TcpListener>,
}

impl Listeners {
    fn open(settings: &Settings) -> Result<Self, Failed> {
        let metrics = settings.metrics_listen;
        Ok(Self {
            api: listen(settings.listen, "--listen")?,
            metrics: metrics
                .map(|address| listen(address, "--metrics-listen"))
                .transpose()?,
        })
    }
}

fn listen(address: SocketAddr, flag: &str) -> Result<TcpListener, Failed> {
    TcpListener::bind(address).map_err(|e| {
        failed(
            format!("{address} cannot be listened on: {e}. Choose another with {flag}."),
            format!(
                "{address}에서 수신할 수 없습니다: {e}. {flag}(으)로 다른 주소를 지정하십시오."
            ),
        )
    })
}

fn run(settings: &Settings, books: Books, listeners: Listeners) -> Result<(), Failed> {
    let imports = books.imports(settings);
    let state = State {
        exports: books.exports(settings, &imports),
        attempts: books.attempts(settings),
        imports,
        cursor_key: *books.keys.cursor(),
        door: books.door,
        db: books.db,
        books: books.directory,
        clock: books.clock,
        access: books.access,
        vault: books.vault,
        reports: Kept::default(),
        limits: Limits::default(),
        proxies: settings.trusted_proxies.clone(),
        stopping: Stopping::default(),
    };
    let served = actix_web::rt::System::new().block_on(async move {
        let told = told_to_stop()?;
        let shared = Shared::new(state);
        let metrics = match listeners.metrics {
            Some(listener) => Some(app::serve_meters(&shared, listener)?),
            None => None,
        };
        let served = app::serve(shared, listeners.api, told).await;
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        served
    });
    served.map_err(|e| failed(format!("The server failed: {e}"), format!("서버 오류: {e}")))
}

/// Who somebody is, by the company's identity provider too, where there is one.
fn with_issuer(settings: &Settings, books: &Books) -> Result<Access, Failed> {
    let Some(provider) = settings.oidc.clone() else {
        return Ok(books.access.clone());
    };
    let issuer = Issuer::open(provider, books.clock.now()).map_err(|error| {
        wrong(
            format!("SANGSAENG_OIDC_JWKS cannot be used: {error}"),
            format!("SANGSAENG_OIDC_JWKS를 쓸 수 없습니다: {error}"),
        )
    })?;
    Ok(books.access.with_issuer(issuer))
}

/// Comes when the process is told to stop: by a signal, or from the keyboard.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Records the founding case in a fresh database and serves it.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn demo(
    settings: &Settings,
    as_json: bool,
    no_serve: bool,
    say: &mut dyn FnMut(&Said),
) -> Result<(), Failed> {
    let settings = demo_settings(settings)?;
    let _hold = Hold::take(&settings.database)?;
    let listeners = if no_serve {
        None
    } else {
        Some(Listeners::open(&settings)?)
    };
    clear_away(&settings)?;
    let clock = Arc::new(SteeredClock::at(beginning()));
    let steered: Arc<dyn Clock> = clock.clone();
    let mut books = Books::open(&settings, Schema::Make, steered, say)?;
    refuse_data(&books)?;
    books.access = with_issuer(&settings, &books)?;
    let tools = Tools {
        door: &books.door,
        directory: &books.directory,
        vault: &books.vault,
        clock: &clock,
    };
    let bar = progress_bar();
    let founding = demo::record(&tools, &mut |progress| show(&bar, &progress));
    bar.finish_and_clear();
    let founding = founding.map_err(|e| {
        failed(
            format!("The demo was not recorded: {e}"),
            format!("시연 자료를 기록하지 못했습니다: {e}"),
        )
    })?;
    clock.let_go();
    if as_json {
        print_json(&settings, &founding);
    } else {
        print_sign_ins(&settings, &founding);
    }
    match listeners {
        Some(listeners) => run(&settings, books, listeners),
        None => {
            books.door.stop();
            Ok(())
        }
    }
}

/// The instant that the demo's clock starts at; the data set steers it from there.
fn beginning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2021, 8, 1, 0, 0, 0)
        .single()
        .unwrap_or(DateTime::UNIX_EPOCH)
}

/// The demo's own database file, unless one is named.
fn demo_settings(settings: &Settings) -> Result<Settings, Failed> {
    let mut settings = settings.clone();
    if !settings.database_named {
        settings.database = Url::Sqlite(DEMO_DATABASE.to_owned());
        return Ok(settings);
    }
    match &settings.database {
        Url::Sqlite(path) if Path::new(path).exists() => Err(wrong(
            format!("{path} is there already. The demo only fills a fresh database: name another."),
            format!(
                "{path}이(가) 이미 있습니다. 시연은 새 데이터베이스에만 기록합니다. 다른 이름을 \
                     지정하십시오."
            ),
        )),
        Url::Postgres(_) if settings.key_dir.is_none() => Err(wrong(
            "SANGSAENG_KEY_DIR is not set: name a directory for the demo's keys.",
            "SANGSAENG_KEY_DIR이 없습니다. 시연용 키 디렉터리를 지정하십시오.",
        )),
        _ => Ok(settings),
    }
}

/// The demo only fills books in which nothing happened yet.
fn refuse_data(books: &Books) -> Result<(), Failed> {
    match books.db.read(heads) {
        Ok(heads) if heads.iter().all(|head| head.sequence == 0) => Ok(()),
        Ok(_) => Err(wrong(
            "The database holds data. The demo only fills a fresh one: name another.",
            "데이터베이스에 이미 자료가 있습니다. 시연은 새 데이터베이스에만 기록합니다.",
        )),
        Err(e) => Err(failed(
            format!("The database cannot be read: {e}."),
            format!("데이터베이스를 읽을 수 없습니다: {e}."),
        )),
    }
}

/// Removes an earlier demo's files, which only ever lie under the demo's own name.
fn clear_away(settings: &Settings) -> Result<(), Failed> {
    if settings.database_named {
        return Ok(());
    }
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{DEMO_DATABASE}{suffix}");
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(
                    format!("{path} cannot be removed: {e}"),
                    format!("{path}을(를) 지울 수 없습니다: {e}"),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn show(bar: &ProgressBar, progress: &Progress) {
    bar.set_message(progress.day.to_string());
    bar.set_length(u64::try_from(progress.planned).unwrap_or(u64::MAX));
    bar.set_position(u64::try_from(progress.written).unwrap_or(0));
}

fn print_json(settings: &Settings, founding: &Founding) {
    let address = format!("http://{}", settings.listen);
    let users = founding.users.iter().map(|user| {
        json!({ "email": user.email, "role": user.role, "password": user.password.as_str() })
    });
    let printed = json!({
        "address": address,
        "docs": format!("{address}/docs"),
        "users": users.collect::<Vec<_>>(),
    });
    println!("{printed}");
}

fn print_sign_ins(settings: &Settings, founding: &Founding) {
    let address = format!("http://{}", settings.listen);
    let head = said(
        format!(
            "The founding case as of 2022-11-03 is recorded.\n\nAPI   {address}\nDocs  \
             {address}/docs\n\nSign in as:"
        ),
        format!(
            "2022-11-03 기준 설립 사례를 기록했습니다.\n\nAPI   {address}\n문서  \
             {address}/docs\n\n로그인:"
        ),
    );
    println!("{}", head.text(settings.lang));
    for user in &founding.users {
        let role = user.role.to_string();
        println!("  {:<28} {role:<14} {}", user.email, user.password.as_str());
    }
    if let Some(user) = founding.users.first() {
        let try_it = said("Ready to paste:", "그대로 붙여 쓰십시오:");
        println!("\n{}\n", try_it.text(settings.lang));
        println!(
            "curl -s {address}/v1/auth/login -H 'Content-Type: application/json' \\\n  -d \
             '{{\"email\":\"{}\",\"password\":\"{}\"}}'\n",
            user.email,
            user.password.as_str()
        );
    }
}
