//! Says which lists' words lines hold, and what sounds like them, to judge lists.
//!
//! `cargo run --release --example words -- lexicons/zh` reads lines from standard input; each gives a JSON object with `exact` and
//! `alike`: list, first and last character (half-open), and for what sounds alike its distance and the listed word.

#![expect(clippy::disallowed_methods, reason = "reads lists")]

use callsift::lexicon::List;
use callsift::lexicon::file::read;
use callsift::lexicon::matcher::{Matcher, MatcherBuilder, Normalised};
use callsift::lexicon::sounds::{Sounds, SoundsBuilder};
use std::io::{BufRead, Write};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder of lists")?;
    let lists = lists(Path::new(&folder))?;
    let (mut words, mut sounds) = (MatcherBuilder::default(), SoundsBuilder::default());
    for list in &lists {
        words.list(list);
        sounds.list(list);
    }
    let (words, sounds) = (words.build(), sounds.build());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let found = found(&line?, &lists, &words, &sounds);
        writeln!(out, "{found}")?;
    }
    Ok(out.flush()?)
}

fn lists(folder: &Path) -> Result<Vec<List>, Box<dyn std::error::Error>> {
    let language = folder.file_name().and_then(|name| name.to_str()).ok_or("the folder has no name")?;
    let mut lists = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        let stem = path.file_stem().and_then(|name| name.to_str()).ok_or("a file has no name")?;
        let list = read(language, stem, stem, &std::fs::read_to_string(&path)?);
        lists.push(list.map_err(|mistakes| format!("{}: {} mistakes", path.display(), mistakes.len()))?);
    }
    Ok(lists)
}

fn found(line: &str, lists: &[List], words: &Matcher, sounds: &Sounds) -> serde_json::Value {
    let normal = Normalised::of(line);
    let exact: Vec<_> = words
        .scan(normal.text())
        .iter()
        .map(|hit| {
            let chars = normal.original(hit.range());
            serde_json::json!([lists[hit.list as usize].id, chars.start, chars.end])
        })
        .collect();
    let mut alike = Vec::new();
    sounds.each(normal.text(), normal.stops(), |hit| {
        let chars = normal.original(hit.range());
        let list = &lists[hit.list].id;
        let hit = serde_json::json!([list, chars.start, chars.end, hit.distance, sounds.written(hit.word)]);
        // A word of two syllables may have several neighbours.
        if !alike.contains(&hit) {
            alike.push(hit);
        }
    });
    serde_json::json!({ "exact": exact, "alike": alike })
}
