//! Why a folder cannot be used.

use std::fmt;
use std::io;

/// Input or output that failed inside a folder.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {path}: {source}; {}", way_out(.source.kind()))]
pub struct StorageError {
    /// What was being done.
    pub doing: Doing,
    /// To what: a path relative to the folder, `/`-separated.
    pub path: String,
    /// Why it failed.
    pub source: io::Error,
}

/// What can be done in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Making a folder.
    CreateFolder,
    /// Listing a folder.
    List,
    /// Reading a file.
    Read,
    /// Writing a file and bringing it to disk.
    Write,
    /// Giving a file another name.
    Rename,
    /// Removing what was not finished.
    Remove,
    /// Bringing a folder's names to disk.
    Sync,
    /// Locking against other writers.
    Lock,
}

impl StorageError {
    /// Whether what was to be read or changed is not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }

    /// Stable code, snake_case: `unwritable`, `missing`, `disk_full`, `too_large`,
    /// `unsupported`, `overtaken` or `io`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.source.kind() {
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::AlreadyExists => "unwritable",
            io::ErrorKind::NotFound => "missing",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk_full",
            io::ErrorKind::FileTooLarge => "too_large",
            io::ErrorKind::Unsupported => "unsupported",
            io::ErrorKind::StaleNetworkFileHandle => "overtaken",
            _ => "io",
        }
    }
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CreateFolder => "make folder",
            Self::List => "list folder",
            Self::Read => "read",
            Self::Write => "write",
            Self::Rename => "put in place",
            Self::Remove => "remove",
            Self::Sync => "bring to disk",
            Self::Lock => "lock",
        })
    }
}

fn way_out(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "let the user who runs callsift, or its credentials, read and write there, or choose another place"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file stands where a folder must be: choose another folder"
        }
        io::ErrorKind::NotFound => "was it moved or deleted meanwhile? restore it, or choose another folder",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space and run the same command again",
        io::ErrorKind::FileTooLarge => "it was not written by callsift: move it away",
        io::ErrorKind::Unsupported => "choose another place",
        _ => "run the same command again; should it fail again, check the disk or the network",
    }
}

/// The folder of `path`.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

pub(super) fn failed(doing: Doing, path: &str, source: io::Error) -> StorageError {
    let path = if path.is_empty() { "." } else { path };
    StorageError { doing, path: path.to_owned(), source }
}

pub(super) fn too_large(path: &str, at_most_bytes: u64) -> StorageError {
    failed(Doing::Read, path, io::Error::new(io::ErrorKind::FileTooLarge, format!("over {at_most_bytes} bytes")))
}
