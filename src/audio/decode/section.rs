//! A range of a file, as if it were all of it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes `start` to `start + bytes` of a file, which is read and sought as a file of its own.
#[derive(Debug)]
pub(super) struct Section {
    file: File,
    start: u64,
    bytes: u64,
    position: u64,
}

impl Section {
    /// The `bytes` bytes of `file` from `start` on; where the file ends earlier, so does the section.
    pub(super) fn new(mut file: File, start: u64, bytes: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        Ok(Self { file, start, bytes, position: 0 })
    }
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.bytes.saturating_sub(self.position).min(buffer.len() as u64) as usize;
        let read = self.file.read(&mut buffer[..wanted])?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.bytes.checked_add_signed(offset),
        };
        let absolute = position.and_then(|position| self.start.checked_add(position));
        let absolute = absolute.ok_or(io::ErrorKind::InvalidInput)?;
        self.file.seek(SeekFrom::Start(absolute))?;
        self.position = absolute - self.start;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn only_the_range_is_seen() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        let mut section = Section::new(file, 2, 5).unwrap();
        let mut text = String::new();
        section.read_to_string(&mut text).unwrap();
        assert_eq!(text, "23456");
        // (name, where to, position, what is read from there)
        let cases = [
            ("start", SeekFrom::Start(1), Some(1), "3456"),
            ("end", SeekFrom::End(-2), Some(3), "56"),
            ("back", SeekFrom::Current(-1), Some(4), "6"),
            ("past the end", SeekFrom::Start(7), Some(7), ""),
            ("before the start", SeekFrom::End(-6), None, ""),
        ];
        for (name, to, position, expected) in cases {
            assert_eq!(section.seek(to).ok(), position, "{name}");
            text.clear();
            section.read_to_string(&mut text).unwrap();
            assert_eq!(text, expected, "{name}");
        }
    }
}
