//! Builds the server: the one used by the program and by the tests.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::rt::spawn;
use actix_web::rt::time::sleep;
use actix_web::{App, Error, HttpServer, web};

use crate::attempts::worker::AttemptsWorker;
use crate::db::InPool;
use crate::exports::worker::ExportWorker;
use crate::http::middleware::frame;
use crate::http::openapi;
use crate::http::routes::{self, Routes, Table};
use crate::http::state::State;
use crate::http::{catalogue, docs, metering};
use crate::imports::worker::Worker;
use crate::meters::{Meters, Operation, Requests, Standing};

/// How often other keys to sign tokens with are looked for.
const KEYS_EVERY: Duration = Duration::from_secs(5);

/// What all workers share.
#[derive(Clone)]
pub struct Shared {
    state: web::Data<State>,
    table: web::Data<Table>,
    docs: web::Data<utoipa_swagger_ui::Config<'static>>,
    meters: web::Data<Meters>,
}

impl Shared {
    /// What a server over this state shares.
    #[must_use]
    pub fn new(state: State) -> Self {
        let (state, operations) = (web::Data::new(state), openapi::committed_operations());
        Self {
            meters: web::Data::new(meters(&state, &operations)),
            table: web::Data::new(Table::of(&operations)),
            state,
            docs: web::Data::new(docs::config()),
        }
    }

    /// What the server counts of itself.
    #[must_use]
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// The state itself.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
}

/// The meters of a server over this state.
fn meters(state: &web::Data<State>, operations: &[Operation]) -> Meters {
    let codes = catalogue::problems().map(|row| row.code);
    let (watched, started) = (state.clone(), state.now());
    let standing = move || {
        let (waiting, oldest) = watched.door.waiting();
        let InPool {
            limit,
            idle,
            in_use,
        } = watched.db.pool();
        Standing {
            started,
            waiting,
            oldest,
            readers: limit,
            idle,
            in_use,
        }
    };
    Meters::new(
        Requests::new(operations.iter().cloned(), codes),
        state.door.meters(),
        state.db.timed_out(),
        state.reports.made(),
        standing,
    )
}

/// The whole application, framed.
pub fn build(
    shared: &Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .app_data(shared.state.clone())
        .app_data(shared.table.clone())
        .app_data(shared.docs.clone())
        .app_data(shared.meters.clone())
        .configure(|config| routes::configure(&mut Routes::Served(config)))
        .default_service(web::to(routes::fallback))
        .wrap(from_fn(frame))
}

/// Serves `/metrics`, and nothing else, on a listener of its own, until the handle says stop.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve_meters(shared: &Shared, listener: TcpListener) -> io::Result<ServerHandle> {
    let (meters, limits) = (shared.meters.clone(), &shared.state.limits);
    let app = move || {
        App::new()
            .app_data(meters.clone())
            .configure(metering::configure)
    };
    let server = HttpServer::new(app)
        .workers(1)
        .max_connections(limits.watchers)
        .client_request_timeout(limits.head_time)
        .client_disconnect_timeout(limits.close_time)
        .keep_alive(limits.keep_alive)
        .disable_signals()
        .shutdown_timeout(0)
        .listen(listener)?
        .run();
    let handle = server.handle();
    drop(spawn(server));
    Ok(handle)
}

/// Looks for other keys to sign tokens with, for as long as it is let. Where what lies there cannot
/// be used, the keys stay what they are.
async fn watch_keys(state: web::Data<State>) {
    loop {
        sleep(KEYS_EVERY).await;
        let access = state.access.clone();
        match web::block(move || access.read_keys_again()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the signing keys were not read again"),
            Err(error) => tracing::error!(%error, "the signing keys were not read again"),
        }
    }
}

/// Serves until `shutdown` comes, then says so, answers what is in flight, and lets the write door
/// finish.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    shared: Shared,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let limits = shared.state.limits.clone();
    let (served, stopping) = (shared.clone(), shared.state.clone());
    let notice = limits.notice;
    let stop = async move {
        shutdown.await;
        stopping.stopping.begin();
        sleep(notice).await;
    };
    let watch = spawn(watch_keys(shared.state.clone()));
    let mut worker = Worker::start(Arc::clone(&shared.state.imports))?;
    let mut files = ExportWorker::start(Arc::clone(&shared.state.exports))?;
    let attempts = Arc::clone(&shared.state.attempts);
    let mut counts = AttemptsWorker::start(attempts, limits.attempts_pause)?;
    HttpServer::new(move || build(&served))
        .workers(limits.workers)
        .worker_max_blocking_threads(limits.blocking_threads)
        .max_connections(limits.connections)
        .backlog(limits.backlog)
        .client_request_timeout(limits.head_time)
        .client_disconnect_timeout(limits.close_time)
        .keep_alive(limits.keep_alive)
        .shutdown_signal(stop)
        .shutdown_timeout(limits.farewell_seconds)
        .listen(listener)?
        .run()
        .await?;
    watch.abort();
    web::block(move || {
        counts.stop();
        files.stop();
        worker.stop();
        shared.state.door.stop();
    })
    .await
    .map_err(io::Error::other)
}
