//! Erasing calls for good, keeping them from coming back, and holds that forbid it.

use super::error::DatasetError;
use super::layout::{self, FORGOTTEN, HOLDS, RUNS};
use super::log::CommittedBatch;
use super::open::Dataset;
use super::seen::call_hash;
use super::snapshot::{Snapshot, unreadable};
use crate::entities::masked_id;
use crate::storage::Folder;
use crate::tables::{TableName, read_customers};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// More than any of these lists takes by far.
const MOST_BYTES: u64 = 1 << 30;
/// What stands in `runs/` where an erased name stood.
const ERASED: &str = "█";

/// Calls and customers, as they are written: masked ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whose {
    /// Ids of calls.
    pub calls: BTreeSet<String>,
    /// Ids of customers: all their calls.
    pub customers: BTreeSet<String>,
}

/// Which calls must not be erased, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {
    /// By call.
    #[serde(default)]
    pub calls: BTreeMap<String, String>,
    /// By customer.
    #[serde(default)]
    pub customers: BTreeMap<String, String>,
}

impl Holds {
    /// Why the call is held, if it is.
    #[must_use]
    pub fn because(&self, call_id: &str, customer: Option<&str>) -> Option<String> {
        // Names are held masked; a dataset may have them unmasked, where it was told to.
        let of = |list: &'_ BTreeMap<String, String>, name: &str| {
            list.get(name).or_else(|| list.get(&masked_id(name))).cloned()
        };
        of(&self.calls, call_id).or_else(|| of(&self.customers, customer?))
    }
}

/// What was erased before and must not come back.
///
/// Names are kept as keyed hashes alone, so that the list itself tells nothing of anyone to a reader who does not
/// already have the name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The hashes' key, hex; drawn once.
    key: String,
    /// Hashes of calls.
    calls: BTreeSet<String>,
    /// Hashes of customers, with the moment up to which their calls are erased, µs since 1970 UTC.
    customers: BTreeMap<String, i64>,
}

impl Forgotten {
    /// Whether the call was erased, or is one of a customer who was: one that started before that, or at a time
    /// that is not known.
    #[must_use]
    pub fn covers(&self, call_id: &str, customer: Option<&str>, started_at_us: Option<i64>) -> bool {
        if self.is_empty() {
            return false;
        }
        let until = |customer| self.customers.get(&self.hash(customer));
        self.calls.contains(&self.hash(call_id))
            || customer.and_then(until).is_some_and(|until| started_at_us.is_none_or(|started| started <= *until))
    }

    /// Whether nothing was ever erased.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.customers.is_empty()
    }

    fn add(&mut self, whose: &Whose, calls: &BTreeSet<String>, now_us: i64) {
        if self.key.is_empty() {
            self.key = drawn_key();
        }
        self.calls.extend(whose.calls.iter().chain(calls).map(|call_id| self.hash(call_id)).collect::<Vec<_>>());
        for customer in &whose.customers {
            self.customers.insert(self.hash(customer), now_us);
        }
    }

    fn hash(&self, name: &str) -> String {
        let key = blake3::derive_key("callsift forgotten names", self.key.as_bytes());
        blake3::keyed_hash(&key, name.as_bytes()).to_hex()[..32].to_owned()
    }
}

/// What was erased, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The calls.
    pub calls: BTreeSet<String>,
    /// Calls that were meant and are held, with the reason.
    pub held: BTreeMap<String, String>,
}

impl Snapshot {
    /// What must not be erased.
    ///
    /// # Errors
    /// [`DatasetError`] where the list cannot be read.
    pub fn holds(&self) -> Result<Holds, DatasetError> {
        read_list(&self.folder, HOLDS)
    }

    /// What was erased before.
    ///
    /// # Errors
    /// [`DatasetError`] where the list cannot be read.
    pub fn forgotten(&self) -> Result<Forgotten, DatasetError> {
        read_list(&self.folder, FORGOTTEN)
    }

    /// The calls that `whose` means, by batch, and those of them that are held.
    ///
    /// # Errors
    /// [`DatasetError`] where the dataset cannot be read.
    pub fn meant(&self, whose: &Whose) -> Result<(BTreeMap<CommittedBatch, BTreeSet<String>>, Erased), DatasetError> {
        let holds = self.holds()?;
        let columns = ["call_id".to_owned(), "customer_id".to_owned()];
        let (mut by_batch, mut erased) = (BTreeMap::new(), Erased::default());
        for batch in self.batches() {
            for rows in self.read_columns(batch, TableName::Calls, Some(&columns))? {
                let customers = read_customers(&rows).map_err(|source| unreadable(&batch.path(), source))?;
                for (call_id, customer) in customers {
                    let of_customer = customer.as_ref().is_some_and(|customer| whose.customers.contains(customer));
                    if !of_customer && !whose.calls.contains(&call_id) {
                        continue;
                    }
                    if let Some(because) = holds.because(&call_id, customer.as_deref()) {
                        erased.held.insert(call_id, because);
                        continue;
                    }
                    by_batch.entry(batch.clone()).or_insert_with(BTreeSet::new).insert(call_id.clone());
                    erased.calls.insert(call_id);
                }
            }
        }
        Ok((by_batch, erased))
    }
}

impl Dataset {
    /// Erases the calls that `whose` means: their rows in every table, what the caches hold of them, their names in
    /// `runs/`; and keeps them from being written again. Calls that are held stay, and are named.
    ///
    /// `names` are further spellings of the same names, unmasked ones, to be looked for in `runs/`; `now_us` is the
    /// present, µs since 1970 UTC: later calls of a customer are new.
    ///
    /// # Errors
    /// [`DatasetError`] where the dataset cannot be read or written; the same call goes on from there.
    pub fn forget(&self, whose: &Whose, names: &BTreeSet<String>, now_us: i64) -> Result<Erased, DatasetError> {
        let (_lock, mut state) = self.lock_to_commit()?;
        let snapshot = Snapshot::of(std::sync::Arc::clone(&self.folder), &state.log);
        let (by_batch, erased) = snapshot.meant(whose)?;
        // First of all: what is erased must not come back even if this process dies half-way.
        let mut forgotten = snapshot.forgotten()?;
        forgotten.add(&self.unheld(whose, &snapshot.holds()?), &erased.calls, now_us);
        self.write_list(FORGOTTEN, &forgotten)?;
        if !by_batch.is_empty() {
            let survivors = self.survivors(&state, &by_batch)?;
            self.exchange(&mut state, &survivors, by_batch.keys(), &BTreeMap::new())?;
        }
        for (batch, calls) in &by_batch {
            state.index.remove(batch, calls.iter().map(|call_id| call_hash(call_id)));
        }
        state.index.write(&self.folder, &self.run)?;
        if state.suspects.clear(erased.calls.iter().map(String::as_str)) {
            state.suspects.write(&self.folder, &self.run)?;
        }
        let all = erased.calls.iter().chain(&whose.calls).chain(&whose.customers).chain(names);
        self.erase_from_runs(&all.filter(|name| !name.is_empty()).cloned().collect())?;
        Ok(erased)
    }

    /// Forbids that the calls are erased, or allows it again where `because` is `None`.
    ///
    /// # Errors
    /// [`DatasetError`] where the list cannot be read or written.
    pub fn hold(&self, whose: &Whose, because: Option<&str>) -> Result<Holds, DatasetError> {
        let (_lock, _state) = self.lock_to_commit()?;
        let mut holds: Holds = read_list(&self.folder, HOLDS)?;
        for (names, list) in [(&whose.calls, &mut holds.calls), (&whose.customers, &mut holds.customers)] {
            for name in names {
                match because {
                    Some(because) => list.insert(masked_id(name), because.to_owned()),
                    // Versions before 2026-12 kept names as they were given.
                    None => list.remove(&masked_id(name)).or_else(|| list.remove(name)),
                };
            }
        }
        self.write_list(HOLDS, &holds)?;
        Ok(holds)
    }

    /// The names that are not held themselves.
    fn unheld(&self, whose: &Whose, holds: &Holds) -> Whose {
        let free = |names: &BTreeSet<String>, held: &BTreeMap<String, String>| {
            let is_held = |name: &&String| held.contains_key(*name) || held.contains_key(&masked_id(name));
            names.iter().filter(|name| !is_held(name)).cloned().collect()
        };
        Whose { calls: free(&whose.calls, &holds.calls), customers: free(&whose.customers, &holds.customers) }
    }

    fn write_list(&self, path: &str, list: &impl Serialize) -> Result<(), DatasetError> {
        let json = serde_json::to_vec_pretty(list).expect("text and numbers are always JSON");
        Ok(self.folder.replace(path, &json, &format!("{}/list", layout::drafts(&self.run)))?)
    }

    /// Writes the records of runs anew without these names.
    fn erase_from_runs(&self, names: &BTreeSet<String>) -> Result<(), DatasetError> {
        for entry in self.folder.list(RUNS)? {
            let path = format!("{RUNS}/{}", entry.name);
            let bytes = self.folder.read(&path, MOST_BYTES)?;
            let Ok(mut record) = serde_json::from_slice::<Value>(&bytes) else { continue };
            if erase(&mut record, names) {
                let json = format!("{record:#}\n");
                self.folder.replace(&path, json.as_bytes(), &format!("{}/record", layout::drafts(&self.run)))?;
            }
        }
        Ok(())
    }
}

/// Replaces the names in every text of `value`; says whether there were any.
fn erase(value: &mut Value, names: &BTreeSet<String>) -> bool {
    match value {
        Value::String(text) => {
            let erased = names.iter().fold(text.clone(), |text, name| text.replace(name.as_str(), ERASED));
            let changed = erased != *text;
            *text = erased;
            changed
        }
        Value::Array(values) => values.iter_mut().fold(false, |changed, value| erase(value, names) | changed),
        Value::Object(values) => values.values_mut().fold(false, |changed, value| erase(value, names) | changed),
        _ => false,
    }
}

fn read_list<L: DeserializeOwned + Default>(folder: &Folder, path: &str) -> Result<L, DatasetError> {
    let bytes = match folder.read(path, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => return Ok(L::default()),
        Err(error) => return Err(error.into()),
    };
    let damaged = |error: serde_json::Error| DatasetError::Damaged { path: path.to_owned(), what: error.to_string() };
    serde_json::from_slice(&bytes).map_err(damaged)
}

/// A key from the 128 bits of the system's randomness that the standard library seeds its maps with.
fn drawn_key() -> String {
    use std::hash::{BuildHasher, Hasher, RandomState};
    (0..4).map(|_| format!("{:016x}", RandomState::new().build_hasher().finish())).collect()
}
