//! Small constructed calls, their facts worked out on paper.

mod anger;
mod calls;
mod legs;
mod measures;
mod suspect;
mod talk;
mod voices;

use super::*;
use crate::acoustics::{ChannelAcoustics, Pitch, Stretch};
use crate::facts::Facts;
use crate::recording::{Metadata, Recording};
use crate::transcript::{Speaker, Utterance, Word};
use crate::units::{Dbfs, Hz, Role, Span};

/// A stretch: start and end, ms; level, dBFS; pitch, Hz.
type Loud = (i64, i64, f32, Option<f32>);

/// A call under construction.
struct Call {
    recording: Recording,
    sound: Option<Acoustics>,
    transcript: Option<Transcript>,
    error: Option<CallError>,
    keep: Vec<String>,
    emotion_off: Vec<Role>,
    agent_voice: AgentVoice,
}

impl Call {
    /// A call of `duration_ms`; `channels` are its stretches of speech as (start, end), ms, at -20 dBFS and 200 Hz.
    fn heard(duration_ms: i64, channels: &[&[(i64, i64)]]) -> Self {
        let channel =
            |spans: &&[(i64, i64)]| spans.iter().map(|&(start, end)| (start, end, -20.0, Some(200.0))).collect();
        Self::loud(duration_ms, &channels.iter().map(channel).collect::<Vec<_>>())
    }

    /// The same with levels, dBFS, and pitches, Hz.
    fn loud(duration_ms: i64, channels: &[Vec<Loud>]) -> Self {
        let stretch = |&(start_ms, end_ms, level, pitch): &Loud| Stretch {
            span: Span::new(start_ms, end_ms),
            loudness_dbfs: Dbfs(level),
            pitch: pitch.map(Hz),
            syllables: 0.0,
            anger: None,
        };
        let channel = |stretches: &Vec<_>| ChannelAcoustics {
            stretches: stretches.iter().map(stretch).collect(),
            level_dbfs: Dbfs(-30.0),
            speech_dbfs: Some(Dbfs(-20.0)),
            clipping: 0.0,
            pitch: Some(Pitch { median: Hz(200.04), low: Hz(150.0), high: Hz(250.06) }),
            syllables: 0.0,
            articulation_syllables_per_s: None,
            tones: Vec::new(),
            anger: None,
        };
        let sound = Acoustics { duration_ms, channels: channels.iter().map(channel).collect() };
        Self { sound: Some(sound), ..Self::unheard() }
    }

    /// A call without sound.
    fn unheard() -> Self {
        let recording = Recording { shown_as: Some("a/1.wav".into()), ..Recording::named("a/1.wav") };
        Self {
            recording,
            sound: None,
            transcript: None,
            error: None,
            keep: Vec::new(),
            emotion_off: Vec::new(),
            agent_voice: AgentVoice::default(),
        }
    }

    fn on(self, channel: u16, start_ms: i64, end_ms: i64, text: &str) -> Self {
        self.said(Speaker::Channel(channel), start_ms, end_ms, text)
    }

    fn by(self, role: Role, start_ms: i64, end_ms: i64, text: &str) -> Self {
        self.said(Speaker::Role(role), start_ms, end_ms, text)
    }

    fn said(mut self, speaker: Speaker, start_ms: i64, end_ms: i64, text: &str) -> Self {
        self.transcript.get_or_insert_default().utterances.push(Utterance::new(
            speaker,
            Span::new(start_ms, end_ms),
            text,
        ));
        self
    }

    /// Changes the last utterance.
    fn with(mut self, change: impl FnOnce(&mut Utterance)) -> Self {
        change(self.transcript.as_mut().unwrap().utterances.last_mut().unwrap());
        self
    }

    /// Times words of the last utterance: (first character, character after, start, end).
    fn timed(self, words: &[(u32, u32, i64, i64)]) -> Self {
        let word = |&(first, after, start, end): &(u32, u32, i64, i64)| Word {
            chars: first..after,
            span: Span::new(start, end),
            estimated: false,
        };
        self.with(|utterance| utterance.words = words.iter().map(word).collect())
    }

    fn facts(&self) -> Facts {
        build(&Observed {
            recording: &self.recording,
            file: Some(("ab".into(), 7)),
            sound: self.sound.clone().map(|acoustics| Heard {
                decoder: "symphonia".into(),
                codec: "pcm_s16le".into(),
                rate_hz: 16_000,
                analysis_rate_hz: 8_000,
                warnings: vec!["odd: 13800138000".into()],
                acoustics,
            }),
            transcript: self.transcript.as_ref(),
            transcript_sha256: self.transcript.as_ref().map(|_| "cd".into()),
            metadata_sha256: "ef".into(),
            settings_hash: "01".into(),
            default_language: Some("zh".into()),
            error: self.error.clone(),
            keep_columns: &self.keep,
            emotion_off: &self.emotion_off,
            agent_voice: self.agent_voice,
        })
    }
}

/// The rate of an utterance or speaker: articulation, turn, elapsed.
fn rate(rate: Option<&crate::facts::RateFacts>) -> Option<(f32, f32, Option<f32>)> {
    rate.map(|it| (it.articulation_per_min, it.turn_per_min, it.elapsed_per_min))
}
