//! `--engine-config`: which engine, and how it is asked.

use super::CommandOptions;
use super::command::command_words;
use super::http::{HttpConfig, HttpOptions};
use super::sherpa::{SherpaOptions, SherpaSettings};
use crate::transcript::import::Format;
use crate::written::quantity::Dimension;
use crate::written::{Fault, Mistake, Page, Table, codes};
use std::path::Path;
use std::time::Duration;

/// The engines that hear recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineName {
    /// A program.
    Command,
    /// A server.
    Http,
    /// sherpa-onnx.
    Sherpa,
}

impl EngineName {
    /// All of them, by name.
    pub const ALL: [(&'static str, Self); 3] =
        [("command", Self::Command), ("http", Self::Http), ("sherpa", Self::Sherpa)];
}

/// What a file or flags say of an engine; `None` where they say nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EngineConfig {
    /// Which engine.
    pub engine: Option<EngineName>,
    /// Its model.
    pub model: Option<String>,
    /// The language that it is told where nobody says one.
    pub language: Option<String>,
    /// The format of its answers.
    pub format: Option<Format>,
    /// How many clips it hears at a time.
    pub slots: Option<usize>,
    /// How long one clip may take.
    pub timeout: Option<Duration>,
    /// How often a clip is tried in all.
    pub attempts: Option<u32>,
    /// The rate at which it wants to hear, Hz.
    pub rate_hz: Option<u32>,
    /// The longest clip that it takes, ms.
    pub longest_ms: Option<i64>,
    /// The words of the command.
    pub command: Option<Vec<String>>,
    /// The server.
    pub http: HttpConfig,
    /// What sherpa-onnx is told.
    pub sherpa: Option<SherpaSettings>,
}

const MOST_SLOTS: i64 = 1_024;

/// How long clips may be, ms; shorter ones hold no words.
const CLIP_MS: std::ops::RangeInclusive<f64> = 1_000.0..=86_400_000.0;

impl EngineConfig {
    /// Reads `text`, shown as `file`.
    ///
    /// # Errors
    ///
    /// Every mistake in the file, by place.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Page::read(file, text, "the engine's configuration", |table| Self {
            engine: table.choice("engine", &EngineName::ALL),
            model: table.text("model").map(|text| text.value),
            language: table.text("language").map(|text| text.value),
            format: table.choice("format", &Format::ALL.map(|format| (format.name(), format))),
            slots: table.integer("slots", 1..=MOST_SLOTS).map(|slots| slots as usize),
            timeout: table.duration_ms("timeout").map(duration),
            attempts: table.integer("attempts", 1..=20).map(|attempts| attempts as u32),
            rate_hz: rate_hz(table),
            longest_ms: longest_ms(table),
            command: command(table),
            http: table.table("http").map(|http| HttpConfig::read(&http)).unwrap_or_default(),
            sherpa: table.table("sherpa").map(|table| SherpaSettings::read(&table)),
        })
    }

    /// What `self` says, and where it says nothing what `other` says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            engine: self.engine.or(other.engine),
            model: self.model.or(other.model),
            language: self.language.or(other.language),
            format: self.format.or(other.format),
            slots: self.slots.or(other.slots),
            timeout: self.timeout.or(other.timeout),
            attempts: self.attempts.or(other.attempts),
            rate_hz: self.rate_hz.or(other.rate_hz),
            longest_ms: self.longest_ms.or(other.longest_ms),
            command: self.command.or(other.command),
            http: self.http.or(other.http),
            sherpa: self.sherpa.or(other.sherpa),
        }
    }

    /// How the program is run; two programs at a time and ten minutes for each where nothing else is said.
    ///
    /// # Errors
    /// There is no command line.
    pub fn command_options(&self) -> Result<CommandOptions, String> {
        let words = self.command.clone().ok_or("no command; give --command, or [command] line in --engine-config")?;
        Ok(CommandOptions {
            words,
            format: self.format,
            model: self.model.clone(),
            rate_hz: self.rate_hz,
            longest_ms: self.longest_ms,
            timeout: self.timeout.unwrap_or(Duration::from_secs(600)),
            attempts: self.attempts.unwrap_or(2),
            slots: self.slots.unwrap_or(2),
        })
    }

    /// How the server is asked. The key and the proxy's address are looked up now.
    ///
    /// # Errors
    /// There is no address, or no key where it was said to be.
    pub fn http_options(&self) -> Result<HttpOptions, String> {
        let url = self.http.url.as_deref();
        let standard = HttpOptions::new(url.ok_or("no address; give --engine-url, or [http] url in --engine-config")?);
        let options = self.http.options(HttpOptions {
            model: self.model.clone(),
            format: self.format,
            rate_hz: self.rate_hz,
            longest_ms: self.longest_ms,
            timeout: self.timeout.unwrap_or(standard.timeout),
            attempts: self.attempts.unwrap_or(standard.attempts),
            slots: self.slots.unwrap_or(standard.slots),
            ..standard
        });
        options.map_err(|error| error.message)
    }

    /// How sherpa-onnx is asked, whose model is a folder or a file; one child and a minute for each clip where nothing else is said.
    ///
    /// # Errors
    /// There is no model, or nothing says what kind it is.
    pub fn sherpa_options(&self) -> Result<SherpaOptions, String> {
        let model = self.model.as_deref().ok_or("no model; give --engine-model, the folder of a model")?;
        let mut options = self.sherpa.clone().unwrap_or_default().options(Path::new(model))?;
        options.language.clone_from(&self.language);
        options.longest_ms = self.longest_ms.unwrap_or(options.longest_ms);
        options.slots = self.slots.unwrap_or(options.slots);
        options.attempts = self.attempts.unwrap_or(options.attempts);
        options.clip_timeout = self.timeout.unwrap_or(options.clip_timeout);
        Ok(options)
    }
}

fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0).max(1))
}

fn longest_ms(table: &Table<'_>) -> Option<i64> {
    let longest = table.quantity("longest_clip", &[Dimension::Time])?;
    let is_clip = CLIP_MS.contains(&longest.value.amount);
    if !is_clip {
        table.out_of_range(longest.span, &format!("{} ms", longest.value.amount), "1 s to 24 h");
    }
    is_clip.then_some(longest.value.amount as i64)
}

fn rate_hz(table: &Table<'_>) -> Option<u32> {
    let rate = table.quantity("rate", &[Dimension::Frequency])?;
    let is_rate = (4_000.0..=192_000.0).contains(&rate.value.amount);
    if !is_rate {
        table.out_of_range(rate.span, &format!("{} Hz", rate.value.amount), "4,000 Hz to 192,000 Hz");
    }
    is_rate.then_some(rate.value.amount as u32)
}

fn command(table: &Table<'_>) -> Option<Vec<String>> {
    let inner = table.table("command")?;
    let line = inner.required_text("line");
    inner.refuse_unknown_keys();
    let words = command_words(&line.value);
    words.map_err(|why| table.report(Fault::new(codes::BAD_PLACEHOLDER, line.span, format!("`line`: {why}")))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_flags_do_not() {
        let text = "engine = \"command\"\nslots = 4\ntimeout = \"90 s\"\nrate = \"16000 Hz\"\nlongest_clip = \"30 s\"\n\
                    [command]\nline = \"asr -f {wav}\"\n";
        let file = EngineConfig::read("engine.toml", text).unwrap();
        let flags = EngineConfig { slots: Some(9), ..EngineConfig::default() };
        let both = flags.or(file);
        assert_eq!((both.slots, both.rate_hz, both.longest_ms), (Some(9), Some(16_000), Some(30_000)));
        let options = both.command_options().unwrap();
        assert_eq!((options.words.len(), options.timeout), (3, Duration::from_secs(90)));
        assert!(EngineConfig::default().command_options().is_err());
    }

    #[test]
    fn mistakes_are_told_by_place() {
        let cases = [
            ("engine = \"comand\"", "comand"),
            ("slots = 0", "slots"),
            ("rate = \"16 Hz\"", "16 Hz"),
            ("longest_clip = \"500 ms\"", "500 ms"),
            ("[command]\nline = \"asr\"", "{wav}"),
            ("[command]\n", "line"),
            ("timeouts = \"1 s\"", "timeouts"),
            ("[sherpa]\nkind = \"whisper\"", "whisper"),
            ("[sherpa]\nbatch = 0", "batch"),
            ("[sherpa]\nthread = 1", "thread"),
        ];
        for (text, says) in cases {
            let mistakes = EngineConfig::read("engine.toml", text).unwrap_err();
            assert!(
                mistakes.iter().any(|mistake| mistake.message.contains(says) || mistake.label.contains(says)),
                "{text}: {mistakes:?}"
            );
        }
    }
}
