//! Which saved transcript belongs to a recording by its name.

use super::discover::TRANSCRIPT_SUFFIX;
use super::folders::{Folders, parent};
use std::path::{Path, PathBuf};

/// What a transcript's name ends in, in the order of preference.
const SUFFIXES: [&str; 6] = [TRANSCRIPT_SUFFIX, ".json", ".json.gz", ".srt", ".vtt", ".ctm"];

/// Where transcripts are looked for.
pub(super) struct Transcripts<'a> {
    pub folders: &'a Folders,
    /// The folder of `--transcripts`.
    pub elsewhere: Option<&'a Path>,
}

impl Transcripts<'_> {
    /// The first transcript of the recording `audio` that `accept` takes, by path and key, among those that the listings
    /// of folders hold: in `--transcripts`, at the same path below `root` or at its top, or beside the recording;
    /// in the order of [`SUFFIXES`], after the recording's name without its extension or, as some engines write, with it.
    pub(super) fn find<T>(&self, audio: &Path, root: &Path, accept: impl Fn(PathBuf, u64) -> Option<T>) -> Option<T> {
        // `X.wav.transcript.json` would be a call of its own where it is found without a recording.
        let names = [(audio.file_stem()?, &SUFFIXES[..]), (audio.file_name()?, &SUFFIXES[1..])];
        let beside = parent(audio);
        let try_in = |folder: &Path| {
            let mut all = names.iter().flat_map(|&(name, suffixes)| suffixes.iter().map(move |suffix| (name, suffix)));
            all.find_map(|(name, suffix)| {
                let mut name = name.to_owned();
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
