//! Walks a folder to the bottom, symbolic links followed, many folders at once.

use super::folders::Folder;
use crate::storage::{Found, is_remote, names, real};
use rayon::prelude::*;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// So many folders are listed at once: their names are in memory together.
const AT_ONCE: usize = 64;

/// One folder and the names of its files, sorted.
pub(super) struct Listing {
    pub path: PathBuf,
    pub folder: Folder,
    pub files: Vec<OsString>,
}

/// A place that cannot be walked, and why.
pub(super) struct Obstacle {
    pub path: PathBuf,
    pub reason: String,
}

/// Lists `root` and every folder below it.
pub(super) fn walk(root: &Path, take: &mut dyn FnMut(Result<Listing, Obstacle>)) {
    let mut ahead = vec![Step { path: root.to_owned(), above: None }];
    while !ahead.is_empty() {
        let now = ahead.split_off(ahead.len().saturating_sub(AT_ONCE));
        let listed: Vec<_> = now.into_par_iter().map(list).collect();
        for (listing, below, obstacles) in listed {
            ahead.extend(below);
            listing.into_iter().for_each(|listing| take(Ok(listing)));
            obstacles.into_iter().for_each(|obstacle| take(Err(obstacle)));
        }
    }
}

/// A folder still to be listed.
struct Step {
    path: PathBuf,
    above: Option<Arc<Trail>>,
}

/// The real paths of the folders that led here.
struct Trail {
    real: PathBuf,
    above: Option<Arc<Trail>>,
}

impl Trail {
    fn holds(&self, real: &Path) -> bool {
        let mut here = Some(self);
        while let Some(trail) = here {
            if trail.real == real {
                return true;
            }
            here = trail.above.as_deref();
        }
        false
    }
}

type Listed = (Option<Listing>, Vec<Step>, Vec<Obstacle>);

fn list(step: Step) -> Listed {
    if is_remote(&step.path) {
        return list_remote(step.path);
    }
    let Step { path, above } = step;
    let obstacle =
        |path: &Path, error: &std::io::Error| Obstacle { path: path.to_owned(), reason: error.kind().to_string() };
    let (real, entries) = match path.canonicalize().and_then(|real| Ok((real, std::fs::read_dir(&path)?))) {
        Ok(opened) => opened,
        Err(error) => return (None, Vec::new(), vec![obstacle(&path, &error)]),
    };
    let folder = Folder::of(&real);
    let here = Arc::new(Trail { real, above });
    let (mut files, mut below, mut obstacles) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        match entry.and_then(|entry| Ok((kind(&entry)?, entry))) {
            Ok((Kind::File, entry)) => files.push(entry.file_name()),
            Ok((Kind::Folder, entry)) => below.push(Step { path: entry.path(), above: Some(Arc::clone(&here)) }),
            Ok((Kind::Link(real), entry)) if here.holds(&real) => obstacles.push(Obstacle {
                path: entry.path(),
                reason: "a symbolic link leads back to a folder above it".into(),
            }),
            Ok((Kind::Link(_), entry)) => below.push(Step { path: entry.path(), above: Some(Arc::clone(&here)) }),
            Ok((Kind::Other, _)) => {}
            Err(error) => obstacles.push(obstacle(&path, &error)),
        }
    }
    files.sort_unstable();
    (Some(Listing { path, folder, files }), below, obstacles)
}

/// As [`list`], of a folder of a bucket, where nothing leads in a circle.
fn list_remote(path: PathBuf) -> Listed {
    let listed = real(&path).and_then(|real| Ok((Folder::of(&real), names(&path)?)));
    let (folder, entries) = match listed {
        Ok(listed) => listed,
        Err(error) => return (None, Vec::new(), vec![Obstacle { path, reason: error.to_string() }]),
    };
    let (mut files, mut below, mut states) = (Vec::new(), Vec::new(), Vec::new());
    for (name, found) in entries {
        match found {
            Some(Found::File(state)) => {
                states.push((folder.key(&name), state));
                files.push(name);
            }
            _ => below.push(Step { path: path.join(name), above: None }),
        }
    }
    folder.fill_states(states);
    files.sort_unstable();
    (Some(Listing { path, folder, files }), below, Vec::new())
}

enum Kind {
    File,
    Folder,
    /// A symbolic link to the folder with this real path.
    Link(PathBuf),
    Other,
}

fn kind(entry: &std::fs::DirEntry) -> std::io::Result<Kind> {
    let kind = entry.file_type()?;
    if !kind.is_symlink() {
        return Ok(if kind.is_file() {
            Kind::File
        } else if kind.is_dir() {
            Kind::Folder
        } else {
            Kind::Other
        });
    }
    let target = std::fs::metadata(entry.path())?;
    Ok(if target.is_dir() {
        Kind::Link(entry.path().canonicalize()?)
    } else if target.is_file() {
        Kind::File
    } else {
        Kind::Other
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(root: &Path) -> (Vec<String>, Vec<String>) {
        let (mut files, mut obstacles) = (Vec::new(), Vec::new());
        walk(root, &mut |listing| match listing {
            Ok(listing) => files.extend(
                listing
                    .files
                    .iter()
                    .map(|name| listing.path.join(name).strip_prefix(root).unwrap().to_string_lossy().into_owned()),
            ),
            Err(obstacle) => {
                obstacles.push(format!("{}: {}", obstacle.path.strip_prefix(root).unwrap().display(), obstacle.reason))
            }
        });
        files.sort();
        (files, obstacles)
    }

    #[test]
    fn every_file_is_found() {
        let site = tempfile::tempdir().expect("a temporary folder");
        for name in ["a.wav", "b/c.wav", "b/d/e.wav"] {
            let path = site.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).expect("made");
            std::fs::write(path, "").expect("written");
        }
        assert_eq!(walked(site.path()), (["a.wav", "b/c.wav", "b/d/e.wav"].map(String::from).to_vec(), Vec::new()));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_a_circle_is_an_obstacle() {
        use std::os::unix::fs::symlink;
        let site = tempfile::tempdir().expect("a temporary folder");
        let root = site.path().join("root");
        std::fs::create_dir_all(root.join("a")).expect("made");
        std::fs::create_dir_all(site.path().join("far")).expect("made");
        std::fs::write(site.path().join("far/x.wav"), "").expect("written");
        symlink(site.path().join("far"), root.join("a/far")).expect("linked");
        symlink(site.path().join("far/x.wav"), root.join("a/y.wav")).expect("linked");
        // Two links that lead into one another.
        symlink(&root, site.path().join("far/back")).expect("linked");
        let (files, obstacles) = walked(&root);
        assert_eq!(files, ["a/far/x.wav", "a/y.wav"]);
        assert_eq!(obstacles, ["a/far/back: a symbolic link leads back to a folder above it"]);
    }
}
