//! What the user can do about a run's shortcomings.

use super::Frame;
use crate::batch::Tally;
use crate::cli::language::{Language, count};
use crate::cli::terminal::{Ink, Line, Page};
use crate::worklist::WorkCounts;

/// Adds the hints, each a line.
pub(super) fn push(page: &mut Page, tally: &Tally, frame: &Frame<'_>) {
    let language = frame.language;
    let mut hints: Vec<String> =
        of_words(tally, language).into_iter().chain(of_manifest(frame.counts, language)).collect();
    hints.extend(strange_languages(tally, language));
    hints.extend(tally.locked_rules.iter().map(|(column, rules)| locked(column, rules.len(), language)));
    push_all(page, &hints, language);
}

/// Adds what can be done about a manifest that is not about the recordings that are there.
pub(in crate::cli) fn push_of_manifest(page: &mut Page, counts: &WorkCounts, language: Language) {
    push_all(page, &of_manifest(counts, language), language);
}

fn push_all(page: &mut Page, hints: &[String], language: Language) {
    if !hints.is_empty() {
        page.blank();
    }
    for hint in hints {
        page.line(Line::of(Ink::Heading, language.pick("建议：", "hint: ")).and(Ink::Plain, hint));
    }
}

/// Of calls whose words are not known.
fn of_words(tally: &Tally, language: Language) -> Vec<String> {
    let mut hints = Vec::new();
    if tally.unheard > 0 {
        let calls = language.calls(tally.unheard);
        hints.push(language.pick(
            format!("{calls}没有取得转写文本，原因见上；再运行同一条命令会重试。"),
            format!("{calls} of which words could not be had: see why above; the same command tries them again."),
        ));
    }
    // The words of the others are nowhere.
    let without_transcript = tally.without_transcript.saturating_sub(tally.unheard);
    if without_transcript > 0 {
        let calls = language.calls(without_transcript);
        hints.push(language.pick(
            format!(
                "{calls}没有转写文本，只按声音评判。请把引擎的结果存成 X.wav 旁边的 X.transcript.json，放进 --transcripts 指定的文件夹，\
                 或写进清单。"
            ),
            format!(
                "{calls} without a transcript: judged by sound alone. Save each engine result as X.transcript.json beside X.wav, \
                 in --transcripts DIR, or name it in the manifest."
            ),
        ));
    }
    hints
}

/// Of a manifest that is not about the recordings that are there.
fn of_manifest(counts: &WorkCounts, language: Language) -> Vec<String> {
    let mut hints = Vec::new();
    if counts.missing > 0 {
        let n = counts.missing;
        hints.push(language.pick(
            format!("清单里有 {n} 个录音找不到：请检查路径，路径从清单所在的文件夹算起。"),
            format!(
                "{} in the manifest and not found: check the paths, which are relative to the manifest's folder.",
                count(n, "recording")
            ),
        ));
    }
    if counts.unlisted > 0 {
        let n = counts.unlisted;
        hints.push(language.pick(
            format!("有 {n} 个录音不在任何清单里：评判时不知道日期、坐席等信息。"),
            format!("{} found that no manifest lists: judged without date, agent and the like.", count(n, "recording")),
        ));
    }
    hints
}

/// Calls in languages that no rule is written for.
fn strange_languages(tally: &Tally, language: Language) -> impl Iterator<Item = String> {
    tally.strange.iter().map(move |(spoken, calls)| {
        let share = 100.0 * *calls as f64 / tally.calls.max(1) as f64;
        let calls = language.calls(*calls);
        language.pick(
            format!("{calls}的语言是 {spoken}（占 {share:.1}%），没有为它写的规则，不按词句评判；请为它添加规则包。"),
            format!(
                "{calls} in {spoken} ({share:.1} %), which no rule is written for: not judged by words; add a pack for it."
            ),
        )
    })
}

fn locked(column: &str, rules: usize, language: Language) -> String {
    language.pick(
        format!("清单里加上 {column} 列，部分通话可多用 {rules} 条规则。"),
        format!("column {column} in the manifest would unlock {} on some calls.", count(rules, "rule")),
    )
}
