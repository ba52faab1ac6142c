//! Cells of CSV files, which people open with spreadsheets.

use std::borrow::Cow;

/// What a CSV file begins with: the mark of UTF-8, without which spreadsheets take Chinese for another encoding. Other readers skip it.
pub const CSV_START: &str = "\u{feff}";

/// Characters after which spreadsheets calculate, those of full width and line breaks with them (OWASP, CSV Injection).
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Returns `text` as a cell that no spreadsheet takes for a formula: with an apostrophe before it where it would. Commas and quotes are left to the
/// writer of the file.
///
/// ```
/// use callsift::tables::csv_cell;
/// assert_eq!(csv_cell("=1+1"), "'=1+1");
/// assert_eq!(csv_cell("1+1=2"), "1+1=2");
/// ```
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULAS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_calculate_is_text() {
        for text in ["=A1", "+1", "-1", "@SUM(A1)", "\t=A1", "\r=A1", "\n=A1", "＝A1", "＋1", "－1", "＠SUM"] {
            assert_eq!(csv_cell(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "a", "'=A1", " =A1", "3 - 2", "您好,=", "█=", "\"=\""] {
            assert_eq!(csv_cell(text), text, "{text:?}");
        }
    }
}
