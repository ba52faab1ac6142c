//! Holds the layering: which module may import which, and what the core may never touch.
//!
//! Every path in `src/` is looked at: imports, full paths in expressions and types, re-exports, attributes and the
//! tokens of macros. `CONTRIBUTING.md` shows the same table for people.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// A core module and the modules of ours that it may import.
const CORE: [(&str, &[&str]); 16] = [
    ("units", &[]),
    ("events", &[]),
    ("written", &["units"]),
    ("recording", &["units"]),
    ("finding", &["units"]),
    ("audio", &["units"]),
    ("transcript", &["units"]),
    ("acoustics", &["units", "audio"]),
    ("entities", &["units", "transcript"]),
    ("lexicon", &["units", "transcript", "written"]),
    ("facts", &["units", "recording", "acoustics", "transcript", "entities"]),
    ("rules", &["units", "recording", "facts", "lexicon", "finding", "written"]),
    ("score", &["units", "finding", "written"]),
    ("tables", &["units", "recording", "facts", "finding", "score"]),
    ("inspect", &INSPECT),
    ("lib", &[]),
];

const INSPECT: [&str; 13] = [
    "units",
    "events",
    "written",
    "recording",
    "finding",
    "audio",
    "transcript",
    "acoustics",
    "entities",
    "lexicon",
    "facts",
    "rules",
    "score",
];

/// Modules that touch the world. Each may import the core and, with the exceptions below, no other edge.
const EDGES: [&str; 11] =
    ["audio::decode", "storage", "engine", "packs", "dataset", "worklist", "report", "batch", "serve", "worker", "cli"];

/// Edges that join edges to one another, and edges that every edge may use.
const JOINERS: [&str; 4] = ["batch", "serve", "worker", "cli"];
const SHARED_EDGES: [&str; 1] = ["storage"];

/// An edge that may not see a part of the core.
const NEVER: [(&str, &[&str]); 2] =
    [("engine", &["rules", "score", "inspect"]), ("audio::decode", &["rules", "facts", "score", "inspect"])];

/// What no core module may touch: crates and parts of the standard library that do I/O, read the clock or the
/// environment, draw random numbers, start threads or print.
const BANNED: [&str; 22] = [
    "clap",
    "rayon",
    "indicatif",
    "symphonia",
    "parquet",
    "tracing",
    "tracing_subscriber",
    "include_dir",
    "walkdir",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::SystemTime",
    "std::time::Instant",
    "std::io::stdout",
    "std::io::stderr",
    "std::io::stdin",
    "jiff::Zoned::now",
    "jiff::Timestamp::now",
    "jiff::tz::TimeZone::system",
];
const BANNED_MACROS: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

/// Crates of the core that only one core module may use.
const ONLY_IN: [(&str, &str); 1] = [("arrow", "tables")];

/// The part of the house that a module path belongs to.
fn part_of(path: &[String]) -> String {
    match path {
        [first, second, ..] if first == "audio" && second == "decode" => "audio::decode".into(),
        [first, ..] => first.clone(),
        [] => "lib".into(),
    }
}

fn is_core(part: &str) -> bool {
    CORE.iter().any(|(core, _)| *core == part)
}

/// Why a module of `part` may not import `target`, or `None` where it may.
fn forbidden(part: &str, target: &str) -> Option<String> {
    if part == target || part == "main" || part == "lib" {
        return None;
    }
    let allowed = match CORE.iter().find(|(core, _)| *core == part) {
        Some((_, targets)) => targets.contains(&target),
        None => {
            let never = NEVER.iter().any(|(edge, targets)| *edge == part && targets.contains(&target));
            !never && (is_core(target) || JOINERS.contains(&part) || SHARED_EDGES.contains(&target))
        }
    };
    (!allowed).then(|| format!("{part} may not import {target}"))
}

/// Collects every path of a file, as segments.
#[derive(Default)]
struct Paths {
    paths: Vec<Vec<String>>,
    macros: BTreeSet<String>,
    /// Modules written inside the file, outermost first.
    inside: Vec<String>,
    /// Paths with the module inside the file where they stand.
    placed: Vec<(Vec<String>, Vec<String>)>,
}

impl Paths {
    fn take(&mut self, path: Vec<String>) {
        self.placed.push((self.inside.clone(), path.clone()));
        self.paths.push(path);
    }

    fn use_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| before.iter().cloned().chain([ident.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.use_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.take(with(&name.ident)),
            syn::UseTree::Rename(rename) => self.take(with(&rename.ident)),
            syn::UseTree::Glob(_) => self.take(before.to_vec()),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.use_tree(before, item)),
        }
    }

    /// Paths among the tokens of a macro: identifiers joined by `::`.
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        use proc_macro2::TokenTree;
        let (mut path, mut colons): (Vec<String>, usize) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 || path.is_empty() => path.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' && colons < 2 && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                other => {
                    self.flush(&mut path);
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        _ => {}
                    }
                }
            }
            colons = 0;
        }
        self.flush(&mut path);
    }

    fn flush(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.take(std::mem::take(path));
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&[], &item.tree);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| quote_free(attribute).contains("test"));
        if !is_test {
            self.inside.push(item.ident.to_string());
            syn::visit::visit_item_mod(self, item);
            self.inside.pop();
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.take(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if let Some(last) = item.path.segments.last() {
            self.macros.insert(last.ident.to_string());
        }
        self.tokens(item.tokens.clone());
        syn::visit::visit_macro(self, item);
    }
}

/// The text of `#[cfg(...)]`'s inside, or nothing.
fn quote_free(attribute: &syn::Attribute) -> String {
    match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
        _ => String::new(),
    }
}

/// The module of ours that `path`, written in module `here`, leads to.
fn target(here: &[String], path: &[String]) -> Option<Vec<String>> {
    let (mut module, mut rest) = match path.first()?.as_str() {
        "crate" | "callsift" => (Vec::new(), &path[1..]),
        "self" => (here.to_vec(), &path[1..]),
        "super" => (here.to_vec(), path),
        _ => return None,
    };
    while rest.first().is_some_and(|segment| segment == "super") {
        module.pop();
        rest = &rest[1..];
    }
    module.extend(rest.iter().cloned());
    Some(module)
}

/// Every breach in `source`, a file that is module `here`.
fn breaches(here: &[&str], source: &str) -> Vec<String> {
    let file = syn::parse_file(source).expect("the file is Rust");
    let mut found = Paths::default();
    found.visit_file(&file);
    let here: Vec<String> = here.iter().map(|part| (*part).to_owned()).collect();
    let part = part_of(&here);
    let mut breaches = BTreeSet::new();
    for (inside, path) in &found.placed {
        let place: Vec<String> = here.iter().chain(inside).cloned().collect();
        match target(&place, path) {
            Some(module) if module.is_empty() => {}
            Some(module) => breaches.extend(forbidden(&part, &part_of(&module))),
            None => breaches.extend(banned(&part, path)),
        }
    }
    if is_core(&part) {
        breaches.extend(
            BANNED_MACROS
                .iter()
                .filter(|name| found.macros.contains(**name))
                .map(|name| format!("{part} prints with {name}!")),
        );
    }
    breaches.into_iter().collect()
}

fn banned(part: &str, path: &[String]) -> Option<String> {
    let written = path.join("::");
    let is =
        |banned: &str| written == banned || written.strip_prefix(banned).is_some_and(|rest| rest.starts_with("::"));
    let everywhere = is_core(part).then(|| BANNED.iter().find(|banned| is(banned))).flatten();
    let elsewhere =
        ONLY_IN.iter().find(|(name, only)| is_core(part) && is(name) && *only != part).map(|(name, _)| name);
    everywhere.or(elsewhere).map(|name| format!("{part} touches {name}"))
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The module path of a file below `src`.
fn module_of(file: &Path, src: &Path) -> Vec<String> {
    let inside = file.strip_prefix(src).expect("below src").with_extension("");
    let mut parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") || parts == ["lib"] {
        parts.pop();
    }
    parts
}

#[test]
fn no_module_of_the_house_reaches_past_its_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 30, "only {} files found", files.len());
    let mut all = Vec::new();
    for file in files {
        let module = module_of(&file, &src);
        let part = part_of(&module);
        assert!(
            is_core(&part) || EDGES.contains(&part.as_str()) || part == "main",
            "{part} is in no layer: name it in this test"
        );
        let source = std::fs::read_to_string(&file).expect("readable");
        let here: Vec<&str> = module.iter().map(String::as_str).collect();
        all.extend(breaches(&here, &source).into_iter().map(|breach| format!("{}: {breach}", module.join("::"))));
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn planted_breaches_are_found() {
    let cases: [(&[&str], &str, &str); 16] = [
        (&["rules", "evaluate"], "use crate::audio::Pcm;", "rules may not import audio"),
        (&["rules", "evaluate"], "use crate::{units::Span, audio::{Pcm}};", "rules may not import audio"),
        (&["rules"], "fn f() { crate::audio::decode::decode(); }", "rules may not import audio::decode"),
        (&["rules"], "pub use crate::batch::run as go;", "rules may not import batch"),
        (&["score", "scoring"], "use super::super::rules::Rule;", "score may not import rules"),
        (&["score"], "fn f() -> crate::rules::Rule { todo!() }", "score may not import rules"),
        (&["score"], "fn f() { assert!(crate::rules::yes()); }", "score may not import rules"),
        (&["engine", "saved"], "use crate::rules::Rule;", "engine may not import rules"),
        (&["worklist"], "use crate::dataset::Dataset;", "worklist may not import dataset"),
        (&["facts"], "fn f() { std::fs::read(\"x\").ok(); }", "facts touches std::fs"),
        (&["facts"], "use std::{fs::File, io};", "facts touches std::fs"),
        (&["facts"], "fn f() { println!(\"x\"); }", "facts prints with println!"),
        (&["rules"], "use rayon::prelude::*;", "rules touches rayon"),
        (&["rules"], "fn f() { vec![std::env::var(\"X\")]; }", "rules touches std::env"),
        (&["facts"], "use arrow::array::Array;", "facts touches arrow"),
        (&["inspect"], "mod inner { pub use crate::tables::Row; }", "inspect may not import tables"),
    ];
    for (here, source, breach) in cases {
        assert_eq!(breaches(here, source), [breach], "{source}");
    }
}

#[test]
fn what_is_allowed_is_not_reported() {
    let cases: [(&[&str], &str); 6] = [
        (&["rules", "evaluate"], "use crate::facts::Facts; use super::kleene::Answer; use std::collections::BTreeMap;"),
        (&["batch", "run"], "use crate::dataset::Dataset; use rayon::prelude::*;"),
        (&["dataset"], "use crate::storage::Folder; use crate::tables::Row; use std::fs::File;"),
        (&["cli"], "fn f() { println!(\"x\"); crate::batch::run(); }"),
        (&["tables", "calls"], "use arrow::array::Array;"),
        (&["facts"], "#[cfg(test)] mod tests { use crate::rules::Rule; fn f() { std::fs::read(\"x\").ok(); } }"),
    ];
    for (here, source) in cases {
        assert_eq!(breaches(here, source), Vec::<String>::new(), "{source}");
    }
}
