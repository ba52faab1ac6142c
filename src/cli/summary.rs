//! What a run came to, for the terminal.

use crate::batch::{Tally, Worst};
use crate::finding::Severity;
use crate::score::Verdict;
use crate::worklist::{Reconciled, WorkCounts};
use comfy_table::{Table, presets};
use std::fmt::Write;
use std::time::Duration;

const MS_PER_HOUR: f64 = 3_600_000.0;

/// What the summary says besides the tally.
pub(super) struct Frame<'a> {
    /// The dataset's folder, masked.
    pub out: &'a str,
    pub elapsed: Duration,
    pub counts: &'a WorkCounts,
    /// Attempts and calls by hour and agency; empty without an attempts file.
    pub reconciled: &'a [Reconciled],
}

/// The summary, ending in a line break.
pub(super) fn render(tally: &Tally, frame: &Frame<'_>) -> String {
    let mut text = String::new();
    headline(&mut text, tally, frame);
    counts(&mut text, tally);
    reconciled(&mut text, frame.reconciled);
    worst(&mut text, &tally.worst);
    troubles(&mut text, tally);
    hints(&mut text, tally, frame);
    text
}

/// Appends a line. Writing to a string cannot fail.
fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{arguments}");
}

fn headline(text: &mut String, tally: &Tally, frame: &Frame<'_>) {
    let (hours, seconds) = (tally.audio_ms as f64 / MS_PER_HOUR, frame.elapsed.as_secs_f64().max(0.001));
    let speed = tally.audio_ms as f64 / 1000.0 / seconds;
    line(
        text,
        format_args!(
            "Inspected {}, {hours:.2} h of sound, in {seconds:.1} s ({speed:.0} x real time).",
            count(tally.calls, "call")
        ),
    );
    if tally.already_there > 0 {
        let there = count(tally.already_there, "call");
        let failed =
            if tally.already_failed > 0 { format!(" ({} failed then)", tally.already_failed) } else { String::new() };
        line(text, format_args!("{there} unchanged since an earlier run: left as they are{failed}."));
    }
    if tally.replaced > 0 {
        line(text, format_args!("{} changed since an earlier run: replaced.", count(tally.replaced, "call")));
    }
    if let Some(example) = &tally.gone_example {
        let gone = count(tally.gone, "call");
        line(
            text,
            format_args!("{gone} cannot be read any more ({example}): what an earlier run found is left as it is."),
        );
    }
    if !tally.forgotten.is_empty() {
        line(text, format_args!("{} erased earlier: left out.", count(tally.forgotten.len(), "call")));
    }
    if tally.not_begun > 0 {
        let left = count(tally.not_begun, "call");
        line(
            text,
            format_args!("Stopped: {left} not begun. What was begun is finished; the same command does the rest."),
        );
    }
    line(text, format_args!("Results: {}", frame.out));
}

fn counts(text: &mut String, tally: &Tally) {
    let verdict = |verdict: Verdict| tally.verdicts.get(verdict.name()).copied().unwrap_or_default();
    line(text, format_args!(""));
    line(
        text,
        format_args!(
            "calls      {} eligible, {} not judged, {} failed, {} partly read",
            tally.eligible,
            verdict(Verdict::NotJudged),
            tally.failed,
            tally.partial
        ),
    );
    line(
        text,
        format_args!(
            "verdicts   {} pass, {} review, {} fail",
            verdict(Verdict::Pass),
            verdict(Verdict::Review),
            verdict(Verdict::Fail)
        ),
    );
    let by_severity: Vec<_> = (Severity::ALL.iter().rev())
        .map(|severity| format!("{} {}", tally.findings.get(severity).copied().unwrap_or_default(), severity.name()))
        .collect();
    let excused = if tally.excused > 0 { format!("; {} of them excused", tally.excused) } else { String::new() };
    line(text, format_args!("findings   {}{excused}", by_severity.join(", ")));
}

/// Whether every attempt that was answered has a call that was inspected, day by day.
fn reconciled(text: &mut String, hours: &[Reconciled]) {
    for day in hours.chunk_by(|one, next| one.date == next.date) {
        let sum = |of: fn(&Reconciled) -> usize| day.iter().map(of).sum::<usize>();
        line(
            text,
            format_args!(
                "attempts   {}: {} of {} answered = {} inspected + {} failed + {} excluded + {} missing; {} unmatched",
                day[0].date,
                sum(|hour| hour.answered),
                sum(|hour| hour.attempts),
                sum(|hour| hour.inspected),
                sum(|hour| hour.failed),
                sum(|hour| hour.excluded),
                sum(|hour| hour.missing),
                sum(|hour| hour.unmatched),
            ),
        );
    }
}

fn worst(text: &mut String, worst: &[Worst]) {
    if worst.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["worst calls", "agent", "verdict", "score", "at", "gravest finding"]);
    for call in worst {
        table.add_row([
            call.call_id.clone(),
            call.agent_id.clone().unwrap_or_default(),
            call.verdict.name().replace('_', " "),
            call.score.map(|score| format!("{score:.1}")).unwrap_or_default(),
            call.start_ms.map(minutes_seconds).unwrap_or_default(),
            format!("{}: {}", call.gravest.name(), call.message),
        ]);
    }
    line(text, format_args!(""));
    for row in table.lines() {
        line(text, format_args!("{}", row.trim_end()));
    }
}

fn minutes_seconds(ms: i64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1000 % 60)
}

fn troubles(text: &mut String, tally: &Tally) {
    if tally.troubles.is_empty() {
        return;
    }
    line(text, format_args!("\nnot read, or not wholly"));
    for (call, reason) in &tally.troubles {
        line(text, format_args!("  {call}: {reason}"));
    }
    let more = (tally.failed + tally.partial).saturating_sub(tally.troubles.len());
    if more > 0 {
        line(text, format_args!("  and {more} more: see calls.error where status is failed or partial"));
    }
}

fn hints(text: &mut String, tally: &Tally, frame: &Frame<'_>) {
    let mut hints = Vec::new();
    if tally.unheard > 0 {
        hints.push(format!(
            "{} of which words could not be had: see why above; the same command tries them again.",
            count(tally.unheard, "call")
        ));
    }
    // The words of the others are nowhere.
    let without_transcript = tally.without_transcript.saturating_sub(tally.unheard);
    if without_transcript > 0 {
        hints.push(format!(
            "{} without a transcript: judged by sound alone. Save each engine result as X.transcript.json beside X.wav, \
             in --transcripts DIR, or name it in the manifest.",
            count(without_transcript, "call")
        ));
    }
    if frame.counts.missing > 0 {
        hints.push(format!(
            "{} in the manifest and not found: check the paths, which are relative to the manifest's folder.",
            count(frame.counts.missing, "recording")
        ));
    }
    if frame.counts.unlisted > 0 {
        hints.push(format!(
            "{} found that no manifest lists: judged without date, agent and the like.",
            count(frame.counts.unlisted, "recording")
        ));
    }
    hints.extend(strange_languages(tally));
    for (column, rules) in &tally.locked_rules {
        hints.push(format!(
            "column {column} in the manifest would unlock {} on some calls.",
            count(rules.len(), "rule")
        ));
    }
    if !hints.is_empty() {
        line(text, format_args!(""));
    }
    for hint in hints {
        line(text, format_args!("hint: {hint}"));
    }
}

/// Calls in languages that no rule is written for.
fn strange_languages(tally: &Tally) -> impl Iterator<Item = String> {
    tally.strange.iter().map(|(language, calls)| {
        let share = 100.0 * *calls as f64 / tally.calls.max(1) as f64;
        let calls = count(*calls, "call");
        format!("{calls} in {language} ({share:.1} %), which no rule is written for: not judged by words; add a pack for it.")
    })
}

/// `1 call`, `2 calls`.
pub(super) fn count(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}
