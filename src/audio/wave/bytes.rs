//! Numbers and patterns in untrusted bytes.

use std::io::{self, Read, Seek, SeekFrom};

/// A source of bytes that can be sought.
pub(super) trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// The `N` bytes at `at`.
pub(super) fn array_at<const N: usize>(source: &mut impl Source, at: u64) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.seek(SeekFrom::Start(at))?;
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Up to `most` bytes from `at` on, fewer where the file ends.
pub(super) fn window_at(source: &mut impl Source, at: u64, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(at))?;
    source.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where `pattern` first stands in `bytes`.
pub(super) fn position(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}

/// The little-endian number of 16 bits at `at`; bytes that are not there are 0.
pub(super) fn u16_le(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(fixed(bytes, at))
}

/// The little-endian number of 32 bits at `at`; bytes that are not there are 0.
pub(super) fn u32_le(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(fixed(bytes, at))
}

/// The little-endian number of 64 bits at `at`; bytes that are not there are 0.
pub(super) fn u64_le(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(fixed(bytes, at))
}

/// The big-endian number of 32 bits at `at`; bytes that are not there are 0.
pub(super) fn u32_be(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(fixed(bytes, at))
}

/// The big-endian number of 64 bits at `at`; bytes that are not there are 0.
pub(super) fn u64_be(bytes: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(fixed(bytes, at))
}

fn fixed<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    std::array::from_fn(|offset| bytes.get(at + offset).copied().unwrap_or(0))
}
