//! What engines answered before: a folder of transcripts, each under a hash of what was heard and who was asked.
//!
//! An entry is a line with the BLAKE3 hash (hex) of all that follows it, and a transcript in callsift's own format. Entries hold
//! words as they were said, personal data too: the folder is its owner's alone. Names of calls lead to entries by way of
//! empty files under `calls/`, so that a call can be forgotten.

use super::EngineError;
use crate::storage::{Folder, StorageError};
use crate::transcript::Transcript;
use crate::transcript::import::ours;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// The form of the keys and entries; raised when either changes.
const FORM: &str = "callsift transcript cache 1";

/// More than any entry takes.
const MOST_BYTES: u64 = 64 << 20;

/// A cache of transcripts.
#[derive(Debug)]
pub struct Cache {
    folder: Folder,
    drafts: AtomicU64,
}

/// The key of a channel whose samples hash to `digest`, asked of the engine that `options` describe, in `language`.
#[must_use]
pub(super) fn key(digest: &str, options: &str, language: Option<&str>) -> String {
    let parts = [FORM, digest, options, language.unwrap_or("")];
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

impl Cache {
    /// The cache at `root`, made for its owner alone where it is not there.
    ///
    /// # Errors
    /// It cannot be made, or others may read it.
    pub fn at(root: &Path) -> Result<Self, StorageError> {
        Ok(Self { folder: Folder::of_owner(root)?, drafts: AtomicU64::new(0) })
    }

    /// The cache at `root`, as it is.
    ///
    /// # Errors
    /// It is not there.
    pub fn existing(root: &Path) -> Result<Self, StorageError> {
        let folder = Folder::at(root)?;
        folder.must_be_there()?;
        Ok(Self { folder, drafts: AtomicU64::new(0) })
    }

    /// The transcript under `key`, which the call `call_id` leads to from now on. An entry that is not what was written is removed,
    /// which the log says, and is as if it had never been.
    pub(super) fn get(&self, key: &str, call_id: &str) -> Result<Option<Transcript>, EngineError> {
        let path = path(key);
        let read = match self.folder.read(&path, MOST_BYTES) {
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) if error.code() == "too_large" => Vec::new(),
            read => read.map_err(|error| failed(&error))?,
        };
        let Some(transcript) = verified(&read) else {
            tracing::warn!("an entry of the transcript cache is damaged and was removed; the engine is asked again");
            self.folder.remove(&path).map_err(|error| failed(&error))?;
            return Ok(None);
        };
        self.lead(call_id, key).map_err(|error| failed(&error))?;
        Ok(Some(transcript))
    }

    /// Keeps `transcript` under `key`, unless another was faster.
    pub(super) fn put(&self, key: &str, transcript: &Transcript, call_id: &str) -> Result<(), EngineError> {
        let json = ours::write(transcript);
        let entry = format!("{}\n{json}", blake3::hash(json.as_bytes()).to_hex());
        self.keep(key, entry.as_bytes(), call_id).map_err(|error| failed(&error))
    }

    fn keep(&self, key: &str, entry: &[u8], call_id: &str) -> Result<(), StorageError> {
        let path = path(key);
        self.folder.create_folder(&key[..2])?;
        // First what leads there: a run that dies in between leaves no entry that nobody can forget.
        self.lead(call_id, key)?;
        // Its hash tells what a loss of power leaves of it, and the engine is asked again.
        self.folder.put_unsynced_if_absent(&path, entry, &self.draft(&path))
    }

    fn draft(&self, path: &str) -> String {
        format!("{path}.{}-{}.draft", std::process::id(), self.drafts.fetch_add(1, Ordering::Relaxed))
    }

    /// Notes that the call leads to the entry.
    fn lead(&self, call_id: &str, key: &str) -> Result<(), StorageError> {
        let shelf = shelf(call_id);
        let path = format!("{shelf}/{key}");
        if self.folder.size(&path)?.is_some() {
            return Ok(());
        }
        self.folder.create_folder("calls")?;
        self.folder.create_folder(&shelf)?;
        self.folder.put_empty(&path)
    }

    /// Removes the transcripts to which these calls lead; says how many there were.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub fn forget<'a>(&self, calls: impl IntoIterator<Item = &'a String>) -> Result<usize, StorageError> {
        let mut removed = 0;
        for call_id in calls {
            let shelf = shelf(call_id);
            for entry in self.folder.list(&shelf)? {
                if is_key(&entry.name) {
                    removed += self.forget_entry(&entry.name)?;
                }
                self.folder.remove(&format!("{shelf}/{}", entry.name))?;
            }
            self.folder.remove_if_empty(&shelf)?;
        }
        Ok(removed)
    }

    /// Removes an entry, and what runs that died while they wrote it left; says how many entries.
    fn forget_entry(&self, key: &str) -> Result<usize, StorageError> {
        let mut removed = 0;
        let shelf = &key[..2];
        for file in self.folder.list(shelf)?.iter().filter(|file| file.name.starts_with(key)) {
            self.folder.remove(&format!("{shelf}/{}", file.name))?;
            removed += usize::from(!is_draft(&file.name));
        }
        Ok(removed)
    }

    /// Removes the transcripts that are older than `age` with what leads to them, and drafts of runs that died that long ago; says
    /// how many transcripts.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn sweep(&self, age: Duration) -> Result<usize, StorageError> {
        let Some(before) = SystemTime::now().checked_sub(age) else { return Ok(0) };
        let is_old = |path: &str| Ok(self.folder.modified(path)?.is_some_and(|modified| modified < before));
        let mut removed = 0;
        for path in self.files()? {
            if is_old(&path)? {
                self.folder.remove(&path)?;
                removed += usize::from(!is_draft(&path));
            }
        }
        for lead in self.leads()? {
            // One that is new may be of an entry that is being written.
            let key = lead.rsplit('/').next().unwrap_or_default();
            if self.folder.size(&path(key))?.is_none() && is_old(&lead)? {
                self.folder.remove(&lead)?;
                self.folder.remove_if_empty(parent(&lead))?;
            }
        }
        Ok(removed)
    }

    /// What leads from calls to entries.
    fn leads(&self) -> Result<Vec<String>, StorageError> {
        let mut leads = Vec::new();
        for shelf in self.folder.list("calls")?.iter().filter(|shelf| shelf.is_folder) {
            let shelf = format!("calls/{}", shelf.name);
            let found = self.folder.list(&shelf)?;
            leads.extend(found.iter().filter(|lead| is_key(&lead.name)).map(|lead| format!("{shelf}/{}", lead.name)));
        }
        Ok(leads)
    }

    /// The entries and drafts of entries.
    fn files(&self) -> Result<Vec<String>, StorageError> {
        let mut files = Vec::new();
        for shelf in self.folder.list("")?.iter().filter(|shelf| shelf.is_folder && shelf.name.len() == 2) {
            let found = self.folder.list(&shelf.name)?;
            let ours = found.iter().filter(|file| file.name.get(..64).is_some_and(is_key));
            files.extend(ours.map(|file| format!("{}/{}", shelf.name, file.name)));
        }
        Ok(files)
    }
}

/// Whether `name` is a key: 64 hex digits.
fn is_key(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_draft(name: &str) -> bool {
    name.ends_with(".draft")
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn path(key: &str) -> String {
    format!("{}/{key}.transcript", &key[..2])
}

/// Where it stands to which entries a call leads: ids may hold anything, so names are hashes of them.
fn shelf(call_id: &str) -> String {
    format!("calls/{}", &blake3::hash(call_id.as_bytes()).to_hex()[..32])
}

/// The transcript of an entry that is what was written.
fn verified(entry: &[u8]) -> Option<Transcript> {
    let (hash, json) = entry.split_at_checked(65)?;
    let is_whole = hash[64] == b'\n' && hash[..64] == *blake3::hash(json).to_hex().as_bytes();
    if is_whole { ours::read(json).ok() } else { None }
}

fn failed(error: &StorageError) -> EngineError {
    EngineError::new("transcript_cache", format!("the transcript cache cannot be used: {error}"), true)
}
