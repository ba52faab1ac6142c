//! A batch of calls, and its name.

use super::error::DatasetError;
use crate::tables::{CallKey, Row, SCHEMA_VERSION};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Calls of one date that are committed together: at most 256 by custom.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Its calls, in any order. Those that the dataset holds already are replaced, unless their rows are equal.
    pub rows: &'a [Row],
    /// For each of them, what tells that nothing of it has changed since, for [`super::Dataset::seen`]; 0 for nothing.
    pub stamps: &'a [u64],
    /// Whether calls are replaced even by equal rows.
    pub force: bool,
}

impl Batch<'_> {
    /// The date of its calls.
    ///
    /// # Errors
    /// [`DatasetError::EmptyBatch`], [`DatasetError::MixedDates`], or [`DatasetError::DuplicateCall`].
    pub(super) fn checked_date(&self) -> Result<Option<Date>, DatasetError> {
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

/// The name of the batch of the calls with these keys: 16 hex digits of BLAKE3 over schema version and keys, sorted by
/// call. Equal input judged alike has an equal name, in whatever order it comes.
#[must_use]
pub fn batch_name<'a>(keys: impl IntoIterator<Item = &'a CallKey>) -> String {
    let mut keys: Vec<&CallKey> = keys.into_iter().collect();
    keys.sort_by_key(|key| &key.call_id);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&SCHEMA_VERSION.to_le_bytes());
    for key in keys {
        let texts = [
            Some(key.call_id.as_str()),
            key.file_sha256.as_deref(),
            key.transcript_sha256.as_deref(),
            Some(&key.metadata_sha256),
            Some(&key.settings_hash),
            Some(key.status.name()),
            key.error_code.as_deref(),
            key.ruleset_hash.as_deref(),
            key.in_force_mode.as_deref(),
            key.tool_version.as_deref(),
        ];
        texts.into_iter().for_each(|text| push(&mut hasher, text));
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Lengths keep neighbouring parts apart; nothing differs from the empty text.
fn push(hasher: &mut blake3::Hasher, part: Option<&str>) {
    let length = part.map_or(u64::MAX, |part| part.len() as u64);
    hasher.update(&length.to_le_bytes());
    hasher.update(part.unwrap_or_default().as_bytes());
}
