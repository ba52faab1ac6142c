//! What third-party decoders are put behind: a panic becomes an error, and reads are counted
//! against the size of the file, so that no loop is endless.

use super::DecodeError;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use symphonia::core::io::MediaSource;

/// Runs third-party code; a panic in it becomes an error. Nothing that it touched is used after one.
pub(super) fn fenced<T>(work: impl FnOnce() -> T) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| DecodeError::DecoderPanicked)
}

/// The error for a codec that nothing here decodes.
pub(super) fn unsupported(codec: &str) -> DecodeError {
    DecodeError::UnsupportedCodec { codec: codec.to_owned() }
}

/// The error for bytes that contradict themselves.
pub(super) fn corrupt(detail: &str) -> DecodeError {
    DecodeError::Corrupt { detail: detail.to_owned() }
}

/// Reads until `buffer` is full or the file ends; returns the bytes read.
pub(super) fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A file that ends when far more was read of it than it has.
pub(super) struct Fenced<R> {
    source: R,
    source_bytes: u64,
    bytes_left: u64,
    seeks_left: u64,
    is_forward_only: bool,
}

impl<R> Fenced<R> {
    pub(super) fn new(source: R, source_bytes: u64) -> Self {
        let slack = 1 << 20;
        let bytes_left = source_bytes.saturating_mul(16).saturating_add(slack);
        let seeks_left = source_bytes.saturating_add(slack);
        Self { source, source_bytes, bytes_left, seeks_left, is_forward_only: false }
    }

    /// A file that is read from its start to its end, and whose length is not told.
    pub(super) fn forward_only(source: R, source_bytes: u64) -> Self {
        Self { is_forward_only: true, ..Self::new(source, source_bytes) }
    }
}

impl<R: Read> Read for Fenced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = (buffer.len() as u64).min(self.bytes_left) as usize;
        let read = self.source.read(&mut buffer[..wanted])?;
        self.bytes_left -= read as u64;
        Ok(read)
    }
}

impl<R: Seek> Seek for Fenced<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.seeks_left = self.seeks_left.checked_sub(1).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.source.seek(to)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Fenced<R> {
    fn is_seekable(&self) -> bool {
        !self.is_forward_only
    }

    fn byte_len(&self) -> Option<u64> {
        (!self.is_forward_only).then_some(self.source_bytes)
    }
}
