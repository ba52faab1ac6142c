//! What a run came to, for the terminal.

mod hints;

pub(super) use hints::push_of_manifest;

use super::language::Language;
use super::table::Table;
use super::terminal::{Ink, Line, Page};
use crate::batch::{Tally, Worst};
use crate::finding::Severity;
use crate::score::Verdict;
use crate::worklist::{Reconciled, WorkCounts};
use std::time::Duration;

pub(super) const MS_PER_HOUR: f64 = 3_600_000.0;

/// What the summary says besides the tally.
pub(super) struct Frame<'a> {
    /// The dataset's folder, masked.
    pub out: &'a str,
    pub elapsed: Duration,
    pub counts: &'a WorkCounts,
    /// Attempts and calls by hour and agency; empty without an attempts file.
    pub reconciled: &'a [Reconciled],
    pub language: Language,
}

/// The summary.
pub(super) fn render(tally: &Tally, frame: &Frame<'_>) -> Page {
    let mut page = Page::default();
    headline(&mut page, tally, frame);
    page.blank();
    counts(&mut page, tally, frame.language);
    reconciled(&mut page, frame);
    worst(&mut page, &tally.worst, frame.language);
    troubles(&mut page, tally, frame.language);
    hints::push(&mut page, tally, frame);
    page
}

/// The ink of a verdict.
pub(super) const fn verdict_ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Pass => Ink::Good,
        Verdict::Review => Ink::Warning,
        Verdict::Fail => Ink::Bad,
        Verdict::NotJudged => Ink::Plain,
    }
}

/// The ink of a severity.
const fn severity_ink(severity: Severity) -> Ink {
    match severity {
        Severity::Fatal | Severity::Critical => Ink::Bad,
        Severity::Major => Ink::Warning,
        Severity::Minor | Severity::Note => Ink::Plain,
    }
}

fn headline(page: &mut Page, tally: &Tally, frame: &Frame<'_>) {
    let language = frame.language;
    let (hours, seconds) = (tally.audio_ms as f64 / MS_PER_HOUR, frame.elapsed.as_secs_f64().max(0.001));
    let speed = tally.audio_ms as f64 / 1000.0 / seconds;
    let calls = language.calls(tally.calls);
    page.line(language.pick(
        format!("检查了 {calls}，录音共 {hours:.2} 小时，用时 {seconds:.1} 秒（实时的 {speed:.0} 倍）。"),
        format!("Inspected {calls}, {hours:.2} h of sound, in {seconds:.1} s ({speed:.0} x real time)."),
    ));
    left_out(page, tally, language, false);
    if tally.not_begun > 0 {
        let left = language.calls(tally.not_begun);
        page.line(language.pick(
            format!("已停止：还有 {left}没有开始。已开始的都已完成，再运行同一条命令即可做完其余的。"),
            format!("Stopped: {left} not begun. What was begun is finished; the same command does the rest."),
        ));
    }
    page.line(language.pick(format!("结果：{}", frame.out), format!("Results: {}", frame.out)));
}

/// Calls of the input that are not inspected, or were before; of a run to come where it `is_to_come`.
pub(super) fn left_out(page: &mut Page, tally: &Tally, language: Language, is_to_come: bool) {
    if tally.already_there > 0 {
        let (there, failed) = (language.calls(tally.already_there), tally.already_failed);
        let failed = match failed {
            0 => String::new(),
            _ => language.pick(format!("（其中 {failed} 通当时检查失败）"), format!(" ({failed} failed then)")),
        };
        page.line(language.pick(
            format!("{there}自上次运行以来没有变化，保持原样{failed}。"),
            format!("{there} unchanged since an earlier run: left as they are{failed}."),
        ));
    }
    if tally.replaced > 0 {
        let (replaced, be) = (language.calls(tally.replaced), if is_to_come { "would be " } else { "" });
        page.line(language.pick(
            format!("{replaced}自上次运行以来有变化，{}替换原来的结果。", if is_to_come { "将" } else { "已" }),
            format!("{replaced} changed since an earlier run: {be}replaced."),
        ));
    }
    out_of_reach(page, tally, language);
}

/// Calls whose files, or whose right to be here, are gone.
fn out_of_reach(page: &mut Page, tally: &Tally, language: Language) {
    if let Some(example) = &tally.gone_example {
        let gone = language.calls(tally.gone);
        page.line(language.pick(
            format!("{gone}的文件已读不到（如 {example}）：保留上次的结果。"),
            format!("{gone} cannot be read any more ({example}): what an earlier run found is left as it is."),
        ));
    }
    if !tally.forgotten.is_empty() {
        let forgotten = language.calls(tally.forgotten.len());
        page.line(
            language
                .pick(format!("{forgotten}此前已被删除，不再检查。"), format!("{forgotten} erased earlier: left out.")),
        );
    }
}

/// A count and what is counted, in `ink` where there are any.
fn counted(ink: Ink, n: usize, what: &str, language: Language) -> Line {
    let ink = if n == 0 { Ink::Plain } else { ink };
    Line::of(ink, &language.pick(format!("{what} {n}"), format!("{n} {what}")))
}

/// Counts of one kind, behind what they are of.
fn row(of: &str, counts: Vec<Line>, language: Language) -> Line {
    let comma = language.pick("，", ", ");
    let mut line = Line::of(Ink::Heading, of);
    for (at, count) in counts.into_iter().enumerate() {
        line = if at == 0 { line.join(count) } else { line.and(Ink::Plain, comma).join(count) };
    }
    line
}

fn counts(page: &mut Page, tally: &Tally, language: Language) {
    let verdict = |verdict: Verdict| tally.verdicts.get(verdict.name()).copied().unwrap_or_default();
    let of_calls = [
        (Ink::Plain, tally.eligible, language.pick("符合评分条件", "eligible")),
        (Ink::Plain, verdict(Verdict::NotJudged), language.pick("未评判", "not judged")),
        (Ink::Bad, tally.failed, language.pick("检查失败", "failed")),
        (Ink::Warning, tally.partial, language.pick("只读出一部分", "partly read")),
    ];
    let of_calls = of_calls.map(|(ink, n, what)| counted(ink, n, what, language));
    page.line(row(language.pick("通话  ", "calls      "), of_calls.into(), language));
    let verdicts = [Verdict::Pass, Verdict::Review, Verdict::Fail]
        .map(|it| counted(verdict_ink(it), verdict(it), language.verdict(it), language));
    page.line(row(language.pick("结论  ", "verdicts   "), verdicts.into(), language));
    let by_severity = Severity::ALL.iter().rev().map(|severity| {
        let found = tally.findings.get(severity).copied().unwrap_or_default();
        counted(severity_ink(*severity), found, language.severity(*severity), language)
    });
    let findings = row(language.pick("发现  ", "findings   "), by_severity.collect(), language);
    page.line(match tally.excused {
        0 => findings,
        n => findings.and(Ink::Plain, &language.pick(format!("；其中 {n} 处已豁免"), format!("; {n} of them excused"))),
    });
}

/// Whether every attempt that was answered has a call that was inspected, day by day.
fn reconciled(page: &mut Page, frame: &Frame<'_>) {
    for day in frame.reconciled.chunk_by(|one, next| one.date == next.date) {
        let sum = |of: fn(&Reconciled) -> usize| day.iter().map(of).sum::<usize>();
        let (date, attempts, answered) = (day[0].date, sum(|hour| hour.attempts), sum(|hour| hour.answered));
        let (inspected, failed) = (sum(|hour| hour.inspected), sum(|hour| hour.failed));
        let (excluded, missing, unmatched) =
            (sum(|hour| hour.excluded), sum(|hour| hour.missing), sum(|hour| hour.unmatched));
        page.line(frame.language.pick(
            format!(
                "拨打  {date}：拨打 {attempts} 次，接通 {answered} = 已检查 {inspected} + 检查失败 {failed} + 不检查 {excluded} + \
                 缺录音 {missing}；对不上拨打记录 {unmatched}"
            ),
            format!(
                "attempts   {date}: {answered} of {attempts} answered = {inspected} inspected + {failed} failed + {excluded} excluded + \
                 {missing} missing; {unmatched} unmatched"
            ),
        ));
    }
}

fn worst(page: &mut Page, worst: &[Worst], language: Language) {
    if worst.is_empty() {
        return;
    }
    let mut table = Table::new(language.pick(
        ["问题最重的通话", "坐席", "结论", "得分", "时间", "最重的发现"],
        ["worst calls", "agent", "verdict", "score", "at", "gravest finding"],
    ));
    for call in worst {
        table.row([
            call.call_id.as_str().into(),
            call.agent_id.as_deref().unwrap_or_default().into(),
            Line::of(verdict_ink(call.verdict), language.verdict(call.verdict)),
            call.score.map(|score| format!("{score:.1}")).unwrap_or_default().into(),
            call.start_ms.map(minutes_seconds).unwrap_or_default().into(),
            Line::of(severity_ink(call.gravest), language.severity(call.gravest))
                .and(Ink::Plain, language.pick("：", ": "))
                .and(Ink::Plain, &call.message),
        ]);
    }
    page.blank();
    table.push_to(page);
}

fn minutes_seconds(ms: i64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1000 % 60)
}

fn troubles(page: &mut Page, tally: &Tally, language: Language) {
    if tally.troubles.is_empty() {
        return;
    }
    page.blank();
    page.line(Line::of(Ink::Heading, language.pick("没有读出或没有读全", "not read, or not wholly")));
    for (call, reason) in &tally.troubles {
        page.line(format!("  {call}: {reason}"));
    }
    let more = (tally.failed + tally.partial).saturating_sub(tally.troubles.len());
    if more > 0 {
        page.line(language.pick(
            format!("  另有 {more} 通，见 calls 表中 status 为 failed 或 partial 的行，原因在 error 列"),
            format!("  and {more} more: see calls.error where status is failed or partial"),
        ));
    }
}
