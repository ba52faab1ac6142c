//! `calls`: one row per recording, failed ones included.

use super::error::TableError;
use super::name::TableName;
use super::record::{Column, Flat, Later, Record, read_rows, record};
use super::rows::Row;
use super::rules_evaluated;
use super::value::{List, Nested, Utc};
use super::verdicts::{Verdicts, verdicts_of};
use crate::facts::{
    CallError, CallFacts, CallOutcome, Interruption, PriorCall, RateFacts, Silence, SoundFacts, SpeakerFacts, Status,
};
use crate::recording::{Leg, Metadata, Party, StartedAt};
use crate::units::{Role, Span};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) fn columns() -> Vec<Column> {
    let mut columns = CallFacts::columns("", false);
    columns.extend(Verdicts::columns("", true));
    columns.extend(rules_evaluated::columns());
    columns
}

pub(super) fn write(rows: &[&Row]) -> RecordBatch {
    let calls: Vec<_> = rows.iter().map(|row| Some(&row.facts.call)).collect();
    let verdicts: Vec<Option<Verdicts>> = rows.iter().map(|row| row.judged.as_ref().map(verdicts_of)).collect();
    let verdicts: Vec<Option<&Verdicts>> = verdicts.iter().map(Option::as_ref).collect();
    let mut arrays = Vec::new();
    CallFacts::write(&calls, &mut arrays);
    Verdicts::write(&verdicts, &mut arrays);
    rules_evaluated::write(rows.iter().map(|row| row.judged.as_ref()), &mut arrays);
    TableName::Calls.batch(arrays)
}

/// The columns of `calls` that hold facts, which are its first.
#[must_use]
pub fn fact_schema() -> SchemaRef {
    part(0..CallFacts::columns("", false).len())
}

/// The columns of `calls` that hold judgements, which are behind those of facts.
#[must_use]
pub fn judgement_schema() -> SchemaRef {
    part(CallFacts::columns("", false).len()..columns().len())
}

fn part(columns: Range<usize>) -> SchemaRef {
    let part = TableName::Calls.schema().project(&columns.collect::<Vec<_>>());
    part.expect("these are columns of the table").into()
}

/// The columns of facts in `calls`, which may be of another version, as this one writes them.
///
/// # Errors
/// [`TableError`] where a column is missing, of another type, or null where none may be.
pub fn facts_of_calls(calls: &RecordBatch) -> Result<RecordBatch, TableError> {
    let rows: Vec<CallFacts> = read_rows(calls)?;
    let mut arrays = Vec::new();
    CallFacts::write(&rows.iter().map(Some).collect::<Vec<_>>(), &mut arrays);
    Ok(RecordBatch::try_new(fact_schema(), arrays).expect("arrays and columns come from the same list"))
}

record!(CallFacts {
    /// The call: the manifest's id, else the recording's path relative to its input, with `/` and with extension.
    /// Personal digits are masked.
    call_id: String,
    /// The recording's name, masked; null for a transcript alone.
    recording: Option<String>,
    /// SHA-256 of the recording's bytes, lower-case hex.
    file_sha256: Option<String>,
    /// Size of the recording.
    #[unit = "bytes"]
    file_bytes: Option<i64>,
    /// SHA-256 of the transcript's bytes, lower-case hex.
    transcript_sha256: Option<String>,
    /// SHA-256 of what the manifest says of the call, lower-case hex.
    metadata_sha256: String,
    /// Hash of the settings that shape facts.
    settings_hash: String => dictionary,
    /// Version of the way facts are made; raised when a value may change.
    facts_version: i32,
    /// Version of the way personal data is masked.
    mask_version: i32,
    /// How the inspection went: `ok`, `partial` (a part could not be read), `failed` (nothing could be judged),
    /// `skipped` (left out on purpose).
    status: Status => dictionary,
    error as "": Flat<Option<CallError>>,
    metadata as "": Flat<Metadata>,
    /// Calls with the same customer that started in the 30 days before, by start; the latest 100 of them.
    prior_calls: List<Nested<PriorCall>>,
    sound as "": Flat<Option<SoundFacts>>,
    /// What looks wrong with the call or is heard besides talk: `beeps`, `dead_channel`, `music`, `ringback`, `same_channels`,
    /// `sides_swapped`, `silent`, `transcript_in_silence`, `transcript_mended`; sorted.
    sanity_flags: List<String>,
    /// Language of the call, BCP 47.
    language: Option<String> => dictionary,
    /// Who said so: `manifest`, `transcript`, `option`, or `words`: what was said.
    language_from: Option<String> => dictionary,
    /// Who said which voice is whose: `channels`, `transcript`, `option` (`--agent-voice`), or `words`: what was said.
    roles_from: Option<String> => dictionary,
    /// How sure that is, 0 to 1, where words tell: the part of what is plain that speaks for it.
    roles_confidence: Option<f32>,
    /// Who or what is on which side when, by start and side; empty where nobody says.
    legs: Later<List<Nested<Leg>>>,
    /// Who said so: `given`, with the call; `transcript`, by the names of speakers; or `words`: what was said.
    legs_from: Option<String> => dictionary,
    /// Whether there is a transcript.
    has_transcript: bool,
    /// The engine that transcribed the call; `saved` where the transcript names none.
    engine: Option<String> => dictionary,
    /// The engine's model.
    engine_model: Option<String> => dictionary,
    /// Mean confidence of the utterances, weighted by characters, 0 to 1.
    engine_confidence: Option<f32>,
    /// What the vendor's own analysis measured of the call, as a JSON object in its words, personal data masked.
    vendor_measures: Option<String>,
    /// Whether the transcript times its words.
    has_word_times: bool,
    /// Whether overlap can be measured: both sides on channels of their own.
    overlap_measurable: bool,
    /// What kind of conversation it was: `conversation`, `too_short`, `no_customer`, `announcement`, `voicemail`,
    /// `assistant`; null where the call failed.
    outcome as "call_outcome": Option<CallOutcome> => dictionary,
    /// Whether the call counts in averages: a conversation with 10 s of talk or more.
    eligible: bool,
    agent as "agent_": Flat<SpeakerFacts>,
    customer as "customer_": Flat<SpeakerFacts>,
    /// Silences of 3 s and more between the first word and the last, by start.
    silences: List<Nested<Silence>>,
    /// Times one spoke into the other's stretch for 300 ms or more, by start; empty where overlap is not measurable.
    interruptions: List<Nested<Interruption>>,
    /// Time both speak at once, counting overlaps from 300 ms; null where it is not measurable.
    #[unit = "ms"]
    overlap_ms: Option<i64>,
    /// Roles for which emotion was switched off (`--no-emotion`), sorted.
    emotion_off: List<Role>,
});

record!(CallError {
    /// Where it failed: `open`, `decode`, `transcript`, `measure`, `judge`; null where nothing did.
    stage as "error_stage": String => dictionary,
    /// Stable code of what failed.
    code as "error_code": String => dictionary,
    /// What failed, with the way out, in a sentence.
    message as "error": String,
    /// Whether the same command may succeed later.
    retryable as "error_retryable": bool,
});

record!(Metadata {
    started_at as "": Flat<Option<StartedAt>>,
    /// The customer's time zone, an IANA name.
    customer_zone: Option<String> => dictionary,
    /// Who spoke for the centre.
    agent_id: Option<String> => dictionary,
    /// The agent's team.
    team: Option<String> => dictionary,
    /// Whom the call was with.
    customer_id: Option<String>,
    /// Who answered, seen from the debt: `debtor`, `guarantor`, `co_debtor`, `related_third`, `unrelated_third`,
    /// `unknown`.
    callee_role: Option<String> => dictionary,
    /// The queue or skill group.
    queue: Option<String> => dictionary,
    /// The product the call was about.
    product: Option<String> => dictionary,
    /// The stage of the case, such as `M1` or `filed`.
    stage: Option<String> => dictionary,
    /// `inbound` or `outbound`.
    direction: Option<String> => dictionary,
    /// Who hung up: `agent`, `customer` or `system`.
    ended_by: Option<String> => dictionary,
    /// Language as the manifest gives it, BCP 47.
    language as "manifest_language": Option<String> => dictionary,
    /// Every further column of the manifest, as JSON text with sorted keys; `{}` where there is none.
    extra: BTreeMap<String, String>,
});

record!(StartedAt {
    /// When the call started; null where it is unknown.
    timestamp_us as "started_at": Utc,
    /// How far local time is ahead of UTC.
    #[unit = "min"]
    utc_offset_min: i32,
});

record!(PriorCall {
    /// When it started.
    started_at_us as "started_at": Utc,
    /// `inbound` or `outbound`.
    direction: Option<String>,
    /// Whether a human answered.
    answered: Option<bool>,
    /// Time of talk.
    #[unit = "s"]
    talk_s: Option<f32>,
    /// Who was called, seen from the debt: a value of `callee_role`.
    callee_role: Option<String>,
    /// Whether it was to the same phone number as this call; null where one of the two is not known.
    same_number: Option<bool>,
    /// Whether the one who was called asked not to be called again; null where nobody says.
    stop_requested: Option<bool>,
});

record!(Leg {
    /// Where it starts in the recording.
    #[unit = "ms"]
    start_ms: i64,
    /// Where it ends: the first millisecond after it; null where it ends with the call.
    #[unit = "ms"]
    end_ms: Option<i64>,
    /// Who or what it is: `agent`, `robot`, `ivr`, `announcement`, `voicemail`, `assistant`, `customer`, `third`, `consult`.
    party as "party_kind": Party,
    /// Which agent, where the leg says so.
    agent_id: Option<String>,
    /// On whose side it is heard: `agent` or `customer`.
    side: Role,
});

record!(SoundFacts {
    /// Who decoded the recording; null, like the six columns after it, without sound.
    decoder: String => dictionary,
    /// The codec's name.
    codec: String => dictionary,
    /// The recording's sample rate.
    #[unit = "Hz"]
    rate_hz: i32,
    /// The sample rate at which it was measured.
    #[unit = "Hz"]
    analysis_rate_hz: i32,
    /// Number of channels.
    channels: i32,
    /// Length of the recording.
    #[unit = "ms"]
    duration_ms: i64,
    /// What was odd about the file.
    warnings as "decode_warnings": List<String>,
});

record!(SpeakerFacts {
    /// Time this side spoke.
    #[unit = "ms"]
    talk_ms: Option<i64>,
    /// Share of both sides' time spoken, 0 to 1.
    talk_share: Option<f32>,
    rate as "": Flat<Option<RateFacts>>,
    /// The side's usual level: duration-weighted median of its stretches.
    #[unit = "dBFS"]
    loudness_dbfs: Option<f32>,
    /// Loudest minus softest decile of its stretches.
    #[unit = "dB"]
    loudness_range_db: Option<f32>,
    /// Median pitch.
    #[unit = "Hz"]
    pitch_hz: Option<f32>,
    /// 10th percentile of pitch.
    #[unit = "Hz"]
    pitch_low_hz: Option<f32>,
    /// 90th percentile of pitch.
    #[unit = "Hz"]
    pitch_high_hz: Option<f32>,
    /// Anger by sound over all that this side said, 0 to 1; null where it cannot be told.
    anger: Option<f32>,
});

record!(RateFacts {
    /// Speech rate over speech alone, pauses left out.
    #[unit = "chars or words per min"]
    articulation_per_min: f32,
    /// Speech rate over the turns, their pauses in.
    #[unit = "chars or words per min"]
    turn_per_min: f32,
    /// Speech rate over the elapsed time of the call; null for a turn.
    #[unit = "chars or words per min"]
    elapsed_per_min: Option<f32>,
    /// What the rates count: `chars`, `words`, or `syllables` where there is sound and no transcript.
    counts as "rate_counts": String => dictionary,
    /// How the rates were taken, with its version.
    method as "rate_method": String => dictionary,
});

record!(Silence {
    span as "": Flat<Span>,
    /// Who should have spoken: `agent`, `customer`, `bot`, `third`; `unknown` where nobody can say.
    of: Role,
});

record!(Interruption {
    /// Who came in.
    by: Role,
    span as "": Flat<Span>,
    /// How long the other had been speaking.
    #[unit = "ms"]
    into_turn_ms: i64,
    /// Whether the other fell silent while the one who came in went on.
    yielded: bool,
    /// Whether it was no more than a sign of listening, such as 嗯 or "I see".
    backchannel: bool,
});

record!(Span {
    /// Where it starts in the recording.
    #[unit = "ms"]
    start_ms: i64,
    /// Where it ends: the first millisecond after it.
    #[unit = "ms"]
    end_ms: i64,
});
