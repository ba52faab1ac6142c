//! Every message that an author can see, held against `fixtures/diagnostics/<what>/<name>.txt`, whose name says what it
//! shows. `UPDATE_GOLDEN=1 cargo test --test diagnostics` writes the files anew.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

use callsift::packs::{self, PackOptions};
use callsift::written::page::MAX_BYTES;
use callsift::written::render::{Style, render};
use callsift::written::{Mistake, codes};
use callsift::{lexicon, rules, score};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const ROOT: &str = "fixtures/diagnostics";

/// A case: where its golden text is, and what it must show.
struct Case {
    golden: PathBuf,
    mistakes: Vec<Mistake>,
}

#[test]
fn every_message_is_as_its_golden_file_says() {
    let cases = cases();
    assert!(cases.len() >= 100, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.golden.display();
        assert!(!case.mistakes.is_empty(), "{name}: nothing is wrong");
        let text = render(&case.mistakes, Style::Plain);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&case.golden, &text).expect("write a golden file");
        } else if fs::read_to_string(&case.golden).unwrap_or_default() != text {
            wrong.push(format!("{name} differs; now it is\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_message_says_file_line_and_column() {
    for case in cases() {
        for mistake in &case.mistakes {
            let (line, column) = mistake.position();
            let place = format!("--> {}:{line}:{column}\n", mistake.file);
            let text = render(std::slice::from_ref(mistake), Style::Plain);
            assert!(text.contains(&place), "{}: no {place} in\n{text}", case.golden.display());
            assert!(text.starts_with(&format!("error[{}]: ", mistake.code)), "{text}");
        }
    }
}

#[test]
fn every_code_is_shown() {
    let cases = cases();
    let shown: BTreeSet<&str> = cases.iter().flat_map(|case| &case.mistakes).map(|mistake| mistake.code).collect();
    let all: BTreeSet<&str> = codes::ALL.iter().copied().collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), Vec::<&&str>::new(), "codes without a fixture");
    assert_eq!(shown.difference(&all).collect::<Vec<_>>(), Vec::<&&str>::new(), "codes that are not listed");
}

#[test]
fn every_golden_file_belongs_to_a_case() {
    let goldens: BTreeSet<PathBuf> = cases().iter().map(|case| case.golden.clone()).collect();
    for what in ["rule", "list", "card", "pack", "set", "override", "whitelist", "folder", "made"] {
        for path in entries(&Path::new(ROOT).join(what))
            .into_iter()
            .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        {
            assert!(goldens.contains(&path), "{} shows nothing", path.display());
        }
    }
}

fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(read_all)
}

fn read_all() -> Vec<Case> {
    let mut cases = made();
    for what in ["rule", "list", "card", "pack", "set", "override", "whitelist", "folder"] {
        for path in entries(&Path::new(ROOT).join(what)) {
            if path.is_dir() || path.extension().is_some_and(|extension| extension == "toml") {
                cases.push(Case { golden: path.with_extension("txt"), mistakes: mistakes(what, &path) });
            }
        }
    }
    cases
}

/// Cases that no fixture can hold.
fn made() -> Vec<Case> {
    let case = |name: &str, mistakes| Case { golden: Path::new(ROOT).join("made").join(name), mistakes };
    let large = "#".repeat(MAX_BYTES + 1);
    let right = Path::new(ROOT).join("right");
    vec![
        case(
            "file-too-large.txt",
            rules::file::read("made", "large", "made/large.toml", &large).expect_err("too large"),
        ),
        case("folder-missing.txt", load(&[right.join("nowhere")])),
        case("pack-given-twice.txt", load(&[right.clone(), right.join("service")])),
    ]
}

fn mistakes(what: &str, path: &Path) -> Vec<Mistake> {
    if what == "folder" {
        return load(&[path.to_owned()]);
    }
    let file = path.to_string_lossy().replace('\\', "/");
    let text = fs::read_to_string(path).expect("read a fixture");
    let stem = path.file_stem().expect("a fixture has a name").to_string_lossy();
    match what {
        "rule" => rules::file::read("rule", &stem, &file, &text).err(),
        "list" => lexicon::file::read("zh", &stem, &file, &text).err(),
        "card" => score::file::read(&file, &text).err(),
        "pack" => packs::read_pack("pack", &file, &text).err(),
        "set" => packs::read_sets(&file, &text).err(),
        "whitelist" => packs::read_whitelist(&file, &text).err(),
        _ => packs::read_overrides(&file, &text).err(),
    }
    .unwrap_or_default()
}

fn load(folders: &[PathBuf]) -> Vec<Mistake> {
    packs::load(&PackOptions { folders: folders.to_vec(), shipped: false }).err().unwrap_or_default()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("read a folder").path()).collect();
    paths.sort();
    paths
}
