//! Tables that people bring besides a dataset, line by line.

use super::WorkMistake;
use super::cells::Cells;
use super::manifest::repeated_columns;
use super::mistake::Mistakes;
use super::rows::{Place, Row, Table};
use jiff::tz::TimeZone;
use std::path::Path;

/// Columns of which a table must have at least one, and what it is for.
pub(crate) type Needed = (&'static [&'static str], &'static str);

/// A line of a table.
pub(crate) struct BroughtLine<'a> {
    columns: &'a [String],
    row: &'a Row,
}

impl<'a> BroughtLine<'a> {
    /// The filled cells, each with the name of its column.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let columns = self.columns;
        self.row.cells().map(move |(column, cell)| (columns[column].as_str(), cell))
    }
}

/// Reads the table at `path`: each line by `read`, which says with [`Cells`] what is wrong with it, and what came of it to `take` in the
/// order of the file, which may find fault with it too. Times without an offset are in `zone`.
///
/// # Errors
/// Every mistake in the table, the first fifty in words.
pub(crate) fn read_table<T: Send>(
    path: &Path,
    needed: &[Needed],
    zone: Option<&TimeZone>,
    read: &(dyn Fn(BroughtLine<'_>, &mut Cells<'_>) -> T + Sync),
    take: &mut dyn FnMut(T) -> Option<(String, &'static str)>,
) -> Result<(), Vec<WorkMistake>> {
    let mut table = Table::open(path).map_err(|mistake| vec![mistake])?;
    let wrong = header_mistakes(&table, needed);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let at = table.place().clone();
    let line = |columns: &[String], row: &Row| {
        let mut cells = Cells::new(&at, row.number, zone);
        let line = read(BroughtLine { columns, row }, &mut cells);
        cells.finish((row.number, line))
    };
    let mut later = Mistakes::default();
    let mut mistakes = table.read_all(&line, &mut |_, chunk| {
        for (number, line) in chunk {
            if let Some((message, help)) = take(line) {
                later.push(at.mistake_at(number, message, help));
            }
        }
        true
    });
    mistakes.append(later);
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.listed(path)) }
}

fn header_mistakes(table: &Table, needed: &[Needed]) -> Vec<WorkMistake> {
    if !table.has_header() {
        return Vec::new();
    }
    let has = |names: &[&str]| table.columns().iter().any(|column| names.contains(&column.as_str()));
    let mistake = |(names, what): &Needed| WorkMistake {
        place: table.place().header(),
        message: match names {
            [name] => format!("the column {name} is missing"),
            _ => format!("the columns {} are all missing", names.join(", ")),
        },
        help: format!("add {}: {what}", names.join(" or ")),
    };
    let missing = needed.iter().filter(|(names, _)| !has(names)).map(mistake);
    missing.chain(repeated_columns(table.place(), table.columns())).collect()
}

impl Place {
    fn mistake_at(&self, number: u64, message: String, help: &str) -> WorkMistake {
        WorkMistake { place: self.of(number), message, help: help.to_owned() }
    }
}
