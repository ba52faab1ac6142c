//! Values of a table that are more than strings: numbers, quantities, words of a closed list, dates.

use super::quantity::{self, Dimension, Quantity};
use super::{Fault, Placed, Table, codes, nearest};
use jiff::civil::Date;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::DeValue;

/// The longest time that a file may say, in ms: 1000 hours.
const MAX_MS: i64 = 1_000 * 3_600_000;

impl<'a> Table<'a> {
    /// The whole number at `key`; one outside of `range` is reported.
    pub fn integer(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.value(key)?;
        let DeValue::Integer(written) = value.get_ref() else {
            self.wrong_type(value, &format!("`{key}`"), "a whole number");
            return None;
        };
        let number =
            i64::from_str_radix(written.as_str(), written.radix()).ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.out_of_range(
                value.span(),
                &format!("`{key}` is {written}"),
                &format!("{} to {}", range.start(), range.end()),
            );
        }
        number
    }

    /// The number at `key`, whole or not; one outside of `range` is reported.
    pub fn number(&self, key: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let value = self.value(key)?;
        let (text, number) = match value.get_ref() {
            DeValue::Integer(written) => {
                let number = i64::from_str_radix(written.as_str(), written.radix()).ok();
                (written.to_string(), number.map(|number| number as f64))
            }
            DeValue::Float(written) => (written.to_string(), written.as_str().parse().ok()),
            _ => {
                self.wrong_type(value, &format!("`{key}`"), "a number");
                return None;
            }
        };
        // Not a number is in no range.
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            self.out_of_range(
                value.span(),
                &format!("`{key}` is {text}"),
                &format!("{} to {}", range.start(), range.end()),
            );
        }
        number
    }

    /// The number at `key`, reported where it is missing; 0 stands in for it then.
    pub fn required_number(&self, key: &'static str, range: RangeInclusive<f64>) -> f64 {
        self.number(key, range).unwrap_or_else(|| {
            self.require(key);
            0.0
        })
    }

    /// The quantity at `key`, of one of the `wanted` dimensions.
    pub fn quantity(&self, key: &'static str, wanted: &[Dimension]) -> Option<Placed<Quantity>> {
        self.quantity_of(self.value(key)?, &format!("`{key}`"), wanted)
    }

    /// The quantity `value`, called `what`.
    pub fn quantity_of(
        &self,
        value: &Spanned<DeValue<'_>>,
        what: &str,
        wanted: &[Dimension],
    ) -> Option<Placed<Quantity>> {
        let text = match value.get_ref() {
            DeValue::String(text) => Placed::new(text.to_string(), value.span()),
            DeValue::Integer(number) => return self.no_unit(value.span(), &number.to_string(), what, wanted),
            DeValue::Float(number) => return self.no_unit(value.span(), &number.to_string(), what, wanted),
            _ => {
                self.wrong_type(value, what, "a quantity such as \"8 s\"");
                return None;
            }
        };
        match quantity::read(&text.value, wanted) {
            Ok(quantity) => Some(Placed::new(quantity, text.span)),
            Err(fault) => {
                let span = self.page().inside(&text, fault.span.clone());
                let span = if span.is_empty() { text.span } else { span };
                self.report(fault.at(span));
                None
            }
        }
    }

    /// The time at `key`, ms.
    pub fn duration_ms(&self, key: &'static str) -> Option<i64> {
        let quantity = self.quantity(key, &[Dimension::Time])?;
        self.time_in_range(&quantity, key)
    }

    /// The time at `key`, ms, reported where it is missing; 0 stands in for it then.
    pub fn required_duration_ms(&self, key: &'static str) -> i64 {
        self.duration_ms(key).unwrap_or_else(|| {
            self.require(key);
            0
        })
    }

    /// The choice at `key`, a string that must be one of the names of `choices`.
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        self.choose(&text, &format!("`{key}`"), choices)
    }

    /// The choice at `key`, reported where it is missing.
    pub fn required_choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        self.require(key);
        self.choice(key, choices)
    }

    /// The choice that `text`, called `what`, names.
    pub fn choose<T: Copy>(&self, text: &Placed<String>, what: &str, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(name, _)| *name == text.value).map(|(_, choice)| *choice);
        if found.is_none() && !text.value.trim().is_empty() {
            self.report(unknown_value(text, what, choices.iter().map(|(name, _)| *name)));
        }
        found
    }

    /// The date at `key`, a string such as "2026-11-01".
    pub fn date(&self, key: &'static str) -> Option<Placed<Date>> {
        if let Some(value) = self.value(key)
            && matches!(value.get_ref(), DeValue::Datetime(_))
        {
            let message = format!("`{key}` must be a date in quotes");
            let label = format!("write \"{}\"", self.page().text().get(value.span()).unwrap_or_default());
            self.report(Fault::new(codes::WRONG_TYPE, value.span(), message).label(label));
            return None;
        }
        let text = self.text(key)?;
        let date = read_date(&text.value);
        if date.is_none() {
            let message = format!("`{key}` is `{}`, which is no date", text.value);
            self.report(
                Fault::new(codes::BAD_TIME, text.span.clone(), message)
                    .help("dates are written \"2026-11-01\": year, month, day"),
            );
        }
        date.map(|date| Placed::new(date, text.span))
    }

    /// Reports what is `said` at `span` as outside of `range`.
    pub fn out_of_range(&self, span: Range<usize>, said: &str, range: &str) {
        self.report(Fault::new(codes::OUT_OF_RANGE, span, format!("{said}; allowed is {range}")));
    }

    fn no_unit(&self, span: Range<usize>, number: &str, what: &str, wanted: &[Dimension]) -> Option<Placed<Quantity>> {
        let fault = quantity::bare_number(number, wanted).at(span);
        let message = format!("{what} is {}", fault.message.replacen(" has no unit", ", a number without a unit", 1));
        self.report(Fault { message, ..fault });
        None
    }

    fn time_in_range(&self, time: &Placed<Quantity>, key: &str) -> Option<i64> {
        let ms = time.value.rounded();
        if (0..=MAX_MS).contains(&ms) {
            return Some(ms);
        }
        let written = self.page().text().get(time.span.clone()).unwrap_or_default().trim_matches(['"', '\'']);
        self.out_of_range(time.span.clone(), &format!("`{key}` is {written}"), "0 ms to 1000 h");
        None
    }
}

/// What to say of `text`, called `what`, that is none of `choices`.
pub fn unknown_value<'c>(text: &Placed<String>, what: &str, choices: impl Iterator<Item = &'c str> + Clone) -> Fault {
    Fault::new(codes::UNKNOWN_VALUE, text.span.clone(), format!("{what} cannot be `{}`", text.value))
        .label(nearest::did_you_mean(&text.value, choices.clone()))
        .help(format!("one of {}", nearest::quoted(choices, ", ")))
}

/// Only `2026-11-01`: nothing that jiff would read besides.
fn read_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}
