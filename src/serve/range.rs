//! Which bytes a request asks for: RFC 9110, section 14.

use std::ops::Range;

/// What is sent of something of a known length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it: nothing else was asked for, or nothing that must be understood.
    Whole,
    /// These bytes, at least one.
    Part(Range<u64>),
    /// It does not have the bytes that were asked for.
    Nothing,
}

/// What the header `Range` asks for of something that is `length_bytes` long. What is not well formed, in another unit, or more
/// than one range reads as [`Wanted::Whole`]: a server may ignore it (section 14.2).
pub(super) fn wanted(range: Option<&str>, length_bytes: u64) -> Wanted {
    let Some((unit, set)) = range.and_then(|range| range.split_once('=')) else { return Wanted::Whole };
    let mut ranges = set.split(',').map(str::trim).filter(|one| !one.is_empty());
    match (ranges.next(), ranges.next()) {
        (Some(only), None) if unit.trim().eq_ignore_ascii_case("bytes") => one(only, length_bytes),
        _ => Wanted::Whole,
    }
}

/// `first-last`, `first-` or `-last so many`.
fn one(range: &str, length_bytes: u64) -> Wanted {
    let Some((first, last)) = range.split_once('-') else { return Wanted::Whole };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => part(first..last.saturating_add(1).min(length_bytes)),
        (Some(first), None) if last.is_empty() => part(first..length_bytes),
        (None, Some(count)) if first.is_empty() => part(length_bytes.saturating_sub(count)..length_bytes),
        _ => Wanted::Whole,
    }
}

fn part(range: Range<u64>) -> Wanted {
    if range.is_empty() { Wanted::Nothing } else { Wanted::Part(range) }
}

/// A number of any length; what is past all files reads as the largest one.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_hundred_bytes() {
        let part = Wanted::Part;
        let cases = [
            ("the first byte", "bytes=0-0", part(0..1)),
            ("the last byte", "bytes=99-99", part(99..100)),
            ("all, by number", "bytes=0-99", part(0..100)),
            ("past the end", "bytes=90-1000", part(90..100)),
            ("to the end", "bytes=10-", part(10..100)),
            ("the last ten", "bytes=-10", part(90..100)),
            ("the last thousand", "bytes=-1000", part(0..100)),
            ("unit in capitals", "BYTES=1-2", part(1..3)),
            ("numbers past all files", "bytes=1-99999999999999999999999", part(1..100)),
            ("an empty element", "bytes=,5-6", part(5..7)),
            ("behind the end", "bytes=100-", Wanted::Nothing),
            ("far behind the end", "bytes=99999999999999999999999-", Wanted::Nothing),
            ("the last none", "bytes=-0", Wanted::Nothing),
            ("two", "bytes=0-1,5-6", Wanted::Whole),
            ("reversed", "bytes=6-5", Wanted::Whole),
            ("another unit", "seconds=0-1", Wanted::Whole),
            ("nothing", "bytes=", Wanted::Whole),
            ("no unit", "0-1", Wanted::Whole),
            ("a sign", "bytes=+1-2", Wanted::Whole),
            ("no dash", "bytes=5", Wanted::Whole),
            ("a dash alone", "bytes=-", Wanted::Whole),
            ("letters", "bytes=a-b", Wanted::Whole),
        ];
        for (name, range, expected) in cases {
            assert_eq!(wanted(Some(range), 100), expected, "{name}: {range}");
        }
        assert_eq!(wanted(None, 100), Wanted::Whole);
    }
}
