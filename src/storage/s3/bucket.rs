//! A prefix of a bucket as a folder.

#![expect(clippy::disallowed_methods, reason = "an edge: what is appended is named by the time")]

use super::clock::Clock;
use super::lease::{self, CHANGE_TAKES, Held, Lease, Leases};
use super::object::Object;
use super::reach::{io_error, is_gone, wait, wait_within};
use super::whole::Whole;
use super::{connect, probe};
use crate::storage::appender::Appender;
use crate::storage::error::{Doing, StorageError, failed, too_large};
use crate::storage::folder::{Entry, Lock};
use crate::storage::place::{FileState, Found};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use object_store::path::Path as Key;
use object_store::{GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutPayload, WriteMultipart};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A larger file goes up in parts of [`PART_BYTES`].
const ONE_PUT_BYTES: usize = 16 << 20;
const PART_BYTES: usize = 8 << 20;
/// So many requests are under way at once where many files are read, and parts where one is written.
const AT_ONCE: usize = 32;
const PARTS_AT_ONCE: usize = 4;

/// A folder in a bucket. What its methods do stands with those of [`crate::storage::Folder`], by the same names.
#[derive(Debug)]
pub(in crate::storage) struct Bucket {
    pub(super) store: Arc<dyn ObjectStore>,
    /// Without slashes at its ends.
    prefix: String,
    /// What this folder's changes rest on.
    leases: Arc<Leases>,
    pub(super) clock: OnceLock<Clock>,
    parts: AtomicU64,
}

/// The bucket of `s3://bucket/name`, and the name.
pub(in crate::storage) fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("s3://").unwrap_or(url);
    rest.split_once('/').unwrap_or((rest, ""))
}

impl Bucket {
    pub(in crate::storage) fn at(url: &str) -> Result<Self, StorageError> {
        let (bucket, prefix) = split(url);
        let store = connect::store(bucket).map_err(|source| failed(Doing::Read, url, source))?;
        Ok(Self::of(store, prefix))
    }

    #[cfg(test)]
    pub(in crate::storage) fn in_memory(store: Arc<dyn ObjectStore>, ahead: Duration) -> Self {
        let bucket = Self::of(store, "a prefix/results");
        bucket.clock.set(Clock::of_this_machine().ahead_by(ahead)).expect("it has none yet");
        bucket
    }

    fn of(store: Arc<dyn ObjectStore>, prefix: &str) -> Self {
        let prefix = prefix.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        Self { store, prefix, leases: Arc::default(), clock: OnceLock::new(), parts: AtomicU64::new(0) }
    }

    pub(in crate::storage) fn is_there(&self) -> bool {
        self.has_any("").unwrap_or(false)
    }

    pub(in crate::storage) fn must_be_there(&self) -> Result<(), StorageError> {
        if self.is_folder("")? { Ok(()) } else { Err(failed(Doing::List, "", io::ErrorKind::NotFound.into())) }
    }

    pub(in crate::storage) fn list(&self, folder: &str) -> Result<Vec<Entry>, StorageError> {
        let names = self.names(folder).map_err(|source| failed(Doing::List, folder, source))?;
        let entry = |(name, found): (OsString, Option<Found>)| Entry {
            name: name.to_string_lossy().into_owned(),
            is_folder: found == Some(Found::Folder),
        };
        let mut entries: Vec<Entry> = names.into_iter().map(entry).collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// What is in `folder`, in no order.
    pub(in crate::storage) fn names(&self, folder: &str) -> io::Result<Vec<(OsString, Option<Found>)>> {
        let (store, key) = (Arc::clone(&self.store), self.key(folder)?);
        let of = key.clone();
        let mut listed = wait(async move { store.list_with_delimiter(Some(&of)).await }).map_err(io_error)?;
        // Consoles make folders by an object of the folder's own name.
        listed.objects.retain(|it| it.location != key);
        let name = |key: &Key| key.filename().map(OsString::from);
        let folders = listed.common_prefixes.iter().filter_map(|key| Some((name(key)?, Some(Found::Folder))));
        let files = listed.objects.iter().filter_map(|it| Some((name(&it.location)?, Some(Found::File(state(it))))));
        Ok(folders.chain(files).collect())
    }

    pub(in crate::storage) fn look(&self, path: &str) -> io::Result<Found> {
        match self.head(path)? {
            Some(meta) => Ok(Found::File(state(&meta))),
            None if self.has_any(path)? => Ok(Found::Folder),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    pub(in crate::storage) fn size(&self, path: &str) -> Result<Option<u64>, StorageError> {
        Ok(self.head(path).map_err(|source| failed(Doing::Read, path, source))?.map(|meta| meta.size))
    }

    pub(in crate::storage) fn modified(&self, path: &str) -> Result<Option<SystemTime>, StorageError> {
        let meta = self.head(path).map_err(|source| failed(Doing::Read, path, source))?;
        Ok(meta.map(|meta| UNIX_EPOCH + Duration::from_millis(meta.last_modified.timestamp_millis().max(0) as u64)))
    }

    pub(in crate::storage) fn is_folder(&self, path: &str) -> Result<bool, StorageError> {
        self.has_any(path).map_err(|source| failed(Doing::List, path, source))
    }

    pub(in crate::storage) fn read(&self, path: &str, at_most_bytes: u64) -> Result<Vec<u8>, StorageError> {
        let key = self.key(path).map_err(|source| failed(Doing::Read, path, source))?;
        wait(read(Arc::clone(&self.store), key, path.to_owned(), at_most_bytes))
    }

    pub(in crate::storage) fn read_each(
        &self,
        paths: &[String],
        at_most_bytes: u64,
    ) -> Vec<Result<Vec<u8>, StorageError>> {
        let one = |path: &String| match self.key(path) {
            Ok(key) => read(Arc::clone(&self.store), key, path.clone(), at_most_bytes).boxed(),
            Err(source) => std::future::ready(Err(failed(Doing::Read, path, source))).boxed(),
        };
        let reads: Vec<_> = paths.iter().map(one).collect();
        wait(stream::iter(reads).buffered(AT_ONCE).collect())
    }

    pub(in crate::storage) fn open(&self, path: &str) -> Result<Object, StorageError> {
        Object::open(self, path).map_err(|source| failed(Doing::Read, path, source))
    }

    pub(in crate::storage) fn write(&self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.change(Doing::Write, path, || self.put(path, Bytes::copy_from_slice(bytes)))
    }

    pub(in crate::storage) fn replace(&self, path: &str, bytes: &[u8], _draft: &str) -> Result<(), StorageError> {
        self.write(path, bytes)
    }

    pub(in crate::storage) fn put_if_absent(
        &self,
        path: &str,
        bytes: &[u8],
        _draft: &str,
    ) -> Result<bool, StorageError> {
        let mut was_absent = true;
        self.change(Doing::Rename, path, || {
            let (store, key) = (Arc::clone(&self.store), self.key(path)?);
            let payload = PutPayload::from(bytes.to_vec());
            let put = async move { store.put_opts(&key, payload, PutMode::Create.into()).await };
            match wait_within(CHANGE_TAKES, put) {
                // An answer that was lost, and the same asked again: it was this one that came first.
                Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                    was_absent = self.read(path, u64::MAX).map_err(|error| error.source)? == bytes;
                    Ok(())
                }
                put => put.map(drop).map_err(io_error),
            }
        })?;
        Ok(was_absent)
    }

    pub(in crate::storage) fn put_unsynced_if_absent(
        &self,
        path: &str,
        bytes: &[u8],
        draft: &str,
    ) -> Result<(), StorageError> {
        self.put_if_absent(path, bytes, draft).map(drop)
    }

    pub(in crate::storage) fn put_empty(&self, path: &str) -> Result<(), StorageError> {
        self.put_if_absent(path, b"", "").map(drop)
    }

    pub(in crate::storage) fn write_unsynced(&self, path: &str, source: &mut dyn Read) -> Result<(), StorageError> {
        self.change(Doing::Write, path, || {
            let (store, key) = (Arc::clone(&self.store), self.key(path)?);
            let mut upload = wait(async move { store.put_multipart(&key).await }).map_err(io_error)?;
            loop {
                let mut part = Vec::new();
                let read = source.take(PART_BYTES as u64).read_to_end(&mut part);
                let sent = match read {
                    Ok(0) => break,
                    Ok(_) => wait(upload.put_part(part.into())).map_err(io_error),
                    Err(error) => Err(error),
                };
                if let Err(error) = sent {
                    // What cannot be taken back now is for the bucket's own rules on unfinished uploads.
                    let _ = wait(async move { upload.abort().await });
                    return Err(error);
                }
            }
            wait(async move { upload.complete().await }).map(drop).map_err(io_error)
        })
    }

    pub(in crate::storage) fn nameless(&self, folder: &str) -> Result<File, StorageError> {
        tempfile::tempfile().map_err(|source| failed(Doing::Write, folder, source))
    }

    pub(in crate::storage) fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        self.change(Doing::Rename, to, || {
            let (store, from, to) = (Arc::clone(&self.store), self.key(from)?, self.key(to)?);
            wait_within(CHANGE_TAKES, async move {
                store.copy(&from, &to).await?;
                store.delete(&from).await
            })
            .map_err(io_error)
        })
    }

    pub(in crate::storage) fn mark(&self, from: &str, to: &str) -> Result<(), StorageError> {
        self.change(Doing::Rename, to, || {
            let (store, from, to) = (Arc::clone(&self.store), self.key(from)?, self.key(to)?);
            wait_within(CHANGE_TAKES, async move { store.copy(&from, &to).await }).map_err(io_error)
        })
    }

    pub(in crate::storage) fn confirm(&self) -> Result<(), StorageError> {
        self.leases.confirm().map_err(|source| failed(Doing::Lock, "", source))
    }

    pub(in crate::storage) fn remove(&self, path: &str) -> Result<(), StorageError> {
        self.change(Doing::Remove, path, || {
            let (store, key) = (Arc::clone(&self.store), self.key(path)?);
            wait_within(CHANGE_TAKES, async move {
                let below: Vec<_> = store.list(Some(&key)).map_ok(|it| it.location).collect().await;
                let all = stream::iter(below.into_iter().chain([Ok(key)])).boxed();
                let mut removed = store.delete_stream(all);
                while let Some(one) = removed.next().await {
                    match one {
                        Err(error) if is_gone(&error) => {}
                        one => drop(one?),
                    }
                }
                Ok(())
            })
            .map_err(io_error)
        })
    }

    pub(in crate::storage) fn appender(&self, path: &str) -> Result<Appender, StorageError> {
        let key = self.key(path).map_err(|source| failed(Doing::Write, path, source))?;
        Ok(Appender::to_object(Whole::new(Arc::clone(&self.store), Arc::clone(&self.leases), key, path)))
    }

    pub(in crate::storage) fn append_part(&self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        // Names in the order of their making, as far as clocks agree; what is read from them does not depend on it.
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        self.write(&format!("{path}.parts/{now_ms:015}-{number:06}-{:08x}", lease::random() as u32), bytes)
    }

    pub(in crate::storage) fn read_parts(
        &self,
        path: &str,
        at_most_bytes: u64,
    ) -> Result<(Vec<u8>, usize), StorageError> {
        let names = [path.to_owned()].into_iter().chain(self.parts_of(path)?);
        let mut all = Vec::new();
        let mut count = 0;
        for read in self.read_each(&names.collect::<Vec<_>>(), at_most_bytes) {
            match read {
                // The first need not be there; others may have been joined with it meanwhile.
                Err(error) if error.is_missing() => {}
                read => {
                    all.append(&mut read?);
                    count += 1;
                }
            }
        }
        if all.len() as u64 > at_most_bytes { Err(too_large(path, at_most_bytes)) } else { Ok((all, count)) }
    }

    pub(in crate::storage) fn replace_parts(&self, path: &str, bytes: &[u8], _draft: &str) -> Result<(), StorageError> {
        let parts = self.parts_of(path)?;
        self.write(path, bytes)?;
        parts.iter().try_for_each(|part| self.remove(part))
    }

    fn parts_of(&self, path: &str) -> Result<Vec<String>, StorageError> {
        let folder = format!("{path}.parts");
        Ok(self.list(&folder)?.into_iter().map(|part| format!("{folder}/{}", part.name)).collect())
    }

    pub(in crate::storage) fn wait_for_lock(&self, path: &str) -> Result<Lock, StorageError> {
        let mut pause = Duration::from_millis(20);
        loop {
            if let Some(lock) = self.lock(path)? {
                return Ok(lock);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(320));
        }
    }

    pub(in crate::storage) fn lock(&self, path: &str) -> Result<Option<Lock>, StorageError> {
        Ok(self.lease(path)?.map(Lock::from))
    }

    pub(super) fn lease(&self, path: &str) -> Result<Option<Held>, StorageError> {
        let key = self.key(path).map_err(|source| failed(Doing::Lock, path, source))?;
        let taken = Lease::take(Arc::clone(&self.store), key, self.clock());
        let lease = taken.map_err(|error| failed(Doing::Lock, path, io_error(error)))?;
        let held = lease.map(|lease| {
            self.leases.add(&lease);
            Held::new(lease)
        });
        Ok(held)
    }

    pub(in crate::storage) fn is_locked(&self, path: &str) -> bool {
        self.key(path).is_ok_and(|key| Lease::is_held(Arc::clone(&self.store), key, self.clock()))
    }

    pub(in crate::storage) fn must_keep_conditions(&self) -> Result<(), StorageError> {
        let name = format!(".callsift-probe-{:016x}", lease::random());
        let key = self.key(&name).map_err(|source| failed(Doing::Lock, "", source))?;
        let clock = wait(probe::probe(Arc::clone(&self.store), key));
        let clock = clock.map_err(|source| failed(Doing::Lock, "", source))?;
        // The first is as good as any.
        let _ = self.clock.set(clock);
        Ok(())
    }

    /// A copy of the object in the system's folder for temporary files.
    pub(in crate::storage) fn fetch(&self, path: &str) -> io::Result<tempfile::TempPath> {
        let extension = Path::new(path).extension().and_then(|it| it.to_str()).filter(|it| it.len() <= 8);
        let suffix = extension.map(|extension| format!(".{extension}")).unwrap_or_default();
        let copy = tempfile::Builder::new().prefix("callsift-").suffix(&suffix).tempfile()?;
        let (store, key) = (Arc::clone(&self.store), self.key(path)?);
        let (mut file, path) = copy.into_parts();
        wait(async move {
            let mut chunks = store.get(&key).await.map_err(io_error)?.into_stream();
            while let Some(chunk) = chunks.next().await {
                file.write_all(&chunk.map_err(io_error)?)?;
            }
            Ok(path)
        })
    }

    fn put(&self, path: &str, bytes: Bytes) -> io::Result<()> {
        let (store, key) = (Arc::clone(&self.store), self.key(path)?);
        if bytes.len() <= ONE_PUT_BYTES {
            let put = wait_within(CHANGE_TAKES, async move { store.put(&key, bytes.into()).await });
            return put.map(drop).map_err(io_error);
        }
        // Drafts alone are so large, and they are nobody else's.
        wait(async move {
            let upload = store.put_multipart(&key).await?;
            let mut upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
            for at in (0..bytes.len()).step_by(PART_BYTES) {
                upload.wait_for_capacity(PARTS_AT_ONCE).await?;
                upload.put(bytes.slice(at..bytes.len().min(at + PART_BYTES)));
            }
            upload.finish().await.map(drop)
        })
        .map_err(io_error)
    }

    fn head(&self, path: &str) -> io::Result<Option<ObjectMeta>> {
        let (store, key) = (Arc::clone(&self.store), self.key(path)?);
        if key.as_ref().is_empty() {
            return Ok(None);
        }
        match wait(async move { store.head(&key).await }) {
            Err(error) if is_gone(&error) => Ok(None),
            head => head.map(Some).map_err(io_error),
        }
    }

    /// The store's clock, once the store was tried; until then this machine's.
    fn clock(&self) -> Clock {
        self.clock.get().copied().unwrap_or_else(Clock::of_this_machine)
    }

    /// Whether there is anything below `path`.
    fn has_any(&self, path: &str) -> io::Result<bool> {
        let (store, key) = (Arc::clone(&self.store), self.key(path)?);
        wait(async move { store.list(Some(&key)).next().await.transpose() }).map(|it| it.is_some()).map_err(io_error)
    }

    pub(super) fn key(&self, path: &str) -> io::Result<Key> {
        let name = match (self.prefix.as_str(), path) {
            (prefix, "") => prefix.to_owned(),
            ("", path) => path.to_owned(),
            (prefix, path) => format!("{prefix}/{path}"),
        };
        Key::parse(name).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))
    }

    /// Makes a change, unless what this folder's changes rest on may have passed to others.
    fn change(&self, doing: Doing, path: &str, change: impl FnOnce() -> io::Result<()>) -> Result<(), StorageError> {
        self.leases.ensure().map_err(|source| failed(doing, path, source))?;
        change().inspect_err(|_| self.leases.doubt()).map_err(|source| failed(doing, path, source))?;
        #[cfg(debug_assertions)]
        crate::storage::pause::after(doing);
        Ok(())
    }
}

async fn read(
    store: Arc<dyn ObjectStore>,
    key: Key,
    path: String,
    at_most_bytes: u64,
) -> Result<Vec<u8>, StorageError> {
    let found = store.get_opts(&key, GetOptions::new()).await;
    let found = found.map_err(|error| failed(Doing::Read, &path, io_error(error)))?;
    if found.meta.size > at_most_bytes {
        return Err(too_large(&path, at_most_bytes));
    }
    let bytes = found.bytes().await.map_err(|error| failed(Doing::Read, &path, io_error(error)))?;
    Ok(bytes.into())
}

fn state(meta: &ObjectMeta) -> FileState {
    let changed_ms = i128::from(meta.last_modified.timestamp_millis());
    FileState { bytes: meta.size, changed_ns: changed_ms * 1_000_000 }
}
