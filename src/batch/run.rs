//! Batches of calls, judged in parallel and committed in order.

use super::observe::{Observer, Settings, metadata_sha256};
use super::tally::Tally;
use crate::audio::decode::identify;
use crate::dataset::{Batch, Dataset, DatasetError, Fingerprint};
use crate::engine::SpeechEngine;
use crate::events::{self, Event};
use crate::facts::{Facts, Status};
use crate::inspect::{Plan, judge};
use crate::recording::Recording;
use crate::tables::{Judged, Row};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// At most so many calls share a batch: enough for good Parquet, few enough that a killed run repeats little.
const BATCH_CALLS: usize = 256;

/// How to run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Name of the run, unique in the dataset: letters, digits, `-` and `_`.
    pub run: String,
    /// Worker threads; 0: one a core.
    pub threads: usize,
    /// Settings that shape facts.
    pub settings: Settings,
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The dataset cannot be read or written.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// No threads.
    #[error("no worker threads: {0}; give a smaller --threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Inspects `recordings` and commits them to `dataset`, in batches of one date each, by (date, agent, call).
///
/// Calls that the dataset holds already are left as they are; those that have changed since are named in the tally.
/// The bytes written depend on neither the
/// order of `recordings` nor the number of threads. Of a recording that cannot be read the row says why, and the
/// run goes on.
///
/// # Errors
/// The dataset cannot be read or written. Batches committed until then stay.
pub fn run(
    recordings: Vec<Recording>,
    plan: &Plan,
    dataset: &Dataset,
    engine: &dyn SpeechEngine,
    options: &RunOptions,
    watcher: &dyn events::Observer,
) -> Result<Tally, RunError> {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let mut tally = Tally::default();
    let recordings = threads.install(|| not_yet_committed(recordings, plan, dataset, &options.settings, &mut tally))?;
    watcher.notice(&Event::RunStarted { recordings: recordings.len() });
    let job = Job { plan, observer: Observer::new(engine, &options.settings), watcher };
    let committer = Committer { run: &options.run, plan, settings: options.settings.hash(), dataset, watcher };
    let (send, receive) = sync_channel(1);
    std::thread::scope(|scope| {
        let committing = scope.spawn(|| committer.commit_all(receive, &mut tally));
        threads.install(|| judge_all(&batches(recordings), &job, &send));
        // Nothing more comes: the committer ends.
        drop(send);
        committing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    Ok(tally)
}

/// The calls in batches of one date, by (date, agent, call): the order of all that is written.
fn batches(mut recordings: Vec<Recording>) -> Vec<Vec<Recording>> {
    let date = |recording: &Recording| recording.metadata.started_at.map(|time| time.local_date());
    recordings.sort_by_cached_key(|recording| {
        (date(recording), recording.metadata.agent_id.clone(), recording.call_id.clone())
    });
    let days = recordings.chunk_by(|one, next| date(one) == date(next));
    days.flat_map(|day| day.chunks(BATCH_CALLS)).map(<[Recording]>::to_vec).collect()
}

struct Job<'a> {
    plan: &'a Plan,
    observer: Observer<'a>,
    watcher: &'a dyn events::Observer,
}

impl Job<'_> {
    /// Inspects one call. Never panics: what goes wrong becomes the row of a failed call.
    fn inspect(&self, recording: &Recording) -> Row {
        self.watcher.notice(&Event::RecordingStarted { call_id: &recording.call_id });
        let row = catch_unwind(AssertUnwindSafe(|| self.judge(self.observer.observe(recording))))
            .unwrap_or_else(|_| Row { facts: self.observer.crashed(recording), judged: None });
        let call = &row.facts.call;
        self.watcher.notice(&Event::RecordingFinished {
            call_id: &call.call_id,
            duration_ms: call.sound.as_ref().map_or(0, |sound| sound.duration_ms),
            failed: call.status == Status::Failed,
            error: call.error.as_ref().map(|error| error.message.as_str()),
        });
        row
    }

    fn judge(&self, facts: Facts) -> Row {
        let judged = (facts.call.status != Status::Failed).then(|| {
            let (judgement, score) = judge(&facts, self.plan);
            Judged {
                judgement,
                score,
                ruleset_hash: self.plan.ruleset_hash.clone(),
                in_force_mode: self.plan.in_force.name(),
                tool_version: env!("CARGO_PKG_VERSION").into(),
            }
        });
        Row { facts, judged }
    }
}

/// Judges batch after batch; stops early when nobody takes them any more.
fn judge_all(batches: &[Vec<Recording>], job: &Job<'_>, send: &SyncSender<Vec<Row>>) {
    for calls in batches {
        let rows: Vec<Row> = calls.par_iter().map(|recording| job.inspect(recording)).collect();
        if send.send(rows).is_err() {
            return;
        }
    }
}

/// Commits batch after batch, on a thread of its own, so that writing holds up nobody's judging.
struct Committer<'a> {
    run: &'a str,
    plan: &'a Plan,
    settings: String,
    dataset: &'a Dataset,
    watcher: &'a dyn events::Observer,
}

impl Committer<'_> {
    fn commit_all(&self, batches: Receiver<Vec<Row>>, tally: &mut Tally) -> Result<(), DatasetError> {
        for rows in batches {
            for row in &rows {
                tally.add(row, self.plan);
            }
            let committed = self.dataset.commit(&Batch {
                run: self.run,
                rows: &rows,
                ruleset_hash: &self.plan.ruleset_hash,
                tool_version: env!("CARGO_PKG_VERSION"),
                settings: &self.settings,
            })?;
            self.watcher.notice(&Event::BatchCommitted { batch: &committed.name, calls: rows.len() });
        }
        Ok(())
    }
}

/// Leaves out the calls that the dataset holds, and counts them.
fn not_yet_committed(
    recordings: Vec<Recording>,
    plan: &Plan,
    dataset: &Dataset,
    settings: &Settings,
    tally: &mut Tally,
) -> Result<Vec<Recording>, RunError> {
    let committed = dataset.committed_calls()?;
    let settings_hash = settings.hash();
    let is_there = |recording: &Recording| {
        let then = committed.get(&recording.call_id)?;
        Some((is_unchanged(recording, then, plan, &settings_hash), then.status))
    };
    let there: Vec<_> = recordings.par_iter().map(is_there).collect();
    let mut new = Vec::new();
    for (recording, there) in recordings.into_iter().zip(there) {
        match there {
            None => new.push(recording),
            Some((unchanged, status)) => tally.add_committed(&recording.call_id, unchanged, status),
        }
    }
    Ok(new)
}

fn is_unchanged(recording: &Recording, then: &Fingerprint, plan: &Plan, settings_hash: &str) -> bool {
    let hash_of =
        |path: &Option<PathBuf>| path.as_deref().and_then(|path| identify(path).ok()).map(|identity| identity.sha256);
    then.metadata_sha256 == metadata_sha256(recording)
        && then.settings_hash == settings_hash
        && then.tool_version.as_deref().is_none_or(|version| version == env!("CARGO_PKG_VERSION"))
        && then.ruleset_hash.as_deref().is_none_or(|hash| hash == plan.ruleset_hash)
        && then.file_sha256 == hash_of(&recording.audio)
        && then.transcript_sha256 == hash_of(&recording.transcript)
}
