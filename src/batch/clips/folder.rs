//! The folder of clips: only what callsift made in it is ever replaced or removed.
//!
//! What is not for people stands in [`OURS`]: which selection the clips are of and which were begun, a lock, and drafts.

use super::index::INDEX;
use super::name::is_clip_name;
use crate::audio::decode::{DecodeError, Identity, identify};
use crate::storage::{Appender, Doing, Folder, Lock, StorageError, is_remote};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The folder of what is callsift's own.
const OURS: &str = ".callsift-clips";
/// The selection, and the names of clips that were begun, a line each.
const MADE: &str = ".callsift-clips/made";
const LOCK: &str = ".callsift-clips/lock";
const DRAFTS: &str = ".callsift-clips/drafts";
/// Names of clips are not longer than 80 bytes: this is millions of them.
const MOST_MADE_BYTES: u64 = 1 << 30;

/// A folder that clips are written to.
#[derive(Debug)]
pub struct ClipFolder {
    root: PathBuf,
    folder: Folder,
    selection: String,
    /// Clips of earlier runs.
    earlier: BTreeSet<String>,
    made: Appender,
    _lock: Lock,
}

/// Why a folder takes no clips.
#[derive(Debug, thiserror::Error)]
pub enum BadFolder {
    /// Something else is in it.
    #[error("the folder holds {found:?}, which callsift did not make; name an empty folder, or a new one")]
    NotEmpty {
        /// Something that is in it.
        found: String,
    },
    /// The clips in it are others.
    #[error("the folder holds clips of another selection or cut in another way; name another folder, or empty it")]
    OtherSelection,
    /// Another process writes to it.
    #[error("another callsift is writing clips to the folder; wait for it, or name another folder")]
    Taken,
    /// It is in a bucket.
    #[error("clips are cut into a folder of this machine; name one")]
    Remote,
    /// Input or output failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ClipFolder {
    /// The folder at `root`, which is made for its owner alone where it is not there. It must be empty, or hold clips of the same `selection`, a line
    /// of text.
    ///
    /// # Errors
    /// It is something else, or cannot be written.
    pub fn open(root: &Path, selection: &str) -> Result<Self, BadFolder> {
        if is_remote(root) {
            return Err(BadFolder::Remote);
        }
        let folder = Folder::local(root);
        let folder = if folder.is_there() { folder } else { Folder::of_owner(root)? };
        let (is_ours, earlier) = match folder.size(MADE)? {
            Some(_) => (true, earlier(&folder, selection)?),
            None => (false, BTreeSet::new()),
        };
        let foreign = folder.list("")?.into_iter().find(|entry| entry.name != OURS);
        if let Some(found) = foreign.filter(|_| !is_ours) {
            return Err(BadFolder::NotEmpty { found: found.name });
        }
        folder.create_folder(OURS)?;
        let lock = folder.lock(LOCK)?.ok_or(BadFolder::Taken)?;
        folder.remove(DRAFTS)?;
        folder.create_folder(DRAFTS)?;
        let made = write_made(&folder, selection, &earlier)?;
        Ok(Self { root: root.to_owned(), folder, selection: selection.to_owned(), earlier, made, _lock: lock })
    }

    /// A file for what is on its way, gone once it is closed.
    pub(super) fn spool(&self) -> Result<File, StorageError> {
        self.folder.nameless(DRAFTS)
    }

    /// The error of a file that [`ClipFolder::spool`] gave.
    pub(super) fn spool_failed(source: io::Error) -> StorageError {
        StorageError { doing: Doing::Write, path: DRAFTS.to_owned(), source }
    }

    /// Puts the clip `name` in place whole, over one of an earlier run; returns its hash and size.
    ///
    /// # Errors
    /// It cannot be written; nothing of it is there then.
    pub(super) fn put(&self, name: &str, clip: &mut dyn Read) -> Result<Identity, StorageError> {
        let draft = format!("{DRAFTS}/{name}");
        self.folder.write_unsynced(&draft, clip)?;
        let identity = identify(&self.root.join(&draft)).map_err(|error| unread(&draft, &error))?;
        self.made.append(format!("{name}\n").as_bytes())?;
        self.folder.rename(&draft, name)?;
        Ok(identity)
    }

    /// Puts the index in place, and removes the clips of earlier runs that are not among `names`; returns how many.
    ///
    /// # Errors
    /// That cannot be done.
    pub(super) fn finish(self, index: &[u8], names: &BTreeSet<String>) -> Result<usize, StorageError> {
        self.folder.replace(INDEX, index, &format!("{DRAFTS}/{INDEX}"))?;
        let stale: Vec<&String> = self.earlier.difference(names).collect();
        let mut removed = 0;
        for name in stale {
            removed += usize::from(self.folder.size(name)?.is_some());
            self.folder.remove(name)?;
        }
        write_made(&self.folder, &self.selection, names)?;
        self.folder.remove(DRAFTS)?;
        Ok(removed)
    }
}

/// The clips that were begun by earlier runs of the same selection.
fn earlier(folder: &Folder, selection: &str) -> Result<BTreeSet<String>, BadFolder> {
    let made = folder.read(MADE, MOST_MADE_BYTES)?;
    let text = String::from_utf8_lossy(&made);
    let mut lines = text.lines();
    if lines.next() != Some(selection) {
        return Err(BadFolder::OtherSelection);
    }
    // Whatever somebody wrote there, only clips are ever removed.
    Ok(lines.filter(|name| is_clip_name(name)).map(str::to_owned).collect())
}

fn write_made(folder: &Folder, selection: &str, names: &BTreeSet<String>) -> Result<Appender, StorageError> {
    let lines: String =
        std::iter::once(selection).chain(names.iter().map(String::as_str)).map(|it| format!("{it}\n")).collect();
    folder.replace(MADE, lines.as_bytes(), &format!("{DRAFTS}/made"))?;
    folder.appender(MADE)
}

fn unread(path: &str, error: &DecodeError) -> StorageError {
    StorageError { doing: Doing::Read, path: path.to_owned(), source: io::Error::other(error.to_string()) }
}
