//! Finding identifiers in what was said.

use super::runs::{Token, runs};
use super::windows::{Identifier, Manner, identifiers};
use super::{email, names};
use crate::transcript::Speaker;
use std::ops::Range;

/// An utterance as far as identifiers are concerned.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Who said it; a number that one speaker says in pieces is put together.
    pub by: Speaker,
    /// The words, raw.
    pub text: &'a str,
}

/// What kind of personal datum was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A phone number.
    Phone,
    /// The number of an identity card.
    IdCard,
    /// The number of a bank card.
    BankCard,
    /// The local part of an e-mail address.
    Email,
    /// A given name.
    Name,
    /// More digits in a row than anyone says, masked unread.
    Digits,
}

impl Kind {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::IdCard => "id_card",
            Self::BankCard => "bank_card",
            Self::Email => "email",
            Self::Name => "name",
            Self::Digits => "digits",
        }
    }
}

/// A personal datum that was mentioned.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its kind.
    pub kind: Kind,
    /// Where: one part an utterance, in order, at least one.
    pub parts: Vec<Part>,
    /// Whether it was said in full.
    pub complete: bool,
    /// How sure, 0 to 1; ours: 0.99 where a check digit and a date agree, 0.6 and less where only its shape does.
    pub confidence: f32,
}

/// The part of a personal datum that lies in one utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which utterance, by its place in what was searched.
    pub utterance: usize,
    /// From its first to its last character, in Unicode scalar values, half-open.
    pub chars: Range<u32>,
    /// The characters that are masked, in order; what stands between digits is not.
    pub masked: Vec<u32>,
}

/// Returns the personal data in `said`, by (utterance, first character): phone, identity card and bank card numbers in
/// figures or spoken digits, also over fillers and consecutive utterances of a speaker; local parts of e-mail
/// addresses; given names between a surname and an honorific.
///
/// Numbers that start with 400 or 800 and short service numbers are public and left out, as are dates, times and amounts.
///
/// ```
/// use callsift::entities::{Kind, Said, find};
/// use callsift::transcript::Speaker;
/// let said = [Said { by: Speaker::Channel(1), text: "我的手机是幺三八 零零幺三 八零零零" }];
/// let found = find(&said);
/// assert_eq!((found.len(), found[0].kind, found[0].complete), (1, Kind::Phone, true));
/// assert_eq!(found[0].parts[0].chars, 5..18);
/// ```
#[must_use]
pub fn find(said: &[Said<'_>]) -> Vec<Found> {
    search(said, Manner::Said)
}

/// [`find`], for text of either manner.
pub(super) fn search(said: &[Said<'_>], manner: Manner) -> Vec<Found> {
    let mut found = Vec::new();
    for run in runs(said) {
        found.extend(identifiers(&run, manner).iter().map(|identifier| located(identifier, &run)));
    }
    for (utterance, one) in said.iter().enumerate() {
        let whole = |kind, chars: Range<u32>| Found {
            kind,
            parts: vec![Part { utterance, masked: chars.clone().collect(), chars }],
            complete: true,
            confidence: 0.99,
        };
        found.extend(email::local_parts(one.text).into_iter().map(|chars| whole(Kind::Email, chars)));
        found.extend(names::given_names(one.text).into_iter().map(|chars| whole(Kind::Name, chars)));
    }
    found.sort_by_key(|it| (it.parts[0].utterance, it.parts[0].chars.start, it.kind));
    found
}

/// Where `identifier` lies in the utterances that `run` came from.
fn located(identifier: &Identifier, run: &[Token]) -> Found {
    let mut parts: Vec<Part> = Vec::new();
    for token in identifier.masked.iter().map(|&index| run[index]) {
        match parts.last_mut() {
            Some(part) if part.utterance == token.utterance => {
                part.chars.end = token.char + 1;
                part.masked.push(token.char);
            }
            _ => parts.push(Part {
                utterance: token.utterance,
                chars: token.char..token.char + 1,
                masked: vec![token.char],
            }),
        }
    }
    Found { kind: identifier.kind, parts, complete: identifier.complete, confidence: identifier.confidence }
}
