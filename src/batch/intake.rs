//! Which of the calls of a work list must be inspected.

use super::observe::metadata_sha256;
use super::run::RunOptions;
use super::stamp::stamp;
use super::tally::Tally;
use crate::audio::decode::identify;
use crate::dataset::{Dataset, DatasetError, Forgotten, Holdings};
use crate::entities::masked_id;
use crate::facts::Status;
use crate::inspect::Plan;
use crate::recording::{Metadata, Recording};
use crate::storage::{fetch, look};
use crate::tables::CallKey;
use crate::worklist::WorkItem;
use rayon::prelude::*;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A call in as many dead runs as this is tried apart before it is inspected.
const SUSPECT_RUNS: u32 = 2;

/// A call to inspect.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) recording: Recording,
    /// For [`crate::dataset::Batch::stamps`].
    pub(super) stamp: u64,
    /// Size of the recording, by which it is told what takes long.
    pub(super) audio_bytes: u64,
    /// Whether it has brought down the process that tried it.
    pub(super) is_deadly: bool,
}

/// What becomes of the calls of a work list.
pub(super) struct Settled {
    /// Calls to inspect.
    pub(super) due: Vec<Due>,
    /// Calls that the dataset holds as they are.
    unchanged: Vec<Due>,
    /// How many of `due` are in the dataset otherwise.
    pub(super) changed: usize,
    /// What became of the others.
    pub(super) tally: Tally,
}

/// Takes the calls of a work list, and leaves out those that the dataset holds as they are.
///
/// A call that was inspected when its recording, transcript, metadata, rules, settings and version were the same is
/// left out by the size and time of its files; where those differ, by their content.
pub struct Intake<'a> {
    holdings: &'a dyn Holdings,
    pub(super) options: &'a RunOptions<'a>,
    pub(super) plan: &'a Plan,
    settings_hash: String,
    in_force: String,
    forgotten: Forgotten,
    due: Vec<Due>,
    /// What became of the others.
    pub(super) tally: Tally,
}

/// How a call that the dataset holds stands.
enum Standing {
    Unchanged,
    Changed,
    /// A file that was read then is not there any more.
    Gone,
}

impl<'a> Intake<'a> {
    /// Takes calls for a run by `plan` into the dataset that has `holdings`.
    ///
    /// # Errors
    /// It cannot be read what was erased from the dataset.
    pub fn new(holdings: &'a dyn Holdings, plan: &'a Plan, options: &'a RunOptions<'a>) -> Result<Self, DatasetError> {
        let (settings_hash, forgotten) = (options.settings.hash(), holdings.forgotten()?);
        let in_force = plan.in_force.name();
        Ok(Self {
            holdings,
            options,
            plan,
            settings_hash,
            in_force,
            forgotten,
            due: Vec::new(),
            tally: Tally::default(),
        })
    }

    /// Takes one call.
    pub fn offer(&mut self, item: WorkItem) {
        let stamp = self.stamp(item.stamp);
        let WorkItem { recording, audio_bytes, .. } = item;
        if self.is_forgotten(&recording) {
            self.tally.forgotten.insert(recording.call_id);
            return;
        }
        let look_closer = self.options.force || self.options.verify || stamp == 0;
        match self.holdings.seen(&recording.call_id) {
            Some(seen) if seen.stamp == stamp && !look_closer && !seen.retryable => {
                self.tally.add_unchanged(seen.status);
            }
            _ => self.due.push(Due { recording, stamp, audio_bytes, is_deadly: false }),
        }
    }

    fn is_forgotten(&self, recording: &Recording) -> bool {
        let Metadata { customer_id, started_at, .. } = &recording.metadata;
        let started_at_us = started_at.map(|started_at| started_at.timestamp_us);
        !self.forgotten.is_empty()
            && self.forgotten.covers(
                &recording.call_id,
                customer_id.as_deref().map(masked_id).as_deref(),
                started_at_us,
            )
    }

    /// Everything that decides what is written of a call, in 64 bits; 0 where `of_call` is.
    fn stamp(&self, of_call: u64) -> u64 {
        if of_call == 0 {
            return 0;
        }
        let parts = [&self.settings_hash, &self.plan.ruleset_hash, &self.in_force, env!("CARGO_PKG_VERSION")];
        stamp(&of_call.to_le_bytes(), parts)
    }

    /// The calls to inspect, and what became of the others, which is noted in `dataset`, whose holdings these are.
    ///
    /// # Errors
    /// The dataset cannot be read or written.
    pub(super) fn settle(self, dataset: &Dataset) -> Result<(Vec<Due>, Tally), DatasetError> {
        let survives = self.options.survives;
        let Settled { mut due, unchanged, tally, .. } = self.settled()?;
        let stamps = unchanged.iter().filter(|call| call.stamp != 0);
        dataset.note_unchanged(stamps.map(|call| (call.recording.call_id.as_str(), call.stamp)))?;
        try_suspects(&mut due, dataset, survives);
        Ok((due, tally))
    }

    /// As [`Intake::settle`], and nothing is noted.
    ///
    /// # Errors
    /// The dataset cannot be read.
    pub(super) fn settled(mut self) -> Result<Settled, DatasetError> {
        let known = self.holdings.keys_of(&mut self.due.iter().map(|due| due.recording.call_id.as_str()))?;
        let taken = std::mem::take(&mut self.due);
        let standing = |due: &Due| Some(self.standing(&due.recording, known.get(&due.recording.call_id)?));
        let standings: Vec<Option<Standing>> = taken.par_iter().map(standing).collect();
        let (mut due, mut unchanged, mut changed) = (Vec::new(), Vec::new(), 0);
        for (call, standing) in taken.into_iter().zip(standings) {
            match standing {
                None => due.push(call),
                Some(Standing::Changed) => {
                    changed += 1;
                    due.push(call);
                }
                Some(Standing::Gone) => self.tally.add_gone(&call.recording.call_id),
                Some(Standing::Unchanged) => {
                    self.tally.add_unchanged(known[&call.recording.call_id].status);
                    unchanged.push(call);
                }
            }
        }
        Ok(Settled { due, unchanged, changed, tally: self.tally })
    }

    fn standing(&self, recording: &Recording, then: &CallKey) -> Standing {
        let lost = |then: &Option<String>, now: &Option<PathBuf>| {
            then.is_some() && now.as_deref().is_none_or(|path| !is_there(path))
        };
        let was_good = then.status != Status::Failed;
        // Where an engine hears recordings, a saved transcript that is gone is no loss.
        let words_lost =
            || self.options.settings.engine.is_none() && lost(&then.transcript_sha256, &recording.transcript);
        if was_good && (lost(&then.file_sha256, &recording.audio) || words_lost()) {
            return Standing::Gone;
        }
        // Without an error, nothing says whether another try may help.
        let is_final = then.error_retryable != Some(true) && (was_good || then.error_retryable.is_some());
        let is_same = is_final && !self.options.force && self.is_unchanged(recording, then);
        if is_same { Standing::Unchanged } else { Standing::Changed }
    }

    fn is_unchanged(&self, recording: &Recording, then: &CallKey) -> bool {
        let hash_of = |path: &Option<PathBuf>| {
            let file = fetch(path.as_deref()?).ok()?;
            Some(identify(file.path()).ok()?.sha256)
        };
        let judged_alike = then
            .ruleset_hash
            .as_ref()
            .is_none_or(|hash| *hash == self.plan.ruleset_hash && then.in_force_mode.as_ref() == Some(&self.in_force));
        judged_alike
            && then.tool_version.as_deref().is_none_or(|version| version == env!("CARGO_PKG_VERSION"))
            && then.metadata_sha256 == metadata_sha256(recording)
            && then.settings_hash == self.settings_hash
            && then.file_sha256 == hash_of(&recording.audio)
            && then.transcript_sha256 == hash_of(&recording.transcript)
    }
}

/// Tries the calls that may have brought down earlier runs, each in a process of its own where that can be done.
fn try_suspects(due: &mut [Due], dataset: &Dataset, survives: Option<&(dyn Fn(&str) -> bool + Sync)>) {
    for call in due.iter_mut() {
        let call_id = &call.recording.call_id;
        if dataset.died_with(call_id) >= SUSPECT_RUNS {
            call.is_deadly = survives.is_none_or(|survives| !survives(call_id));
        }
    }
}

fn is_there(path: &Path) -> bool {
    // What cannot be asked for is not known to be gone.
    !look(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}
