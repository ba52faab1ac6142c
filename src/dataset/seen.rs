//! Which call is in which batch, and how its files looked when it was inspected: what makes a second run over
//! unchanged calls quick, and a changed call replace its old rows.
//!
//! It is kept in `_state/calls`, blocks that are appended with each commit. Blocks of batches that are gone are
//! dead; batches that no block covers are read from their tables, so that a lost or stale file costs time alone.

use super::error::DatasetError;
use super::layout::{self, SEEN, STATE};
use super::log::CommittedBatch;
use crate::facts::Status;
use crate::storage::Folder;
use crate::tables::CallKey;
use std::collections::{BTreeMap, BTreeSet};

/// Starts every block; its last byte is the version of the file.
const MAGIC: [u8; 8] = *b"callsif1";
const HEADER_BYTES: usize = 8 + 8 + 4;
const ENTRY_BYTES: usize = 16 + 8 + 1;
const CHECK_BYTES: usize = 8;
/// Read no further than this: a thousand million calls.
const MOST_BYTES: u64 = 32 << 30;
/// The file is written anew when it holds so many times more entries than there are calls.
const SLACK: usize = 2;
/// Or when it is in more parts than this, as it may be in a store that cannot append.
const MOST_PARTS: usize = 64;

/// 128 bits that name a call: BLAKE3 of its id. The upper half are its first 8 bytes, little-endian.
#[must_use]
pub(super) fn call_hash(call_id: &str) -> u128 {
    let hash = blake3::hash(call_id.as_bytes());
    let half = |start: usize| u64::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[start + at]));
    u128::from(half(0)) << 64 | u128::from(half(8))
}

/// What is known of a call that is in the dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What [`super::Batch::stamps`] said of it; 0 where that is not known.
    pub stamp: u64,
    /// How its inspection went.
    pub status: Status,
    /// Whether inspecting it again may go better.
    pub retryable: bool,
}

impl Seen {
    /// What the row of a call says; its stamp is not known.
    pub(super) fn of(key: &CallKey) -> Self {
        Self { stamp: 0, status: key.status, retryable: key.error_retryable == Some(true) }
    }

    fn flags(self) -> u8 {
        let status = Status::ALL.iter().position(|status| *status == self.status).unwrap_or_default() as u8;
        status | u8::from(self.retryable) << 7
    }

    fn of_flags(stamp: u64, flags: u8) -> Option<Self> {
        let status = *Status::ALL.get(usize::from(flags & 0x7f))?;
        Some(Self { stamp, status, retryable: flags & 0x80 != 0 })
    }
}

/// So many calls may come before they are sorted in among the others.
const MOST_SINCE: usize = 1 << 16;

/// A call, as an index has it: 32 bytes, for there may be millions.
#[derive(Clone, Copy, Debug)]
#[repr(C, packed(8))]
struct Entry {
    call: u128,
    stamp: u64,
    batch: u32,
    flags: u8,
}

/// All calls of a dataset.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The batches that entries name by their place. Dead ones keep theirs.
    batches: Vec<CommittedBatch>,
    /// By call; each once.
    sorted: Vec<Entry>,
    /// Whether the file ends in what is no block, behind which nothing that is appended would be found.
    is_torn: bool,
    /// What the file holds, and in how many parts it was when it was loaded.
    bytes: usize,
    parts: usize,
    /// What came since, and calls that went (`None`).
    since: BTreeMap<u128, Option<Entry>>,
}

impl Index {
    /// The index in `folder`, of the batches `live`, and those of them that it does not cover.
    ///
    /// # Errors
    /// Where the file is there and cannot be read; not where it is damaged.
    pub(super) fn load(
        folder: &Folder,
        live: &BTreeSet<CommittedBatch>,
    ) -> Result<(Self, Vec<CommittedBatch>), DatasetError> {
        let (bytes, parts) = folder.read_parts(SEEN, MOST_BYTES)?;
        let batches: Vec<CommittedBatch> = live.iter().cloned().collect();
        let places: BTreeMap<u64, u32> = (0..).zip(&batches).map(|(place, batch)| (number_of(batch), place)).collect();
        let (mut index, mut covered) = (Self::default(), BTreeSet::new());
        let mut rest = bytes.as_slice();
        while let Some((batch, entries, after)) = next_block(rest) {
            rest = after;
            let Some(&place) = places.get(&batch) else { continue };
            covered.insert(place);
            index.sorted.extend(entries.chunks_exact(ENTRY_BYTES).map(|entry| entry_of(entry, place)));
        }
        index.is_torn = !rest.is_empty();
        (index.bytes, index.parts) = (bytes.len(), parts);
        let lacking = (0..).zip(&batches).filter(|(place, _)| !covered.contains(place));
        let lacking = lacking.map(|(_, batch)| batch.clone()).collect();
        index.batches = batches;
        // Of entries of one call the last counts.
        index.sorted.reverse();
        index.sorted.sort_by_key(|entry| entry.call);
        index.sorted.dedup_by_key(|entry| entry.call);
        Ok((index, lacking))
    }

    /// The call and its batch.
    pub(super) fn find(&self, call: u128) -> Option<(Seen, &CommittedBatch)> {
        let entry = match self.since.get(&call) {
            Some(entry) => entry.as_ref()?,
            None => {
                let place = self.sorted.binary_search_by_key(&call, |entry| entry.call).ok()?;
                &self.sorted[place]
            }
        };
        Some((Seen::of_flags(entry.stamp, entry.flags)?, &self.batches[entry.batch as usize]))
    }

    /// A call by the upper half of its hash.
    pub(super) fn find_by_half(&self, half: u64) -> Option<Seen> {
        let first = u128::from(half) << 64;
        let range = first..=first | u128::from(u64::MAX);
        let since = self.since.range(range.clone()).find_map(|(call, entry)| entry.as_ref().map(|_| *call));
        let place = self.sorted.partition_point(|entry| entry.call < first);
        let sorted = self.sorted.get(place).map(|entry| entry.call).filter(|call| range.contains(call));
        since.or(sorted).and_then(|call| self.find(call)).map(|(seen, _)| seen)
    }

    /// Adds the calls of `batch`; gives the block that says so, for [`Index::append`].
    pub(super) fn learn(&mut self, batch: &CommittedBatch, calls: &[(u128, Seen)]) -> Vec<u8> {
        let place = self.batches.len() as u32;
        self.batches.push(batch.clone());
        let mut block = header(batch, calls.len());
        for &(call, seen) in calls {
            let entry = Entry { call, stamp: seen.stamp, batch: place, flags: seen.flags() };
            push_entry(&mut block, &entry);
            self.since.insert(call, Some(entry));
        }
        push_check(&mut block);
        self.settle_if_much();
        block
    }

    /// Notes the stamp of a call that is there already; gives the block that says so.
    pub(super) fn note(&mut self, call: u128, stamp: u64) -> Vec<u8> {
        let Some((seen, batch)) = self.find(call) else { return Vec::new() };
        let batch = batch.clone();
        self.learn(&batch, &[(call, Seen { stamp, ..seen })])
    }

    /// Appends blocks to the file.
    ///
    /// # Errors
    /// Where they cannot be appended; then the file is written anew by the next [`Index::tidy`].
    pub(super) fn append(&mut self, folder: &Folder, blocks: &[u8]) -> Result<(), DatasetError> {
        let appended = folder.create_folder(STATE).and_then(|()| folder.append_part(SEEN, blocks));
        self.is_torn |= appended.is_err();
        self.bytes += blocks.len();
        Ok(appended?)
    }

    /// Takes away those of `calls` that are in `batch`.
    pub(super) fn remove(&mut self, batch: &CommittedBatch, calls: impl IntoIterator<Item = u128>) {
        for call in calls {
            if self.find(call).is_some_and(|(_, of)| of == batch) {
                self.since.insert(call, None);
            }
        }
    }

    /// Takes away the calls of batches that are gone.
    pub(super) fn remove_batches(&mut self, gone: &[CommittedBatch]) {
        if gone.is_empty() {
            return;
        }
        self.settle();
        let gone: BTreeSet<&CommittedBatch> = gone.iter().collect();
        let batches = &self.batches;
        self.sorted.retain(|entry| !gone.contains(&batches[entry.batch as usize]));
    }

    /// Writes the file anew where most of it is dead, or its end is torn.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn tidy(&mut self, folder: &Folder, run: &str) -> Result<(), DatasetError> {
        self.settle();
        let is_small = self.bytes <= SLACK * self.sorted.len() * (ENTRY_BYTES + 2) + (1 << 16);
        if !self.is_torn && is_small && self.parts <= MOST_PARTS {
            return Ok(());
        }
        self.write(folder, run)
    }

    /// Writes the file anew.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn write(&mut self, folder: &Folder, run: &str) -> Result<(), DatasetError> {
        self.settle();
        self.is_torn = false;
        let mut by_batch: BTreeMap<u32, Vec<&Entry>> = BTreeMap::new();
        for entry in &self.sorted {
            by_batch.entry(entry.batch).or_default().push(entry);
        }
        let mut file = Vec::new();
        for (place, entries) in by_batch {
            let mut block = header(&self.batches[place as usize], entries.len());
            entries.into_iter().for_each(|entry| push_entry(&mut block, entry));
            push_check(&mut block);
            file.append(&mut block);
        }
        folder.create_folder(STATE)?;
        (self.bytes, self.parts) = (file.len(), 1);
        Ok(folder.replace_parts(SEEN, &file, &format!("{}/seen", layout::drafts(run)))?)
    }

    /// Brings everything into `sorted` where so much came that a list holds it in far less memory than a tree.
    fn settle_if_much(&mut self) {
        if self.since.len() > MOST_SINCE + self.sorted.len() / 8 {
            self.settle();
        }
    }

    /// Brings everything into `sorted`.
    fn settle(&mut self) {
        let since = std::mem::take(&mut self.since);
        if since.is_empty() {
            return;
        }
        self.sorted.retain(|entry| !since.contains_key(&{ entry.call }));
        self.sorted.extend(since.into_values().flatten());
        self.sorted.sort_unstable_by_key(|entry| entry.call);
    }
}

/// A batch's name as a number: it is 16 hex digits.
fn number_of(batch: &CommittedBatch) -> u64 {
    u64::from_str_radix(&batch.name, 16).unwrap_or_default()
}

fn header(batch: &CommittedBatch, entries: usize) -> Vec<u8> {
    let mut block = MAGIC.to_vec();
    block.extend(number_of(batch).to_le_bytes());
    block.extend((entries as u32).to_le_bytes());
    block
}

fn push_entry(block: &mut Vec<u8>, entry: &Entry) {
    block.extend(entry.call.to_le_bytes());
    block.extend(entry.stamp.to_le_bytes());
    block.push(entry.flags);
}

fn push_check(block: &mut Vec<u8>) {
    let hash = blake3::hash(block);
    block.extend(&hash.as_bytes()[..CHECK_BYTES]);
}

fn entry_of(bytes: &[u8], batch: u32) -> Entry {
    Entry {
        call: u128::from_le_bytes(std::array::from_fn(|at| bytes[at])),
        stamp: u64::from_le_bytes(std::array::from_fn(|at| bytes[16 + at])),
        batch,
        flags: bytes[24],
    }
}

/// The first block's batch and entries, and what follows; `None` at the end, or where the rest is damaged.
fn next_block(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let header = bytes.get(..HEADER_BYTES).filter(|header| header.starts_with(&MAGIC))?;
    let batch = u64::from_le_bytes(std::array::from_fn(|at| header[8 + at]));
    let count = u32::from_le_bytes(std::array::from_fn(|at| header[16 + at]));
    let length = HEADER_BYTES.checked_add((count as usize).checked_mul(ENTRY_BYTES)?)?;
    let check = bytes.get(length..length.checked_add(CHECK_BYTES)?)?;
    let is_whole = blake3::hash(&bytes[..length]).as_bytes()[..CHECK_BYTES] == *check;
    is_whole.then(|| (batch, &bytes[HEADER_BYTES..length], &bytes[length + CHECK_BYTES..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(name: &str) -> CommittedBatch {
        CommittedBatch { date: None, name: name.repeat(16) }
    }

    fn seen(stamp: u64) -> Seen {
        Seen { stamp, status: Status::Failed, retryable: true }
    }

    fn stamps(index: &Index) -> Vec<Option<u64>> {
        (1..=4).map(|call| index.find(call).map(|(seen, _)| seen.stamp)).collect()
    }

    fn add(index: &mut Index, folder: &Folder, name: &str, calls: &[(u128, Seen)]) {
        let block = index.learn(&batch(name), calls);
        index.append(folder, &block).unwrap();
    }

    /// Calls 1 and 2 in batch a, 3 in b, then 2 seen again; and where a loaded index has what.
    fn written() -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::local(dir.path());
        let mut index = Index::default();
        add(&mut index, &folder, "a", &[(1, seen(10)), (2, seen(20))]);
        add(&mut index, &folder, "b", &[(3, seen(30))]);
        let block = index.note(2, 21);
        index.append(&folder, &block).unwrap();
        assert_eq!(index.note(4, 40), [0; 0], "there is no call 4");
        assert_eq!(stamps(&index), [Some(10), Some(21), Some(30), None]);
        (dir, folder)
    }

    #[test]
    fn what_is_added_is_loaded() {
        let (_dir, folder) = written();
        /// Batches that are live, the stamps that are found then, and the batches that are not covered.
        type Case<'a> = (&'a [&'a str], [Option<u64>; 4], &'a [&'a str]);
        let cases: [Case<'_>; 3] = [
            (&["a", "b"], [Some(10), Some(21), Some(30), None], &[]),
            (&["a"], [Some(10), Some(21), None, None], &[]),
            (&["b", "c"], [None, None, Some(30), None], &["c"]),
        ];
        for (live, expected, lacking) in cases {
            let live = live.iter().map(|name| batch(name)).collect();
            let (index, lacks) = Index::load(&folder, &live).unwrap();
            assert_eq!(stamps(&index), expected, "{live:?}");
            assert_eq!(lacks, lacking.iter().map(|name| batch(name)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_torn_end_costs_what_stands_there() {
        let (_dir, folder) = written();
        let bytes = folder.read(SEEN, 1 << 20).unwrap();
        for length in 0..bytes.len() {
            folder.write(SEEN, &bytes[..length]).unwrap();
            let (index, lacks) = Index::load(&folder, &[batch("a"), batch("b")].into()).unwrap();
            assert_eq!(index.find(3).is_none(), lacks.contains(&batch("b")), "{length} bytes");
            assert_ne!(index.find(2).map(|(seen, _)| seen.stamp), Some(21), "{length} bytes");
        }
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let (_dir, folder) = written();
        let bytes = folder.read(SEEN, 1 << 20).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            folder.write(SEEN, &changed).unwrap();
            let (index, _) = Index::load(&folder, &[batch("a"), batch("b")].into()).unwrap();
            let right = [Some(10), Some(20), Some(21), Some(30), None];
            assert!(stamps(&index).iter().all(|stamp| right.contains(stamp)), "byte {at}: {:?}", stamps(&index));
            assert_ne!(stamps(&index), [Some(10), Some(21), Some(30), None], "byte {at}");
        }
    }

    #[test]
    fn calls_that_went_are_gone_and_tidying_keeps_the_rest() {
        let (_dir, folder) = written();
        let live = [batch("a"), batch("b")].into();
        let (mut index, _) = Index::load(&folder, &live).unwrap();
        index.remove(&batch("a"), [1, 3]);
        assert_eq!(stamps(&index), [None, Some(21), Some(30), None], "3 is not in a");
        for _ in 0..4000 {
            add(&mut index, &folder, "a", &[(4, seen(40))]);
        }
        folder.create_folder("_tmp/run").unwrap();
        index.tidy(&folder, "run").unwrap();
        assert!(folder.size(SEEN).unwrap().unwrap() < 1000);
        let (index, _) = Index::load(&folder, &live).unwrap();
        assert_eq!(stamps(&index), [None, Some(21), Some(30), Some(40)]);
    }
}
