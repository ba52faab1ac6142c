//! What a condition answers: hits, and what could not be examined.

use super::kleene::{Truth, Why};
use crate::finding::{MatchKind, Reason};
use crate::units::{Role, Span};

/// One place, or one fact, that satisfies a condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) role: Option<Role>,
    /// First and last utterance, as `turns.turn`.
    pub(crate) turns: Option<(i32, i32)>,
    /// When, estimated within an utterance whose words have no times; `None` for a fact of the call as a whole.
    pub(crate) span: Option<Span>,
    /// What is known of when: as `span`, or the whole utterances where their words have no times.
    pub(crate) known: Option<Span>,
    /// First character in the first utterance, and first character after the evidence in the last one.
    pub(crate) chars: Option<(i32, i32)>,
    /// Which of the call's turns it starts in, by their start; the one before it where nobody speaks.
    pub(crate) run: u32,
    /// Which of the entries of a condition that wants several it is.
    pub(crate) entry: usize,
    pub(crate) quote: String,
    pub(crate) matched: Option<String>,
    pub(crate) match_kind: MatchKind,
    /// How far a homophone is from the listed word.
    pub(crate) distance: Option<f32>,
    pub(crate) value: Option<f64>,
    pub(crate) threshold: Option<f64>,
    pub(crate) unit: Option<&'static str>,
}

impl Hit {
    /// A measure of nobody and nowhere yet.
    pub(crate) const fn measure(value: Option<f64>, threshold: Option<f64>, unit: Option<&'static str>) -> Self {
        Self {
            role: None,
            turns: None,
            span: None,
            known: None,
            chars: None,
            run: 0,
            entry: 0,
            quote: String::new(),
            matched: None,
            match_kind: MatchKind::Measure,
            distance: None,
            value,
            threshold,
            unit,
        }
    }
}

/// What of a call a condition could not examine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Blind {
    /// Nothing: all of it was examined.
    #[default]
    Nowhere,
    /// So many places that may or may not be hits.
    Spots(usize, Why),
    /// All of it.
    Everywhere(Why),
}

/// A condition's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// By start.
    pub(crate) hits: Vec<Hit>,
    pub(crate) blind: Blind,
}

impl Answer {
    pub(crate) fn unknown(reason: Reason, detail: impl Into<String>) -> Self {
        Self { hits: Vec::new(), blind: Blind::Everywhere(Why::new(reason, detail)) }
    }

    /// `hits` in order, with `spots` further places that may be hits.
    pub(crate) fn of(mut hits: Vec<Hit>, spots: usize, why: impl FnOnce() -> Why) -> Self {
        hits.sort_by_key(|hit| (hit.span, hit.chars));
        let blind = if spots == 0 { Blind::Nowhere } else { Blind::Spots(spots, why()) };
        Self { hits, blind }
    }

    /// True with `at_least` hits; false only if hits and unexamined places together cannot reach it.
    pub(crate) fn truth(&self, at_least: u32) -> Truth {
        let at_least = at_least.max(1) as usize;
        match &self.blind {
            _ if self.hits.len() >= at_least => Truth::True,
            Blind::Everywhere(why) => Truth::Unknown(why.clone()),
            Blind::Spots(spots, why) if self.hits.len() + spots >= at_least => Truth::Unknown(why.clone()),
            Blind::Spots(..) | Blind::Nowhere => Truth::False,
        }
    }

    /// Why something of it is unexamined, if it is.
    pub(crate) const fn why(&self) -> Option<&Why> {
        match &self.blind {
            Blind::Nowhere => None,
            Blind::Spots(_, why) | Blind::Everywhere(why) => Some(why),
        }
    }
}

/// A measured value as it is compared and kept: facts hold `f32`, whose shortest decimals are meant.
pub(crate) fn exact(value: f32) -> f64 {
    (f64::from(value) * 10_000.0).round() / 10_000.0
}

/// Milliseconds as seconds.
pub(crate) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_false_only_where_it_cannot_be_reached() {
        let why = Why::new(Reason::NoRoles, "");
        let unknown = Truth::Unknown(why.clone());
        let spots = |n| Blind::Spots(n, why.clone());
        let table = [
            ("reached", 2, Blind::Nowhere, 2, Truth::True),
            ("reached in spite of blindness", 2, Blind::Everywhere(why.clone()), 2, Truth::True),
            ("not reached", 1, Blind::Nowhere, 2, Truth::False),
            ("might be reached", 1, spots(1), 2, unknown.clone()),
            ("cannot be reached", 1, spots(1), 3, Truth::False),
            ("nothing examined", 0, Blind::Everywhere(why.clone()), 9, unknown),
            ("none is needed reads one", 0, Blind::Nowhere, 0, Truth::False),
        ];
        for (name, hits, blind, at_least, expected) in table {
            let answer = Answer { hits: vec![Hit::measure(None, None, None); hits], blind };
            assert_eq!(answer.truth(at_least), expected, "{name}");
        }
    }

    #[test]
    fn values_keep_the_decimals_that_are_meant() {
        assert_eq!(exact(0.7), 0.7);
        assert_eq!(exact(412.3), 412.3);
    }
}
