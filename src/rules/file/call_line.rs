//! One line of an example's call: `00:05-00:06  agent  {anger_engine 0.9, +12 dB}  text`.

use super::super::model::ExampleLine;
use crate::units::Role;
use crate::written::nearest::{did_you_mean, quoted};
use crate::written::quantity::{self, Dimension};
use crate::written::{Fault, codes};
use std::ops::Range;

/// Reads one line, which is not blank.
///
/// Errors: a fault whose span counts from the line's start.
pub(super) fn read(line: &str) -> Result<ExampleLine, Fault> {
    let (times, rest) = next_word(line, 0);
    let (start_ms, end_ms) =
        read_times(&line[times.clone()]).map_err(|message| fault(times.clone(), message).help(SHAPE))?;
    let (role_place, rest) = next_word(line, rest);
    let role_name = &line[role_place.clone()];
    let Some(role) = Role::from_name(role_name) else {
        let roles = Role::ALL.map(Role::name);
        let fault = fault(role_place, format!("`{role_name}` is no role"));
        return Err(fault.label(did_you_mean(role_name, roles)).help(format!("roles are {}", quoted(roles, ", "))));
    };
    let mut read = ExampleLine::new(start_ms, end_ms, role);
    let facts_start = line.len() - line[rest..].trim_start().len();
    let text_start =
        if line[facts_start..].starts_with('{') { read_facts(line, facts_start, &mut read)? } else { facts_start };
    read.text = line[text_start..].trim().to_owned();
    if read.text.is_empty() && text_start == facts_start && end_ms.is_none() {
        let help = "write what is said, or when it ends: `00:05-00:09  agent`";
        return Err(fault(line.trim_end().len()..line.trim_end().len(), "nothing is said").help(help));
    }
    Ok(read)
}

const SHAPE: &str = "a line is `00:05  agent  text` or `00:05-00:09.5  customer  {+12 dB}  text`";

fn fault(span: Range<usize>, message: impl Into<String>) -> Fault {
    Fault::new(codes::BAD_EXAMPLE_LINE, span, message)
}

/// Where the next word from `at` stands, and what follows it.
fn next_word(line: &str, at: usize) -> (Range<usize>, usize) {
    let start = line.len() - line[at..].trim_start().len();
    let end = line[start..].find(char::is_whitespace).map_or(line.len(), |space| start + space);
    (start..end, end)
}

fn read_times(text: &str) -> Result<(i64, Option<i64>), String> {
    let read = |time: &str| time_ms(time).ok_or_else(|| format!("`{time}` is no time such as `00:05` or `01:10.5`"));
    let Some((start, end)) = text.split_once('-') else { return Ok((read(text)?, None)) };
    let (start_ms, end_ms) = (read(start)?, read(end)?);
    if end_ms <= start_ms {
        return Err(format!("`{text}` ends before it starts"));
    }
    Ok((start_ms, Some(end_ms)))
}

/// `MM:SS` or `MM:SS.t`, ms; up to three digits of minutes and of a fraction.
fn time_ms(text: &str) -> Option<i64> {
    let (minutes, seconds) = text.split_once(':')?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let digits = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(minutes, 2, 3) || !digits(seconds, 2, 2) || !digits(fraction, 1, 3) {
        return None;
    }
    let seconds: i64 = seconds.parse().ok().filter(|seconds| *seconds < 60)?;
    let fraction_ms: i64 = format!("{fraction:0<3}").parse().ok()?;
    Some((minutes.parse::<i64>().ok()? * 60 + seconds) * 1_000 + fraction_ms)
}

/// Reads `{…}` at `open`; returns where the text after it starts.
fn read_facts(line: &str, open: usize, read: &mut ExampleLine) -> Result<usize, Fault> {
    let Some(length) = line[open..].find('}') else {
        return Err(fault(open..open + 1, "this brace is never closed").label("no `}` for it"));
    };
    let mut at = open + 1;
    for fact in line[at..open + length].split(',') {
        let start = at + (fact.len() - fact.trim_start().len());
        let span = start..start + fact.trim().len();
        at += fact.len() + 1;
        read_fact(fact.trim(), span, read)?;
    }
    Ok(open + length + 1)
}

fn read_fact(fact: &str, span: Range<usize>, read: &mut ExampleLine) -> Result<(), Fault> {
    for (name, anger) in [("anger_engine", &mut read.anger_engine), ("anger_acoustic", &mut read.anger_acoustic)] {
        if let Some(score) = fact.strip_prefix(name).and_then(|rest| rest.strip_prefix(' ')) {
            let score = score.trim().parse::<f32>().ok().filter(|score| (0.0..=1.0).contains(score));
            *anger = Some(score.ok_or_else(|| fault(span, format!("`{name}` takes a score from 0 to 1")))?);
            return Ok(());
        }
    }
    if fact.starts_with(['+', '-']) || fact.starts_with(|char: char| char.is_ascii_digit()) {
        let level = quantity::read(fact, &[Dimension::LevelDifference]).map_err(|fault| fault.at(span))?;
        read.loudness_over_usual_db = Some(level.amount as f32);
        return Ok(());
    }
    let help = "facts are `anger_engine 0.9`, `anger_acoustic 0.9` and `+12 dB` (over the speaker's usual), with commas between";
    Err(fault(span, format!("`{fact}` is no fact")).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_who_facts_and_words() {
        let full = read("01:05.2-01:06  customer  {anger_engine 0.9, +12 dB}  你听不懂人话吗").expect("a line");
        assert_eq!((full.start_ms, full.end_ms, full.role), (65_200, Some(66_000), Role::Customer));
        assert_eq!((full.anger_engine, full.loudness_over_usual_db), (Some(0.9), Some(12.0)));
        assert_eq!(full.text, "你听不懂人话吗");
        let short = read("00:00  agent     您好,这里是银行。").expect("a line");
        assert_eq!((short.start_ms, short.end_ms, short.text.as_str()), (0, None, "您好,这里是银行。"));
        assert_eq!(read("100:00-100:02 bot").expect("a line").end_ms, Some(6_002_000));
    }

    #[test]
    fn what_cannot_be_read_is_pointed_at() {
        let cases = [
            ("0:05  agent  好", "0:05"),
            ("00:60  agent  好", "00:60"),
            ("00:05-00:04  agent  好", "00:05-00:04"),
            ("00:05  agnet  好", "agnet"),
            ("00:05  agent  {angry}  好", "angry"),
            ("00:05  agent  {anger_engine 0.9, +12}  好", "+12"),
            ("00:05  agent  {anger_engine 3}  好", "anger_engine 3"),
            ("00:05  agent  {+12 dB 好", "{"),
            ("00:05  agent", ""),
            ("好", "好"),
        ];
        for (line, pointed_at) in cases {
            let fault = read(line).expect_err(line);
            assert_eq!(&line[fault.span], pointed_at, "{line}");
        }
    }
}
