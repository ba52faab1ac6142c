//! `kind = "emotion"`: anger.

use crate::rules::model::Emotion;
use crate::written::{Fault, Table, codes};

pub(in crate::rules::file) fn read(table: &Table<'_>) -> Emotion {
    let score_above = table.required_number("score_above", 0.0..=1.0);
    let sources = table.texts("from");
    for source in sources.iter().flatten() {
        match source.value.as_str() {
            "acoustic" | "words" => {
                let message = format!("emotion from `{}` is not supported yet", source.value);
                table.report(
                    Fault::new(codes::NOT_SUPPORTED_YET, source.span.clone(), message)
                        .help("write from = [\"engine\"]"),
                );
            }
            _ => {
                table.choose(source, "an entry of `from`", &[("engine", ())]);
            }
        }
    }
    Emotion { score_above, from_acoustic: false, from_engine: true }
}
