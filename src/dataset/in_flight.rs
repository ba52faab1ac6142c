//! Which calls were being inspected when a run died: a call that was in two such runs may be what killed them.

use super::error::DatasetError;
use super::layout::{self, STATE, SUSPECTS};
use super::seen::call_hash;
use crate::storage::{Appender, Folder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A mark and 128 bits of a call.
const ENTRY_BYTES: usize = 17;
const BEGUN: u8 = b'+';
const ENDED: u8 = b'-';
/// More than any run's journal takes by far.
const MOST_BYTES: u64 = 32 << 30;
/// More than any list of suspects takes by far.
const MOST_SUSPECT_BYTES: u64 = 1 << 26;

/// The journal of a run: which calls it has begun and ended.
#[derive(Debug)]
pub(super) struct Journal {
    file: Appender,
    in_flight: Mutex<BTreeSet<u128>>,
}

impl Journal {
    pub(super) fn start(folder: &Folder, run: &str) -> Result<Self, DatasetError> {
        Ok(Self { file: folder.appender(&layout::in_flight(run))?, in_flight: Mutex::default() })
    }

    pub(super) fn begin(&self, call_id: &str) -> Result<(), DatasetError> {
        let call = call_hash(call_id);
        if !self.file.is_written_anew() {
            return Ok(self.file.append(&entry(BEGUN, call))?);
        }
        self.in_flight().insert(call);
        Ok(self.file.replace(&|| self.in_flight().iter().flat_map(|call| entry(BEGUN, *call)).collect())?)
    }

    pub(super) fn end(&self, call_id: &str) -> Result<(), DatasetError> {
        let call = call_hash(call_id);
        if self.file.is_written_anew() {
            // It goes with the next call that begins: a request more for each call would cost more than it tells.
            self.in_flight().remove(&call);
            return Ok(());
        }
        Ok(self.file.append(&entry(ENDED, call))?)
    }

    fn in_flight(&self) -> MutexGuard<'_, BTreeSet<u128>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn entry(mark: u8, call: u128) -> [u8; ENTRY_BYTES] {
    let mut entry = [mark; ENTRY_BYTES];
    entry[1..].copy_from_slice(&call.to_le_bytes());
    entry
}

/// In how many dead runs each call was being inspected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Suspects(BTreeMap<u128, u32>);

impl Suspects {
    /// Those that are known. A file that cannot be understood is as good as none: it is a cache.
    pub(super) fn read(folder: &Folder) -> Result<Self, DatasetError> {
        let bytes = match folder.read(SUSPECTS, MOST_SUSPECT_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let counts: BTreeMap<String, u32> = serde_json::from_slice(&bytes).unwrap_or_default();
        let counts = counts.into_iter().filter_map(|(call, runs)| Some((u128::from_str_radix(&call, 16).ok()?, runs)));
        Ok(Self(counts.collect()))
    }

    /// Adds the calls that `run`, which is dead, had begun and not ended.
    pub(super) fn add(&mut self, folder: &Folder, run: &str) -> Result<(), DatasetError> {
        let bytes = match folder.read(&layout::in_flight(run), MOST_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let mut begun = BTreeSet::new();
        for entry in bytes.chunks_exact(ENTRY_BYTES) {
            let call = u128::from_le_bytes(std::array::from_fn(|at| entry[1 + at]));
            if entry[0] == BEGUN {
                begun.insert(call)
            } else {
                begun.remove(&call)
            };
        }
        for call in begun {
            *self.0.entry(call).or_default() += 1;
        }
        Ok(())
    }

    /// Writes them, by way of a draft of `run`.
    pub(super) fn write(&self, folder: &Folder, run: &str) -> Result<(), DatasetError> {
        let counts: BTreeMap<String, u32> = self.0.iter().map(|(call, runs)| (format!("{call:032x}"), *runs)).collect();
        let json = serde_json::to_vec(&counts).expect("text and numbers are always JSON");
        folder.create_folder(STATE)?;
        Ok(folder.replace(SUSPECTS, &json, &format!("{}/suspects", layout::drafts(run)))?)
    }

    /// In how many dead runs the call was being inspected.
    pub(super) fn runs_of(&self, call_id: &str) -> u32 {
        self.0.get(&call_hash(call_id)).copied().unwrap_or_default()
    }

    /// Forgets the calls: they were inspected to the end. Says whether any was suspect.
    pub(super) fn clear<'a>(&mut self, call_ids: impl Iterator<Item = &'a str>) -> bool {
        let before = self.0.len();
        if before > 0 {
            let called: BTreeSet<u128> = call_ids.map(call_hash).collect();
            self.0.retain(|call, _| !called.contains(call));
        }
        self.0.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_in_flight_are_counted_over_runs() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::local(dir.path());
        let mut suspects = Suspects::read(&folder).unwrap();
        for run in ["one", "two"] {
            folder.create_folder(&layout::drafts(run)).unwrap();
            let journal = Journal::start(&folder, run).unwrap();
            for call in ["ended", "caught", run] {
                journal.begin(call).unwrap();
            }
            journal.end("ended").unwrap();
            suspects.add(&folder, run).unwrap();
        }
        suspects.add(&folder, "never was").unwrap();
        suspects.write(&folder, "two").unwrap();
        let mut read = Suspects::read(&folder).unwrap();
        assert_eq!(read, suspects);
        let runs = ["ended", "caught", "one", "two", "other"].map(|call| read.runs_of(call));
        assert_eq!(runs, [0, 2, 1, 1, 0]);
        assert!(read.clear(["caught", "other"].into_iter()) && !read.clear(["other"].into_iter()));
        assert_eq!(read.runs_of("caught"), 0);
        folder.write(SUSPECTS, b"no json").unwrap();
        assert_eq!(Suspects::read(&folder).unwrap(), Suspects::default());
    }
}
