//! Connections.

use super::site::Site;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// At most so many connections are open; more wait.
const MOST_CONNECTIONS: usize = 256;

/// How often a signal to stop is looked for.
const TICK: Duration = Duration::from_millis(100);

/// How long a request may take to be sent, and a connection to be used again.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// The most bytes of a request's head; browsers send the cookies of all servers of the machine.
const MOST_HEAD_BYTES: usize = 64 << 10;

/// How long answers may go on after a signal to stop.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Threads for what reads files: the decoders and desks, and some for what is short.
const BLOCKING_THREADS: usize = 24;

/// Answers requests at `listener` until `stop` is true. What is being decoded then is given up.
pub(super) fn run(listener: std::net::TcpListener, site: Site, stop: &AtomicBool) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(BLOCKING_THREADS)
        .build()?;
    let done = runtime.block_on(accept(listener, Arc::new(site), stop));
    runtime.shutdown_background();
    done
}

async fn accept(listener: std::net::TcpListener, site: Arc<Site>, stop: &AtomicBool) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let (open, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(MOST_CONNECTIONS)));
    while !stop.load(Ordering::Relaxed) {
        let Ok(Ok(place)) = timeout(TICK, Arc::clone(&room).acquire_owned()).await else { continue };
        match timeout(TICK, listener.accept()).await {
            Ok(Ok((stream, remote))) => {
                let connection = open.watch(connection(stream, remote, Arc::clone(&site)));
                tokio::spawn(async move {
                    // One that breaks off is the other end's business.
                    let _ = connection.await;
                    drop(place);
                });
            }
            // Too many files are open, or the other end went away.
            Ok(Err(_)) => tokio::time::sleep(TICK).await,
            Err(_) => {}
        }
    }
    drop(listener);
    let _ = timeout(LAST_WORDS, open.shutdown()).await;
    Ok(())
}

fn connection(
    stream: TcpStream,
    remote: SocketAddr,
    site: Arc<Site>,
) -> impl hyper_util::server::graceful::GracefulConnection {
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(site.answer(request.into_parts().0, remote).await) }
    });
    // Small answers are not held back.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MOST_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
}
