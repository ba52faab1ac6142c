//! `report.when`: names joined by `not`, order, `and`, `or` (in that precedence) and parentheses.

use super::file::read_reach;
use super::model::{Reach, When};
use crate::written::{Fault, codes, nearest};
use std::collections::BTreeSet;
use std::ops::Range;

/// Words that a `look_for` cannot be called.
pub const RESERVED: [&str; 8] = ["after", "and", "before", "every", "not", "or", "then", "within"];

/// The most words, parentheses and quantities in one expression; what is parsed is a tree that others walk by recursion.
const MAX_TOKENS: usize = 200;

/// Whether a `look_for` may be called `name`: letters, digits, `_` and `-`, a letter first, none of [`RESERVED`].
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.starts_with(char::is_alphabetic) && name.chars().all(is_name_char) && !RESERVED.contains(&name)
}

/// Reads `text`; a name becomes its place in `names`.
///
/// ```
/// use callsift::rules::{expression::parse, model::When};
/// let names = ["greeting".to_owned(), "close".to_owned()];
/// assert_eq!(parse("greeting before close", &names), Ok(When::Before(0, 1)));
/// ```
///
/// # Errors
///
/// Faults with spans counted from the start of `text`: the first thing that cannot be read, or else every name that is
/// not in `names`.
pub fn parse(text: &str, names: &[String]) -> Result<When, Vec<Fault>> {
    let tokens = tokens(text).map_err(|fault| vec![fault])?;
    let mut parser = Parser { tokens: &tokens, at: 0, end: text.trim_end().len(), names, unknown: Vec::new() };
    let when = parser.either().and_then(|when| parser.expect_end().map(|()| when)).map_err(|fault| vec![fault])?;
    if parser.unknown.is_empty() { Ok(when) } else { Err(parser.unknown) }
}

/// The names in `when` that are true in every way in which it can be true, so that they have hits to show.
#[must_use]
pub fn always_true(when: &When) -> BTreeSet<usize> {
    true_names(when, true)
}

/// Every name in `when`.
#[must_use]
pub fn names_in(when: &When) -> BTreeSet<usize> {
    match when {
        When::Name(name) => BTreeSet::from([*name]),
        When::Not(inner) => names_in(inner),
        When::And(left, right) | When::Or(left, right) => &names_in(left) | &names_in(right),
        When::Before(a, b) | When::Then(a, b, _) | When::EveryThen(a, b, _) => BTreeSet::from([*a, *b]),
    }
}

/// The names that are true whenever `when` is `value`.
fn true_names(when: &When, value: bool) -> BTreeSet<usize> {
    match when {
        When::Name(name) if value => BTreeSet::from([*name]),
        When::Before(a, b) | When::Then(a, b, _) if value => BTreeSet::from([*a, *b]),
        When::Not(inner) => true_names(inner, !value),
        When::And(left, right) if value => &true_names(left, true) | &true_names(right, true),
        When::Or(left, right) if !value => &true_names(left, false) | &true_names(right, false),
        When::And(left, right) | When::Or(left, right) => &true_names(left, value) & &true_names(right, value),
        // `every a then b` also holds where there is no a.
        When::Name(_) | When::Before(..) | When::Then(..) | When::EveryThen(..) => BTreeSet::new(),
    }
}

fn is_name_char(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-')
}

#[derive(Clone, Debug, PartialEq)]
struct Token<'t> {
    text: &'t str,
    span: Range<usize>,
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        let rest = &text[at..];
        let bytes = match char {
            '(' | ')' => 1,
            _ if char.is_whitespace() => {
                at += char.len_utf8();
                continue;
            }
            _ => rest.find(|char: char| char.is_whitespace() || matches!(char, '(' | ')')).unwrap_or(rest.len()),
        };
        tokens.push(Token { text: &rest[..bytes], span: at..at + bytes });
        at += bytes;
        if tokens.len() > MAX_TOKENS {
            let message = format!("`when` has more than {MAX_TOKENS} words");
            return Err(fault(0..text.len(), message).help("write several rules instead"));
        }
    }
    Ok(tokens)
}

fn fault(span: Range<usize>, message: impl Into<String>) -> Fault {
    Fault::new(codes::BAD_EXPRESSION, span, message)
}

struct Parser<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
    end: usize,
    names: &'t [String],
    unknown: Vec<Fault>,
}

impl<'t> Parser<'t> {
    fn either(&mut self) -> Result<When, Fault> {
        let mut left = self.both()?;
        while self.take("or") {
            left = When::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<When, Fault> {
        let mut left = self.ordered()?;
        while self.take("and") {
            left = When::And(Box::new(left), Box::new(self.ordered()?));
        }
        Ok(left)
    }

    fn ordered(&mut self) -> Result<When, Fault> {
        let start = self.place().start;
        let left = self.negated()?;
        let left_span = start..self.last_end();
        let Some(word) = self.peek().filter(|word| matches!(*word, "before" | "then")) else { return Ok(left) };
        let When::Name(first) = left else { return Err(order_of_more_than_names(left_span, word, &left)) };
        self.at += 1;
        if word == "before" {
            return Ok(When::Before(first, self.name("after `before`")?)).and_then(|when| self.no_chain(when));
        }
        let (second, within) = self.then_within()?;
        self.no_chain(When::Then(first, second, within))
    }

    fn negated(&mut self) -> Result<When, Fault> {
        if self.take("not") {
            return Ok(When::Not(Box::new(self.negated()?)));
        }
        if self.take("(") {
            let open = self.tokens[self.at - 1].span.clone();
            let inner = self.either()?;
            if self.take(")") {
                return Ok(inner);
            }
            return Err(fault(open, "this parenthesis is never closed").label("no `)` for it"));
        }
        if self.take("every") {
            let first = self.name("after `every`")?;
            self.expect("then", "`every a then b within 60 s`")?;
            let (second, within) = self.then_within()?;
            return Ok(When::EveryThen(first, second, within));
        }
        Ok(When::Name(self.name("here")?))
    }

    /// `b within 60 s` or `b within 3 turns`, after `then`.
    fn then_within(&mut self) -> Result<(usize, Reach), Fault> {
        let second = self.name("after `then`")?;
        self.expect("within", "`a then b within 60 s`")?;
        let (number, unit) = (self.tokens.get(self.at), self.tokens.get(self.at + 1));
        let (Some(number), Some(unit)) = (number, unit) else {
            return Err(fault(self.place(), "`within` needs a time or a number of turns").label("such as `60 s`"));
        };
        let read = read_reach(number.text, unit.text).map_err(|fault| fault.at(number.span.start..unit.span.end))?;
        let Some(reach) = read else {
            return Err(fault(number.span.clone(), "`within` needs a time of 0 or more, or 1 to 10000 turns"));
        };
        self.at += 2;
        Ok((second, reach))
    }

    /// Refuses `a before b before c`.
    fn no_chain(&self, when: When) -> Result<When, Fault> {
        match self.peek() {
            Some("before" | "then") => {
                let help = "join two orders: `a before b and b before c`";
                Err(fault(self.place(), "an order takes two names").label("a third one follows").help(help))
            }
            _ => Ok(when),
        }
    }

    fn name(&mut self, place: &str) -> Result<usize, Fault> {
        let Some(token) = self.tokens.get(self.at) else {
            return Err(
                fault(self.place(), format!("a name is missing {place}")).label("a name of a look_for is wanted here")
            );
        };
        if !is_name(token.text) {
            let message = format!("`{}` stands where a name is wanted", token.text);
            let help = "names joined by `not`, `before`, `then … within 60 s`, `and`, `or`, and parentheses";
            return Err(fault(token.span.clone(), message).label("a name of a look_for is wanted here").help(help));
        }
        self.at += 1;
        Ok(self.names.iter().position(|name| name == token.text).unwrap_or_else(|| {
            self.unknown.push(unknown_name(token, self.names));
            0
        }))
    }

    fn expect_end(&self) -> Result<(), Fault> {
        match self.tokens.get(self.at) {
            None => Ok(()),
            Some(token) if token.text == ")" => {
                Err(fault(token.span.clone(), "this parenthesis was never opened").label("no `(` for it"))
            }
            Some(token) => {
                let label = nearest::did_you_mean(token.text, ["and", "or", "before", "then"]);
                let help = "join names with `and`, `or`, `before` or `then … within 60 s`";
                Err(fault(token.span.clone(), format!("`{}` is not expected here", token.text)).label(label).help(help))
            }
        }
    }

    fn expect(&mut self, word: &str, shape: &str) -> Result<(), Fault> {
        if self.take(word) {
            return Ok(());
        }
        Err(fault(self.place(), format!("`{word}` is missing"))
            .label(format!("`{word}` is wanted here"))
            .help(format!("the shape is {shape}")))
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<&'t str> {
        self.tokens.get(self.at).map(|token| token.text)
    }

    /// Where the next token is, or the end.
    fn place(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |token| token.span.clone())
    }

    fn last_end(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.span.end)
    }
}

fn unknown_name(token: &Token<'_>, names: &[String]) -> Fault {
    Fault::new(codes::UNKNOWN_NAME, token.span.clone(), format!("no look_for is called `{}`", token.text))
        .label(nearest::did_you_mean(token.text, names.iter().map(String::as_str)))
        .help(format!("this rule looks for {}", nearest::quoted(names.iter().map(String::as_str), ", ")))
}

fn order_of_more_than_names(span: Range<usize>, word: &str, left: &When) -> Fault {
    let help = match left {
        When::Not(_) => format!("put the order in parentheses: `not (a {word} b)`"),
        _ => format!("write each order out: `a {word} c and b {word} c`"),
    };
    fault(span, format!("`{word}` takes a name on each side")).label("this is more than a name").help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["a", "b", "c"].map(str::to_owned).to_vec()
    }

    fn name(index: usize) -> Box<When> {
        Box::new(When::Name(index))
    }

    #[test]
    fn not_binds_tighter_than_order_than_and_than_or() {
        let cases = [
            ("a", When::Name(0)),
            ("not a and b", When::And(Box::new(When::Not(name(0))), name(1))),
            ("a or b and c", When::Or(name(0), Box::new(When::And(name(1), name(2))))),
            ("(a or b) and c", When::And(Box::new(When::Or(name(0), name(1))), name(2))),
            ("a and b before c", When::And(name(0), Box::new(When::Before(1, 2)))),
            ("a then b within 1.5 min", When::Then(0, 1, Reach::Ms(90_000))),
            ("every a then b within 60 s or c", When::Or(Box::new(When::EveryThen(0, 1, Reach::Ms(60_000))), name(2))),
            ("not (a before b)", When::Not(Box::new(When::Before(0, 1)))),
            ("not every a then b within 1 s", When::Not(Box::new(When::EveryThen(0, 1, Reach::Ms(1_000))))),
            ("a then b within 3 turns", When::Then(0, 1, Reach::Turns(3))),
            ("not not a", When::Not(Box::new(When::Not(name(0))))),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text, &names()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_pointed_at() {
        let cases = [
            ("", codes::BAD_EXPRESSION, ""),
            ("a and", codes::BAD_EXPRESSION, ""),
            ("a b", codes::BAD_EXPRESSION, "b"),
            ("(a or b", codes::BAD_EXPRESSION, "("),
            ("a)", codes::BAD_EXPRESSION, ")"),
            ("not a before b", codes::BAD_EXPRESSION, "not a"),
            ("(a and b) before c", codes::BAD_EXPRESSION, "(a and b)"),
            ("a before (b)", codes::BAD_EXPRESSION, "("),
            ("a before b before c", codes::BAD_EXPRESSION, "before"),
            ("a then b", codes::BAD_EXPRESSION, ""),
            ("a then b within 60", codes::BAD_EXPRESSION, "60"),
            ("a then b within 60 dB", codes::WRONG_DIMENSION, "60 dB"),
            ("a and d", codes::UNKNOWN_NAME, "d"),
            ("a & b", codes::BAD_EXPRESSION, "&"),
        ];
        for (text, code, pointed_at) in cases {
            let faults = parse(text, &names()).expect_err(text);
            assert_eq!((faults[0].code, &text[faults[0].span.clone()]), (code, pointed_at), "{text}");
        }
        assert_eq!(parse("d or e", &names()).expect_err("two unknown names").len(), 2);
        let long = vec!["("; 10_000].join(" ");
        assert_eq!(parse(&long, &names()).expect_err("too long").len(), 1);
    }

    #[test]
    fn a_name_is_always_true_only_if_it_is_in_every_branch() {
        let cases: [(&str, &[usize]); 9] = [
            ("a and b", &[0, 1]),
            ("a or b", &[]),
            ("a and (b or c)", &[0]),
            ("a and b or a and c", &[0]),
            ("a and not b", &[0]),
            ("a before b", &[0, 1]),
            ("not (not a or b)", &[0]),
            ("every a then b within 1 s", &[]),
            ("a and not every a then b within 1 s", &[0]),
        ];
        for (text, expected) in cases {
            let when = parse(text, &names()).expect(text);
            assert_eq!(always_true(&when).into_iter().collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
