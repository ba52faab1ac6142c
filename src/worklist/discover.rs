//! Finds recordings, transcripts and manifests in files, folders and globs.

use super::WorkMistake;
use super::identity::shown;
use globset::GlobBuilder;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Extensions that are taken for recordings when a folder is walked. A file that is named is taken whatever its name.
const AUDIO_EXTENSIONS: [&str; 10] = ["wav", "wave", "mp3", "flac", "m4a", "mp4", "aac", "ogg", "oga", "opus"];
/// How a transcript beside a recording ends.
pub(super) const TRANSCRIPT_SUFFIX: &str = ".transcript.json";
const MANIFEST_NAME: &str = "manifest.csv";

/// One file that was found, and the folder its id is relative to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub path: PathBuf,
    pub root: PathBuf,
}

/// What the inputs hold; each list sorted, unique.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    pub recordings: BTreeSet<Found>,
    pub transcripts: BTreeSet<Found>,
    /// Manifests, and whether each stands at the top of an input.
    pub manifests: BTreeSet<(PathBuf, bool)>,
    pub mistakes: Vec<WorkMistake>,
}

/// Walks every input: a file, a folder, or a glob (`*`, `?`, `[…]`, `{…}`, `**`).
pub(super) fn discover(inputs: &[PathBuf]) -> Discovered {
    let mut discovered = Discovered::default();
    for input in inputs {
        if input.is_dir() {
            walk(input, &mut discovered);
        } else if input.exists() {
            take_file(input, parent(input), true, &mut discovered);
        } else if is_glob(input) {
            expand(input, &mut discovered);
        } else {
            discovered.mistakes.push(WorkMistake {
                place: shown(input),
                message: "no such file or folder".into(),
                help: "check the path; quote a glob so that the shell leaves it alone".into(),
            });
        }
    }
    discovered
}

fn walk(root: &Path, discovered: &mut Discovered) {
    for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => take_file(entry.path(), root, false, discovered),
            Ok(_) => {}
            Err(error) => discovered.mistakes.push(WorkMistake {
                place: shown(error.path().unwrap_or(root)),
                message: format!("cannot be listed: {}", reason(&error)),
                help: "make the folder readable, or leave it out".into(),
            }),
        }
    }
}

fn reason(error: &walkdir::Error) -> String {
    match error.io_error() {
        Some(io) => io.kind().to_string(),
        None => "a symbolic link leads back to a folder above it".into(),
    }
}

fn take_file(path: &Path, root: &Path, named: bool, discovered: &mut Discovered) {
    let found = || Found { path: path.to_owned(), root: root.to_owned() };
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    if name == MANIFEST_NAME {
        discovered.manifests.insert((path.to_owned(), named || parent(path) == root));
    } else if name.ends_with(TRANSCRIPT_SUFFIX) || (named && has_extension(path, "json")) {
        discovered.transcripts.insert(found());
    } else if named || AUDIO_EXTENSIONS.iter().any(|extension| has_extension(path, extension)) {
        discovered.recordings.insert(found());
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// The folder of a file; `.` for a bare name.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn is_glob(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

fn expand(pattern: &Path, discovered: &mut Discovered) {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let glob = pattern.to_str().map(|text| GlobBuilder::new(text).literal_separator(true).build());
    let Some(Ok(glob)) = glob else {
        discovered.mistakes.push(WorkMistake {
            place: shown(pattern),
            message: "not a glob that can be understood".into(),
            help: "use *, ?, [a-z], {a,b} and ** only".into(),
        });
        return;
    };
    let (matcher, root) = (glob.compile_matcher(), fixed_part(pattern));
    let before = (discovered.recordings.len(), discovered.transcripts.len());
    for entry in WalkDir::new(&root).follow_links(true).sort_by_file_name().into_iter().flatten() {
        let path = entry.path();
        if entry.file_type().is_file() && matcher.is_match(path.strip_prefix("./").unwrap_or(path)) {
            take_file(path, &root, true, discovered);
        }
    }
    if before == (discovered.recordings.len(), discovered.transcripts.len()) {
        discovered.mistakes.push(WorkMistake {
            place: shown(pattern),
            message: "the glob matches no file".into(),
            help: "check it, or name the folder to take every recording in it".into(),
        });
    }
}

/// The folders of a glob before its first wildcard: where the walk starts and what ids are relative to.
fn fixed_part(pattern: &Path) -> PathBuf {
    let fixed: PathBuf = parent(pattern)
        .components()
        .take_while(|part| {
            matches!(part, Component::RootDir | Component::Prefix(_)) || !is_glob(Path::new(part.as_os_str()))
        })
        .collect();
    if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed }
}
