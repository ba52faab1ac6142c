//! `kind = "emotion"`: anger.

use crate::rules::model::Emotion;
use crate::written::{Fault, Placed, Table, codes};

/// Who says how angry an utterance is.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::rules::file) enum Source {
    Acoustic,
    Engine,
}

/// What `from` can name.
pub(in crate::rules::file) const SOURCES: [(&str, Source); 2] =
    [("acoustic", Source::Acoustic), ("engine", Source::Engine)];

pub(in crate::rules::file) fn read(table: &Table<'_>) -> Emotion {
    let score_above = table.required_number("score_above", 0.0..=1.0);
    let above_usual = table.number("above_usual", 0.0..=1.0);
    let written = table.texts("from");
    let sources: Vec<Source> = written.iter().flatten().filter_map(|source| one_source(table, source)).collect();
    let counts = |source| written.is_none() || sources.contains(&source);
    let emotion = Emotion {
        score_above,
        above_usual,
        from_acoustic: counts(Source::Acoustic),
        from_engine: counts(Source::Engine),
    };
    if emotion.above_usual.is_some() && !emotion.from_acoustic {
        let message = "`above_usual` is measured of the sound, which does not count here";
        table.report(Fault::new(codes::NEVER_TRUE, table.place(), message).help("add \"acoustic\" to `from`"));
    }
    emotion
}

fn one_source(table: &Table<'_>, source: &Placed<String>) -> Option<Source> {
    if source.value == "words" {
        let message = "words are looked for by themselves";
        let help = "add a look_for with `words = […]`, and join both in `report.when`";
        table.report(Fault::new(codes::UNKNOWN_VALUE, source.span.clone(), message).help(help));
        return None;
    }
    table.choose(source, "an entry of `from`", &SOURCES)
}
