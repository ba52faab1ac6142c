//! History, judged again from its facts: no recording and no transcript is touched.

use super::run::{RunError, judged};
use crate::dataset::{CommittedBatch, Dataset, DatasetError, Snapshot, TableContent};
use crate::events::{Event, Observer};
use crate::facts::{Facts, Status};
use crate::finding::Finding;
use crate::inspect::Plan;
use crate::inspect::changes::{Side, changes};
use crate::score::{Change, ChangeKind, Verdict};
use crate::tables::{
    FactTables, Rejudged, TableError, TableName, Verdicts, columns_for, judgement_batches, read_call_keys,
    read_facts_for, read_findings, read_verdicts,
};
use arrow::array::RecordBatch;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Days, from the first to the last, both in; a call without a date is on none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// The first; `None`: there is none before.
    pub from: Option<Date>,
    /// The last.
    pub to: Option<Date>,
}

impl Days {
    /// Whether the day is one of them. Where neither end is given, everything is, calls without a date too.
    #[must_use]
    pub fn hold(self, date: Option<Date>) -> bool {
        match date {
            Some(date) => self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to),
            None => self == Self::default(),
        }
    }
}

/// How to judge again.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecheckOptions<'a> {
    /// Worker threads; 0: one a core.
    pub threads: usize,
    /// Which days.
    pub days: Days,
    /// Once it is true, the batches begun are finished and none is begun.
    pub stop: Option<&'a AtomicBool>,
}

/// How many findings came, went and changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Findings that are there only now.
    pub added: usize,
    /// Findings that were there only before.
    pub removed: usize,
    /// Findings that are not the same, or calls whose verdict or score alone is not.
    pub changed: usize,
}

/// What judging again came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rechecked {
    /// Calls judged again, those that had failed included.
    pub calls: usize,
    /// Calls that an earlier run with the same rules had judged again.
    pub already_there: usize,
    /// Calls not begun, because the run was stopped.
    pub not_begun: usize,
    /// Calls with any change.
    pub changed_calls: usize,
    /// By verdict before and after; `None` where a call had failed.
    pub verdicts: BTreeMap<(Option<Verdict>, Option<Verdict>), usize>,
    /// By rule; the empty one: verdict or score alone.
    pub by_rule: BTreeMap<String, Changes>,
    /// By team; the empty one: not known.
    pub by_team: BTreeMap<String, Changes>,
    /// By agent; the empty one: not known.
    pub by_agent: BTreeMap<String, Changes>,
}

impl Changes {
    fn add(&mut self, kind: ChangeKind) {
        match kind {
            ChangeKind::Added => self.added += 1,
            ChangeKind::Removed => self.removed += 1,
            ChangeKind::Changed => self.changed += 1,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn sum(self) -> usize {
        self.added + self.removed + self.changed
    }
}

impl Rechecked {
    /// Counts the changes of one call.
    pub fn add(&mut self, team: Option<&str>, agent: Option<&str>, verdicts: [Option<Verdict>; 2], changes: &[Change]) {
        self.calls += 1;
        self.changed_calls += usize::from(!changes.is_empty());
        *self.verdicts.entry((verdicts[0], verdicts[1])).or_default() += 1;
        for change in changes {
            let (team, agent) = (team.unwrap_or_default(), agent.unwrap_or_default());
            let counts =
                [(&mut self.by_rule, change.rule.as_str()), (&mut self.by_team, team), (&mut self.by_agent, agent)];
            for (by, name) in counts {
                by.entry(name.to_owned()).or_default().add(change.kind);
            }
        }
    }
}

/// Judges the calls of `from` by `plan` and commits them to `to`, batch by batch: fact tables as they are, judgements
/// anew, with what changed. Calls that `to` holds already, judged alike, are left out.
///
/// `to` equals what [`super::run()`] with the same plan would have written, `verdict_changes` apart.
///
/// # Errors
/// A dataset cannot be read or written. Batches committed until then stay.
pub fn recheck(
    from: &Snapshot,
    plan: &Plan,
    to: &Dataset,
    options: &RecheckOptions<'_>,
    watcher: &dyn Observer,
) -> Result<Rechecked, RunError> {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let batches: Vec<&CommittedBatch> = from.batches().filter(|batch| options.days.hold(batch.date)).collect();
    watcher.notice(&Event::RecheckStarted { batches: batches.len() });
    let job = Job { from, plan, to, options, watcher, done: Mutex::default() };
    threads.install(|| batches.par_iter().try_for_each(|batch| job.recheck(batch)))?;
    Ok(job.done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

struct Job<'a> {
    from: &'a Snapshot,
    plan: &'a Plan,
    to: &'a Dataset,
    options: &'a RecheckOptions<'a>,
    watcher: &'a dyn Observer,
    done: Mutex<Rechecked>,
}

/// What was said of the calls of a batch before.
struct Before {
    verdicts: Vec<Option<Verdicts>>,
    findings: BTreeMap<String, Vec<Finding>>,
}

impl Job<'_> {
    fn recheck(&self, batch: &CommittedBatch) -> Result<(), DatasetError> {
        let keys = self.from.read_keys(batch)?;
        if self.options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            self.done().not_begun += keys.len();
            return Ok(());
        }
        let stamp = self.stamp(batch);
        if keys.iter().all(|key| self.to.seen(&key.call_id).is_some_and(|seen| seen.stamp == stamp)) {
            self.done().already_there += keys.len();
            return Ok(());
        }
        let calls = self.from.read_whole(batch, TableName::Calls)?;
        let facts = self.facts(batch, &calls)?;
        let before = self.before(batch, &calls)?;
        let rejudged: Vec<Rejudged> = facts
            .iter()
            .zip(&before.verdicts)
            .map(|(facts, was)| {
                let findings = before.findings.get(&facts.call.call_id).map_or(&[][..], Vec::as_slice);
                self.judge(facts, was.as_ref(), findings)
            })
            .collect();
        let tables = self.tables(batch, &calls, &rejudged)?;
        let stamps = keys.iter().map(|key| (key.call_id.as_str(), stamp)).collect();
        let committed = self.to.commit_tables(batch.date, tables, &stamps, false)?;
        self.count(&facts, &before, &rejudged);
        self.watcher.notice(&Event::BatchCommitted { batch: &committed.name, calls: committed.calls });
        Ok(())
    }

    /// What is the same as long as the batch and what judges it are.
    fn stamp(&self, batch: &CommittedBatch) -> u64 {
        let mut hasher = blake3::Hasher::new();
        let in_force = self.plan.in_force.name();
        for part in [&batch.name, &self.plan.ruleset_hash, &in_force, env!("CARGO_PKG_VERSION")] {
            hasher.update(part.as_bytes()).update(&[0]);
        }
        u64::from_le_bytes(std::array::from_fn(|at| hasher.finalize().as_bytes()[at])).max(1)
    }

    fn facts(&self, batch: &CommittedBatch, calls: &RecordBatch) -> Result<Vec<Facts>, DatasetError> {
        let needs = self.plan.needs();
        let read = |table| self.from.read_columns(batch, table, Some(&columns_for(table, needs)));
        let tables = FactTables {
            calls: std::slice::from_ref(calls),
            turns: &read(TableName::Turns)?,
            stretches: &read(TableName::Stretches)?,
            entities: &read(TableName::Entities)?,
        };
        read_facts_for(tables, needs).map_err(|source| unreadable(batch, source))
    }

    fn before(&self, batch: &CommittedBatch, calls: &RecordBatch) -> Result<Before, DatasetError> {
        let unreadable = |source| unreadable(batch, source);
        let verdicts = read_verdicts(calls).map_err(unreadable)?.into_iter().map(|(_, verdicts)| verdicts).collect();
        let mut findings: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for rows in self.from.read_table(batch, TableName::Findings)? {
            for (call_id, finding) in read_findings(&rows).map_err(unreadable)? {
                findings.entry(call_id).or_default().push(finding);
            }
        }
        Ok(Before { verdicts, findings })
    }

    fn judge(&self, facts: &Facts, was: Option<&Verdicts>, findings: &[Finding]) -> Rejudged {
        let judged = (facts.call.status != Status::Failed).then(|| judged(facts, self.plan));
        let before = Side { findings, verdict: was.map(|was| was.verdict), score: was.and_then(|was| was.score) };
        let after = judged.as_ref().map_or_else(Side::default, |judged| Side {
            findings: &judged.judgement.findings,
            verdict: Some(judged.score.verdict),
            score: judged.score.score,
        });
        let changes = changes(before, after);
        Rejudged { judged, changes }
    }

    fn tables(
        &self,
        batch: &CommittedBatch,
        calls: &RecordBatch,
        rejudged: &[Rejudged],
    ) -> Result<Vec<(TableName, TableContent)>, DatasetError> {
        let anew = judgement_batches(calls, rejudged).map_err(|source| unreadable(batch, source))?;
        let mut anew: BTreeMap<TableName, RecordBatch> = anew.into_iter().collect();
        let content = |table: TableName| {
            let content = match anew.remove(&table) {
                Some(rows) => TableContent::Rows(rows),
                None => TableContent::File(self.from.read_bytes(batch, table)?),
            };
            Ok((table, content))
        };
        TableName::PER_BATCH.into_iter().map(content).collect()
    }

    fn count(&self, facts: &[Facts], before: &Before, rejudged: &[Rejudged]) {
        let mut done = self.done();
        for ((facts, was), now) in facts.iter().zip(&before.verdicts).zip(rejudged) {
            let metadata = &facts.call.metadata;
            let after = now.judged.as_ref().map(|judged| judged.score.verdict);
            let verdicts = [was.as_ref().map(|was| was.verdict), after];
            done.add(metadata.team.as_deref(), metadata.agent_id.as_deref(), verdicts, &now.changes);
        }
    }

    fn done(&self) -> std::sync::MutexGuard<'_, Rechecked> {
        self.done.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What two datasets say differently of the calls that both hold, day by day; `watch` sees each call with changes.
///
/// # Errors
/// A dataset cannot be read.
pub fn compare(
    before: &Snapshot,
    after: &Snapshot,
    days: Days,
    watch: &mut dyn FnMut(&str, &[Change]),
) -> Result<Compared, DatasetError> {
    let mut compared = Compared::default();
    let mut all: Vec<Option<Date>> = before.batches().chain(after.batches()).map(|batch| batch.date).collect();
    all.sort_unstable();
    all.dedup();
    for day in all.into_iter().filter(|day| days.hold(*day)) {
        let (was, mut is) = (judgements(before, day)?, judgements(after, day)?);
        for (call_id, was) in was {
            let Some(is) = is.remove(&call_id) else {
                compared.only_before += 1;
                continue;
            };
            let changes = changes(was.side(), is.side());
            let verdicts = [was.side().verdict, is.side().verdict];
            compared.both.add(is.team.as_deref(), is.agent_id.as_deref(), verdicts, &changes);
            if !changes.is_empty() {
                watch(&call_id, &changes);
            }
        }
        compared.only_after += is.len();
    }
    Ok(compared)
}

/// What comparing two datasets came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Of the calls that both hold on the same day.
    pub both: Rechecked,
    /// Calls that only the first holds.
    pub only_before: usize,
    /// Calls that only the second holds.
    pub only_after: usize,
}

/// What a dataset says of a call.
#[derive(Default)]
struct Judgement {
    verdicts: Option<Verdicts>,
    findings: Vec<Finding>,
    agent_id: Option<String>,
    team: Option<String>,
}

impl Judgement {
    fn side(&self) -> Side<'_> {
        Side {
            findings: &self.findings,
            verdict: self.verdicts.as_ref().map(|verdicts| verdicts.verdict),
            score: self.verdicts.as_ref().and_then(|verdicts| verdicts.score),
        }
    }
}

fn judgements(snapshot: &Snapshot, day: Option<Date>) -> Result<BTreeMap<String, Judgement>, DatasetError> {
    let mut judgements: BTreeMap<String, Judgement> = BTreeMap::new();
    for batch in snapshot.batches().filter(|batch| batch.date == day) {
        let unreadable = |source| unreadable(batch, source);
        for rows in snapshot.read_table(batch, TableName::Calls)? {
            let keys = read_call_keys(&rows).map_err(unreadable)?;
            for (key, (call_id, verdicts)) in keys.into_iter().zip(read_verdicts(&rows).map_err(unreadable)?) {
                let judgement = judgements.entry(call_id).or_default();
                (judgement.verdicts, judgement.agent_id, judgement.team) = (verdicts, key.agent_id, key.team);
            }
        }
        for rows in snapshot.read_table(batch, TableName::Findings)? {
            for (call_id, finding) in read_findings(&rows).map_err(unreadable)? {
                judgements.entry(call_id).or_default().findings.push(finding);
            }
        }
    }
    Ok(judgements)
}

fn unreadable(batch: &CommittedBatch, source: TableError) -> DatasetError {
    DatasetError::Table { path: format!("batch {}", batch.name), source }
}
