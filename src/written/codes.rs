//! The stable names of every mistake that an author can make.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: &str = $code;)+

        /// All codes, sorted.
        pub const ALL: &[&str] = &[$($code),+];
    };
}

codes! {
    /// An example's line cannot be read.
    BAD_EXAMPLE_LINE = "bad_example_line";
    /// `report.when` cannot be read.
    BAD_EXPRESSION = "bad_expression";
    /// A name has characters that `report.when` could not hold, or is one of its own words.
    BAD_NAME = "bad_name";
    /// A regular expression cannot be read, or is too large.
    BAD_PATTERN = "bad_pattern";
    /// A place in the call (`where`) cannot be read.
    BAD_PLACE = "bad_place";
    /// Braces in a message that hold no placeholder.
    BAD_PLACEHOLDER = "bad_placeholder";
    /// A string is not `<decimal> <unit>`.
    BAD_QUANTITY = "bad_quantity";
    /// A date, a time of day or a moment cannot be read.
    BAD_TIME = "bad_time";
    /// A number without a unit where one is needed.
    BARE_NUMBER = "bare_number";
    /// Two things have one name, or a list says the same twice.
    DUPLICATE = "duplicate";
    /// A text or a list that must say something is empty.
    EMPTY = "empty";
    /// The file is too large to be one that a person wrote.
    FILE_TOO_LARGE = "file_too_large";
    /// The id is not what the place of the file says.
    ID_NOT_PATH = "id_not_path";
    /// A file or folder stands where nothing reads it.
    MISPLACED_FILE = "misplaced_file";
    /// A key that must be there is not.
    MISSING_KEY = "missing_key";
    /// Conditions that no call can meet.
    NEVER_TRUE = "never_true";
    /// An innocent phrase that contains none of the list's terms.
    NEVER_WITHOUT_TERM = "never_without_term";
    /// No example that stays silent.
    NO_SILENT_EXAMPLE = "no_silent_example";
    /// No example that reports.
    NO_REPORTING_EXAMPLE = "no_reporting_example";
    /// A `look_for` that says what to look for in no way.
    NO_KIND = "no_kind";
    /// A term that the text it is matched with cannot contain.
    NOT_NORMALISED = "not_normalised";
    /// A list out of order.
    NOT_SORTED = "not_sorted";
    /// Not TOML.
    NOT_TOML = "not_toml";
    /// A number outside of its range.
    OUT_OF_RANGE = "out_of_range";
    /// Two overrides of the same thing in one folder.
    OVERRIDE_CONFLICT = "override_conflict";
    /// A pattern that matches the empty string, so it matches everywhere.
    PATTERN_MATCHES_EMPTY = "pattern_matches_empty";
    /// A placeholder that may have nothing to show.
    PLACEHOLDER_MAY_BE_EMPTY = "placeholder_may_be_empty";
    /// Conditions that wait for one another.
    PLACE_CYCLE = "place_cycle";
    /// A set that no call reaches, or calls that no set takes.
    SET_ORDER = "set_order";
    /// More mistakes in one file than are shown.
    TOO_MANY_MISTAKES = "too_many_mistakes";
    /// Two things where one of them must be chosen.
    TWO_KINDS = "two_kinds";
    /// An override of something the rule does not have.
    UNKNOWN_PATH = "unknown_path";
    /// A key that nothing reads.
    UNKNOWN_KEY = "unknown_key";
    /// A name that nothing has.
    UNKNOWN_NAME = "unknown_name";
    /// A unit that is not in the table of units.
    UNKNOWN_UNIT = "unknown_unit";
    /// A word that is not one of the allowed ones.
    UNKNOWN_VALUE = "unknown_value";
    /// A file or folder cannot be read.
    UNREADABLE = "unreadable";
    /// A list of words that no rule uses.
    UNUSED_LIST = "unused_list";
    /// A `look_for` that nothing uses.
    UNUSED_LOOK_FOR = "unused_look_for";
    /// A unit of another dimension.
    WRONG_DIMENSION = "wrong_dimension";
    /// A value of another type.
    WRONG_TYPE = "wrong_type";
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_snake_case() {
        assert_eq!(ALL.iter().collect::<BTreeSet<_>>().len(), ALL.len());
        for code in ALL {
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{code}");
        }
    }
}
