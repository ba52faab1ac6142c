//! Rows under a heading, in columns as wide as what is in them.

use super::terminal::{Ink, Line, Page};

/// A table for people.
#[derive(Clone, Debug, Default)]
pub(super) struct Table(Vec<Vec<Line>>);

impl Table {
    /// A table without rows.
    pub(super) fn new<const N: usize>(header: [&str; N]) -> Self {
        Self(vec![header.map(|title| Line::of(Ink::Heading, title)).into()])
    }

    /// Adds a row: a cell for each column.
    pub(super) fn row<const N: usize>(&mut self, cells: [Line; N]) {
        self.0.push(cells.into());
    }

    /// Whether there is no row.
    pub(super) fn is_empty(&self) -> bool {
        self.0.len() == 1
    }

    /// Adds the rows to `page`, the header first.
    pub(super) fn push_to(self, page: &mut Page) {
        let columns = self.0.first().map_or(0, Vec::len);
        let width = |column: usize| self.0.iter().filter_map(|row| row.get(column)).map(Line::width).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in self.0 {
            let cells = row.into_iter().zip(&widths).map(|(cell, width)| {
                let room = " ".repeat(width.saturating_sub(cell.width()) + 1);
                Line::from(" ").join(cell).and(Ink::Plain, &room)
            });
            page.line(cells.fold(Line::default(), Line::join));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_look() {
        let mut table = Table::new(["坐席", "verdict", "n"]);
        table.row(["a".into(), Line::of(Ink::Bad, "fail"), "10".into()]);
        table.row(["张三\n李四".into(), "pass".into(), "2".into()]);
        let mut page = Page::default();
        table.push_to(&mut page);
        let expected = [" 坐席       verdict  n", " a          fail     10", " 张三�李四  pass     2"];
        assert_eq!(page.text(false).lines().collect::<Vec<_>>(), expected);
        assert!(page.text(true).contains("\u{1b}[31mfail\u{1b}[0m     10"), "{:?}", page.text(true));
    }
}
