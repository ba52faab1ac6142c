//! A folder of this machine.

#![expect(clippy::disallowed_methods, reason = "an edge: it is the folder through which files are touched")]

use super::appender::Appender;
use super::error::{Doing, StorageError, failed, parent, too_large};
use super::folder::{Entry, Lock};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder of this machine. What its methods do stands with those of [`super::Folder`], by the same names.
#[derive(Debug)]
pub(crate) struct Local {
    root: PathBuf,
    #[cfg(test)]
    pub(crate) fuse: super::fuse::Fuse,
    #[cfg(test)]
    pub(crate) unsynced: super::power::Unsynced,
}

impl Local {
    pub(super) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            #[cfg(test)]
            fuse: super::fuse::Fuse::default(),
            #[cfg(test)]
            unsynced: super::power::Unsynced::default(),
        }
    }

    pub(super) fn is_there(&self) -> bool {
        self.root.is_dir()
    }

    pub(super) fn list(&self, folder: &str) -> Result<Vec<Entry>, StorageError> {
        match self.entries(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            entries => entries.map_err(|source| failed(Doing::List, folder, source)),
        }
    }

    pub(super) fn size(&self, path: &str) -> Result<Option<u64>, StorageError> {
        match fs::metadata(self.root.join(path)) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(Doing::Read, path, error)),
        }
    }

    pub(super) fn modified(&self, path: &str) -> Result<Option<SystemTime>, StorageError> {
        match fs::metadata(self.root.join(path)).and_then(|found| found.modified()) {
            Ok(modified) => Ok(Some(modified)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(Doing::Read, path, error)),
        }
    }

    pub(super) fn is_folder(&self, path: &str) -> Result<bool, StorageError> {
        Ok(self.root.join(path).is_dir())
    }

    pub(super) fn read(&self, path: &str, at_most_bytes: u64) -> Result<Vec<u8>, StorageError> {
        let mut bytes = Vec::new();
        let mut file = self.open(path)?.take(at_most_bytes.saturating_add(1));
        file.read_to_end(&mut bytes).map_err(|source| failed(Doing::Read, path, source))?;
        if bytes.len() as u64 > at_most_bytes {
            return Err(too_large(path, at_most_bytes));
        }
        Ok(bytes)
    }

    pub(super) fn open(&self, path: &str) -> Result<File, StorageError> {
        File::open(self.root.join(path)).map_err(|source| failed(Doing::Read, path, source))
    }

    pub(super) fn create_folder(&self, path: &str) -> Result<(), StorageError> {
        if self.root.join(path).is_dir() {
            return Ok(());
        }
        match path.rsplit_once('/') {
            Some((parent, _)) => self.create_folder(parent)?,
            None if !path.is_empty() => self.create_folder("")?,
            None => {}
        }
        #[cfg(test)]
        self.unsynced.makes(parent(path), &self.root.join(path));
        self.change(Doing::CreateFolder, path, || match path {
            "" => fs::create_dir_all(&self.root),
            _ => match fs::create_dir(self.root.join(path)) {
                // Another thread or process was faster.
                Err(_) if self.root.join(path).is_dir() => Ok(()),
                made => made,
            },
        })?;
        if path.is_empty() { Ok(()) } else { self.sync_folder(parent(path)) }
    }

    pub(super) fn of_owner(root: &Path) -> Result<Self, StorageError> {
        let folder = Self::at(root);
        if !folder.is_there() {
            folder.change(Doing::CreateFolder, "", || {
                let above = root.parent().filter(|above| !above.as_os_str().is_empty());
                above.map_or(Ok(()), fs::create_dir_all)?;
                let mut maker = fs::DirBuilder::new();
                // Not made and then closed: another process that comes in between would refuse it.
                #[cfg(unix)]
                std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
                ignore(io::ErrorKind::AlreadyExists, maker.create(root))
            })?;
        }
        folder.refuse_others()?;
        Ok(folder)
    }

    pub(super) fn must_be_there(&self) -> Result<(), StorageError> {
        fs::read_dir(&self.root).map(drop).map_err(|source| failed(Doing::List, "", source))
    }

    fn refuse_others(&self) -> Result<(), StorageError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&self.root).map_err(|source| failed(Doing::Read, "", source))?.permissions().mode();
            if mode & 0o077 != 0 {
                let open = io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    "others may read the folder: chmod 700 it, or name a new one",
                );
                return Err(failed(Doing::Write, "", open));
            }
        }
        Ok(())
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        #[cfg(test)]
        if self.fuse.is_last() {
            let _ = fs::write(self.root.join(path), &bytes[..bytes.len() / 2]);
        }
        #[cfg(test)]
        self.unsynced.makes(parent(path), &self.root.join(path));
        self.change(Doing::Write, path, || {
            let mut file = File::create(self.root.join(path))?;
            file.write_all(bytes)?;
            sync_file(&file)
        })
    }

    pub(super) fn replace(&self, path: &str, bytes: &[u8], draft: &str) -> Result<(), StorageError> {
        self.write(draft, bytes)?;
        self.rename(draft, path)?;
        self.sync_folder(parent(path))
    }

    pub(super) fn put_if_absent(&self, path: &str, bytes: &[u8], draft: &str) -> Result<bool, StorageError> {
        if self.size(path)?.is_some() {
            return Ok(false);
        }
        self.write(draft, bytes)?;
        let mut was_absent = true;
        #[cfg(test)]
        self.unsynced.renames(parent(path), &self.root.join(draft), &self.root.join(path));
        self.change(Doing::Rename, path, || {
            // Over a network a link may be made whose answer is lost, and asked for again.
            was_absent = self.link_or_rename(draft, path)? || fs::read(self.root.join(path))? == bytes;
            Ok(())
        })?;
        self.sync_folder(parent(path))?;
        Ok(was_absent)
    }

    pub(super) fn put_unsynced_if_absent(&self, path: &str, bytes: &[u8], draft: &str) -> Result<(), StorageError> {
        #[cfg(test)]
        self.unsynced.makes(parent(draft), &self.root.join(draft));
        self.change(Doing::Write, draft, || fs::write(self.root.join(draft), bytes))?;
        #[cfg(test)]
        self.unsynced.renames(parent(path), &self.root.join(draft), &self.root.join(path));
        self.change(Doing::Rename, path, || self.link_or_rename(draft, path).map(drop))
    }

    pub(super) fn write_unsynced(&self, path: &str, source: &mut dyn io::Read) -> Result<(), StorageError> {
        #[cfg(test)]
        self.unsynced.makes(parent(path), &self.root.join(path));
        self.change(Doing::Write, path, || {
            let mut file = File::create(self.root.join(path))?;
            io::copy(source, &mut file).map(drop)
        })
    }

    pub(super) fn nameless(&self, folder: &str) -> Result<File, StorageError> {
        tempfile::tempfile_in(self.root.join(folder)).map_err(|source| failed(Doing::Write, folder, source))
    }

    pub(super) fn put_empty(&self, path: &str) -> Result<(), StorageError> {
        #[cfg(test)]
        self.unsynced.makes(parent(path), &self.root.join(path));
        self.change(Doing::Write, path, || {
            OpenOptions::new().create(true).append(true).open(self.root.join(path)).map(drop)
        })?;
        self.sync_folder(parent(path))
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        #[cfg(test)]
        self.unsynced.renames(parent(to), &self.root.join(from), &self.root.join(to));
        self.change(Doing::Rename, to, || fs::rename(self.root.join(from), self.root.join(to)))
    }

    pub(super) fn mark(&self, from: &str, to: &str) -> Result<(), StorageError> {
        self.rename(from, to)
    }

    pub(super) fn remove(&self, path: &str) -> Result<(), StorageError> {
        #[cfg(test)]
        self.unsynced.removes(parent(path), &self.root.join(path));
        self.change(Doing::Remove, path, || {
            let at = self.root.join(path);
            let removed = if at.is_dir() { fs::remove_dir_all(at) } else { fs::remove_file(at) };
            ignore(io::ErrorKind::NotFound, removed)
        })
    }

    pub(super) fn remove_if_empty(&self, path: &str) -> Result<(), StorageError> {
        self.change(Doing::Remove, path, || match fs::remove_dir(self.root.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
            removed => ignore(io::ErrorKind::NotFound, removed),
        })
    }

    pub(super) fn sync_folder(&self, folder: &str) -> Result<(), StorageError> {
        self.change(Doing::Sync, folder, || sync(&self.root.join(folder)))?;
        #[cfg(test)]
        self.unsynced.sync(folder);
        Ok(())
    }

    pub(super) fn appender(&self, path: &str) -> Result<Appender, StorageError> {
        let file = self.open_to_append(path).map_err(|source| failed(Doing::Write, path, source))?;
        Ok(Appender::to_file(file, path))
    }

    pub(super) fn append_part(&self, path: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.appender(path)?.append(bytes)
    }

    pub(super) fn read_parts(&self, path: &str, at_most_bytes: u64) -> Result<(Vec<u8>, usize), StorageError> {
        match self.read(path, at_most_bytes) {
            Err(error) if error.is_missing() => Ok((Vec::new(), 0)),
            read => Ok((read?, 1)),
        }
    }

    pub(super) fn replace_parts(&self, path: &str, bytes: &[u8], draft: &str) -> Result<(), StorageError> {
        self.replace(path, bytes, draft)
    }

    pub(super) fn wait_for_lock(&self, path: &str) -> Result<Lock, StorageError> {
        let locked = self.open_to_append(path).and_then(|file| file.lock().map(|()| file.into()));
        locked.map_err(|source| failed(Doing::Lock, path, source))
    }

    pub(super) fn lock(&self, path: &str) -> Result<Option<Lock>, StorageError> {
        let file = self.open_to_append(path).map_err(|source| failed(Doing::Lock, path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file.into())),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(failed(Doing::Lock, path, source)),
        }
    }

    pub(super) fn is_locked(&self, path: &str) -> bool {
        let file = File::open(self.root.join(path));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    fn open_to_append(&self, path: &str) -> io::Result<File> {
        OpenOptions::new().create(true).append(true).open(self.root.join(path))
    }

    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.root.join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            entries.push(Entry { name, is_folder: entry.file_type()?.is_dir() });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn link_or_rename(&self, draft: &str, path: &str) -> io::Result<bool> {
        let (draft, path) = (self.root.join(draft), self.root.join(path));
        match fs::hard_link(&draft, &path) {
            Ok(()) => fs::remove_file(draft).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::remove_file(draft).map(|()| false),
            Err(_) => fs::rename(draft, path).map(|()| true),
        }
    }

    fn change(&self, doing: Doing, path: &str, change: impl FnOnce() -> io::Result<()>) -> Result<(), StorageError> {
        #[cfg(test)]
        self.fuse.burn().map_err(|source| failed(doing, path, source))?;
        change().map_err(|source| failed(doing, path, source))?;
        #[cfg(debug_assertions)]
        super::pause::after(doing);
        Ok(())
    }
}

fn ignore(kind: io::ErrorKind, result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == kind => Ok(()),
        result => result,
    }
}

/// Unit tests play at losing power, and need not wait for disks.
fn sync_file(file: &File) -> io::Result<()> {
    if cfg!(test) { Ok(()) } else { file.sync_all() }
}

#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    sync_file(&File::open(folder)?)
}

/// Elsewhere a folder cannot be opened, and names are brought to disk with their files.
#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Local) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Local::at(dir.path());
        (dir, folder)
    }

    #[test]
    fn what_is_put_first_stays() {
        let (_dir, folder) = folder();
        assert!(folder.put_if_absent("a", b"first", "draft").unwrap());
        assert!(!folder.put_if_absent("a", b"second", "draft").unwrap());
        assert_eq!(folder.read("a", 99).unwrap(), b"first");
        let names: Vec<String> = folder.list("").unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["a"], "no draft is left");
    }

    #[test]
    fn a_link_to_what_is_there_leaves_it() {
        let (_dir, folder) = folder();
        folder.write("a", b"first").unwrap();
        folder.write("draft", b"second").unwrap();
        assert!(!folder.link_or_rename("draft", "a").unwrap());
        assert_eq!(folder.read("a", 99).unwrap(), b"first");
    }

    #[test]
    fn folders_are_made_with_those_above() {
        let (_dir, folder) = folder();
        folder.create_folder("a/b/c").unwrap();
        folder.create_folder("a/b/c").unwrap();
        assert_eq!(folder.list("a/b").unwrap(), [Entry { name: "c".into(), is_folder: true }]);
        assert_eq!(folder.list("nowhere").unwrap(), []);
    }

    #[test]
    fn removal_takes_all_and_is_calm_about_nothing() {
        let (_dir, folder) = folder();
        folder.create_folder("a/b").unwrap();
        folder.write("a/b/c", b"").unwrap();
        folder.remove("a").unwrap();
        folder.remove("a").unwrap();
        assert_eq!(folder.list("").unwrap(), []);
    }

    #[test]
    fn errors_name_the_path_inside_and_the_way_out() {
        let (dir, folder) = folder();
        folder.write("file", b"12345").unwrap();
        let cases = [
            (folder.read("gone", 9).map(drop), "missing", "cannot read gone: "),
            (folder.read("file", 4).map(drop), "too_large", "cannot read file: over 4 bytes; it was not written by"),
            (folder.create_folder("file/sub"), "unwritable", "cannot make folder file: "),
            (folder.write("file/sub", b""), "unwritable", "cannot write file/sub: "),
            (folder.list("file").map(drop), "unwritable", "cannot list folder file: "),
        ];
        for (result, code, start) in cases {
            let error = result.unwrap_err();
            let message = error.to_string();
            assert!(message.starts_with(start), "{message}");
            assert!(!message.contains(&*dir.path().to_string_lossy()), "{message}");
            assert_eq!(error.code(), code, "{message}");
        }
    }

    #[test]
    fn a_lock_is_held_once() {
        let (_dir, folder) = folder();
        let lock = folder.lock("lock").unwrap();
        assert!(lock.is_some());
        assert!(folder.lock("lock").unwrap().is_none());
        assert!(folder.is_locked("lock"));
        drop(lock);
        assert!(!folder.is_locked("lock") && !folder.is_locked("no lock"));
        assert!(folder.lock("lock").unwrap().is_some());
    }
}
