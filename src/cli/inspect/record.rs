//! What is written down of a run: in `runs/`, and for scripts.

use crate::batch::Tally;
use crate::cli::args::Inspect;
use crate::entities::mask_text;
use crate::inspect::Plan;
use crate::worklist::{Reconciled, WorkCounts};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What runs, for `runs/`.
pub(super) fn about(args: &Inspect, run: &str, recordings: usize, plan: &Plan) -> Map<String, Value> {
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
        ("shard", json!(args.shard.map(|shard| shard.to_string()))),
        ("threads", json!(args.threads)),
        ("ruleset_hash", json!(plan.ruleset_hash)),
        ("in_force_mode", json!(plan.in_force.name())),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What a run came to, for `runs/`.
pub(super) fn counted(tally: &Tally, counts: &WorkCounts) -> Value {
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

/// One hour of one agency, for `runs/`.
pub(super) fn reconciliation(hour: &Reconciled) -> Value {
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

/// The summary for scripts: the record of the run, and what only the summary says.
pub(super) fn for_scripts(record: &Map<String, Value>, tally: &Tally, out: &str) -> Value {
    let worst = tally.worst.iter().map(|call| {
        json!({
            "call_id": call.call_id,
            "agent_id": call.agent_id,
            "verdict": call.verdict.name(),
            "score": call.score,
            "start_ms": call.start_ms,
            "severity": call.gravest.name(),
            "message": call.message,
        })
    });
    let troubles = tally.troubles.iter().map(|(call_id, error)| json!({"call_id": call_id, "error": error}));
    let mut summary = record.clone();
    let more = [
        ("out", json!(out)),
        ("worst", worst.collect()),
        ("troubles", troubles.collect()),
        ("languages_without_rules", json!(tally.strange)),
        ("rules_locked_by_column", json!(tally.locked_rules)),
    ];
    summary.extend(more.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(summary)
}
