//! The progress bar: recordings, hours of audio, times real time, failures.

use super::args::{Progress, RunOutput};
use super::log;
use super::summary::MS_PER_HOUR;
use crate::events::{Event, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::Instant;

const TEMPLATE: &str = "{bar:30} {pos}/{len} recordings  {msg}  {elapsed} (left {eta})";
const RECHECK_TEMPLATE: &str = "{bar:30} {pos}/{len} batches  {elapsed} (left {eta})";

/// Draws a bar from the events of a run and logs what failed.
pub(super) struct Watcher {
    bar: ProgressBar,
    started: Instant,
    so_far: Mutex<SoFar>,
}

#[derive(Default)]
struct SoFar {
    audio_ms: i64,
    failed: usize,
    /// Whether the bar counts batches, not recordings.
    counts_batches: bool,
}

impl Watcher {
    /// Starts to watch a run, and to write down messages of it.
    pub(super) fn start(output: RunOutput) -> Self {
        let watcher = Self::new(!output.quiet && output.progress == Progress::Auto && io::stderr().is_terminal());
        log::start(output.log_format, output.quiet, &watcher.bar);
        watcher
    }

    fn new(draws: bool) -> Self {
        let target = if draws { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style(TEMPLATE));
        Self { bar, started: Instant::now(), so_far: Mutex::default() }
    }

    pub(super) fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    fn so_far(&self) -> std::sync::MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn finished(&self, duration_ms: i64, failed: bool) {
        let mut so_far = self.so_far();
        so_far.audio_ms += duration_ms;
        so_far.failed += usize::from(failed);
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let (hours, speed) = (so_far.audio_ms as f64 / MS_PER_HOUR, so_far.audio_ms as f64 / 1000.0 / seconds);
        self.bar.set_message(format!("{hours:.1} h  {speed:.0} x real time  {} failed", so_far.failed));
        self.bar.inc(1);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Observer for Watcher {
    fn notice(&self, event: &Event<'_>) {
        match *event {
            Event::RunStarted { recordings } => {
                self.bar.set_length(recordings as u64);
                tracing::info!(recordings, "run started");
            }
            Event::RecheckStarted { batches } => {
                self.bar.set_style(style(RECHECK_TEMPLATE));
                self.bar.set_length(batches as u64);
                self.so_far().counts_batches = true;
                tracing::info!(batches, "recheck started");
            }
            Event::RecordingStarted { .. } => {}
            Event::RecordingFinished { call_id, duration_ms, failed, error } => {
                if let Some(error) = error {
                    tracing::warn!(call_id, failed, "{error}");
                }
                self.finished(duration_ms, failed);
            }
            Event::BatchCommitted { batch, calls } => {
                if self.so_far().counts_batches {
                    self.bar.inc(1);
                }
                tracing::info!(batch, calls, "batch committed");
            }
        }
    }
}
