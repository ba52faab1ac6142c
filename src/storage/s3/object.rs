//! An object that is read like a file: what is asked for is fetched by blocks, once, into a file that has no name.

use super::Bucket;
use super::reach::{io_error, is_gone, wait};
use bytes::Bytes;
use object_store::path::Path as Key;
use object_store::{Error, GetOptions, ObjectStore, ObjectStoreExt};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// So much is fetched at a time; most files of a dataset are less.
const BLOCK_BYTES: u64 = 8 << 20;

/// An object, open for reading from some place.
#[derive(Clone, Debug)]
pub(in crate::storage) struct Object {
    source: Arc<Source>,
    at: u64,
}

#[derive(Debug)]
struct Source {
    store: Arc<dyn ObjectStore>,
    key: Key,
    bytes: u64,
    /// All blocks must be of this version.
    e_tag: Option<String>,
    fetched: Mutex<Fetched>,
}

/// What was fetched, each block in its place.
#[derive(Debug)]
struct Fetched {
    file: File,
    blocks: Vec<bool>,
}

impl Object {
    /// The object `path` in `bucket`; its first block is fetched.
    pub(in crate::storage) fn open(bucket: &Bucket, path: &str) -> io::Result<Self> {
        let (store, key) = (Arc::clone(&bucket.store), bucket.key(path)?);
        let first = wait({
            let (store, key) = (Arc::clone(&store), key.clone());
            async move { first_block(&store, &key).await }
        });
        let (bytes, e_tag, block) = first.map_err(io_error)?;
        let mut file = tempfile::tempfile()?;
        file.write_all(&block)?;
        let mut blocks = vec![false; bytes.div_ceil(BLOCK_BYTES) as usize];
        if let Some(first) = blocks.first_mut() {
            *first = true;
        }
        let source = Source { store, key, bytes, e_tag, fetched: Mutex::new(Fetched { file, blocks }) };
        Ok(Self { source: Arc::new(source), at: 0 })
    }

    pub(in crate::storage) fn size(&self) -> u64 {
        self.source.bytes
    }

    /// The object, to be read from `start` on.
    pub(in crate::storage) fn from(&self, start: u64) -> Self {
        Self { source: Arc::clone(&self.source), at: start }
    }

    /// `length` bytes from `start` on.
    pub(in crate::storage) fn read_at(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.from(start).read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for Object {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.source.bytes.min(self.at.saturating_add(buffer.len() as u64));
        if self.at >= end {
            return Ok(0);
        }
        let buffer = &mut buffer[..(end - self.at) as usize];
        let mut fetched = self.source.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        self.source.fetch(&mut fetched, self.at..end)?;
        fetched.file.seek(SeekFrom::Start(self.at))?;
        fetched.file.read_exact(buffer)?;
        self.at = end;
        Ok(buffer.len())
    }
}

impl Source {
    /// Fetches what of `range` is not there, neighbouring blocks together.
    fn fetch(&self, fetched: &mut Fetched, range: Range<u64>) -> io::Result<()> {
        let last = (range.end - 1) / BLOCK_BYTES;
        let mut block = range.start / BLOCK_BYTES;
        while block <= last {
            let missing = (block..=last).take_while(|block| !fetched.blocks[*block as usize]).count() as u64;
            if missing > 0 {
                let span = block * BLOCK_BYTES..((block + missing) * BLOCK_BYTES).min(self.bytes);
                let bytes = self.get(span.clone())?;
                fetched.file.seek(SeekFrom::Start(span.start))?;
                fetched.file.write_all(&bytes)?;
                fetched.blocks[block as usize..(block + missing) as usize].fill(true);
            }
            block += missing.max(1);
        }
        Ok(())
    }

    fn get(&self, span: Range<u64>) -> io::Result<Bytes> {
        let (store, key) = (Arc::clone(&self.store), self.key.clone());
        let options = GetOptions::new().with_if_match(self.e_tag.clone()).with_range(Some(span.clone()));
        let bytes = wait(async move { store.get_opts(&key, options).await?.bytes().await }).map_err(io_error)?;
        let is_whole = bytes.len() as u64 == span.end - span.start;
        if is_whole { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// The object's size, its version, and its first block.
async fn first_block(store: &Arc<dyn ObjectStore>, key: &Key) -> Result<(u64, Option<String>, Bytes), Error> {
    let options = GetOptions::new().with_range(Some(0..BLOCK_BYTES));
    match store.get_opts(key, options).await {
        Ok(got) => {
            let (bytes, e_tag) = (got.meta.size, got.meta.e_tag.clone());
            Ok((bytes, e_tag, got.bytes().await?))
        }
        Err(error) if is_gone(&error) => Err(error),
        // Of an empty object there is no range.
        Err(error) => {
            let meta = store.head(key).await?;
            if meta.size == 0 { Ok((0, meta.e_tag, Bytes::new())) } else { Err(error) }
        }
    }
}
