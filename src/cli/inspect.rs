//! `callsift inspect`: arguments to a plan, the run, the summary.

use super::args::Inspect;
use super::engine::{Engine, engine};
use super::history::add_history;
use super::load::{customer_key, load_plan};
use super::progress::Watcher;
use super::signals::stop_flag;
use super::summary::{self, Frame};
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, EXIT_STOPPED, log, no_dataset, run_name, suspects};
use crate::batch::{self, Intake, RawText, RunError, RunOptions, Settings, Tally};
use crate::dataset::{Dataset, RunEnd};
use crate::engine::SpeechEngine;
use crate::entities::mask_text;
use crate::facts::Status;
use crate::inspect::Plan;
use crate::packs::Packs;
use crate::worklist::{CallState, Reconciled, WorkCounts, WorkList, WorkMistake, WorkOptions, id_hash};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

/// Why a run ended without a summary.
enum Trouble {
    /// Mistakes, which were found only when manifests were read for the second time.
    Work(Vec<WorkMistake>),
    Run(RunError),
}

impl<E: Into<RunError>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Run(error.into())
    }
}

/// What is to be judged, and by which rules.
struct Given {
    work: WorkList,
    packs: Packs,
    plan: Plan,
}

/// What a run came to.
struct Outcome {
    tally: Tally,
    counts: WorkCounts,
    reconciled: Vec<Reconciled>,
}

/// Inspects and prints the summary to standard output; returns the exit code.
pub(super) fn run(args: &Inspect) -> u8 {
    let watcher = Watcher::new(args.progress);
    log::start(args.log_format, watcher.bar());
    let (given, engine) = (set_up(args), engine(&args.engine, &args.cache, args.language.as_deref()));
    let (Some(mut given), Some(Engine { engine, identity })) = (given, engine) else { return EXIT_SET_UP };
    let settings = Settings {
        engine: identity,
        default_language: args.language.clone(),
        keep_columns: sorted(&args.keep_manifest_columns),
        emotion_off: sorted(&args.no_emotion),
        agent_voice: args.agent_voice,
        decode: args.decoding.options(),
    };
    for place in &args.history {
        if let Err(error) = add_history(&mut given.work, place) {
            return no_dataset(place, &error);
        }
    }
    if let Some(call_id) = &args.rehearse {
        return rehearse(call_id, &given, &settings, engine.as_ref());
    }
    let dataset = match Dataset::open(&args.out, &run_name()) {
        Ok(dataset) => dataset,
        Err(error) => return no_dataset(&args.out, &error),
    };
    let Ok(raw_text) = raw_text(args) else { return EXIT_IO };
    let started = Instant::now();
    let stop = stop_flag();
    let options = RunOptions {
        threads: args.threads,
        memory_bytes: args.memory,
        settings: &settings,
        force: args.force,
        verify: args.verify,
        raw_text: raw_text.as_ref(),
        stop: Some(&stop),
        survives: Some(&suspects::survives),
    };
    let ended = inspect(args, &given, &dataset, engine.as_ref(), &options, &watcher);
    watcher.bar().finish_and_clear();
    match ended {
        Ok(outcome) => report(&outcome, started, args),
        Err(trouble) => told(&trouble),
    }
}

/// Says why a run ended; returns the exit code.
fn told(trouble: &Trouble) -> u8 {
    match trouble {
        Trouble::Work(mistakes) => {
            mistakes.iter().for_each(|mistake| tracing::error!("{mistake}"));
            EXIT_SET_UP
        }
        Trouble::Run(error) => {
            tracing::error!("{}", mask_text(&error.to_string()));
            if matches!(error, RunError::Threads(_)) { EXIT_SET_UP } else { EXIT_IO }
        }
    }
}

/// Where raw texts are kept, if they are to be; what is wrong with that place has been said otherwise.
fn raw_text(args: &Inspect) -> Result<Option<RawText>, ()> {
    let opened = args.keep_raw_text.as_deref().map(RawText::at).transpose();
    opened.map_err(|error| tracing::error!("--keep-raw-text: {error}"))
}

/// Tries one call, in a process that may die of it.
fn rehearse(call_id: &str, given: &Given, settings: &Settings, engine: &dyn SpeechEngine) -> u8 {
    let tried = given.work.for_each(&mut |item| {
        if item.recording.call_id == call_id {
            batch::rehearse(&item.recording, &given.plan, engine, settings);
        }
    });
    if tried.is_ok() { EXIT_OK } else { EXIT_SET_UP }
}

/// What is given, or `None` when every mistake in it has been printed.
fn set_up(args: &Inspect) -> Option<Given> {
    let key = customer_key(args.customer_key.as_deref());
    let work = WorkList::read(&WorkOptions {
        inputs: args.inputs.clone(),
        manifest: args.manifest.clone(),
        transcripts: args.transcripts.clone(),
        attempts: args.attempts.clone(),
        legs: args.legs.clone(),
        zone: args.timezone.clone(),
        customer_key: key.as_ref().ok().cloned().flatten(),
        agent_channel: args.agent_channel,
    });
    if let Err(mistakes) = &work {
        mistakes.iter().for_each(|mistake| tracing::error!("{mistake}"));
    }
    let loaded = load_plan(&args.packs, args.scorecard.as_deref());
    let (work, (packs, plan), _) = (work.ok()?, loaded?, key.ok()?);
    for ignored in work.ignored_manifests() {
        tracing::warn!("{ignored} has no column call_id: not taken for a manifest");
    }
    Some(Given { work, packs, plan })
}

fn inspect(
    args: &Inspect,
    Given { work, packs, plan }: &Given,
    dataset: &Dataset,
    engine: &dyn SpeechEngine,
    options: &RunOptions<'_>,
    watcher: &Watcher,
) -> Result<Outcome, Trouble> {
    let clock = Instant::now();
    let mut record = about(args, dataset.run(), work.len(), plan);
    dataset.start_run(&record)?;
    dataset.write_rules(&plan.ruleset_hash, &packs.rule_rows())?;
    let mut intake = Intake::new(dataset, plan, options)?;
    let counts = work.for_each(&mut |item| intake.offer(item)).map_err(Trouble::Work)?;
    let tally = batch::run(intake, plan, dataset, engine, options, watcher).inspect_err(|error| {
        record.insert("error".into(), json!(mask_text(&error.to_string())));
        // The error itself is what people must see, not that it could not be recorded.
        let _ = dataset.end_run(&record, RunEnd::Failed);
    })?;
    let reconciled = work.reconcile(&|hash| state_of(hash, dataset, &tally));
    record.insert("elapsed_s".into(), json!((clock.elapsed().as_secs_f64() * 1000.0).round() / 1000.0));
    record.insert("counts".into(), counted(&tally, &counts));
    if args.attempts.is_some() {
        record.insert("reconciliation".into(), reconciled.iter().map(reconciliation).collect());
    }
    dataset.end_run(&record, if tally.not_begun > 0 { RunEnd::Stopped } else { RunEnd::Done })?;
    Ok(Outcome { tally, counts, reconciled })
}

/// What became of a call, by the hash of its id.
fn state_of(hash: u64, dataset: &Dataset, tally: &Tally) -> Option<CallState> {
    match dataset.seen_by_hash(hash).map(|seen| seen.status) {
        Some(Status::Failed) => Some(CallState::Failed),
        Some(Status::Skipped) => Some(CallState::Excluded),
        Some(Status::Ok | Status::Partial) => Some(CallState::Inspected),
        None if tally.forgotten.iter().any(|call_id| id_hash(call_id) == hash) => Some(CallState::Excluded),
        None => None,
    }
}

/// One hour of one agency, for `runs/`.
fn reconciliation(hour: &Reconciled) -> Value {
    json!({
        "date": hour.date.to_string(),
        "hour": hour.hour,
        "agency": hour.agency,
        "attempts": hour.attempts,
        "answered": hour.answered,
        "inspected": hour.inspected,
        "failed": hour.failed,
        "excluded": hour.excluded,
        "missing": hour.missing,
        "unmatched": hour.unmatched,
    })
}

/// The names in order, each once: their order must not change what is written.
fn sorted<T: Ord + Clone>(values: &[T]) -> Vec<T> {
    BTreeSet::from_iter(values).into_iter().cloned().collect()
}

/// What runs, for `runs/`.
fn about(args: &Inspect, run: &str, recordings: usize, plan: &Plan) -> Map<String, Value> {
    let masked =
        |paths: &[PathBuf]| -> Vec<_> { paths.iter().map(|path| mask_text(&path.to_string_lossy())).collect() };
    let entries = [
        ("run", json!(run)),
        ("command", json!("inspect")),
        ("tool_version", json!(env!("CARGO_PKG_VERSION"))),
        ("started_at", json!(jiff::Timestamp::now().to_string())),
        ("inputs", json!(masked(&args.inputs))),
        ("history", json!(masked(&args.history))),
        ("recordings", json!(recordings)),
        ("threads", json!(args.threads)),
        ("ruleset_hash", json!(plan.ruleset_hash)),
        ("in_force_mode", json!(plan.in_force.name())),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What a run came to, for `runs/`.
fn counted(tally: &Tally, counts: &WorkCounts) -> Value {
    let findings: BTreeMap<_, _> = tally.findings.iter().map(|(severity, count)| (severity.name(), count)).collect();
    json!({
        "calls": tally.calls,
        "listed": counts.listed,
        "unlisted": counts.unlisted,
        "missing": counts.missing,
        "already_there": tally.already_there,
        "replaced": tally.replaced,
        "gone": tally.gone,
        "forgotten": tally.forgotten.len(),
        "not_begun": tally.not_begun,
        "eligible": tally.eligible,
        "failed": tally.failed,
        "partial": tally.partial,
        "unheard": tally.unheard,
        "without_transcript": tally.without_transcript,
        "audio_ms": tally.audio_ms,
        "verdicts": tally.verdicts,
        "findings": findings,
        "findings_excused": tally.excused,
    })
}

fn report(outcome: &Outcome, started: Instant, args: &Inspect) -> u8 {
    let tally = &outcome.tally;
    let frame = Frame {
        out: &mask_text(&args.out.to_string_lossy()),
        elapsed: started.elapsed(),
        counts: &outcome.counts,
        reconciled: &outcome.reconciled,
    };
    let text = summary::render(tally, &frame);
    if std::io::stdout().lock().write_all(text.as_bytes()).is_err() {
        return EXIT_IO;
    }
    let failed = tally.failed + tally.already_failed + tally.unheard;
    let calls = tally.calls + tally.already_there;
    match (tally.not_begun, args.max_failed.allows(failed, calls)) {
        (1.., _) => EXIT_STOPPED,
        (0, true) => EXIT_OK,
        (0, false) => EXIT_SOME_FAILED,
    }
}
