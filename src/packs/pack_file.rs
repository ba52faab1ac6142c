//! `pack.toml`.

use super::model::Pack;
use crate::written::{Fault, Mistake, Page, Table, codes};

/// Reads the pack file `text` of the folder `folder`, shown as `file`.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read(folder: &str, file: &str, text: &str) -> Result<Pack, Vec<Mistake>> {
    Page::read(file, text, "the pack", |table| read_pack(table, folder))
}

fn read_pack(table: &Table<'_>, folder: &str) -> Pack {
    let id = table.required_text("id");
    if id.value != folder && !id.value.is_empty() {
        let message = format!("the id is `{}`, but the folder is called `{folder}`", id.value);
        table.report(
            Fault::new(codes::ID_NOT_PATH, id.span.clone(), message)
                .label(format!("write \"{folder}\""))
                .help("or rename the folder"),
        );
    }
    let [title, description, language, owner, counsel] =
        ["title", "description", "language", "owner", "counsel"].map(|key| table.required_text(key).value);
    Pack { id: id.value, title, description, language, owner, counsel }
}
