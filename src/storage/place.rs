//! Files that people name by their paths: of this machine, or objects of a bucket (`s3://bucket/name`).

#![expect(clippy::disallowed_methods, reason = "an edge: it is here that what a path names is looked at")]

use super::error::StorageError;
use super::file::StoredFile;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What a path of an object begins with.
const S3: &str = "s3://";

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File(FileState),
    /// A folder, or a prefix of names of a bucket.
    Folder,
    /// Neither.
    Other,
}

/// What tells, without reading a file, that it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Its size.
    pub bytes: u64,
    /// When it was changed last, ns since 1970 UTC; 0 where that is not kept.
    pub changed_ns: i128,
}

/// Whether the path names an object of a bucket, or a prefix of such names.
#[must_use]
pub fn is_remote(path: &Path) -> bool {
    s3_url(path).is_some()
}

/// `path` as text, where it is `s3://…`.
pub(super) fn s3_url(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| text.starts_with(S3))
}

/// What stands at `path`; symbolic links are followed.
///
/// # Errors
/// Nothing does (`NotFound`), or it cannot be looked at.
pub fn look(path: &Path) -> io::Result<Found> {
    if let Some(url) = s3_url(path) {
        return remote::look(url);
    }
    let data = std::fs::metadata(path)?;
    Ok(match () {
        () if data.is_file() => Found::File(FileState { bytes: data.len(), changed_ns: changed_ns(&data) }),
        () if data.is_dir() => Found::Folder,
        () => Found::Other,
    })
}

/// The names of what is in the folder `path`, in no order; of a bucket with what tells of their changes.
///
/// # Errors
/// It is not there, or cannot be listed.
pub fn names(path: &Path) -> io::Result<Vec<(OsString, Option<Found>)>> {
    if let Some(url) = s3_url(path) {
        return remote::names(url);
    }
    Ok(std::fs::read_dir(path)?.flatten().map(|entry| (entry.file_name(), None)).collect())
}

/// What `path`, as somebody wrote it, names from `folder`: an object of a bucket is where its name says.
#[must_use]
pub fn from_folder(folder: &Path, path: &str) -> PathBuf {
    if is_remote(Path::new(path)) { PathBuf::from(path) } else { folder.join(path) }
}

/// The path of the folder `path` without detours: the same for every way to write it.
///
/// # Errors
/// Nothing is there. Of a bucket that is not asked.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    match s3_url(path) {
        Some(url) => Ok(PathBuf::from(plain_url(url))),
        None => path.canonicalize(),
    }
}

/// The file at `path`, open for reading.
///
/// # Errors
/// It is not there, or cannot be read.
pub fn open(path: &Path) -> io::Result<StoredFile> {
    match s3_url(path) {
        Some(url) => remote::open(url),
        None => File::open(path).map(StoredFile::from),
    }
}

/// A file of this machine with the bytes of another: itself, or a copy that goes when this is dropped.
#[derive(Debug)]
pub struct LocalCopy<'a> {
    path: &'a Path,
    copy: Option<tempfile::TempPath>,
}

impl LocalCopy<'_> {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.copy.as_deref().unwrap_or(self.path)
    }
}

/// The file at `path`, to be read as a file of this machine. An object of a bucket is copied into the system's folder for temporary files,
/// readable for this user alone, with the extension of its name.
///
/// # Errors
/// It is not there, cannot be read, or there is no room for the copy.
pub fn fetch(path: &Path) -> io::Result<LocalCopy<'_>> {
    let copy = s3_url(path).map(remote::fetch).transpose()?;
    Ok(LocalCopy { path, copy })
}

/// `s3://bucket/name` without empty parts and `.`, and with `..` taken for the part before it.
fn plain_url(url: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in url[S3.len()..].split('/').filter(|part| !part.is_empty() && *part != ".") {
        match part {
            // The bucket stays.
            ".." if parts.len() > 1 => drop(parts.pop()),
            ".." => {}
            _ => parts.push(part),
        }
    }
    format!("{S3}{}", parts.join("/"))
}

fn changed_ns(data: &std::fs::Metadata) -> i128 {
    // Where a file system keeps no times, the size must do.
    data.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    })
}

/// That buckets are out of reach.
#[cfg(not(feature = "s3"))]
pub(super) fn without_s3() -> StorageError {
    super::error::failed(super::error::Doing::Read, "", remote::unsupported())
}

#[cfg(feature = "s3")]
mod remote {
    use super::{Found, OsString, StorageError, StoredFile, io, plain_url};
    use crate::storage::s3::{Bucket, Object, split};

    fn bucket(url: &str) -> io::Result<(Bucket, String)> {
        let url = plain_url(url);
        let (bucket, name) = split(&url);
        let opened = Bucket::at(&format!("{}{bucket}", super::S3)).map_err(|error: StorageError| error.source)?;
        Ok((opened, name.to_owned()))
    }

    pub(super) fn look(url: &str) -> io::Result<Found> {
        let (bucket, name) = bucket(url)?;
        bucket.look(&name)
    }

    pub(super) fn names(url: &str) -> io::Result<Vec<(OsString, Option<Found>)>> {
        let (bucket, name) = bucket(url)?;
        bucket.names(&name)
    }

    pub(super) fn open(url: &str) -> io::Result<StoredFile> {
        let (bucket, name) = bucket(url)?;
        Ok(Object::open(&bucket, &name)?.into())
    }

    pub(super) fn fetch(url: &str) -> io::Result<tempfile::TempPath> {
        let (bucket, name) = bucket(url)?;
        bucket.fetch(&name)
    }
}

#[cfg(not(feature = "s3"))]
mod remote {
    use super::{Found, OsString, StoredFile, io};

    pub(super) fn unsupported() -> io::Error {
        io::Error::new(io::ErrorKind::Unsupported, "this callsift was built without the feature s3, which reads s3://")
    }

    pub(super) fn look(_: &str) -> io::Result<Found> {
        Err(unsupported())
    }

    pub(super) fn names(_: &str) -> io::Result<Vec<(OsString, Option<Found>)>> {
        Err(unsupported())
    }

    pub(super) fn open(_: &str) -> io::Result<StoredFile> {
        Err(unsupported())
    }

    pub(super) fn fetch(_: &str) -> io::Result<tempfile::TempPath> {
        Err(unsupported())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_one_plain_form() {
        let cases = [
            ("s3://b", "s3://b"),
            ("s3://b/", "s3://b"),
            ("s3://b/a//x.wav", "s3://b/a/x.wav"),
            ("s3://b/./a/../c/x.wav", "s3://b/c/x.wav"),
            ("s3://b/../../x.wav", "s3://b/x.wav"),
        ];
        for (url, plain) in cases {
            assert_eq!(plain_url(url), plain, "{url}");
        }
        assert!(is_remote(Path::new("s3://b/x")) && !is_remote(Path::new("s3:/b/x")) && !is_remote(Path::new("b/x")));
    }
}
