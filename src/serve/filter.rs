//! Which calls are shown.

use super::address::{pairs, query};
use super::calls::{Call, Found};
use crate::facts::Status;
use crate::finding::Severity;
use crate::score::Verdict;
use jiff::civil::Date;

/// What somebody asks to see. Of the rule, the severity and the text, one finding has all that are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// First day; where a day is named, calls without a date are left out.
    pub(super) from: Option<Date>,
    /// Last day.
    pub(super) to: Option<Date>,
    pub(super) team: Option<String>,
    pub(super) agent: Option<String>,
    pub(super) outcome: Option<Outcome>,
    /// At least so grave, and it counts.
    pub(super) severity: Option<Severity>,
    pub(super) rule: Option<String>,
    /// In the quote, whatever the case of its letters.
    pub(super) text: Option<String>,
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was judged so.
    Verdict(Verdict),
    /// It could not be read.
    Failed,
}

impl Outcome {
    /// All of them, the worst first.
    pub(super) const ALL: [Self; 5] = [
        Self::Verdict(Verdict::Fail),
        Self::Verdict(Verdict::Review),
        Self::Verdict(Verdict::Pass),
        Self::Verdict(Verdict::NotJudged),
        Self::Failed,
    ];

    /// Its name in addresses and tables.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.name(),
            Self::Failed => Status::Failed.name(),
        }
    }

    /// What came of `call`; `None` where nothing judged it.
    pub(super) fn of(call: &Call) -> Option<Self> {
        if call.status == Status::Failed { Some(Self::Failed) } else { call.verdict.map(Self::Verdict) }
    }
}

impl Filter {
    /// Reads the query of an address: the filter, and which page of the list is asked for, from 1.
    ///
    /// # Errors
    /// What cannot be understood, for the one who wrote it.
    pub(super) fn read(query: &str) -> Result<(Self, usize), String> {
        let (mut filter, mut page) = (Self::default(), 1);
        for (name, value) in pairs(query) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let text = || Some(value.to_owned());
            let wrong = |what: &str| format!("{name}: {value:?} is no {what}");
            let day = || value.parse().map(Some).map_err(|_| wrong("day; write it like 2026-11-20"));
            match name.as_str() {
                "from" => filter.from = day()?,
                "to" => filter.to = day()?,
                "team" => filter.team = text(),
                "agent" => filter.agent = text(),
                "verdict" => filter.outcome = Some(outcome(value).ok_or_else(|| wrong("verdict"))?),
                "severity" => filter.severity = Some(severity(value).ok_or_else(|| wrong("severity"))?),
                "rule" => filter.rule = text(),
                "text" => filter.text = text(),
                "page" => page = value.parse().ok().filter(|page| *page > 0).ok_or_else(|| wrong("page"))?,
                _ => {}
            }
        }
        Ok((filter, page))
    }

    /// The query that [`Filter::read`] reads it from.
    pub(super) fn query(&self) -> String {
        query(self.values().iter().map(|(name, value)| (*name, value.as_str())))
    }

    /// The names and values of its fields, empty where they ask for nothing.
    pub(super) fn values(&self) -> [(&'static str, String); 8] {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            ("from", day(self.from)),
            ("to", day(self.to)),
            ("team", text(&self.team)),
            ("agent", text(&self.agent)),
            ("verdict", self.outcome.map_or("", Outcome::name).to_owned()),
            ("severity", self.severity.map_or("", Severity::name).to_owned()),
            ("rule", text(&self.rule)),
            ("text", text(&self.text)),
        ]
    }

    /// Whether a call is asked for, for many calls.
    pub(super) fn matcher(&self) -> impl Fn(&Call) -> bool + '_ {
        let sought = self.text.as_deref().map(Sought::new);
        move |call| self.is_of_call(call) && self.is_found(call, sought.as_ref())
    }

    fn is_of_call(&self, call: &Call) -> bool {
        let date = call.batch.date;
        let is_named =
            |wanted: &Option<String>, name: Option<&str>| wanted.as_deref().is_none_or(|wanted| name == Some(wanted));
        self.from.is_none_or(|from| date.is_some_and(|date| date >= from))
            && self.to.is_none_or(|to| date.is_some_and(|date| date <= to))
            && is_named(&self.team, call.team.as_deref())
            && is_named(&self.agent, call.agent_id.as_deref())
            && self.outcome.is_none_or(|outcome| Outcome::of(call) == Some(outcome))
    }

    fn is_found(&self, call: &Call, sought: Option<&Sought>) -> bool {
        if self.severity.is_none() && self.rule.is_none() && sought.is_none() {
            return true;
        }
        let is_it = |found: &Found| {
            self.severity.is_none_or(|severity| found.counts && found.severity >= severity)
                && self.rule.as_deref().is_none_or(|rule| *found.rule == *rule)
                && sought.is_none_or(|sought| sought.is_in(&found.quote))
        };
        call.findings.iter().any(is_it)
    }
}

/// Words, whatever the case of their letters.
struct Sought {
    lower: String,
    /// Whether no letter has a case, as in Chinese: then texts need not be lowered, which takes longer than the search.
    is_caseless: bool,
}

impl Sought {
    fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        let is_caseless = lower == text.to_uppercase();
        Self { lower, is_caseless }
    }

    fn is_in(&self, text: &str) -> bool {
        if self.is_caseless { text.contains(&self.lower) } else { text.to_lowercase().contains(&self.lower) }
    }
}

fn outcome(name: &str) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)
}

fn severity(name: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::CommittedBatch;
    use jiff::civil::date;
    use std::sync::Arc;

    fn call() -> Call {
        let found = |rule: &str, severity, counts, quote: &str| Found {
            rule: rule.into(),
            severity,
            counts,
            start_ms: Some(1_000),
            quote: quote.into(),
            message: "".into(),
        };
        let batch = CommittedBatch { date: Some(date(2026, 11, 20)), name: "b".into() };
        Call {
            call_id: "c".into(),
            batch: Arc::new(batch),
            recording: None,
            file_sha256: None,
            status: Status::Ok,
            started_at: None,
            agent_id: Some("a<1>".into()),
            team: Some("North".into()),
            duration_ms: None,
            score: Some(90.0),
            verdict: Some(Verdict::Review),
            findings: [
                found("p.jail", Severity::Critical, true, "Go to JAIL"),
                found("p.trial", Severity::Fatal, false, "坐牢"),
            ]
            .into(),
        }
    }

    #[test]
    fn a_call_is_shown_where_all_that_is_asked_holds() {
        let cases = [
            ("", true),
            ("from=2026-11-20&to=2026-11-20", true),
            ("from=2026-11-21", false),
            ("to=2026-11-19", false),
            ("team=North&agent=a%3C1%3E", true),
            ("team=Nor", false),
            ("agent=a", false),
            ("verdict=review", true),
            ("verdict=fail", false),
            ("verdict=failed", false),
            ("severity=critical", true),
            ("severity=note", true),
            ("severity=fatal", false),
            ("rule=p.jail", true),
            ("rule=p.trial", true),
            ("rule=p", false),
            ("text=to+jail", true),
            ("text=%E5%9D%90%E7%89%A2", true),
            ("text=prison", false),
            ("rule=p.jail&text=%E5%9D%90%E7%89%A2", false),
            ("severity=note&rule=p.trial", false),
            ("unknown=1&page=3&team=+North+", true),
        ];
        for (query, expected) in cases {
            let (filter, _) = Filter::read(query).expect(query);
            assert_eq!(filter.matcher()(&call()), expected, "{query}");
            assert_eq!(Filter::read(&filter.query()), Ok((filter, 1)), "{query}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        for query in ["from=yesterday", "to=2026-02-30", "verdict=good", "severity=9", "page=0", "page=x"] {
            assert!(Filter::read(query).expect_err(query).contains(" is no "), "{query}");
        }
        assert_eq!(Filter::read("page=7").map(|(_, page)| page), Ok(7));
    }
}
