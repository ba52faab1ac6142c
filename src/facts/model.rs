//! The shape of the facts; every field is a column of a table.

use crate::recording::{Leg, Metadata, PriorCall};
use crate::units::{Role, Span};

/// All facts of one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The call itself.
    pub call: CallFacts,
    /// Its utterances, by `turn`.
    pub turns: Vec<TurnFacts>,
    /// Its stretches of speech, by (start, channel).
    pub stretches: Vec<StretchFacts>,
    /// What was mentioned, by (turn, first character).
    pub entities: Vec<EntityFacts>,
}

/// How the inspection of a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// All of it was read.
    Ok,
    /// A part of it was read; `error` says what is missing.
    Partial,
    /// Nothing could be judged; `error` says why.
    Failed,
    /// It was left out on purpose; `error` says why.
    Skipped,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Partial, Self::Failed, Self::Skipped];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Why a call failed or is partial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// Where it happened: `open`, `decode`, `transcript`, `measure`, `judge`.
    pub stage: String,
    /// Stable code, snake_case.
    pub code: String,
    /// A sentence that names the thing, the value and the way out.
    pub message: String,
    /// Whether the same command may succeed later.
    pub retryable: bool,
}

/// What kind of conversation a call was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallOutcome {
    /// Two people talked for 10 s or more.
    Conversation,
    /// Under 10 s of talk.
    TooShort,
    /// The customer never speaks.
    NoCustomer,
    /// An announcement answered.
    Announcement,
    /// A voicemail answered.
    Voicemail,
    /// A phone assistant answered.
    Assistant,
}

impl CallOutcome {
    /// All outcomes.
    pub const ALL: [Self; 6] =
        [Self::Conversation, Self::TooShort, Self::NoCustomer, Self::Announcement, Self::Voicemail, Self::Assistant];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::TooShort => "too_short",
            Self::NoCustomer => "no_customer",
            Self::Announcement => "announcement",
            Self::Voicemail => "voicemail",
            Self::Assistant => "assistant",
        }
    }
}

/// The facts of a call as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct CallFacts {
    /// The call's id, masked.
    pub call_id: String,
    /// The recording's name as shown, masked; `None` for a transcript alone.
    pub recording: Option<String>,
    /// SHA-256 of the recording's bytes, lower-case hex.
    pub file_sha256: Option<String>,
    /// Size of the recording.
    pub file_bytes: Option<i64>,
    /// SHA-256 of the transcript's bytes.
    pub transcript_sha256: Option<String>,
    /// SHA-256 of the call's metadata.
    pub metadata_sha256: String,
    /// Hash of the settings that shape facts.
    pub settings_hash: String,
    /// Version of the way facts are made.
    pub facts_version: i32,
    /// Version of the way text is masked.
    pub mask_version: i32,
    /// How the inspection went.
    pub status: Status,
    /// Why it failed or is partial.
    pub error: Option<CallError>,
    /// The manifest's columns, masked.
    pub metadata: Metadata,
    /// Earlier calls with the same customer, by start.
    pub prior_calls: Vec<PriorCall>,
    /// The recording as decoded; `None` without sound.
    pub sound: Option<SoundFacts>,
    /// What looks wrong with the call or is heard besides talk, such as `dead_channel` or `ringback`; sorted.
    pub sanity_flags: Vec<String>,
    /// Language of the call, BCP 47.
    pub language: Option<String>,
    /// Who said so: `manifest`, `transcript`, `option`, or `words`, what was said.
    pub language_from: Option<String>,
    /// Who said which voice is whose: `channels`, `transcript`, `option`, or `words`, what was said.
    pub roles_from: Option<String>,
    /// How sure that is, 0 to 1, where words tell.
    pub roles_confidence: Option<f32>,
    /// Who or what is on which side when, by (start, side).
    pub legs: Vec<Leg>,
    /// Who said so: `given`, with the call; `transcript`, by the names of speakers; or `words`, what was said.
    pub legs_from: Option<String>,
    /// Whether there is a transcript at all.
    pub has_transcript: bool,
    /// The engine that transcribed it; `saved` where the transcript names none.
    pub engine: Option<String>,
    /// The engine's model.
    pub engine_model: Option<String>,
    /// Mean confidence of the utterances, weighted by characters.
    pub engine_confidence: Option<f32>,
    /// What the vendor's own analysis measured, a JSON object in its words, masked.
    pub vendor_measures: Option<String>,
    /// Whether the transcript times its words.
    pub has_word_times: bool,
    /// Whether overlap can be measured: both sides on channels of their own.
    pub overlap_measurable: bool,
    /// What kind of conversation it was; `None` where the call failed.
    pub outcome: Option<CallOutcome>,
    /// Whether the call counts: a conversation of 10 s of talk or more.
    pub eligible: bool,
    /// How the agent spoke.
    pub agent: SpeakerFacts,
    /// How the customer spoke.
    pub customer: SpeakerFacts,
    /// Silences of 3 s and more between the first word and the last, by start.
    pub silences: Vec<Silence>,
    /// Times one spoke into the other's stretch for 300 ms or more, by start; empty where overlap is not measurable.
    pub interruptions: Vec<Interruption>,
    /// Time both speak at once, counting overlaps from 300 ms; `None` where it is not measurable.
    pub overlap_ms: Option<i64>,
    /// The roles for which emotion is switched off: nothing is inferred of them or of who may be one of them.
    pub emotion_off: Vec<Role>,
}

impl CallFacts {
    /// A call of which nothing is known but its id: read without trouble, with neither sound nor transcript, and not
    /// counted. To fill in what is known.
    #[must_use]
    pub fn blank(call_id: impl Into<String>) -> Self {
        Self {
            call_id: call_id.into(),
            recording: None,
            file_sha256: None,
            file_bytes: None,
            transcript_sha256: None,
            metadata_sha256: String::new(),
            settings_hash: String::new(),
            facts_version: 1,
            mask_version: 1,
            status: Status::Ok,
            error: None,
            metadata: Metadata::default(),
            prior_calls: Vec::new(),
            sound: None,
            sanity_flags: Vec::new(),
            language: None,
            language_from: None,
            roles_from: None,
            roles_confidence: None,
            legs: Vec::new(),
            legs_from: None,
            has_transcript: false,
            engine: None,
            engine_model: None,
            engine_confidence: None,
            vendor_measures: None,
            has_word_times: false,
            overlap_measurable: false,
            outcome: None,
            eligible: false,
            agent: SpeakerFacts::default(),
            customer: SpeakerFacts::default(),
            silences: Vec::new(),
            interruptions: Vec::new(),
            overlap_ms: None,
            emotion_off: Vec::new(),
        }
    }
}

/// What was decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundFacts {
    /// Who decoded: `callsift`, a library, or `ffmpeg`.
    pub decoder: String,
    /// The codec's name.
    pub codec: String,
    /// The recording's rate, Hz.
    pub rate_hz: i32,
    /// The rate at which it was measured, Hz.
    pub analysis_rate_hz: i32,
    /// Number of channels.
    pub channels: i32,
    /// Length, ms.
    pub duration_ms: i64,
    /// What was odd about it.
    pub warnings: Vec<String>,
}

/// How one side spoke over the whole call. All `None` where it is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpeakerFacts {
    /// Time spoken, ms.
    pub talk_ms: Option<i64>,
    /// Share of both sides' time spoken, 0 to 1.
    pub talk_share: Option<f32>,
    /// Speech rate.
    pub rate: Option<RateFacts>,
    /// The usual level: duration-weighted median of the stretches, dBFS.
    pub loudness_dbfs: Option<f32>,
    /// Loudest minus softest decile of stretches, dB.
    pub loudness_range_db: Option<f32>,
    /// Median pitch, Hz.
    pub pitch_hz: Option<f32>,
    /// 10th percentile of pitch, Hz.
    pub pitch_low_hz: Option<f32>,
    /// 90th percentile of pitch, Hz.
    pub pitch_high_hz: Option<f32>,
    /// Anger by sound over all that this side said, 0 to 1.
    pub anger: Option<f32>,
}

/// Speech rate of a turn or a call, in units of the language (characters for Chinese, words for English) a minute, or in
/// syllables where nothing but the sound is known.
#[derive(Clone, Debug, PartialEq)]
pub struct RateFacts {
    /// Over speech alone, pauses left out.
    pub articulation_per_min: f32,
    /// Over the turns, their pauses in.
    pub turn_per_min: f32,
    /// Over the elapsed time of the call; `None` for a turn.
    pub elapsed_per_min: Option<f32>,
    /// `chars`, `words` or `syllables`.
    pub counts: String,
    /// How it was taken, with its version.
    pub method: String,
}

/// Nobody speaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// When.
    pub span: Span,
    /// Who should have spoken; `Unknown` where nobody can say.
    pub of: Role,
}

/// One starts to speak while the other does.
#[derive(Clone, Debug, PartialEq)]
pub struct Interruption {
    /// Who came in.
    pub by: Role,
    /// When both spoke.
    pub span: Span,
    /// How long the other had been speaking, ms.
    pub into_turn_ms: i64,
    /// Whether the other fell silent while the one who came in went on.
    pub yielded: bool,
    /// Whether it was no more than 嗯, 对, "I see".
    pub backchannel: bool,
}

/// One utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnFacts {
    /// 0-based rank by (start, channel, position).
    pub turn: i32,
    /// Which turn in the sense of rules it belongs to: a run of one speaker with gaps under 2 s.
    pub turn_group: i32,
    /// Who spoke.
    pub role: Role,
    /// Which agent spoke, where a leg says so.
    pub agent_id: Option<String>,
    /// On which channel; `None` where the transcript does not say.
    pub channel: Option<i32>,
    /// When.
    pub span: Span,
    /// Whether a time was missing and is bounded by what stands beside it.
    pub times_estimated: bool,
    /// Why it may not have been said at all: `loop`, `no_speech`, `too_fast`; sorted.
    pub suspect: Vec<String>,
    /// The words, masked.
    pub text: String,
    /// The words' places and times.
    pub words: Vec<TurnWord>,
    /// Language, BCP 47.
    pub language: Option<String>,
    /// Characters as spoken: Han characters and digits one each, punctuation none.
    pub chars: i32,
    /// Words, for languages that are counted in words.
    pub words_n: i32,
    /// Syllables by sound, of its stretches' in proportion to their overlap.
    pub syllables: Option<i32>,
    /// Speech rate; `None` where the utterance has no speech time.
    pub rate: Option<RateFacts>,
    /// Level, overlap-weighted over its stretches, dBFS.
    pub loudness_dbfs: Option<f32>,
    /// Level over the same speaker's usual, dB.
    pub loudness_over_usual_db: Option<f32>,
    /// Pitch, overlap-weighted over its stretches, Hz.
    pub pitch_hz: Option<f32>,
    /// Anger by sound, overlap-weighted over its stretches, 0 to 1.
    pub anger_acoustic: Option<f32>,
    /// Anger by sound less the same speaker's usual, -1 to 1.
    pub anger_over_usual: Option<f32>,
    /// What moved the anger by sound of its longest stretch most, the strongest first.
    pub anger_features: Vec<String>,
    /// Anger by the engine's tag, 0 to 1; `None` where the engine gave no tag.
    pub anger_engine: Option<f32>,
    /// The engine's emotion tag, lower case.
    pub engine_emotion: Option<String>,
    /// The engine's event tag, lower case.
    pub engine_event: Option<String>,
    /// The engine's confidence, 0 to 1.
    pub confidence: Option<f32>,
    /// What the vendor measured of it, a JSON object in its words, masked.
    pub vendor_measures: Option<String>,
    /// Time the agent or the customer on the other side speaks over it, ms, machines and colleagues aside; `None` where overlap is not measurable.
    pub overlap_ms: Option<i64>,
    /// Time since the utterance before it ended, whoever spoke; negative where they overlap.
    pub gap_before_ms: Option<i64>,
}

/// One word's place and time.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnWord {
    /// First character in the turn's text.
    pub char_start: i32,
    /// First character after it.
    pub char_end: i32,
    /// When it starts, ms.
    pub start_ms: i64,
    /// When it ends, ms.
    pub end_ms: i64,
    /// Whether its times are guesses.
    pub estimated: bool,
}

/// One stretch of speech, by sound alone.
#[derive(Clone, Debug, PartialEq)]
pub struct StretchFacts {
    /// On which channel.
    pub channel: i32,
    /// Whose channel.
    pub role: Role,
    /// When, on 10 ms.
    pub span: Span,
    /// Level, dBFS.
    pub loudness_dbfs: f32,
    /// Median pitch, Hz.
    pub pitch_hz: Option<f32>,
    /// Syllables.
    pub syllables: Option<i32>,
    /// Anger, 0 to 1.
    pub anger: Option<f32>,
}

/// Something mentioned: an identifier, or something with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityFacts {
    /// 0-based rank by (turn, first character).
    pub entity: i32,
    /// In which utterance.
    pub turn: i32,
    /// Who said it.
    pub role: Role,
    /// `phone`, `id_card`, `bank_card`, `email`; `money`, `percentage`, `date`, `time`, `datetime`, `duration`, `number`;
    /// `promise`.
    pub kind: String,
    /// First character in the turn's text.
    pub char_start: i32,
    /// First character after it.
    pub char_end: i32,
    /// When it was said.
    pub span: Span,
    /// Its value, masked where it is personal; of a promise how much, empty where no sum is named.
    pub value: String,
    /// The value's unit.
    pub unit: Option<String>,
    /// How sure, 0 to 1.
    pub confidence: Option<f32>,
    /// Whether it was said in full; of a promise, whether both sum and day are named.
    pub complete: Option<bool>,
    /// Whether a cell of the manifest says the same; `None` where none says anything of the kind.
    pub equals_manifest: Option<bool>,
    /// Whether a cell on the customer says the same; `None` where none says anything of the kind.
    pub same_as_customer: Option<bool>,
    /// Of a promise: by when, an ISO 8601 date, or date and time.
    pub due: Option<String>,
}
