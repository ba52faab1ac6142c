//! Which stretches of a run of digits are identifiers.

use super::find::Kind;
use super::runs::Token;
use super::shapes::{Card, card, is_id, is_id_shaped, is_old_id, is_time, is_timestamp, landline_area, mobile_prefix};
use std::cmp::Reverse;
use std::ops::Range;

/// More digits than anyone says in one go; a longer run is not searched but taken as a whole.
const LONGEST_RUN: usize = 2_000;

/// The fewest digits an identifier has.
const SHORTEST: usize = 8;

/// How text came to be, which says how its digits may be grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Said, and written down by an engine: groups of any size.
    Said,
    /// Typed or made by a machine, such as a file's name: dates, times and counters stand beside one another,
    /// so digits are joined only as people group them.
    Written,
}

/// An identifier in a run.
#[derive(Clone, Debug)]
pub(super) struct Identifier {
    /// Its kind.
    pub(super) kind: Kind,
    /// Which tokens it is.
    pub(super) tokens: Range<usize>,
    /// Which tokens are masked: its own, and those of what else could be read around it.
    pub(super) masked: Vec<usize>,
    /// Whether no digit is missing.
    pub(super) complete: bool,
    /// How sure, 0 to 1; ours.
    pub(super) confidence: f32,
}

/// Returns the identifiers of `run`, apart from one another, in order.
pub(super) fn identifiers(run: &[Token], manner: Manner) -> Vec<Identifier> {
    if run.len() > LONGEST_RUN {
        let all = Candidate { kind: Kind::Digits, tokens: 0..run.len(), complete: true, confidence: 0.5, rank: 0 };
        return vec![all.identifier(0)];
    }
    let mut found = Vec::new();
    search(run, 0, manner, &mut found);
    found.sort_by_key(|identifier| identifier.tokens.start);
    found
}

/// Searches `run`, then what is left of it beside what was found.
fn search(run: &[Token], offset: usize, manner: Manner, found: &mut Vec<Identifier>) {
    let here = choose(View::new(run, manner).candidates(), run.len());
    if here.is_empty() {
        return;
    }
    let mut masked = vec![false; run.len()];
    here.iter().flat_map(|identifier| &identifier.masked).for_each(|&token| masked[token] = true);
    found.extend(here.into_iter().map(|identifier| identifier.moved(offset)));
    let mut start = 0;
    for part in masked.split_inclusive(|&is_masked| is_masked) {
        let end = start + part.len() - usize::from(part.last() == Some(&true));
        if end - start >= SHORTEST {
            search(&run[start..end], offset + start, manner, found);
        }
        start += part.len();
    }
}

/// Chooses the likeliest of `candidates` that overlap; what the others would mask, the chosen mask too.
fn choose(mut candidates: Vec<Candidate>, run: usize) -> Vec<Identifier> {
    candidates.sort_by_key(|it| {
        (Reverse(it.tokens.len() == run), Reverse(it.rank), Reverse(it.tokens.len()), it.tokens.start)
    });
    let mut chosen: Vec<Identifier> = Vec::new();
    for candidate in candidates {
        let over =
            |it: &&mut Identifier| it.tokens.start < candidate.tokens.end && candidate.tokens.start < it.tokens.end;
        match chosen.iter_mut().find(over) {
            Some(likelier) => likelier.masked.extend(candidate.tokens.clone()),
            None => chosen.push(candidate.identifier(0)),
        }
    }
    for identifier in &mut chosen {
        identifier.masked.sort_unstable();
        identifier.masked.dedup();
    }
    chosen
}

struct Candidate {
    kind: Kind,
    tokens: Range<usize>,
    complete: bool,
    confidence: f32,
    /// The higher, the likelier against another reading of the same digits.
    rank: u8,
}

impl Candidate {
    fn identifier(self, offset: usize) -> Identifier {
        let masked = self.tokens.clone().collect();
        let Self { kind, tokens, complete, confidence, .. } = self;
        Identifier { kind, tokens, masked, complete, confidence }.moved(offset)
    }
}

impl Identifier {
    fn moved(mut self, by: usize) -> Self {
        self.tokens = self.tokens.start + by..self.tokens.end + by;
        self.masked.iter_mut().for_each(|token| *token += by);
        self
    }
}

/// A run with what is asked of it again and again.
struct View<'a> {
    tokens: &'a [Token],
    values: Vec<u8>,
    /// Whether a token belongs to a date or a time of day.
    clock: Vec<bool>,
    manner: Manner,
}

impl<'a> View<'a> {
    fn new(tokens: &'a [Token], manner: Manner) -> Self {
        let values = tokens.iter().map(|token| token.value).collect();
        let mut view = Self { tokens, values, clock: vec![false; tokens.len()], manner };
        let mut after_date = false;
        for group in view.groups(0..tokens.len()) {
            let values = &view.values[group.clone()];
            let time = after_date && values.len() >= 6 && is_time(values);
            after_date = values.len() == 8 && is_timestamp(values);
            if time || is_timestamp(values) {
                view.clock[group].fill(true);
            }
        }
        view
    }

    fn candidates(&self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for start in 0..self.tokens.len() {
            candidates.extend(self.id_at(start));
            candidates.extend(self.cards_at(start));
            candidates.extend(self.mobiles_at(start));
            candidates.extend(self.landlines_at(start));
            candidates.extend(self.foreign_at(start));
        }
        candidates
    }

    /// An identity card number: with a right check digit wherever it stands; without one, where its groups begin and end.
    fn id_at(&self, start: usize) -> Option<Candidate> {
        let at = |length, complete, confidence, rank| Candidate {
            kind: Kind::IdCard,
            tokens: start..start + length,
            complete,
            confidence,
            rank,
        };
        let whole = self.window(start, 18).is_some_and(is_id);
        if whole {
            return Some(at(18, true, 0.99, 90));
        }
        let fits = |length: &usize| self.fits(start, *length) && self.is_grouped_like_an_id(start..start + length);
        let shaped = |length: &usize| self.window(start, *length).is_some_and(is_id_shaped);
        let old = |length: &usize| self.window(start, *length).is_some_and(is_old_id);
        let found = |length: usize| at(length, length == 18, 0.6, 55);
        [18].into_iter()
            .filter(fits)
            .find(shaped)
            .map(found)
            .or_else(|| [15].into_iter().filter(fits).find(old).map(|length| at(length, true, 0.7, 60)))
            .or_else(|| [17, 16, 15, 14].into_iter().filter(fits).find(shaped).map(found))
    }

    fn cards_at(&self, start: usize) -> Vec<Candidate> {
        let at = |length: usize| {
            let tokens = start..start + length;
            let card = card(self.window(start, length)?)?;
            let grouped = self.is_grouped_like_a_card(&tokens);
            let (allowed, confidence, rank) = match card {
                Card::UnionPay => (self.fits_loosely(start, length), 0.95, 80),
                Card::Other => (self.fits(start, length) && !self.touches_clock(&tokens), 0.9, 65),
                Card::Misheard => (self.fits(start, length) && grouped, 0.6, 40),
            };
            let joined = grouped || self.manner == Manner::Said;
            let allowed = allowed && joined && !self.is_amount(&tokens);
            allowed.then_some(Candidate { kind: Kind::BankCard, tokens, complete: true, confidence, rank })
        };
        (13..=19).filter_map(at).collect()
    }

    fn mobiles_at(&self, start: usize) -> Vec<Candidate> {
        let at = |length: usize| {
            let prefix = mobile_prefix(self.window(start, length)?)?;
            let tokens = start..start + length;
            let bare = start + prefix..tokens.end;
            let apart = self.fits(start, length) || prefix == 0 && self.fits_loosely(start, length);
            let grouped = self.manner == Manner::Said || self.is_said(&tokens) || self.is_grouped_like_a_mobile(bare);
            let outright = apart && grouped && !self.is_amount(&tokens) && !self.touches_clock(&tokens);
            let allowed = outright || prefix == 0 && self.sticks_to_another(&tokens);
            let (confidence, rank) = if outright { (0.95, 70) } else { (0.5, 30) };
            allowed.then_some(Candidate { kind: Kind::Phone, tokens, complete: true, confidence, rank })
        };
        (11..=16).filter_map(at).collect()
    }

    /// Landline numbers: in one group, or with the area code in a group of its own; said, with the zero of the code and in any
    /// groups.
    fn landlines_at(&self, start: usize) -> Vec<Candidate> {
        let at = |length: usize| {
            let tokens = start..start + length;
            let values = self.window(start, length)?;
            let abroad = values.starts_with(&[8, 6]) && (self.tokens[start].after_plus || self.starts(start + 2));
            let country = if abroad { 2 } else { 0 };
            let local = start + country + landline_area(&values[country..], !abroad)?;
            let whole = self.groups(tokens.clone()).len() == 1 && country == 0;
            let joined = whole || self.starts(local) || self.manner == Manner::Said && !abroad;
            let allowed = self.fits(start, length) && joined && !self.touches_clock(&tokens);
            allowed.then_some(Candidate { kind: Kind::Phone, tokens, complete: true, confidence: 0.9, rank: 50 })
        };
        (10..=13).filter_map(at).collect()
    }

    /// Numbers of other countries: a plus sign and 8 to 15 digits (ITU-T E.164, 6.1), in groups of at most 5 or in one.
    fn foreign_at(&self, start: usize) -> Option<Candidate> {
        let known = self.values[start..].starts_with(&[8, 6]);
        if !self.tokens[start].after_plus || known {
            return None;
        }
        let plausible = |length: &usize| {
            let groups = self.groups(start..start + length);
            let small = groups.iter().all(|group| group.len() <= 5) && groups[0].len() <= 3;
            self.fits(start, *length) && (groups.len() == 1 || small)
        };
        let length = (8..=15.min(self.tokens.len() - start)).rev().find(plausible)?;
        Some(Candidate { kind: Kind::Phone, tokens: start..start + length, complete: true, confidence: 0.9, rank: 75 })
    }

    fn window(&self, start: usize, length: usize) -> Option<&[u8]> {
        self.values.get(start..start + length)
    }

    fn starts(&self, at: usize) -> bool {
        at == 0 || self.tokens.get(at).is_none_or(|token| token.starts_group)
    }

    /// Whether a window begins where a group begins and ends where one ends.
    fn fits(&self, start: usize, length: usize) -> bool {
        start + length <= self.tokens.len() && self.starts(start) && self.starts(start + length)
    }

    /// Whether a window's edges are at groups' edges or at spoken digits, which run into the words beside them (一直).
    fn fits_loosely(&self, start: usize, length: usize) -> bool {
        let last = start + length - 1;
        (self.starts(start) || self.tokens[start].spoken) && (self.starts(last + 1) || self.tokens[last].spoken)
    }

    fn groups(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let mut groups: Vec<Range<usize>> = Vec::new();
        for at in tokens.clone() {
            match groups.last_mut() {
                Some(group) if !self.starts(at) => group.end = at + 1,
                _ => groups.push(at..at + 1),
            }
        }
        groups
    }

    fn is_said(&self, tokens: &Range<usize>) -> bool {
        self.tokens[tokens.clone()].iter().any(|token| token.spoken)
    }

    fn touches_clock(&self, tokens: &Range<usize>) -> bool {
        self.clock[tokens.clone()].contains(&true)
    }

    /// Whether commas part its digits in threes.
    fn is_amount(&self, tokens: &Range<usize>) -> bool {
        let groups = self.groups(tokens.clone());
        groups.len() > 1
            && groups[0].len() <= 3
            && groups[1..].iter().all(|group| group.len() == 3 && self.tokens[group.start].after_comma)
    }

    fn is_grouped_like_an_id(&self, tokens: Range<usize>) -> bool {
        self.manner == Manner::Said || self.groups(tokens).len() == 1
    }

    fn is_grouped_like_a_card(&self, tokens: &Range<usize>) -> bool {
        let lengths: Vec<usize> = self.groups(tokens.clone()).iter().map(Range::len).collect();
        match lengths.as_slice() {
            [_] | [6, _] | [4, 6, 5] => true,
            [fours @ .., last] => fours.iter().all(|&length| length == 4) && *last <= 4,
            [] => false,
        }
    }

    fn is_grouped_like_a_mobile(&self, tokens: Range<usize>) -> bool {
        let lengths: Vec<usize> = self.groups(tokens).iter().map(Range::len).collect();
        matches!(lengths.as_slice(), [11] | [3, 8] | [3, 4, 4] | [7, 4] | [3, 3, 5] | [4, 3, 4] | [4, 4, 3] | [4, 7])
    }

    /// Whether a bare mobile number is the start or the end of one longer group: in speech beside any other digits,
    /// else only beside a timestamp. A group that starts as a date does is a number of an order.
    fn sticks_to_another(&self, tokens: &Range<usize>) -> bool {
        let Some(group) = self.groups(0..self.tokens.len()).into_iter().find(|group| group.contains(&tokens.start))
        else {
            return false;
        };
        let (at_start, at_end) = (group.start == tokens.start, group.end == tokens.end);
        if group.end < tokens.end || at_start == at_end {
            return false;
        }
        let rest = if at_start { tokens.end..group.end } else { group.start..tokens.start };
        let dated = |range: Range<usize>| is_timestamp(&self.values[range]);
        let starts_with_date = group.len() >= 8 && dated(group.start..group.start + 8);
        dated(rest) || self.manner == Manner::Said && !starts_with_date
    }
}
