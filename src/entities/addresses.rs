//! Where somebody lives: the numbers of houses, floors and flats in Chinese addresses.

use super::digits::{digit, filler};
use crate::transcript::normalise::simplified;

/// What an address numbers, longest first.
const UNITS: [&str; 14] = ["号院", "号楼", "单元", "号", "栋", "幢", "座", "室", "楼", "层", "弄", "巷", "组", "户"];
/// Of those, the ones that number hardly anything else; one of them must be in a row of numbers without a road before it.
const TELLING: [&str; 7] = ["号院", "号楼", "单元", "栋", "幢", "室", "弄"];
/// What roads are called, directly before the number of a house.
const ROADS: [&str; 8] = ["大道", "胡同", "路", "街", "巷", "弄", "小区", "花园"];
/// What ends so and is no road.
const NO_ROADS: [&str; 9] = ["线路", "网路", "电路", "思路", "半路", "走路", "套路", "上路", "出路"];

/// The most digits of a number of a house or flat.
const MOST_DIGITS: usize = 6;
/// A last number without unit, such as 502 in 3栋502, has at least so many digits.
const FEWEST_DIGITS_ALONE: usize = 3;
/// No address has more numbers, nor more between two of them; endless text stays cheap.
const MOST_NUMBERS: usize = 8;
const LONGEST_GAP: usize = 4;

/// Returns which characters of `text` are the numbers of an address: directly behind a road (建国路**88**号院**3**栋), or two and
/// more numbers in a row with their units, one of which numbers nothing but houses and flats (**3**栋**2**单元**502**).
pub(super) fn numbers(text: &str) -> Vec<Vec<u32>> {
    let chars: Vec<char> = text.chars().map(simplified).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match is_of_number(chars[at]).then(|| row(&chars, at)).flatten() {
            Some(row) if row.is_address(&chars, at) => {
                at = row.end;
                found.push(row.numbers);
            }
            Some(row) => at = row.first_end,
            None => at += 1,
        }
    }
    found
}

/// Whether `c`, of either script, is in what tells an address: few texts hold any of these.
pub(super) const fn may_be_in_an_address(c: char) -> bool {
    matches!(
        c,
        '路' | '街'
            | '巷'
            | '道'
            | '胡'
            | '衚'
            | '鬍'
            | '弄'
            | '区'
            | '區'
            | '园'
            | '園'
            | '栋'
            | '棟'
            | '幢'
            | '单'
            | '單'
            | '室'
    ) || matches!(c, '楼' | '樓' | '院')
}

/// Numbers with their units, one behind the other.
struct Row {
    /// The characters of the numbers.
    numbers: Vec<u32>,
    /// How many numbers there are.
    count: usize,
    is_telling: bool,
    /// The first character behind the first number, and behind all.
    first_end: usize,
    end: usize,
}

impl Row {
    fn is_address(&self, chars: &[char], start: usize) -> bool {
        let ends_with = |words: &[&str]| words.iter().any(|word| ends_with(&chars[..start], word));
        self.count >= 2 && self.is_telling || ends_with(&ROADS) && !ends_with(&NO_ROADS)
    }
}

/// The row of numbers that starts at `at`.
fn row(chars: &[char], at: usize) -> Option<Row> {
    let mut row = Row { numbers: Vec::new(), count: 0, is_telling: false, first_end: at, end: at };
    loop {
        let start = row.end + if row.count == 0 { 0 } else { gap(&chars[row.end..]) };
        let digits = number(&chars[start..]);
        let behind = start + digits;
        let unit = UNITS.iter().find(|unit| starts_with(&chars[behind..], unit));
        let stands_alone = row.count > 0 && digits >= FEWEST_DIGITS_ALONE;
        if digits == 0 || digits > MOST_DIGITS || row.count == MOST_NUMBERS || unit.is_none() && !stands_alone {
            break;
        }
        row.numbers.extend((start..behind).map(|at| at as u32));
        row.count += 1;
        row.is_telling |= unit.is_some_and(|unit| TELLING.contains(unit));
        row.end = behind + unit.map_or(0, |unit| unit.chars().count());
        if row.count == 1 {
            row.first_end = row.end;
        }
        if unit.is_none() {
            break;
        }
    }
    (row.count > 0).then_some(row)
}

/// How many characters of a number `chars` starts with: figures, or said in words.
fn number(chars: &[char]) -> usize {
    let digits = chars.iter().take(MOST_DIGITS + 1);
    digits.take_while(|&&c| is_of_number(c)).count()
}

/// Whether `c` is a digit or says how much one counts.
fn is_of_number(c: char) -> bool {
    digit(c).is_some() || matches!(c, '十' | '百')
}

/// Spaces, commas and fillers between two numbers of a row.
fn gap(chars: &[char]) -> usize {
    let mut gap = 0;
    while gap < LONGEST_GAP && gap < chars.len() {
        match filler(&chars[gap..]) {
            Some(length) => gap += length,
            None if matches!(chars[gap], ' ' | ',' | '\u{FF0C}' | '、' | '-') => gap += 1,
            None => break,
        }
    }
    gap
}

fn starts_with(chars: &[char], word: &str) -> bool {
    word.chars().count() <= chars.len() && word.chars().zip(chars).all(|(one, other)| one == *other)
}

fn ends_with(chars: &[char], word: &str) -> bool {
    chars.len().checked_sub(word.chars().count()).is_some_and(|from| starts_with(&chars[from..], word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_look_knows_either_script() {
        let alike = |c: char| may_be_in_an_address(c) == may_be_in_an_address(simplified(c));
        assert!(('\u{4E00}'..='\u{9FFF}').all(alike));
        let all = ROADS.iter().chain(&TELLING).all(|word| word.contains(may_be_in_an_address));
        assert!(all, "no road and no telling unit is missed");
    }

    #[test]
    fn numbers_of_houses_are_masked() {
        let table = [
            ("a house", "住建国路88号", "住建国路██号"),
            ("a flat", "建国路88号院3栋502室", "建国路██号院█栋███室"),
            ("spoken", "中山大道一百二十三号二单元", "中山大道█████号█单元"),
            ("without a road", "3栋2单元502", "█栋█单元███"),
            ("spaces", "阳光小区 3 栋", "阳光小区 3 栋"),
            ("no space", "阳光小区3栋,2单元", "阳光小区█栋,█单元"),
            ("traditional", "中山路8號3樓", "中山路█號█樓"),
            ("fillers", "建国路88号院然后3栋啊502室", "建国路██号院然后█栋啊███室"),
            ("a day", "我知道12号还", "我知道12号还"),
            ("two days", "12号13号", "12号13号"),
            ("a floor alone", "我在三楼", "我在三楼"),
            ("a numbered road", "中山一路88号", "中山一路██号"),
            ("a line", "地铁线路3号", "地铁线路3号"),
            ("one telling unit", "住三单元", "住三单元"),
        ];
        for (name, text, expected) in table {
            let mut chars: Vec<char> = text.chars().collect();
            numbers(text).into_iter().flatten().for_each(|at| chars[at as usize] = '█');
            assert_eq!(chars.into_iter().collect::<String>(), expected, "{name}");
        }
    }
}
