//! Recordings heard by an engine, for its cache alone.

use super::observe::{Observer, Settings};
use super::pipeline::Pipeline;
use super::run::{available, workers};
use crate::audio::decode::DecodeOptions;
use crate::engine::SpeechEngine;
use crate::events::{self, Event};
use crate::facts::{Facts, Status};
use crate::recording::Recording;
use crate::transcript::Transcript;
use crate::worklist::{WorkList, WorkMistake};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// Recordings between two looks whether to stop.
const AT_A_TIME: usize = 64;

/// How to transcribe.
#[derive(Clone)]
pub struct TranscribeOptions<'a> {
    /// Threads that decode; 0: one a core.
    pub threads: usize,
    /// How recordings are decoded.
    pub decode: DecodeOptions,
    /// Once it is true, what was begun is finished and nothing is begun.
    pub stop: Option<&'a AtomicBool>,
}

/// What it came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TranscribedAll {
    /// Recordings decoded and asked about.
    pub calls: usize,
    /// Their length, ms.
    pub audio_ms: i64,
    /// Recordings that have no transcript now, and why.
    pub failed: Vec<(String, String)>,
    /// Recordings that were left when the run was stopped.
    pub not_begun: usize,
}

/// Has `engine` hear every recording of `work` that has no saved transcript, and forgets what it says.
///
/// # Errors
/// Mistakes that came into manifests since they were read.
pub fn transcribe(
    work: &WorkList,
    engine: &dyn SpeechEngine,
    options: &TranscribeOptions<'_>,
    watcher: &dyn events::Observer,
) -> Result<TranscribedAll, Vec<WorkMistake>> {
    let mut recordings: Vec<Recording> = Vec::new();
    work.for_each(&mut |item| recordings.extend(Some(item.recording).filter(|recording| engine.hears(recording))))?;
    watcher.notice(&Event::RunStarted { recordings: recordings.len() });
    let batches: Vec<Vec<Recording>> = recordings.chunks(AT_A_TIME).map(<[Recording]>::to_vec).collect();
    let (threads, settings) =
        (available(options.threads), Settings { decode: options.decode.clone(), ..Settings::default() });
    let observer = Observer::new(engine, &settings, threads);
    let hear = |recording: &Recording| {
        watcher.notice(&Event::RecordingStarted { call_id: &recording.call_id });
        let heard = catch_unwind(AssertUnwindSafe(|| observer.observe(recording, |_| {}, outcome)));
        let (audio_ms, error) = heard.unwrap_or_else(|_| outcome(observer.crashed(recording)));
        watcher.notice(&Event::RecordingFinished {
            call_id: &recording.call_id,
            duration_ms: audio_ms,
            failed: error.is_some(),
            error: error.as_deref(),
        });
        (recording.call_id.clone(), audio_ms, error)
    };
    let stop = || options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
    let mut all = TranscribedAll::default();
    let begun = Pipeline::new(&batches, workers(threads, engine, batches.iter().flatten()), |_| 0).run(
        &hear,
        &stop,
        &mut |_, heard| {
            for (call_id, audio_ms, error) in heard {
                all.calls += 1;
                all.audio_ms += audio_ms;
                all.failed.extend(error.map(|why| (call_id, why)));
            }
            true
        },
    );
    all.not_begun = batches[begun..].iter().map(Vec::len).sum();
    Ok(all)
}

/// What `engine` makes of one recording, as it says it, unmasked; and the facts of the call.
#[must_use]
pub fn try_on(engine: &dyn SpeechEngine, recording: &Recording) -> (Option<Transcript>, Facts) {
    let (settings, mut said) = (Settings::default(), None);
    let facts = Observer::new(engine, &settings, 1).observe(recording, |it| said = Some(it.clone()), |facts| facts);
    (said, facts)
}

/// How long a recording is, and why there is no transcript of it.
fn outcome(facts: Facts) -> (i64, Option<String>) {
    let call = facts.call;
    let is_missing = call.status == Status::Failed || !call.has_transcript;
    let why = call.error.map_or_else(|| "there is no transcript".to_owned(), |error| error.message);
    (call.sound.map_or(0, |sound| sound.duration_ms), is_missing.then_some(why))
}
