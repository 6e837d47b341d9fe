//! Builds the server: the one used by the program and by the tests.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::rt::time::sleep;
use actix_web::{App, Error, HttpServer, web};
use utoipa_actix_web::AppExt;

use crate::http::middleware::frame;
use crate::http::openapi::Document;
use crate::http::state::State;
use crate::http::{docs, routes};
use crate::imports::worker::Worker;

/// What all workers share.
#[derive(Clone)]
pub struct Shared {
    state: web::Data<State>,
    document: web::Data<Document>,
    docs: web::Data<utoipa_swagger_ui::Config<'static>>,
}

impl Shared {
    /// What a server over this state shares.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self {
            state: web::Data::new(state),
            document: web::Data::new(Document::make()),
            docs: web::Data::new(docs::config()),
        }
    }

    /// The state itself.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
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
        .app_data(shared.document.clone())
        .app_data(shared.docs.clone())
        .into_utoipa_app()
        .configure(routes::configure)
        .default_service(web::to(routes::fallback))
        .into_app()
        .wrap(from_fn(frame))
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
    let mut worker = Worker::start(Arc::clone(&shared.state.imports))?;
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
    web::block(move || {
        worker.stop();
        shared.state.door.stop();
    })
    .await
    .map_err(io::Error::other)
}
