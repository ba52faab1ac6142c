//! Opening a dataset for writing: what a dead writer left is finished first, and its drafts are removed.

use super::error::DatasetError;
use super::in_flight::{Journal, Suspects};
use super::layout::{self, COMMITS, LOCK, TMP};
use super::log::{Change, CommittedBatch, Log};
use super::look;
use super::redo::Redo;
use super::seen::{Index, Seen, call_hash};
use super::snapshot::Snapshot;
use crate::storage::{Folder, Lock};
use crate::tables::CallKey;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A dataset, open for writing. Several may be open at once, in one process or in many: they commit one after the
/// other, and none writes a call that another has written.
#[derive(Debug)]
pub struct Dataset {
    pub(super) folder: Arc<Folder>,
    pub(super) run: String,
    pub(super) journal: Journal,
    state: Mutex<State>,
    _alive: Lock,
}

/// What is known of the commits so far.
#[derive(Debug)]
pub(super) struct State {
    pub(super) log: Log,
    pub(super) index: Index,
    pub(super) suspects: Suspects,
    /// Whether a commit may have happened of which nothing is known: its drafts must stay.
    pub(super) is_unsure: bool,
}

impl Dataset {
    /// Opens the dataset in the folder `dir` for the run named `run`, and makes it where there is none. Commits that
    /// were decided and not carried out are carried out; drafts of runs that are dead are removed. Waits while another
    /// process commits.
    ///
    /// # Errors
    /// [`DatasetError::NotADataset`] where the folder holds something else, [`DatasetError::RunTaken`] where a run of
    /// that name is under way, [`DatasetError::BadName`] for a name that cannot be a folder's,
    /// [`DatasetError::Storage`] where it cannot be written (code `unwritable`) or is in a store that is not fit for it (`unsupported`), and [`DatasetError::Damaged`] where
    /// what was committed is gone.
    pub fn open(dir: &Path, run: &str) -> Result<Self, DatasetError> {
        Self::open_in(Folder::at(dir)?, run)
    }

    pub(super) fn open_in(folder: Folder, run: &str) -> Result<Self, DatasetError> {
        layout::check_name("run", run)?;
        check_is_ours(&folder)?;
        folder.must_keep_conditions()?;
        folder.create_folder(COMMITS)?;
        let lock = folder.wait_for_lock(LOCK)?;
        let mut log = Log::read(&folder)?;
        finish(&folder, &mut log)?;
        if lock.was_abandoned() {
            fence(&folder, &mut log, run)?;
        }
        folder.create_folder(&layout::drafts(run))?;
        let alive = folder.lock(&layout::alive(run))?.ok_or_else(|| DatasetError::RunTaken { run: run.to_owned() })?;
        let suspects = bury(&folder, run)?;
        let journal = Journal::start(&folder, run)?;
        let (mut index, lacking) = Index::load(&folder, &log.batches.keys().cloned().collect())?;
        let snapshot = Snapshot::of(Arc::new(folder), &log);
        for batch in lacking {
            let keys = snapshot.read_keys(&batch)?;
            let calls: Vec<_> = keys.iter().map(|key| (call_hash(&key.call_id), Seen::of(key))).collect();
            let block = index.learn(&batch, &calls);
            index.append(&snapshot.folder, &block)?;
        }
        index.tidy(&snapshot.folder, run)?;
        let state = Mutex::new(State { log, index, suspects, is_unsure: false });
        Ok(Self { folder: snapshot.folder, run: run.to_owned(), journal, state, _alive: alive })
    }

    /// What is committed now, as far as this process knows.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(Arc::clone(&self.folder), &self.state().log)
    }

    /// What is known of the call, if it is in the dataset.
    #[must_use]
    pub fn seen(&self, call_id: &str) -> Option<Seen> {
        self.state().index.find(call_hash(call_id)).map(|(seen, _)| seen)
    }

    /// As [`Dataset::seen`], of the call whose id has a BLAKE3 hash that starts with these 8 bytes, little-endian.
    #[must_use]
    pub fn seen_by_hash(&self, hash: u64) -> Option<Seen> {
        self.state().index.find_by_half(hash)
    }

    /// What tells of each of the calls, if it is in the dataset, whether it must be inspected again.
    ///
    /// # Errors
    /// [`DatasetError`] where `calls` cannot be read.
    pub fn keys_of<'a>(
        &self,
        call_ids: impl Iterator<Item = &'a str>,
    ) -> Result<BTreeMap<String, CallKey>, DatasetError> {
        let state = self.state();
        let wanted = look::wanted(&state.index, call_ids);
        let snapshot = Snapshot::of(Arc::clone(&self.folder), &state.log);
        drop(state);
        look::keys_of(&snapshot, &wanted)
    }

    /// In how many runs that died the call was being inspected.
    #[must_use]
    pub fn died_with(&self, call_id: &str) -> u32 {
        self.state().suspects.runs_of(call_id)
    }

    /// Notes that work on a call begins: should the process die, it is known which calls it was at.
    ///
    /// # Errors
    /// [`DatasetError::Storage`] where that cannot be noted.
    pub fn begin_call(&self, call_id: &str) -> Result<(), DatasetError> {
        self.journal.begin(call_id)
    }

    /// Notes that work on a call ended.
    ///
    /// # Errors
    /// [`DatasetError::Storage`] where that cannot be noted.
    pub fn end_call(&self, call_id: &str) -> Result<(), DatasetError> {
        self.journal.end(call_id)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // What a panicking thread leaves is read anew from the folder before it counts.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lock that commits are made under, and learns what others have committed.
    pub(super) fn lock_to_commit(&self) -> Result<(Lock, MutexGuard<'_, State>), DatasetError> {
        let lock = self.folder.wait_for_lock(LOCK)?;
        let mut state = self.state();
        let mut change = state.log.refresh(&self.folder)?;
        finish(&self.folder, &mut state.log)?;
        if lock.was_abandoned() {
            let late = fence(&self.folder, &mut state.log, &self.run)?;
            change.added.extend(late.added);
            change.removed.extend(late.removed);
        }
        state.index.remove_batches(&change.removed);
        let snapshot = Snapshot::of(Arc::clone(&self.folder), &state.log);
        let is_there = |batch: &&CommittedBatch| state.log.batches.contains_key(*batch);
        for batch in change.added.iter().filter(is_there).cloned().collect::<Vec<_>>() {
            let keys = snapshot.read_keys(&batch)?;
            let calls: Vec<_> = keys.iter().map(|key| (call_hash(&key.call_id), Seen::of(key))).collect();
            // The writer that added them may have died before it appended them.
            let block = state.index.learn(&batch, &calls);
            state.index.append(&self.folder, &block)?;
        }
        Ok((lock, state))
    }
}

impl Drop for Dataset {
    /// Removes the drafts, unless a commit that was decided still needs them.
    fn drop(&mut self) {
        let is_settled = {
            let state = self.state();
            state.log.pending.is_empty() && !state.is_unsure
        };
        if is_settled {
            // The next run removes what cannot be removed now.
            let _ = self.folder.remove(&layout::drafts(&self.run));
            let _ = self.folder.remove_if_empty(TMP);
        }
    }
}

/// That the folder is a dataset, or nothing yet.
pub(super) fn check_is_ours(folder: &Folder) -> Result<(), DatasetError> {
    let found = folder.list("")?;
    let foreign = found.iter().find(|entry| !is_nothing(&entry.name));
    match foreign {
        Some(entry) if !found.iter().any(|entry| entry.name == COMMITS) => {
            Err(DatasetError::NotADataset { found: entry.name.clone() })
        }
        _ => Ok(()),
    }
}

/// What file systems and desktops put into a folder that is empty to people.
fn is_nothing(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "lost+found" | "Thumbs.db" | "desktop.ini")
}

/// Carries out what is decided; whoever decided it is dead, or failed, since the lock is held.
fn finish(folder: &Folder, log: &mut Log) -> Result<(), DatasetError> {
    for &number in &log.pending {
        if let Some((redo, false)) = Redo::find(folder, number)? {
            redo.carry_out(folder, number)?;
        }
    }
    if !log.pending.is_empty() {
        log.pending.clear();
        log.batches.values_mut().for_each(|drafts| *drafts = None);
    }
    Ok(())
}

/// Takes the number that a writer which is taken for dead may still be about to use, by a record that changes nothing; says what was committed
/// meanwhile.
fn fence(folder: &Folder, log: &mut Log, run: &str) -> Result<Change, DatasetError> {
    let mut late = Change::default();
    loop {
        let (number, redo) = (log.next, Redo { run: run.to_owned(), ..Redo::default() });
        match redo.write(folder, number) {
            Ok(()) => {
                log.apply(&redo, false);
                redo.carry_out(folder, number)?;
                log.carried_out(&redo, number);
                return Ok(late);
            }
            // It was faster: what it decided is carried out.
            Err(DatasetError::Overtaken { .. }) => {
                let change = log.refresh(folder)?;
                if log.next == number {
                    return Err(DatasetError::Overtaken { path: layout::record(number) });
                }
                late.added.extend(change.added);
                late.removed.extend(change.removed);
                finish(folder, log)?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Removes the drafts of runs that are dead; gives the calls that they were at.
fn bury(folder: &Folder, run: &str) -> Result<Suspects, DatasetError> {
    let mut suspects = Suspects::read(folder)?;
    let before = suspects.clone();
    let mut dead = Vec::new();
    for entry in folder.list(TMP)?.into_iter().filter(|entry| entry.name != run) {
        if !entry.is_folder {
            dead.push((layout::drafts(&entry.name), None));
        } else if let Some(lock) = folder.lock(&layout::alive(&entry.name))? {
            suspects.add(folder, &entry.name)?;
            dead.push((layout::drafts(&entry.name), Some(lock)));
        }
    }
    if suspects != before {
        suspects.write(folder, run)?;
    }
    for (drafts, _lock) in dead {
        folder.remove(&drafts)?;
    }
    Ok(suspects)
}
