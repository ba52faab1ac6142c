//! What grows at its end.

use super::error::{Doing, StorageError, failed};
use std::fs::File;
use std::io::Write as _;

/// A file that only grows.
#[derive(Debug)]
pub struct Appender(Kind);

#[derive(Debug)]
enum Kind {
    File {
        file: File,
        path: String,
    },
    #[cfg(feature = "s3")]
    Object(super::s3::Whole),
}

impl Appender {
    pub(super) fn to_file(file: File, path: &str) -> Self {
        Self(Kind::File { file, path: path.to_owned() })
    }

    #[cfg(feature = "s3")]
    pub(super) fn to_object(object: super::s3::Whole) -> Self {
        Self(Kind::Object(object))
    }

    /// Whether it is written anew with each addition: then what stands there should be [kept short](Appender::replace).
    #[must_use]
    pub const fn is_written_anew(&self) -> bool {
        match &self.0 {
            Kind::File { .. } => false,
            #[cfg(feature = "s3")]
            Kind::Object(_) => true,
        }
    }

    /// Appends `bytes` in one step. They outlive this process, not a loss of power.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn append(&self, bytes: &[u8]) -> Result<(), StorageError> {
        match &self.0 {
            Kind::File { file, path } => (&*file).write_all(bytes).map_err(|source| failed(Doing::Write, path, source)),
            #[cfg(feature = "s3")]
            Kind::Object(object) => object.append(bytes),
        }
    }

    /// Puts what `all` gives in place of what stands there, if it [is written anew](Appender::is_written_anew) anyhow, and appends it
    /// else. What threads ask for while one is writing is written in one step.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn replace(&self, all: &dyn Fn() -> Vec<u8>) -> Result<(), StorageError> {
        match &self.0 {
            Kind::File { .. } => self.append(&all()),
            #[cfg(feature = "s3")]
            Kind::Object(object) => object.replace(all),
        }
    }
}
