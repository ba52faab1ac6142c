//! `callsift entities`: what is found in lines of text, one JSON object a line.

use super::args::Entities;
use super::terminal::escaped;
use super::{EXIT_IO, EXIT_OK};
use crate::entities::{Found, Mention, Said, find, mentions};
use crate::transcript::Speaker;
use crate::units::Role;
use serde::Serialize;
use std::io::{BufRead, BufWriter, Write};

/// Reads lines from standard input and prints what is in each.
pub(super) fn run(args: &Entities) -> u8 {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().split(b'\n') {
        let Ok(line) = line else { return EXIT_IO };
        let input = String::from_utf8_lossy(&line);
        let input = input.trim_end_matches('\r');
        let read = Read { input, entities: entities(input, args.date) };
        let json = serde_json::to_string(&read).expect("text and numbers are always JSON");
        if writeln!(out, "{}", escaped(&json)).is_err() {
            return EXIT_IO;
        }
    }
    if out.flush().is_ok() { EXIT_OK } else { EXIT_IO }
}

#[derive(Serialize)]
struct Read<'a> {
    input: &'a str,
    entities: Vec<Entity>,
}

#[derive(Serialize)]
struct Entity {
    kind: &'static str,
    /// Characters, half-open.
    start: u32,
    end: u32,
    value: String,
    unit: Option<&'static str>,
}

fn entities(input: &str, date: jiff::civil::Date) -> Vec<Entity> {
    let found = find(&[Said { by: Speaker::Role(Role::Unknown), text: input }]);
    let mut entities: Vec<Entity> = found.iter().map(|one| identifier(one, input)).collect();
    let is_free = |mention: &Mention| {
        found
            .iter()
            .flat_map(|one| &one.parts)
            .all(|part| part.chars.end <= mention.chars.start || mention.chars.end <= part.chars.start)
    };
    entities.extend(mentions(input, date).into_iter().filter(is_free).map(|mention| Entity {
        kind: mention.sort.name(),
        start: mention.chars.start,
        end: mention.chars.end,
        value: mention.value,
        unit: mention.unit,
    }));
    entities.sort_by_key(|entity| (entity.start, entity.end));
    entities
}

/// Its value is what would be masked: the line holds it anyway.
fn identifier(found: &Found, input: &str) -> Entity {
    let part = &found.parts[0];
    let chars: Vec<char> = input.chars().collect();
    let value = part.masked.iter().filter_map(|&at| chars.get(at as usize)).collect();
    Entity { kind: found.kind.name(), start: part.chars.start, end: part.chars.end, value, unit: None }
}
