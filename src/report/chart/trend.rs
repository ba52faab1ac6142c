//! Weeks after one another.

use super::svg::Svg;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 18.0;
const FOOT: f64 = 26.0;

/// A value with its interval at a moment.
pub(in crate::report) struct TrendPoint {
    /// What stands under it.
    pub(in crate::report) name: String,
    /// Value, low and high end; `None` where nothing is known.
    pub(in crate::report) value: Option<(f64, f64, f64)>,
    /// What changed at that moment besides, shown as a mark; empty: nothing.
    pub(in crate::report) change: String,
}

/// Points with their intervals, joined by a line; changes as upright marks.
pub(in crate::report) fn trend(points: &[TrendPoint], label: &str) -> String {
    let most = points.iter().filter_map(|point| point.value).map(|value| value.2).fold(0.0, f64::max);
    let scale = Scale { count: points.len(), low: 0.0, high: nice(most) };
    let mut svg = Svg::new("trend", WIDTH, HEIGHT, label);
    scale.axes(&mut svg);
    for (index, point) in points.iter().enumerate() {
        let x = scale.x(index);
        svg.text("tick", (x, HEIGHT - 8.0), "middle", &point.name);
        if !point.change.is_empty() {
            svg.line("change", (x, TOP), (x, HEIGHT - FOOT));
            svg.text("tiny", (x + 3.0, TOP - 4.0), "middle", &point.change);
        }
        if let Some((value, low, high)) = point.value {
            svg.line("whisker", (x, scale.y(low)), (x, scale.y(high)));
            svg.circle("point", (x, scale.y(value)), 3.5);
        }
    }
    svg.path("curve", &scale.curve(points.iter().map(|point| point.value.map(|value| value.0))));
    svg.end()
}

/// Two lines, the first drawn boldly, on a scale from `low` to `high`.
pub(in crate::report) fn lines(
    names: &[String],
    first: &[Option<f64>],
    second: &[Option<f64>],
    range: (f64, f64),
    label: &str,
) -> String {
    let scale = Scale { count: names.len(), low: range.0, high: range.1 };
    let mut svg = Svg::new("trend", WIDTH, HEIGHT, label);
    scale.axes(&mut svg);
    for (index, name) in names.iter().enumerate() {
        svg.text("tick", (scale.x(index), HEIGHT - 8.0), "middle", name);
        if let Some(value) = second[index] {
            svg.circle("point other", (scale.x(index), scale.y(value)), 3.0);
        }
        if let Some(value) = first[index] {
            svg.circle("point", (scale.x(index), scale.y(value)), 3.5);
        }
    }
    svg.path("curve other", &scale.curve(second.iter().copied()));
    svg.path("curve", &scale.curve(first.iter().copied()));
    svg.end()
}

struct Scale {
    count: usize,
    low: f64,
    high: f64,
}

impl Scale {
    fn x(&self, index: usize) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * (index as f64 + 0.5) / self.count.max(1) as f64
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE);
        HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * share.clamp(0.0, 1.0)
    }

    fn axes(&self, svg: &mut Svg) {
        for part in 0..=4 {
            let value = self.low + (self.high - self.low) * f64::from(part) / 4.0;
            let y = self.y(value);
            svg.line(if part == 0 { "axis" } else { "grid" }, (LEFT, y), (WIDTH - RIGHT, y));
            let step = (self.high - self.low) / 4.0;
            let digits =
                [0, 1].into_iter().find(|&digits| (step * 10_f64.powi(digits)).fract() < 1e-9).unwrap_or(2) as usize;
            svg.text("tick", (LEFT - 6.0, y + 4.0), "end", format_args!("{value:.digits$}"));
        }
    }

    /// A line through what is known; it breaks where nothing is.
    fn curve(&self, values: impl Iterator<Item = Option<f64>>) -> String {
        let (mut steps, mut is_down) = (String::new(), false);
        for (index, value) in values.enumerate() {
            if let Some(value) = value {
                let (x, y) = (super::svg::short(self.x(index)), super::svg::short(self.y(value)));
                steps.push_str(&format!("{}{x} {y}", if is_down { 'L' } else { 'M' }));
            }
            is_down = value.is_some();
        }
        steps
    }
}

/// The next of 1, 2, 4, 8 times a power of ten that is not under `value`: quarters of it are short numbers.
fn nice(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    [1.0, 2.0, 4.0, 8.0, 10.0].into_iter().map(|step| step * power).find(|top| *top >= value * 0.999).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_short_numbers() {
        for (value, end) in [(0.0, 1.0), (0.7, 0.8), (1.0, 1.0), (3.0, 4.0), (8.5, 10.0), (13.0, 20.0), (300.0, 400.0)]
        {
            assert!((nice(value) - end).abs() < 1e-9, "{value}: {}", nice(value));
        }
    }

    #[test]
    fn a_line_breaks_where_nothing_is_known() {
        let scale = Scale { count: 3, low: 0.0, high: 1.0 };
        assert_eq!(scale.curve([Some(0.0), None, Some(1.0)].into_iter()), "M154.7 164M597.3 18");
    }
}
