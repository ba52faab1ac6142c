//! `--dry-run`: what a run would do.

use super::args::{Inspect, Recheck, SummaryFormat};
use super::inspect::{Given, Trouble, options, told};
use super::language::{Language, count};
use super::summary::{MS_PER_HOUR, left_out, push_of_manifest};
use super::table::Table;
use super::terminal::Page;
use super::{EXIT_OK, no_dataset, print_json, print_page, recheck};
use crate::batch::{Intake, Judges, RecheckSurvey, Settings, Survey, survey, survey_recheck};
use crate::dataset::{Look, Snapshot};
use crate::entities::mask_text;
use crate::worklist::WorkCounts;
use serde_json::{Value, json};

/// Says what `callsift inspect` would do; returns the exit code.
pub(super) fn inspect(args: &Inspect, given: &Given, settings: &Settings, language: Language) -> u8 {
    let look = match Look::at(&args.out) {
        Ok(look) => look,
        Err(error) => return no_dataset(&args.out, &error),
    };
    let (survey, counts) = match surveyed(args, given, settings, &look) {
        Ok(surveyed) => surveyed,
        Err(trouble) => return told(&trouble),
    };
    match args.format {
        _ if args.output.quiet => EXIT_OK,
        SummaryFormat::Text => print_page(&page(args, given, &survey, &counts, language), EXIT_OK),
        SummaryFormat::Json => print_json(&format!("{:#}\n", as_json(args, given, &survey, &counts)), EXIT_OK),
    }
}

fn surveyed(args: &Inspect, given: &Given, settings: &Settings, look: &Look) -> Result<(Survey, WorkCounts), Trouble> {
    let options = options(args, settings);
    let mut intake = Intake::new(look, &given.plan, &options)?;
    let counts = given.work.for_each(&mut |item| intake.offer(item)).map_err(Trouble::Work)?;
    Ok((survey(intake)?, counts))
}

/// What judges some calls.
struct SetRow<'a> {
    /// `None`: no set is for them.
    set: Option<&'a str>,
    calls: usize,
    rules: usize,
    scorecard: &'a str,
    packs: &'a [String],
}

/// The sets that would judge, in the order in which they are asked, and calls that no set is for.
fn set_rows<'a>(given: &'a Given, survey: &Survey) -> Vec<SetRow<'a>> {
    let calls = |set: Option<&str>| survey.by_set.get(&set.map(str::to_owned)).copied().unwrap_or_default();
    let packs = |name: &str| given.packs.sets.iter().find(|set| set.name == name).map_or(&[][..], |set| &set.packs);
    let planned = given.plan.sets.iter().map(|set| {
        let (name, rules) = (set.name.as_str(), set.ruleset().rules().count());
        SetRow { set: Some(name), calls: calls(Some(name)), rules, scorecard: &set.card().id, packs: packs(name) }
    });
    let without = SetRow { set: None, calls: calls(None), rules: 0, scorecard: "", packs: &[] };
    planned.chain([without]).filter(|row| row.calls > 0).collect()
}

fn page(args: &Inspect, given: &Given, survey: &Survey, counts: &WorkCounts, language: Language) -> Page {
    let mut page = Page::default();
    begin(&mut page, language);
    let (calls, hours, mb) =
        (language.calls(survey.due), survey.audio_ms as f64 / MS_PER_HOUR, survey.audio_bytes as f64 / 1e6);
    let unknown = match survey.unknown_lengths {
        0 => String::new(),
        n => language.pick(
            format!("，另有 {n} 个录音要解码后才知道时长"),
            format!(", and {} whose length only decoding tells", count(n, "recording")),
        ),
    };
    page.line(language.pick(
        format!("将检查 {calls}，录音共 {hours:.2} 小时{unknown}（{mb:.1} MB）。"),
        format!("{calls} would be inspected, {hours:.2} h of sound{unknown} ({mb:.1} MB)."),
    ));
    left_out(&mut page, &survey.tally, language, true);
    page.line(results(&args.out, language));
    let rows = set_rows(given, survey);
    if !rows.is_empty() {
        page.blank();
        sets(&rows, language).push_to(&mut page);
    }
    push_of_manifest(&mut page, counts, language);
    page
}

fn sets(rows: &[SetRow<'_>], language: Language) -> Table {
    let mut table = Table::new(
        language.pick(["规则集", "通话", "规则", "评分卡", "规则包"], ["set", "calls", "rules", "scorecard", "packs"]),
    );
    for row in rows {
        table.row([
            row.set.unwrap_or(language.pick("（没有规则集）", "(no set)")).into(),
            row.calls.to_string().into(),
            row.rules.to_string().into(),
            row.scorecard.into(),
            row.packs.join(", ").into(),
        ]);
    }
    table
}

fn begin(page: &mut Page, language: Language) {
    page.line(language.pick("试运行：不写入任何东西。", "Dry run: nothing is written."));
}

fn results(out: &std::path::Path, language: Language) -> String {
    let out = mask_text(&out.to_string_lossy());
    language.pick(format!("结果将写到：{out}"), format!("Results would be in: {out}"))
}

fn as_json(args: &Inspect, given: &Given, survey: &Survey, counts: &WorkCounts) -> Value {
    let sets = set_rows(given, survey).into_iter().map(|row| {
        json!({"set": row.set, "calls": row.calls, "rules": row.rules, "scorecard": row.scorecard, "packs": row.packs})
    });
    json!({
        "command": "inspect",
        "dry_run": true,
        "out": mask_text(&args.out.to_string_lossy()),
        "ruleset_hash": given.plan.ruleset_hash,
        "counts": {
            "calls": survey.due,
            "listed": counts.listed,
            "unlisted": counts.unlisted,
            "missing": counts.missing,
            "already_there": survey.tally.already_there,
            "replaced": survey.tally.replaced,
            "gone": survey.tally.gone,
            "forgotten": survey.tally.forgotten.len(),
            "audio_ms": survey.audio_ms,
            "audio_bytes": survey.audio_bytes,
            "unknown_lengths": survey.unknown_lengths,
        },
        "sets": sets.collect::<Vec<_>>(),
    })
}

/// Says what `callsift recheck` would do; returns the exit code.
pub(super) fn recheck(args: &Recheck, judges: Judges<'_>, from: &Snapshot, language: Language) -> u8 {
    let look = match Look::at(&args.out) {
        Ok(look) => look,
        Err(error) => return no_dataset(&args.out, &error),
    };
    let survey = match survey_recheck(from, judges, &look, &recheck::options(args)) {
        Ok(survey) => survey,
        Err(error) => return no_dataset(&args.dataset, &error),
    };
    match args.format {
        _ if args.output.quiet => EXIT_OK,
        SummaryFormat::Text => print_page(&recheck_page(args, survey, language), EXIT_OK),
        SummaryFormat::Json => {
            let RecheckSurvey { calls, batches, already_there, rules, asked } = survey;
            let summary = json!({
                "command": "recheck",
                "dry_run": true,
                "out": mask_text(&args.out.to_string_lossy()),
                "ruleset_hash": judges.plan.ruleset_hash,
                "counts": {"calls": calls, "batches": batches, "already_there": already_there, "rules": rules, "rules_asked": asked},
            });
            print_json(&format!("{summary:#}\n"), EXIT_OK)
        }
    }
}

fn recheck_page(args: &Recheck, survey: RecheckSurvey, language: Language) -> Page {
    let RecheckSurvey { calls, batches, already_there, rules, asked } = survey;
    let mut page = Page::default();
    begin(&mut page, language);
    let calls = language.calls(calls);
    page.line(language.pick(
        format!("将重新评判 {calls}（{batches} 个批次）：{rules} 条规则中要问的有 {asked} 条，其余保留原来的结论。"),
        format!(
            "{calls} in {} would be judged again: {asked} of {} are asked, the others say what they said.",
            count(batches, "batch"),
            count(rules, "rule")
        ),
    ));
    if already_there > 0 {
        page.line(recheck::judged_before(already_there, language));
    }
    page.line(results(&args.out, language));
    page
}
