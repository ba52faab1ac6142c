//! Quantities with a unit: `<decimal> <unit>`, one space between.

use super::{Fault, codes, nearest};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Time; base unit ms.
    Time,
    /// A share; base unit 1.
    Share,
    /// A difference of levels; base unit dB.
    LevelDifference,
    /// A level against full scale; base unit dBFS.
    Level,
    /// A frequency; base unit Hz.
    Frequency,
    /// An interval of pitch; base unit semitone.
    Interval,
    /// Characters in time; base unit characters a minute.
    CharRate,
    /// Words in time; base unit words a minute.
    WordRate,
    /// Syllables in time; base unit syllables a second.
    SyllableRate,
}

/// A unit that authors may write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// How it is written.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// How many base units it is.
    pub in_base: f64,
}

/// All units.
pub const UNITS: [Unit; 12] = [
    unit("ms", Dimension::Time, 1.0),
    unit("s", Dimension::Time, 1_000.0),
    unit("min", Dimension::Time, 60_000.0),
    unit("h", Dimension::Time, 3_600_000.0),
    unit("%", Dimension::Share, 0.01),
    unit("dB", Dimension::LevelDifference, 1.0),
    unit("dBFS", Dimension::Level, 1.0),
    unit("Hz", Dimension::Frequency, 1.0),
    unit("st", Dimension::Interval, 1.0),
    unit("chars/min", Dimension::CharRate, 1.0),
    unit("words/min", Dimension::WordRate, 1.0),
    unit("syll/s", Dimension::SyllableRate, 1.0),
];

/// A quantity in the base unit of its dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// How much; finite.
    pub amount: f64,
    /// What it measures.
    pub dimension: Dimension,
}

impl Quantity {
    /// Its amount in whole base units, for times: milliseconds.
    #[must_use]
    pub fn rounded(self) -> i64 {
        self.amount.round() as i64
    }
}

/// Reads `<decimal> <unit>` of one of the `wanted` dimensions.
///
/// ```
/// use callsift::written::quantity::{Dimension, read};
/// assert_eq!(read("1.5 s", &[Dimension::Time]).map(|it| it.amount), Ok(1_500.0));
/// assert_eq!(read("8 dB", &[Dimension::Time]).map_err(|it| it.code), Err("wrong_dimension"));
/// ```
///
/// # Errors
///
/// One fault, its span counted from the start of `text`: not a decimal, a space and a unit; a unit that does not
/// exist; a unit of another dimension.
pub fn read(text: &str, wanted: &[Dimension]) -> Result<Quantity, Fault> {
    let number_bytes =
        text.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+')).count();
    let (number, rest) = text.split_at(number_bytes);
    let whole = 0..text.len();
    let Some(amount) = decimal(number) else {
        return Err(not_a_quantity(text, wanted));
    };
    if rest.trim().is_empty() {
        return Err(bare_number(text.trim(), wanted).at(whole));
    }
    let unit_name = rest.trim();
    let Some(unit) = UNITS.iter().find(|unit| unit.name == unit_name) else {
        return Err(unknown_unit(unit_name, wanted).at(text.len() - rest.trim_start().len()..text.trim_end().len()));
    };
    if rest != format!(" {unit_name}") {
        return Err(not_a_quantity(text, wanted).label(format!("write `{number} {unit_name}`")));
    }
    if !wanted.contains(&unit.dimension) {
        let message = format!("`{}` is {}, but {} is wanted here", unit.name, what(unit.dimension), whats(wanted));
        return Err(Fault::new(codes::WRONG_DIMENSION, number_bytes + 1..text.len(), message).help(right_units(wanted)));
    }
    Ok(Quantity { amount: amount * unit.in_base, dimension: unit.dimension })
}

/// What to say of a number without a unit.
#[must_use]
pub fn bare_number(number: &str, wanted: &[Dimension]) -> Fault {
    // Most times are in seconds, though milliseconds stand first.
    let usual = units_of(wanted).find(|unit| *unit != "ms").unwrap_or_default();
    Fault::new(codes::BARE_NUMBER, 0..0, format!("{number} has no unit"))
        .label(format!("such as \"{number} {usual}\""))
        .help(right_units(wanted))
}

/// "right units here: `ms`, `s`".
fn right_units(wanted: &[Dimension]) -> String {
    format!("units that are right here: {}", nearest::quoted(units_of(wanted), ", "))
}

const fn unit(name: &'static str, dimension: Dimension, in_base: f64) -> Unit {
    Unit { name, dimension, in_base }
}

fn units_of(wanted: &[Dimension]) -> impl Iterator<Item = &'static str> {
    UNITS.iter().filter(|unit| wanted.contains(&unit.dimension)).map(|unit| unit.name)
}

/// Digits with at most one point inside and a sign before; at most twelve digits, so that no amount overflows.
fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits =
        |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits(whole) && all_digits(fraction) { text.parse().ok() } else { None }
}

fn not_a_quantity(text: &str, wanted: &[Dimension]) -> Fault {
    Fault::new(codes::BAD_QUANTITY, 0..text.len(), format!("`{text}` is not a number, one space and a unit"))
        .help(right_units(wanted))
}

fn unknown_unit(name: &str, wanted: &[Dimension]) -> Fault {
    let label = nearest::did_you_mean(name, units_of(wanted));
    Fault::new(codes::UNKNOWN_UNIT, 0..0, format!("unknown unit `{name}`")).label(label).help(right_units(wanted))
}

fn whats(dimensions: &[Dimension]) -> String {
    dimensions.iter().map(|&dimension| what(dimension)).collect::<Vec<_>>().join(" or ")
}

const fn what(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Time => "a time",
        Dimension::Share => "a share",
        Dimension::LevelDifference => "a difference of levels",
        Dimension::Level => "a level",
        Dimension::Frequency => "a frequency",
        Dimension::Interval => "an interval of pitch",
        Dimension::CharRate => "a rate in characters",
        Dimension::WordRate => "a rate in words",
        Dimension::SyllableRate => "a rate in syllables",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_a_decimal_one_space_and_a_unit() {
        const TIME: &[Dimension] = &[Dimension::Time];
        const RATE: &[Dimension] = &[Dimension::CharRate, Dimension::WordRate];
        let cases: [(&str, &[Dimension], Result<f64, &str>); 17] = [
            ("8 s", TIME, Ok(8_000.0)),
            ("0.25 s", TIME, Ok(250.0)),
            ("2 min", TIME, Ok(120_000.0)),
            ("1 h", TIME, Ok(3_600_000.0)),
            ("80 %", &[Dimension::Share], Ok(0.8)),
            ("-30 dBFS", &[Dimension::Level], Ok(-30.0)),
            ("240 words/min", RATE, Ok(240.0)),
            ("8s", TIME, Err(codes::BAD_QUANTITY)),
            ("8  s", TIME, Err(codes::BAD_QUANTITY)),
            (" 8 s", TIME, Err(codes::BAD_QUANTITY)),
            ("eight s", TIME, Err(codes::BAD_QUANTITY)),
            ("1.2.3 s", TIME, Err(codes::BAD_QUANTITY)),
            ("", TIME, Err(codes::BAD_QUANTITY)),
            ("8", TIME, Err(codes::BARE_NUMBER)),
            ("8 sec", TIME, Err(codes::UNKNOWN_UNIT)),
            ("8 秒", TIME, Err(codes::UNKNOWN_UNIT)),
            ("8 dB", RATE, Err(codes::WRONG_DIMENSION)),
        ];
        for (text, wanted, expected) in cases {
            let amount = read(text, wanted).map(|quantity| quantity.amount).map_err(|fault| fault.code);
            match (amount, expected) {
                (Ok(amount), Ok(expected)) => assert!((amount - expected).abs() < 1e-9, "{text}: {amount}"),
                (amount, expected) => assert_eq!(amount, expected, "{text}"),
            }
        }
    }
}
