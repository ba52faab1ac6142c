//! Folders as they are met: which one is which, and what files each holds.
//!
//! Files are known by 64-bit keys, so that a million of them are a few megabytes.

use super::identity::short;
use crate::storage::{FileState, Found, is_remote, look, names, real};
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// From so many folders on, those met before are forgotten, to be looked at again.
const MAX_FOLDERS: usize = 1 << 16;

/// The folders met in this run. What a folder holds is listed once.
#[derive(Debug, Default)]
pub(super) struct Folders {
    /// By path as written; only asked for single folders, never iterated.
    known: RwLock<HashMap<OsString, Arc<Folder>>>,
}

/// A folder: the same for every way to write its path.
#[derive(Debug)]
pub(super) struct Folder {
    identity: u64,
    /// Keys of what it holds, sorted.
    holds: OnceLock<Box<[u64]>>,
    /// How the files of a bucket stand, by key, sorted: to ask for each would be a request each.
    states: OnceLock<Box<[(u64, FileState)]>>,
}

impl Folder {
    /// The folder at `path`, symbolic links followed; of one that does not exist, its absolute path counts.
    pub(super) fn at(path: &Path) -> Self {
        let real = real(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
        Self::of(&real)
    }

    /// The folder whose real path is known.
    pub(super) fn of(real: &Path) -> Self {
        let identity = short(blake3::hash(real.as_os_str().as_encoded_bytes()));
        Self { identity, holds: OnceLock::new(), states: OnceLock::new() }
    }

    pub(super) fn identity(&self) -> u64 {
        self.identity
    }

    /// The key of the file `name` in it.
    pub(super) fn key(&self, name: &OsStr) -> u64 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.identity.to_le_bytes());
        hasher.update(name.as_encoded_bytes());
        short(hasher.finalize())
    }

    /// Notes what it holds.
    pub(super) fn fill(&self, mut keys: Vec<u64>) {
        keys.sort_unstable();
        // Two threads may list a folder at once; either list is good.
        let _ = self.holds.set(keys.into_boxed_slice());
    }

    /// Notes how its files stand.
    pub(super) fn fill_states(&self, mut states: Vec<(u64, FileState)>) {
        states.sort_unstable_by_key(|(key, _)| *key);
        let _ = self.states.set(states.into_boxed_slice());
    }

    /// Whether it held the file with this key when it was listed; `path` is where it is.
    fn holds(&self, key: u64, path: &Path) -> bool {
        if self.holds.get().is_none() {
            let entries = match names(path) {
                // Who may not list a bucket may still read what is in it.
                Err(_) if is_remote(path) => return true,
                entries => entries.unwrap_or_default(),
            };
            self.fill(entries.iter().map(|(name, _)| self.key(name)).collect());
            self.fill_states_of(&entries);
        }
        self.holds.get().is_some_and(|keys| keys.binary_search(&key).is_ok())
    }

    fn fill_states_of(&self, entries: &[(OsString, Option<Found>)]) {
        let state = |(name, found): &(OsString, Option<Found>)| match found {
            Some(Found::File(state)) => Some((self.key(name), *state)),
            _ => None,
        };
        self.fill_states(entries.iter().filter_map(state).collect());
    }

    /// How the file with this key stands, as the listing of the bucket's folder at `path` says it.
    fn listed(&self, key: u64, path: &Path) -> io::Result<Option<Found>> {
        if self.states.get().is_none() {
            self.fill_states_of(&names(path)?);
        }
        let states = self.states.get().map_or(&[][..], |states| states);
        let place = states.binary_search_by_key(&key, |(key, _)| *key);
        Ok(place.ok().map(|place| Found::File(states[place].1)))
    }
}

impl Folders {
    /// The folder at `path`.
    pub(super) fn at(&self, path: &Path) -> Arc<Folder> {
        if let Some(folder) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(path.as_os_str()) {
            return Arc::clone(folder);
        }
        let folder = Arc::new(Folder::at(path));
        self.remember(path.to_owned(), Arc::clone(&folder));
        folder
    }

    pub(super) fn remember(&self, path: PathBuf, folder: Arc<Folder>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_FOLDERS {
            known.clear();
        }
        known.insert(path.into_os_string(), folder);
    }

    /// The key of the file at `path`: the same for every way to write its folder.
    pub(super) fn key(&self, path: &Path) -> u64 {
        match path.file_name() {
            Some(name) => self.at(parent(path)).key(name),
            None => short(blake3::hash(path.as_os_str().as_encoded_bytes())),
        }
    }

    /// What stands at `path`, whose key is `key`. The folders of a bucket are listed once.
    pub(super) fn look(&self, path: &Path, key: u64) -> io::Result<Found> {
        let folder = parent(path);
        let listed = is_remote(path).then(|| self.at(folder).listed(key, folder));
        match listed {
            Some(Ok(found)) => found.ok_or_else(|| io::ErrorKind::NotFound.into()),
            // A folder of this machine, or a bucket that may be read and not listed.
            Some(Err(_)) | None => look(path),
        }
    }

    /// The key of the file `name` in `folder`, where there is one of that name.
    pub(super) fn find(&self, folder: &Path, name: &OsStr) -> Option<u64> {
        let known = self.at(folder);
        Some(known.key(name)).filter(|key| known.holds(*key, folder))
    }
}

/// The folder of a file; `.` for a bare name.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_key_however_its_folder_is_written() {
        let site = tempfile::tempdir().expect("a temporary folder");
        let root = site.path();
        std::fs::create_dir_all(root.join("a/b")).expect("made");
        std::fs::write(root.join("a/x.wav"), "").expect("written");
        let folders = Folders::default();
        let key = folders.key(&root.join("a/x.wav"));
        assert_eq!(folders.key(&root.join("a/b/../x.wav")), key);
        assert_eq!(folders.key(&root.join("./a/./x.wav")), key);
        assert_ne!(folders.key(&root.join("a/y.wav")), key);
        assert_ne!(folders.key(&root.join("a/b/x.wav")), key);
        assert_eq!(folders.find(&root.join("a"), OsStr::new("x.wav")), Some(key));
        assert_eq!(folders.find(&root.join("a"), OsStr::new("y.wav")), None);
        assert_eq!(folders.find(&root.join("gone"), OsStr::new("x.wav")), None);
    }
}
