//! Finding identifiers in what was said.

use super::digits::{digit, is_x};
use super::runs::{Token, runs, streams};
use super::shapes::mobile_prefix;
use super::windows::{Identifier, Manner, identifiers};
use super::{addresses, email, names, plates};
use crate::transcript::Speaker;
use crate::units::Role;
use std::borrow::Cow;
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
    /// The places of a number plate.
    Plate,
    /// The numbers of an address.
    Address,
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
            Self::Plate => "plate",
            Self::Address => "address",
            Self::Digits => "digits",
        }
    }

    /// Whether it is told as an entity; the others are masked and no more.
    #[must_use]
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Phone | Self::IdCard | Self::BankCard | Self::Email)
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

impl Found {
    /// What it is, in one way of writing: digits in ASCII figures, letters small; of an e-mail address the domain too, of a phone number
    /// not the codes before it. `said` is what was searched.
    #[must_use]
    pub fn plain(&self, said: &[Said<'_>]) -> String {
        let text = |part: &Part| said.get(part.utterance).map_or("", |one| one.text);
        let mut plain = String::new();
        for part in &self.parts {
            let chars: Vec<char> = text(part).chars().collect();
            let masked = part.masked.iter().filter_map(|&at| chars.get(at as usize).copied());
            plain.extend(masked.map(|c| match digit(c) {
                Some((value, _)) => char::from(b'0' + value),
                None if is_x(c) => 'x',
                None => c.to_ascii_lowercase(),
            }));
        }
        match (self.kind, self.parts.last()) {
            (Kind::Email, Some(part)) => format!("{plain}@{}", email::domain_after(text(part), part.chars.end)),
            (Kind::Phone, _) => {
                let digits: Vec<u8> = plain.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
                plain[mobile_prefix(&digits).unwrap_or(0)..].to_owned()
            }
            _ => plain,
        }
    }
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
/// addresses; given names between a surname and an honorific; number plates and the numbers of addresses.
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

/// [`find`], for a text that was typed or made by a machine, such as a file's name or a cell of a table: digits are joined only as
/// people group them.
#[must_use]
pub fn find_written(text: &str) -> Vec<Found> {
    search(&[Said { by: Speaker::Role(Role::Unknown), text }], Manner::Written)
}

/// [`find`], for text of either manner.
fn search(said: &[Said<'_>], manner: Manner) -> Vec<Found> {
    let streams = streams(said);
    let mut found = Vec::new();
    for run in runs(said, &streams) {
        found.extend(identifiers(&run, manner).iter().map(|identifier| located(identifier, &run)));
    }
    for stream in &streams {
        found.extend(written(said, stream));
    }
    for (utterance, one) in said.iter().enumerate() {
        found.extend(names::given_names(one.text).into_iter().map(|chars| Found {
            kind: Kind::Name,
            parts: vec![Part { utterance, masked: chars.clone().collect(), chars }],
            complete: true,
            confidence: WRITTEN,
        }));
    }
    found.sort_by_key(|it| (it.parts[0].utterance, it.parts[0].chars.start, it.kind));
    found
}

/// What is told by its form in the utterances of a stream: e-mail addresses, number plates, numbers of addresses.
fn written(said: &[Said<'_>], stream: &[usize]) -> Vec<Found> {
    let hints = Hints::of(said, stream);
    let mut found = Vec::new();
    if hints == Hints::default() {
        return found;
    }
    let joined = Joined::of(said, stream);
    let mut add = |kind, all: Vec<Vec<u32>>| found.extend(all.iter().filter_map(|masked| joined.found(kind, masked)));
    if hints.sign {
        add(Kind::Email, email::local_parts(&joined.text));
    }
    if hints.letter {
        add(Kind::Plate, plates::places(&joined.text));
    }
    if hints.house {
        add(Kind::Address, addresses::numbers(&joined.text));
    }
    found
}

/// What is worth looking for in a stream: most have none of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Hints {
    /// There may be the sign of an e-mail address.
    sign: bool,
    /// There is a letter of a plate.
    letter: bool,
    /// There may be an address.
    house: bool,
}

impl Hints {
    fn of(said: &[Said<'_>], stream: &[usize]) -> Self {
        let mut hints = Self::default();
        for c in stream.iter().flat_map(|&utterance| said[utterance].text.chars()) {
            hints.sign |= email::is_sign(c);
            hints.letter |= plates::is_letter(c);
            hints.house |= addresses::may_be_in_an_address(c);
        }
        hints
    }
}

/// How sure what is told by its form is, ours.
const WRITTEN: f32 = 0.99;

/// What one speaker says in a row, as one text.
struct Joined<'a> {
    text: Cow<'a, str>,
    /// For each utterance, its first character in the text, and which it is.
    starts: Vec<(u32, usize)>,
}

impl<'a> Joined<'a> {
    fn of(said: &[Said<'a>], stream: &[usize]) -> Self {
        if let [only] = stream {
            return Self { text: Cow::Borrowed(said[*only].text), starts: vec![(0, *only)] };
        }
        let (mut text, mut chars, mut starts) = (String::new(), 0, Vec::with_capacity(stream.len()));
        for &utterance in stream {
            starts.push((chars, utterance));
            text.push_str(said[utterance].text);
            text.push(' ');
            chars += said[utterance].text.chars().count() as u32 + 1;
        }
        Self { text: Cow::Owned(text), starts }
    }

    /// What stands at these characters, in its utterances; `None` where there are none.
    fn found(&self, kind: Kind, masked: &[u32]) -> Option<Found> {
        let mut parts: Vec<Part> = Vec::new();
        for &at in masked {
            let &(start, utterance) = self.starts.get(self.starts.partition_point(|(start, _)| *start <= at) - 1)?;
            extend(&mut parts, utterance, at - start);
        }
        (!parts.is_empty()).then_some(Found { kind, parts, complete: true, confidence: WRITTEN })
    }
}

/// Adds a character of an utterance to the parts before it.
fn extend(parts: &mut Vec<Part>, utterance: usize, char: u32) {
    match parts.last_mut() {
        Some(part) if part.utterance == utterance => {
            part.chars.end = char + 1;
            part.masked.push(char);
        }
        _ => parts.push(Part { utterance, chars: char..char + 1, masked: vec![char] }),
    }
}

/// Where `identifier` lies in the utterances that `run` came from.
fn located(identifier: &Identifier, run: &[Token]) -> Found {
    let mut parts: Vec<Part> = Vec::new();
    identifier.masked.iter().map(|&index| run[index]).for_each(|token| extend(&mut parts, token.utterance, token.char));
    Found { kind: identifier.kind, parts, complete: identifier.complete, confidence: identifier.confidence }
}
