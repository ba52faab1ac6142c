//! From sections to a file.

use super::scene::Scene;
use super::view::Section;
use super::{assets, contact, groups, overview, own, people, rules, worst};
use crate::report::call::{CallView, Place, view};
use crate::report::{Figures, Language, Level, ShownCall};
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};
use std::sync::LazyLock;

/// How a report is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageOptions {
    /// Whom it is for.
    pub level: Level,
    /// In which language.
    pub language: Language,
}

/// How a page of one call is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallOptions<'a> {
    /// In which language.
    pub language: Language,
    /// Where its sound is; `None`: there is none to play.
    pub audio: Option<&'a str>,
    /// A picture of its sound: where it is.
    pub waveform: Option<&'a str>,
    /// Where the way back leads.
    pub home: Option<&'a str>,
}

/// The templates, read once. Names that end in `html` are escaped: what stands between braces is text, never markup.
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    let files = [
        ("frame.html", include_str!("../assets/frame.html")),
        ("report.html", include_str!("../assets/report.html")),
        ("call.html", include_str!("../assets/call.html")),
        ("parts.html", include_str!("../assets/parts.html")),
    ];
    for (name, text) in files {
        templates.add_template(name, text).expect("the templates are tested");
    }
    templates
});

/// A report as one file of HTML that needs nothing else: figures, and `calls` in full. `calls` are those of [`Figures::worst`] and of the
/// agent's good example that are to be shown, in the order of the page.
#[must_use]
pub fn report_page(figures: &Figures, calls: &[ShownCall], options: &PageOptions) -> String {
    let told: Vec<ShownCall>;
    let calls = if options.level == Level::Agent {
        told = calls.iter().map(without_moods).collect();
        &told
    } else {
        calls
    };
    let shown =
        calls.iter().enumerate().map(|(rank, call)| (call.facts.call.call_id.as_str(), format!("c{}", rank + 1)));
    let scene = Scene { figures, language: options.language, shown: shown.collect() };
    let mut sections = sections(&scene, options.level, calls);
    if !calls.is_empty() {
        sections.push(worst::details(&scene, calls));
    }
    render(
        "report.html",
        options.language,
        context! {
            title => title(&scene, options.level),
            scope => scope(&scene),
            sections => Value::from(Serde(&sections)),
        },
    )
}

/// Findings of this pack say how angry a voice is.
const MOODS: &str = "emotion.";

/// A call without what was inferred of moods: agents are told what they said, not how they are thought to have felt.
fn without_moods(call: &ShownCall) -> ShownCall {
    let mut call = call.clone();
    call.findings.retain(|finding| !finding.rule.starts_with(MOODS));
    call
}

/// A page of one call.
#[must_use]
pub fn call_page(call: &ShownCall, options: &CallOptions<'_>) -> String {
    let view: CallView = view(call, Place::Alone, options.language);
    render(
        "call.html",
        options.language,
        context! {
            title => call.facts.call.call_id.as_str(),
            call => Value::from(Serde(&view)),
            audio => options.audio,
            waveform => options.waveform,
            home => options.home,
        },
    )
}

fn sections(scene: &Scene<'_>, level: Level, calls: &[ShownCall]) -> Vec<Section> {
    match level {
        Level::Executive => vec![
            overview::standing(scene),
            overview::weeks(scene),
            overview::complete(scene),
            groups::agencies(scene),
            overview::money(scene),
            worst::list(scene, calls),
        ],
        Level::Manager => vec![
            overview::standing(scene),
            worst::list(scene, calls),
            rules::teams(scene),
            overview::weeks(scene),
            rules::health(scene),
            groups::hours(scene),
            groups::products(scene),
            groups::instruments(scene),
            contact::contact(scene),
            contact::promises(scene),
            overview::complete(scene),
        ],
        Level::Team => vec![
            overview::standing(scene),
            worst::list(scene, calls),
            people::agents(scene),
            people::repeats(scene),
            rules::health(scene),
            contact::promises(scene),
        ],
        Level::Agent => scene.figures.own.as_ref().map_or_else(Vec::new, |own| own::sections(scene, own)),
    }
}

fn title(scene: &Scene<'_>, level: Level) -> &'static str {
    match level {
        Level::Executive => scene.say("Call inspection: overview", "通话质检总览"),
        Level::Manager => scene.say("Call inspection: quality report", "通话质检报告"),
        Level::Team => scene.say("Call inspection: team report", "班组质检报告"),
        Level::Agent => scene.say("Your calls", "我的通话质检"),
    }
}

/// Which calls a page is of.
fn scope(scene: &Scene<'_>) -> String {
    let scope = &scene.figures.scope;
    let days = match scene.figures.days {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first} – {last}"),
        None => scene.say("no dates", "无日期").to_owned(),
    };
    let named = |name: &'static str, of: &Option<String>| of.as_ref().map(|of| format!("{name} {of}"));
    let parts =
        [Some(days), named(scene.say("team", "班组"), &scope.team), named(scene.say("agent", "坐席"), &scope.agent)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn render(template: &str, language: Language, page: Value) -> String {
    let words = context! {
        lang => language.tag(),
        style => Value::from_safe_string(assets::style().to_owned()),
        script => Value::from_safe_string(assets::script().to_owned()),
        policy => assets::policy(),
        made_by => concat!("callsift ", env!("CARGO_PKG_VERSION")),
        say => context! {
            contents => language.say("Contents", "目录"),
            findings => language.say("Findings", "发现"),
            transcript => language.say("Transcript", "转写"),
            timeline => language.say("Timeline", "时间轴"),
            source => language.say("Source", "依据"),
            advice => language.say("Advice", "建议"),
            evidence => language.say("Found by", "判定方式"),
            measured => language.say("Measured / threshold", "测量值 / 阈值"),
            nothing_found => language.say("Nothing was found.", "无发现。"),
            no_words => language.say("There is no transcript.", "没有转写文本。"),
            rows_left_out => language.say("more rows are in the dataset", "行未显示，见数据集"),
            left_out => language.say("utterances left out", "句未显示"),
            show => language.say("show in the transcript", "查看原文"),
            back => language.say("All calls", "全部通话"),
            skip => language.say("Skip to the content", "跳到正文"),
            sound => language.say("Sound", "录音"),
            legend => language.say(
                "Bars: speech, the higher the louder. Thin lines in them: pitch. Grey: silence of 3 s and more. Numbers: findings.",
                "柱：说话，越高越响。柱内细线：音高。灰色：3秒以上静默。数字：发现。",
            ),
        },
    };
    let page = context! { ..page, ..words };
    let template = TEMPLATES.get_template(template).expect("the template is one of these");
    template.render(page).expect("the templates are tested")
}
