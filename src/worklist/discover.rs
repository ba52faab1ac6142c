//! Finds recordings, transcripts and manifests in files, folders and globs.

use super::WorkMistake;
use super::folders::{Folder, Folders, parent};
use super::identity::shown;
use super::walk::{Listing, Obstacle, walk};
use crate::audio::wave::is_sound_extension;
use crate::storage::{Found, is_remote, look, names as names_in};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// How a transcript beside a recording ends.
pub(super) const TRANSCRIPT_SUFFIX: &str = ".transcript.json";
const MANIFEST_NAMES: [&str; 4] = ["manifest.csv", "manifest.jsonl", "manifest.ndjson", "manifest.parquet"];

/// The calls found in one folder, as keys of their files, and what their ids are relative to.
#[derive(Debug)]
pub(super) struct Group {
    pub path: PathBuf,
    pub root: Arc<Path>,
    /// Whether its files were named, and not found on a walk.
    pub named: bool,
    pub folder: Arc<Folder>,
    /// Sorted.
    pub recordings: Vec<u64>,
    /// Transcripts that belong to no recording beside them; sorted.
    pub transcripts: Vec<u64>,
}

/// What a file is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Recording,
    Transcript,
}

impl Group {
    /// The names of its calls, recordings first, each in the order of their names, with their keys. A file that is gone
    /// since is left out.
    ///
    /// # Errors
    /// The folder is one of a bucket, and cannot be listed any more.
    pub(super) fn names(&self) -> Result<Vec<(OsString, u64, Kind)>, WorkMistake> {
        if self.recordings.is_empty() && self.transcripts.is_empty() {
            return Ok(Vec::new());
        }
        let entries = match names_in(&self.path) {
            Err(error) if is_remote(&self.path) => return Err(unlisted(&self.path, &error.to_string())),
            entries => entries.unwrap_or_default().into_iter(),
        };
        let kind = |key: &u64| {
            let is_in = |keys: &[u64]| keys.binary_search(key).is_ok();
            is_in(&self.recordings)
                .then_some(Kind::Recording)
                .or_else(|| is_in(&self.transcripts).then_some(Kind::Transcript))
        };
        let mut names: Vec<_> = entries
            .filter_map(|(name, _)| {
                let key = self.folder.key(&name);
                kind(&key).map(|kind| (name, key, kind))
            })
            .collect();
        names.sort_unstable_by(|(one, _, one_kind), (other, _, other_kind)| {
            ((*one_kind == Kind::Transcript), one).cmp(&((*other_kind == Kind::Transcript), other))
        });
        Ok(names)
    }
}

/// What the inputs hold.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    /// By folder; no file is in two.
    pub groups: Vec<Group>,
    /// Manifests, and whether each stands at the top of an input.
    pub manifests: BTreeSet<(PathBuf, bool)>,
    pub mistakes: Vec<WorkMistake>,
}

/// Walks every input: a file, a folder, or a glob (`*`, `?`, `[…]`, `{…}`, `**`).
pub(super) fn discover(inputs: &[PathBuf], folders: &Folders) -> Discovered {
    let mut search = Search { folders, found: Discovered::default(), stems: Vec::new(), lone: Vec::new() };
    let mut named: BTreeMap<PathBuf, Vec<OsString>> = BTreeMap::new();
    for input in inputs {
        match look(input) {
            Ok(Found::Folder) => drop(search.walk(input, None)),
            Ok(_) => {
                let name = input.file_name().unwrap_or_default().to_owned();
                named.entry(parent(input).to_owned()).or_default().push(name);
            }
            Err(_) if is_glob(input) => search.expand(input),
            Err(error) if is_remote(input) && error.kind() != ErrorKind::NotFound => {
                search.say(input, &error.to_string(), "check the name of the bucket, the credentials and the endpoint");
            }
            Err(_) => search.say(
                input,
                "no such file or folder",
                "check the path; quote a glob so that the shell leaves it alone",
            ),
        }
    }
    for (path, files) in named {
        let root: Arc<Path> = path.as_path().into();
        search.take(Listing { folder: Folder::at(&path), path, files }, &root, true);
    }
    search.finish()
}

struct Search<'a> {
    folders: &'a Folders,
    found: Discovered,
    /// Keys of recordings without their extension.
    stems: Vec<u64>,
    /// Transcripts for whose recording another input must be asked: group, key of the transcript, key of the stem.
    lone: Vec<(usize, u64, u64)>,
}

impl Search<'_> {
    fn say(&mut self, path: &Path, message: &str, help: &str) {
        let (message, help) = (message.to_owned(), help.to_owned());
        self.found.mistakes.push(WorkMistake { place: shown(path), message, help });
    }

    /// Takes what is below `root`, or, where a glob is given, what of it matches; returns how many files.
    fn walk(&mut self, root: &Path, glob: Option<&GlobMatcher>) -> usize {
        let (mut taken, shared): (usize, Arc<Path>) = (0, root.into());
        walk(root, &mut |listing| match listing {
            Ok(mut listing) => {
                if let Some(glob) = glob {
                    listing.files.retain(|name| glob.is_match(without_dot(&listing.path.join(name))));
                } else {
                    let keys = listing.files.iter().map(|name| listing.folder.key(name)).collect();
                    listing.folder.fill(keys);
                }
                taken += listing.files.len();
                self.take(listing, &shared, glob.is_some());
            }
            Err(Obstacle { path, reason }) if glob.is_none() || is_remote(&path) => {
                self.found.mistakes.push(unlisted(&path, &reason));
            }
            Err(_) => {}
        });
        taken
    }

    fn expand(&mut self, pattern: &Path) {
        let pattern = without_dot(pattern);
        let glob = pattern.to_str().map(|text| GlobBuilder::new(text).literal_separator(true).build());
        let Some(Ok(glob)) = glob else {
            self.say(pattern, "not a glob that can be understood", "use *, ?, [a-z], {a,b} and ** only");
            return;
        };
        if self.walk(&fixed_part(pattern), Some(&glob.compile_matcher())) == 0 {
            let help = "check it, or name the folder to take every recording in it";
            self.say(pattern, "the glob matches no file", help);
        }
    }

    fn take(&mut self, listing: Listing, root: &Arc<Path>, named: bool) {
        let Listing { path, folder, files } = listing;
        let number = self.found.groups.len();
        let (mut recordings, mut lone, stems_before) = (Vec::new(), Vec::new(), self.stems.len());
        for name in &files {
            let text = name.to_str().unwrap_or_default();
            let key = folder.key(name);
            if MANIFEST_NAMES.contains(&text) {
                self.found.manifests.insert((path.join(name), named || *path == **root));
            } else if let Some(stem) = text.strip_suffix(TRANSCRIPT_SUFFIX) {
                lone.push((number, key, folder.key(OsStr::new(stem))));
            } else if named && has_extension(name, "json") {
                lone.push((number, key, 0));
            } else if named || is_sound(name) {
                recordings.push(key);
                self.stems.extend(Path::new(name).file_stem().map(|stem| folder.key(stem)));
            }
        }
        self.stems[stems_before..].sort_unstable();
        lone.retain(|(_, _, stem)| self.stems[stems_before..].binary_search(stem).is_err());
        self.lone.extend(lone);
        recordings.sort_unstable();
        let (folder, root) = (Arc::new(folder), Arc::clone(root));
        self.folders.remember(path.clone(), Arc::clone(&folder));
        self.found.groups.push(Group { path, root, named, folder, recordings, transcripts: Vec::new() });
    }

    fn finish(mut self) -> Discovered {
        self.stems.sort_unstable();
        for (group, key, stem) in self.lone {
            // One that stands beside a recording is that recording's, whatever input each came from.
            if self.stems.binary_search(&stem).is_err() {
                self.found.groups[group].transcripts.push(key);
            }
        }
        let groups = &mut self.found.groups;
        groups.sort_by(|one, other| (&one.path, &one.root, one.named).cmp(&(&other.path, &other.root, other.named)));
        groups.iter_mut().for_each(|group| group.transcripts.sort_unstable());
        take_once(groups);
        groups.retain(|group| !group.recordings.is_empty() || !group.transcripts.is_empty());
        self.found
    }
}

fn unlisted(path: &Path, reason: &str) -> WorkMistake {
    let (message, help) =
        (format!("cannot be listed: {reason}"), "make the folder readable, or leave it out".to_owned());
    WorkMistake { place: shown(path), message, help }
}

/// A file that several inputs hold is left to the first.
fn take_once(groups: &mut [Group]) {
    let mut identities: Vec<u64> = groups.iter().map(|group| group.folder.identity()).collect();
    identities.sort_unstable();
    let is_shared = |identity| {
        let first = identities.partition_point(|other| *other < identity);
        identities.get(first + 1) == Some(&identity)
    };
    let mut seen = HashSet::new();
    for group in groups.iter_mut().filter(|group| is_shared(group.folder.identity())) {
        group.recordings.retain(|key| seen.insert(*key));
        group.transcripts.retain(|key| seen.insert(*key));
    }
}

/// Whether the file is a recording by its name.
fn is_sound(name: &OsStr) -> bool {
    let extension = Path::new(name).extension().and_then(OsStr::to_str);
    extension.is_some_and(|extension| is_sound_extension(&extension.to_ascii_lowercase()))
}

fn has_extension(name: &OsStr, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

fn without_dot(path: &Path) -> &Path {
    path.strip_prefix("./").unwrap_or(path)
}

fn is_glob(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

/// The folders of a glob before its first wildcard: where the walk starts and what ids are relative to.
fn fixed_part(pattern: &Path) -> PathBuf {
    if is_remote(pattern) {
        return parent(pattern).ancestors().find(|above| !is_glob(above)).unwrap_or(pattern).to_owned();
    }
    let fixed: PathBuf = parent(pattern)
        .components()
        .take_while(|part| {
            matches!(part, Component::RootDir | Component::Prefix(_)) || !is_glob(Path::new(part.as_os_str()))
        })
        .collect();
    if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed }
}
