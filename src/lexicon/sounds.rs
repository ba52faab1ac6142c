//! Words that sound like those of lists: engines mishear characters and keep sounds.
//!
//! Two characters sound alike where any two of their readings are equal but for the tone, or differ only in what many speakers
//! and most telephone lines do not tell apart: zh and z, ch and c, sh and s, n and l, h and f, ang and an, eng and en, ing and in.
//!
//! Ordinary talk sounds like anything somewhere. So only words of three syllables and more are searched for (起诉 sounds like 其数),
//! at most half of whose characters may differ, one of three; a word of three must keep its syllables; and no clause ends inside.
//! A word of two is searched for with a neighbour that its list names (真是 and 无赖), as one word of more that must keep its
//! syllables.
//! With all characters free, 1,000 lines of travel talk held 31 hits; so they hold less than one.

use super::List;
use crate::transcript::normalise::{Normalised, Stop};
use pinyin::ToPinyinMulti;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// The fewest syllables of a word that is searched for by its sound.
const FEWEST: usize = 3;

/// A word of so many is searched for together with a neighbour alone.
const NEEDS_NEIGHBOUR: usize = 2;

/// From so many syllables on, a character may be only alike, and no more than one: 是不是都 is not 死不死都.
const FEWEST_ALIKE: usize = 4;

/// What each differing character adds to a distance: one of the same syllable, and one that is only alike.
const SAME_SYLLABLE: f32 = 0.5;
const ALIKE: f32 = 1.0;

/// Words of lists by their sound.
#[derive(Clone, Debug)]
pub struct Sounds {
    words: Vec<Word>,
    /// Phrases, by list, that cover what is innocent.
    never: Vec<Vec<String>>,
    /// Words by the three classes that they may start with, sorted.
    starts: Vec<(u32, u32)>,
    /// Which of them any word starts with, a bit for each, several to a bit.
    any: Vec<u64>,
}

#[derive(Clone, Debug)]
struct Word {
    list: usize,
    written: String,
    chars: Vec<char>,
    /// Which of the characters are the listed word; the others are a neighbour, which must stand there as it is.
    own: Range<usize>,
}

/// A place that sounds like a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike {
    /// Of which list, as [`SoundsBuilder::list`] returned it.
    pub list: usize,
    /// First byte in the text.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// Which word; see [`Sounds::written`].
    pub word: u32,
    /// Over all characters that differ from the word's: 0.5 where their syllables are equal but for the tone, 1 where they are only
    /// alike.
    pub distance: f32,
}

impl Alike {
    /// Its bytes in the text.
    #[must_use]
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Gathers lists for [`Sounds`].
#[derive(Clone, Debug, Default)]
pub struct SoundsBuilder {
    words: Vec<Word>,
    never: Vec<Vec<String>>,
}

impl SoundsBuilder {
    /// Adds the words of a list that are long enough, and returns the list's number.
    pub fn list(&mut self, list: &List) -> usize {
        self.add(&list.terms, &list.never, &list.beside)
    }

    /// Adds literal phrases as a list of their own and returns its number.
    pub fn phrases(&mut self, phrases: &[String]) -> usize {
        self.add(phrases, &[], &[])
    }

    /// Adds words with what must stand beside those of two syllables as a list of their own and returns its number.
    pub fn words(&mut self, words: &[String], beside: &[String]) -> usize {
        self.add(words, &[], beside)
    }

    /// Compiles.
    #[must_use]
    pub fn build(mut self) -> Sounds {
        // Of two that are as near, the first counts: which that is does not hang on what other lists there are.
        let place = |word: &Word| (word.written.clone(), word.chars.clone(), word.own.start, word.list);
        self.words.sort_by_cached_key(place);
        let of = |(word, entry): (u32, &Word)| {
            starts([0, 1, 2].map(|n| classes(entry.chars[n]))).map(move |start| (start, word))
        };
        let mut starts: Vec<(u32, u32)> = (0..).zip(&self.words).flat_map(of).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut any = vec![0; 1 << (BITS - 6)];
        starts.iter().for_each(|&(start, _)| any[bit(start) / 64] |= 1 << (bit(start) % 64));
        Sounds { words: self.words, never: self.never, starts, any }
    }

    fn add(&mut self, terms: &[String], never: &[String], beside: &[String]) -> usize {
        let list = self.never.len();
        self.never.push(never.iter().map(|phrase| Normalised::of(phrase).text().to_owned()).collect());
        let beside: Vec<Vec<char>> = beside.iter().map(|neighbour| normal(neighbour)).collect();
        for term in terms {
            let chars = normal(term);
            if chars.len() == NEEDS_NEIGHBOUR {
                for neighbour in &beside {
                    let (before, behind) = ([&neighbour[..], &chars].concat(), [&chars[..], neighbour].concat());
                    self.word(list, term, before, neighbour.len()..neighbour.len() + NEEDS_NEIGHBOUR);
                    self.word(list, term, behind, 0..NEEDS_NEIGHBOUR);
                }
            } else {
                let own = 0..chars.len();
                self.word(list, term, chars, own);
            }
        }
        list
    }

    fn word(&mut self, list: usize, written: &str, chars: Vec<char>, own: Range<usize>) {
        if chars.len() >= FEWEST && chars.iter().all(|&c| !classes(c).is_empty()) {
            self.words.push(Word { list, written: written.to_owned(), chars, own });
        }
    }
}

fn normal(text: &str) -> Vec<char> {
    Normalised::of(text).text().chars().collect()
}

impl Sounds {
    /// The word as its list has it.
    #[must_use]
    pub fn written(&self, word: u32) -> &str {
        self.words.get(word as usize).map_or("", |word| &word.written)
    }

    /// Calls `found` with every place in `text`, which is normalised and has these stops, that sounds like a word and is not
    /// written as it, but for what a `never` phrase of the word's list covers.
    pub fn each(&self, text: &str, stops: &[Stop], mut found: impl FnMut(Alike)) {
        if self.words.is_empty() {
            return;
        }
        let mut words = Vec::new();
        let mut last: [(usize, &[u16]); FEWEST] = [(0, &[]); FEWEST];
        for (at, c) in text.char_indices() {
            last = [last[1], last[2], (at, classes(c))];
            words.clear();
            let possible = starts(last.map(|(_, classes)| classes)).filter(|&start| self.may_start(start));
            possible.for_each(|start| words.extend(self.starting(start)));
            if words.len() > 1 {
                words.sort_unstable();
                words.dedup();
            }
            let alike = words.iter().filter_map(|&word| self.alike(text, last[0].0, word));
            alike.filter(|hit| !ends_inside(stops, hit)).for_each(&mut found);
        }
    }

    /// Whether anything in `text`, which is normalised, sounds like a word.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let mut is_in = false;
        self.each(text, &[], |_| is_in = true);
        is_in
    }

    fn may_start(&self, start: u32) -> bool {
        self.any[bit(start) / 64] >> (bit(start) % 64) & 1 == 1
    }

    /// The words that may start with three classes.
    fn starting(&self, start: u32) -> impl Iterator<Item = u32> {
        let first = self.starts.partition_point(|&(other, _)| other < start);
        self.starts[first..].iter().take_while(move |(other, _)| *other == start).map(|(_, word)| *word)
    }

    /// The word as it sounds at the byte `start`.
    fn alike(&self, text: &str, start: usize, index: u32) -> Option<Alike> {
        let word = &self.words[index as usize];
        let (mut distance, mut others, most) = (0.0, 0, word.own.len() / 2);
        let mut may_be_alike = word.own.len() >= FEWEST_ALIKE;
        let mut said = text[start..].char_indices();
        let mut bytes = start..start;
        for (place, &listed) in word.chars.iter().enumerate() {
            let (at, said) = said.next()?;
            let apart = apart(said, listed)?;
            others += usize::from(apart > 0.0);
            let is_own = word.own.contains(&place);
            if !is_own && apart > 0.0 || others > most || apart == ALIKE && !may_be_alike {
                return None;
            }
            may_be_alike &= apart != ALIKE;
            if place == word.own.start {
                bytes.start = start + at;
            }
            if is_own {
                bytes.end = start + at + said.len_utf8();
            }
            distance += apart;
        }
        let hit = Alike { list: word.list, start: bytes.start, end: bytes.end, word: index, distance };
        (distance > 0.0 && !self.is_innocent(text, &hit)).then_some(hit)
    }

    fn is_innocent(&self, text: &str, hit: &Alike) -> bool {
        let covers = |phrase: &String| {
            let from = text.floor_char_boundary(hit.start.saturating_sub(phrase.len()));
            let around = &text[from..text.ceil_char_boundary(hit.end + phrase.len())];
            around.match_indices(phrase.as_str()).any(|(at, _)| {
                let start = from + at;
                start <= hit.start && hit.end <= start + phrase.len()
            })
        };
        self.never[hit.list].iter().any(covers)
    }
}

/// Whether a clause ends inside the hit; stops are by place.
fn ends_inside(stops: &[Stop], hit: &Alike) -> bool {
    let next = stops.partition_point(|stop| stop.at <= hit.start);
    stops.get(next).is_some_and(|stop| stop.at < hit.end)
}

/// How far two characters that sound alike are apart; `None` where they do not.
fn apart(said: char, listed: char) -> Option<f32> {
    if said == listed {
        return Some(0.0);
    }
    let (said, listed) = (syllables(said), syllables(listed));
    if said.iter().any(|syllable| listed.contains(syllable)) {
        return Some(SAME_SYLLABLE);
    }
    let class = |syllable: &u16| TABLE.class_of[usize::from(*syllable)];
    said.iter().any(|one| listed.iter().any(|other| class(one) == class(other))).then_some(ALIKE)
}

/// The characters that sound like `c`; none where it is not Chinese.
pub(crate) fn alike(c: char) -> impl Iterator<Item = char> {
    let of_class = |class: &u16| TABLE.chars_of_classes[usize::from(*class)].iter().copied();
    classes(c).iter().flat_map(of_class)
}

/// Numbers of three classes in a row.
fn starts(classes: [&[u16]; FEWEST]) -> impl Iterator<Item = u32> {
    let [first, second, third] = classes;
    let next = |before: u32, class: &u16| before * TABLE.classes + u32::from(*class);
    first.iter().flat_map(move |one| {
        let pairs = second.iter().map(move |two| next(u32::from(*one), two));
        pairs.flat_map(move |pair| third.iter().map(move |three| next(pair, three)))
    })
}

/// Bits of the table of starts, as a power of two: it stays in the fastest cache.
const BITS: u32 = 17;

/// The bit of three classes: multiples of 2 to the 32 over the golden ratio are spread evenly (Knuth, volume 3, section 6.4).
const fn bit(start: u32) -> usize {
    (start.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

/// The syllables that a character may be read as; none where it is not Chinese.
fn syllables(c: char) -> &'static [u16] {
    TABLE.place(c).map_or(&[], |place| &TABLE.syllables[place])
}

/// Their classes.
fn classes(c: char) -> &'static [u16] {
    TABLE.place(c).map_or(&[], |place| &TABLE.classes_of_chars[place])
}

/// The readings of the characters of the main block.
struct Table {
    /// Where the readings of each character stand in the lists below.
    places: Vec<Range<u32>>,
    syllables: Vec<u16>,
    classes_of_chars: Vec<u16>,
    /// For each syllable, its class.
    class_of: Vec<u16>,
    /// For each class, the characters that have it.
    chars_of_classes: Vec<Vec<char>>,
    /// How many classes there are.
    classes: u32,
}

impl Table {
    fn place(&self, c: char) -> Option<Range<usize>> {
        let place = self.places.get((c as usize).checked_sub(FIRST as usize)?)?;
        Some(place.start as usize..place.end as usize)
    }

    fn new() -> Self {
        let (mut syllables, mut classes) = (Numbers::default(), Numbers::default());
        let mut table = Self {
            places: Vec::new(),
            syllables: vec![],
            classes_of_chars: vec![],
            class_of: vec![],
            chars_of_classes: vec![],
            classes: 0,
        };
        for c in FIRST..=LAST {
            let start = table.syllables.len();
            for reading in readings(c) {
                let syllable = syllables.of(reading);
                if usize::from(syllable) == table.class_of.len() {
                    table.class_of.push(classes.of(&class(reading)));
                }
                if !table.syllables[start..].contains(&syllable) {
                    table.syllables.push(syllable);
                    table.classes_of_chars.push(table.class_of[usize::from(syllable)]);
                }
            }
            table.places.push(start as u32..table.syllables.len() as u32);
        }
        table.classes = classes.0.len() as u32;
        table.chars_of_classes.resize(classes.0.len(), Vec::new());
        for (c, place) in (FIRST..=LAST).zip(&table.places) {
            for class in &table.classes_of_chars[place.start as usize..place.end as usize] {
                table.chars_of_classes[usize::from(*class)].push(c);
            }
        }
        table
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// Characters that are read in two or more ways in everyday talk. Dictionaries give many more readings of many more (还 as fu, 以 as
/// si), by which everything sounds like everything, so of the others only the first counts.
const SEVERAL: &str = "行重还了着长乐得地的都调觉角单弹当大给会和宿没便薄藏朝称传查差参度否佛降解卡壳落露率埋模弄奇强亲色塞厦什识似提尾系吓削血扎\
    择粘折属著仔曾尽将干为供间相空冲分打教切假数兴量处散转应种中少要好看过发只倒号";

fn readings(c: char) -> impl Iterator<Item = &'static str> {
    let count = if SEVERAL.contains(c) { usize::MAX } else { 1 };
    let mut readings: Vec<&'static str> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        if readings.len() < count.min(MOST_READINGS) && !readings.contains(&reading.plain()) {
            readings.push(reading.plain());
        }
    }
    readings.into_iter()
}

/// What dictionaries give further is hardly said.
const MOST_READINGS: usize = 2;

/// The first and the last character of the block CJK Unified Ideographs (Unicode 16).
const FIRST: char = '\u{4E00}';
const LAST: char = '\u{9FFF}';

/// Numbers names as they come.
#[derive(Default)]
struct Numbers(BTreeMap<String, u16>);

impl Numbers {
    fn of(&mut self, name: &str) -> u16 {
        let next = self.0.len() as u16;
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

/// The syllable with one of what is not told apart for both.
fn class(syllable: &str) -> String {
    let initials = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("h", "f")];
    let finals = [("ang", "an"), ("eng", "en"), ("ing", "in")];
    let mut class = syllable.to_owned();
    if let Some((from, to)) = initials.iter().find(|(from, _)| syllable.starts_with(from)) {
        class.replace_range(..from.len(), to);
    }
    if let Some((from, to)) = finals.iter().find(|(from, _)| class.ends_with(from)) {
        class.truncate(class.len() - from.len());
        class.push_str(to);
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn found(terms: &[&str], never: &[&str], text: &str) -> Vec<(String, f32)> {
        let mut sounds = SoundsBuilder::default();
        sounds.add(&strings(terms), &strings(never), &[]);
        let sounds = sounds.build();
        let mut found = Vec::new();
        sounds.each(text, &[], |hit| found.push((text[hit.range()].to_owned(), hit.distance)));
        found
    }

    #[test]
    fn what_sounds_alike_is_found() {
        type Case<'a> = (&'a str, &'a [&'a str], &'a str, &'a [(&'a str, f32)]);
        let table: [Case<'_>; 14] = [
            ("as it is written", &["派人上门"], "会派人上门", &[]),
            ("one other character", &["派人上门"], "会派仁上门的", &[("派仁上门", 0.5)]),
            ("half of them", &["派人上门"], "湃仁上门", &[("湃仁上门", 1.0)]),
            ("more than half", &["派人上门"], "湃仁尚门", &[]),
            ("retroflex or not", &["找你单位"], "早你单位", &[("早你单位", 1.0)]),
            ("n or l", &["你妈妈的"], "里妈妈的", &[("里妈妈的", 1.0)]),
            ("ng or n", &["上你家门"], "散你家门", &[("散你家门", 1.0)]),
            ("two that are only alike", &["死不死都"], "是不是都", &[]),
            ("three syllables", &["去你家", "死全家"], "取你家,是全家", &[("取你家", 0.5)]),
            ("a reading of several", &["银行起诉"], "银航起诉", &[("银航起诉", 0.5)]),
            ("another sound", &["派人上门"], "派人出门", &[]),
            ("two syllables", &["起诉"], "其数", &[]),
            ("cut off", &["派人上门"], "派仁上", &[]),
            ("letters between", &["派人上门"], "派仁a上门", &[]),
        ];
        for (name, terms, text, expected) in table {
            let expected: Vec<(String, f32)> = expected.iter().map(|(text, far)| ((*text).to_owned(), *far)).collect();
            assert_eq!(found(terms, &[], text), expected, "{name}");
        }
    }

    #[test]
    fn two_syllables_need_a_neighbour() {
        let mut sounds = SoundsBuilder::default();
        sounds.words(&strings(&["无赖", "骗子"]), &strings(&["真是", "个"]));
        let sounds = sounds.build();
        let table = [
            ("behind one", "你真是骗紫", Some("骗子")),
            ("another character right", "真是片子", Some("骗子")),
            ("before one", "骗紫真是", Some("骗子")),
            ("by itself", "我见片子", None),
            ("both misheard", "个片紫", None),
            ("both misheard beside a longer neighbour", "真是片紫", None),
            ("a misheard neighbour", "真事片子", None),
            ("n and l", "真是无奈", None),
            ("as written", "真是骗子", None),
        ];
        for (name, text, expected) in table {
            let mut found = None;
            sounds.each(text, &[], |hit| found = Some(sounds.written(hit.word)));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn what_is_innocent_is_so_beside_a_neighbour() {
        let mut sounds = SoundsBuilder::default();
        sounds.add(&strings(&["流氓"]), &strings(&["流忙软件"]), &strings(&["这种"]));
        let sounds = sounds.build();
        let found = |text: &str| {
            let mut found = None;
            sounds.each(text, &[], |hit| found = Some(text[hit.range()].to_owned()));
            found
        };
        assert_eq!((found("这种流忙软件"), found("这种流忙").as_deref()), (None, Some("流忙")));
    }

    #[test]
    fn no_clause_ends_inside() {
        let mut sounds = SoundsBuilder::default();
        sounds.phrases(&strings(&["派人上门"]));
        let sounds = sounds.build();
        let normal = Normalised::of("派仁,上门。派仁上门");
        let mut starts = Vec::new();
        sounds.each(normal.text(), normal.stops(), |hit| starts.push(hit.start));
        assert_eq!(starts, [12]);
    }

    #[test]
    fn what_is_innocent_is_not() {
        assert_eq!(found(&["砸你家门"], &["砸你家们"], "砸你家们"), []);
        assert_eq!(found(&["砸你家门"], &["砸你"], "砸你家们").len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_found_sounds_so_and_is_a_part_of_the_text(text in "[派人仁上门们尚出你家加佳a]{0,12}") {
            let mut sounds = SoundsBuilder::default();
            sounds.phrases(&strings(&["派人上门", "上门你家", "你家人"]));
            let sounds = sounds.build();
            let mut hits = Vec::new();
            sounds.each(&text, &[], |hit| hits.push(hit));
            for hit in hits {
                let said: Vec<char> = text[hit.range()].chars().collect();
                let word: Vec<char> = sounds.written(hit.word).chars().collect();
                prop_assert_eq!(said.len(), word.len());
                let apart: Option<f32> = said.iter().zip(&word).map(|(said, word)| apart(*said, *word)).sum();
                prop_assert_eq!(apart, Some(hit.distance));
                prop_assert!(hit.distance > 0.0);
            }
        }
    }
}
