//! Which facts are looked at: what need not be read where nobody asks for it.

/// What some rules look at, besides what every rule may: the call, and who said what when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Places and times of the words of utterances.
    pub word_times: bool,
    /// Speech rates of utterances.
    pub rates: bool,
    /// Loudness of utterances and of stretches.
    pub loudness: bool,
    /// Anger of utterances.
    pub emotion: bool,
    /// Lengths of utterances in characters.
    pub chars: bool,
    /// Gaps before utterances, and when stretches start.
    pub answers: bool,
    /// Entities.
    pub entities: bool,
}

impl Needs {
    /// What either looks at.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            word_times: self.word_times || other.word_times,
            rates: self.rates || other.rates,
            loudness: self.loudness || other.loudness,
            emotion: self.emotion || other.emotion,
            chars: self.chars || other.chars,
            answers: self.answers || other.answers,
            entities: self.entities || other.entities,
        }
    }
}
