//! `pack.toml`.

use super::model::Pack;
use crate::written::{Fault, Mistake, Page, Table, codes, schema};

/// Reads the pack file `text` of the folder `folder`, shown as `file`.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read(folder: &str, file: &str, text: &str) -> Result<Pack, Vec<Mistake>> {
    Page::read(file, text, "the pack", |table| read_pack(table, folder))
}

/// The JSON Schema of pack.toml, for editors.
#[must_use]
pub(super) fn schema() -> serde_json::Value {
    let keys = [
        ("id", "The folder's name"),
        ("title", "What people see"),
        ("description", "What it is for"),
        ("language", "The language its rules are written in"),
        ("owner", "Who looks after it"),
        ("counsel", "What counsel must check before anybody relies on it"),
    ];
    let table = schema::table(keys.map(|(key, meaning)| schema::required(key, meaning, schema::text())));
    schema::file("A pack of callsift", table)
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
