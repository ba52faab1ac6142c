//! Rows of a CSV file: commas, UTF-8, the names of the columns in the first line.

use super::bounded::Bounded;
use super::row::Row;
use super::{Fault, RowSource};
use std::io::Read;

const BUFFER_BYTES: usize = 1 << 16;

pub(super) struct CsvRows<R> {
    reader: csv::Reader<Bounded<R>>,
    columns: Vec<String>,
    record: csv::ByteRecord,
}

impl<R: Read> CsvRows<R> {
    /// Reads the header.
    pub(super) fn open(source: R) -> Result<Self, Fault> {
        let reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(Bounded::new(source));
        let mut rows = Self { reader, columns: Vec::new(), record: csv::ByteRecord::new() };
        if rows.read()?.is_some() {
            rows.columns =
                cells(&rows.record)?.map(|cell| cell.map(|text| text.trim().to_owned())).collect::<Result<_, _>>()?;
        }
        Ok(rows)
    }

    /// Reads the next record; returns its line.
    fn read(&mut self) -> Result<Option<u64>, Fault> {
        self.reader.get_mut().renew();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Ok(Some(line_of(&self.record))),
            Ok(false) => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn fault(&self, error: &csv::Error) -> Fault {
        let line = self.reader.position().line();
        if self.reader.get_ref().gave_up {
            return Fault::too_long(line);
        }
        match error.kind() {
            csv::ErrorKind::Io(error) => Fault::unreadable(error.kind()),
            // The cells' text is not repeated.
            _ => Fault::file(Some(line), format!("not CSV: line {line}"), "check the quotes around the cell"),
        }
    }
}

impl<R: Read + Send> RowSource for CsvRows<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_header(&self) -> bool {
        true
    }

    fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        let Some(line) = self.read()? else { return Ok(false) };
        row.start(line);
        for (column, cell) in cells(&self.record)?.enumerate() {
            row.push(column, cell?);
        }
        let (cells, columns) = (self.record.len(), self.columns.len());
        if cells > columns {
            let message = format!("{cells} cells under {columns} columns");
            return Err(Fault::line(line, message, "put a cell that holds a comma between double quotes"));
        }
        Ok(true)
    }
}

fn line_of(record: &csv::ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// The cells as text.
fn cells(record: &csv::ByteRecord) -> Result<impl Iterator<Item = Result<&str, Fault>>, Fault> {
    let line = line_of(record);
    Ok(record.iter().scan(line, |line, cell| {
        let text = std::str::from_utf8(cell).map_err(|error| {
            let breaks = cell[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            Fault::not_utf8(*line + breaks as u64)
        });
        *line += cell.iter().filter(|byte| **byte == b'\n').count() as u64;
        Some(text)
    }))
}
