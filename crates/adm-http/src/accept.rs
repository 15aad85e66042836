//! Connections: how many, and for how long.

use crate::asked::Asked;
use crate::gate::Gate;
use crate::life::Life;
use crate::reply::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::sleep;

/// Connections at once; a page has three. Further ones are closed at once.
const MOST_CONNECTIONS: usize = 256;

/// How long a request's head may take to arrive, and a connection may wait for its next one.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// Largest head of a request in bytes.
const MOST_HEAD: usize = 16 * 1024;

/// How long clients have to hear of the end.
const FAREWELL: Duration = Duration::from_millis(200);

/// Who may ask, and what is answered.
pub(crate) struct House<H> {
    pub gate: Gate,
    pub handler: H,
}

/// Serves until `stop` says so or is dropped.
pub(crate) async fn serve<H, R>(listener: TcpListener, house: Arc<House<H>>, mut stop: oneshot::Receiver<()>)
where
    H: Fn(Asked) -> R + Send + Sync + 'static,
    R: Future<Output = Response> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            _ = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match (accepted, places.clone().try_acquire_owned()) {
            (Ok((stream, _)), Ok(place)) => {
                tokio::spawn(attend(stream, house.clone(), place));
            }
            (Ok(_), Err(_)) => {}
            // Out of file descriptors, most likely: some will be freed.
            (Err(_), _) => sleep(Duration::from_millis(50)).await,
        }
    }
    sleep(FAREWELL).await;
}

async fn attend<H, R>(stream: TcpStream, house: Arc<House<H>>, _place: OwnedSemaphorePermit)
where
    H: Fn(Asked) -> R + Send + Sync + 'static,
    R: Future<Output = Response> + Send + 'static,
{
    // Small pieces go out at once; a system that refuses sends them a little later.
    stream.set_nodelay(true).ok();
    let life = Life::new();
    let signs = life.clone();
    let service = service_fn(move |request| {
        let answered = answer(request, house.clone(), life.clone());
        async { Ok::<_, Infallible>(answered.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(MOST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // What goes wrong on a connection is the client's affair.
        _ = connection => {}
        () = signs.over() => {}
    }
}

async fn answer<H, R>(request: Request<Incoming>, house: Arc<House<H>>, life: Life) -> Response
where
    H: Fn(Asked) -> R,
    R: Future<Output = Response>,
{
    life.sign();
    let (parts, body) = request.into_parts();
    let admitted = house.gate.admit(&parts).map(str::to_owned);
    match admitted {
        Ok(path) => (house.handler)(Asked::new(path, parts, body, life)).await,
        Err(refusal) => refusal.into(),
    }
}
