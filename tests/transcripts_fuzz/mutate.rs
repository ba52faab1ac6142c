//! Mutations of files: of their bytes, and of the values in them where they are JSON.

use super::draw::Draw;
use serde_json::{Value, json};

/// What parsers trip over.
const MARKS: &[u8] = b"{}[]\",:0-e\\\0<|>\n";

/// A family of files that are mutated, with parts of one another.
#[derive(Default)]
pub(crate) struct Seeds {
    files: Vec<Vec<u8>>,
    /// The values of each file; none where it is no JSON.
    values: Vec<Vec<Value>>,
}

impl Seeds {
    pub(crate) fn add(&mut self, bytes: Vec<u8>) {
        let values = serde_json::Deserializer::from_slice(&bytes).into_iter().collect::<Result<_, _>>();
        self.values.push(values.unwrap_or_default());
        self.files.push(bytes);
    }

    /// One of the files with a few changes.
    pub(crate) fn mutated(&self, draw: &mut Draw) -> Vec<u8> {
        let at = draw.below(self.files.len());
        match self.values[at].as_slice() {
            [] => self.of_bytes(at, draw),
            _ if draw.below(3) == 0 => self.of_bytes(at, draw),
            values => self.of_values(values, draw),
        }
    }

    fn of_bytes(&self, at: usize, draw: &mut Draw) -> Vec<u8> {
        let mut bytes = self.files[at].clone();
        for _ in 0..=draw.below(4) {
            if bytes.is_empty() {
                break;
            }
            let at = draw.below(bytes.len());
            let end = (at + 1 + draw.below(64)).min(bytes.len());
            match draw.below(6) {
                0 => bytes[at] ^= 1 << draw.below(8),
                1 => bytes[at] = MARKS[draw.below(MARKS.len())],
                2 => drop(bytes.drain(at..end)),
                3 => bytes.truncate(at),
                4 => {
                    let part = bytes[at..end].to_vec();
                    let to = draw.below(bytes.len());
                    bytes.splice(to..to, part);
                }
                _ => {
                    let other = &self.files[draw.below(self.files.len())];
                    let from = draw.below(other.len().max(1));
                    let part = other[from.min(other.len())..(from + 200).min(other.len())].to_vec();
                    bytes.splice(at..end, part);
                }
            }
        }
        bytes
    }

    fn of_values(&self, values: &[Value], draw: &mut Draw) -> Vec<u8> {
        let mut all = Value::Array(values.to_vec());
        for _ in 0..=draw.below(4) {
            let donor = Value::Array(self.values[draw.below(self.values.len())].clone());
            change_one(&mut all, &donor, draw);
        }
        let lines: Vec<String> = match all {
            Value::Array(values) => values.iter().map(Value::to_string).collect(),
            other => vec![other.to_string()],
        };
        lines.join("\n").into_bytes()
    }
}

/// Changes one value in `all`, also inside strings that hold JSON.
fn change_one(all: &mut Value, donor: &Value, draw: &mut Draw) {
    let at = draw.below(size(all));
    let Some(value) = nth(all, &mut { at }) else { return };
    let inside = value.as_str().filter(|text| text.starts_with(['{', '['])).map(serde_json::from_str);
    if let Some(Ok(mut inside)) = inside
        && draw.below(3) > 0
    {
        change_one(&mut inside, donor, draw);
        *value = Value::String(inside.to_string());
        return;
    }
    change(value, donor, draw);
}

fn change(value: &mut Value, donor: &Value, draw: &mut Draw) {
    match (draw.below(8), value) {
        (0, value) => {
            let from = draw.below(size(donor));
            *value = nth(&mut donor.clone(), &mut { from }).cloned().unwrap_or_default();
        }
        (1, value) => *value = Value::String(value.to_string()),
        (2, Value::Array(entries)) if !entries.is_empty() => drop(entries.remove(draw.below(entries.len()))),
        (3, Value::Array(entries)) if !entries.is_empty() => {
            let entry = entries[draw.below(entries.len())].clone();
            entries.insert(draw.below(entries.len()), entry);
        }
        (4, Value::Array(entries)) if !entries.is_empty() => {
            let other = draw.below(entries.len());
            entries.swap(0, other);
        }
        (2..=4, Value::Object(map)) if !map.is_empty() => {
            let key = map.keys().nth(draw.below(map.len())).cloned().unwrap_or_default();
            map.remove(&key);
        }
        (2..=4, value @ Value::Number(_)) => {
            let scale = [0.001, 0.5, 1.001, -1.0, 2.0, 1_000.0][draw.below(6)];
            *value = json!(value.as_f64().unwrap_or_default() * scale);
        }
        (_, value) => *value = odd(draw),
    }
}

fn odd(draw: &mut Draw) -> Value {
    let all = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(604_800_000),
        json!(""),
        json!(" "),
        json!("[["),
        json!("[0:0.1,0:0.2,0]  a"),
        json!("<|zh|><|ANGRY|><|Speech|>"),
        json!("\u{0}\u{FFFD}İß\u{1F600}"),
        json!("9e9"),
        json!("NaN"),
        json!([]),
        json!({}),
    ];
    all[draw.below(all.len())].clone()
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(entries) => entries.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum(),
        _ => 0,
    }
}

/// The value that comes `left` after `value`, counted down the tree.
fn nth<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(entries) => entries.iter_mut().find_map(|entry| nth(entry, left)),
        Value::Object(map) => map.values_mut().find_map(|entry| nth(entry, left)),
        _ => None,
    }
}
