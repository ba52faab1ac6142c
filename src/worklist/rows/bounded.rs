//! A reader that gives up on a line that does not end.

use std::io::{self, BufRead, BufReader, Read};

/// No line of a table may be longer, bytes: enough for any, little enough that a missing quote cannot fill the memory.
pub(in crate::worklist) const MAX_LINE_BYTES: usize = 1 << 20;

/// Hands out at most [`MAX_LINE_BYTES`] between two calls of [`Bounded::renew`].
pub(super) struct Bounded<R> {
    inner: R,
    left: usize,
    /// Whether it gave up.
    pub(super) gave_up: bool,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, left: MAX_LINE_BYTES, gave_up: false }
    }

    /// Allows the next line.
    pub(super) fn renew(&mut self) {
        self.left = MAX_LINE_BYTES;
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.gave_up = true;
            return Err(io::ErrorKind::InvalidData.into());
        }
        let most = buffer.len().min(self.left);
        let read = self.inner.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}

/// What [`read_line`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LineRead {
    Line,
    End,
    TooLong,
}

/// Reads the next line into `line`, without its line feed.
pub(super) fn read_line<R: Read>(reader: &mut BufReader<R>, line: &mut Vec<u8>) -> io::Result<LineRead> {
    line.clear();
    let read = reader.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(LineRead::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(if line.len() > MAX_LINE_BYTES { LineRead::TooLong } else { LineRead::Line })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_a_long_one_is_not() {
        let mut text = b"a\n\nb".to_vec();
        let mut line = Vec::new();
        let mut read = |text: &[u8]| {
            let mut reader = BufReader::new(text);
            let mut lines = Vec::new();
            loop {
                match read_line(&mut reader, &mut line).expect("memory is readable") {
                    LineRead::Line => lines.push(line.len()),
                    LineRead::End => return Ok(lines),
                    LineRead::TooLong => return Err(line.len()),
                }
            }
        };
        assert_eq!(read(&text), Ok(vec![1, 0, 1]));
        text.resize(4 + MAX_LINE_BYTES - 1, b'x');
        assert_eq!(read(&text).map(|lines| lines[2]), Ok(MAX_LINE_BYTES));
        text.push(b'x');
        assert_eq!(read(&text), Err(MAX_LINE_BYTES + 1));
    }

    #[test]
    fn a_bounded_reader_gives_up_until_renewed() {
        let source = vec![0; MAX_LINE_BYTES * 3];
        let mut bounded = Bounded::new(source.as_slice());
        let mut buffer = vec![0; MAX_LINE_BYTES * 2];
        assert_eq!(bounded.read(&mut buffer).ok(), Some(MAX_LINE_BYTES));
        bounded.renew();
        assert_eq!(bounded.read(&mut buffer).ok(), Some(MAX_LINE_BYTES));
        assert!(bounded.read(&mut buffer).is_err() && bounded.gave_up);
    }
}
