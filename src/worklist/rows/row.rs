//! One line of a table, whatever the format: its filled cells as text.

/// One line of a table. Cells are trimmed; empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::worklist) struct Row {
    /// 1-based line of a text file, row of a Parquet file.
    pub number: u64,
    text: String,
    /// Column, and where its text ends.
    cells: Vec<(u32, u32)>,
}

impl Row {
    /// Forgets everything, to be filled again.
    pub(in crate::worklist) fn start(&mut self, number: u64) {
        self.number = number;
        self.text.clear();
        self.cells.clear();
    }

    /// Appends the cell of `column`. Each reader bounds the size of a line, so places fit into 32 bits.
    pub(in crate::worklist) fn push(&mut self, column: usize, cell: &str) {
        let cell = cell.trim();
        if !cell.is_empty() {
            self.text.push_str(cell);
            self.cells.push((column as u32, self.text.len() as u32));
        }
    }

    /// The filled cells, each with the number of its column.
    pub(in crate::worklist) fn cells(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.cells.iter().map(move |&(column, end)| {
            let cell = &self.text[start..end as usize];
            start = end as usize;
            (column as usize, cell)
        })
    }

    /// The cell of `column`, or `None` where it is empty.
    pub(in crate::worklist) fn cell(&self, column: usize) -> Option<&str> {
        self.cells().find(|(of, _)| *of == column).map(|(_, cell)| cell)
    }

    /// How many bytes of text it holds.
    pub(in crate::worklist) fn len_bytes(&self) -> usize {
        self.text.len()
    }

    /// Adds all that it says to a hash.
    pub(in crate::worklist) fn hash_into(&self, hasher: &mut blake3::Hasher, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend(self.number.to_le_bytes());
        buffer.extend((self.cells.len() as u64).to_le_bytes());
        for (column, end) in &self.cells {
            buffer.extend(column.to_le_bytes());
            buffer.extend(end.to_le_bytes());
        }
        buffer.extend(self.text.as_bytes());
        hasher.update(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_trimmed_and_empty_ones_left_out() {
        let mut row = Row::default();
        row.start(3);
        row.push(0, " a ");
        row.push(1, "  ");
        row.push(2, "\u{3000}张 三\t");
        assert_eq!(row.cells().collect::<Vec<_>>(), [(0, "a"), (2, "张 三")]);
        assert_eq!((row.cell(2), row.cell(1), row.len_bytes()), (Some("张 三"), None, 8));
        row.start(4);
        assert_eq!(row.cells().count(), 0);
    }
}
