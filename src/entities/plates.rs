//! Number plates of vehicles (GA 36-2018): a province, a letter, and five places, or six for new-energy vehicles.

use super::digits::{digit, filler};
use crate::transcript::normalise::simplified;

/// The characters of the provinces, and of the embassies.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使";
/// What may stand at the end in place of a letter: trailers, driving schools, police, Hong Kong, Macau, consulates.
const LAST: &str = "挂学警港澳领";

/// How much may stand between two places.
const LONGEST_GAP: usize = 4;

/// How many places there are behind the letter.
const PLACES: std::ops::RangeInclusive<usize> = 5..=6;

/// Returns which characters of `text` are the places of number plates, behind province and letter: in figures, letters of
/// any width and spoken digits, with spaces, hyphens and dots between them; a plate has at least three digits.
pub(super) fn places(text: &str) -> Vec<Vec<u32>> {
    let chars: Vec<char> = text.chars().map(simplified).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let plate = PROVINCES.contains(chars[at]).then(|| behind(&chars, at)).flatten();
        at = plate.as_ref().and_then(|plate| plate.last()).map_or(at + 1, |&last| last as usize + 1);
        found.extend(plate);
    }
    found
}

/// The places behind the province at `at`, if a plate stands there.
fn behind(chars: &[char], at: usize) -> Option<Vec<u32>> {
    let letter = next(chars, at + 1).filter(|&at| is_letter(chars[at]))?;
    let mut places: Vec<u32> = Vec::new();
    let mut following = next(chars, letter + 1);
    while let Some(at) = following.filter(|_| places.len() < *PLACES.end()) {
        let is_last = LAST.contains(chars[at]) && places.len() + 1 >= *PLACES.start();
        if !is_letter(chars[at]) && digit(chars[at]).is_none() && !is_last {
            break;
        }
        places.push(at as u32);
        following = if is_last { None } else { next(chars, at + 1) };
    }
    // What follows closely belongs to it; what follows after a pause may be another number.
    let ends = |count: &usize| {
        let next = places.get(count - 1).and_then(|&last| chars.get(last as usize + 1));
        places.len() >= *count && !next.is_some_and(char::is_ascii_alphanumeric)
    };
    places.truncate(PLACES.rev().find(ends)?);
    let digits = places.iter().filter(|&&at| digit(chars[at as usize]).is_some()).count();
    (digits >= 3).then_some(places)
}

/// The next character that is no space, hyphen or dot and in no filler.
fn next(chars: &[char], from: usize) -> Option<usize> {
    let mut at = from;
    while at - from < LONGEST_GAP {
        match chars.get(at)? {
            ' ' | '-' | '·' | '•' | '.' | ',' | '\u{FF0C}' => at += 1,
            _ => match filler(&chars[at..]) {
                Some(length) => at += length,
                None => break,
            },
        }
    }
    (at < chars.len()).then_some(at)
}

/// Whether `c` is a letter as plates have it, of any width.
pub(super) const fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plates_are_masked_behind_their_letter() {
        let table = [
            ("plain", "车牌京A12345的", "车牌京A█████的"),
            ("with a dot", "粤B·D1234", "粤B·█████"),
            ("new energy", "沪AD12345", "沪A██████"),
            ("spoken", "京a幺二三四五", "京a█████"),
            ("fillers", "鄂A嗯N6,那个011", "鄂A嗯██,那个███"),
            ("groups", "苏E 12 345", "苏E ██ ███"),
            ("full width", "京\u{FF21}\u{FF11}\u{FF12}345", "京\u{FF21}█████"),
            ("traditional", "滬A12345", "滬A█████"),
            ("police", "川A1234警", "川A████警"),
            ("too long", "京A1234567", "京A1234567"),
            ("before another number", "京A 123 45 678", "京A ███ ██ 678"),
            ("too short", "京A1234", "京A1234"),
            ("letters", "新APP登录", "新APP登录"),
            ("no letter", "京12345", "京12345"),
        ];
        for (name, text, expected) in table {
            let mut chars: Vec<char> = text.chars().collect();
            places(text).into_iter().flatten().for_each(|at| chars[at as usize] = '█');
            let expected = expected.replace('警', "█");
            assert_eq!(chars.into_iter().collect::<String>(), expected, "{name}");
        }
    }
}
