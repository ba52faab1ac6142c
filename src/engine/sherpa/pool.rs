//! Children that have the model loaded; each hears for one caller at a time.

use super::child::{Child, Fate, Launch, Reply};
use super::protocol::{Answer, Open, Request};
use crate::engine::EngineError;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Children that died of so many clips, and of every try of them, with no answer between them end the engine for this run.
const MOST_DEADLY_CLIPS: u32 = 4;

/// What the library writes where it fails and gives an empty result in place of an error.
const SILENT_FAILURES: [&str; 2] = ["Return an empty result", "Return empty result"];

/// What is known of a child once its model is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Loaded {
    /// The library's version.
    pub(super) version: String,
    /// What really computes.
    pub(super) provider: String,
}

/// Children, as many as callers ever asked at a time; one is started when none is idle.
pub(super) struct Pool {
    launch: Launch,
    open: Open,
    load_timeout: Duration,
    most_deaths: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: Vec<(Child, Loaded)>,
    deaths_in_row: u32,
    last_words: String,
}

impl Pool {
    /// Starts the first child. Up to `slots` callers at a time try a clip `attempts` times.
    pub(super) fn start(
        launch: Launch,
        open: Open,
        load_timeout: Duration,
        attempts: u32,
        slots: usize,
    ) -> Result<(Self, Loaded), EngineError> {
        // A machine that is short of memory takes all children at once.
        let clips = MOST_DEADLY_CLIPS.max(u32::try_from(slots).unwrap_or(u32::MAX));
        let most_deaths = attempts.saturating_mul(clips);
        let pool = Self { launch, open, load_timeout, most_deaths, state: Mutex::default() };
        let (child, loaded) = pool.started().map_err(|lost| lost.at_start(load_timeout))?;
        pool.state().idle.push((child, loaded.clone()));
        Ok((pool, loaded))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a child hear, within `timeout` once it has loaded the model.
    pub(super) fn hear(&self, request: &Request, timeout: Duration) -> Result<(Answer, Loaded), EngineError> {
        let taken = self.take()?;
        let result = taken.map_or_else(|| self.started(), Ok).and_then(|(mut child, loaded)| {
            let reply = child.ask(request, timeout).map_err(Lost::Child)?;
            Ok((child, loaded, reply))
        });
        let mut state = self.state();
        match result {
            Ok((child, loaded, reply)) => {
                state.idle.push((child, loaded.clone()));
                state.deaths_in_row = 0;
                drop(state);
                Ok((answer(reply)?, loaded))
            }
            Err(lost) => {
                state.deaths_in_row += 1;
                state.last_words = lost.last_words();
                drop(state);
                Err(lost.at_clip(timeout))
            }
        }
    }

    /// Takes an idle child where there is one.
    fn take(&self) -> Result<Option<(Child, Loaded)>, EngineError> {
        let mut state = self.state();
        if state.deaths_in_row >= self.most_deaths {
            let message = format!(
                "the engine sherpa died or took too long {} times in a row{}; look at the model and the memory, and run again",
                self.most_deaths,
                quoted(&state.last_words)
            );
            return Err(EngineError::new("engine_unavailable", message, true));
        }
        Ok(state.idle.pop())
    }

    /// Starts a child and has it load the model.
    fn started(&self) -> Result<(Child, Loaded), Lost> {
        let mut child = Child::start(&self.launch).map_err(Lost::Child)?;
        let reply = child.ask(&Request::Open(self.open.clone()), self.load_timeout).map_err(Lost::Child)?;
        match reply.answer {
            Answer::Open(version) => {
                let provider = provider(&self.open.provider, &reply.complaints);
                Ok((child, Loaded { version, provider }))
            }
            Answer::Failed(code, message) => Err(Lost::Refused(code, with(message, &reply.complaints))),
            Answer::Heard(_) => Err(Lost::Refused("engine_failed".into(), "its child answers out of turn".into())),
        }
    }
}

/// What really computes, by what the library complains of: it falls back without an error.
fn provider(asked: &str, complaints: &[String]) -> String {
    let told = complaints.iter().rev().find_map(|line| line.split_once("Fallback to ")).map(|(_, told)| told);
    let name = |told: &str| told.chars().take_while(char::is_ascii_alphanumeric).collect();
    told.map_or_else(|| asked.to_owned(), name)
}

fn answer(reply: Reply) -> Result<Answer, EngineError> {
    let is_silent = |line: &&String| SILENT_FAILURES.iter().any(|told| line.contains(told));
    if reply.complaints.iter().any(|line| is_silent(&line)) {
        let line = reply.complaints.iter().find(|line| !is_silent(line) && !line.starts_with("Caught"));
        let message = format!("the engine sherpa failed{}", quoted(line.map_or("", String::as_str)));
        return Err(EngineError::new("engine_failed", message, true));
    }
    match reply.answer {
        Answer::Failed(code, message) => Err(EngineError::new(&code, message, false)),
        answer => Ok(answer),
    }
}

/// Why there is no child to ask.
enum Lost {
    Child(Fate),
    /// It said that it cannot load the model.
    Refused(String, String),
}

impl Lost {
    fn last_words(&self) -> String {
        match self {
            Self::Child(Fate::Died { last_words, .. }) => last_words.clone(),
            Self::Child(Fate::NotStarted(why)) => why.clone(),
            Self::Child(Fate::TimedOut) => String::new(),
            Self::Refused(_, message) => message.clone(),
        }
    }

    /// Why no clip can be heard. Once the model or the machine is mended, the same command does the rest.
    fn at_start(self, timeout: Duration) -> EngineError {
        match self {
            Self::Child(Fate::Died { how, last_words, .. }) => {
                let quote = quoted(&last_words);
                let message = format!(
                    "the engine sherpa {how} while it loaded the model{quote}; is it a model of this kind, with its own tokens?"
                );
                EngineError::new("model_unusable", message, true)
            }
            Self::Child(Fate::TimedOut) => {
                let limit_s = timeout.as_secs_f64();
                let message = format!(
                    "the engine sherpa did not load the model within {limit_s} s; allow it more with load_timeout in [sherpa]"
                );
                EngineError::new("model_unusable", message, true)
            }
            Self::Child(Fate::NotStarted(why)) => {
                EngineError::new("engine_not_started", format!("the engine sherpa cannot be started: {why}"), true)
            }
            Self::Refused(code, message) => EngineError::new(&code, message, true),
        }
    }

    fn at_clip(self, timeout: Duration) -> EngineError {
        match self {
            Self::Child(Fate::Died { how, was_killed, last_words }) => {
                let message = format!("the engine sherpa {how} while it heard this{}", quoted(&last_words));
                // What was killed may have been another's fault; what it died of itself will come again.
                EngineError::new("engine_died", message, was_killed)
            }
            Self::Child(Fate::TimedOut) => {
                let limit_s = timeout.as_secs_f64();
                let message = format!(
                    "the engine sherpa took more than {limit_s} s and was stopped; allow it more with --engine-timeout"
                );
                EngineError::new("engine_timeout", message, true)
            }
            Self::Child(Fate::NotStarted(why)) => {
                EngineError::new("engine_died", format!("the engine sherpa cannot be started again: {why}"), true)
            }
            Self::Refused(_, message) => EngineError::new("engine_died", message, true),
        }
    }
}

fn with(message: String, complaints: &[String]) -> String {
    let quote = quoted(complaints.iter().rfind(|line| !line.contains("c-api.cc")).map_or("", String::as_str));
    message + &quote
}

/// What the library said, behind a colon; nothing where it said nothing.
fn quoted(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(": {line:?}") }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn what_really_computes_is_what_the_library_falls_back_to() {
        let cases = [
            ("cpu", &[][..], "cpu"),
            ("cuda", &[], "cuda"),
            ("cuda", &["Please compile with X. Available providers: CPU, . Fallback to cpu!"], "cpu"),
            ("rocm", &["Unsupported string: rocm. Fallback to cpu"], "cpu"),
            ("trt", &["Failed to enable TensorRT: no. Fallback to cuda", "another line"], "cuda"),
            ("trt", &["Fallback to cuda", "Failed to enable CUDA: no. Fallback to cpu"], "cpu"),
        ];
        for (asked, complaints, expected) in cases {
            let complaints: Vec<String> = complaints.iter().map(|&line| line.to_owned()).collect();
            assert_eq!(provider(asked, &complaints), expected, "{complaints:?}");
        }
    }
}
