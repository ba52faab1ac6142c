//! Which channels are listened to where there are more than two.

use std::fmt;
use std::str::FromStr;

/// One or two channels of recordings with more than two, by number from 0: they become channels 0 and 1. Recordings with
/// one or two channels are taken as they are.
///
/// ```
/// use callsift::audio::decode::Pick;
/// let pick: Pick = "5,2".parse()?;
/// assert_eq!(pick.numbers(), [5, 2]);
/// assert!("1,1".parse::<Pick>().is_err() && "0,1,2".parse::<Pick>().is_err());
/// # Ok::<(), callsift::audio::decode::BadPick>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick(Vec<u16>);

/// Why a text names no channels.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} names neither one channel nor two; write numbers from 0 to {HIGHEST}, such as 0,1", HIGHEST = Pick::HIGHEST)]
pub struct BadPick {
    /// What was written.
    text: String,
}

impl Pick {
    /// The highest number of a channel.
    pub const HIGHEST: u16 = 63;

    /// The numbers, in the order in which the channels come.
    #[must_use]
    pub fn numbers(&self) -> &[u16] {
        &self.0
    }
}

impl FromStr for Pick {
    type Err = BadPick;

    fn from_str(text: &str) -> Result<Self, BadPick> {
        let number = |part: &str| part.trim().parse().ok().filter(|number| *number <= Self::HIGHEST);
        let numbers: Option<Vec<u16>> = text.split(',').map(number).collect();
        match numbers.as_deref() {
            Some([_]) => {}
            Some([first, second]) if first != second => {}
            _ => return Err(BadPick { text: text.to_owned() }),
        }
        Ok(Self(numbers.unwrap_or_default()))
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(u16::to_string).collect();
        out.write_str(&numbers.join(","))
    }
}
