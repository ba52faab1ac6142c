//! `callsift inspect`: arguments to a plan, the run, the summary.

use super::args::Inspect;
use super::load::load_plan;
use super::progress::Watcher;
use super::summary::{self, Frame};
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, log};
use crate::batch::{self, RunError, RunOptions, Settings, Tally};
use crate::dataset::{Dataset, DatasetError};
use crate::engine::Saved;
use crate::entities::mask_text;
use crate::inspect::Plan;
use crate::packs::Packs;
use crate::worklist::{self, Work, WorkOptions};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Instant;

/// Inspects and prints the summary to standard output; returns the exit code.
pub(super) fn run(args: &Inspect) -> u8 {
    let watcher = Watcher::new(args.progress);
    log::start(args.log_format, watcher.bar());
    let Some((work, packs, plan)) = set_up(args) else { return EXIT_SET_UP };
    let dataset = match Dataset::open(&args.out) {
        Ok(dataset) => dataset,
        Err(error) => {
            tracing::error!("{}", mask_text(&format!("--out {}: {error}", args.out.display())));
            return if matches!(error, DatasetError::Locked) { EXIT_IO } else { EXIT_SET_UP };
        }
    };
    let started = Instant::now();
    let unlisted = work.unlisted;
    let ended = inspect(args, work, &packs, &plan, &dataset, &watcher);
    watcher.bar().finish_and_clear();
    match ended {
        Ok(tally) => report(
            &tally,
            &Frame { out: &mask_text(&args.out.to_string_lossy()), elapsed: started.elapsed(), unlisted },
            args,
        ),
        Err(error) => {
            tracing::error!("{}", mask_text(&error.to_string()));
            match error {
                RunError::Threads(_) => EXIT_SET_UP,
                RunError::Dataset(_) => EXIT_IO,
            }
        }
    }
}

/// The work list and the plan, or `None` when every mistake in them has been printed.
fn set_up(args: &Inspect) -> Option<(Work, Packs, Plan)> {
    let work = worklist::plan(&WorkOptions {
        inputs: args.inputs.clone(),
        manifest: args.manifest.clone(),
        transcripts: args.transcripts.clone(),
        zone: args.timezone.clone(),
        agent_channel: args.agent_channel,
    });
    if let Err(mistakes) = &work {
        mistakes.iter().for_each(|mistake| tracing::error!("{mistake}"));
    }
    let loaded = load_plan(&args.packs, args.scorecard.as_deref());
    let (work, (packs, plan)) = (work.ok()?, loaded?);
    for ignored in &work.ignored_manifests {
        tracing::warn!("{ignored} has no column call_id: not taken for a manifest");
    }
    Some((work, packs, plan))
}

fn inspect(
    args: &Inspect,
    work: Work,
    packs: &Packs,
    plan: &Plan,
    dataset: &Dataset,
    watcher: &Watcher,
) -> Result<Tally, RunError> {
    let clock = Instant::now();
    let options = RunOptions {
        run: format!("{}-{}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%6fZ"), std::process::id()),
        threads: args.threads,
        settings: Settings {
            default_language: args.language.clone(),
            keep_columns: sorted(&args.keep_manifest_columns),
        },
    };
    let mut record = about(args, &options.run, work.recordings.len(), plan);
    dataset.start_run(&options.run, &record)?;
    dataset.write_rules(&plan.ruleset_hash, &packs.rule_rows())?;
    let tally = batch::run(work.recordings, plan, dataset, &Saved, &options, watcher).inspect_err(|error| {
        record.insert("error".into(), json!(mask_text(&error.to_string())));
        // The error itself is what people must see, not that it could not be recorded.
        let _ = dataset.fail_run(&options.run, &record);
    })?;
    record.insert("elapsed_s".into(), json!((clock.elapsed().as_secs_f64() * 1000.0).round() / 1000.0));
    record.insert("counts".into(), counts(&tally));
    dataset.finish_run(&options.run, &record)?;
    Ok(tally)
}

/// The names in order, each once: their order must not change what is written.
fn sorted(names: &[String]) -> Vec<String> {
    BTreeSet::from_iter(names).into_iter().cloned().collect()
}

/// What runs, for `runs/`.
fn about(args: &Inspect, run: &str, recordings: usize, plan: &Plan) -> Map<String, Value> {
    let inputs: Vec<_> = args.inputs.iter().map(|input| mask_text(&input.to_string_lossy())).collect();
    let entries = [
        ("run", json!(run)),
        ("command", json!("inspect")),
        ("tool_version", json!(env!("CARGO_PKG_VERSION"))),
        ("started_at", json!(jiff::Timestamp::now().to_string())),
        ("inputs", json!(inputs)),
        ("recordings", json!(recordings)),
        ("threads", json!(args.threads)),
        ("ruleset_hash", json!(plan.ruleset_hash)),
        ("in_force_mode", json!(plan.in_force.name())),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What a run came to, for `runs/`.
fn counts(tally: &Tally) -> Value {
    let findings: BTreeMap<_, _> = tally.findings.iter().map(|(severity, count)| (severity.name(), count)).collect();
    json!({
        "calls": tally.calls,
        "already_there": tally.already_there,
        "changed": tally.changed,
        "eligible": tally.eligible,
        "failed": tally.failed,
        "partial": tally.partial,
        "without_transcript": tally.without_transcript,
        "audio_ms": tally.audio_ms,
        "verdicts": tally.verdicts,
        "findings": findings,
    })
}

fn report(tally: &Tally, frame: &Frame<'_>, args: &Inspect) -> u8 {
    let text = summary::render(tally, frame);
    if std::io::stdout().lock().write_all(text.as_bytes()).is_err() {
        return EXIT_IO;
    }
    let (failed, calls) = (tally.failed + tally.already_failed, tally.calls + tally.already_there);
    if tally.changed == 0 && args.max_failed.allows(failed, calls) { EXIT_OK } else { EXIT_SOME_FAILED }
}
