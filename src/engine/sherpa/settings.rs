//! The table `[sherpa]` of `--engine-config`, and where a model's files are.

use super::options::{SherpaKind, SherpaOptions};
use crate::written::Table;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The names of a model in its folder, as sherpa-onnx's own models come; the first that is there.
const MODEL_NAMES: [&str; 2] = ["model.int8.onnx", "model.onnx"];

const TOKENS_NAME: &str = "tokens.txt";

/// What a file says of the engine; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SherpaSettings {
    /// What the model is.
    pub kind: Option<SherpaKind>,
    /// Its tokens, where they are not beside it.
    pub tokens: Option<PathBuf>,
    /// What computes, such as `cpu` or `cuda`.
    pub provider: Option<String>,
    /// Threads of one child.
    pub threads: Option<u32>,
    /// Clips of a channel that a child hears at once.
    pub batch: Option<usize>,
    /// Whether SenseVoice writes numbers as digits, and punctuation.
    pub itn: Option<bool>,
    /// How long loading the model may take.
    pub load_timeout: Option<Duration>,
}

impl SherpaSettings {
    /// Reads the table; mistakes are reported on its page.
    pub(in crate::engine) fn read(table: &Table<'_>) -> Self {
        let settings = Self {
            kind: table.choice("kind", &SherpaKind::ALL),
            tokens: table.text("tokens").map(|text| text.value.into()),
            provider: table.text("provider").map(|text| text.value),
            threads: table.integer("threads", 1..=256).map(|threads| threads as u32),
            batch: table.integer("batch", 1..=64).map(|batch| batch as usize),
            itn: table.flag("itn"),
            load_timeout: table.duration_ms("load_timeout").map(|ms| Duration::from_millis(ms.unsigned_abs().max(1))),
        };
        table.refuse_unknown_keys();
        settings
    }

    /// The options for `model`, which is a folder or the model's file in it. Its kind is what the settings or the names say, its tokens
    /// are beside it. One child with one thread on the CPU, one clip at once, two minutes to load where nothing is said.
    ///
    /// # Errors
    /// Nothing says what kind of model it is; a sentence with the way out.
    pub fn options(&self, model: &Path) -> Result<SherpaOptions, String> {
        let kind = self.kind.or_else(|| kind_of(model)).ok_or_else(|| {
            let shown = model.display();
            format!(
                "{shown}: its name does not tell what kind of model it is; write kind in [sherpa] of --engine-config"
            )
        })?;
        let (folder, file) = match model.is_dir() {
            true => (Some(model), found(model)),
            false => (model.parent(), model.to_owned()),
        };
        let tokens = self.tokens.clone().unwrap_or_else(|| folder.unwrap_or(Path::new("")).join(TOKENS_NAME));
        let standard = SherpaOptions::new(kind, file, tokens);
        Ok(SherpaOptions {
            num_threads: self.threads.unwrap_or(standard.num_threads),
            provider: self.provider.clone().unwrap_or(standard.provider),
            use_itn: self.itn.unwrap_or(standard.use_itn),
            batch: self.batch.unwrap_or(standard.batch),
            load_timeout: self.load_timeout.unwrap_or(standard.load_timeout),
            ..standard
        })
    }
}

/// The model's file in its folder; the first name where there is none, so that it is what is missed.
fn found(folder: &Path) -> PathBuf {
    let is_there = |name: &&str| folder.join(name).is_file();
    folder.join(MODEL_NAMES.into_iter().find(is_there).unwrap_or(MODEL_NAMES[0]))
}

/// What the last two parts of a path say.
fn kind_of(model: &Path) -> Option<SherpaKind> {
    let parts = model.components().rev().take(2);
    let name: String = parts
        .flat_map(|part| part.as_os_str().to_string_lossy().to_ascii_lowercase().into_bytes())
        .map(char::from)
        .collect();
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let kinds = SherpaKind::ALL.into_iter().filter(|(known, _)| letters.contains(&known.replace('_', "")));
    let kinds: Vec<SherpaKind> = kinds.map(|(_, kind)| kind).collect();
    kinds.first().copied().filter(|_| kinds.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineConfig;

    #[test]
    fn names_tell_what_a_model_is() {
        let cases = [
            ("sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17", Some(SherpaKind::SenseVoice)),
            ("m/SenseVoiceSmall/model.int8.onnx", Some(SherpaKind::SenseVoice)),
            ("sherpa-onnx-paraformer-zh-2023-09-14/", Some(SherpaKind::Paraformer)),
            ("paraformer/old/model.onnx", None),
            ("sense-voice-or-paraformer", None),
            ("model.onnx", None),
        ];
        for (path, expected) in cases {
            assert_eq!(kind_of(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn files_are_found_in_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let settings = SherpaSettings { kind: Some(SherpaKind::Paraformer), ..SherpaSettings::default() };
        let of = |model: &Path| settings.options(model).unwrap();
        assert_eq!(of(folder.path()).model, folder.path().join("model.int8.onnx"));
        std::fs::write(folder.path().join("model.onnx"), "x").unwrap();
        let options = of(folder.path());
        assert_eq!(
            (options.model, options.tokens),
            (folder.path().join("model.onnx"), folder.path().join("tokens.txt"))
        );
        let options = of(&folder.path().join("mine.onnx"));
        assert_eq!(
            (options.model, options.tokens),
            (folder.path().join("mine.onnx"), folder.path().join("tokens.txt"))
        );
        assert!(SherpaSettings::default().options(Path::new("model.onnx")).unwrap_err().contains("kind"));
    }

    #[test]
    fn the_example_of_the_documentation_can_be_read() {
        let blocks = include_str!("../../../docs/engines.md").split("```toml\n").skip(1);
        let examples = blocks.filter_map(|block| block.split("```").next());
        let [example] = examples.filter(|example| example.contains("[sherpa]")).collect::<Vec<_>>()[..] else {
            panic!("one example");
        };
        let options = EngineConfig::read("engine.toml", example).unwrap().sherpa_options().unwrap();
        assert_eq!((options.slots, options.language.as_deref()), (4, Some("zh")));
    }
}
