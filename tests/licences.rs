//! What callsift is made of may be passed on: every library's licence is on a list, and `THIRD-PARTY.md` names all that is in the binary.
//! `UPDATE_DOCS=1 cargo test --test licences` writes it anew.

#![expect(clippy::disallowed_methods, reason = "tests work on files and run cargo")]

mod common;

use common::{note, packaged};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

/// Licences that allow what the Apache licence of callsift promises. MPL-2.0 asks for changes to its own files alone, and there are none;
/// CDLA-Permissive-2.0 is of data: the certificates of authorities.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// The platform that packages are made for; elsewhere some libraries differ.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

#[test]
fn every_licence_is_allowed_and_listed() {
    let Some(metadata) = metadata() else {
        note(&format!("SKIPPED: cargo cannot tell what callsift is made of on {PLATFORM}"));
        return;
    };
    let packages: BTreeMap<&str, &Value> =
        list(&metadata["packages"]).map(|package| (text(&package["id"]), package)).collect();
    let root = text(&metadata["resolve"]["root"]);
    let wrong: Vec<String> = packages
        .iter()
        .filter(|(id, package)| **id != root && !package["license"].as_str().is_some_and(is_allowed))
        .map(|(_, package)| format!("{}: {}", package["name"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "not on the list of licences: {wrong:?}");
    let shown =
        page(&in_binary(&metadata).into_iter().filter(|id| *id != root).map(|id| packages[id]).collect::<Vec<_>>());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(packaged("THIRD-PARTY.md"), shown).expect("written");
    } else {
        let written = std::fs::read_to_string(packaged("THIRD-PARTY.md")).unwrap_or_default();
        assert!(written == shown, "THIRD-PARTY.md is not as it should be: UPDATE_DOCS=1 cargo test --test licences");
    }
}

fn metadata() -> Option<Value> {
    let arguments = ["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", PLATFORM];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(packaged("")).output().ok()?;
    output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("JSON"))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The packages that are linked, or that make code that is: what only builds and tests need is left out.
fn in_binary(metadata: &Value) -> BTreeSet<&str> {
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).map(|node| (text(&node["id"]), node)).collect();
    let (mut found, mut next) = (BTreeSet::new(), vec![text(&metadata["resolve"]["root"])]);
    while let Some(id) = next.pop() {
        if found.insert(id) {
            let linked = |dependency: &&Value| list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null());
            next.extend(list(&nodes[id]["deps"]).filter(linked).map(|dependency| text(&dependency["pkg"])));
        }
    }
    found
}

fn page(packages: &[&Value]) -> String {
    let mut rows: Vec<[&str; 4]> = packages
        .iter()
        .map(|package| {
            let home = package["repository"].as_str().unwrap_or_default();
            [text(&package["name"]), text(&package["version"]), package["license"].as_str().unwrap_or_default(), home]
        })
        .collect();
    rows.sort_unstable();
    let mut page = format!(
        "# Third-party libraries\n\nWhat the callsift binary for {PLATFORM} is made of, besides Rust's standard library (MIT OR Apache-2.0). \
         Generated: `UPDATE_DOCS=1 cargo test --test licences`. Where a library may be had under one of several licences, any of them is yours to \
         choose. Sources of all of them, those under MPL-2.0 included, are at the addresses below, unchanged.\n\n\
         | library | version | licence | source |\n| --- | --- | --- | --- |\n"
    );
    for [name, version, licence, home] in rows {
        writeln!(page, "| {name} | {version} | {licence} | {home} |").expect("a string takes all");
    }
    page
}

/// Whether an expression of SPDX (annex D of its specification 2.3) allows it; `/` is how it used to be written.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest) && rest.is_empty()
}

fn any_of(rest: &mut &[&str]) -> bool {
    let mut allowed = all_of(rest);
    while take(rest, "OR") {
        allowed |= all_of(rest);
    }
    allowed
}

fn all_of(rest: &mut &[&str]) -> bool {
    let mut allowed = one(rest);
    while take(rest, "AND") {
        allowed &= one(rest);
    }
    allowed
}

fn one(rest: &mut &[&str]) -> bool {
    if take(rest, "(") {
        let allowed = any_of(rest);
        return take(rest, ")") && allowed;
    }
    let Some((name, after)) = rest.split_first() else { return false };
    *rest = after;
    match (take(rest, "WITH"), rest.split_first()) {
        (true, Some((exception, after))) => {
            *rest = after;
            ALLOWED.contains(&format!("{name} WITH {exception}").as_str())
        }
        (true, None) => false,
        (false, _) => ALLOWED.contains(name),
    }
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    let is_next = rest.first() == Some(&word);
    if is_next {
        *rest = &rest[1..];
    }
    is_next
}

#[test]
fn expressions_are_understood() {
    let cases = [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(GPL-3.0-only OR AGPL-3.0-only) AND MIT", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
        ("GPL-2.0-only WITH Classpath-exception-2.0", false),
        ("MIT OR", true),
        ("MIT MIT", false),
        ("(MIT", false),
        ("", false),
    ];
    for (expression, allowed) in cases {
        assert_eq!(is_allowed(expression), allowed, "{expression}");
    }
}
