//! The engine, as the tool asks it.

use super::child::Launch;
use super::options::SherpaOptions;
use super::pool::{Loaded, Pool};
use super::protocol::{Answer, Outcome, Request};
use crate::engine::{Clip, EngineError, Identity, Listener, Manner};
use crate::transcript::Transcript;
use crate::transcript::import::heard;
use std::path::Path;

/// The engine's name.
const NAME: &str = "sherpa";

/// What SenseVoice and Paraformer were trained on, Hz.
const RATE_HZ: u32 = 16_000;

/// sherpa-onnx in children of the tool.
pub struct Sherpa {
    options: SherpaOptions,
    identity: Identity,
    warnings: Vec<String>,
    /// The children, or why none of them can load the model.
    pool: Result<Pool, EngineError>,
}

impl Sherpa {
    /// Starts a child of `program`, which is callsift itself, and has it load the model; further children start when they are
    /// needed. Where the library cannot load the model, that is the error of each clip: what needs no engine can be done without.
    ///
    /// # Errors
    /// `engine_not_built` where callsift was built without the feature `sherpa`, `engine_options` and `model_not_found` where the
    /// options are wrong, `engine_not_started` where no child starts.
    pub fn start(options: SherpaOptions, program: &Path) -> Result<Self, EngineError> {
        if !cfg!(feature = "sherpa") {
            let message = "this callsift was built without the engine sherpa; build it with `cargo build --release --features \
                           sherpa` and SHERPA_ONNX_LIB_DIR (docs/engines.md says how), or choose another --engine";
            return Err(EngineError::new("engine_not_built", message, false));
        }
        let launch = Launch { program: program.to_owned(), arguments: vec![super::COMMAND.into()] };
        Self::over(options, launch)
    }

    /// Starts the children that `launch` says.
    pub(super) fn over(options: SherpaOptions, launch: Launch) -> Result<Self, EngineError> {
        options.check()?;
        let digest = options.digest()?;
        let started = Pool::start(launch, options.open(), options.load_timeout, options.attempts, options.slots);
        let (line, warnings, pool) = match started {
            Ok((pool, loaded)) => {
                let line = options.line(&loaded.version, &loaded.provider, &digest);
                (line, fallback(&options.provider, &loaded.provider).into_iter().collect(), Ok(pool))
            }
            Err(error) if error.code == "engine_not_started" => return Err(error),
            Err(error) => (options.line("", "none", &digest), vec![error.message.clone()], Err(error)),
        };
        let identity = Identity { engine: NAME.to_owned(), model: Some(options.model_name()), options: line };
        Ok(Self { options, identity, warnings, pool })
    }

    /// What the user should know before anything is heard, a sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Has a child hear `clips`. One that died may have been killed for another's sake, so it is tried `attempts` times.
    fn ask(&self, clips: &[Clip<'_>], attempts: u32) -> Result<Vec<Result<Transcript, EngineError>>, EngineError> {
        let pool = self.pool.as_ref().map_err(Clone::clone)?;
        let request = Request::Hear(clips.iter().map(|clip| clip.wav.to_owned()).collect());
        let timeout = self.options.clip_timeout.saturating_mul(clips.len() as u32);
        let mut tried = 1;
        let (answer, loaded) = loop {
            match pool.hear(&request, timeout) {
                Err(error) if error.code == "engine_died" && tried < attempts => tried += 1,
                result => break result?,
            }
        };
        match answer {
            Answer::Heard(outcomes) if outcomes.len() == clips.len() => {
                Ok(clips.iter().zip(outcomes).map(|(clip, outcome)| self.transcript(clip, outcome, &loaded)).collect())
            }
            _ => Err(EngineError::new(
                "engine_bad_answer",
                "the engine sherpa gives an answer to another question",
                false,
            )),
        }
    }

    fn transcript(&self, clip: &Clip<'_>, outcome: Outcome, loaded: &Loaded) -> Result<Transcript, EngineError> {
        let json = match outcome {
            Outcome::Result(json) => json,
            Outcome::Failed(message) => return Err(EngineError::new("engine_failed", message, true)),
        };
        let mut transcript = heard::read(json.as_bytes(), clip.duration_ms).map_err(|error| {
            EngineError::new("engine_bad_answer", format!("the engine sherpa's answer: {error}"), false)
        })?;
        // A child that was started later may compute elsewhere than the first one.
        transcript.engine_model = Some(format!("{} on {}", self.options.model_name(), loaded.provider));
        Ok(transcript)
    }
}

impl Listener for Sherpa {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn manner(&self) -> Manner {
        Manner {
            rate_hz: Some(RATE_HZ),
            longest_ms: Some(self.options.longest_ms),
            slots: self.options.slots,
            at_once: self.options.batch,
        }
    }

    fn listen(&self, clip: &Clip<'_>) -> Result<Transcript, EngineError> {
        self.ask(std::slice::from_ref(clip), self.options.attempts)?.swap_remove(0)
    }

    /// Where clips cannot be heard together, they are heard one by one, so that an error is one clip's.
    fn listen_all(&self, clips: &[Clip<'_>]) -> Vec<Result<Transcript, EngineError>> {
        let together = if clips.len() > 1 { self.ask(clips, 1).ok() } else { None };
        together.unwrap_or_else(|| clips.iter().map(|clip| self.listen(clip)).collect())
    }
}

fn fallback(asked: &str, ran: &str) -> Option<String> {
    (asked != ran).then(|| format!("the engine sherpa computes on {ran}: sherpa-onnx does not offer {asked} here"))
}
