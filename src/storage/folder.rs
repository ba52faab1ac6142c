//! A place through which every file of a dataset is written and read.

use super::appender::Appender;
use super::error::StorageError;
use super::file::StoredFile;
use super::local::Local;
use super::place::{is_remote, s3_url};
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// A folder, of this machine or (`s3://bucket/prefix`, feature `s3`) of a bucket. Paths inside it are relative and `/`-separated; errors
/// name them so.
///
/// A bucket knows no folders, only names, and writes no file in part: there, making, removing and syncing folders does nothing.
#[derive(Debug)]
pub struct Folder(Kind);

#[derive(Debug)]
enum Kind {
    Local(Local),
    #[cfg(feature = "s3")]
    Bucket(super::s3::Bucket),
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// A lock on a file, held until it is dropped or its process ends, however it ends; in a bucket, 45 s longer.
#[derive(Debug)]
pub struct Lock {
    held: Held,
}

#[derive(Debug)]
enum Held {
    /// The system releases it with the file.
    File(#[expect(dead_code, reason = "it is held, no more")] File),
    #[cfg(feature = "s3")]
    Lease(super::s3::Held),
}

impl Lock {
    /// Whether who had it before was taken for dead, and may still be about to do something.
    #[must_use]
    pub(crate) fn was_abandoned(&self) -> bool {
        match &self.held {
            Held::File(_) => false,
            #[cfg(feature = "s3")]
            Held::Lease(held) => held.was_abandoned(),
        }
    }
}

impl From<File> for Lock {
    fn from(file: File) -> Self {
        Self { held: Held::File(file) }
    }
}

#[cfg(feature = "s3")]
impl From<super::s3::Held> for Lock {
    fn from(held: super::s3::Held) -> Self {
        Self { held: Held::Lease(held) }
    }
}

/// Does with the place what `$folder` stands for what `$call` says.
macro_rules! with {
    ($self:ident, $folder:ident => $call:expr) => {
        match &$self.0 {
            Kind::Local($folder) => $call,
            #[cfg(feature = "s3")]
            Kind::Bucket($folder) => $call,
        }
    };
}

impl Folder {
    /// The folder `root`, which need not be there yet.
    ///
    /// # Errors
    /// `root` is `s3://…` and names no bucket, or there are no credentials for it, or this callsift was built without the feature `s3`.
    pub fn at(root: &Path) -> Result<Self, StorageError> {
        match s3_url(root) {
            None => Ok(Self::local(root)),
            #[cfg(feature = "s3")]
            Some(url) => Ok(Self(Kind::Bucket(super::s3::Bucket::at(url)?))),
            #[cfg(not(feature = "s3"))]
            Some(_) => Err(super::place::without_s3()),
        }
    }

    /// The folder `root` of this machine, which need not be there yet.
    #[must_use]
    pub fn local(root: &Path) -> Self {
        Self(Kind::Local(Local::at(root)))
    }

    /// The folder at `root`, made for its owner alone where it is not there; where a system knows no such thing, for everybody. Who reads a
    /// bucket is for its policy to say.
    ///
    /// # Errors
    /// It cannot be made, or others may read it.
    pub fn of_owner(root: &Path) -> Result<Self, StorageError> {
        if is_remote(root) { Self::at(root) } else { Ok(Self(Kind::Local(Local::of_owner(root)?))) }
    }

    /// Refuses a store that does not do what several writers rely on: to write a file only where it is not there, or is still the one that
    /// was read.
    ///
    /// # Errors
    /// It does not (code `unsupported`), or it cannot be tried.
    pub fn must_keep_conditions(&self) -> Result<(), StorageError> {
        match &self.0 {
            Kind::Local(_) => Ok(()),
            #[cfg(feature = "s3")]
            Kind::Bucket(bucket) => bucket.must_keep_conditions(),
        }
    }

    /// Whether the folder itself is there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        with!(self, folder => folder.is_there())
    }

    /// Refuses a folder that is not there.
    ///
    /// # Errors
    /// It is not, or is a file.
    pub fn must_be_there(&self) -> Result<(), StorageError> {
        with!(self, folder => folder.must_be_there())
    }

    /// What is in `folder` (empty text: the folder itself), by name; nothing where it is not there.
    ///
    /// # Errors
    /// Where it cannot be listed, or is a file.
    pub fn list(&self, folder: &str) -> Result<Vec<Entry>, StorageError> {
        with!(self, it => it.list(folder))
    }

    /// Whether the file `path` is there, and how many bytes it has.
    ///
    /// # Errors
    /// Where that cannot be told.
    pub fn size(&self, path: &str) -> Result<Option<u64>, StorageError> {
        with!(self, folder => folder.size(path))
    }

    /// When the file `path` was written last; `None` where it is not there.
    ///
    /// # Errors
    /// Where that cannot be told.
    pub fn modified(&self, path: &str) -> Result<Option<SystemTime>, StorageError> {
        with!(self, folder => folder.modified(path))
    }

    /// Whether the folder `path` is there.
    ///
    /// # Errors
    /// Where that cannot be told.
    pub fn is_folder(&self, path: &str) -> Result<bool, StorageError> {
        with!(self, folder => folder.is_folder(path))
    }

    /// The bytes of the file `path`.
    ///
    /// # Errors
    /// Where it cannot be read, or has more than `at_most_bytes`.
    pub fn read(&self, path: &str, at_most_bytes: u64) -> Result<Vec<u8>, StorageError> {
        with!(self, folder => folder.read(path, at_most_bytes))
    }

    /// The file `path`, open for reading.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn open(&self, path: &str) -> Result<StoredFile, StorageError> {
        match &self.0 {
            Kind::Local(local) => Ok(local.open(path)?.into()),
            #[cfg(feature = "s3")]
            Kind::Bucket(bucket) => Ok(bucket.open(path)?.into()),
        }
    }

    /// Makes the folder `path` with those above it, and brings the names of new ones to disk.
    ///
    /// # Errors
    /// Where one of them cannot be made.
    pub fn create_folder(&self, path: &str) -> Result<(), StorageError> {
        self.of_names(|local| local.create_folder(path))
    }

    /// Writes the file `path` anew and brings its bytes to disk. Its name is brought there by [`Folder::sync_folder`].
    ///
    /// # Errors
    /// Where it cannot be written; a part of it may be there then.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        with!(self, folder => folder.write(path, bytes))
    }

    /// Writes the file `path` so that it has its old bytes or the new ones, never a part of them, by way of the file
    /// `draft` in the same folder tree.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn replace(&self, path: &str, bytes: &[u8], draft: &str) -> Result<(), StorageError> {
        with!(self, folder => folder.replace(path, bytes, draft))
    }

    /// Writes the file `path` whole if it is not there, by way of `draft`; says whether it wrote it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn put_if_absent(&self, path: &str, bytes: &[u8], draft: &str) -> Result<bool, StorageError> {
        with!(self, folder => folder.put_if_absent(path, bytes, draft))
    }

    /// As [`Folder::put_if_absent`], but leaves it to the system when the file comes to disk: until then a loss of power may take it, or a
    /// part of it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn put_unsynced_if_absent(&self, path: &str, bytes: &[u8], draft: &str) -> Result<(), StorageError> {
        with!(self, folder => folder.put_unsynced_if_absent(path, bytes, draft))
    }

    /// Writes the file `path` anew with all that `source` gives, however much that is, and leaves it to the system when it comes to disk.
    ///
    /// # Errors
    /// Where the source cannot be read or the file cannot be written; a part of it may be there then.
    pub fn write_unsynced(&self, path: &str, source: &mut dyn io::Read) -> Result<(), StorageError> {
        with!(self, folder => folder.write_unsynced(path, source))
    }

    /// A file without a name, in the folder `folder` (of a bucket: on this machine), to write and read again: it is gone once it is closed,
    /// however that comes.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn nameless(&self, folder: &str) -> Result<File, StorageError> {
        with!(self, it => it.nameless(folder))
    }

    /// Makes the empty file `path`, if it is not there, and brings its name to disk.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn put_empty(&self, path: &str) -> Result<(), StorageError> {
        with!(self, folder => folder.put_empty(path))
    }

    /// Gives the file `from` the name `to`, in place of any file of that name. In a bucket that is a copy, made there, and a removal: for a
    /// moment both names are there.
    ///
    /// # Errors
    /// Where that fails.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        with!(self, folder => folder.rename(from, to))
    }

    /// Gives the file `from`, which was put there if nothing was, the name `to`. In a bucket `from` stays too: so what is late finds it there.
    ///
    /// # Errors
    /// Where that fails.
    pub fn mark(&self, from: &str, to: &str) -> Result<(), StorageError> {
        with!(self, folder => folder.mark(from, to))
    }

    /// Makes sure that this folder's locks are still held: in a bucket they pass to others where their holder is silent.
    ///
    /// # Errors
    /// One is not (code `overtaken`), or the store is out of reach.
    pub fn confirm(&self) -> Result<(), StorageError> {
        match &self.0 {
            Kind::Local(_) => Ok(()),
            #[cfg(feature = "s3")]
            Kind::Bucket(bucket) => bucket.confirm(),
        }
    }

    /// Removes the file or folder `path` with all that is in it; fine where it is not there.
    ///
    /// # Errors
    /// Where it cannot be removed.
    pub fn remove(&self, path: &str) -> Result<(), StorageError> {
        with!(self, folder => folder.remove(path))
    }

    /// Removes the folder `path` if nothing is in it; fine where something is, or it is not there.
    ///
    /// # Errors
    /// Where it cannot be removed for another reason.
    pub fn remove_if_empty(&self, path: &str) -> Result<(), StorageError> {
        self.of_names(|local| local.remove_if_empty(path))
    }

    /// Brings the names in `folder` to disk.
    ///
    /// # Errors
    /// Where that fails.
    pub fn sync_folder(&self, folder: &str) -> Result<(), StorageError> {
        self.of_names(|local| local.sync_folder(folder))
    }

    /// The file `path`, made where it is not there, to append to.
    ///
    /// # Errors
    /// Where it cannot be opened for that.
    pub fn appender(&self, path: &str) -> Result<Appender, StorageError> {
        with!(self, folder => folder.appender(path))
    }

    /// Appends to the file `path`, made where it is not there, for [`Folder::read_parts`]: in a bucket, where nothing can be appended to,
    /// as a file of its own.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn append_part(&self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        with!(self, folder => folder.append_part(path, bytes))
    }

    /// All that [`Folder::append_part`] appended to `path` and [`Folder::replace_parts`] left there, and in how many files it is.
    ///
    /// # Errors
    /// As [`Folder::read`]; not where nothing is there.
    pub fn read_parts(&self, path: &str, at_most_bytes: u64) -> Result<(Vec<u8>, usize), StorageError> {
        with!(self, folder => folder.read_parts(path, at_most_bytes))
    }

    /// Puts `bytes` in place of what [`Folder::append_part`] appended; as [`Folder::replace`].
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn replace_parts(&self, path: &str, bytes: &[u8], draft: &str) -> Result<(), StorageError> {
        with!(self, folder => folder.replace_parts(path, bytes, draft))
    }

    /// The files `paths`, as [`Folder::read`] reads each; of a bucket, many at a time.
    ///
    /// # Errors
    /// Of each, as [`Folder::read`].
    pub fn read_each(&self, paths: &[String], at_most_bytes: u64) -> Vec<Result<Vec<u8>, StorageError>> {
        match &self.0 {
            Kind::Local(local) => paths.iter().map(|path| local.read(path, at_most_bytes)).collect(),
            #[cfg(feature = "s3")]
            Kind::Bucket(bucket) => bucket.read_each(paths, at_most_bytes),
        }
    }

    /// Locks the file `path`, made where it is not there, once no other process or handle holds the lock.
    ///
    /// # Errors
    /// Where it cannot be made, or the file system has no locks.
    pub fn wait_for_lock(&self, path: &str) -> Result<Lock, StorageError> {
        with!(self, folder => folder.wait_for_lock(path))
    }

    /// Locks the file `path`, made where it is not there; `None` where another process or handle holds the lock.
    ///
    /// # Errors
    /// Where it cannot be made, or the file system has no locks.
    pub fn lock(&self, path: &str) -> Result<Option<Lock>, StorageError> {
        with!(self, folder => folder.lock(path))
    }

    /// Whether the file `path` is there and someone holds its lock.
    #[must_use]
    pub fn is_locked(&self, path: &str) -> bool {
        with!(self, folder => folder.is_locked(path))
    }

    /// Does what only a folder with names of its own needs.
    fn of_names(&self, work: impl FnOnce(&Local) -> Result<(), StorageError>) -> Result<(), StorageError> {
        match &self.0 {
            Kind::Local(local) => work(local),
            #[cfg(feature = "s3")]
            Kind::Bucket(_) => Ok(()),
        }
    }

    /// A folder of a bucket in memory, whose clock is `ahead` of the machine's: what others hold looks so much older.
    #[cfg(all(test, feature = "s3"))]
    pub(crate) fn in_memory(store: std::sync::Arc<dyn object_store::ObjectStore>, ahead: std::time::Duration) -> Self {
        Self(Kind::Bucket(super::s3::Bucket::in_memory(store, ahead)))
    }

    #[cfg(test)]
    pub(crate) fn as_local(&self) -> &Local {
        match &self.0 {
            Kind::Local(local) => local,
            #[cfg(feature = "s3")]
            Kind::Bucket(_) => panic!("a bucket"),
        }
    }
}
