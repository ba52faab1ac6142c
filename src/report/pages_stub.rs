//! PROVISIONAL: small stand-ins for the pages, to be replaced as a whole by the real ones of the same names.

use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::score::Verdict;
use crate::tables::Verdicts;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// The language of a page. What rules say stays in theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Its BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// Of the same text in both, the one of this language.
    #[must_use]
    pub const fn say(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "zh" => Ok(Self::Chinese),
            "en" => Ok(Self::English),
            _ => Err("say zh or en".to_owned()),
        }
    }
}

/// A call to show: all that the dataset knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownCall {
    /// Its date, as the dataset files it.
    pub date: Option<Date>,
    /// What was observed.
    pub facts: Facts,
    /// What was decided; `None` where it was not judged.
    pub verdicts: Option<Verdicts>,
    /// What was reported, excused findings and those of rules on trial included.
    pub findings: Vec<Finding>,
}

/// How a call's page is made.
#[derive(Clone, Copy, Debug)]
pub struct CallOptions<'a> {
    /// Its language.
    pub language: Language,
    /// Where the sound is.
    pub audio: Option<&'a str>,
    /// A picture of its sound: where it is.
    pub waveform: Option<&'a str>,
    /// Where the way back leads.
    pub home: Option<&'a str>,
}

/// What a severity is called on a page.
#[must_use]
pub fn severity_name(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Note => language.say("note", "提示"),
        Severity::Minor => language.say("minor", "轻微"),
        Severity::Major => language.say("major", "一般"),
        Severity::Critical => language.say("critical", "严重"),
        Severity::Fatal => language.say("red line", "红线"),
    }
}

/// What a verdict is called on a page.
#[must_use]
pub fn verdict_name(verdict: Verdict, language: Language) -> &'static str {
    match verdict {
        Verdict::Pass => language.say("pass", "合格"),
        Verdict::Review => language.say("review", "待复核"),
        Verdict::Fail => language.say("fail", "不合格"),
        Verdict::NotJudged => language.say("not judged", "未评定"),
    }
}

/// A page of one call, all in itself but its sound.
#[must_use]
pub fn call_page(call: &ShownCall, options: &CallOptions<'_>) -> String {
    let escaped = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
    };
    let home = options.home.map_or_else(String::new, |home| format!("<p><a href=\"{}\">&larr;</a></p>", escaped(home)));
    let audio = options.audio.map_or_else(String::new, |audio| {
        format!("<audio id=\"player\" controls preload=\"none\" src=\"{}\"></audio>", escaped(audio))
    });
    let waveform = options.waveform.map_or_else(String::new, |at| format!("<img class=\"waveform\" src=\"{}\" alt=\"\">", escaped(at)));
    let findings: String = (call.findings.iter())
        .map(|found| {
            let at_s = found.start_ms.unwrap_or(0) as f64 / 1000.0;
            let text = format!("{}: {}", severity_name(found.severity, options.language), found.message);
            format!("<li><button data-at-s=\"{at_s}\">{}</button></li>", escaped(&text))
        })
        .collect();
    let turns: String = call.facts.turns.iter().map(|turn| format!("<p>{}</p>", escaped(&turn.text))).collect();
    let id = escaped(&call.facts.call.call_id);
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{id}</title><style>{}</style><body>{home}<h1>{id}</h1>\
         {waveform}{audio}<ol>{findings}</ol>{turns}<script>{}</script></body></html>",
        options.language.tag(),
        style(),
        script()
    )
}

/// The style sheet of all pages.
#[must_use]
pub fn style() -> &'static str {
    "body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;\
     vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}form label{display:inline-block;margin:0 1rem .5rem 0}\
     audio{width:100%}img{width:100%;height:120px}.fatal,.critical{color:#b3261e}"
}

/// The script of all pages.
#[must_use]
pub fn script() -> &'static str {
    "document.addEventListener('click',e=>{const b=e.target.closest('[data-at-s]'),p=document.getElementById('player');\
     if(b&&p){p.currentTime=+b.dataset.atS;p.play()}})"
}

/// The Content-Security-Policy of all pages.
#[must_use]
pub fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; media-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'",
        sha256_base64(style()),
        sha256_base64(script())
    )
}

fn sha256_base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for group in Sha256::digest(text.as_bytes()).chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place > group.len() { '=' } else { char::from(digit) });
        }
    }
    encoded
}
