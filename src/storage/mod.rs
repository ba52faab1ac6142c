//! Where files live: in folders of this machine, or (`s3://`) in buckets.

mod appender;
mod error;
mod file;
mod folder;
#[cfg(test)]
mod fuse;
mod local;
#[cfg(debug_assertions)]
mod pause;
mod place;
#[cfg(test)]
mod power;
#[cfg(feature = "s3")]
mod s3;

pub use appender::Appender;
pub use error::{Doing, StorageError};
pub use file::StoredFile;
pub use folder::{Entry, Folder, Lock};
pub use place::{FileState, Found, LocalCopy, fetch, from_folder, is_remote, look, names, open, real};
