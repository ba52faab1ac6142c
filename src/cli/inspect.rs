//! `callsift inspect`: arguments to a plan, the run, the summary.

mod record;

use super::args::{Inspect, SummaryFormat};
use super::engine::{Engine, engine};
use super::history::add_history;
use super::language::Language;
use super::load::load_plan;
use super::per_call::{settings, work_options};
use super::progress::Watcher;
use super::signals::stop_flag;
use super::summary::{self, Frame};
use super::{
    EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, EXIT_STOPPED, dry_run, no_dataset, print_json, print_page,
    run_name, suspects,
};
use crate::batch::{self, Inspector, Intake, RawText, RunError, RunOptions, Settings, Tally};
use crate::dataset::{Dataset, RunEnd};
use crate::engine::SpeechEngine;
use crate::entities::mask_text;
use crate::facts::Status;
use crate::inspect::Plan;
use crate::packs::Packs;
use crate::worklist::{CallState, Reconciled, WorkCounts, WorkList, WorkMistake, WorkOptions, id_hash};
use record::{about, counted, for_scripts, reconciliation};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// Why a run ended without a summary.
pub(super) enum Trouble {
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
pub(super) struct Given {
    pub(super) work: WorkList,
    pub(super) packs: Packs,
    pub(super) plan: Plan,
}

/// What a run came to.
struct Outcome {
    tally: Tally,
    counts: WorkCounts,
    reconciled: Vec<Reconciled>,
    /// What was written of the run.
    record: Map<String, Value>,
}

/// Inspects and prints the summary to standard output; returns the exit code.
pub(super) fn run(args: &Inspect, language: Language) -> u8 {
    let watcher = Watcher::start(args.output);
    let mut cache = args.per_call.cache.clone();
    // A cache is made, and swept, when it is opened.
    cache.no_transcript_cache |= args.dry_run;
    let (given, engine) = (set_up(args), engine(&args.per_call.engine, &cache, args.per_call.language.as_deref()));
    let (Some(mut given), Some(Engine { engine, identity })) = (given, engine) else { return EXIT_SET_UP };
    let settings = settings(&args.per_call, identity);
    for place in &args.history {
        if let Err(error) = add_history(&mut given.work, place) {
            return no_dataset(place, &error);
        }
    }
    if let Some(call_id) = &args.rehearse {
        return rehearse(call_id, &given, &settings, engine.as_ref());
    }
    if args.dry_run {
        return dry_run::inspect(args, &given, &settings, language);
    }
    go(args, &given, &settings, engine.as_ref(), &watcher, language)
}

/// Inspects what is given; returns the exit code.
fn go(
    args: &Inspect,
    given: &Given,
    settings: &Settings,
    engine: &dyn SpeechEngine,
    watcher: &Watcher,
    language: Language,
) -> u8 {
    let dataset = match Dataset::open(&args.out, &run_name()) {
        Ok(dataset) => dataset,
        Err(error) => return no_dataset(&args.out, &error),
    };
    let Ok(raw_text) = raw_text(args) else { return EXIT_IO };
    let started = Instant::now();
    let stop = stop_flag();
    let options = RunOptions {
        raw_text: raw_text.as_ref(),
        stop: Some(&stop),
        survives: Some(&suspects::survives),
        ..options(args, settings)
    };
    let ended = inspect(args, given, &dataset, engine, &options, watcher);
    watcher.bar().finish_and_clear();
    match ended {
        Ok(outcome) => report(&outcome, started, args, language),
        Err(trouble) => told(&trouble),
    }
}

/// The options as the arguments have them, without what only a run that writes needs.
pub(super) fn options<'a>(args: &Inspect, settings: &'a Settings) -> RunOptions<'a> {
    RunOptions {
        threads: args.threads,
        memory_bytes: args.memory,
        settings,
        force: args.force,
        verify: args.verify,
        raw_text: None,
        stop: None,
        survives: None,
    }
}

/// Says why a run ended; returns the exit code.
pub(super) fn told(trouble: &Trouble) -> u8 {
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
            drop(Inspector::new(&given.plan, engine, settings, 1).inspect(&item.recording, |_| {}));
        }
    });
    if tried.is_ok() { EXIT_OK } else { EXIT_SET_UP }
}

/// What is given, or `None` when every mistake in it has been printed.
fn set_up(args: &Inspect) -> Option<Given> {
    let of_calls = work_options(&args.per_call);
    let work = WorkList::read(&WorkOptions {
        inputs: args.inputs.clone(),
        manifest: args.manifest.clone(),
        transcripts: args.transcripts.clone(),
        attempts: args.attempts.clone(),
        legs: args.legs.clone(),
        shard: args.shard,
        ..of_calls.clone().unwrap_or_default()
    });
    if let Err(mistakes) = &work {
        mistakes.iter().for_each(|mistake| tracing::error!("{mistake}"));
    }
    let loaded = load_plan(&args.per_call.packs, args.per_call.scorecard.as_deref());
    let (work, (packs, plan), _) = (work.ok()?, loaded?, of_calls?);
    for ignored in work.ignored_manifests() {
        tracing::warn!("{ignored} has no column call_id: not taken for a manifest");
    }
    let unknown = work.without_column(&args.per_call.keep_manifest_columns);
    unknown.iter().for_each(|unknown| tracing::warn!("--keep-manifest-columns: {unknown}"));
    if args.attempts.is_some() && args.shard.is_some() {
        tracing::warn!("attempts are reconciled by the same command without --shard, once all shares are done");
    }
    work.doubtful_columns().iter().for_each(|doubt| tracing::warn!("{doubt}"));
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
    if args.attempts.is_some() && args.shard.is_none() {
        record.insert("reconciliation".into(), reconciled.iter().map(reconciliation).collect());
    }
    dataset.end_run(&record, if tally.not_begun > 0 { RunEnd::Stopped } else { RunEnd::Done })?;
    Ok(Outcome { tally, counts, reconciled, record })
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

/// Prints what a run came to, as it was asked for; returns the exit code.
fn report(outcome: &Outcome, started: Instant, args: &Inspect, language: Language) -> u8 {
    let tally = &outcome.tally;
    let (failed, calls) = (tally.failed + tally.already_failed + tally.unheard, tally.calls + tally.already_there);
    let code = match (tally.not_begun, args.max_failed.allows(failed, calls)) {
        (1.., _) => EXIT_STOPPED,
        (0, true) => EXIT_OK,
        (0, false) => EXIT_SOME_FAILED,
    };
    let out = mask_text(&args.out.to_string_lossy());
    match args.format {
        _ if args.output.quiet => {
            if code == EXIT_SOME_FAILED {
                tracing::error!("{failed} of {calls} calls failed: see calls.error in {out}");
            }
            code
        }
        SummaryFormat::Text => {
            let (counts, reconciled) = (&outcome.counts, outcome.reconciled.as_slice());
            let frame = Frame { out: &out, elapsed: started.elapsed(), counts, reconciled, language };
            print_page(&summary::render(tally, &frame), code)
        }
        SummaryFormat::Json => print_json(&format!("{:#}\n", for_scripts(&outcome.record, tally, &out)), code),
    }
}
