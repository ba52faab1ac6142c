//! No format's files look like another's.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

use super::*;
use std::path::{Path, PathBuf};

fn files_in(folder: &str) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path)).collect()
}

/// The names of all formats that a file looks like; none where it is no JSON.
fn looks_like_all(path: &Path) -> Vec<&'static str> {
    let text = json::text(&std::fs::read(path).unwrap()).unwrap();
    let Ok(values) = json::values(&text.text) else { return Vec::new() };
    Format::ALL.into_iter().filter(|&format| is(format, &values)).map(Format::name).collect()
}

#[test]
fn a_file_looks_like_its_own_format_alone() {
    let files = files_in("fixtures/transcripts");
    let mut of_formats = 0;
    for (name, path) in files {
        let found = looks_like_all(&path);
        match Format::ALL.into_iter().map(Format::name).find(|format| name.starts_with(format)) {
            Some(format) => {
                of_formats += 1;
                assert_eq!(found, [format], "{name}");
            }
            None => assert!(found.len() < 2, "{name}: {found:?}"),
        }
    }
    assert!(of_formats >= 22, "{of_formats}");
}

#[test]
fn ours_looks_like_ours_alone() {
    for (name, path) in files_in("fixtures/imported") {
        assert_eq!(looks_like_all(&path), ["callsift"], "{name}");
    }
}

#[test]
fn real_files_look_like_one_format_at_most() {
    let files = files_in("../shared/corpora/engine-json");
    if files.is_empty() {
        println!("SKIPPED: no real transcripts beside this checkout");
    }
    for (name, path) in files {
        let found = looks_like_all(&path);
        assert!(found.len() < 2, "{name}: {found:?}");
        assert_eq!(name.starts_with("aliyun"), found == ["aliyun"], "{name}: {found:?}");
    }
}
