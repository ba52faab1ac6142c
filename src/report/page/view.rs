//! What a page is made of, as its template takes it.

use crate::finding::Severity;
use crate::report::call::CallView;
use serde::Serialize;

/// A part of a page with a heading.
#[derive(Serialize)]
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    /// What the figures are of; empty: nothing to say.
    pub(super) lead: String,
    pub(super) blocks: Vec<Block>,
}

impl Section {
    pub(super) fn new(id: &'static str, title: &str, lead: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { id, title: title.to_owned(), lead: lead.into(), blocks }
    }
}

/// Something on a page.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Block {
    /// Figures side by side.
    Tiles { tiles: Vec<Tile> },
    /// A picture, with words under it.
    Picture { svg: String, caption: String },
    /// A table.
    Table { table: Table },
    /// Words.
    Note { text: String },
    /// Why something is not there.
    Missing { text: String },
    /// Calls with all that is known of them.
    Calls { calls: Vec<CallView> },
}

/// A figure.
#[derive(Serialize)]
pub(super) struct Tile {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) beside: String,
    /// How it looks: `bad`, `good`, or empty.
    pub(super) tone: &'static str,
}

impl Tile {
    pub(super) fn new(name: &str, value: impl Into<String>, beside: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: value.into(), beside: beside.into(), tone: "" }
    }

    pub(super) fn bad_if(mut self, is_bad: bool) -> Self {
        self.tone = if is_bad { "bad" } else { "" };
        self
    }
}

/// More rows than this nobody reads on a page, and it must stay small enough to be sent by mail; the dataset has them all.
const MOST_ROWS: usize = 200;

/// A table; every row has as many cells as the head.
#[derive(Serialize)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) head: Vec<Head>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// So many rows are left out at its end.
    pub(super) left_out: usize,
}

impl Table {
    /// A table of named columns; a name that starts with `#` is of numbers.
    pub(super) fn new(caption: &str, head: &[&str], mut rows: Vec<Vec<Cell>>) -> Self {
        let left_out = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        let head = head
            .iter()
            .map(|name| Head { text: name.trim_start_matches('#').to_owned(), is_numeric: name.starts_with('#') });
        Self { caption: caption.to_owned(), head: head.collect(), rows, left_out }
    }
}

/// A column's head.
#[derive(Serialize)]
pub(super) struct Head {
    text: String,
    is_numeric: bool,
}

/// A cell.
#[derive(Default, Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    /// Small words under it.
    pub(super) below: String,
    pub(super) href: Option<String>,
    /// A picture in it.
    pub(super) svg: String,
    pub(super) class: &'static str,
    pub(super) is_numeric: bool,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_numeric: true, ..Self::default() }
    }

    /// A severity, called `name`, as a tag in its colour.
    pub(super) fn severity(severity: Severity, name: &str) -> Self {
        let class = match severity {
            Severity::Fatal => "tag fatal",
            Severity::Critical => "tag critical",
            Severity::Major => "tag major",
            Severity::Minor => "tag minor",
            Severity::Note => "tag note",
        };
        Self::text(name).class(class)
    }

    pub(super) fn below(mut self, below: impl Into<String>) -> Self {
        self.below = below.into();
        self
    }

    pub(super) fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    pub(super) fn href(mut self, href: Option<String>) -> Self {
        self.href = href;
        self
    }
}
