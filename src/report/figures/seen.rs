//! A call as figures see it: its rows, and what follows from them.

use super::reviewed::{Held, Reviewed};
use super::rule_sets::is_violation_finding;
use super::sums::Said;
use crate::facts::CallOutcome;
use crate::finding::{RuleStatus, Severity};
use crate::tables::{CountedCall, CountedFinding, CountedReason, CountedTurn};
use crate::units::Role;
use jiff::civil::{Date, DateTime};

/// The rule whose findings say that the customer abused the agent.
const ABUSES_AGENT: &str = "customer-tags.abuses-agent";

/// A call, with all that figures need.
#[derive(Clone, Debug)]
pub struct SeenCall<'a> {
    /// The batch that holds it.
    pub batch: &'a str,
    /// Its date, as the dataset files it.
    pub date: Option<Date>,
    /// Its row.
    pub row: CountedCall,
    /// Ids of the rules that had an answer; `None` where it was not judged.
    pub evaluated: Option<&'a [&'a str]>,
    /// What was reported.
    pub findings: Vec<CountedFinding>,
    /// What had no answer.
    pub reasons: Vec<CountedReason>,
    /// What was said, where [`needs_turns`]; else it may be left out.
    pub spoken: Option<Spoken>,
}

/// What turns say of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// Their lengths, ms.
    talk_ms: i64,
    /// Whether somebody else than the agent speaks.
    is_answered: bool,
    /// Where the last one ends, ms.
    end_ms: i64,
}

impl Spoken {
    /// Adds a turn.
    pub fn add(&mut self, turn: &CountedTurn) {
        self.talk_ms += turn.span.end_ms - turn.span.start_ms;
        self.is_answered |= matches!(turn.role, Role::Customer | Role::Unknown);
        self.end_ms = self.end_ms.max(turn.span.end_ms);
    }
}

/// Whether a call was with people who spoke.
const fn is_with_people(row: &CountedCall) -> bool {
    matches!(row.call_outcome, Some(CallOutcome::Conversation | CallOutcome::TooShort))
}

fn customer_is_heard(row: &CountedCall) -> bool {
    row.customer_talk_ms.is_some_and(|talk_ms| talk_ms > 0)
}

/// Whether turns say what the row does not: who spoke, for how long, and when the call ended.
#[must_use]
pub fn needs_turns(row: &CountedCall) -> bool {
    let is_measured = row.agent_talk_ms.is_some() && customer_is_heard(row) && row.duration_ms.is_some();
    is_with_people(row) && !is_measured
}

impl SeenCall<'_> {
    /// Local time of its start.
    pub(super) fn started_local(&self) -> Option<DateTime> {
        Some(self.row.started_at?.local(0))
    }

    /// Local time of its end; where its length is not known, of its start.
    pub(super) fn ended_local(&self) -> Option<DateTime> {
        let length_ms = self.row.duration_ms.or(self.spoken.map(|spoken| spoken.end_ms));
        Some(self.row.started_at?.local(length_ms.unwrap_or_default()))
    }

    /// Whether it counts: a conversation of 10 s of talk, with sound and words.
    pub(super) fn is_eligible(&self) -> bool {
        self.row.eligible && self.row.has_transcript && self.row.decoder.is_some()
    }

    /// Whether the customer speaks.
    pub(super) fn is_answered(&self) -> bool {
        is_with_people(&self.row)
            && (customer_is_heard(&self.row) || self.spoken.is_some_and(|spoken| spoken.is_answered))
    }

    /// How long both sides spoke in a call with people, ms.
    pub(super) fn talk_ms(&self) -> Option<i64> {
        let measured_ms =
            self.row.agent_talk_ms.zip(self.row.customer_talk_ms).map(|(agent, customer)| agent + customer);
        measured_ms.or(self.spoken.map(|spoken| spoken.talk_ms)).filter(|_| is_with_people(&self.row))
    }

    /// Whether it was with people, and not called by them.
    pub(super) fn is_ours(&self) -> bool {
        is_with_people(&self.row) && self.row.direction.as_deref() != Some("inbound")
    }

    /// Whether the customer abused the agent.
    pub(super) fn is_abusive(&self, reviewed: &Reviewed) -> bool {
        let is_abuse = |finding: &&CountedFinding| finding.rule == ABUSES_AGENT && finding.status == RuleStatus::Active;
        let stands =
            |finding: &CountedFinding| finding.excused_by.is_none() && !reviewed.is_overturned(&finding.finding_id);
        self.findings.iter().filter(is_abuse).any(stands)
    }

    /// Its violations, and what is known of each.
    pub(super) fn violations<'b>(&'b self, reviewed: &'b Reviewed) -> impl Iterator<Item = (&'b CountedFinding, Held)> {
        let violations = self.findings.iter().filter(|finding| is_violation_finding(finding));
        violations.map(|finding| (finding, reviewed.held(finding)))
    }
}

/// What violations come to.
pub(super) fn said<'a>(violations: impl IntoIterator<Item = &'a (&'a CountedFinding, Held)>) -> Said {
    let mut said = Said::default();
    for (finding, held) in violations {
        let is_reported = *held != Held::Overturned;
        said.is_reported |= is_reported;
        said.is_red_line |= is_reported && finding.severity == Severity::Fatal;
        said.is_confirmed |= held.is_confirmed();
        said.is_unproven |= held.is_unproven();
    }
    said
}
