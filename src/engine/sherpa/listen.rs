//! The engine, as the tool asks it.

use super::child::Launch;
use super::options::{SherpaModel, SherpaOptions};
use super::pool::{Loaded, Pool};
use super::protocol::{Answer, Outcome, Request};
use crate::engine::{Capabilities, Clip, EngineError, Identity, Listener};
use crate::transcript::Transcript;
use crate::transcript::import::heard;
use std::path::Path;

/// The engine's name.
const NAME: &str = "sherpa";

/// The most clips that a child hears at once: memory grows with their number and the longest one's length.
const MOST_CLIPS: usize = 16;

/// sherpa-onnx in children of the tool.
pub struct Sherpa {
    options: SherpaOptions,
    identity: Identity,
    capabilities: Capabilities,
    loaded: Loaded,
    warnings: Vec<String>,
    pool: Pool,
}

impl Sherpa {
    /// Starts a child of `program`, which is callsift itself, and has it load the model; further children start when they are
    /// needed.
    ///
    /// # Errors
    /// `engine_not_built` where callsift was built without the feature `sherpa`, `engine_options` and `model_not_found` where the
    /// options are wrong, `model_unusable` where the library cannot load the model, `engine_unavailable` where no child starts.
    pub fn start(options: SherpaOptions, program: &Path) -> Result<Self, EngineError> {
        if !cfg!(feature = "sherpa") {
            return Err(not_built());
        }
        let launch = Launch { program: program.to_owned(), arguments: vec![super::COMMAND.into()] };
        Self::over(options, launch)
    }

    /// Starts the children that `launch` says.
    pub(super) fn over(options: SherpaOptions, launch: Launch) -> Result<Self, EngineError> {
        options.check()?;
        let (pool, loaded) = Pool::start(launch, options.open(), options.slots, options.load_timeout)?;
        let identity = Identity {
            engine: NAME.to_owned(),
            model: Some(options.model_name()),
            options: options.line(&loaded.version, &loaded.provider, &options.digest()?),
        };
        let warnings = fallback(&options.provider, &loaded.provider).into_iter().collect();
        Ok(Self { capabilities: capabilities(&options.model), options, identity, loaded, warnings, pool })
    }

    /// What really computes, such as `cpu`: the library falls back where it cannot do what was asked.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.loaded.provider
    }

    /// What the user should know before anything is heard, a sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// What its answers hold.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// What is said in each of `clips`, in their order; a child hears up to 16 at once. Where that fails, they are heard one by
    /// one, so that an error is one clip's.
    pub fn listen_all(&self, clips: &[Clip<'_>]) -> Vec<Result<Transcript, EngineError>> {
        let together = |clips: &[Clip<'_>]| match self.ask(clips) {
            Ok(heard) => heard,
            Err(error) if clips.len() == 1 => vec![Err(error)],
            Err(_) => clips.iter().map(|clip| self.listen(clip)).collect(),
        };
        clips.chunks(MOST_CLIPS).flat_map(together).collect()
    }

    fn ask(&self, clips: &[Clip<'_>]) -> Result<Vec<Result<Transcript, EngineError>>, EngineError> {
        let wavs = clips.iter().map(|clip| clip.wav.to_owned()).collect();
        let timeout = self.options.clip_timeout.saturating_mul(clips.len() as u32);
        let (answer, loaded) = self.pool.hear(&Request::Hear(wavs), timeout)?;
        match answer {
            Answer::Heard(outcomes) if outcomes.len() == clips.len() => {
                Ok(clips.iter().zip(outcomes).map(|(clip, outcome)| self.transcript(clip, outcome, &loaded)).collect())
            }
            _ => Err(EngineError::new("engine_failed", "the engine sherpa gives an answer to another question", true)),
        }
    }

    fn transcript(&self, clip: &Clip<'_>, outcome: Outcome, loaded: &Loaded) -> Result<Transcript, EngineError> {
        let json = match outcome {
            Outcome::Result(json) => json,
            Outcome::Failed(message) => return Err(EngineError::new("engine_failed", message, false)),
        };
        let mut transcript = heard::read(json.as_bytes(), clip.duration_ms)
            .map_err(|error| EngineError::new(error.code(), error.to_string(), false))?;
        transcript.engine = Some(NAME.to_owned());
        transcript.engine_model.clone_from(&self.identity.model);
        // A child that was started later may compute elsewhere than the first one.
        transcript.warnings.extend(fallback(&self.loaded.provider, &loaded.provider));
        Ok(transcript)
    }
}

impl Listener for Sherpa {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn rate_hz(&self) -> Option<u32> {
        // What every model of sherpa-onnx that is offered here was trained on.
        Some(16_000)
    }

    fn longest_ms(&self) -> Option<i64> {
        // Whisper hears 30 s at most, and sherpa-onnx drops what is beyond 29.5 s.
        Some(if matches!(self.options.model, SherpaModel::Whisper { .. }) { 29_000 } else { 30_000 })
    }

    fn slots(&self) -> usize {
        self.options.slots
    }

    fn listen(&self, clip: &Clip<'_>) -> Result<Transcript, EngineError> {
        self.ask(std::slice::from_ref(clip))?.swap_remove(0)
    }
}

/// The error of a callsift that has no sherpa-onnx in it.
pub(super) fn not_built() -> EngineError {
    let message = "this callsift was built without the engine sherpa; build it with `cargo build --release --features sherpa` and \
                   SHERPA_ONNX_LIB_DIR (docs/engines.md says how), or choose another --engine";
    EngineError::new("engine_not_built", message, false)
}

fn fallback(asked: &str, ran: &str) -> Option<String> {
    (asked != ran).then(|| format!("the engine sherpa computes on {ran}: sherpa-onnx does not offer {asked} here"))
}

fn capabilities(model: &SherpaModel) -> Capabilities {
    // None of them tells where one utterance ends and another begins.
    Capabilities {
        word_times: !matches!(model, SherpaModel::Whisper { .. }),
        emotion: matches!(model, SherpaModel::SenseVoice { .. }),
        ..Capabilities::default()
    }
}
