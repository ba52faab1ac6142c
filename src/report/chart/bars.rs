//! Columns side by side.

use super::svg::Svg;

const HEIGHT: f64 = 150.0;
const TOP: f64 = 16.0;
const FOOT: f64 = 22.0;
const STEP: f64 = 26.0;

/// A column for each of `bars`: its name, its height, and what it says when pointed at. `label` describes the whole.
pub(in crate::report) fn columns(bars: &[(String, f64, String)], label: &str, above: impl Fn(f64) -> String) -> String {
    let most = bars.iter().map(|bar| bar.1).fold(0.0, f64::max);
    let mut svg = Svg::new("columns", STEP * bars.len() as f64, HEIGHT, label);
    let floor = HEIGHT - FOOT;
    svg.line("axis", (0.0, floor), (STEP * bars.len() as f64, floor));
    for (index, (name, value, _)) in bars.iter().enumerate() {
        let (x, height) = (STEP * index as f64, if most > 0.0 { (floor - TOP) * value / most } else { 0.0 });
        svg.rect("bar", x + 4.0, floor - height, STEP - 8.0, height);
        if *value > 0.0 {
            svg.text("tiny", (x + STEP / 2.0, floor - height - 4.0), "middle", above(*value));
        }
        svg.text("tick", (x + STEP / 2.0, HEIGHT - 7.0), "middle", name);
    }
    svg.end()
}
