//! Batches of calls, judged in parallel and committed in order.

use super::inspector::Inspector;
use super::intake::{Due, Intake};
use super::memory::{INSPECTING_BYTES, fitting};
use super::observe::Settings;
use super::pipeline::Pipeline;
use super::raw_text::RawText;
use super::tally::Tally;
use crate::dataset::{Batch, Dataset, DatasetError};
use crate::engine::SpeechEngine;
use crate::events::{self, Event};
use crate::facts::{Facts, Status};
use crate::finding::Judgement;
use crate::inspect::{Plan, judge};
use crate::recording::Recording;
use crate::score::Score;
use crate::storage::is_remote;
use crate::tables::{Judged, Row};
use crate::transcript::Transcript;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// At most so many calls share a batch: enough for good Parquet, few enough that a killed run repeats little.
const BATCH_CALLS: usize = 256;

/// Nor do more bytes of recordings share one, since what was observed of a batch is held until it is committed: of MP3, the coding with the most
/// talk in a byte, that is some 60 MB.
const BATCH_AUDIO_BYTES: u64 = 3 << 29;

/// How to run.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    /// Worker threads; 0: one a core.
    pub threads: usize,
    /// Memory to stay within, as near as it can be told, by working on fewer calls at once; `None`: whatever the threads take.
    pub memory_bytes: Option<u64>,
    /// Settings that shape facts.
    pub settings: &'a Settings,
    /// Whether calls are inspected again that have not changed.
    pub force: bool,
    /// Whether what has not changed is told by the content of files, not by their size and time.
    pub verify: bool,
    /// Where what was said is kept unmasked, if anywhere.
    pub raw_text: Option<&'a RawText>,
    /// Once it is true, the batches begun are finished and none is begun.
    pub stop: Option<&'a AtomicBool>,
    /// Tries a call, named by its id, without writing anything, in a process of its own; says whether that survived.
    /// Asked of calls that were being inspected when two runs died; without it they are taken for deadly.
    pub survives: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
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

/// Inspects the calls that `intake` took and commits them to `dataset`, in batches of one date each, by (date, agent,
/// call).
///
/// Calls that the dataset holds already and that have not changed are left as they are; those that have changed
/// replace their old rows, except by a failure that may pass. The bytes written depend on neither the order of the
/// calls nor the number of threads. Of a recording that cannot be read the row says why, and the run goes on.
///
/// # Errors
/// The dataset cannot be read or written. Batches committed until then stay.
pub fn run(
    intake: Intake<'_>,
    plan: &Plan,
    dataset: &Dataset,
    engine: &dyn SpeechEngine,
    options: &RunOptions<'_>,
    watcher: &dyn events::Observer,
) -> Result<Tally, RunError> {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let (due, mut tally) = threads.install(|| intake.settle(dataset))?;
    watcher.notice(&Event::RunStarted { recordings: due.len() });
    let at_work = fitting(available(options.threads), options.memory_bytes, INSPECTING_BYTES);
    let raw_text = options.raw_text;
    let inspector = Inspector::new(plan, engine, options.settings, at_work);
    let job = Job { inspector, raw_text, dataset, watcher, trouble: Mutex::default() };
    let committer = Committer { plan, dataset, force: options.force, watcher };
    let batches = batches(due);
    let (send, receive) = sync_channel(1);
    let (begun, committed) = std::thread::scope(|scope| {
        let committing = scope.spawn(|| committer.commit_all(receive, &mut tally));
        let begun = judge_all(&batches, &job, options.stop, &send);
        // Nothing more comes: the committer ends.
        drop(send);
        (begun, committing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    committed?;
    job.into_result()?;
    tally.not_begun = batches[begun..].iter().map(Vec::len).sum();
    Ok(tally)
}

/// The calls in batches of one date, by (date, agent, call): the order of all that is written.
fn batches(mut due: Vec<Due>) -> Vec<Vec<Due>> {
    let date = |due: &Due| due.recording.metadata.started_at.map(|time| time.local_date());
    due.sort_by_cached_key(|due| (date(due), due.recording.metadata.agent_id.clone(), due.recording.call_id.clone()));
    let mut batches: Vec<Vec<Due>> = Vec::new();
    let mut audio_bytes: u64 = 0;
    for call in due {
        audio_bytes = audio_bytes.saturating_add(call.audio_bytes);
        match batches.last_mut() {
            Some(batch)
                if batch.len() < BATCH_CALLS && audio_bytes <= BATCH_AUDIO_BYTES && date(&batch[0]) == date(&call) =>
            {
                batch.push(call);
            }
            _ => {
                audio_bytes = call.audio_bytes;
                batches.push(vec![call]);
            }
        }
    }
    batches
}

/// So many threads as are asked for; of 0, one a core.
#[must_use]
pub fn available(threads: usize) -> usize {
    match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    }
}

/// So many more threads for each that is at work wait for files from afar.
const FETCHING: usize = 3;

/// How many threads keep `at_work` of them at work and all of the engine's slots busy: some wait for its answers, and as many again
/// bring answers to its cache's disk or wait for leave to work. Where some of `recordings` are in buckets, others fetch them meanwhile.
pub(super) fn workers<'a>(
    at_work: usize,
    engine: &dyn SpeechEngine,
    mut recordings: impl Iterator<Item = &'a Recording>,
) -> usize {
    let is_far = |recording: &Recording| recording.audio.as_deref().is_some_and(is_remote);
    let fetching = if recordings.any(is_far) { FETCHING * at_work } else { 0 };
    at_work + 2 * engine.slots() + fetching
}

struct Job<'a> {
    inspector: Inspector<'a>,
    raw_text: Option<&'a RawText>,
    dataset: &'a Dataset,
    watcher: &'a dyn events::Observer,
    /// The first thing that went wrong with the dataset itself.
    trouble: Mutex<Option<DatasetError>>,
}

impl Job<'_> {
    /// Inspects one call. Never panics: what goes wrong becomes the row of a failed call.
    fn inspect(&self, due: &Due) -> Row {
        let recording = &due.recording;
        self.watcher.notice(&Event::RecordingStarted { call_id: &recording.call_id });
        let row = if due.is_deadly {
            self.inspector.crashed(recording)
        } else {
            self.note(self.dataset.begin_call(&recording.call_id));
            let row = self.inspector.inspect(recording, |transcript| self.keep_raw(recording, transcript));
            self.note(self.dataset.end_call(&recording.call_id));
            row
        };
        let call = &row.facts.call;
        self.watcher.notice(&Event::RecordingFinished {
            call_id: &call.call_id,
            duration_ms: call.sound.as_ref().map_or(0, |sound| sound.duration_ms),
            failed: call.status == Status::Failed,
            error: call.error.as_ref().map(|error| error.message.as_str()),
        });
        row
    }

    fn keep_raw(&self, recording: &Recording, transcript: &Transcript) {
        if let Some(raw_text) = self.raw_text {
            self.note(raw_text.keep(&recording.call_id, transcript).map_err(DatasetError::from));
        }
    }

    fn note(&self, noted: Result<(), DatasetError>) {
        if let Err(error) = noted {
            self.trouble().get_or_insert(error);
        }
    }

    fn trouble(&self) -> std::sync::MutexGuard<'_, Option<DatasetError>> {
        self.trouble.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn into_result(self) -> Result<(), DatasetError> {
        let trouble = self.trouble.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        trouble.map_or(Ok(()), Err)
    }
}

/// What `plan` says of a call, with what said it.
#[must_use]
pub fn judged(facts: &Facts, plan: &Plan) -> Judged {
    judged_by(plan, judge(facts, plan))
}

/// What `plan` says of a call, with what it was judged by.
pub(super) fn judged_by(plan: &Plan, (judgement, score): (Judgement, Score)) -> Judged {
    Judged {
        judgement,
        score,
        ruleset_hash: plan.ruleset_hash.clone(),
        in_force_mode: plan.in_force.name(),
        tool_version: env!("CARGO_PKG_VERSION").into(),
    }
}

/// Judges batch after batch and says how many it began; stops early when it is told to, or nobody takes them
/// any more.
fn judge_all(
    batches: &[Vec<Due>],
    job: &Job<'_>,
    stop: Option<&AtomicBool>,
    send: &SyncSender<(Vec<Row>, Vec<u64>)>,
) -> usize {
    let is_over = || stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) || job.trouble().is_some();
    let work = |due: &Due| job.inspect(due);
    let workers = job.inspector.workers(batches.iter().flatten().map(|due| &due.recording));
    Pipeline::new(batches, workers, |due: &Due| due.audio_bytes).run(&work, &is_over, &mut |batch, rows| {
        send.send((rows, batches[batch].iter().map(|due| due.stamp).collect())).is_ok()
    })
}

/// Commits batch after batch, on a thread of its own, so that writing holds up nobody's judging.
struct Committer<'a> {
    plan: &'a Plan,
    dataset: &'a Dataset,
    force: bool,
    watcher: &'a dyn events::Observer,
}

impl Committer<'_> {
    fn commit_all(&self, batches: Receiver<(Vec<Row>, Vec<u64>)>, tally: &mut Tally) -> Result<(), DatasetError> {
        for (rows, stamps) in batches {
            let (rows, stamps) = self.without_mishaps(rows, stamps, tally);
            for row in &rows {
                tally.add(row, self.plan);
            }
            if rows.is_empty() {
                continue;
            }
            let committed = self.dataset.commit(&Batch { rows: &rows, stamps: &stamps, force: self.force })?;
            tally.replaced += committed.replaced;
            self.watcher.notice(&Event::BatchCommitted { batch: &committed.name, calls: committed.calls });
        }
        Ok(())
    }

    /// Leaves out calls of which less could be read than before, by a failure that may pass: their rows stay.
    fn without_mishaps(&self, rows: Vec<Row>, stamps: Vec<u64>, tally: &mut Tally) -> (Vec<Row>, Vec<u64>) {
        let was_better = |id: &str, now: Status| self.dataset.seen(id).is_some_and(|seen| seen.status < now);
        let (mut kept, mut kept_stamps) = (Vec::new(), Vec::new());
        for (row, stamp) in rows.into_iter().zip(stamps) {
            let call = &row.facts.call;
            let may_pass = call.error.as_ref().is_some_and(|error| error.retryable);
            if may_pass && was_better(&call.call_id, call.status) {
                tally.add_kept(call);
            } else {
                kept.push(row);
                kept_stamps.push(stamp);
            }
        }
        (kept, kept_stamps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Metadata, StartedAt};

    /// A call of that size on that day of 2026-11.
    fn due(call_id: &str, day: i64, audio_bytes: u64) -> Due {
        // 20,758 days after the epoch is 2026-11-01.
        let started_at = StartedAt { timestamp_us: (20_757 + day) * 86_400 * 1_000_000, utc_offset_min: 0 };
        let recording = Recording {
            call_id: call_id.to_owned(),
            audio: None,
            transcript: None,
            shown_as: None,
            agent_channel: 0,
            metadata: Metadata { started_at: Some(started_at), ..Metadata::default() },
            prior_calls: Vec::new(),
            legs: Vec::new(),
        };
        Due { recording, stamp: 0, audio_bytes, is_deadly: false }
    }

    #[test]
    fn batches_are_of_one_day_and_neither_too_many_calls_nor_too_much_sound() {
        const GIB: u64 = 1 << 30;
        let many =
            |day, count: usize, audio_bytes| (0..count).map(move |call| due(&format!("{call:04}"), day, audio_bytes));
        let table: Vec<(&str, Vec<Due>, &[usize])> = vec![
            ("none", vec![], &[]),
            ("two days", many(2, 3, 1).chain(many(1, 2, 1)).collect(), &[2, 3]),
            ("too many calls", many(1, 600, 1).collect(), &[256, 256, 88]),
            ("too much sound", many(1, 7, GIB / 2).collect(), &[3, 3, 1]),
            ("a call that is too much alone", vec![due("a", 1, 1), due("b", 1, 9 * GIB), due("c", 1, 1)], &[1, 1, 1]),
            ("sizes beyond counting", many(1, 3, u64::MAX).collect(), &[1, 1, 1]),
        ];
        for (name, due, expected) in table {
            let lengths: Vec<usize> = batches(due).iter().map(Vec::len).collect();
            assert_eq!(lengths, expected, "{name}");
        }
    }
}
