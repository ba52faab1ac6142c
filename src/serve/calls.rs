//! The calls of a dataset as a list shows them, in memory: some 500 bytes a call.

use crate::dataset::{CommittedBatch, DatasetError, Snapshot};
use crate::facts::Status;
use crate::finding::{RuleStatus, Severity};
use crate::recording::StartedAt;
use crate::score::Verdict;
use crate::tables::{
    CountedFinding, ListedCall, TableError, TableName, counted_finding_columns, listed_call_columns,
    read_counted_findings, read_listed_calls,
};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How often reading starts again because a commit took batches away meanwhile.
const TRIES: usize = 3;

/// A call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) call_id: Box<str>,
    /// The batch that holds it, and so its date.
    pub(super) batch: Arc<CommittedBatch>,
    pub(super) recording: Option<Box<str>>,
    pub(super) file_sha256: Option<Box<str>>,
    pub(super) status: Status,
    pub(super) started_at: Option<StartedAt>,
    pub(super) agent_id: Option<Arc<str>>,
    pub(super) team: Option<Arc<str>>,
    pub(super) duration_ms: Option<i64>,
    pub(super) score: Option<f64>,
    pub(super) verdict: Option<Verdict>,
    /// What was reported of it, the gravest that counts first.
    pub(super) findings: Box<[Found]>,
}

/// Something that a rule reported.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) rule: Arc<str>,
    pub(super) severity: Severity,
    /// Whether its rule is active and nothing excuses it.
    pub(super) counts: bool,
    pub(super) start_ms: Option<i64>,
    pub(super) quote: Box<str>,
    pub(super) message: Box<str>,
}

impl Call {
    /// How many findings of that severity count.
    pub(super) fn counting(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|found| found.counts && found.severity == severity).count()
    }

    /// The gravest finding that counts.
    pub(super) fn gravest(&self) -> Option<&Found> {
        self.findings.first().filter(|found| found.counts)
    }

    /// What sorts the worst call first: by its gravest finding, then by how many of it, then by score.
    fn place(&self) -> impl Ord + use<> {
        let gravest = self.gravest().map(|found| found.severity);
        let count = gravest.map_or(0, |severity| self.counting(severity));
        // Scores are 0 to 100 and not negative, so that their bits are in their order.
        let score = self.score.map_or(u64::MAX, |score| score.max(0.0).to_bits());
        (Reverse(gravest), Reverse(count), score)
    }
}

/// The calls of a dataset at one moment.
pub(super) struct Calls {
    snapshot: Snapshot,
    batches: BTreeMap<CommittedBatch, Vec<Arc<Call>>>,
    /// The worst first.
    pub(super) all: Vec<Arc<Call>>,
    by_id: Vec<Arc<Call>>,
    /// What there is to choose from.
    pub(super) teams: BTreeSet<Arc<str>>,
    pub(super) rules: BTreeSet<Arc<str>>,
}

impl Calls {
    /// Those of the dataset in `dir`. Batches that `before` has are not read again.
    ///
    /// # Errors
    /// [`DatasetError`] where it cannot be read.
    pub(super) fn read(dir: &Path, before: Option<&Self>) -> Result<Self, DatasetError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::try_read(dir, before) {
                Err(DatasetError::Gone { .. }) if tries < TRIES => {}
                done => return done,
            }
        }
    }

    fn try_read(dir: &Path, before: Option<&Self>) -> Result<Self, DatasetError> {
        let snapshot = Snapshot::open(dir)?;
        let names = Names::default();
        let known = |batch: &CommittedBatch| before.and_then(|before| before.batches.get(batch)).cloned();
        let batches: Vec<&CommittedBatch> = snapshot.batches().collect();
        let read = |batch: &CommittedBatch| match known(batch) {
            Some(calls) => Ok((batch.clone(), calls)),
            None => Ok((batch.clone(), calls_of(&snapshot, batch, &names)?)),
        };
        let batches = batches.into_par_iter().map(read).collect::<Result<BTreeMap<_, _>, DatasetError>>()?;
        Ok(Self::of(snapshot, batches))
    }

    fn of(snapshot: Snapshot, batches: BTreeMap<CommittedBatch, Vec<Arc<Call>>>) -> Self {
        let mut by_id: Vec<Arc<Call>> = batches.values().flatten().cloned().collect();
        by_id.sort_unstable_by(|one, other| one.call_id.cmp(&other.call_id));
        let mut all = by_id.clone();
        // Stable: among equals, by id.
        all.sort_by_cached_key(|call| call.place());
        let teams = all.iter().filter_map(|call| call.team.clone()).collect();
        let rules = all.iter().flat_map(|call| call.findings.iter().map(|found| Arc::clone(&found.rule))).collect();
        Self { snapshot, batches, all, by_id, teams, rules }
    }

    /// Whether the dataset is still as it was.
    ///
    /// # Errors
    /// [`DatasetError`] where its commits cannot be read.
    pub(super) fn are_latest(&self) -> Result<bool, DatasetError> {
        self.snapshot.is_latest()
    }

    /// The view of the dataset that they are of.
    pub(super) const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The call of that id.
    pub(super) fn find(&self, call_id: &str) -> Option<&Arc<Call>> {
        let place = self.by_id.binary_search_by(|call| (*call.call_id).cmp(call_id)).ok()?;
        self.by_id.get(place)
    }
}

/// Texts that many calls share, each kept once.
#[derive(Default)]
struct Names(Mutex<BTreeSet<Arc<str>>>);

impl Names {
    fn shared(&self, name: &str) -> Arc<str> {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(name) {
            return Arc::clone(known);
        }
        let new: Arc<str> = name.into();
        names.insert(Arc::clone(&new));
        new
    }
}

fn calls_of(snapshot: &Snapshot, batch: &CommittedBatch, names: &Names) -> Result<Vec<Arc<Call>>, DatasetError> {
    let unreadable = |source: TableError| DatasetError::Table { path: format!("batch {}", batch.name), source };
    let mut findings: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for rows in snapshot.read_parts(batch, TableName::Findings, Some(&counted_finding_columns()))? {
        for (call_id, found) in read_counted_findings(&rows?).map_err(unreadable)? {
            findings.entry(call_id).or_default().push(kept(found, names));
        }
    }
    let shared = Arc::new(batch.clone());
    let mut calls = Vec::new();
    for rows in snapshot.read_parts(batch, TableName::Calls, Some(&listed_call_columns()))? {
        for listed in read_listed_calls(&rows?).map_err(unreadable)? {
            let mut found = findings.remove(&listed.call_id).unwrap_or_default();
            found.sort_by_key(|found| (Reverse((found.counts, found.severity)), found.start_ms));
            calls.push(Arc::new(call(listed, found, Arc::clone(&shared), names)));
        }
    }
    Ok(calls)
}

fn kept(found: CountedFinding, names: &Names) -> Found {
    Found {
        rule: names.shared(&found.rule),
        severity: found.severity,
        counts: found.status == RuleStatus::Active && found.excused_by.is_none(),
        start_ms: found.start_ms,
        quote: found.quote.into(),
        message: found.message.into(),
    }
}

fn call(listed: ListedCall, findings: Vec<Found>, batch: Arc<CommittedBatch>, names: &Names) -> Call {
    Call {
        call_id: listed.call_id.into(),
        batch,
        recording: listed.recording.map(Into::into),
        file_sha256: listed.file_sha256.map(Into::into),
        status: listed.status,
        started_at: listed.started_at,
        agent_id: listed.agent_id.map(|name| names.shared(&name)),
        team: listed.team.map(|name| names.shared(&name)),
        duration_ms: listed.duration_ms,
        score: listed.score,
        verdict: listed.verdict,
        findings: findings.into(),
    }
}
