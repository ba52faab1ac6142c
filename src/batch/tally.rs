//! What a run came to, counted while its rows pass by.

use crate::facts::{CallFacts, Status};
use crate::finding::Severity;
use crate::inspect::Plan;
use crate::score::Verdict;
use crate::tables::Row;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the worst calls are kept.
const WORST_CALLS: usize = 10;
/// How many calls that could not be read whole are kept with their reasons.
const KEPT_TROUBLES: usize = 20;

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Calls inspected, failed ones included.
    pub calls: usize,
    /// Calls that were in the dataset already, unchanged.
    pub already_there: usize,
    /// Of those, the ones that had failed.
    pub already_failed: usize,
    /// Of the calls inspected, those whose old rows were replaced.
    pub replaced: usize,
    /// Calls of which a file that was read before cannot be read any more: their rows were left as they were.
    pub gone: usize,
    /// One of those.
    pub gone_example: Option<String>,
    /// Calls that were erased before, and are left out for good.
    pub forgotten: BTreeSet<String>,
    /// Calls that were to be inspected and were not, because the run was stopped.
    pub not_begun: usize,
    /// Calls that count: conversations of 10 s of talk or more.
    pub eligible: usize,
    /// Calls by verdict, failed ones in none.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// Calls that could not be read at all.
    pub failed: usize,
    /// Calls of which a part could not be read.
    pub partial: usize,
    /// Of those, the ones whose words could not be had, for a reason that may pass: the same command tries them again.
    pub unheard: usize,
    /// Calls without a transcript, failed ones left out.
    pub without_transcript: usize,
    /// Length of all sound, ms.
    pub audio_ms: i64,
    /// Findings by severity, excused ones included.
    pub findings: BTreeMap<Severity, usize>,
    /// Those of them that are excused.
    pub excused: usize,
    /// The worst calls, worst first.
    pub worst: Vec<Worst>,
    /// The first calls that could not be read whole: call and reason.
    pub troubles: Vec<(String, String)>,
    /// Calls in languages that no rule is written for, by language.
    pub strange: BTreeMap<String, usize>,
    /// Rules that were not applicable for want of a column, by column.
    pub locked_rules: BTreeMap<String, BTreeSet<String>>,
}

/// One of the worst calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Worst {
    /// Which call.
    pub call_id: String,
    /// Its agent.
    pub agent_id: Option<String>,
    /// Its verdict.
    pub verdict: Verdict,
    /// Its score.
    pub score: Option<f64>,
    /// Its gravest finding's severity.
    pub gravest: Severity,
    /// That finding's message.
    pub message: String,
    /// Where that finding starts, ms.
    pub start_ms: Option<i64>,
}

impl Tally {
    /// Counts one call.
    pub(super) fn add(&mut self, row: &Row, plan: &Plan) {
        let call = &row.facts.call;
        self.calls += 1;
        self.eligible += usize::from(call.eligible);
        self.audio_ms += call.sound.as_ref().map_or(0, |sound| sound.duration_ms);
        match call.status {
            Status::Failed => self.failed += 1,
            Status::Partial => {
                self.partial += 1;
                self.unheard += usize::from(call.error.as_ref().is_some_and(|error| error.retryable));
            }
            Status::Ok | Status::Skipped => {}
        }
        if call.status != Status::Failed && !call.has_transcript {
            self.without_transcript += 1;
        }
        if let (Some(error), true) = (&call.error, self.troubles.len() < KEPT_TROUBLES) {
            self.troubles.push((call.call_id.clone(), error.message.clone()));
        }
        if let Some(set) = plan.set_for(&call.metadata) {
            if let Some(language) = set.ruleset().language_without_rules(&row.facts) {
                *self.strange.entry(language.to_owned()).or_default() += 1;
            }
            for (column, rules) in set.ruleset().missing_columns(&row.facts, plan.in_force) {
                self.locked_rules.entry(column).or_default().extend(rules);
            }
        }
        self.add_judgement(row);
    }

    /// Counts a call that the dataset holds as it is.
    pub(super) fn add_unchanged(&mut self, status: Status) {
        self.already_there += 1;
        self.already_failed += usize::from(status == Status::Failed);
    }

    /// Counts a call of which less could be had than before, for a reason that may pass: its rows stay.
    pub(super) fn add_kept(&mut self, call: &CallFacts) {
        // A file that is gone is the site's own doing; an engine that is away is what a run is told by.
        if call.status == Status::Partial {
            self.unheard += 1;
        }
        self.add_gone(&call.call_id);
    }

    /// Counts a call whose rows stay because a file of it cannot be read any more.
    pub(super) fn add_gone(&mut self, call_id: &str) {
        self.gone += 1;
        self.gone_example.get_or_insert_with(|| call_id.to_owned());
    }

    fn add_judgement(&mut self, row: &Row) {
        let Some(judged) = &row.judged else { return };
        *self.verdicts.entry(judged.score.verdict.name()).or_default() += 1;
        for finding in &judged.judgement.findings {
            *self.findings.entry(finding.severity).or_default() += 1;
            self.excused += usize::from(finding.excused_by.is_some());
        }
        let blamed = judged.judgement.findings.iter().filter(|finding| finding.excused_by.is_none());
        let gravest = blamed.rev().max_by_key(|finding| finding.severity);
        if let Some(finding) = gravest.filter(|finding| finding.severity > Severity::Note) {
            self.worst.push(Worst {
                call_id: row.facts.call.call_id.clone(),
                agent_id: row.facts.call.metadata.agent_id.clone(),
                verdict: judged.score.verdict,
                score: judged.score.score,
                gravest: finding.severity,
                message: finding.message.clone(),
                start_ms: finding.start_ms,
            });
            self.worst.sort_by(Worst::worse_first);
            self.worst.truncate(WORST_CALLS);
        }
    }
}

impl Worst {
    fn worse_first(one: &Self, other: &Self) -> std::cmp::Ordering {
        let score = |worst: &Self| worst.score.unwrap_or(f64::INFINITY);
        (other.gravest.cmp(&one.gravest))
            .then(score(one).total_cmp(&score(other)))
            .then(one.call_id.cmp(&other.call_id))
    }
}
