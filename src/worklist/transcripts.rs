//! Which saved transcript belongs to a recording by its name.

use super::discover::TRANSCRIPT_SUFFIX;
use super::folders::{Folders, parent};
use std::path::{Path, PathBuf};

/// Where transcripts are looked for.
pub(super) struct Transcripts<'a> {
    pub folders: &'a Folders,
    /// The folder of `--transcripts`.
    pub elsewhere: Option<&'a Path>,
}

impl Transcripts<'_> {
    /// The first transcript of the recording `audio` that `accept` takes, by path and key, among those that the listings
    /// of folders hold: in `--transcripts`, at the same path below `root` or at its top, or beside the recording;
    /// `X.transcript.json` before `X.json`.
    pub(super) fn find<T>(&self, audio: &Path, root: &Path, accept: impl Fn(PathBuf, u64) -> Option<T>) -> Option<T> {
        let stem = audio.file_stem()?;
        let beside = parent(audio);
        let try_in = |folder: &Path| {
            [TRANSCRIPT_SUFFIX, ".json"].into_iter().find_map(|suffix| {
                let mut name = stem.to_owned();
                name.push(suffix);
                let key = self.folders.find(folder, &name)?;
                accept(folder.join(name), key)
            })
        };
        let in_elsewhere = self.elsewhere.and_then(|elsewhere| {
            let inside = beside.strip_prefix(root).unwrap_or(Path::new(""));
            try_in(&elsewhere.join(inside)).or_else(|| try_in(elsewhere))
        });
        in_elsewhere.or_else(|| try_in(beside))
    }
}
