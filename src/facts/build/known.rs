//! What the manifest knows, as far as what is mentioned may equal it. It is compared raw, before anything is masked.

use crate::entities::{Found, Kind, Mention, Said, Sort, find_written};
use crate::recording::Metadata;
use crate::transcript::Speaker;
use crate::units::Role;
use jiff::civil::Date;

/// Columns of the manifest that say how a call went, and nothing that is spoken of.
const OF_THE_CALL: [&str; 3] = ["talk_s", "answered", "stop_requested"];

/// The cells of a call's manifest by what they are: `customer_id` and the further columns.
pub(super) struct Known {
    /// Identifiers, in plain writing, and whether they are on the customer.
    identifiers: Vec<(Kind, String, bool)>,
    numbers: Vec<f64>,
    dates: Vec<Date>,
}

impl Known {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let mut known = Self { identifiers: Vec::new(), numbers: Vec::new(), dates: Vec::new() };
        if let Some(id) = &metadata.customer_id {
            known.add_identifiers(id, true);
        }
        for (column, cell) in metadata.extra.iter().filter(|(column, _)| !OF_THE_CALL.contains(&column.as_str())) {
            known.add_identifiers(cell, column.starts_with("customer_"));
            known.numbers.extend(number(cell));
            known.dates.extend(date(cell));
        }
        known
    }

    fn add_identifiers(&mut self, cell: &str, on_customer: bool) {
        let said = [Said { by: Speaker::Role(Role::Unknown), text: cell }];
        let found = find_written(cell);
        self.identifiers.extend(found.iter().map(|one| (one.kind, one.plain(&said), on_customer)));
    }

    /// Whether a cell has the identifier `found` in `said`, and whether one on the customer has; `None` where there is no cell of its
    /// kind, or it was not said in full.
    pub(super) fn has_identifier(&self, found: &Found, said: &[Said<'_>]) -> (Option<bool>, Option<bool>) {
        if !found.complete || self.identifiers.is_empty() {
            return (None, None);
        }
        let plain = found.plain(said);
        let equal = |on_customer: bool| {
            let of_kind = |it: &&(Kind, String, bool)| it.0 == found.kind && (it.2 || !on_customer);
            let mut cells = self.identifiers.iter().filter(of_kind).peekable();
            cells.peek().is_some().then(|| cells.any(|(_, cell, _)| *cell == plain))
        };
        (equal(false), equal(true))
    }

    /// Whether a cell has the value of `mention`; `None` where there is no cell of its sort.
    pub(super) fn has_value(&self, mention: &Mention) -> Option<bool> {
        match mention.sort {
            Sort::Money | Sort::Number | Sort::Percentage => {
                let value: f64 = mention.value.parse().ok()?;
                any(&self.numbers, |number| (number - value).abs() <= 1e-9 * value.abs())
            }
            Sort::Date | Sort::DateTime => {
                let day: Date = mention.value.get(..DATE_CHARS)?.parse().ok()?;
                any(&self.dates, |date| *date == day)
            }
            Sort::Time | Sort::Duration => None,
        }
    }
}

/// Length of an ISO 8601 date.
const DATE_CHARS: usize = 10;

fn any<T>(cells: &[T], is_equal: impl Fn(&T) -> bool) -> Option<bool> {
    (!cells.is_empty()).then(|| cells.iter().any(is_equal))
}

/// The number that a cell of the manifest is, with or without a sign of yuan and commas between thousands.
#[must_use]
pub fn number(cell: &str) -> Option<f64> {
    let bare = cell.trim_start_matches(['¥', '￥']).trim_end_matches(['元', '%']).replace(',', "");
    // What starts with a zero is a code; what is as long as an identifier is one.
    let is_number = bare.len() <= 12 && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_code = bare.len() > 1 && bare.starts_with('0') && !bare.starts_with("0.");
    bare.parse().ok().filter(|_| is_number && !is_code)
}

/// The day that a cell of the manifest is or starts with: 2026-11-20, 2026/11/20.
#[must_use]
pub fn date(cell: &str) -> Option<Date> {
    cell.get(..DATE_CHARS)?.replace('/', "-").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::{find, mentions};

    fn known() -> Known {
        let extra = [
            ("customer_phone", "13800138000"),
            ("agent_phone", "13900139000"),
            ("mail", "Zhang.San@example.com"),
            ("due_amount", "¥3,500.00"),
            ("due_date", "2026-11-25"),
            ("talk_s", "60"),
            ("stop_requested", "1"),
            ("code", "007"),
        ];
        let extra = extra.map(|(column, cell)| (column.to_owned(), cell.to_owned())).into();
        Known::of(&Metadata { customer_id: Some("110105-19491231-002X".into()), extra, ..Metadata::default() })
    }

    #[test]
    fn identifiers_are_compared_before_they_are_masked() {
        let table = [
            ("the customer's phone", "幺三八 零零幺三 八零零零", (Some(true), Some(true))),
            ("with the code of China", "+86 138 0013 8000", (Some(true), Some(true))),
            ("another cell's phone", "13900139000", (Some(true), Some(false))),
            ("somebody's phone", "13700137000", (Some(false), Some(false))),
            ("the customer's card", "11010519491231002x", (Some(true), Some(true))),
            ("a card of a bank", "6212345678901265", (None, None)),
            ("a mail address", "zhang.san@example.com吗", (Some(true), None)),
            ("a mail address as it is said", "zhang.san艾特example点com", (Some(true), None)),
            ("with a zero before it", "零一三八零零幺三八零零零", (Some(true), Some(true))),
            ("another domain", "zhang.san@example.org", (Some(false), None)),
            ("a card that is cut off", "1101051949123100", (None, None)),
        ];
        for (name, text, expected) in table {
            let said = [Said { by: Speaker::Role(Role::Customer), text }];
            assert_eq!(known().has_identifier(&find(&said)[0], &said), expected, "{name}");
        }
    }

    #[test]
    fn values_are_compared_with_cells_of_their_sort() {
        let value = |known: &Known, text: &str| known.has_value(&mentions(text, jiff::civil::date(2026, 11, 20))[0]);
        let table = [
            ("the sum", "三千五百块", Some(true)),
            ("a bare number", "三千五", Some(true)),
            ("another sum", "三千块", Some(false)),
            ("not how long they talked", "六十块", Some(false)),
            ("not whether somebody asked to be left alone", "一块", Some(false)),
            ("the day", "25号", Some(true)),
            ("a time of the day", "25号下午三点", Some(true)),
            ("another day", "明天", Some(false)),
            ("a time", "下午三点", None),
        ];
        for (name, text, expected) in table {
            assert_eq!(value(&known(), text), expected, "{name}");
        }
        assert_eq!(value(&Known::of(&Metadata::default()), "三千五百块"), None);
    }
}
