//! What a loss of power may undo, for tests: changes of names that were not brought to disk.

#![expect(clippy::disallowed_methods, reason = "plays with the files of a folder")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Takes note of changes of names until their folder is brought to disk.
#[derive(Debug, Default)]
pub(crate) struct Unsynced(Mutex<Vec<(String, Undo)>>);

/// How a change is undone.
#[derive(Debug)]
enum Undo {
    /// The name goes.
    Remove(PathBuf),
    /// The file gets its old name again, and what stood at the new one comes back.
    Rename { now: PathBuf, then: PathBuf, replaced: Option<Vec<u8>> },
    /// The file comes back.
    Restore(PathBuf, Vec<u8>),
}

impl Unsynced {
    /// A file or folder is about to be made at `path` in `folder`.
    pub(super) fn makes(&self, folder: &str, path: &Path) {
        if !path.exists() {
            self.push(folder, Undo::Remove(path.to_owned()));
        }
    }

    /// The file `then` is about to get the name `now` in `folder`.
    pub(super) fn renames(&self, folder: &str, then: &Path, now: &Path) {
        let replaced = fs::read(now).ok();
        self.push(folder, Undo::Rename { now: now.to_owned(), then: then.to_owned(), replaced });
    }

    /// The file or folder at `path` in `folder` is about to be removed.
    pub(super) fn removes(&self, folder: &str, path: &Path) {
        for entry in walkdir::WalkDir::new(path).into_iter().flatten() {
            if let Ok(bytes) = fs::read(entry.path()) {
                self.push(folder, Undo::Restore(entry.path().to_owned(), bytes));
            }
        }
    }

    /// The names in `folder` are on disk.
    pub(super) fn sync(&self, folder: &str) {
        self.changes().retain(|(of, _)| of != folder);
    }

    /// The power goes: of the changes that are not on disk, the latest first, those that `is_lost` picks are undone.
    pub(crate) fn lose(&self, mut is_lost: impl FnMut() -> bool) {
        for (_, undo) in self.changes().drain(..).rev() {
            if is_lost() {
                undo.carry_out();
            }
        }
    }

    fn push(&self, folder: &str, undo: Undo) {
        self.changes().push((folder.to_owned(), undo));
    }

    fn changes(&self) -> std::sync::MutexGuard<'_, Vec<(String, Undo)>> {
        self.0.lock().unwrap()
    }
}

impl Undo {
    /// What is gone already cannot be undone; that is as good.
    fn carry_out(self) {
        match self {
            Self::Remove(path) => {
                let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            }
            Self::Rename { now, then, replaced } => {
                let _ = fs::create_dir_all(then.parent().unwrap());
                let _ = fs::rename(&now, then);
                if let Some(bytes) = replaced {
                    let _ = fs::write(now, bytes);
                }
            }
            Self::Restore(path, bytes) => {
                let _ = fs::create_dir_all(path.parent().unwrap());
                let _ = fs::write(path, bytes);
            }
        }
    }
}
