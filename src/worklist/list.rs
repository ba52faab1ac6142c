//! The work list: read once, small in memory.

use super::WorkMistake;
use super::attempts::Attempts;
use super::calls::Call;
use super::discover::Group;
use super::folders::Folders;
use super::identity::{id_hash, raw_id_hash, shown_text};
use super::legs::LegsFile;
use super::pairing::Pairs;
use super::reading;
use super::shard::Shard;
use super::transcripts::Transcripts;
use crate::entities::CustomerKey;
use crate::recording::{PriorCall, StartedAt};
use crate::written::nearest::did_you_mean;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What to work on.
#[derive(Clone, Debug, Default)]
pub struct WorkOptions {
    /// Files, folders and globs.
    pub inputs: Vec<PathBuf>,
    /// A manifest besides those that stand in the inputs.
    pub manifest: Option<PathBuf>,
    /// Where saved transcripts are, by the recording's relative path or its stem.
    pub transcripts: Option<PathBuf>,
    /// The log of a dialler: every attempt to reach somebody.
    pub attempts: Option<PathBuf>,
    /// Who or what is on which side of calls when: one line a leg.
    pub legs: Option<PathBuf>,
    /// Zone of times that have no offset.
    pub zone: Option<TimeZone>,
    /// The key with which ids of customers are hashed as they are read; without one they are kept as they are given.
    pub customer_key: Option<CustomerKey>,
    /// The agent's channel where the manifest does not say.
    pub agent_channel: u16,
    /// Which share of the calls is handed out, by their ids as they are written; `None`: all. Earlier calls come from all in any case.
    pub shard: Option<Shard>,
}

/// The calls to inspect: read once, every mistake found, and kept as hashes, about 70 bytes a call. What is said of each call
/// is read again by [`WorkList::for_each`].
#[derive(Debug, Default)]
pub struct WorkList {
    pub(super) options: WorkOptions,
    pub(super) folders: Folders,
    pub(super) manifests: Vec<Manifest>,
    /// Calls found that no manifest lists.
    pub(super) groups: Vec<Group>,
    /// Hashes of all ids as written, sorted.
    pub(super) ids: Vec<u64>,
    /// Calls of manifests that have a start, by [`Call::order`].
    pub(super) calls: Vec<Call>,
    /// Calls of other datasets, that no manifest lists.
    pub(super) history: Vec<Call>,
    pub(super) attempts: Attempts,
    pub(super) legs: LegsFile,
    pub(super) listed: usize,
    pub(super) days: Option<(Date, Date)>,
    pub(super) ignored: Vec<String>,
    pub(super) doubts: Vec<String>,
    /// Names of the columns of all manifests.
    pub(super) columns: BTreeSet<String>,
}

/// A manifest as it was when it was read.
#[derive(Debug)]
pub(super) struct Manifest {
    pub path: PathBuf,
    /// Hashes of its chunks.
    pub chunks: Vec<u64>,
}

/// A call that another dataset holds.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierCall {
    /// The customer's id as it is written there.
    pub customer: String,
    /// The call's id as it is written there.
    pub call_id: String,
    /// What is known of the call.
    pub prior: PriorCall,
}

/// Calls of manifests and of history with what attempts say of them.
pub(super) struct Known<'a> {
    /// Sorted; the attempts that no call came of are not among them.
    pub calls: Cow<'a, [Call]>,
    pub pairs: Pairs,
}

impl WorkList {
    /// Reads manifests and the attempts file, and looks for recordings.
    ///
    /// # Errors
    /// Every mistake in them, the first fifty of each file: inputs that do not exist, tables that cannot be read or hold
    /// a wrong value, equal call ids, and nothing to inspect.
    pub fn read(options: &WorkOptions) -> Result<Self, Vec<WorkMistake>> {
        reading::read(options)
    }

    /// How many calls there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none; a list that was read has one at least.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The first and the last local date of the calls that have a start.
    #[must_use]
    pub fn days(&self) -> Option<(Date, Date)> {
        self.days
    }

    /// Files further down that are named like a manifest and are none; masked.
    #[must_use]
    pub fn ignored_manifests(&self) -> &[String] {
        &self.ignored
    }

    /// Columns of manifests that may be misspelt, a sentence each; masked.
    #[must_use]
    pub fn doubtful_columns(&self) -> &[String] {
        &self.doubts
    }

    /// Of `names`, those that no manifest has a column of, a sentence each; masked.
    #[must_use]
    pub fn without_column(&self, names: &[String]) -> Vec<String> {
        let known = || self.columns.iter().map(String::as_str);
        let lacking = names.iter().filter(|name| !self.columns.contains(*name));
        let told = |name: &String| format!("no manifest has a column {name:?}; {}", did_you_mean(name, known()));
        lacking.map(|name| shown_text(told(name).trim_end_matches("; "))).collect()
    }

    /// Whether a call of this customer, by the id as a dataset writes it, is in a manifest and has a start.
    #[must_use]
    pub fn wants(&self, customer: &str) -> bool {
        self.customer(customer).is_some()
    }

    /// Adds a call that another dataset holds to those that earlier calls are taken from. One that a manifest lists is
    /// left out, and so is one of a customer that [`WorkList::wants`] nothing of.
    pub fn add_earlier(&mut self, call: &EarlierCall) {
        let id = id_hash(&call.call_id);
        if let Some(customer) = self.customer(&call.customer)
            && self.ids.binary_search(&id).is_err()
        {
            let start = StartedAt { timestamp_us: call.prior.started_at_us, utc_offset_min: 0 };
            self.history.push(Call::new(id, customer, start, &call.prior));
        }
    }

    /// The hash of a customer of whom there are calls. A dataset may hold ids unmasked, where it was told to.
    fn customer(&self, written: &str) -> Option<u64> {
        let is_there = |customer: &u64| {
            let first = self.calls.partition_point(|call| call.customer < *customer);
            self.calls.get(first).is_some_and(|call| call.customer == *customer)
        };
        Some(id_hash(written)).filter(is_there).or_else(|| Some(raw_id_hash(written)).filter(is_there))
    }

    /// Calls of manifests and history, paired with attempts.
    pub(super) fn known(&self) -> Known<'_> {
        let calls =
            if self.history.is_empty() { Cow::Borrowed(self.calls.as_slice()) } else { Cow::Owned(self.joined()) };
        let pairs = Pairs::of(&calls, &self.attempts.list);
        Known { calls, pairs }
    }

    fn joined(&self) -> Vec<Call> {
        // The same call may be in two datasets.
        let mut history = self.history.clone();
        history.sort_unstable_by_key(|call| (call.id, call.order()));
        history.dedup_by_key(|call| call.id);
        let mut calls = [self.calls.as_slice(), &history].concat();
        calls.sort_unstable_by_key(Call::order);
        calls
    }

    /// All that earlier calls are taken from: calls, with what attempts say of them, and the attempts that no call came of.
    pub(super) fn earlier_calls(&self) -> Cow<'_, [Call]> {
        let Known { calls, pairs } = self.known();
        if self.attempts.list.is_empty() {
            return calls;
        }
        let mut calls = calls.into_owned();
        for (number, attempt) in self.attempts.list.iter().enumerate() {
            let mut call = match pairs.call_of(number) {
                Some(place) => calls[place],
                None => Call::new(attempt.call_id, attempt.customer, attempt.ring_at, &PriorCall::default()),
            };
            call.fill(attempt);
            match pairs.call_of(number) {
                Some(place) => calls[place] = call,
                None => calls.push(call),
            }
        }
        calls.sort_unstable_by_key(Call::order);
        Cow::Owned(calls)
    }

    pub(super) fn transcripts(&self) -> Transcripts<'_> {
        Transcripts { folders: &self.folders, elsewhere: self.options.transcripts.as_deref() }
    }

    /// Whether a call of this place among [`Known::calls`] is of a manifest, and not of history.
    pub(super) fn lists(&self, call: &Call) -> bool {
        self.ids.binary_search(&call.id).is_ok()
    }
}
