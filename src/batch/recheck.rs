//! History, judged again from its facts: no recording and no transcript is touched.

use super::changed::{ChangedRules, Judges};
use super::memory::{fitting, rejudging_bytes};
use super::rejudge::{RejudgedBatch, rejudge};
use super::run::{RunError, available};
use super::stamp::stamp;
use crate::dataset::{CommittedBatch, Dataset, DatasetError, Snapshot, TableContent};
use crate::events::{Event, Observer};
use crate::inspect::Plan;
use crate::score::{Change, ChangeKind, Verdict};
use crate::tables::TableName;
use crate::worklist::Shard;
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
    /// Memory to stay within, as near as it can be told, by working on fewer batches at once; `None`: whatever the threads take.
    pub memory_bytes: Option<u64>,
    /// Which days.
    pub days: Days,
    /// Which share of the batches, by their names; `None`: all.
    pub shard: Option<Shard>,
    /// Whether every rule is asked again, and not only those that may say something else than they did.
    pub anew: bool,
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

impl RecheckOptions<'_> {
    /// The batches of `from` that are to be judged again.
    pub(super) fn batches<'a>(&self, from: &'a Snapshot) -> Vec<&'a CommittedBatch> {
        let is_wanted = |batch: &&CommittedBatch| {
            self.days.hold(batch.date) && self.shard.is_none_or(|shard| shard.has(&batch.name))
        };
        from.batches().filter(is_wanted).collect()
    }
}

impl Changes {
    fn add(&mut self, kind: ChangeKind) {
        match kind {
            ChangeKind::Added => self.added += 1,
            ChangeKind::Removed => self.removed += 1,
            ChangeKind::Changed => self.changed += 1,
        }
    }

    const fn merge(&mut self, other: Self) {
        self.added += other.added;
        self.removed += other.removed;
        self.changed += other.changed;
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

    /// Counts what `other` counted too.
    fn merge(&mut self, other: Self) {
        self.calls += other.calls;
        self.already_there += other.already_there;
        self.not_begun += other.not_begun;
        self.changed_calls += other.changed_calls;
        for (verdicts, calls) in other.verdicts {
            *self.verdicts.entry(verdicts).or_default() += calls;
        }
        let by = [
            (&mut self.by_rule, other.by_rule),
            (&mut self.by_team, other.by_team),
            (&mut self.by_agent, other.by_agent),
        ];
        for (into, from) in by {
            from.into_iter().for_each(|(name, changes)| into.entry(name).or_default().merge(changes));
        }
    }
}

/// Judges the calls of `from` and commits them to `to`, batch by batch: fact tables as they are, judgements
/// anew, with what changed. Calls that `to` holds already, judged alike, are left out.
///
/// `to` equals what [`super::run()`] with the same plan would have written, `verdict_changes` apart, whether or not what rules said that have
/// not changed is kept.
///
/// # Errors
/// A dataset cannot be read or written. Batches committed until then stay.
pub fn recheck(
    from: &Snapshot,
    judges: Judges<'_>,
    to: &Dataset,
    options: &RecheckOptions<'_>,
    watcher: &dyn Observer,
) -> Result<Rechecked, RunError> {
    let batches = options.batches(from);
    // Where memory is not bounded, nobody asks for the size of thousands of files.
    let each_bytes = if options.memory_bytes.is_some() { greatest_bytes(from, &batches)? } else { 0 };
    let threads = fitting(available(options.threads), options.memory_bytes, each_bytes);
    let threads = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    watcher.notice(&Event::RecheckStarted { batches: batches.len() });
    let changed = (!options.anew).then(|| ChangedRules::new(from, judges));
    let job = Job { from, plan: judges.plan, changed, to, options, watcher, done: Mutex::default() };
    threads.install(|| batches.par_iter().try_for_each(|batch| job.recheck(batch)))?;
    Ok(job.done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// What judging the greatest of `batches` again takes.
fn greatest_bytes(from: &Snapshot, batches: &[&CommittedBatch]) -> Result<u64, DatasetError> {
    let all = batches.iter().map(|batch| from.files_bytes(batch)).collect::<Result<Vec<_>, _>>()?;
    Ok(rejudging_bytes(all.into_iter().max().unwrap_or_default()))
}

struct Job<'a> {
    from: &'a Snapshot,
    plan: &'a Plan,
    /// `None`: every rule is asked.
    changed: Option<ChangedRules<'a>>,
    to: &'a Dataset,
    options: &'a RecheckOptions<'a>,
    watcher: &'a dyn Observer,
    done: Mutex<Rechecked>,
}

impl Job<'_> {
    fn recheck(&self, batch: &CommittedBatch) -> Result<(), DatasetError> {
        let keys = self.from.read_keys(batch)?;
        if self.options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            self.done().not_begun += keys.len();
            return Ok(());
        }
        let stamp = stamp_of(batch, self.plan);
        if keys.iter().all(|key| self.to.seen(&key.call_id).is_some_and(|seen| seen.stamp == stamp)) {
            self.done().already_there += keys.len();
            return Ok(());
        }
        let rejudged = rejudge(self.from, (batch, &keys), self.plan, self.changed.as_ref())?;
        let RejudgedBatch { keys: anew, mut files, counted } = rejudged;
        let content = |table: TableName| {
            let bytes = files.remove(&table).map_or_else(|| self.from.read_bytes(batch, table), Ok)?;
            Ok((table, TableContent::File(bytes)))
        };
        let tables = TableName::PER_BATCH.into_iter().map(content);
        let stamps = keys.iter().map(|key| (key.call_id.as_str(), stamp)).collect();
        let committed = self.to.commit_tables(batch.date, anew, tables, &stamps, false)?;
        self.done().merge(counted);
        self.watcher.notice(&Event::BatchCommitted { batch: &committed.name, calls: committed.calls });
        Ok(())
    }

    fn done(&self) -> std::sync::MutexGuard<'_, Rechecked> {
        self.done.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What is the same as long as the batch and what judges it are.
pub(super) fn stamp_of(batch: &CommittedBatch, plan: &Plan) -> u64 {
    let in_force = plan.in_force.name();
    stamp(&[], [&batch.name, &plan.ruleset_hash, &in_force, env!("CARGO_PKG_VERSION")])
}
