//! What heard the calls, and how far it let them be judged.

use super::model::Instrument;
use super::sums::Mean;
use super::weighed::Weighed;
use std::collections::BTreeMap;

/// Stands for what a call does not say.
pub(super) const NOT_SAID: &str = "–";

/// By engine, model and language.
#[derive(Clone, Debug, Default)]
pub(super) struct Instruments(BTreeMap<[String; 3], Heard>);

#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    conversations: u64,
    coverage: Mean,
    confidence: Mean,
}

impl Instruments {
    pub(super) fn add(&mut self, weighed: &Weighed<'_>) {
        let row = &weighed.call.row;
        if !row.eligible {
            return;
        }
        let text = |cell: &Option<String>, otherwise: &str| cell.as_deref().unwrap_or(otherwise).to_owned();
        let key = [text(&row.engine, NOT_SAID), text(&row.engine_model, ""), text(&row.language, "")];
        let heard = self.0.entry(key).or_default();
        heard.conversations += 1;
        heard.coverage.add(row.coverage);
        heard.confidence.add(row.engine_confidence.map(f64::from));
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (key, more) in other.0 {
            let heard = self.0.entry(key).or_default();
            heard.conversations += more.conversations;
            heard.coverage.merge(more.coverage);
            heard.confidence.merge(more.confidence);
        }
    }

    /// By name.
    pub(super) fn figures(self) -> Vec<Instrument> {
        let figure = |([engine, model, language], heard): ([String; 3], Heard)| Instrument {
            engine,
            model,
            language,
            conversations: heard.conversations,
            mean_coverage: heard.coverage.value(),
            mean_confidence: heard.confidence.value(),
        };
        self.0.into_iter().map(figure).collect()
    }
}
