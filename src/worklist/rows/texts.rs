//! Record batches as rows of texts.

use super::Fault;
use super::bounded::MAX_LINE_BYTES;
use super::cast::{Unfit, is_plain, to_text};
use super::row::Row;
use crate::worklist::identity::shown_text;
use arrow::array::{Array, RecordBatch, StringArray};
use arrow::datatypes::Schema;

/// Columns of a plain type, whose values are read as text.
pub(in crate::worklist) struct TextColumns {
    names: Vec<String>,
}

/// The rows of a record batch, as text.
#[derive(Default)]
pub(in crate::worklist) struct TextRows {
    texts: Vec<StringArray>,
    rows: usize,
    /// Rows before them.
    before: u64,
}

impl TextColumns {
    /// The columns of `schema`.
    ///
    /// # Errors
    /// One of them is of no plain type.
    pub(in crate::worklist) fn of(schema: &Schema) -> Result<Self, Fault> {
        if let Some(field) = schema.fields().iter().find(|field| !is_plain(field.data_type())) {
            let message =
                format!("the column {} is of type {}, which is no text", shown_text(field.name()), field.data_type());
            let help = "write text, numbers, booleans, dates or timestamps, or leave it out";
            return Err(Fault::file(None, message, help));
        }
        Ok(Self { names: schema.fields().iter().map(|field| field.name().trim().to_owned()).collect() })
    }

    pub(in crate::worklist) fn names(&self) -> &[String] {
        &self.names
    }

    /// The rows of `batch`, which has these columns and comes after so many rows.
    ///
    /// # Errors
    /// A value is not what its type says.
    pub(in crate::worklist) fn rows(&self, batch: &RecordBatch, before: u64) -> Result<TextRows, Fault> {
        let text = |(column, name): (_, &String)| {
            to_text(column).map_err(|unfit| {
                let name = shown_text(name);
                match unfit {
                    Unfit::Zone => {
                        Fault::file(None, format!("the zone of column {name} is not known"), "write timestamps in UTC")
                    }
                    Unfit::Cast => {
                        Fault::file(None, format!("the column {name} does not hold what its type says"), "write text")
                    }
                    Unfit::Row(row) => Fault::file(
                        Some(before + row as u64 + 1),
                        format!("the time in column {name} is in no year of the calendar"),
                        "mend it, or leave it null",
                    ),
                }
            })
        };
        let texts = batch.columns().iter().zip(&self.names).map(text).collect::<Result<_, _>>()?;
        Ok(TextRows { texts, rows: batch.num_rows(), before })
    }
}

impl TextRows {
    /// How many rows there are.
    pub(in crate::worklist) fn len(&self) -> usize {
        self.rows
    }

    /// Reads row `index` into `row`.
    ///
    /// # Errors
    /// It is too long.
    pub(in crate::worklist) fn read(&self, index: usize, row: &mut Row) -> Result<(), Fault> {
        let number = self.before + index as u64 + 1;
        row.start(number);
        for (column, texts) in self.texts.iter().enumerate().filter(|(_, texts)| texts.is_valid(index)) {
            let cell = texts.value(index);
            if row.len_bytes() + cell.len() > MAX_LINE_BYTES {
                let message = format!("the row is longer than {MAX_LINE_BYTES} bytes");
                return Err(Fault::line(number, message, "shorten its cells"));
            }
            row.push(column, cell);
        }
        Ok(())
    }
}
