//! The keys of each kind of condition. A further kind adds its own to [`KINDS`].

use super::super::example::closed_values;
use super::super::kinds::call::{AT, WEEKDAYS};
use super::super::kinds::emotion::SOURCES;
use super::super::kinds::entity::{KINDS as ENTITIES, MAX_VALUE};
use super::super::kinds::measures::ANSWERS;
use super::super::kinds::speech_rate::OVER;
use super::super::kinds::{EXCLUDES, PARTIES};
use super::of_every_kind;
use crate::written::quantity::Dimension;
use crate::written::schema::{
    Key, choice, duration, flag, integer, number, one_of, optional, quantity, required, shaped, table, text, texts,
};
use serde_json::{Value, json};

/// Kinds that the author names by a key of that name, rather than by `kind = "…"`.
const BY_KEY: [&str; 4] = ["words", "all_of", "patterns", "similar_to"];

/// A kind's name and its keys.
type OfKind = (&'static str, fn() -> Vec<Key>);

/// The keys of each kind, besides those of every kind and `kind` itself.
const KINDS: [OfKind; 16] = [
    ("words", of_words),
    ("all_of", of_all),
    ("patterns", of_patterns),
    ("speech_rate", of_speech_rate),
    ("silence", of_silence),
    ("interruption", of_interruption),
    ("loudness", of_loudness),
    ("emotion", of_emotion),
    ("call", of_call),
    ("similar_to", of_similar),
    ("repeats", of_repeats),
    ("entity", of_entity),
    ("talk_share", of_talk_share),
    ("turns", of_turns),
    ("latency", of_latency),
    ("history", of_history),
];

/// The table of a condition of each kind: those by key, then those of `named`. Of a kind that is not in [`KINDS`] any key
/// is allowed, so that an editor does not mark what the reader takes.
pub(super) fn all<'n>(named: impl IntoIterator<Item = &'n str>) -> impl Iterator<Item = Value> {
    BY_KEY.into_iter().chain(named).map(one)
}

fn one(kind: &str) -> Value {
    let keys = KINDS.iter().find(|(name, _)| *name == kind).map(|(_, keys)| keys());
    let is_open = keys.is_none();
    let mut all = of_every_kind();
    if !BY_KEY.contains(&kind) {
        all.push(required("kind", "What is looked for", json!({ "const": kind })));
    }
    all.extend(keys.into_iter().flatten());
    let mut of_kind = table(all);
    if is_open {
        of_kind["additionalProperties"] = json!(true);
    }
    of_kind["title"] = json!(kind);
    of_kind
}

/// What takes hits of words and patterns away.
fn excluding() -> [Key; 2] {
    [
        optional("negation", "Whether a denied hit counts", choice(&EXCLUDES)),
        optional("quotation", "Whether a hit counts that quotes or warns of somebody else", choice(&EXCLUDES)),
    ]
}

fn of_words() -> Vec<Key> {
    let mut keys = vec![
        required("words", "Phrases, and lists written lexicon:zh/NAME", texts(1)),
        optional("any_count", "So many different ones must be said", integer(1..=1_000)),
    ];
    keys.extend(about_words());
    keys
}

fn of_all() -> Vec<Key> {
    let mut keys = vec![
        required("all_of", "Phrases and lists of which each must be said", texts(2)),
        // It is asked for, and refused.
        optional("any_count", "Goes with words", json!({ "not": {} })),
    ];
    keys.extend(about_words());
    keys
}

/// What words have in common, however many of them are wanted.
fn about_words() -> Vec<Key> {
    let mut keys = vec![
        optional("same_utterance", "Whether those that are wanted together must be said in one turn", flag()),
        optional("sounds_like", "Whether what only sounds like the words counts too", flag()),
        optional("not_before", "The hit does not count right before one of these", texts(1)),
        optional("not_after", "The hit does not count right after one of these", texts(1)),
    ];
    keys.extend(excluding());
    keys
}

fn of_patterns() -> Vec<Key> {
    let mut keys = vec![
        required("patterns", "Regular expressions over normalised text, in single quotes", texts(1)),
        optional("except", "A hit that overlaps a match of one of these does not count", texts(1)),
        optional("differs_from", "Columns that must not say what the first group does", texts(1)),
    ];
    keys.extend(excluding());
    keys
}

fn of_speech_rate() -> Vec<Key> {
    let rate = || quantity(&[Dimension::CharRate, Dimension::WordRate]);
    let rates = || one_of(vec![rate(), json!({ "type": "array", "items": rate(), "minItems": 1, "maxItems": 2 })]);
    vec![
        optional("above", "Faster than this", rates()),
        optional("below", "Slower than this", rates()),
        optional("over", "Each utterance is measured, or all that was said together", choice(&OVER)),
        optional("min_chars_count", "Shorter utterances are not looked at", integer(0..=100_000)),
        optional("min_length", "Neither are those with less speech", duration()),
    ]
}

fn of_silence() -> Vec<Key> {
    vec![
        required("longer_than", "Nobody speaks for longer than this", duration()),
        optional("of", "Who should have spoken", choice(&PARTIES)),
        optional("unless_after", "Words and lists that excuse the silence", texts(1)),
        optional("up_to", "How long the excuse holds", duration()),
    ]
}

fn of_interruption() -> Vec<Key> {
    vec![
        optional("by", "Who comes in", choice(&PARTIES)),
        required("overlap_above", "Both speak for longer than this", duration()),
        optional("into_turn_above", "The other had been speaking for longer than this", duration()),
        optional("yields_within", "The other falls silent within this time", duration()),
    ]
}

fn of_loudness() -> Vec<Key> {
    vec![
        required(
            "above_usual",
            "Louder than the speaker's usual by more than this",
            quantity(&[Dimension::LevelDifference]),
        ),
        required("for", "For at least this long", duration()),
    ]
}

fn of_emotion() -> Vec<Key> {
    let sources = json!({ "type": "array", "items": choice(&SOURCES), "minItems": 1, "uniqueItems": true });
    vec![
        required("score_above", "Anger above this", number(0.0..=1.0)),
        optional("above_usual", "The sound's score counts only so much over the speaker's usual", number(0.0..=1.0)),
        optional("from", "Who is asked: the sound, the engine's tag", sources),
    ]
}

fn of_call() -> Vec<Key> {
    let clock = shaped("^([01][0-9]|2[0-3]):[0-5][0-9]$");
    let between = json!({ "type": "array", "items": clock, "minItems": 2, "maxItems": 2, "uniqueItems": true });
    let days = json!({ "type": "array", "items": choice(&WEEKDAYS), "minItems": 1, "uniqueItems": true });
    vec![
        optional("between", "Two local times of day; may go over midnight", between),
        optional("at", "Whether any part of the call lies between, or its start", choice(&AT)),
        optional("days", "Lists of days on one of which the call starts", texts(1)),
        optional("weekdays", "Local days on which the call starts", days),
        optional("longer_than", "The call is longer than this", duration()),
        optional("shorter_than", "The call is shorter than this", duration()),
        optional("column", "A column of the manifest", text()),
        optional("is", "It has one of these values", texts(1)),
        optional("is_not", "It has none of these values", texts(1)),
        optional("unless_column", "A column that lifts the condition", text()),
        optional("unless_is", "With one of these values", texts(1)),
        optional("agreed_column", "A column that lifts the condition where it says yes", text()),
    ]
}

fn of_similar() -> Vec<Key> {
    let mut keys = vec![
        required("similar_to", "Sentences", texts(1)),
        required("similarity_above", "How much alike, 30 % at least", quantity(&[Dimension::Share])),
    ];
    keys.extend(excluding());
    keys
}

fn of_repeats() -> Vec<Key> {
    vec![
        required("repeat_count", "How often the same must be said", integer(2..=100)),
        optional("within", "How far the first is from the last, such as \"60 s\" or \"5 turns\"", text()),
        optional("min_chars_count", "Shorter utterances are not looked at", integer(1..=10_000)),
        optional("similarity_above", "How much alike they are", quantity(&[Dimension::Share])),
    ]
}

fn of_entity() -> Vec<Key> {
    let kinds = json!({ "type": "array", "items": { "enum": ENTITIES }, "minItems": 1, "uniqueItems": true });
    vec![
        required("of", "What kinds", kinds),
        optional("above", "Its value is more than this", number(-MAX_VALUE..=MAX_VALUE)),
        optional("below", "Its value is less than this", number(-MAX_VALUE..=MAX_VALUE)),
        optional("differs_from", "Columns none of which says the same", texts(1)),
        optional("complete", "Whether it is said in full", flag()),
        optional("same_as_customer", "Whether it is the customer's own", flag()),
        optional("said_count_at_least", "How often the value is said in the call", integer(1..=1_000)),
        optional("with", "Phrases and lists of which one stands in the same sentence", texts(1)),
    ]
}

fn of_talk_share() -> Vec<Key> {
    let share = || quantity(&[Dimension::Share]);
    vec![
        optional("above", "More than this share of the talk", share()),
        optional("below", "Less than this share of the talk", share()),
    ]
}

fn of_turns() -> Vec<Key> {
    vec![
        optional("above_count", "More turns than this", integer(0..=100_000)),
        optional("below_count", "Fewer turns than this", integer(0..=100_000)),
    ]
}

fn of_latency() -> Vec<Key> {
    vec![
        required("above", "Later than this", duration()),
        optional("over", "The first word, each answer, or the mean of all", choice(&ANSWERS)),
    ]
}

fn of_history() -> Vec<Key> {
    let closed = |column: &str| json!({ "enum": closed_values(column).unwrap_or_default() });
    let roles = json!({ "type": "array", "items": closed("callee_role"), "minItems": 1, "uniqueItems": true });
    vec![
        optional("calls_at_least_count", "So many earlier calls at least", integer(0..=100)),
        optional("calls_at_most_count", "So many earlier calls at most", integer(0..=100)),
        optional("within", "No longer ago than this", duration()),
        optional("same_day", "On the same local day", flag()),
        optional("direction", "In this direction", closed("direction")),
        optional("answered", "Whether somebody answered", flag()),
        optional("talk_at_least", "With so much talk", duration()),
        optional("callee_role", "To one of these", roles),
        optional("same_number", "Whether to the number of this call", flag()),
        optional("stop_requested", "Whether the one called asked not to be called again", flag()),
    ]
}
