//! Where datasets live: a local folder.

mod error;
mod folder;
#[cfg(test)]
mod fuse;

pub use error::{Doing, StorageError};
pub use folder::{Entry, Folder, Lock};
