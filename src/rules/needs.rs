//! Which facts a set of rules looks at.

use super::compile::Ruleset;
use super::evaluate::judges;
use super::model::Kind;
use crate::facts::Needs;

impl Ruleset {
    /// What the rules that judge look at: on facts read without the rest, [`Ruleset::judge`] says the same.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let judging = self.rules.iter().filter(|compiled| judges(compiled));
        let looks = judging.flat_map(|compiled| &compiled.rule.look_fors);
        looks.map(|look| of_kind(&look.kind)).fold(Needs::default(), Needs::and)
    }
}

fn of_kind(kind: &Kind) -> Needs {
    let none = Needs::default();
    match kind {
        Kind::Words(_) | Kind::Patterns(_) | Kind::SimilarTo(_) | Kind::Silence(_) => {
            Needs { word_times: true, ..none }
        }
        Kind::Entity(_) => Needs { word_times: true, entities: true, ..none },
        Kind::Repeats(_) => Needs { chars: true, ..none },
        Kind::Latency(_) => Needs { answers: true, ..none },
        Kind::SpeechRate(_) => Needs { rates: true, chars: true, ..none },
        Kind::Loudness(_) => Needs { loudness: true, ..none },
        Kind::Emotion(_) => Needs { emotion: true, ..none },
        Kind::Interruption(_) | Kind::Call(_) | Kind::TalkShare(_) | Kind::Turns(_) | Kind::History(_) => none,
    }
}
