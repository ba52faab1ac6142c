//! What a scorecard decides about a call.

/// What a scorecard decided about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Good enough.
    Pass,
    /// A person should look.
    Review,
    /// Not good enough, or a red line was crossed (pending a person's review).
    Fail,
    /// Too little could be evaluated to say.
    NotJudged,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Review, Self::Fail, Self::NotJudged];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Fail => "fail",
            Self::NotJudged => "not_judged",
        }
    }
}

/// A call's score.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// 0 to 100; `None` where the call is not judged.
    pub score: Option<f64>,
    /// `A` from 90, `B` from 80, `C` from 60, `D` below; `None` where there is no score.
    pub grade: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why the call is not judged; empty otherwise.
    pub not_judged_because: String,
    /// Evaluable points over applicable points, 0 to 1; `None` where nothing is applicable.
    pub coverage: Option<f64>,
    /// Whether a red line was crossed.
    pub fatal: bool,
    /// Whether the verdict awaits a person's review.
    pub pending: bool,
    /// The card's id.
    pub scorecard: String,
    /// One entry per item of the card, in its order.
    pub items: Vec<ScoreItem>,
}

/// One item of a call's score.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreItem {
    /// The item's name.
    pub item: String,
    /// The rule it is about, if it is about one.
    pub rule: Option<String>,
    /// The category it is about, if it is about one.
    pub category: Option<String>,
    /// Points it is worth.
    pub max_points: f64,
    /// Points lost (negative: gained by a bonus).
    pub lost_points: f64,
    /// Whether any of its rules is applicable to the call.
    pub applicable: bool,
    /// Whether any of its applicable rules could be evaluated.
    pub evaluable: bool,
    /// Whether a red line was crossed in it.
    pub fatal: bool,
    /// The findings that cost the points.
    pub finding_ids: Vec<String>,
}
