use super::*;
use crate::report::testing::{call, figures};
use crate::report::{Figures, Lack, Language, Level};
use std::collections::BTreeSet;

const LEVELS: [Level; 4] = [Level::Executive, Level::Manager, Level::Team, Level::Agent];
const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];
const HOSTILE: &str = r#"<script>alert(1)</script>"'><img src=x onerror=alert(2)>&{{ 7 * 7 }}"#;

fn pages(text: &str) -> Vec<String> {
    let (figures, calls) = (figures(text), [call(text)]);
    let report = |level, language| report_page(&figures, &calls, &PageOptions { level, language });
    let mut pages: Vec<String> =
        LEVELS.into_iter().flat_map(|level| LANGUAGES.map(|language| report(level, language))).collect();
    let alone = |language| {
        let (audio, home) = (Some("/audio?a=1&b=2"), Some("/"));
        call_page(&calls[0], &CallOptions { language, audio, waveform: audio, home })
    };
    pages.extend(LANGUAGES.map(alone));
    pages
}

/// The values of the attribute `name` in `page`.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn what_people_wrote_is_text_and_never_markup() {
    for page in pages(HOSTILE) {
        assert_eq!(page.matches("<script").count(), 1, "one script");
        assert!(!page.contains("<img src=x"), "an element from a name");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"), "the name is shown");
        assert!(page.contains("{{ 7 * 7 }}"), "a name is no template");
    }
}

#[test]
fn links_lead_somewhere_and_names_are_unlike() {
    for page in pages("甲") {
        let ids = attributes(&page, "id");
        let unlike: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unlike.len(), ids.len(), "{ids:?}");
        for link in attributes(&page, "href") {
            if let Some(name) = link.strip_prefix('#') {
                assert!(unlike.contains(name), "#{name} leads nowhere");
            }
        }
    }
}

#[test]
fn nothing_but_the_one_style_and_the_one_script_is_allowed() {
    let policy = policy();
    for page in pages("甲") {
        let between =
            |from: &str, to: &str| page.split(from).nth(1).and_then(|rest| rest.split(to).next()).map(str::to_owned);
        assert_eq!(between("<style>", "</style>").as_deref(), Some(style()));
        assert_eq!(between("<script>", "</script>").as_deref(), Some(script()));
        assert!(page.replace("&#x27;", "'").replace("&#x2f;", "/").contains(&policy), "{policy}");
        assert!(attributes(&page, "style").is_empty(), "an inline style");
        assert!(!page.contains("http://") && !page.contains("https://"), "something from elsewhere");
    }
}

#[test]
fn every_picture_and_region_says_what_it_is() {
    for page in pages("甲") {
        for svg in page.split("<svg ").skip(1) {
            let tag = svg.split('>').next().unwrap_or_default();
            assert!(tag.contains("aria-label=\""), "{tag}");
        }
    }
}

#[test]
fn a_figure_that_is_not_known_says_what_it_needs() {
    let nothing = Figures {
        complete: Err(Lack::AttemptsOfRun),
        weeks: Err(Lack::Dates),
        agencies: Err(Lack::Agencies),
        money: Err(Lack::Cost),
        confirmed: Err(Lack::Reviews),
        promises: Err(Lack::Outcomes),
        teams: Err(Lack::Teams),
        hours: Err(Lack::Dates),
        weekdays: Err(Lack::Dates),
        agents: Err(Lack::Agents),
        repeats: Err(Lack::Agents),
        ..figures("甲")
    };
    let page = |level| report_page(&nothing, &[], &PageOptions { level, language: Language::English });
    for (level, wanted) in [
        (Level::Executive, &["--attempts", "started_at", "column agency", "--cost"][..]),
        (Level::Manager, &["--reviews", "--outcomes", "(team)"]),
        (Level::Team, &["(agent_id)"]),
    ] {
        let page = page(level);
        for wanted in wanted {
            assert!(page.contains(wanted), "{level:?} does not name {wanted}");
        }
    }
}

#[test]
fn long_tables_are_cut_and_say_so() {
    let mut figures = figures("甲");
    figures.products =
        (0..260).map(|rank| crate::report::Group { name: format!("product-{rank}"), ..Default::default() }).collect();
    let page = report_page(&figures, &[], &PageOptions { level: Level::Manager, language: Language::English });
    assert!(page.contains("product-199") && !page.contains("product-200"));
    assert!(page.contains("… 60 more rows"));
}

#[test]
fn an_agents_page_names_nobody_else_and_no_anger() {
    let mut figures = figures("甲");
    figures.agents = Ok(vec![]);
    let mut moody = call("甲");
    moody.findings[0].rule = "emotion.agent-agitated".into();
    moody.findings[0].message = "anger 0.93".into();
    let page = |level| report_page(&figures, &[moody.clone()], &PageOptions { level, language: Language::English });
    assert!(page(Level::Manager).contains("anger 0.93"));
    let page = page(Level::Agent);
    assert!(!page.to_lowercase().contains("anger"));
    assert!(page.contains("team&#x27;s median 88.0") || page.contains("team's median 88.0"), "the team's middle");
}
