//! Which files of a folder are what, and their texts.

use crate::written::page::{MAX_BYTES, too_large_fault};
use crate::written::{Fault, Mistake, codes};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// The files of one folder, or of the binary.
pub(super) struct Layer {
    pub(super) found: Vec<Found>,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) shipped: bool,
}

/// A file.
pub(super) struct Found {
    pub(super) place: Place,
    /// As it is shown.
    pub(super) file: String,
    pub(super) text: String,
}

/// What a file is, by where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `pack.toml` of a pack.
    Pack(String),
    /// A rule of a pack.
    Rule { pack: String, stem: String },
    /// `scorecard.toml` of a pack.
    Card,
    /// `scorecard.toml` beside packs.
    DefaultCard,
    /// A list of a language.
    List { language: String, stem: String },
    /// `overrides.toml`.
    Overrides,
    /// `sets.toml`.
    Sets,
    /// `whitelist.toml`.
    Whitelist,
}

/// What the file at `parts` is, counted from a folder that is the pack `pack` or holds packs; `has_pack` says which of
/// its sub-folders are packs. `None` where nothing reads a file there.
pub(super) fn place(parts: &[&str], pack: Option<&str>, has_pack: &dyn Fn(&str) -> bool) -> Option<Place> {
    let stem = |name: &str| name.strip_suffix(".toml").map(str::to_owned);
    match (parts, pack) {
        (["overrides.toml"], _) => Some(Place::Overrides),
        (["sets.toml"], _) => Some(Place::Sets),
        (["whitelist.toml"], _) => Some(Place::Whitelist),
        (["lexicons", language, name], _) => Some(Place::List { language: (*language).to_owned(), stem: stem(name)? }),
        (["pack.toml"], Some(pack)) => Some(Place::Pack(pack.to_owned())),
        (["scorecard.toml"], Some(_)) => Some(Place::Card),
        (["scorecard.toml"], None) => Some(Place::DefaultCard),
        ([name], Some(pack)) => Some(Place::Rule { pack: pack.to_owned(), stem: stem(name)? }),
        ([pack, rest @ ..], None) if !rest.is_empty() && has_pack(pack) => place(rest, Some(pack), has_pack),
        _ => None,
    }
}

/// Reads the user's folder `folder`. What cannot be read, and what nothing reads, is a mistake of the layer.
pub(super) fn read(folder: &Path) -> Layer {
    let mut layer = Layer { found: Vec::new(), mistakes: Vec::new(), shipped: false };
    let pack = folder.join("pack.toml").is_file().then(|| folder_name(folder));
    let has_pack = |pack: &str| folder.join(pack).join("pack.toml").is_file();
    let mut stray_folders = BTreeSet::new();
    for path in layer.toml_files(folder) {
        let relative = shown(path.strip_prefix(folder).unwrap_or(&path));
        let parts: Vec<&str> = relative.split('/').collect();
        if let Some(place) = place(&parts, pack.as_deref(), &has_pack) {
            layer.read_file(&path, place);
        } else if stray_folders.insert(path.parent().map(Path::to_owned)) {
            layer.mistakes.push(misplaced(&shown(&path), &parts, pack.as_deref()));
        }
    }
    if layer.found.is_empty() && layer.mistakes.is_empty() {
        let fault = Fault::new(codes::MISPLACED_FILE, 0..0, format!("`{}` holds no rules", shown(folder)));
        layer.mistakes.push(Mistake::of_file(&shown(folder), fault.help(LAYOUT)));
    }
    layer
}

const LAYOUT: &str = "a pack is a folder with a pack.toml and one file per rule; lists stand in lexicons/<language>/";

impl Layer {
    /// Every `.toml` file under `folder` that is deep enough for a list of a pack, sorted; none that is hidden.
    fn toml_files(&mut self, folder: &Path) -> Vec<PathBuf> {
        let visible = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        let mut files = Vec::new();
        for entry in
            WalkDir::new(folder).max_depth(4).follow_links(true).sort_by_file_name().into_iter().filter_entry(visible)
        {
            match entry {
                Ok(entry) if entry.file_type().is_file() && entry.path().extension().is_some_and(|it| it == "toml") => {
                    files.push(entry.into_path());
                }
                Ok(_) => {}
                Err(error) => {
                    let path = shown(error.path().unwrap_or(folder));
                    self.mistakes.push(unreadable(&path, &io_reason(&error.into())));
                }
            }
        }
        files
    }

    fn read_file(&mut self, path: &Path, place: Place) {
        let file = shown(path);
        match text_of(path) {
            Ok(text) => self.found.push(Found { place, file, text }),
            Err(fault) => self.mistakes.push(Mistake::of_file(&file, fault)),
        }
    }
}

fn text_of(path: &Path) -> Result<String, Fault> {
    let unreadable =
        |error: io::Error| Fault::new(codes::UNREADABLE, 0..0, format!("cannot be read: {}", io_reason(&error)));
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MAX_BYTES {
        return Err(too_large_fault(bytes.len()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Fault::new(codes::UNREADABLE, 0..0, format!("the file is not UTF-8 text, from line {line} on"))
            .help("save it as UTF-8; some editors call other encodings ANSI or GBK")
    })
}

fn unreadable(file: &str, reason: &str) -> Mistake {
    Mistake::of_file(file, Fault::new(codes::UNREADABLE, 0..0, format!("cannot be read: {reason}")))
}

/// The reason in words of our own where there are some, since every system says it differently.
fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn misplaced(file: &str, parts: &[&str], pack: Option<&str>) -> Mistake {
    let message = match (parts, pack) {
        ([_], None) => "a rule belongs into a pack, but this folder has no pack.toml".to_owned(),
        ([folder, _], None) if *folder != "lexicons" => format!("`{folder}` has files of rules, but no pack.toml"),
        (["lexicons", ..], _) => "a list belongs into lexicons/<language>/".to_owned(),
        _ => "nothing reads a file here".to_owned(),
    };
    Mistake::of_file(file, Fault::new(codes::MISPLACED_FILE, 0..0, message).help(LAYOUT))
}

/// The folder's own name, also of `.`; empty for a root.
fn folder_name(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
