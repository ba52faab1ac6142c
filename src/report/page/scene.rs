//! What every section of a page looks at.

use super::lack::why;
use super::view::{Block, Cell};
use crate::finding::Severity;
use crate::report::chart::interval;
use crate::report::text::{count, percent, percent_interval};
use crate::report::{Figures, Known, Language, Share};
use std::collections::BTreeMap;

pub(super) struct Scene<'a> {
    pub(super) figures: &'a Figures,
    pub(super) language: Language,
    /// The calls that are shown on the page, by id, with the prefix of their names on it.
    pub(super) shown: BTreeMap<&'a str, String>,
}

impl Scene<'_> {
    pub(super) const fn say(&self, english: &'static str, chinese: &'static str) -> &'static str {
        self.language.say(english, chinese)
    }

    /// Where the call is on the page; `None` where it is not shown.
    pub(super) fn link(&self, call_id: &str) -> Option<String> {
        self.shown.get(call_id).map(|prefix| format!("#{prefix}"))
    }

    /// A cell that names a call, and leads to it where it is shown.
    pub(super) fn call_cell(&self, call_id: &str) -> Cell {
        Cell::text(call_id).class("name").href(self.link(call_id))
    }

    pub(super) fn severity_cell(&self, severity: Severity) -> Cell {
        Cell::severity(severity, self.language.severity(severity))
    }

    /// `known` as blocks, or why it is not there.
    pub(super) fn blocks<T>(&self, known: &Known<T>, show: impl FnOnce(&T) -> Vec<Block>) -> Vec<Block> {
        match known {
            Ok(known) => show(known),
            Err(lack) => vec![Block::Missing { text: why(*lack, self.language).to_owned() }],
        }
    }

    /// Cells of a share: percent, its interval as a picture on a scale to `most_percent`, and of how many.
    pub(super) fn share_cells(&self, share: Share, most_percent: f64) -> [Cell; 3] {
        let (percent, ends) = (percent(share), percent_interval(share));
        let of = self.say("of", "共");
        let label = format!("{percent} ({ends}), {of} {}", share.of);
        let picture = Cell { svg: interval(share, most_percent, &label), ..Cell::default() };
        [Cell::number(percent).below(ends), picture, Cell::number(count(share.of))]
    }
}

/// The end of a scale for some shares: the highest value, and the ends of intervals as far as twice that.
pub(super) fn most_percent(shares: impl Iterator<Item = Share>) -> f64 {
    let (mut value, mut end) = (0.0_f64, 0.0_f64);
    for share in shares {
        value = value.max(share.percent().unwrap_or(0.0));
        end = end.max(share.interval().map_or(0.0, |(_, high)| high));
    }
    if value == 0.0 { end } else { end.min(2.0 * value) }
}
