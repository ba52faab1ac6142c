//! Calls, heard, read and judged; nothing is written.

use super::observe::{Observer, Settings};
use super::pipeline::Pipeline;
use super::run::{judged, workers};
use crate::engine::SpeechEngine;
use crate::facts::{Facts, Status};
use crate::inspect::Plan;
use crate::recording::Recording;
use crate::tables::Row;
use crate::transcript::Transcript;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Inspects calls.
pub struct Inspector<'a> {
    plan: &'a Plan,
    observer: Observer<'a>,
    engine: &'a dyn SpeechEngine,
    /// So many are at work at a time.
    threads: usize,
}

impl<'a> Inspector<'a> {
    /// By `plan`, with `threads` threads at work besides those that wait for `engine`.
    #[must_use]
    pub fn new(plan: &'a Plan, engine: &'a dyn SpeechEngine, settings: &'a Settings, threads: usize) -> Self {
        Self { plan, observer: Observer::new(engine, settings, threads), engine, threads }
    }

    /// How many threads are at work on `recordings` or wait.
    pub(super) fn workers<'r>(&self, recordings: impl Iterator<Item = &'r Recording>) -> usize {
        workers(self.threads, self.engine, recordings)
    }

    /// Inspects one call, whose transcript, if there is one, `read` sees as it is, unmasked. Never panics: what goes wrong becomes the row
    /// of a failed call.
    pub fn inspect(&self, recording: &Recording, read: impl FnOnce(&Transcript)) -> Row {
        let observed =
            catch_unwind(AssertUnwindSafe(|| self.observer.observe(recording, read, |facts| self.judge(facts))));
        observed.unwrap_or_else(|_| self.crashed(recording))
    }

    /// Inspects calls on all threads; their rows in the same order.
    #[must_use]
    pub fn inspect_all(&self, recordings: Vec<Recording>) -> Vec<Row> {
        let workers = self.workers(recordings.iter());
        let (batches, mut rows) = ([recordings], Vec::new());
        let work = |recording: &Recording| self.inspect(recording, |_| {});
        Pipeline::new(&batches, workers, |_| 0).run(&work, &|| false, &mut |_, done| {
            rows = done;
            true
        });
        rows
    }

    /// The row of a call over which the tool stumbles.
    #[must_use]
    pub fn crashed(&self, recording: &Recording) -> Row {
        Row { facts: self.observer.crashed(recording), judged: None }
    }

    fn judge(&self, facts: Facts) -> Row {
        let judged = (facts.call.status != Status::Failed).then(|| judged(&facts, self.plan));
        Row { facts, judged }
    }
}
