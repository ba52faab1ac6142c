//! A file that is read, wherever it is.

use bytes::Bytes;
use std::fs::File;
use std::io::{self, Read};

/// A file that is open for reading. Of an object of a bucket only what is read is fetched, by blocks, once.
#[derive(Debug)]
pub struct StoredFile(Kind);

#[derive(Debug)]
enum Kind {
    Local(File),
    #[cfg(feature = "s3")]
    Object(super::s3::Object),
}

impl From<File> for StoredFile {
    fn from(file: File) -> Self {
        Self(Kind::Local(file))
    }
}

#[cfg(feature = "s3")]
impl From<super::s3::Object> for StoredFile {
    fn from(object: super::s3::Object) -> Self {
        Self(Kind::Object(object))
    }
}

impl StoredFile {
    /// Its size, bytes.
    ///
    /// # Errors
    /// Where that cannot be told.
    pub fn size(&self) -> io::Result<u64> {
        match &self.0 {
            Kind::Local(file) => Ok(file.metadata()?.len()),
            #[cfg(feature = "s3")]
            Kind::Object(object) => Ok(object.size()),
        }
    }

    /// Another handle of it.
    ///
    /// # Errors
    /// Where the system gives none.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(match &self.0 {
            Kind::Local(file) => file.try_clone()?.into(),
            #[cfg(feature = "s3")]
            Kind::Object(object) => object.clone().into(),
        })
    }
}

impl Read for StoredFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Local(file) => file.read(buffer),
            #[cfg(feature = "s3")]
            Kind::Object(object) => object.read(buffer),
        }
    }
}

impl parquet::file::reader::Length for StoredFile {
    fn len(&self) -> u64 {
        // A file whose size cannot be told is empty to the reader, which says so.
        self.size().unwrap_or_default()
    }
}

impl parquet::file::reader::ChunkReader for StoredFile {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        Ok(match &self.0 {
            Kind::Local(file) => Box::new(file.get_read(start)?),
            #[cfg(feature = "s3")]
            Kind::Object(object) => Box::new(io::BufReader::new(object.from(start))),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        match &self.0 {
            Kind::Local(file) => file.get_bytes(start, length),
            #[cfg(feature = "s3")]
            Kind::Object(object) => Ok(object.read_at(start, length)?.into()),
        }
    }
}
