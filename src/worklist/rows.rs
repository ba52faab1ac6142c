//! Tables that people hand over, row by row: CSV, JSON lines and Parquet.
//!
//! However long a file is, only a part of it is in memory, and the size of one line is bounded.

mod bounded;
mod cast;
mod csv;
mod json;
mod parquet;
mod row;
mod texts;

pub(super) use row::Row;
pub(super) use texts::TextColumns;

use super::WorkMistake;
use super::identity::{short, shown};
use super::mistake::Mistakes;
use crate::storage::open as open_file;
use rayon::prelude::*;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Rows are handed on in chunks of so many at most, to be worked on by all threads.
pub(super) const CHUNK_ROWS: usize = 4096;
/// A chunk of long lines ends earlier.
const CHUNK_BYTES: usize = 8 << 20;

/// One row after the other.
trait RowSource: Send {
    /// The names of the columns, as far as they are known yet.
    fn columns(&self) -> &[String];

    /// Whether a header names all columns before the first row.
    fn has_header(&self) -> bool;

    /// Reads the next row into `row`; false at the end. After a fault of a line, the next may be read.
    fn next(&mut self, row: &mut Row) -> Result<bool, Fault>;
}

/// Reads one row under the names of the columns.
type ReadRow<'a, T> = dyn Fn(&[String], &Row) -> Result<T, Vec<WorkMistake>> + Sync + 'a;

/// What is wrong with a line, or with the file from there on.
#[derive(Debug)]
pub(super) struct Fault {
    number: Option<u64>,
    message: String,
    help: &'static str,
    /// Whether the lines after it can still be read.
    goes_on: bool,
}

impl Fault {
    fn line(number: u64, message: String, help: &'static str) -> Self {
        Self { number: Some(number), message, help, goes_on: true }
    }

    fn file(number: Option<u64>, message: String, help: &'static str) -> Self {
        Self { number, message, help, goes_on: false }
    }

    fn unreadable(kind: ErrorKind) -> Self {
        Self::file(None, format!("the file cannot be read: {kind}"), "check the path and its permissions")
    }

    fn too_long(number: u64) -> Self {
        let message = format!("line {number} is longer than {} bytes", bounded::MAX_LINE_BYTES);
        Self::file(Some(number), message, "check for a quote that is not closed, or shorten the line")
    }

    fn not_utf8(number: u64) -> Self {
        let help = "save it as UTF-8 (\"CSV UTF-8\" in Excel, which writes GBK by default on Chinese systems)";
        Self::file(Some(number), format!("line {number} is not UTF-8"), help)
    }
}

/// An open table.
pub(super) struct Table {
    source: Box<dyn RowSource>,
    at: Place,
    ended: bool,
}

/// Where a table is, for messages.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) is_parquet: bool,
}

impl Place {
    /// Line or row `number` of the file.
    pub(super) fn of(&self, number: u64) -> String {
        format!("{}:{}{number}", shown(&self.path), if self.is_parquet { "row " } else { "" })
    }

    /// Where the names of the columns are.
    pub(super) fn header(&self) -> String {
        if self.is_parquet { shown(&self.path) } else { self.of(1) }
    }

    /// Line or row `number`, for a message about the same file.
    pub(super) fn inside(&self, number: u64) -> String {
        format!("{} {number}", if self.is_parquet { "row" } else { "line" })
    }

    pub(super) fn mistake(&self, fault: Fault) -> WorkMistake {
        let place = fault.number.map_or_else(|| shown(&self.path), |number| self.of(number));
        WorkMistake { place, message: fault.message, help: fault.help.into() }
    }
}

impl Table {
    /// Opens the table at `path`, its format by its extension: `.jsonl`, `.ndjson` and `.json` are JSON lines,
    /// `.parquet` is Parquet, all else CSV.
    pub(super) fn open(path: &Path) -> Result<Self, WorkMistake> {
        let is = |extensions: &[&str]| {
            path.extension().is_some_and(|own| extensions.iter().any(|extension| own.eq_ignore_ascii_case(extension)))
        };
        let at = Place { path: path.to_owned(), is_parquet: is(&["parquet"]) };
        let open = || -> Result<Box<dyn RowSource>, Fault> {
            let file = open_file(path).map_err(|error| Fault::unreadable(error.kind()))?;
            Ok(if at.is_parquet {
                Box::new(parquet::ParquetRows::open(file)?)
            } else if is(&["jsonl", "ndjson", "json"]) {
                Box::new(json::JsonRows::open(file))
            } else {
                Box::new(csv::CsvRows::open(file)?)
            })
        };
        match open() {
            Ok(source) => Ok(Self { source, at, ended: false }),
            Err(fault) => Err(at.mistake(fault)),
        }
    }

    /// Where it is, for messages.
    pub(super) fn place(&self) -> &Place {
        &self.at
    }

    /// The names of the columns; of JSON lines, those met so far.
    pub(super) fn columns(&self) -> &[String] {
        self.source.columns()
    }

    /// Whether the names of all columns are known before the first row.
    pub(super) fn has_header(&self) -> bool {
        self.source.has_header()
    }

    /// Reads the whole table, its rows by `read` on all threads, and hands what came of them to `take`, chunk by chunk
    /// in the order of the file, each with a hash of its text; stops where `take` says false. Rows with mistakes are left
    /// out of their chunk.
    pub(super) fn read_all<T: Send>(
        &mut self,
        read: &ReadRow<'_, T>,
        take: &mut dyn FnMut(u64, Vec<T>) -> bool,
    ) -> Mistakes {
        let (mut mistakes, mut buffer) = (Mistakes::default(), Vec::new());
        let (mut rows, mut next) = (Vec::new(), Vec::new());
        let mut count = self.fill(&mut rows, &mut mistakes);
        while count > 0 {
            let (chunk, columns) = (&rows[..count], self.columns().to_vec());
            let mut ahead = Mistakes::default();
            // While one chunk is worked on, the next is read.
            let (done, next_count) = rayon::join(
                || chunk.par_iter().map(|row| read(&columns, row)).collect::<Vec<_>>(),
                || self.fill(&mut next, &mut ahead),
            );
            let fine = done.into_iter().filter_map(|one| one.map_err(|wrong| mistakes.extend(wrong)).ok()).collect();
            if !take(hash_of(&columns, chunk, &mut buffer), fine) {
                break;
            }
            mistakes.append(ahead);
            std::mem::swap(&mut rows, &mut next);
            count = next_count;
        }
        mistakes
    }

    /// Reads the next rows, at most [`CHUNK_ROWS`], into `rows`, whose memory is used again; returns how many.
    pub(super) fn fill(&mut self, rows: &mut Vec<Row>, mistakes: &mut Mistakes) -> usize {
        let (mut count, mut bytes) = (0, 0);
        while !self.ended && count < CHUNK_ROWS && bytes < CHUNK_BYTES {
            if rows.len() == count {
                rows.push(Row::default());
            }
            match self.source.next(&mut rows[count]) {
                Ok(true) => {
                    bytes += rows[count].len_bytes();
                    count += 1;
                }
                Ok(false) => self.ended = true,
                Err(fault) => {
                    self.ended = !fault.goes_on;
                    mistakes.push(self.at.mistake(fault));
                }
            }
        }
        count
    }
}

fn hash_of(columns: &[String], rows: &[Row], buffer: &mut Vec<u8>) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for column in columns {
        hasher.update(&(column.len() as u64).to_le_bytes());
        hasher.update(column.as_bytes());
    }
    rows.iter().for_each(|row| row.hash_into(&mut hasher, buffer));
    short(hasher.finalize())
}
