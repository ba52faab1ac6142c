//! The facts of the call as a whole.

use super::anger::Angers;
use super::legs::Legs;
use super::levels::Levels;
use super::round::thousandth;
use super::speakers::{self, Side};
use super::speech::Speech;
use super::spoken::Spoken;
use super::voices::Voices;
use super::{FACTS_VERSION, Heard, Observed, count, interruptions, masking, outcome, silences};
use crate::entities::{MASK_VERSION, mask_text};
use crate::facts::{CallError, CallFacts, CallOutcome, SoundFacts, SpeakerFacts, Status};
use crate::transcript::Transcript;
use crate::units::Role;

/// What was observed, with all that was measured of it.
pub(super) struct Measured<'a> {
    pub(super) observed: &'a Observed<'a>,
    pub(super) voices: &'a Voices,
    pub(super) legs: &'a Legs,
    pub(super) speech: Option<&'a Speech<'a>>,
    pub(super) spoken: &'a [Spoken<'a>],
    pub(super) levels: &'a Levels,
    pub(super) angers: &'a Angers,
}

impl Measured<'_> {
    /// The call's facts, in its language and with who said which language it is.
    pub(super) fn call(&self, language: Option<String>, language_from: Option<String>) -> CallFacts {
        let Observed { recording, file, metadata_sha256, settings_hash, keep_columns: keep, .. } = self.observed;
        let transcript = self.transcript();
        let status = outcome::status(self.observed);
        let direction = recording.metadata.direction.as_deref();
        let outcome = (status != Status::Failed)
            .then(|| outcome::outcome(self.voices, self.legs, self.speech, self.spoken, direction));
        let [agent, customer] = self.speakers();
        let overlaps = self.speech.and_then(|speech| interruptions::overlaps(speech, self.spoken));
        let (interruptions, overlap_ms) = overlaps.map_or_else(Default::default, |(found, ms)| (found, Some(ms)));
        CallFacts {
            call_id: masking::text("call_id", &recording.call_id, keep),
            recording: recording.shown_as.as_deref().map(|name| masking::text("recording", name, keep)),
            file_sha256: file.as_ref().map(|(hash, _)| hash.clone()),
            file_bytes: file.as_ref().map(|&(_, bytes)| bytes),
            transcript_sha256: self.observed.transcript_sha256.clone(),
            metadata_sha256: metadata_sha256.clone(),
            settings_hash: settings_hash.clone(),
            facts_version: FACTS_VERSION,
            mask_version: MASK_VERSION,
            status,
            error: self.observed.error.as_ref().map(masked),
            metadata: masking::metadata(&recording.metadata, keep),
            prior_calls: masking::prior_calls(&recording.prior_calls),
            sound: self.observed.sound.as_ref().map(|heard| sound(heard, transcript)),
            sanity_flags: outcome::sanity_flags(self.speech, self.spoken, self.was_mended()),
            language,
            language_from,
            roles_from: self.voices.roles_from.map(str::to_owned),
            roles_confidence: self.voices.roles_confidence.map(|confidence| thousandth(f64::from(confidence))),
            legs: masking::legs(self.legs.by_start(), keep),
            legs_from: self.legs.from.map(str::to_owned),
            has_transcript: transcript.is_some(),
            engine: transcript.map(|it| it.engine.as_deref().map_or_else(|| "saved".to_owned(), mask_text)),
            engine_model: transcript.and_then(|it| it.engine_model.as_deref().map(mask_text)),
            engine_confidence: confidence(self.spoken),
            vendor_measures: transcript.and_then(|it| it.vendor_measures.as_deref().map(masking::json)),
            has_word_times: self.spoken.iter().any(|one| !one.utterance.words.is_empty()),
            overlap_measurable: self.speech.is_some_and(|speech| speech.sides().is_some()),
            outcome,
            eligible: outcome == Some(CallOutcome::Conversation),
            agent,
            customer,
            silences: self.speech.map_or_else(Vec::new, |it| silences::silences(it, self.spoken, self.voices)),
            interruptions,
            overlap_ms,
            emotion_off: self.observed.emotion_off.to_vec(),
        }
    }

    fn transcript(&self) -> Option<&Transcript> {
        self.observed.transcript
    }

    fn was_mended(&self) -> bool {
        self.transcript().is_some_and(|transcript| !transcript.warnings.is_empty())
    }

    /// How the agent and the customer spoke.
    fn speakers(&self) -> [SpeakerFacts; 2] {
        let last_ms = self.spoken.iter().map(|one| one.span().end_ms).max().unwrap_or(0);
        let call_ms = self.speech.map_or(last_ms, |speech| speech.duration_ms);
        let talk = speakers::talk(self.voices, self.speech, self.spoken);
        let talk_ms = |side: usize| talk.map(|sides| (sides[side], sides.iter().sum()));
        let sides = [
            Side { role: Role::Agent, talk_ms: talk_ms(0), level: self.levels.agent, anger: self.angers.agent },
            Side {
                role: Role::Customer,
                talk_ms: talk_ms(1),
                level: self.levels.customer,
                anger: self.angers.customer,
            },
        ];
        sides.map(|side| speakers::speaker(&side, self.speech, self.spoken, call_ms))
    }
}

/// What was decoded; what was odd about the transcript stands beside what was odd about the sound.
fn sound(heard: &Heard, transcript: Option<&Transcript>) -> SoundFacts {
    let of_transcript = transcript.into_iter().flat_map(|it| &it.warnings);
    SoundFacts {
        decoder: heard.decoder.clone(),
        codec: heard.codec.clone(),
        rate_hz: i32::try_from(heard.rate_hz).unwrap_or(i32::MAX),
        analysis_rate_hz: i32::try_from(heard.analysis_rate_hz).unwrap_or(i32::MAX),
        channels: i32::try_from(heard.acoustics.channels.len()).unwrap_or(i32::MAX),
        duration_ms: heard.acoustics.duration_ms,
        warnings: heard.warnings.iter().chain(of_transcript).map(|warning| mask_text(warning)).collect(),
    }
}

fn masked(error: &CallError) -> CallError {
    CallError { message: mask_text(&error.message), ..error.clone() }
}

/// Mean confidence of the utterances that have one, weighted by characters.
fn confidence(spoken: &[Spoken<'_>]) -> Option<f32> {
    let weighted = spoken
        .iter()
        .filter_map(|one| Some((f64::from(one.utterance.confidence?), count::chars(&one.utterance.text) as f64)));
    let (sum, weight) =
        weighted.fold((0.0, 0.0), |(sum, total), (value, weight)| (sum + value * weight, total + weight));
    (weight > 0.0).then(|| thousandth(sum / weight))
}
