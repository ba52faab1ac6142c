//! Joins what was found to what manifests say of it.

use super::WorkMistake;
use super::discover::{Discovered, Found, TRANSCRIPT_SUFFIX, discover, parent};
use super::identity::{call_id, relative, shown};
use super::manifest::{self, Line, Manifest};
use crate::recording::{Metadata, Recording};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What to work on.
#[derive(Clone, Debug, Default)]
pub struct WorkOptions {
    /// Files, folders and globs.
    pub inputs: Vec<PathBuf>,
    /// A manifest besides those that stand in the inputs.
    pub manifest: Option<PathBuf>,
    /// Where saved transcripts are, by the recording's relative path or its stem.
    pub transcripts: Option<PathBuf>,
    /// Zone of times that have no offset.
    pub zone: Option<TimeZone>,
    /// The agent's channel where the manifest does not say.
    pub agent_channel: u16,
}

/// The work list.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The calls, those of manifests first.
    pub recordings: Vec<Recording>,
    /// How many recordings were found that no manifest lists, where there is a manifest.
    pub unlisted: usize,
    /// Nested files named `manifest.csv` that are no manifests; masked.
    pub ignored_manifests: Vec<String>,
}

/// Finds the calls to inspect.
///
/// # Errors
/// Every mistake in inputs and manifests: inputs that do not exist, manifests that cannot be read or hold a wrong
/// value, equal call ids, and nothing to inspect.
pub fn plan(options: &WorkOptions) -> Result<Work, Vec<WorkMistake>> {
    let mut found = discover(&options.inputs);
    let mut planner = Planner {
        options,
        mistakes: std::mem::take(&mut found.mistakes),
        work: Work::default(),
        taken: BTreeSet::new(),
    };
    planner.take_manifests(&found);
    planner.take_unlisted(&found);
    if planner.mistakes.is_empty() {
        planner.report_equal_ids();
    }
    if planner.work.recordings.is_empty() && planner.mistakes.is_empty() {
        planner.mistakes.push(nothing_found(options));
    }
    if !planner.mistakes.is_empty() {
        return Err(planner.mistakes);
    }
    Ok(planner.work)
}

fn nothing_found(options: &WorkOptions) -> WorkMistake {
    let inputs: Vec<_> = options.inputs.iter().map(|input| shown(input)).collect();
    WorkMistake {
        place: inputs.join(", "),
        message: "no recording and no transcript found".into(),
        help: format!(
            "recordings end in .wav .mp3 .flac .m4a .ogg and the like, transcripts alone in {TRANSCRIPT_SUFFIX}"
        ),
    }
}

struct Planner<'a> {
    options: &'a WorkOptions,
    mistakes: Vec<WorkMistake>,
    work: Work,
    /// Files that a manifest names: they are not calls of their own.
    taken: BTreeSet<PathBuf>,
}

impl Planner<'_> {
    fn take_manifests(&mut self, found: &Discovered) {
        let given = self.options.manifest.iter().map(|path| (path.clone(), true));
        let paths: BTreeSet<(PathBuf, bool)> = found.manifests.iter().cloned().chain(given).collect();
        let mut seen = BTreeSet::new();
        for (path, must_be_one) in paths {
            if !seen.insert(identity(&path)) {
                continue;
            }
            if !must_be_one && !manifest::looks_like_one(&path) {
                self.work.ignored_manifests.push(shown(&path));
                continue;
            }
            let manifest = manifest::read(&path, self.options.zone.as_ref());
            self.take_lines(manifest);
        }
    }

    fn take_lines(&mut self, manifest: Manifest) {
        self.mistakes.extend(manifest.mistakes);
        for line in manifest.lines {
            self.taken.extend(line.recording.iter().chain(&line.transcript).map(|path| identity(path)));
            let recording = self.listed(line, parent(&manifest.path));
            self.work.recordings.push(recording);
        }
    }

    fn listed(&self, line: Line, folder: &Path) -> Recording {
        let beside = || line.recording.as_ref().and_then(|audio| self.transcript_of(audio, folder));
        Recording {
            call_id: call_id(&line.call_id),
            transcript: line.transcript.clone().or_else(beside),
            shown_as: line.recording.as_ref().map(|audio| call_id(&relative(audio, folder))),
            audio: line.recording,
            agent_channel: line.agent_channel.unwrap_or(self.options.agent_channel),
            metadata: line.metadata,
        }
    }

    fn take_unlisted(&mut self, found: &Discovered) {
        let any_manifest = !self.work.recordings.is_empty();
        for Found { path, root } in &found.recordings {
            if !self.taken.insert(identity(path)) {
                continue;
            }
            let transcript = self.transcript_of(path, root);
            self.taken.extend(transcript.iter().map(|path| identity(path)));
            self.work.unlisted += usize::from(any_manifest);
            let recording = self.unlisted(path, root, true, transcript);
            self.work.recordings.push(recording);
        }
        let beside = |path: &Path| {
            let stem = path.file_name()?.to_str()?.strip_suffix(TRANSCRIPT_SUFFIX)?;
            Some(path.with_file_name(stem))
        };
        let stems: BTreeSet<PathBuf> = found.recordings.iter().map(|found| found.path.with_extension("")).collect();
        for Found { path, root } in &found.transcripts {
            // One that stands beside a recording is that recording's, even where another one was taken for it.
            let is_recordings_own = beside(path).is_some_and(|stem| stems.contains(&stem));
            if !is_recordings_own && self.taken.insert(identity(path)) {
                let recording = self.unlisted(path, root, false, Some(path.clone()));
                self.work.recordings.push(recording);
            }
        }
    }

    fn unlisted(&self, path: &Path, root: &Path, is_audio: bool, transcript: Option<PathBuf>) -> Recording {
        let id = call_id(&relative(path, root));
        Recording {
            call_id: id.clone(),
            audio: is_audio.then(|| path.to_owned()),
            transcript,
            shown_as: is_audio.then_some(id),
            agent_channel: self.options.agent_channel,
            metadata: Metadata::default(),
        }
    }

    /// The transcript that belongs to a recording by its name: in `--transcripts`, at the same relative path or at
    /// its top, or beside the recording; `X.transcript.json` before `X.json`.
    fn transcript_of(&self, audio: &Path, root: &Path) -> Option<PathBuf> {
        let stem = audio.file_stem()?;
        let inside = parent(audio).strip_prefix(root).unwrap_or(Path::new(""));
        let folders = self.options.transcripts.iter().flat_map(|folder| [folder.join(inside), folder.clone()]);
        folders.chain([parent(audio).to_owned()]).find_map(|folder| {
            [TRANSCRIPT_SUFFIX, ".json"].into_iter().find_map(|suffix| {
                let mut name = stem.to_owned();
                name.push(suffix);
                Some(folder.join(name)).filter(|path| path.is_file())
            })
        })
    }

    fn report_equal_ids(&mut self) {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for recording in &self.work.recordings {
            *count.entry(&recording.call_id).or_default() += 1;
        }
        self.mistakes.extend(count.into_iter().filter(|(_, calls)| *calls > 1).map(|(id, calls)| WorkMistake {
            place: id.to_owned(),
            message: format!("{calls} recordings have this call_id"),
            help: "give each an id of its own in a manifest, or inspect their common parent folder".into(),
        }));
    }
}

/// The same for every way to write the path of one existing file.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Site(tempfile::TempDir);

    impl Site {
        fn of(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            for (name, text) in files {
                let path = folder.path().join(name);
                fs::create_dir_all(parent(&path)).expect("made");
                fs::write(path, text).expect("written");
            }
            Self(folder)
        }

        fn options(&self, input: &str) -> WorkOptions {
            WorkOptions { inputs: vec![self.0.path().join(input)], ..WorkOptions::default() }
        }
    }

    fn ids(work: &Work) -> Vec<&str> {
        work.recordings.iter().map(|recording| recording.call_id.as_str()).collect()
    }

    #[test]
    fn a_folder_is_walked_and_transcripts_are_found_beside() {
        let site = Site::of(&[
            ("day/a.wav", ""),
            ("day/a.transcript.json", "{}"),
            ("day/b.mp3", ""),
            ("day/chat.transcript.json", "{}"),
            ("day/notes.txt", ""),
        ]);
        let work = plan(&site.options("day")).expect("a plan");
        assert_eq!(ids(&work), ["a.wav", "b.mp3", "chat.transcript.json"]);
        assert!(work.recordings[0].transcript.is_some() && work.recordings[1].transcript.is_none());
        assert!(work.recordings[2].audio.is_none());
    }

    #[test]
    fn a_manifest_at_the_top_names_calls_and_the_rest_is_unlisted() {
        let site = Site::of(&[
            ("day/manifest.csv", "call_id,recording,agent_id\nc2,b.wav,x\nc1,a.wav,x\n"),
            ("day/a.wav", ""),
            ("day/b.wav", ""),
            ("day/extra.wav", ""),
        ]);
        let work = plan(&site.options("day")).expect("a plan");
        assert_eq!(ids(&work), ["c2", "c1", "extra.wav"]);
        assert_eq!(work.unlisted, 1);
    }

    #[test]
    fn a_recording_that_is_listed_but_missing_stays_in_the_list() {
        let site = Site::of(&[("day/manifest.csv", "call_id,recording\nc1,gone.wav\n")]);
        assert_eq!(ids(&plan(&site.options("day")).expect("a plan")), ["c1"]);
    }

    #[test]
    fn a_glob_takes_what_it_matches() {
        let site = Site::of(&[("day/a.wav", ""), ("day/b.wav", ""), ("day/sub/c.wav", "")]);
        let work = plan(&site.options("day/{a,c}*.wav")).expect("a plan");
        assert_eq!(ids(&work), ["a.wav"]);
        let work = plan(&site.options("day/**/*.wav")).expect("a plan");
        assert_eq!(ids(&work), ["a.wav", "b.wav", "sub/c.wav"]);
    }

    #[test]
    fn transcripts_are_taken_from_their_folder() {
        let site = Site::of(&[
            ("in/x/a.wav", ""),
            ("text/x/a.json", "{}"),
            ("in/b.wav", ""),
            ("text/b.transcript.json", "{}"),
        ]);
        let options = WorkOptions { transcripts: Some(site.0.path().join("text")), ..site.options("in") };
        let work = plan(&options).expect("a plan");
        assert!(work.recordings.iter().all(|recording| recording.transcript.is_some()));
    }

    #[test]
    fn a_transcript_beside_a_recording_is_no_call_of_its_own() {
        let site = Site::of(&[("in/a.wav", ""), ("in/a.transcript.json", "{}"), ("text/a.json", "{}")]);
        let options = WorkOptions { transcripts: Some(site.0.path().join("text")), ..site.options("in") };
        let work = plan(&options).expect("a plan");
        assert_eq!(ids(&work), ["a.wav"]);
        assert!(work.recordings[0].transcript.as_ref().is_some_and(|path| path.ends_with("text/a.json")));
    }

    #[test]
    fn mistakes_are_collected() {
        let site = Site::of(&[("one/a.wav", ""), ("two/a.wav", ""), ("empty/readme.txt", "")]);
        let root = site.0.path();
        let cases: [(Vec<PathBuf>, &str); 4] = [
            (vec![root.join("gone")], "no such file or folder"),
            (vec![root.join("empty")], "no recording and no transcript found"),
            (vec![root.join("one"), root.join("two")], "2 recordings have this call_id"),
            (vec![root.join("one/*.mp3")], "the glob matches no file"),
        ];
        for (inputs, message) in cases {
            let mistakes = plan(&WorkOptions { inputs, ..WorkOptions::default() }).expect_err(message);
            assert!(mistakes.iter().any(|mistake| mistake.message.contains(message)), "{mistakes:?}");
        }
    }
}
