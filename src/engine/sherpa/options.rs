//! What the engine is told, and what is wrong with it.

use super::protocol::Open;
use crate::engine::EngineError;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A model's files, by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SherpaModel {
    /// SenseVoice: text, token times, language, emotion, event.
    SenseVoice {
        /// Such as `model.int8.onnx`.
        model: PathBuf,
    },
    /// Paraformer: text, and token times where the model was exported with them.
    Paraformer {
        /// Such as `model.int8.onnx`.
        model: PathBuf,
    },
    /// Whisper: text alone.
    Whisper {
        /// Such as `small-encoder.int8.onnx`.
        encoder: PathBuf,
        /// Such as `small-decoder.int8.onnx`.
        decoder: PathBuf,
    },
    /// A zipformer transducer: text and token times.
    Transducer {
        /// Such as `encoder-epoch-34-avg-19.int8.onnx`.
        encoder: PathBuf,
        /// Its decoder.
        decoder: PathBuf,
        /// Its joiner.
        joiner: PathBuf,
    },
}

impl SherpaModel {
    /// Its kind's name.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SenseVoice { .. } => "sense_voice",
            Self::Paraformer { .. } => "paraformer",
            Self::Whisper { .. } => "whisper",
            Self::Transducer { .. } => "transducer",
        }
    }

    /// Its files, and what each is.
    fn files(&self) -> Vec<(&'static str, &Path)> {
        match self {
            Self::SenseVoice { model } | Self::Paraformer { model } => vec![("model", model)],
            Self::Whisper { encoder, decoder } => vec![("encoder", encoder), ("decoder", decoder)],
            Self::Transducer { encoder, decoder, joiner } => {
                vec![("encoder", encoder), ("decoder", decoder), ("joiner", joiner)]
            }
        }
    }
}

/// What the engine is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SherpaOptions {
    /// The model.
    pub model: SherpaModel,
    /// The model's tokens, `tokens.txt`.
    pub tokens: PathBuf,
    /// The model's name in transcripts; without it, its folder's name and its file's.
    pub name: Option<String>,
    /// Threads of one child.
    pub num_threads: u32,
    /// What computes: `cpu`, `cuda`. Where the library cannot, it falls back, and a warning says so.
    pub provider: String,
    /// The language that SenseVoice (zh, en, ja, ko, yue) or Whisper shall hear; `None`: it finds out.
    pub language: Option<String>,
    /// Whether SenseVoice writes numbers as digits, and punctuation.
    pub use_itn: bool,
    /// Children, each with a model in memory.
    pub slots: usize,
    /// How long a clip may take before its child is killed.
    pub clip_timeout: Duration,
    /// How long loading the model may take.
    pub load_timeout: Duration,
}

/// More children or threads than any machine has use for.
const MOST: usize = 256;

/// The languages that SenseVoice can be told; another one would silently be none.
const SENSE_VOICE_LANGUAGES: [&str; 6] = ["auto", "en", "ja", "ko", "yue", "zh"];

impl SherpaOptions {
    /// One child with one thread on the CPU, a minute a clip, two to load.
    #[must_use]
    pub fn new(model: SherpaModel, tokens: PathBuf) -> Self {
        Self {
            model,
            tokens,
            name: None,
            num_threads: 1,
            provider: "cpu".to_owned(),
            language: None,
            use_itn: true,
            slots: 1,
            clip_timeout: Duration::from_mins(1),
            load_timeout: Duration::from_mins(2),
        }
    }

    /// The model's files and its tokens, and what each is.
    fn files(&self) -> Vec<(&'static str, &Path)> {
        let mut files = self.model.files();
        files.push(("tokens", &self.tokens));
        files
    }

    /// Says what is wrong with them.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        let wrong = |what: String| EngineError::new("engine_options", what, false);
        for (name, value) in [("slots", self.slots), ("num_threads", self.num_threads as usize)] {
            if !(1..=MOST).contains(&value) {
                return Err(wrong(format!("the engine sherpa has {name} = {value}; give 1 to {MOST}")));
            }
        }
        let language = self.spoken();
        let is_sense_voice = matches!(self.model, SherpaModel::SenseVoice { .. });
        if is_sense_voice && !language.is_empty() && !SENSE_VOICE_LANGUAGES.contains(&language.as_str()) {
            let known = SENSE_VOICE_LANGUAGES.join(", ");
            return Err(wrong(format!("SenseVoice does not know the language {language}; give one of {known}")));
        }
        self.files().into_iter().try_for_each(|(what, path)| check_file(what, path))
    }

    /// The language's own part of its tag, in lower case; empty for none.
    fn spoken(&self) -> String {
        let tag = self.language.as_deref().unwrap_or_default();
        tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
    }

    /// What a child is told.
    pub(super) fn open(&self) -> Open {
        let owned = |(what, path): (&str, &Path)| (what.to_owned(), path.to_owned());
        Open {
            kind: self.model.kind().to_owned(),
            files: self.files().into_iter().map(owned).collect::<BTreeMap<_, _>>(),
            num_threads: self.num_threads,
            provider: self.provider.clone(),
            language: self.spoken(),
            use_itn: self.use_itn,
        }
    }

    /// The model's name: as told, or its folder's and its file's.
    pub(super) fn model_name(&self) -> String {
        let told = || {
            let (_, path) = self.model.files().swap_remove(0);
            let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
            let folder = part(path.parent().and_then(Path::file_name));
            let file = part(path.file_name()).unwrap_or_default();
            folder.map_or_else(|| file.clone(), |folder| format!("{folder}/{file}"))
        };
        self.name.clone().unwrap_or_else(told)
    }

    /// The first 16 hexadecimal digits of a hash of all the files: what tells one export of a model from another.
    pub(super) fn digest(&self) -> Result<String, EngineError> {
        let mut hasher = blake3::Hasher::new();
        for (what, path) in self.files() {
            let mut file = File::open(path).map_err(|error| not_readable(what, path, &error))?;
            io::copy(&mut file, &mut hasher).map_err(|error| not_readable(what, path, &error))?;
        }
        Ok(hasher.finalize().to_hex()[..16].to_owned())
    }

    /// What changes what is answered, as one line.
    pub(super) fn line(&self, version: &str, provider: &str, digest: &str) -> String {
        let (kind, language, itn) = (self.model.kind(), self.spoken(), self.use_itn);
        let language = if language.is_empty() { "auto" } else { &language };
        format!("{kind} language={language} itn={itn} provider={provider} sherpa-onnx={version} files={digest}")
    }
}

fn check_file(what: &str, path: &Path) -> Result<(), EngineError> {
    let metadata = std::fs::metadata(path).map_err(|error| not_readable(what, path, &error))?;
    let wrong = |why: &str| {
        let message = format!("the engine sherpa has {} as its {what}, which is {why}; name the file", path.display());
        EngineError::new("model_not_found", message, false)
    };
    match (metadata.is_file(), metadata.len()) {
        (false, _) => Err(wrong("no file")),
        (true, 0) => Err(wrong("empty")),
        _ => Ok(()),
    }
}

fn not_readable(what: &str, path: &Path, error: &io::Error) -> EngineError {
    let (shown, kind) = (path.display(), error.kind());
    let message = format!("the engine sherpa cannot read its {what}, {shown}: {kind}; check the path (docs/engines.md)");
    EngineError::new("model_not_found", message, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("model.onnx");
        std::fs::write(&model, "x").unwrap();
        let fine = SherpaOptions::new(SherpaModel::SenseVoice { model: model.clone() }, model.clone());
        let no_model = SherpaModel::SenseVoice { model: folder.path().join("no.onnx") };
        let cases = [
            ("fine", fine.clone(), None),
            ("a tag", SherpaOptions { language: Some("zh-CN".into()), ..fine.clone() }, None),
            ("no slots", SherpaOptions { slots: 0, ..fine.clone() }, Some("engine_options")),
            ("many threads", SherpaOptions { num_threads: 1_000, ..fine.clone() }, Some("engine_options")),
            ("a language", SherpaOptions { language: Some("fr".into()), ..fine.clone() }, Some("engine_options")),
            ("no file", SherpaOptions { model: no_model, ..fine.clone() }, Some("model_not_found")),
            ("a folder", SherpaOptions { tokens: folder.path().into(), ..fine.clone() }, Some("model_not_found")),
        ];
        for (name, options, code) in cases {
            assert_eq!(options.check().err().map(|error| error.code).as_deref(), code, "{name}");
        }
        assert!(fine.model_name().ends_with("/model.onnx"), "{}", fine.model_name());
        assert_eq!(fine.digest().unwrap().len(), 16);
    }
}
