//! A share of the work, for one of several processes.

use super::identity::id_hash;
use std::fmt;
use std::str::FromStr;

/// One of some shares of all names. Every name is in one of them and in no other, whatever other names there are, on every machine.
///
/// ```
/// use callsift::worklist::Shard;
/// let shards = [0, 1, 2].map(|index| Shard::new(index, 3).expect("0, 1 and 2 are below 3"));
/// assert_eq!(shards.iter().filter(|shard| shard.has("call-0001")).count(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: u32,
}

impl Shard {
    /// Share `index` of `count`, counted from 0; `None` where there is no such share.
    #[must_use]
    pub fn new(index: u32, count: u32) -> Option<Self> {
        (index < count).then_some(Self { index, count })
    }

    /// Whether the name, such as a call's id as it is written, is in this share.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        id_hash(name) % u64::from(self.count) == u64::from(self.index)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `0/4`; otherwise says how it is written.
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("write a share and their number, such as 0/4, 1/4, 2/4 and 3/4, not {text:?}");
        let (index, count) = text.split_once('/').ok_or_else(refused)?;
        let (index, count) = (index.parse().map_err(|_| refused())?, count.parse().map_err(|_| refused())?);
        Self::new(index, count)
            .ok_or_else(|| format!("there is no share {text}: they are counted from 0 and at least one"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_even_and_whole() {
        for count in [1_u32, 2, 3, 16] {
            let mut sizes = vec![0_u32; count as usize];
            for call in 0..4_000 {
                let name = format!("call-{call:05}");
                let mut having = (0..count).filter(|index| Shard::new(*index, count).unwrap().has(&name));
                sizes[having.next().unwrap() as usize] += 1;
                assert_eq!(having.next(), None, "{name} of {count}");
            }
            // Five standard deviations of a binomial distribution.
            let (mean, most_off) = (4_000.0 / f64::from(count), 5.0 * (4_000.0 / f64::from(count)).sqrt());
            assert!(sizes.iter().all(|size| (f64::from(*size) - mean).abs() <= most_off), "{sizes:?}");
        }
    }

    #[test]
    fn a_name_stays_in_its_share() {
        // The first 8 bytes of BLAKE3, little-endian, modulo 4: another version must deal the same names to the same shares.
        let of_four = |name: &str| (0..4).find(|index| Shard::new(*index, 4).unwrap().has(name));
        assert_eq!(["c-1", "c-2", "通话-3"].map(of_four), [Some(3), Some(2), Some(0)]);
    }

    #[test]
    fn shares_are_written_like_fractions() {
        for (text, expected) in [("0/1", Some((0, 1))), ("3/4", Some((3, 4))), ("4/4", None), ("0/0", None)] {
            assert_eq!(text.parse().ok(), expected.and_then(|(index, count)| Shard::new(index, count)), "{text}");
        }
        for text in ["", "1", "/", "1/", "/4", "-1/4", "1/4/4", "a/b", "1/99999999999"] {
            let said = text.parse::<Shard>().expect_err(text);
            assert!(said.starts_with("write a share"), "{text}: {said}");
        }
        assert_eq!(Shard::new(3, 4).unwrap().to_string(), "3/4");
    }
}
