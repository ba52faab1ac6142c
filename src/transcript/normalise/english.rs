//! Words of English by their base forms: contractions written out, endings of inflection off.
//!
//! The endings are those of steps 0, 1a, 1b, 1c and 5 of the Snowball English stemmer (M. Porter and R. Boulton, "The English (Porter2)
//! stemming algorithm"), which take plural, past, participle and final e off. Its other steps would make one word of many: organ
//! of organization, general of generous. What comes out need be no word: it is only compared.

use std::borrow::Cow;

/// What people say while they think, in Latin letters.
pub(super) const HESITATIONS: [&str; 8] = ["um", "uh", "er", "erm", "hmm", "mm", "uhm", "umm"];

/// Contractions that no rule writes out.
const CONTRACTIONS: [(&str, &str); 20] = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("shan't", "shall not"),
    ("cannot", "can not"),
    ("let's", "let us"),
    ("gonna", "going to"),
    ("wanna", "want to"),
    ("gotta", "got to"),
    ("gimme", "give me"),
    ("lemme", "let me"),
    ("dont", "do not"),
    ("doesnt", "does not"),
    ("didnt", "did not"),
    ("isnt", "is not"),
    ("arent", "are not"),
    ("wasnt", "was not"),
    ("havent", "have not"),
    ("wouldnt", "would not"),
    ("shouldnt", "should not"),
    ("couldnt", "could not"),
];

/// What stands for a word behind an apostrophe.
const CLITICS: [(&str, &str); 6] =
    [("n't", " not"), ("'ll", " will"), ("'re", " are"), ("'ve", " have"), ("'m", " am"), ("'d", " would")];

/// Words behind which 's is `is`; behind others it is the possessive.
const WITH_IS: [&str; 11] = ["he", "she", "it", "that", "this", "what", "who", "there", "here", "where", "how"];

/// Forms that no ending tells, and their base forms. Those of be, have and do stay: they are more often helpers than verbs.
const IRREGULAR: [(&str, &str); 85] = [
    ("ate", "eat"),
    ("beaten", "beat"),
    ("became", "become"),
    ("began", "begin"),
    ("begun", "begin"),
    ("bought", "buy"),
    ("broke", "break"),
    ("broken", "break"),
    ("brought", "bring"),
    ("built", "build"),
    ("came", "come"),
    ("caught", "catch"),
    ("children", "child"),
    ("chose", "choose"),
    ("chosen", "choose"),
    ("dealt", "deal"),
    ("drew", "draw"),
    ("drawn", "draw"),
    ("driven", "drive"),
    ("drove", "drive"),
    ("dying", "die"),
    ("fell", "fall"),
    ("fallen", "fall"),
    ("felt", "feel"),
    ("fought", "fight"),
    ("forgave", "forgive"),
    ("forgiven", "forgive"),
    ("forgot", "forget"),
    ("forgotten", "forget"),
    ("froze", "freeze"),
    ("frozen", "freeze"),
    ("gave", "give"),
    ("given", "give"),
    ("gone", "go"),
    ("got", "get"),
    ("gotten", "get"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("heard", "hear"),
    ("held", "hold"),
    ("hid", "hide"),
    ("hidden", "hide"),
    ("kept", "keep"),
    ("knew", "know"),
    ("known", "know"),
    ("laid", "lay"),
    ("lent", "lend"),
    ("lost", "lose"),
    ("lying", "lie"),
    ("made", "make"),
    ("meant", "mean"),
    ("men", "man"),
    ("met", "meet"),
    ("paid", "pay"),
    ("repaid", "repay"),
    ("ran", "run"),
    ("rang", "ring"),
    ("rung", "ring"),
    ("said", "say"),
    ("sent", "send"),
    ("shown", "show"),
    ("sold", "sell"),
    ("sought", "seek"),
    ("spent", "spend"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("stole", "steal"),
    ("stolen", "steal"),
    ("stood", "stand"),
    ("taken", "take"),
    ("taught", "teach"),
    ("thought", "think"),
    ("threw", "throw"),
    ("thrown", "throw"),
    ("told", "tell"),
    ("took", "take"),
    ("tying", "tie"),
    ("understood", "understand"),
    ("went", "go"),
    ("withdrawn", "withdraw"),
    ("withdrew", "withdraw"),
    ("wives", "wife"),
    ("women", "woman"),
    ("written", "write"),
    ("wrote", "write"),
];

/// Words that look inflected and are not, or whose endings say another thing.
const WHOLE: [&str; 14] = [
    "news",
    "during",
    "evening",
    "morning",
    "nothing",
    "something",
    "anything",
    "everything",
    "his",
    "this",
    "was",
    "has",
    "does",
    "proceed",
];

/// The base form of `word`, of several words where it is a contraction. `word` is lower case; what is not English
/// letters and apostrophes stays as it is.
pub(super) fn base(word: &str) -> Cow<'_, str> {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'\'') {
        return Cow::Borrowed(word);
    }
    if let Some((_, full)) = CONTRACTIONS.iter().find(|(short, _)| *short == word) {
        return Cow::Owned(each_stem(full));
    }
    let (stripped, behind) = split(word);
    if behind.is_empty() { stem(stripped) } else { Cow::Owned(format!("{}{behind}", stem(stripped))) }
}

/// The word without what an apostrophe joins to it, and what that stands for.
fn split(word: &str) -> (&str, &'static str) {
    if !word.contains('\'') {
        return (word, "");
    }
    if let Some((before, full)) = CLITICS.iter().find_map(|(short, full)| Some((word.strip_suffix(short)?, *full))) {
        return (before, full);
    }
    match word.strip_suffix("'s") {
        Some(before) if WITH_IS.contains(&before) => (before, " is"),
        Some(before) => (before, ""),
        None => (word.strip_suffix('\'').unwrap_or(word), ""),
    }
}

fn each_stem(words: &str) -> String {
    words.split(' ').map(stem).collect::<Vec<_>>().join(" ")
}

/// The word without endings of inflection.
fn stem(word: &str) -> Cow<'_, str> {
    if let Some((_, base)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return Cow::Owned(without_last_e(y_as_i(base.to_string())));
    }
    if word.len() < 3 || WHOLE.contains(&word) || word.contains('\'') {
        return Cow::Borrowed(word);
    }
    let stem = without_last_e(y_as_i(without_past(without_plural(word))));
    if stem == word { Cow::Borrowed(word) } else { Cow::Owned(stem) }
}

/// Step 1a: plurals.
fn without_plural(word: &str) -> String {
    if let Some(before) = word.strip_suffix("sses") {
        return format!("{before}ss");
    }
    if let Some(before) = word.strip_suffix("ied").or_else(|| word.strip_suffix("ies")) {
        return format!("{before}{}", if before.len() > 1 { "i" } else { "ie" });
    }
    let is_plural =
        |before: &&str| !before.ends_with(['u', 's']) && has_vowel(&before[..before.len().saturating_sub(1)]);
    word.strip_suffix('s').filter(is_plural).unwrap_or(word).to_owned()
}

/// Step 1b: past and participle.
fn without_past(word: String) -> String {
    if let Some(before) = word.strip_suffix("eed") {
        return if region(&word) <= before.len() { format!("{before}ee") } else { word };
    }
    let Some(before) = word.strip_suffix("ed").or_else(|| word.strip_suffix("ing")).filter(|it| has_vowel(it)) else {
        return word;
    };
    let bytes = before.as_bytes();
    let is_double = |pair: &[u8]| pair[0] == pair[1] && b"bdfgmnprt".contains(&pair[0]);
    if ["at", "bl", "iz"].iter().any(|end| before.ends_with(end)) {
        format!("{before}e")
    } else if bytes.last_chunk::<2>().is_some_and(|pair| is_double(pair)) {
        before[..before.len() - 1].to_owned()
    } else if region(before) == before.len() && ends_short(before) {
        format!("{before}e")
    } else {
        before.to_owned()
    }
}

/// Step 1c: pay stays, and carry is as carri(ed).
fn y_as_i(word: String) -> String {
    match word.strip_suffix('y') {
        Some(before) if before.len() > 1 && !is_vowel(before.as_bytes(), before.len() - 1) => format!("{before}i"),
        _ => word,
    }
}

/// Step 5, of final e alone.
fn without_last_e(word: String) -> String {
    let Some(before) = word.strip_suffix('e') else {
        return word;
    };
    let first = region(&word);
    let second = first + region(&word[first..]);
    // Of sue, sued and suing, only the first would keep an e.
    let goes = second <= before.len() || first <= before.len() && !ends_short(before) || before.ends_with('u');
    if goes { before.to_owned() } else { word }
}

/// Where the region after the first consonant that follows a vowel starts; the word's end where there is none.
fn region(word: &str) -> usize {
    let bytes = word.as_bytes();
    let follows = |at: &usize| !is_vowel(bytes, *at) && is_vowel(bytes, at - 1);
    (1..bytes.len()).find(follows).map_or(bytes.len(), |at| at + 1)
}

/// Whether `word` ends in a short syllable: a vowel between consonants, of which the last is not w, x or y; or a vowel and a
/// consonant alone.
fn ends_short(word: &str) -> bool {
    let bytes = word.as_bytes();
    let Some(last) = bytes.len().checked_sub(1).filter(|&last| !is_vowel(bytes, last)) else {
        return false;
    };
    match last {
        0 => false,
        1 => is_vowel(bytes, 0),
        _ => is_vowel(bytes, last - 1) && !is_vowel(bytes, last - 2) && !b"wxy".contains(&bytes[last]),
    }
}

/// Whether the letter at `at` is a vowel; y is one after a consonant, so of a row of them every second.
fn is_vowel(word: &[u8], at: usize) -> bool {
    match word[at] {
        b'a' | b'e' | b'i' | b'o' | b'u' => true,
        b'y' => {
            let row = word[..at].iter().rev().take_while(|letter| **letter == b'y').count();
            let starts_as_vowel = at > row && !matches!(word[at - row - 1], b'a' | b'e' | b'i' | b'o' | b'u');
            (row % 2 == 0) == starts_as_vowel
        }
        _ => false,
    }
}

fn has_vowel(word: &str) -> bool {
    (0..word.len()).any(|at| is_vowel(word.as_bytes(), at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_a_word_have_one_base_form() {
        let table: [&[&str]; 22] = [
            &["pay", "pays", "paid", "paying"],
            &["visit", "visits", "visited", "visiting"],
            &["sue", "sues", "sued", "suing"],
            &["charge", "charges", "charged", "charging"],
            &["carry", "carries", "carried", "carrying"],
            &["agree", "agrees", "agreed", "agreeing"],
            &["stop", "stops", "stopped", "stopping"],
            &["hope", "hopes", "hoped", "hoping"],
            &["call", "calls", "called", "calling"],
            &["harass", "harasses", "harassed", "harassing"],
            &["take", "takes", "took", "taken", "taking"],
            &["house", "houses"],
            &["company", "companies", "company's", "companies'"],
            &["die", "dies", "died", "dying"],
            &["use", "uses", "used", "using"],
            &["seize", "seizes", "seized", "seizing"],
            &["police"],
            &["write", "wrote", "written", "writes", "writing"],
            &["threaten", "threatens", "threatened", "threatening"],
            &["do not", "don't", "dont"],
            &["it is", "it's"],
            &["i will", "i'll"],
        ];
        for forms in table {
            let bases: Vec<String> =
                forms.iter().map(|form| form.split(' ').map(base).collect::<Vec<_>>().join(" ")).collect();
            assert!(bases.iter().all(|base| *base == bases[0]), "{forms:?} {bases:?}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        let table = [
            ("sue", "suit"),
            ("pay", "payroll"),
            ("us", "use"),
            ("not", "note"),
            ("bill", "billion"),
            ("organ", "organization"),
            ("harass", "harassment"),
            ("car", "care"),
            ("new", "news"),
            ("on", "one"),
            ("need", "knee"),
            ("his", "hi"),
            ("he's", "his"),
        ];
        for (one, other) in table {
            assert_ne!(base(one), base(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn any_word_has_a_base_form(word in "[a-z']{0,12}|\\PC{0,6}") {
            let base = base(&word);
            prop_assert!(!base.is_empty() || word.is_empty() || word.contains('\''), "{word}");
        }
    }
}
