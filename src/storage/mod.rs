//! Where datasets live: a local folder.

mod error;
mod folder;
#[cfg(test)]
mod fuse;
#[cfg(debug_assertions)]
mod pause;
#[cfg(test)]
mod power;

pub use error::{Doing, StorageError};
pub use folder::{Appender, Entry, Folder, Lock};
