//! Numbers as people read them.

use super::figures::Share;

/// A number with its thousands apart.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in percent; a dash of nothing.
pub(super) fn percent(share: Share) -> String {
    share.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent:.1} %"))
}

/// The ends of a share's interval, in percent.
pub(super) fn percent_interval(share: Share) -> String {
    share.interval().map_or_else(String::new, |(low, high)| format!("{low:.1} – {high:.1} %"))
}

/// A share in cases of 10,000.
pub(super) fn per_10_000(share: Share) -> String {
    share.percent().map_or_else(|| "–".to_owned(), |percent| format!("{:.1}", percent * 100.0))
}

/// The ends of a share's interval, in cases of 10,000.
pub(super) fn interval_per_10_000(share: Share) -> String {
    share.interval().map_or_else(String::new, |(low, high)| format!("{:.1} – {:.1}", low * 100.0, high * 100.0))
}

/// Points, or a dash.
pub(super) fn points(points: Option<f64>) -> String {
    points.map_or_else(|| "–".to_owned(), |points| format!("{points:.1}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([count(7), count(1_000), count(1_234_567)], ["7", "1,000", "1,234,567"]);
        let share = Share { hits: 1, of: 80 };
        assert_eq!([percent(share), per_10_000(share), percent(Share::default())], ["1.2 %", "125.0", "–"]);
    }
}
