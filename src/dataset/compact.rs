//! Fewer, larger files: the batches of a day in one, or few.

use super::commit::TableContent;
use super::content;
use super::error::DatasetError;
use super::layout::{self, COMMITS};
use super::log::CommittedBatch;
use super::open::{Dataset, State};
use super::redo::Redo;
use super::snapshot::Snapshot;
use crate::tables::{CallKey, TableName};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a compaction came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// How many batches there were on the days it looked at.
    pub before: usize,
    /// How many there are now.
    pub after: usize,
}

/// A batch and the keys of its calls.
type Keyed = (CommittedBatch, Vec<CallKey>);

impl Dataset {
    /// Joins the batches of each day that `is_meant` picks into batches of at most `most_calls` calls, sorted by agent,
    /// then call, and shortens the record of commits. Rows stay as they are.
    ///
    /// Each day is a commit of its own; others may commit in between.
    ///
    /// # Errors
    /// [`DatasetError`] where the dataset cannot be read or written. Days that are done stay done.
    pub fn compact(
        &self,
        is_meant: &dyn Fn(Option<Date>) -> bool,
        most_calls: usize,
    ) -> Result<Compacted, DatasetError> {
        let mut days: Vec<_> = self.snapshot().batches().map(|batch| batch.date).filter(|day| is_meant(*day)).collect();
        days.dedup();
        let mut compacted = Compacted::default();
        for day in days {
            let (_lock, mut state) = self.lock_to_commit()?;
            compacted.before += batches_of(&state, day).len();
            let snapshot = Snapshot::of(Arc::clone(&self.folder), &state.log);
            for group in snapshot.groups(day, most_calls)? {
                self.join(&mut state, &group)?;
            }
            compacted.after += batches_of(&state, day).len();
        }
        self.shorten()?;
        Ok(compacted)
    }

    fn join(&self, state: &mut State, group: &[Keyed]) -> Result<(), DatasetError> {
        let snapshot = Snapshot::of(Arc::clone(&self.folder), &state.log);
        let keys: Vec<CallKey> = group.iter().flat_map(|(_, keys)| keys.clone()).collect();
        let ranks = content::ranks(keys.iter());
        let merge = |table: TableName| {
            let parts = group.iter().map(|(batch, _)| content::read_table(&snapshot, batch, table));
            let rows = content::merge(table, &parts.collect::<Result<Vec<_>, _>>()?, &ranks)?;
            Ok((table, TableContent::Rows(rows)))
        };
        let date = group.first().and_then(|(batch, _)| batch.date);
        let staged = self.stage_each(date, keys.clone(), TableName::PER_BATCH.into_iter().map(merge))?;
        self.exchange(state, &[staged], group.iter().map(|(batch, _)| batch), &BTreeMap::new())
    }

    /// Replaces the records of commits by one that names every batch.
    fn shorten(&self) -> Result<(), DatasetError> {
        let (_lock, mut state) = self.lock_to_commit()?;
        let number = state.log.next;
        let all = state.log.batches.keys().map(CommittedBatch::path).collect();
        let redo = Redo { run: self.run.clone(), all: Some(all), ..Redo::default() };
        redo.write(&self.folder, number).inspect_err(|_| state.is_unsure = true)?;
        state.log.apply(&redo, false);
        redo.carry_out(&self.folder, number)?;
        state.log.carried_out(&redo, number);
        self.folder.sync_folder(COMMITS)?;
        for entry in self.folder.list(COMMITS)? {
            if layout::record_number(&entry.name).is_some_and(|(earlier, _)| earlier < number) {
                self.folder.remove(&format!("{COMMITS}/{}", entry.name))?;
            }
        }
        Ok(self.folder.sync_folder(COMMITS)?)
    }
}

impl Snapshot {
    /// What [`Dataset::compact`] would come to.
    ///
    /// # Errors
    /// [`DatasetError`] where the dataset cannot be read.
    pub fn compaction(
        &self,
        is_meant: &dyn Fn(Option<Date>) -> bool,
        most_calls: usize,
    ) -> Result<Compacted, DatasetError> {
        let mut days: Vec<_> = self.batches().map(|batch| batch.date).filter(|day| is_meant(*day)).collect();
        let before = days.len();
        days.dedup();
        let mut after = before;
        for day in days {
            after -= self.groups(day, most_calls)?.iter().map(|group| group.len() - 1).sum::<usize>();
        }
        Ok(Compacted { before, after })
    }

    /// The batches of a day that go together, each group of two or more.
    fn groups(&self, day: Option<Date>, most_calls: usize) -> Result<Vec<Vec<Keyed>>, DatasetError> {
        let mut keyed = Vec::new();
        for batch in self.batches().filter(|batch| batch.date == day) {
            let keys = self.read_keys(batch)?;
            keyed.push((batch.clone(), keys));
        }
        // Neighbours in the order of rows come together.
        keyed.sort_by_cached_key(|(_, keys)| keys.first().map(|key| (key.agent_id.clone(), key.call_id.clone())));
        let mut groups: Vec<Vec<Keyed>> = Vec::new();
        for batch in keyed {
            let calls = |group: &[Keyed]| group.iter().map(|(_, keys)| keys.len()).sum::<usize>();
            match groups.last_mut() {
                Some(group) if calls(group) + batch.1.len() <= most_calls => group.push(batch),
                _ => groups.push(vec![batch]),
            }
        }
        groups.retain(|group| group.len() > 1);
        Ok(groups)
    }
}

fn batches_of(state: &State, day: Option<Date>) -> Vec<CommittedBatch> {
    state.log.batches.keys().filter(|batch| batch.date == day).cloned().collect()
}
