//! Whether a store keeps conditions: several do not, and say nothing.

use super::clock::Clock;
use super::reach::io_error;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, UpdateVersion};
use std::io;
use std::sync::Arc;

/// Writes an object at `key` four times, of which two must fail, and removes it; the store's clock.
pub(super) async fn probe(store: Arc<dyn ObjectStore>, key: Key) -> io::Result<Clock> {
    let probed = tried(&store, &key).await;
    // Left behind, it is a few bytes that nobody reads.
    let _ = store.delete(&key).await;
    probed
}

async fn tried(store: &Arc<dyn ObjectStore>, key: &Key) -> io::Result<Clock> {
    let put = async |text: &'static str, mode: PutMode| store.put_opts(key, text.into(), mode.into()).await;
    let first = put("one", PutMode::Create).await.map_err(|error| not_kept(error, "If-None-Match"))?;
    let clock = Clock::now_is(store.head(key).await.map_err(io_error)?.last_modified.timestamp_millis());
    must_fail(put("two", PutMode::Create).await, "If-None-Match")?;
    let first = UpdateVersion::from(first);
    put("three", PutMode::Update(first.clone())).await.map_err(|error| not_kept(error, "If-Match"))?;
    must_fail(put("four", PutMode::Update(first)).await, "If-Match")?;
    Ok(clock)
}

fn must_fail<T>(put: Result<T, Error>, condition: &str) -> io::Result<()> {
    match put {
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(()),
        Err(error) => Err(io_error(error)),
        Ok(_) => Err(ignored(condition)),
    }
}

/// What the store makes of a condition that holds.
fn not_kept(error: Error, condition: &str) -> io::Error {
    match error {
        Error::NotImplemented { .. } | Error::NotSupported { .. } | Error::Precondition { .. } => ignored(condition),
        error => io_error(error),
    }
}

fn ignored(condition: &str) -> io::Error {
    let told = format!(
        "this store does not keep {condition} when an object is put, so that two runs could overwrite each other's \
         results"
    );
    io::Error::new(io::ErrorKind::Unsupported, told)
}
