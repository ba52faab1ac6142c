//! What judging a call gives: findings, and rules that could not be evaluated.

use crate::units::Role;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How grave a finding is, lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Severity {
    /// Worth knowing; costs nothing by default.
    Note,
    /// A lapse.
    Minor,
    /// A violation.
    Major,
    /// A grave violation.
    Critical,
    /// A red line: the call fails, pending a person's review.
    Fatal,
}

impl Severity {
    /// All severities, lightest first.
    pub const ALL: [Self; 5] = [Self::Note, Self::Minor, Self::Major, Self::Critical, Self::Fatal];

    /// Its name in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
            Self::Fatal => "fatal",
        }
    }
}

/// Where a rule is in its life. Only active and trial rules judge; a trial rule's findings cost nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum RuleStatus {
    /// Being written; does not judge.
    Draft,
    /// Judges and records, without points.
    Trial,
    /// Judges.
    Active,
    /// No longer judges.
    Retired,
}

impl RuleStatus {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Trial, Self::Active, Self::Retired];

    /// Its name in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}

/// What kind of evidence a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchKind {
    /// The words as listed.
    Exact,
    /// The words in another writing: width, case, spaces, traditional characters, or in the bare form of what was said.
    Variant,
    /// Words that sound the same.
    Homophone,
    /// A pattern.
    Pattern,
    /// A sentence that says the same.
    Similar,
    /// A measured value against a threshold, or a fact of the call.
    Measure,
    /// Something required that was not there.
    Absence,
}

impl MatchKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Exact, Self::Variant, Self::Homophone, Self::Pattern, Self::Similar, Self::Measure, Self::Absence];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Variant => "variant",
            Self::Homophone => "homophone",
            Self::Pattern => "pattern",
            Self::Similar => "similar",
            Self::Measure => "measure",
            Self::Absence => "absence",
        }
    }
}

/// One thing a rule reported about a call. Places are `None` where the finding has none (an absence).
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// 16 hex digits of BLAKE3 over call, rule, look_for, start, first character and rank among equals.
    pub finding_id: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's revision.
    pub revision: i32,
    /// The rule's category.
    pub category: String,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's status: active or trial.
    pub status: RuleStatus,
    /// The `look_for` that the finding shows; empty for an absence.
    pub look_for: String,
    /// Who did it.
    pub role: Option<Role>,
    /// First utterance of the evidence, as `turns.turn`.
    pub turn: Option<i32>,
    /// Last utterance of the evidence.
    pub turn_end: Option<i32>,
    /// Start of the evidence in the recording, ms.
    pub start_ms: Option<i64>,
    /// End of the evidence, ms.
    pub end_ms: Option<i64>,
    /// First character of the evidence in the turn's text, in Unicode scalar values.
    pub char_start: Option<i32>,
    /// First character after it.
    pub char_end: Option<i32>,
    /// The words of the evidence, masked; empty where there are none.
    pub quote: String,
    /// The list entry or pattern that matched.
    pub matched: Option<String>,
    /// What kind of evidence it is.
    pub match_kind: MatchKind,
    /// How far a homophone or similar match is from the listed words.
    pub distance: Option<f32>,
    /// The measured value.
    pub value: Option<f64>,
    /// The threshold it was held against.
    pub threshold: Option<f64>,
    /// The unit of both.
    pub unit: Option<String>,
    /// Points it cost; filled by scoring.
    pub points: f64,
    /// What excuses it: `script NAME` or `excuse NAME`. It is kept and shown, and counts for nothing.
    pub excused_by: Option<String>,
    /// The rule's message, filled in.
    pub message: String,
    /// What to do about it.
    pub advice: String,
    /// The rule's first source.
    pub source: String,
}

impl Finding {
    /// A finding of the active rule `rule` that is exact, costs nothing, and of which nothing else is known. To fill in what is.
    #[must_use]
    pub fn blank(rule: impl Into<String>, severity: Severity) -> Self {
        Self {
            finding_id: String::new(),
            rule: rule.into(),
            revision: 1,
            category: String::new(),
            severity,
            status: RuleStatus::Active,
            look_for: String::new(),
            role: None,
            turn: None,
            turn_end: None,
            start_ms: None,
            end_ms: None,
            char_start: None,
            char_end: None,
            quote: String::new(),
            matched: None,
            match_kind: MatchKind::Exact,
            distance: None,
            value: None,
            threshold: None,
            unit: None,
            points: 0.0,
            excused_by: None,
            message: String::new(),
            advice: String::new(),
            source: String::new(),
        }
    }

    /// Whether it counts for anything: its rule is active, and nothing excuses it.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.status == RuleStatus::Active && self.excused_by.is_none()
    }
}

/// Why an applicable rule could not be evaluated. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The call has no transcript.
    NoTranscript,
    /// The call has no sound.
    NoAudio,
    /// The recording has one channel, so who overlaps whom cannot be measured.
    OneChannel,
    /// Nobody knows who said what.
    NoRoles,
    /// The transcript lacks times.
    NoTimes,
    /// The start of the call or its zone is unknown.
    NoZone,
    /// The engine's confidence is too low.
    LowConfidence,
    /// No source of emotion answered.
    NoEmotion,
    /// Emotion is switched off for the role.
    EmotionOff,
    /// No pack covers the language.
    Language,
    /// What is known of earlier calls does not say.
    NoHistory,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 11] = [
        Self::NoTranscript,
        Self::NoAudio,
        Self::OneChannel,
        Self::NoRoles,
        Self::NoTimes,
        Self::NoZone,
        Self::LowConfidence,
        Self::NoEmotion,
        Self::EmotionOff,
        Self::Language,
        Self::NoHistory,
    ];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoTranscript => "no_transcript",
            Self::NoAudio => "no_audio",
            Self::OneChannel => "one_channel",
            Self::NoRoles => "no_roles",
            Self::NoTimes => "no_times",
            Self::NoZone => "no_zone",
            Self::LowConfidence => "low_confidence",
            Self::NoEmotion => "no_emotion",
            Self::EmotionOff => "emotion_off",
            Self::Language => "language",
            Self::NoHistory => "no_history",
        }
    }
}

/// An applicable rule that could not be evaluated on a call.
#[derive(Clone, Debug, PartialEq)]
pub struct NotEvaluated {
    /// The rule's id.
    pub rule: String,
    /// The rule's revision.
    pub revision: i32,
    /// The rule's category.
    pub category: String,
    /// The rule's severity.
    pub severity: Severity,
    /// Why.
    pub reason: Reason,
    /// More on why, for people.
    pub detail: String,
}

/// An applicable rule that was evaluated, whether it reported or not. All calls that it judges share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    /// The rule's id.
    pub rule: String,
    /// The rule's category.
    pub category: String,
}

/// What a rule set says of one call. Rules that are not applicable are in none of the lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// Things reported, by start, then rule.
    pub findings: Vec<Finding>,
    /// Applicable rules without an answer, by rule.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Applicable rules with an answer, by rule.
    pub evaluated: Vec<Arc<Evaluated>>,
    /// Ids of the rules in these lists that are on trial: they cost nothing and hold nothing up.
    pub trial: BTreeSet<String>,
}
