//! Committing a batch: all of it, or nothing, whenever the process ends.

use super::batch::Batch;
use super::error::DatasetError;
use super::layout::{self, DataFile};
use super::open::Dataset;
use super::parquet_file;
use super::redo::{Added, Redo};
use crate::tables;

/// A batch that is in the dataset for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its name.
    pub name: String,
    /// Whether it was not there before.
    pub is_new: bool,
}

impl Dataset {
    /// Commits `batch`. A batch of its name that is committed already is left as it is.
    ///
    /// The files are written aside and brought to disk, then a record that names them is put in place, which is the
    /// commit; then they are put in place, `calls` last, so that a reader who sees a call sees what belongs to it.
    ///
    /// # Errors
    /// [`DatasetError`] where the batch is not one (see [`Batch`]) or cannot be written. Whether it was committed
    /// is then known at the next [`Dataset::open`], which finishes it if it was.
    pub fn commit(&self, batch: &Batch<'_>) -> Result<Committed, DatasetError> {
        let date = batch.checked_date()?;
        let name = batch.name();
        let is_new = self.folder.size(&layout::record(&name))?.is_none();
        if is_new {
            self.stage(batch, &name, date)?.write(&self.folder, &name)?;
        }
        if self.folder.size(&layout::done(&name))?.is_none() {
            Redo::read(&self.folder, &name)?.carry_out(&self.folder, &name)?;
        }
        Ok(Committed { name, is_new })
    }

    /// Writes the files of `batch` aside and brings them to disk; gives the record that would commit them.
    fn stage(&self, batch: &Batch<'_>, name: &str, date: Option<jiff::civil::Date>) -> Result<Redo, DatasetError> {
        let drafts = format!("{}/{}", layout::TMP, batch.run);
        self.folder.create_folder(&drafts)?;
        let mut add = Vec::new();
        for (table, rows) in tables::batches(batch.rows) {
            let file = DataFile { table, date, batch: name.to_owned() };
            let bytes = parquet_file::encode(table, &rows)?;
            self.folder.write(&file.draft(batch.run), &bytes)?;
            add.push(Added::of(file.path(), &bytes));
        }
        self.folder.sync_folder(&drafts)?;
        // `calls` comes first of the tables, and goes into place last.
        add.reverse();
        Ok(Redo { run: batch.run.to_owned(), add, remove: Vec::new() })
    }
}
