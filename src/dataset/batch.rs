//! A batch of calls, and its name.

use super::error::DatasetError;
use super::layout;
use crate::tables::{Row, SCHEMA_VERSION};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Calls of one date that are committed together: at most 256 by custom.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The run that commits it; names the folder of its drafts.
    pub run: &'a str,
    /// Its calls, in any order. None of them may be in the dataset yet.
    pub rows: &'a [Row],
    /// The rules that judged; of several sets, a hash of them all.
    pub ruleset_hash: &'a str,
    /// The version of callsift that judged.
    pub tool_version: &'a str,
    /// The settings that shape what is written.
    pub settings: &'a str,
}

impl Batch<'_> {
    /// Its name, by [`batch_name`].
    #[must_use]
    pub fn name(&self) -> String {
        batch_name(self.rows, self.ruleset_hash, self.tool_version, self.settings)
    }

    /// The date of its calls.
    ///
    /// # Errors
    /// [`DatasetError::EmptyBatch`], [`DatasetError::MixedDates`], [`DatasetError::DuplicateCall`], or
    /// [`DatasetError::BadName`] for a run that cannot name a folder.
    pub(super) fn checked_date(&self) -> Result<Option<Date>, DatasetError> {
        layout::check_name("run", self.run)?;
        let date = self.rows.first().ok_or(DatasetError::EmptyBatch)?.date();
        let mut ids = BTreeSet::new();
        for row in self.rows {
            if row.date() != date {
                return Err(DatasetError::MixedDates { one: date, other: row.date() });
            }
            let call_id = &row.facts.call.call_id;
            if !ids.insert(call_id) {
                return Err(DatasetError::DuplicateCall { call_id: call_id.clone() });
            }
        }
        Ok(date)
    }
}

/// The name of the batch of `rows`: 16 hex digits of BLAKE3 over schema version, calls sorted by id with their input
/// fingerprints, rules, version and settings. Equal input judged alike has an equal name, in whatever order it comes.
#[must_use]
pub fn batch_name(rows: &[Row], ruleset_hash: &str, tool_version: &str, settings: &str) -> String {
    let mut calls: Vec<_> = rows.iter().map(|row| &row.facts.call).collect();
    calls.sort_by_key(|call| &call.call_id);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&SCHEMA_VERSION.to_le_bytes());
    for call in calls {
        push(&mut hasher, Some(&call.call_id));
        push(&mut hasher, call.file_sha256.as_deref());
        push(&mut hasher, call.transcript_sha256.as_deref());
        push(&mut hasher, Some(&call.metadata_sha256));
    }
    for part in [ruleset_hash, tool_version, settings] {
        push(&mut hasher, Some(part));
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Lengths keep neighbouring parts apart; nothing differs from the empty text.
fn push(hasher: &mut blake3::Hasher, part: Option<&str>) {
    let length = part.map_or(u64::MAX, |part| part.len() as u64);
    hasher.update(&length.to_le_bytes());
    hasher.update(part.unwrap_or_default().as_bytes());
}
