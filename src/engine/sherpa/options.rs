//! What the engine is told, and what is wrong with it.

use super::protocol::Open;
use crate::engine::EngineError;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SherpaKind {
    /// SenseVoice: text, token times, language, emotion, event.
    SenseVoice,
    /// Paraformer: text, and token times where the model was exported with them.
    Paraformer,
}

impl SherpaKind {
    /// All of them, by name.
    pub const ALL: [(&'static str, Self); 2] = [("sense_voice", Self::SenseVoice), ("paraformer", Self::Paraformer)];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SenseVoice => "sense_voice",
            Self::Paraformer => "paraformer",
        }
    }
}

/// What the engine is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SherpaOptions {
    /// What the model is.
    pub kind: SherpaKind,
    /// The model, such as `model.int8.onnx`.
    pub model: PathBuf,
    /// Its tokens, `tokens.txt`.
    pub tokens: PathBuf,
    /// Threads of one child.
    pub num_threads: u32,
    /// What computes: `cpu`, `cuda`. Where the library cannot, it falls back, and a warning says so.
    pub provider: String,
    /// The language that SenseVoice shall hear (zh, en, ja, ko, yue); `None`: it finds out.
    pub language: Option<String>,
    /// Whether SenseVoice writes numbers as digits, and punctuation.
    pub use_itn: bool,
    /// Children, each with a model in memory.
    pub slots: usize,
    /// Clips of a channel that a child hears at once; memory grows with them.
    pub batch: usize,
    /// The longest clip, ms; memory grows with its square.
    pub longest_ms: i64,
    /// How often a clip is tried in all where children die of it.
    pub attempts: u32,
    /// How long a clip may take before its child is killed.
    pub clip_timeout: Duration,
    /// How long loading the model may take.
    pub load_timeout: Duration,
}

/// The languages that SenseVoice can be told; another one would silently be none.
const SENSE_VOICE_LANGUAGES: [&str; 6] = ["auto", "en", "ja", "ko", "yue", "zh"];

impl SherpaOptions {
    /// One child with one thread on the CPU, one clip of up to 30 s at once, two tries of a minute each, two minutes to load.
    #[must_use]
    pub fn new(kind: SherpaKind, model: PathBuf, tokens: PathBuf) -> Self {
        Self {
            kind,
            model,
            tokens,
            num_threads: 1,
            provider: "cpu".to_owned(),
            language: None,
            use_itn: true,
            slots: 1,
            batch: 1,
            longest_ms: 30_000,
            attempts: 2,
            clip_timeout: Duration::from_mins(1),
            load_timeout: Duration::from_mins(2),
        }
    }

    /// The model's files, and what each is.
    fn files(&self) -> [(&'static str, &Path); 2] {
        [("model", &self.model), ("tokens", &self.tokens)]
    }

    /// Says what is wrong with them.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        let language = self.spoken();
        if self.kind == SherpaKind::SenseVoice
            && !language.is_empty()
            && !SENSE_VOICE_LANGUAGES.contains(&language.as_str())
        {
            let known = SENSE_VOICE_LANGUAGES.join(", ");
            let message = format!("SenseVoice does not know the language {language}; give one of {known}");
            return Err(EngineError::new("engine_options", message, false));
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
        Open {
            kind: self.kind.name().to_owned(),
            model: self.model.clone(),
            tokens: self.tokens.clone(),
            num_threads: self.num_threads,
            provider: self.provider.clone(),
            language: self.spoken(),
            use_itn: self.use_itn,
        }
    }

    /// The model's name: its folder's and its file's.
    pub(super) fn model_name(&self) -> String {
        let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let file = part(self.model.file_name()).unwrap_or_default();
        let folder = part(self.model.parent().and_then(Path::file_name));
        folder.map_or_else(|| file.clone(), |folder| format!("{folder}/{file}"))
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

    /// What changes what is answered, as one line. Clips heard together are padded to one length, which may change digits of scores.
    pub(super) fn line(&self, version: &str, provider: &str, digest: &str) -> String {
        let (kind, language, itn, batch) = (self.kind.name(), self.spoken(), self.use_itn, self.batch);
        let language = if language.is_empty() { "auto" } else { &language };
        format!(
            "{kind} language={language} itn={itn} batch={batch} provider={provider} sherpa-onnx={version} files={digest}"
        )
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
    let message =
        format!("the engine sherpa cannot read its {what}, {shown}: {kind}; check the path (docs/engines.md)");
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
        let fine = SherpaOptions::new(SherpaKind::SenseVoice, model.clone(), model.clone());
        let cases = [
            ("fine", fine.clone(), None),
            ("a tag", SherpaOptions { language: Some("zh-CN".into()), ..fine.clone() }, None),
            (
                "Paraformer",
                SherpaOptions { kind: SherpaKind::Paraformer, language: Some("fr".into()), ..fine.clone() },
                None,
            ),
            ("a language", SherpaOptions { language: Some("fr".into()), ..fine.clone() }, Some("engine_options")),
            (
                "no file",
                SherpaOptions { model: folder.path().join("no.onnx"), ..fine.clone() },
                Some("model_not_found"),
            ),
            ("a folder", SherpaOptions { tokens: folder.path().into(), ..fine.clone() }, Some("model_not_found")),
        ];
        for (name, options, code) in cases {
            assert_eq!(options.check().err().map(|error| error.code).as_deref(), code, "{name}");
        }
        assert!(fine.model_name().ends_with("/model.onnx"), "{}", fine.model_name());
        assert_eq!(fine.digest().unwrap().len(), 16);
    }
}
