//! Recordings, looked for below folders by the names that a dataset has of them, and known by their bytes.
//!
//! A name may be anything: no name, and no symbolic link, leads out of the folders.

#![expect(clippy::disallowed_methods, reason = "looks for files")]

use crate::audio::decode::{DecodeError, Identity, identify};
use crate::entities::{mask_text, masked_id, printable};
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// At most so many files that have a recording's name in another folder are looked into.
const NAMESAKES: usize = 16;

/// Folders of recordings.
#[derive(Clone, Debug)]
pub struct RecordingFolders {
    /// Without symbolic links.
    roots: Vec<PathBuf>,
}

/// What a dataset knows of a recording.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// Its name: relative, `/`-separated, personal digits masked.
    pub name: &'a str,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: &'a str,
    /// Its size, where it is known.
    pub bytes: Option<i64>,
}

/// Files that may be a recording, none outside the folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// With the recording's very name.
    named: Vec<PathBuf>,
    /// With the name of its file in another folder, and its size.
    namesakes: Vec<PathBuf>,
    /// Whether its name leads out of the folders.
    leads_out: bool,
}

/// Why a recording cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NoRecording {
    /// Nothing is there.
    #[error(
        "{name} is not below the folder of recordings; give the one that inspect was given, or where its manifest is"
    )]
    Missing {
        /// The recording's name.
        name: String,
    },
    /// Its name is a way out.
    #[error("{name} leads out of the folder of recordings, and is not followed; give the folder that it is in")]
    LeadsOut {
        /// The recording's name.
        name: String,
    },
    /// Something else is there.
    #[error("{name} is not the recording that was inspected: its SHA-256 is another; restore it, or inspect it again")]
    Changed {
        /// The recording's name.
        name: String,
    },
    /// It cannot be read.
    #[error("{name}: {source}")]
    Unreadable {
        /// The recording's name.
        name: String,
        /// Why.
        source: DecodeError,
    },
}

impl RecordingFolders {
    /// The folders `folders`.
    ///
    /// # Errors
    /// The first that is not there, is no folder or may not be read.
    pub fn at(folders: &[PathBuf]) -> Result<Self, (PathBuf, io::Error)> {
        let real = |folder: &PathBuf| {
            let real = std::fs::read_dir(folder).and_then(|_| folder.canonicalize());
            real.map_err(|error| (folder.clone(), error))
        };
        Ok(Self { roots: folders.iter().map(real).collect::<Result<_, _>>()? })
    }

    /// The files that each of `sought` may be: those that have its name as it is, else as masking makes it, else those whose file's name and
    /// size are its own, wherever they are. The folders are walked once, and only where a name does not lead to a file by itself.
    #[must_use]
    pub fn candidates(&self, sought: &[Sought<'_>]) -> Vec<Candidates> {
        let mut found: Vec<Candidates> = sought.iter().map(|one| self.by_name(one.name)).collect();
        let mut wanted = Wanted::default();
        for (at, one) in sought.iter().enumerate().filter(|(at, _)| found[*at].named.is_empty()) {
            wanted.add(at, one);
        }
        if !wanted.by_name.is_empty() {
            self.roots.iter().for_each(|root| wanted.walk(root, sought, &mut found));
        }
        found
    }

    fn by_name(&self, name: &str) -> Candidates {
        let mut found = Candidates::default();
        // A single step up, a root or a drive is enough to lead out.
        if Path::new(name).components().any(|part| !matches!(part, Component::Normal(_))) {
            return Candidates { leads_out: true, ..found };
        }
        for root in &self.roots {
            match root.join(name).canonicalize() {
                Ok(real) if !real.starts_with(root) => found.leads_out = true,
                Ok(real) if real.is_file() => found.named.push(real),
                _ => {}
            }
        }
        found
    }
}

impl Candidates {
    /// The file that has the bytes of `sought`, for which these were found; each is read once.
    ///
    /// # Errors
    /// None has.
    pub fn verified(&self, sought: &Sought<'_>) -> Result<(&Path, Identity), NoRecording> {
        let name = sought.name.to_owned();
        let mut trouble = match () {
            () if !self.named.is_empty() => NoRecording::Changed { name },
            () if self.leads_out => NoRecording::LeadsOut { name },
            () => NoRecording::Missing { name },
        };
        for path in self.named.iter().chain(&self.namesakes) {
            if sought.bytes.is_some_and(|bytes| std::fs::metadata(path).is_ok_and(|it| it.len() != bytes as u64)) {
                continue;
            }
            match identify(path) {
                Ok(identity) if identity.sha256 == sought.sha256 => return Ok((path, identity)),
                Ok(_) => {}
                Err(source) => trouble = NoRecording::Unreadable { name: sought.name.to_owned(), source },
            }
        }
        Err(trouble)
    }
}

/// Names to look for among the files of folders, with the places of those that are sought by them.
#[derive(Default)]
struct Wanted<'a> {
    by_name: BTreeMap<&'a str, Vec<usize>>,
    by_file: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Wanted<'a> {
    fn add(&mut self, at: usize, sought: &Sought<'a>) {
        let file = sought.name.rsplit('/').next().unwrap_or(sought.name);
        self.by_name.entry(sought.name).or_default().push(at);
        self.by_file.entry(file).or_default().push(at);
        // The tag stands for the whole name, and another folder makes it another.
        if let Some(untagged) = untagged(file) {
            self.by_file.entry(untagged).or_default().push(at);
        }
    }

    fn walk(&self, root: &Path, sought: &[Sought<'_>], found: &mut [Candidates]) {
        for entry in WalkDir::new(root).sort_by_file_name().into_iter().flatten().filter(|it| !it.file_type().is_dir())
        {
            let Some(inside) = entry.path().strip_prefix(root).ok().map(slashed) else { continue };
            let file = printable(&mask_text(inside.rsplit('/').next().unwrap_or(&inside)));
            let named = masked_id(&inside);
            let masked_again = mask_text(&named);
            let full: Vec<usize> = [named.as_str(), &masked_again]
                .iter()
                .find_map(|name| self.by_name.get(name))
                .cloned()
                .unwrap_or_default();
            let alike = self.by_file.get(file.as_str()).map_or(&[][..], Vec::as_slice);
            if full.is_empty() && alike.is_empty() {
                continue;
            }
            let Some((real, bytes)) = inside_file(root, entry.path()) else { continue };
            for &at in alike.iter().filter(|at| !full.contains(at)) {
                let has_its_size = sought[at].bytes.is_none_or(|its| its as u64 == bytes);
                if has_its_size && found[at].namesakes.len() < NAMESAKES {
                    found[at].namesakes.push(real.clone());
                }
            }
            full.into_iter().for_each(|at| found[at].named.push(real.clone()));
        }
    }
}

/// The file at `path` without symbolic links, and its size; none where it is no file or is outside `root`.
fn inside_file(root: &Path, path: &Path) -> Option<(PathBuf, u64)> {
    let real = path.canonicalize().ok().filter(|real| real.starts_with(root))?;
    let metadata = std::fs::metadata(&real).ok().filter(std::fs::Metadata::is_file)?;
    Some((real, metadata.len()))
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// `name` without the tag that [`masked_id`] adds.
fn untagged(name: &str) -> Option<&str> {
    let (name, tag) = name.rsplit_once('~')?;
    (tag.len() == 6 && tag.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(name)
}

#[cfg(test)]
mod tests;
