//! Where the bytes of a text came from.

use std::ops::Range;

/// Where a text came from, by offset, run by run; the last run is empty, at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origins(Vec<Run>);

/// A part of a text, and the units (characters or bytes) of another that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    /// Its first byte.
    at: usize,
    from: Range<u32>,
    /// How many bytes each unit became; `None` where they became it together.
    width: Option<usize>,
}

impl Origins {
    pub(super) fn with_capacity(runs: usize) -> Self {
        Self(Vec::with_capacity(runs))
    }

    /// Notes where the text from the byte `at` on came from, which is the first after what was noted before: units that became
    /// `width` bytes each, or together what follows.
    pub(super) fn push(&mut self, at: usize, from: Range<u32>, width: Option<usize>) {
        match self.0.last_mut() {
            Some(run) if width.is_some() && run.width == width && run.from.end == from.start => run.from.end = from.end,
            _ => self.0.push(Run { at, from, width }),
        }
    }

    /// What `bytes` came from. Bytes past the end are taken as the end; an empty range gives the empty range where it starts.
    pub(super) fn of(&self, bytes: Range<usize>) -> Range<u32> {
        let Some(first) = self.of_byte(bytes.start) else {
            return 0..0;
        };
        if bytes.end <= bytes.start {
            return first.start..first.start;
        }
        let end = self.of_byte(bytes.end - 1).map_or(first.end, |range| range.end);
        first.start..end
    }

    /// What the character came from that the byte `at` belongs to.
    fn of_byte(&self, at: usize) -> Option<Range<u32>> {
        let behind = self.0.partition_point(|run| run.at <= at);
        let run = self.0.get(behind.saturating_sub(1))?;
        let Some(width) = run.width else {
            return Some(run.from.clone());
        };
        let unit = run.from.start + ((at - run.at) / width) as u32;
        Some(unit..unit + 1)
    }
}
