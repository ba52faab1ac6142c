//! Text as it is matched, with a map back to the text as it was written.
//!
//! What normalising does, in order: Unicode NFKC (which folds width) and lower case; engine
//! punctuation out, its clause and sentence ends kept aside; white space next to a Han character
//! out, any other run of it to one space. The masking character `█` is kept.

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use std::ops::Range;

/// A text brought to the form in which words and patterns are matched, and where each of its
/// characters came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalised {
    text: String,
    /// For every byte of `text`, the original characters it came from; one more entry for the end.
    origin: Vec<Range<u32>>,
    stops: Vec<Stop>,
}

/// An end of a clause or of a sentence, as the engine punctuated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stop {
    /// Byte offset in the normalised text: what stands before belongs to the clause that ends here.
    pub at: usize,
    /// Whether the sentence ends too.
    pub sentence: bool,
}

impl Normalised {
    /// The normal form of `text`.
    ///
    /// ```
    /// use callsift::transcript::normalise::Normalised;
    /// let heard = Normalised::of("您好, 我是 ABC銀行。");
    /// assert_eq!(heard.text(), "您好我是abc銀行");
    /// assert_eq!(heard.original(6..12), 4..6); // 我是, after the comma and the space
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Self {
        // Traditional to simplified, fillers and repeated characters will be steps of their own
        // here: each maps folded characters to folded characters and keeps their origin.
        strip(&fold(text))
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Ends of clauses and sentences, by offset, at most one at an offset; none at the start of the text.
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// The characters (Unicode scalar values) of the original that `bytes` of [`Self::text`] came from.
    /// Bytes past the end are taken as the end; an empty range gives the empty range where it starts.
    #[must_use]
    pub fn original(&self, bytes: Range<usize>) -> Range<u32> {
        let last = self.origin.len().saturating_sub(1);
        let Some(first) = self.origin.get(bytes.start.min(last)) else {
            return 0..0;
        };
        if bytes.end <= bytes.start {
            return first.start..first.start;
        }
        let end = self.origin.get((bytes.end - 1).min(last)).map_or(first.end, |range| range.end);
        first.start..end
    }
}

/// Whether `c` is written without spaces between words: a Han character, 々, 〇 or kana.
///
/// The blocks are those of Unicode 16, chapter 18 (East Asia).
#[must_use]
pub const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// A character after folding, and the original characters it came from.
#[derive(Clone, Debug)]
struct Folded {
    ch: char,
    origin: Range<u32>,
}

const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();
const COMBINING: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMapBorrowed::new();

/// The longest run of characters that is composed as one: the Stream-Safe Text Format (UAX #15,
/// section 13) allows 30 marks after a starter.
const CLUSTER_CHARS: usize = 31;

/// NFKC and lower case, cluster by cluster, so that each outcome knows its cluster.
fn fold(text: &str) -> Vec<Folded> {
    let chars: Vec<char> = text.chars().collect();
    let mut folded = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&first) = chars.get(at) {
        let mut end = at + 1;
        while end < chars.len() && end - at < CLUSTER_CHARS && joins(&chars[at..end], chars[end]) {
            end += 1;
        }
        let origin = at as u32..end as u32;
        if end == at + 1 && is_plain(first) {
            folded.push(Folded { ch: first.to_ascii_lowercase(), origin });
        } else {
            let cluster: String = NFKC.normalize_iter(chars[at..end].iter().copied()).collect();
            let lower = NFKC.normalize(&cluster.to_lowercase()).into_owned();
            folded.extend(lower.chars().map(|ch| Folded { ch, origin: origin.clone() }));
        }
        at = end;
    }
    folded
}

/// Whether NFKC leaves `c` as it is, whatever follows that is as plain.
const fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3001}' | '\u{3002}' | '█')
}

/// Whether `next` composes with the cluster before it.
fn joins(cluster: &[char], next: char) -> bool {
    if is_plain(next) {
        return false;
    }
    let leads = NFKD.normalize_iter(std::iter::once(next)).next().unwrap_or(next);
    if COMBINING.get_u8(leads) != 0 {
        return true;
    }
    // A few starters compose backwards too: Hangul vowels and finals, some Indic vowel signs.
    let together = NFKC.normalize_iter(cluster.iter().copied().chain([next]));
    let apart = NFKC.normalize_iter(cluster.iter().copied()).chain(NFKC.normalize_iter(std::iter::once(next)));
    !together.eq(apart)
}

/// Drops punctuation and needless white space, and keeps where clauses end.
fn strip(folded: &[Folded]) -> Normalised {
    let mut out = Normalised::default();
    let mut gap: Option<Range<u32>> = None;
    for (at, Folded { ch, origin }) in folded.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|index| folded.get(index)).map(|f| f.ch);
        let after = folded.get(at + 1).map(|f| f.ch);
        match mark(*ch, before, after) {
            Mark::Keep(ch) => {
                if let Some(origin) = gap.take() {
                    push_gap(&mut out, origin, ch);
                }
                push(&mut out, ch, origin.clone());
            }
            Mark::Drop => {}
            Mark::Gap => gap = Some(wider(gap, origin)),
            Mark::Stop { sentence } => {
                gap = Some(wider(gap, origin));
                stop(&mut out, sentence);
            }
        }
    }
    let end = folded.last().map_or(0, |last| last.origin.end);
    out.origin.push(end..end);
    out
}

/// What becomes of a character.
enum Mark {
    Keep(char),
    Drop,
    Gap,
    Stop { sentence: bool },
}

fn mark(ch: char, before: Option<char>, after: Option<char>) -> Mark {
    let between = |is: fn(&char) -> bool| before.as_ref().is_some_and(is) && after.as_ref().is_some_and(is);
    match ch {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => Mark::Stop { sentence: true },
        '.' | ':' if between(char::is_ascii_digit) => Mark::Keep(ch),
        ',' if between(char::is_ascii_digit) => Mark::Drop,
        '\'' | '’' if between(|c| c.is_alphabetic() && !is_han(*c)) => Mark::Keep('\''),
        '.' | '!' | '?' | '。' | ';' | '…' | '⋯' => Mark::Stop { sentence: true },
        ',' | ':' | '—' | '–' | '~' | '〜' => Mark::Stop { sentence: false },
        // The enumeration comma joins words under one verb, so a negation reaches over it.
        '、' => Mark::Gap,
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' => Mark::Drop,
        c if c.is_whitespace() || c.is_control() || is_quiet_punctuation(c) => Mark::Gap,
        c => Mark::Keep(c),
    }
}

/// Punctuation that ends nothing. Signs that are spoken (% @ # & * + = / and currencies) are kept.
const QUIET: &str = "\"'`-_()[]{}<>|^\\“”‘’«»·•・‐‑‒―《》〈〉「」『』【】〔〕〖〗";

fn is_quiet_punctuation(c: char) -> bool {
    QUIET.contains(c)
}

fn wider(gap: Option<Range<u32>>, origin: &Range<u32>) -> Range<u32> {
    gap.map_or_else(|| origin.clone(), |gap| gap.start..origin.end)
}

fn push_gap(out: &mut Normalised, origin: Range<u32>, next: char) {
    if out.text.chars().next_back().is_some_and(|last| !is_han(last) && !is_han(next)) {
        push(out, ' ', origin);
    }
}

fn push(out: &mut Normalised, ch: char, origin: Range<u32>) {
    out.text.push(ch);
    out.origin.extend(std::iter::repeat_n(origin, ch.len_utf8()));
}

fn stop(out: &mut Normalised, sentence: bool) {
    let at = out.text.len();
    match out.stops.last_mut() {
        _ if at == 0 => {}
        Some(last) if last.at == at => last.sentence |= sentence,
        _ => out.stops.push(Stop { at, sentence }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_come_to_their_normal_form() {
        let table = [
            ("nothing", "", ""),
            ("only punctuation", " ,。!", ""),
            ("full width", "ABC123", "abc123"),
            ("ideographic space", "还 款", "还款"),
            ("spaces between Han", "再 不 还 款", "再不还款"),
            ("space between Han and Latin", "下载 APP 还款", "下载app还款"),
            ("spaces between Latin", "  We  will\tvisit ", "we will visit"),
            ("punctuation between Latin", "Hello,world", "hello world"),
            ("apostrophes", "I won’t, 'really'", "i won't really"),
            ("decimal and thousands", "3.5% of 1,000.", "3.5% of 1000"),
            ("a time", "21:50", "21:50"),
            ("ligature and half-width kana", "fi ガ", "fiガ"),
            ("decomposed accent", "Cafe\u{301}", "café"),
            ("Hangul letters", "\u{1112}\u{1161}\u{11ab}", "한"),
            ("mask", "电话138████0000", "电话138████0000"),
            ("dotted capital", "İ", "i\u{307}"),
            ("quotes and books", "“您好”《合同》", "您好合同"),
            ("hyphen", "follow-up", "follow up"),
        ];
        for (name, from, to) in table {
            assert_eq!(Normalised::of(from).text(), to, "{name}");
        }
    }

    #[test]
    fn stops_are_kept_aside() {
        type Case<'a> = (&'a str, &'a str, &'a [(usize, bool)]);
        let table: [Case<'_>; 6] = [
            ("comma", "不,好", &[(3, false)]),
            ("comma then full stop", "好,。好", &[(3, true)]),
            ("leading", "。好", &[]),
            ("trailing", "好?", &[(3, true)]),
            ("enumeration", "家人、朋友", &[]),
            ("English", "no, we will. yes", &[(2, false), (10, true)]),
        ];
        for (name, text, stops) in table {
            let got: Vec<(usize, bool)> =
                Normalised::of(text).stops().iter().map(|stop| (stop.at, stop.sentence)).collect();
            assert_eq!(got, stops, "{name}");
        }
    }

    #[test]
    fn a_span_leads_back_to_what_was_written() {
        let slice = |text: &str, found: &str| {
            let normal = Normalised::of(text);
            let start = normal.text().find(found).expect("found");
            let range = normal.original(start..start + found.len());
            text.chars().skip(range.start as usize).take(range.len()).collect::<String>()
        };
        assert_eq!(slice("我们 会,派 人 到你家。", "派人到你家"), "派 人 到你家");
        assert_eq!(slice("ABC公司", "abc"), "ABC");
        assert_eq!(slice("fine", "fi"), "fi");
        assert_eq!(slice("Cafe\u{301} x", "café"), "Cafe\u{301}");
        assert_eq!(slice("a -- b", "a b"), "a -- b");
        let normal = Normalised::of("好的");
        assert_eq!((normal.original(3..3), normal.original(6..9), normal.original(40..50)), (1..1, 2..2, 2..2));
        assert_eq!(Normalised::default().original(0..3), 0..0);
    }

    proptest! {
        #[test]
        fn any_text_has_one_normal_form_with_an_ordered_map(text in "\\PC{0,40}|[还款不,。 A-Z'0-9.█\u{301}\u{1161}\u{11a8}ガ゙\n]{0,40}") {
            let normal = Normalised::of(&text);
            prop_assert_eq!(normal.origin.len(), normal.text.len() + 1);
            let chars = text.chars().count() as u32;
            prop_assert!(normal.origin.windows(2).all(|pair| pair[0].start <= pair[1].start && pair[0].end <= pair[1].end));
            prop_assert!(normal.origin.iter().all(|range| range.end <= chars));
            prop_assert!(normal.stops.windows(2).all(|pair| pair[0].at < pair[1].at));
            prop_assert!(normal.stops.iter().all(|stop| normal.text.is_char_boundary(stop.at)));
            prop_assert!(!normal.text.starts_with(' ') && !normal.text.ends_with(' '));
        }

        #[test]
        fn what_is_normal_stays_as_it_is(text in "[还款不派人到你家a-z0-9█]{0,30}") {
            let normal = Normalised::of(&text);
            prop_assert_eq!(normal.text(), text.as_str());
            prop_assert_eq!(normal.original(0..text.len()), 0..text.chars().count() as u32);
        }
    }
}
