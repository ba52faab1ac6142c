//! `kind = "loudness"`: louder than the speaker's usual.

use crate::rules::model::Loudness;
use crate::written::Table;
use crate::written::quantity::Dimension;

/// Between a whisper and a shout lie fewer decibels than this.
const MAX_ABOVE_USUAL_DB: f64 = 60.0;

pub(in crate::rules::file) fn read(table: &Table<'_>) -> Loudness {
    table.require("above_usual");
    let above = table.quantity("above_usual", &[Dimension::LevelDifference]);
    if let Some(above) = above.as_ref().filter(|above| !(0.0..=MAX_ABOVE_USUAL_DB).contains(&above.value.amount)) {
        let said = format!("`above_usual` is {} dB", above.value.amount);
        table.out_of_range(above.span.clone(), &said, &format!("0 dB to {MAX_ABOVE_USUAL_DB} dB"));
    }
    Loudness {
        above_usual_db: above.map_or(0.0, |above| above.value.amount),
        for_ms: table.required_duration_ms("for"),
    }
}
