//! What grows, in a store that cannot append: written anew each time.

use super::lease::{CHANGE_TAKES, Leases};
use super::reach::{io_error, wait_within};
use crate::storage::error::{Doing, StorageError, failed};
use bytes::Bytes;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// An object that is written anew each time something is added.
#[derive(Debug)]
pub(in crate::storage) struct Whole {
    store: Arc<dyn ObjectStore>,
    /// What its changes rest on: a run that is taken for dead must not leave word again.
    leases: Arc<Leases>,
    key: Key,
    path: String,
    /// How many additions were asked for.
    asked: AtomicU64,
    written: Mutex<Written>,
}

#[derive(Debug, Default)]
struct Written {
    /// How many of the additions are in what was written.
    additions: u64,
    bytes: Vec<u8>,
}

impl Whole {
    pub(super) fn new(store: Arc<dyn ObjectStore>, leases: Arc<Leases>, key: Key, path: &str) -> Self {
        Self { store, leases, key, path: path.to_owned(), asked: AtomicU64::new(0), written: Mutex::default() }
    }

    pub(in crate::storage) fn append(&self, bytes: &[u8]) -> Result<(), StorageError> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.bytes.extend_from_slice(bytes);
        self.put(written.bytes.clone().into())
    }

    /// Writes what `all` gives, once for all who ask while another is writing.
    pub(in crate::storage) fn replace(&self, all: &dyn Fn() -> Vec<u8>) -> Result<(), StorageError> {
        let mine = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.additions >= mine {
            return Ok(());
        }
        let additions = self.asked.load(Ordering::SeqCst);
        let bytes = all();
        self.put(bytes.clone().into())?;
        *written = Written { additions, bytes };
        Ok(())
    }

    fn put(&self, bytes: Bytes) -> Result<(), StorageError> {
        self.leases.ensure().map_err(|source| failed(Doing::Write, &self.path, source))?;
        let (store, key) = (Arc::clone(&self.store), self.key.clone());
        let put = wait_within(CHANGE_TAKES, async move { store.put(&key, bytes.into()).await });
        put.map(drop).map_err(|error| failed(Doing::Write, &self.path, io_error(error)))
    }
}
