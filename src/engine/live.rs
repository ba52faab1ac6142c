//! Transcripts of recordings that an engine hears now, or heard before.

use super::cache::{Cache, key};
use super::cut::clips;
use super::sound::Sound;
use super::{Clip, EngineError, Listener, Manner, Permits, Saved, SpeechEngine, Transcribed};
use crate::recording::Recording;
use crate::transcript::{Speaker, Transcript, Utterance};
use crate::units::{Role, Span};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Under so much speech a clip is not worth asking an engine, ms: what it would write is guessed.
const LEAST_SPEECH_MS: i64 = 100;

/// An engine that hears each channel alone, behind a cache. Recordings that have a saved transcript keep it.
pub struct Live {
    saved: Saved,
    listener: Box<dyn Listener>,
    cache: Option<Cache>,
    default_language: Option<String>,
    options: String,
    manner: Manner,
    slots: Permits,
    heard: AtomicU64,
    cached: AtomicU64,
}

impl Live {
    /// The engine `listener`, whose answers are kept in `cache`, and which is told `default_language` of calls of which nobody says
    /// their language.
    #[must_use]
    pub fn new(
        listener: Box<dyn Listener>,
        cache: Option<Cache>,
        saved: Saved,
        default_language: Option<String>,
    ) -> Self {
        let identity = listener.identity();
        let manner = listener.manner();
        let whole = (manner.rate_hz, manner.longest_ms);
        let options = format!(
            "{}\n{}\n{}\n{whole:?}",
            identity.engine,
            identity.model.as_deref().unwrap_or(""),
            identity.options
        );
        let slots = Permits::new(manner.slots);
        Self {
            saved,
            listener,
            manner,
            cache,
            default_language,
            options,
            slots,
            heard: AtomicU64::new(0),
            cached: AtomicU64::new(0),
        }
    }

    /// What tells the engine's answers from others'.
    #[must_use]
    pub fn options(&self) -> &str {
        &self.options
    }

    /// How many channels the engine heard, and how many the cache knew.
    #[must_use]
    pub fn asked_and_cached(&self) -> (u64, u64) {
        (self.heard.load(Ordering::Relaxed), self.cached.load(Ordering::Relaxed))
    }

    fn language<'a>(&'a self, recording: &'a Recording) -> Option<&'a str> {
        recording.metadata.language.as_deref().or(self.default_language.as_deref())
    }

    /// What is said on a channel, from the cache or the engine.
    fn channel(&self, recording: &Recording, sound: &Sound, channel: usize) -> Result<Transcript, EngineError> {
        let language = self.language(recording);
        let of = &sound.channels[channel];
        let speech_ms: i64 = of.speech.iter().map(|stretch| stretch.length_ms()).sum();
        if speech_ms < LEAST_SPEECH_MS {
            return Ok(Transcript::default());
        }
        let key = key(&of.digest, &self.options, language);
        if let Some(cache) = &self.cache
            && let Some(known) = cache.get(&key, &recording.call_id)?
        {
            self.cached.fetch_add(1, Ordering::Relaxed);
            return Ok(known);
        }
        let heard = self.hear(sound, channel, language)?;
        self.heard.fetch_add(1, Ordering::Relaxed);
        if let Some(cache) = &self.cache {
            cache.put(&key, &heard, &recording.call_id)?;
        }
        Ok(heard)
    }

    /// Asks the engine, clip by clip.
    fn hear(&self, sound: &Sound, channel: usize, language: Option<&str>) -> Result<Transcript, EngineError> {
        let rate_hz = self.manner.rate_hz.unwrap_or(sound.rate_hz);
        let spans = match self.manner.longest_ms {
            Some(longest_ms) if sound.duration_ms > longest_ms => {
                clips(&sound.channels[channel].speech, sound.duration_ms, longest_ms)
            }
            _ => vec![Span::new(0, sound.duration_ms)],
        };
        let mut all = Transcript::default();
        for spans in spans.chunks(self.manner.at_once.max(1)) {
            let wavs: Vec<PathBuf> = (0..spans.len())
                .map(|place| sound.part(channel, spans[place], rate_hz, place))
                .collect::<Result<_, _>>()?;
            let clip = |place: usize| {
                let duration_ms = spans[place].length_ms();
                Clip { wav: &wavs[place], rate_hz, duration_ms, language }
            };
            let clips: Vec<Clip<'_>> = (0..spans.len()).map(clip).collect();
            let said = {
                let _slot = self.slots.get();
                self.listener.listen_all(&clips)
            };
            for (span, said) in spans.iter().zip(said) {
                append(&mut all, said?, *span);
            }
        }
        let identity = self.listener.identity();
        all.engine = Some(identity.engine.clone());
        all.engine_model = all.engine_model.or_else(|| identity.model.clone());
        Ok(all)
    }
}

impl SpeechEngine for Live {
    fn hears(&self, recording: &Recording) -> bool {
        recording.transcript.is_none() && recording.audio.is_some()
    }

    fn slots(&self) -> usize {
        self.manner.slots.max(1)
    }

    fn transcribe(&self, recording: &Recording, sound: Option<&Sound>) -> Result<Option<Transcribed>, EngineError> {
        if !self.hears(recording) {
            return self.saved.transcribe(recording, None);
        }
        let Some(sound) = sound else { return Ok(None) };
        let channels: Vec<Transcript> = (0..sound.channels.len())
            .map(|channel| self.channel(recording, sound, channel))
            .collect::<Result<_, _>>()?;
        Ok(Some(Transcribed { transcript: together(channels), sha256: None }))
    }
}

/// Adds what was said in a clip, which is the part `span` of its channel; what an engine says beyond its clip is cut there.
fn append(all: &mut Transcript, said: Transcript, span: Span) {
    let shifted = |of: Span| {
        let at = |ms: i64| (ms + span.start_ms).clamp(span.start_ms, span.end_ms);
        Span::new(at(of.start_ms), at(of.end_ms))
    };
    for mut utterance in said.utterances {
        utterance.span = shifted(utterance.span);
        utterance.words.iter_mut().for_each(|word| word.span = shifted(word.span));
        all.utterances.push(utterance);
    }
    all.language = all.language.take().or(said.language);
    all.engine_model = all.engine_model.take().or(said.engine_model);
    for warning in said.warnings {
        if !all.warnings.contains(&warning) {
            all.warnings.push(warning);
        }
    }
}

/// The channels' transcripts as one. Where there are several, whoever speaks on one is that channel's speaker; on one alone, voices
/// that the engine tells apart stay apart.
fn together(channels: Vec<Transcript>) -> Transcript {
    let mono = channels.len() == 1;
    let mut all = Transcript::default();
    for (channel, said) in (0_u16..).zip(channels) {
        let speaker = |utterance: &Utterance| match utterance.speaker {
            Speaker::Voice(_) if mono => utterance.speaker,
            _ if mono => Speaker::Role(Role::Unknown),
            _ => Speaker::Channel(channel),
        };
        let utterances = said.utterances.into_iter();
        all.utterances.extend(utterances.map(|utterance| Utterance { speaker: speaker(&utterance), ..utterance }));
        all.language = all.language.take().or(said.language);
        all.engine = all.engine.take().or(said.engine);
        all.engine_model = all.engine_model.take().or(said.engine_model);
        all.warnings.extend(said.warnings);
    }
    all.utterances.sort_by_key(|utterance| (utterance.span.start_ms, utterance.speaker));
    all
}
