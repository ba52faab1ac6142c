//! Which findings of a dataset are wanted, and where each is heard.

use super::channel::Speakers;
use super::choice::{Choice, Cutting, Wanted, shape};
use crate::batch::Days;
use crate::batch::rejudge::unreadable;
use crate::dataset::{CommittedBatch, DatasetError, Snapshot};
use crate::entities::{mask_text, masked_id};
use crate::finding::{Finding, RuleStatus, Severity};
use crate::tables::{
    CallSound, TableName, read_call_sounds, read_findings, read_stretch_channels, read_turn_channels, sound_columns,
};
use crate::units::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which findings are wanted; an empty list asks for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Of calls of these days.
    pub days: Days,
    /// By their rules.
    pub rules: Vec<String>,
    /// This grave or graver.
    pub least: Severity,
    /// Of calls of these agents.
    pub agents: Vec<String>,
    /// Of calls of these teams.
    pub teams: Vec<String>,
    /// Of these calls.
    pub calls: Vec<String>,
    /// Also those of rules on trial.
    pub trial: bool,
    /// Also those that something excuses.
    pub excused: bool,
}

impl Selection {
    fn takes_call(&self, call: &CallSound) -> bool {
        let is_one = |given: &[String], value: Option<&str>| {
            let is_it = |given: &String| value.is_some_and(|value| value == given || value == mask_text(given));
            given.is_empty() || given.iter().any(is_it)
        };
        // Ids are written masked, with a tag.
        let is_named = |given: &String| *given == call.call_id || mask_text(&masked_id(given)) == call.call_id;
        is_one(&self.agents, call.agent_id.as_deref())
            && is_one(&self.teams, call.team.as_deref())
            && (self.calls.is_empty() || self.calls.iter().any(is_named))
    }

    fn takes(&self, finding: &Finding) -> bool {
        let counts = match finding.status {
            RuleStatus::Active => true,
            RuleStatus::Trial => self.trial,
            RuleStatus::Draft | RuleStatus::Retired => false,
        };
        counts
            && finding.severity >= self.least
            && (self.rules.is_empty() || self.rules.contains(&finding.rule))
            && (self.excused || finding.excused_by.is_none())
    }
}

/// What was chosen.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Gravest first.
    pub wanted: Vec<Wanted>,
    /// Findings for which there is no room.
    pub left_out: usize,
    /// Findings without a place in the recording.
    pub without_time: usize,
    /// Findings of calls without sound.
    pub without_sound: usize,
}

/// The gravest of the findings that `selection` asks for, as many as fit into `most_bytes`.
///
/// # Errors
/// The dataset cannot be read.
pub(super) fn choose(
    snapshot: &Snapshot,
    selection: &Selection,
    cutting: &Cutting,
    most_bytes: u64,
) -> Result<Chosen, DatasetError> {
    let (mut choice, mut chosen) = (Choice::new(most_bytes), Chosen::default());
    let batches: Vec<&CommittedBatch> = snapshot.batches().collect();
    for (at, batch) in batches.iter().enumerate().filter(|(_, batch)| selection.days.hold(batch.date)) {
        let calls = calls(snapshot, batch, selection)?;
        for (call, finding) in findings(snapshot, batch, &calls, selection)? {
            match place(&call, &finding, cutting) {
                Ok(span) => {
                    choice.offer(Wanted { call, date: batch.date, batch: at, span, channel: None, finding });
                }
                Err(NoPlace::NoTime) => chosen.without_time += 1,
                Err(NoPlace::NoSound) => chosen.without_sound += 1,
            }
        }
    }
    (chosen.wanted, chosen.left_out) = choice.finish();
    find_channels(snapshot, &batches, &mut chosen.wanted)?;
    Ok(chosen)
}

/// The findings of `batch` that are meant, with their calls, which are among `calls`.
fn findings(
    snapshot: &Snapshot,
    batch: &CommittedBatch,
    calls: &BTreeMap<String, Arc<CallSound>>,
    selection: &Selection,
) -> Result<Vec<(Arc<CallSound>, Finding)>, DatasetError> {
    let mut findings = Vec::new();
    if calls.is_empty() {
        return Ok(findings);
    }
    for rows in snapshot.read_parts(batch, TableName::Findings, None)? {
        let read = read_findings(&rows?).map_err(|source| unreadable(batch, source))?;
        let meant = read.into_iter().filter(|(_, finding)| selection.takes(finding));
        findings.extend(meant.filter_map(|(call_id, finding)| Some((Arc::clone(calls.get(&call_id)?), finding))));
    }
    Ok(findings)
}

/// Why a finding has no clip.
enum NoPlace {
    NoTime,
    NoSound,
}

/// What part of its recording the clip of a finding is.
fn place(call: &CallSound, finding: &Finding, cutting: &Cutting) -> Result<Span, NoPlace> {
    let has_sound = call.recording.is_some() && call.file_sha256.is_some() && shape(call).is_some();
    let duration_ms = call.duration_ms.filter(|_| has_sound).ok_or(NoPlace::NoSound)?;
    let start_ms = finding.start_ms.ok_or(NoPlace::NoTime)?;
    Ok(cutting.span(Span::new(start_ms, finding.end_ms.unwrap_or(start_ms)), duration_ms))
}

/// The calls of `batch` that are meant, by id.
fn calls(
    snapshot: &Snapshot,
    batch: &CommittedBatch,
    selection: &Selection,
) -> Result<BTreeMap<String, Arc<CallSound>>, DatasetError> {
    let mut calls = BTreeMap::new();
    for rows in snapshot.read_parts(batch, TableName::Calls, Some(&sound_columns(TableName::Calls)))? {
        let read = read_call_sounds(&rows?).map_err(|source| unreadable(batch, source))?;
        let meant = read.into_iter().filter(|call| selection.takes_call(call));
        calls.extend(meant.map(|call| (call.call_id.clone(), Arc::new(call))));
    }
    Ok(calls)
}

/// Fills in the channel of each of `wanted`.
fn find_channels(snapshot: &Snapshot, batches: &[&CommittedBatch], wanted: &mut [Wanted]) -> Result<(), DatasetError> {
    let mut meant: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for one in wanted.iter() {
        meant.entry(one.batch).or_default().insert(one.call.call_id.clone());
    }
    let mut speakers = BTreeMap::new();
    for (at, calls) in &meant {
        speakers.extend(speakers_of(snapshot, batches[*at], calls)?);
    }
    for one in wanted {
        one.channel = speakers.get(&one.call.call_id).and_then(|it| it.channel_of(&one.finding));
    }
    Ok(())
}

/// Who is on which channel of each of `calls`, which are in `batch`.
fn speakers_of(
    snapshot: &Snapshot,
    batch: &CommittedBatch,
    calls: &BTreeSet<String>,
) -> Result<BTreeMap<String, Speakers>, DatasetError> {
    let mut speakers: BTreeMap<String, Speakers> = BTreeMap::new();
    for rows in snapshot.read_parts(batch, TableName::Turns, Some(&sound_columns(TableName::Turns)))? {
        let turns = read_turn_channels(&rows?).map_err(|source| unreadable(batch, source))?;
        for (call_id, turn) in turns.into_iter().filter(|(call_id, _)| calls.contains(call_id)) {
            speakers.entry(call_id).or_default().add_turn(turn);
        }
    }
    for rows in snapshot.read_parts(batch, TableName::Stretches, Some(&sound_columns(TableName::Stretches)))? {
        let stretches = read_stretch_channels(&rows?).map_err(|source| unreadable(batch, source))?;
        for (call_id, stretch) in stretches.into_iter().filter(|(call_id, _)| calls.contains(call_id)) {
            speakers.entry(call_id).or_default().add_stretch(stretch);
        }
    }
    Ok(speakers)
}
