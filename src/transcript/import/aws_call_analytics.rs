//! Amazon Transcribe Call Analytics, and Amazon Connect Contact Lens: calls, and chats, which have moments but no speech.

use super::draft::{Draft, DraftWord, Segment, with_confidence};
use super::json::{entries_at, map_at, measures, name_at, number_at, only, text_at};
use super::roles::Voices;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// What it measures of a turn.
const OF_TURN: [&str; 3] = ["LoudnessScores", "LoudnessScore", "Sentiment"];

/// What it measures of the call.
const OF_CALL: [&str; 7] = [
    "TotalConversationDurationMillis",
    "TalkTime",
    "NonTalkTime",
    "TalkSpeed",
    "Interruptions",
    "Sentiment",
    "ResponseTime",
];

/// Whether `values` are of this shape: turns in `Transcript`, with who took part; or none, where nobody spoke.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).is_some_and(|top| {
        let is_turn = |turn: &Value| ["ParticipantRole", "ParticipantId"].iter().any(|key| turn.get(key).is_some());
        let turns = entries_at(top, &["Transcript"]);
        let is_silent = turns.is_empty() && top.contains_key("Transcript") && top.contains_key("Participants");
        turns.iter().any(is_turn) || is_silent
    })
}

/// Reads what [`is`] says is of this shape. Times are in ms; a chat's begin with its first moment.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let top = recognise::top(values, Format::AwsCallAnalytics, &["Transcript"])?;
    let is_contact = top.contains_key("CustomerMetadata") || top.contains_key("Version");
    let mut draft = Draft {
        language: text_at(top, &["LanguageCode"]).map(str::to_owned),
        engine: Some(if is_contact { "contact-lens" } else { "aws-call-analytics" }.to_owned()),
        call_id: map_at(top, &["CustomerMetadata"]).and_then(|of| text_at(of, &["ContactId"])).map(str::to_owned),
        vendor_measures: map_at(top, &["ConversationCharacteristics"]).and_then(|of| measures(of, &OF_CALL)),
        ..Draft::default()
    };
    let turns: Vec<Value> = entries_at(top, &["Transcript"]).iter().filter(|it| is_said(it)).cloned().collect();
    let first = entries_at(top, &["Transcript"]).iter().filter_map(|turn| moment(turn.as_object()?)).min();
    let mut people = People { known: entries_at(top, &["Participants"]), voices: Voices::default() };
    draft.add_each(&turns, |turn| segment(turn, &mut people, first));
    draft.finish_of("Transcript")
}

/// Whether something was said or written: who came or left, and files, are no words.
fn is_said(turn: &Value) -> bool {
    let is = |key: &str, starts: &str| turn.get(key).and_then(Value::as_str).is_none_or(|it| it.starts_with(starts));
    is("Type", "MESSAGE") && is("ContentType", "text/")
}

fn segment(turn: &Map<String, Value>, people: &mut People<'_>, first: Option<Timestamp>) -> Option<Segment> {
    let text = text_at(turn, &["Content"])?;
    let since = |at: Timestamp| first.map(|first| (at.as_millisecond() - first.as_millisecond()) as f64);
    let start_ms = number_at(turn, &["BeginOffsetMillis"]).or_else(|| moment(turn).and_then(since));
    let end_ms = number_at(turn, &["EndOffsetMillis"]);
    let mut segment = Segment::new(people.speaker(turn), start_ms, end_ms, text);
    segment.vendor_measures = measures(turn, &OF_TURN);
    segment.words = entries_at(turn, &["Items"]).iter().filter_map(word).collect();
    Some(with_confidence(segment))
}

fn moment(turn: &Map<String, Value>) -> Option<Timestamp> {
    text_at(turn, &["AbsoluteTime"])?.parse().ok()
}

/// A word; punctuation has no times.
fn word(item: &Value) -> Option<DraftWord> {
    let map = item.as_object()?;
    let start_ms = number_at(map, &["BeginOffsetMillis"])?;
    let confidence = number_at(map, &["Confidence"]);
    Some(DraftWord::new(text_at(map, &["Content"])?, Some(start_ms), number_at(map, &["EndOffsetMillis"]), confidence))
}

/// Those who took part.
struct People<'a> {
    known: &'a [Value],
    voices: Voices,
}

impl People<'_> {
    /// Who took this turn: by the turn's role, else by that of its participant.
    fn speaker(&mut self, turn: &Map<String, Value>) -> Speaker {
        let id = name_at(turn, &["ParticipantId"]);
        let of_id = || {
            let is = |person: &&Value| person.get("ParticipantId").and_then(Value::as_str) == id.as_deref();
            name_at(self.known.iter().find(is)?.as_object()?, &["ParticipantRole"])
        };
        let name = name_at(turn, &["ParticipantRole"]).or_else(of_id).or_else(|| id.clone());
        name.map_or(Speaker::default(), |name| self.voices.speaker(&name))
    }
}
