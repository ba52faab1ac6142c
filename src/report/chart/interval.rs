//! A share and its interval, as a dot on a line: small enough for a cell of a table.

use super::svg::Svg;
use crate::report::figures::Share;

const WIDTH: f64 = 140.0;
const HEIGHT: f64 = 18.0;
const EDGE: f64 = 4.0;

/// `share` on a scale from 0 to `most_percent`, described by `label`; empty of nothing.
pub(in crate::report) fn interval(share: Share, most_percent: f64, label: &str) -> String {
    let (Some(percent), Some((low, high))) = (share.percent(), share.interval()) else { return String::new() };
    let at = |percent: f64| EDGE + (WIDTH - 2.0 * EDGE) * (percent / most_percent.max(0.1)).clamp(0.0, 1.0);
    let middle = HEIGHT / 2.0;
    let mut svg = Svg::new("interval", WIDTH, HEIGHT, label);
    svg.line("scale", (EDGE, middle), (WIDTH - EDGE, middle));
    svg.line("whisker", (at(low), middle), (at(high), middle));
    for end in [low, high] {
        svg.line("whisker", (at(end), middle - 3.5), (at(end), middle + 3.5));
    }
    svg.circle("point", (at(percent), middle), 3.5);
    svg.end()
}
