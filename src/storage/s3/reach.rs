//! Asking a store from threads that know nothing of futures, and what its errors mean.

use object_store::Error;
use std::io;
use std::sync::OnceLock;
use std::sync::mpsc::sync_channel;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// Requests wait; two threads carry many of them.
const THREADS: usize = 2;
/// What fails is tried again for so long; tests have stores that stay dead.
pub(super) const PATIENCE: Duration = if cfg!(test) { Duration::from_millis(50) } else { Duration::from_secs(60) };
/// So much of an error is told.
const MOST_CHARS: usize = 200;

/// The threads on which requests are made, for as long as the process lives.
pub(super) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(THREADS).thread_name("callsift-s3").enable_all();
        builder.build().expect("the system gives a thread")
    })
}

/// Waits for `request`, on whatever thread this is.
pub(super) fn wait<T: Send + 'static>(request: impl Future<Output = T> + Send + 'static) -> T {
    let (give, take) = sync_channel(1);
    runtime().spawn(async move {
        // Nobody waits any more where the thread that asked has panicked.
        let _ = give.send(request.await);
    });
    take.recv().expect("a request ends")
}

/// As [`wait`], but gives up after `limit`.
pub(super) fn wait_within<T: Send + 'static>(
    limit: Duration,
    request: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let late =
        move |_| Error::Generic { store: "S3", source: format!("no answer within {} s", limit.as_secs()).into() };
    wait(async move { tokio::time::timeout(limit, request).await.map_err(late)? })
}

/// Whether the error says that nothing is there.
pub(super) fn is_gone(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. })
}

/// The error as one of input and output.
pub(super) fn io_error(error: Error) -> io::Error {
    let kind = match &error {
        Error::NotFound { .. } => io::ErrorKind::NotFound,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
        Error::AlreadyExists { .. } => io::ErrorKind::AlreadyExists,
        Error::Precondition { .. } | Error::NotModified { .. } => io::ErrorKind::StaleNetworkFileHandle,
        Error::InvalidPath { .. } => io::ErrorKind::InvalidInput,
        Error::NotSupported { .. } | Error::NotImplemented { .. } => io::ErrorKind::Unsupported,
        _ => io::ErrorKind::Other,
    };
    let told = error.to_string();
    if told.contains("NoSuchBucket") {
        return io::Error::new(io::ErrorKind::NotFound, "there is no such bucket");
    }
    if kind == io::ErrorKind::NotFound { kind.into() } else { io::Error::new(kind, short(&error, &told)) }
}

/// What the store says, or why it could not be asked: not for which object, whose name may be a person's, and not as whom.
fn short(error: &Error, told: &str) -> String {
    let between = |from: &str, to: &[char]| Some(told.split_once(from)?.1.split(to).next()?.trim().to_owned());
    let said = between("<Code>", &['<']).or_else(|| between("status code: ", &[':', '<', '\n']));
    if let Some(said) = said {
        return format!("the store says {said:?}");
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let line = innermost.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line,
    }
}
