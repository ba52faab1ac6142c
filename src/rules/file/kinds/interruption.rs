//! `kind = "interruption"`: one cuts the other off.

use super::PARTIES;
use crate::rules::model::InterruptionBy;
use crate::rules::speakers::Speakers;
use crate::written::Table;

pub(in crate::rules::file) fn read(table: &Table<'_>) -> InterruptionBy {
    InterruptionBy {
        by: table.choice("by", &PARTIES).unwrap_or(Speakers::ANYONE),
        overlap_above_ms: table.required_duration_ms("overlap_above"),
        into_turn_above_ms: table.duration_ms("into_turn_above").unwrap_or(0),
        yields_within_ms: table.duration_ms("yields_within"),
    }
}
