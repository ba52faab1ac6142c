//! Text as it is matched, with a map back to the text as it was written.
//!
//! What normalising does, in order: Unicode NFKC (which folds width) and lower case; engine
//! punctuation out, its clause and sentence ends kept aside; white space next to a Han character
//! out, any other run of it to one space; traditional characters to simplified ones. The masking
//! character `█` is kept. [`Bare`] goes further: hesitations, stutters and signs out, words of English to their base forms.

mod bare;
mod english;
mod fold;
mod origin;
mod simplified;
mod strip;

pub use bare::Bare;
pub use simplified::simplified;

pub(crate) use fold::plain;
use fold::{Folded, fold};
use origin::Origins;
use std::ops::Range;
use strip::{HAN_BYTES, Strip};

/// A text brought to the form in which words and patterns are matched, and where each of its
/// characters came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalised {
    text: String,
    /// The characters that `text` came from.
    origins: Origins,
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
    /// assert_eq!(heard.text(), "您好我是abc银行");
    /// assert_eq!(heard.original(6..12), 4..6); // 我是, after the comma and the space
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Self {
        of_plain(text).unwrap_or_else(|| of_any(text))
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes the normalised text and its stops out; the map stays.
    #[must_use]
    pub fn take(&mut self) -> (String, Vec<Stop>) {
        (std::mem::take(&mut self.text), std::mem::take(&mut self.stops))
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
        self.origins.of(bytes)
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

/// The normal form of a text of plain characters alone, most of which are Han and stay as they are; `None` for another.
fn of_plain(text: &str) -> Option<Normalised> {
    let mut strip = Strip::of(text);
    let (mut rest, mut at) = (text, 0);
    loop {
        let run = han_bytes(rest.as_bytes());
        strip.keep_han(&rest[..run], at);
        at += (run / HAN_BYTES) as u32;
        let mut chars = rest[run..].chars();
        let Some(next) = chars.next() else {
            return Some(strip.finish(at));
        };
        let after = chars.clone().next().map_or(Some(None), |after| plain(after).map(Some))?;
        strip.take(plain(next)?, at..at + 1, after);
        (rest, at) = (chars.as_str(), at + 1);
    }
}

fn of_any(text: &str) -> Normalised {
    let mut strip = Strip::of(text);
    let mut folded = fold(text).into_iter().peekable();
    let mut end = 0;
    while let Some(Folded { ch, origin }) = folded.next() {
        end = origin.end;
        strip.take(ch, origin, folded.peek().map(|after| after.ch));
    }
    strip.finish(end)
}

/// How many bytes `text`, which is UTF-8, starts with that are characters from U+4E00 to U+9FFF.
fn han_bytes(text: &[u8]) -> usize {
    let is_han = |bytes: &&[u8]| match bytes[0] {
        0xE4 => bytes[1] >= 0xB8,
        0xE5..=0xE9 => true,
        _ => false,
    };
    text.chunks_exact(HAN_BYTES).take_while(is_han).count() * HAN_BYTES
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
            let chars = text.chars().count() as u32;
            let from = |at: usize| normal.original(at..at + 1);
            let chars_of: Vec<Range<u32>> = normal.text.char_indices().map(|(at, _)| from(at)).collect();
            prop_assert!(chars_of.windows(2).all(|pair| pair[0].start <= pair[1].start && pair[0].end <= pair[1].end));
            prop_assert!(chars_of.iter().all(|range| range.start < range.end && range.end <= chars));
            let inside = normal.text.char_indices().flat_map(|(at, c)| (at..at + c.len_utf8()).map(move |byte| (at, byte)));
            prop_assert!(inside.into_iter().all(|(at, byte)| from(byte) == from(at)), "a byte is where its character is");
            prop_assert_eq!(normal.original(normal.text.len()..normal.text.len() + 3), chars..chars);
            prop_assert!(normal.stops.windows(2).all(|pair| pair[0].at < pair[1].at));
            prop_assert!(normal.stops.iter().all(|stop| normal.text.is_char_boundary(stop.at)));
            prop_assert!(!normal.text.starts_with(' ') && !normal.text.ends_with(' '));
        }

        #[test]
        fn plain_text_has_the_same_normal_form_by_either_way(text in "[还款不龥一㐀,。、:. A-Z'0-9.█?“”()\n]{0,40}") {
            if let Some(normal) = of_plain(&text) {
                prop_assert_eq!(normal, of_any(&text));
            } else {
                prop_assert!(text.contains('㐀'));
            }
        }

        #[test]
        fn what_is_normal_stays_as_it_is(text in "[还款不派人到你家a-z0-9█]{0,30}") {
            let normal = Normalised::of(&text);
            prop_assert_eq!(normal.text(), text.as_str());
            prop_assert_eq!(normal.original(0..text.len()), 0..text.chars().count() as u32);
        }
    }
}
