//! Rows of JSON lines: one flat object a line.

use super::bounded::{LineRead, MAX_LINE_BYTES, read_line};
use super::row::Row;
use super::{Fault, RowSource};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;
use std::io::{BufReader, Read};

/// No file has more columns.
const MAX_COLUMNS: usize = 10_000;
/// From here on, not every whole number is a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) struct JsonRows<R> {
    reader: BufReader<R>,
    line: u64,
    bytes: Vec<u8>,
    columns: Columns,
}

impl<R: Read> JsonRows<R> {
    pub(super) fn open(source: R) -> Self {
        let reader = BufReader::with_capacity(1 << 16, source);
        Self { reader, line: 0, bytes: Vec::new(), columns: Columns::default() }
    }

    /// Reads lines until one holds something; returns whether there is one.
    fn read(&mut self) -> Result<bool, Fault> {
        loop {
            self.line += 1;
            match read_line(&mut self.reader, &mut self.bytes) {
                Ok(LineRead::Line) => {}
                Ok(LineRead::End) => return Ok(false),
                Ok(LineRead::TooLong) => return Err(Fault::too_long(self.line)),
                Err(error) => return Err(Fault::unreadable(error.kind())),
            }
            if self.bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(true);
            }
        }
    }
}

impl<R: Read + Send> RowSource for JsonRows<R> {
    fn columns(&self) -> &[String] {
        &self.columns.names
    }

    fn has_header(&self) -> bool {
        false
    }

    fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        if !self.read()? {
            return Ok(false);
        }
        row.start(self.line);
        let text = std::str::from_utf8(&self.bytes).map_err(|_| Fault::not_utf8(self.line))?;
        let text = if self.line == 1 { text.trim_start_matches('\u{feff}') } else { text };
        let mut trouble = None;
        let object = Object { row, columns: &mut self.columns, trouble: &mut trouble };
        let mut json = serde_json::Deserializer::from_str(text);
        let read = object.deserialize(&mut json).and_then(|()| json.end());
        match (read, trouble) {
            (Ok(()), None) => Ok(true),
            (_, Some(trouble)) => Err(trouble.fault(self.line)),
            (Err(error), None) => {
                let message = format!("not a JSON object: column {}", error.column());
                Err(Fault::line(self.line, message, "write one flat object a line: {\"call_id\": \"c-1\", …}"))
            }
        }
    }
}

/// The names seen so far, each once.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    /// In which line each was last seen.
    seen: Vec<u64>,
    /// Only asked for single names, never iterated.
    numbers: HashMap<String, usize>,
    bytes: usize,
}

impl Columns {
    /// The number of the column `name`, seen now in `line`.
    fn number(&mut self, name: &str, line: u64) -> Result<usize, Trouble> {
        let name = name.trim();
        let Some(&number) = self.numbers.get(name) else { return self.add(name, line) };
        if self.seen[number] == line {
            return Err(Trouble::Twice(name.to_owned()));
        }
        self.seen[number] = line;
        Ok(number)
    }

    fn add(&mut self, name: &str, line: u64) -> Result<usize, Trouble> {
        self.bytes += name.len();
        if self.names.len() >= MAX_COLUMNS || self.bytes > MAX_LINE_BYTES {
            return Err(Trouble::ManyColumns);
        }
        let number = self.names.len();
        self.names.push(name.to_owned());
        self.seen.push(line);
        self.numbers.insert(name.to_owned(), number);
        Ok(number)
    }
}

/// What is wrong with an object besides its syntax; the number is that of a column.
enum Trouble {
    Nested(String),
    Twice(String),
    Inexact(String),
    ManyColumns,
}

impl Trouble {
    fn fault(self, line: u64) -> Fault {
        let masked = |name: &str| crate::worklist::identity::shown_text(name);
        match self {
            Self::Nested(name) => Fault::line(
                line,
                format!("the value of {} is an object or a list", masked(&name)),
                "write text, a number, true, false or null",
            ),
            Self::Twice(name) => {
                Fault::line(line, format!("{} stands there twice", masked(&name)), "rename or remove one")
            }
            Self::Inexact(name) => Fault::line(
                line,
                format!("the number in {} has more digits than JSON keeps", masked(&name)),
                "write it as text, between double quotes",
            ),
            Self::ManyColumns => Fault::file(
                Some(line),
                format!("more than {MAX_COLUMNS} names of columns"),
                "give every object the same names",
            ),
        }
    }
}

/// Reads one object into a row.
struct Object<'a> {
    row: &'a mut Row,
    columns: &'a mut Columns,
    trouble: &'a mut Option<Trouble>,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let line = self.row.number;
        while let Some(column) = object.next_key_seed(Key { columns: self.columns, line })? {
            let trouble = match column {
                Ok(column) => {
                    let cell = Cell { row: self.row, column, columns: self.columns, trouble: self.trouble };
                    object.next_value_seed(cell)?;
                    continue;
                }
                Err(trouble) => trouble,
            };
            *self.trouble = Some(trouble);
            return Err(A::Error::custom(""));
        }
        Ok(())
    }
}

/// Reads a name to the number of its column.
struct Key<'a> {
    columns: &'a mut Columns,
    line: u64,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Result<usize, Trouble>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Result<usize, Trouble>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.columns.number(name, self.line))
    }
}

/// Reads a value into a row.
struct Cell<'a> {
    row: &'a mut Row,
    column: usize,
    columns: &'a Columns,
    trouble: &'a mut Option<Trouble>,
}

impl Cell<'_> {
    fn refuse<T, E: serde::de::Error>(self, trouble: fn(String) -> Trouble) -> Result<T, E> {
        *self.trouble = Some(trouble(self.columns.names[self.column].clone()));
        Err(E::custom(""))
    }
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text, a number, true, false or null")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.row.push(self.column, text);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.row.push(self.column, if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.row.push(self.column, &value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.row.push(self.column, &value.to_string());
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        if value.abs() >= EXACT {
            return self.refuse(Trouble::Inexact);
        }
        self.row.push(self.column, &value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        self.refuse(Trouble::Nested)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        if self.columns.names[self.column] != "legs" {
            return self.refuse(Trouble::Nested);
        }
        let list = Vec::<serde_json::Value>::deserialize(serde::de::value::SeqAccessDeserializer::new(list))?;
        self.row.push(self.column, &serde_json::Value::Array(list).to_string());
        Ok(())
    }
}
