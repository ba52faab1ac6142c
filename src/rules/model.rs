//! A rule as read: every quantity in its base unit, every name resolved to its meaning.

use super::pattern::Pattern;
use super::speakers::Speakers;
use crate::facts::CallOutcome;
use crate::finding::{RuleStatus, Severity};
use crate::recording::{PriorCall, StartedAt};
use crate::units::Role;
use jiff::civil::{Date, Time, Weekday};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// `<pack>.<file stem>`.
    pub id: String,
    /// Its title, in the language of the rule.
    pub title: String,
    /// Where it is in its life.
    pub status: RuleStatus,
    /// How grave its findings are.
    pub severity: Severity,
    /// What family it belongs to.
    pub category: String,
    /// Who looks after it.
    pub owner: String,
    /// Who approved it.
    pub approved: Option<Approval>,
    /// Raised when the meaning changes; from 1.
    pub revision: i32,
    /// Languages it is for, BCP 47 primary tags; empty: any.
    pub languages: Vec<String>,
    /// First day it is in force.
    pub in_force_from: Option<Date>,
    /// Last day it is in force.
    pub in_force_until: Option<Date>,
    /// What kinds of call it is for; empty: conversations, and any call where it is fatal.
    #[serde(serialize_with = "outcome_names")]
    pub outcomes: Vec<CallOutcome>,
    /// Columns of the call that must be filled, those its conditions need included; sorted, unique.
    pub needs: Vec<String>,
    /// What it finds.
    pub what: String,
    /// Why that matters.
    pub why: String,
    /// What it cannot find and must not report.
    pub misses: String,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// What it looks for, in the order of the file.
    pub look_fors: Vec<LookFor>,
    /// When and what it reports.
    pub report: Report,
    /// Its examples. Not serialised: they do not judge.
    #[serde(skip)]
    pub examples: Vec<Example>,
}

/// Who approved a rule, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// Who; not the author.
    pub by: String,
    /// When.
    pub on: Date,
    /// When it must be looked at again.
    pub review_by: Option<Date>,
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Law and clause, or practice.
    pub cite: String,
    /// How sure of it we are.
    pub confidence: String,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookFor {
    /// Its name in `report.when`.
    pub name: String,
    /// Whose utterances or events count.
    pub speakers: Speakers,
    /// Which part of the call counts.
    pub place: Place,
    /// How many hits make it true.
    pub count_at_least: u32,
    /// What is looked for.
    pub kind: Kind,
}

/// Which part of a call counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Place {
    /// All of it.
    Anywhere,
    /// The first so many milliseconds.
    FirstMs(i64),
    /// The last so many milliseconds.
    LastMs(i64),
    /// The first so many turns of the speakers.
    FirstTurns(u32),
    /// The last so many turns.
    LastTurns(u32),
    /// The first share of the call's length, 0 to 1.
    FirstShare(f64),
    /// The last share.
    LastShare(f64),
    /// What starts after the end of a hit of the named condition.
    After {
        /// The condition.
        name: String,
        /// How far after; `None`: however far.
        within: Option<Reach>,
    },
    /// What starts before a hit of the named condition does.
    Before {
        /// The condition.
        name: String,
        /// How far before; `None`: however far.
        within: Option<Reach>,
    },
}

impl Place {
    /// The condition whose hits the place lies beside, if it does.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::After { name, .. } | Self::Before { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// How far two hits may be apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Reach {
    /// From the end of the first to the start of the second, milliseconds.
    Ms(i64),
    /// So many turns further on; one is the next turn, whoever speaks.
    Turns(u32),
}

/// What a condition looks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Kind {
    /// Phrases and lists.
    Words(Words),
    /// Regular expressions.
    Patterns(Patterns),
    /// Too fast, too slow.
    SpeechRate(SpeechRate),
    /// Long silences.
    Silence(SilenceFor),
    /// One cuts the other off.
    Interruption(InterruptionBy),
    /// Louder than the speaker's usual.
    Loudness(Loudness),
    /// Anger.
    Emotion(Emotion),
    /// Facts of the call.
    Call(CallCondition),
    /// Sentences that say nearly the same.
    SimilarTo(SimilarTo),
    /// The same said again.
    Repeats(Repeats),
    /// Something with a value, or that identifies somebody.
    Entity(EntityFor),
    /// A speaker's share of the talk.
    TalkShare(Range),
    /// A speaker's number of turns.
    Turns(Range),
    /// Slow answers.
    Latency(Latency),
    /// Earlier calls of the same customer.
    History(History),
}

impl Kind {
    /// Ids of the lists that it names.
    #[must_use]
    pub fn lists(&self) -> &[String] {
        match self {
            Self::Words(words) => &words.lists,
            Self::Silence(silence) => &silence.unless_after_lists,
            Self::Entity(entity) => &entity.with_lists,
            Self::Call(call) => &call.days,
            Self::Patterns(_)
            | Self::SpeechRate(_)
            | Self::Interruption(_)
            | Self::Loudness(_)
            | Self::Emotion(_)
            | Self::SimilarTo(_)
            | Self::Repeats(_)
            | Self::TalkShare(_)
            | Self::Turns(_)
            | Self::Latency(_)
            | Self::History(_) => &[],
        }
    }
}

/// Phrases and lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Words {
    /// Literal phrases.
    pub phrases: Vec<String>,
    /// Ids of lists.
    pub lists: Vec<String>,
    /// How many of them must be said.
    pub gather: Gather,
    /// Whether those must be said in one turn.
    pub same_utterance: bool,
    /// Whether what only sounds like them counts too.
    pub sounds_like: bool,
    /// Whether a negated hit does not count.
    pub negation_excludes: bool,
    /// Whether a quoted hit does not count.
    pub quotation_excludes: bool,
    /// The hit does not count right before one of these.
    pub not_before: Vec<String>,
    /// The hit does not count right after one of these.
    pub not_after: Vec<String>,
}

/// How many of a condition's words make a hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Gather {
    /// Each of them is one.
    #[default]
    Any,
    /// All phrases and lists together.
    All,
    /// So many different words together.
    AtLeast(u32),
}

/// Sentences that say nearly the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SimilarTo {
    /// The sentences.
    pub sentences: Vec<String>,
    /// From this similarity on, 0 to 1.
    pub similarity_above: f64,
    /// Whether a negated hit does not count.
    pub negation_excludes: bool,
    /// Whether a quoted hit does not count.
    pub quotation_excludes: bool,
}

/// The same said again by the same speaker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Repeats {
    /// How often it must be said; 2 or more.
    pub repeat_count: u32,
    /// How far the first may be from the last; `None`: however far.
    pub within: Option<Reach>,
    /// Utterances with fewer characters do not count.
    pub min_chars_count: i32,
    /// From this similarity on two utterances are the same, 0 to 1.
    pub similarity_above: f64,
}

/// A number above or below a bound; both where both are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Range {
    /// More than this.
    pub above: Option<f64>,
    /// Less than this.
    pub below: Option<f64>,
}

/// Something with a value, or that identifies somebody.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EntityFor {
    /// Which kinds; at least one.
    pub kinds: Vec<String>,
    /// The value, where it is a number.
    pub value: Range,
    /// It must equal none of these columns of the call; they must be filled to a part.
    pub differs_from: Vec<String>,
    /// Whether it must have been said in full, or must not.
    pub complete: Option<bool>,
    /// Whether it must be the customer's own, or must not, as far as the manifest says.
    pub same_as_customer: Option<bool>,
    /// How often the value must be said in the call, by whomever.
    pub said_count_at_least: u32,
    /// Words of which one must stand in the same sentence.
    pub with_phrases: Vec<String>,
    /// Lists of such words.
    pub with_lists: Vec<String>,
}

/// Slow answers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// Later than this, ms.
    pub above_ms: i64,
    /// Which answers.
    pub over: Answers,
}

/// Which answers are timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Answers {
    /// The first word after the call, or the robot in front of it, begins to wait for somebody.
    First,
    /// Each answer to the other side.
    Each,
    /// All answers to the other side, on average.
    Mean,
}

/// Earlier calls of the same customer that are like this, and how many of them there must be.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct History {
    /// How many at least.
    pub at_least: Option<u32>,
    /// How many at most.
    pub at_most: Option<u32>,
    /// No longer ago than this, ms.
    pub within_ms: Option<i64>,
    /// On the same local day.
    pub same_day: bool,
    /// In this direction.
    pub direction: Option<String>,
    /// Answered by somebody, or by nobody.
    pub answered: Option<bool>,
    /// With at least so much talk, ms.
    pub talk_at_least_ms: Option<i64>,
    /// To one of these.
    pub callee_roles: Vec<String>,
    /// To the same number, or to another.
    pub same_number: Option<bool>,
    /// In which the one called asked not to be called again, or did not.
    pub stop_requested: Option<bool>,
}

/// Regular expressions over normalised text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Patterns {
    /// The expressions.
    pub patterns: Vec<Pattern>,
    /// A hit that overlaps a match of one of these does not count.
    pub except: Vec<Pattern>,
    /// A hit does not count whose first group says what one of these columns of the call does; they must be filled to a part.
    pub differs_from: Vec<String>,
    /// Whether a negated hit does not count.
    pub negation_excludes: bool,
    /// Whether a quoted hit does not count.
    pub quotation_excludes: bool,
}

/// A rate threshold for each way of counting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct RateThreshold {
    /// For languages counted in characters.
    pub chars_per_min: Option<f64>,
    /// For languages counted in words.
    pub words_per_min: Option<f64>,
}

/// Too fast, too slow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpeechRate {
    /// Faster than this.
    pub above: Option<RateThreshold>,
    /// Slower than this.
    pub below: Option<RateThreshold>,
    /// Over the whole call rather than per utterance.
    pub over_call: bool,
    /// Utterances with fewer characters do not count.
    pub min_chars_count: i32,
    /// Utterances (or the call's speech) shorter than this do not count.
    pub min_length_ms: i64,
}

/// Long silences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SilenceFor {
    /// Longer than this.
    pub longer_than_ms: i64,
    /// Who should have spoken.
    pub of: Speakers,
    /// Words that excuse the silence after them; literal phrases.
    pub unless_after_phrases: Vec<String>,
    /// Lists of such words.
    pub unless_after_lists: Vec<String>,
    /// How long the excuse holds.
    pub up_to_ms: Option<i64>,
}

/// One cuts the other off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InterruptionBy {
    /// Who comes in.
    pub by: Speakers,
    /// Both speak for longer than this.
    pub overlap_above_ms: i64,
    /// The other had been speaking for longer than this.
    pub into_turn_above_ms: i64,
    /// The other falls silent within this time after the overlap reached `overlap_above_ms`.
    pub yields_within_ms: Option<i64>,
}

/// Louder than the speaker's usual.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loudness {
    /// By more than this.
    pub above_usual_db: f64,
    /// In a stretch (or, without sound, an utterance) of at least this length.
    pub for_ms: i64,
}

/// Anger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Emotion {
    /// A score above this.
    pub score_above: f64,
    /// The sound's score at least this much over the same speaker's usual one.
    pub above_usual: Option<f64>,
    /// Whether the sound's score counts.
    pub from_acoustic: bool,
    /// Whether the engine's tag counts.
    pub from_engine: bool,
}

/// Facts of the call; all that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CallCondition {
    /// Local times of day, from (inclusive) to (exclusive); may wrap midnight.
    pub between: Option<(Time, Time)>,
    /// Only the start counts, rather than any part of the call.
    pub at_start: bool,
    /// Lists of days, written `20261001`, of which one must be the local day the call starts on.
    pub days: Vec<String>,
    /// Local days of the week the call starts on.
    #[serde(serialize_with = "day_numbers")]
    pub weekdays: Vec<Weekday>,
    /// Longer than this.
    pub longer_than_ms: Option<i64>,
    /// Shorter than this.
    pub shorter_than_ms: Option<i64>,
    /// A column of the call, and the values it must or must not have.
    pub column: Option<ColumnCondition>,
    /// A column whose values lift the condition; where it is empty nothing is lifted.
    pub unless: Option<ColumnCondition>,
    /// A column that, when it says yes, lifts the condition.
    pub agreed_column: Option<String>,
}

/// A condition on a column of the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnCondition {
    /// The column.
    pub column: String,
    /// Values.
    pub values: Vec<String>,
    /// Whether the column must have one of them (`is`) or none of them (`is_not`).
    pub is: bool,
}

/// When and what a rule reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// When.
    pub when: When,
    /// The message, with placeholders such as `{threat.quote}`.
    pub message: String,
    /// What to do about it.
    pub advice: String,
    /// One finding a call rather than one a hit.
    pub once: bool,
}

/// `report.when`, parsed. Names are indices into [`Rule::look_fors`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum When {
    /// A condition.
    Name(usize),
    /// Not.
    Not(Box<When>),
    /// Both, in strong Kleene logic.
    And(Box<When>, Box<When>),
    /// Either.
    Or(Box<When>, Box<When>),
    /// Some hit of the first starts before some hit of the second.
    Before(usize, usize),
    /// Some hit of the second follows some hit of the first, no further away.
    Then(usize, usize, Reach),
    /// Every hit of the first is followed by a hit of the second, no further away.
    EveryThen(usize, usize, Reach),
}

/// What an example expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The rule reports.
    Reports,
    /// The rule stays silent.
    Silent,
    /// The rule cannot be evaluated.
    NotEvaluable,
}

/// An example of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// What it expects.
    pub expected: Expected,
    /// The quote the first finding must have.
    pub quote: Option<String>,
    /// Its lines.
    pub lines: Vec<ExampleLine>,
    /// Channels of its recording: 1 or 2.
    pub channel_count: u16,
    /// Whether it has sound.
    pub recording: bool,
    /// Whether it has a transcript.
    pub transcript: bool,
    /// Local start with offset, as in a manifest.
    pub started_at: Option<StartedAt>,
    /// Columns of the call.
    pub columns: BTreeMap<String, String>,
    /// Calls with the same customer that started before it, by start.
    pub earlier: Vec<PriorCall>,
    /// 1-based line of its `name` in the rule's file, for messages.
    pub line: usize,
}

/// One line of an example.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleLine {
    /// When it starts.
    pub start_ms: i64,
    /// When it ends, where it says so.
    pub end_ms: Option<i64>,
    /// Who speaks.
    pub role: Role,
    /// `anger_engine`, 0 to 1.
    pub anger_engine: Option<f32>,
    /// `anger_acoustic`, 0 to 1.
    pub anger_acoustic: Option<f32>,
    /// Loudness over the speaker's usual, dB.
    pub loudness_over_usual_db: Option<f32>,
    /// What is said.
    pub text: String,
}

impl ExampleLine {
    /// A line on which nothing is said and nothing stated.
    #[must_use]
    pub const fn new(start_ms: i64, end_ms: Option<i64>, role: Role) -> Self {
        let (anger_engine, anger_acoustic, loudness_over_usual_db) = (None, None, None);
        Self { start_ms, end_ms, role, anger_engine, anger_acoustic, loudness_over_usual_db, text: String::new() }
    }
}

fn outcome_names<S: Serializer>(outcomes: &[CallOutcome], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(outcomes.iter().map(|outcome| outcome.name()))
}

/// Days as numbers, Monday being 1.
fn day_numbers<S: Serializer>(days: &[Weekday], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(days.iter().map(|day| day.to_monday_one_offset()))
}
