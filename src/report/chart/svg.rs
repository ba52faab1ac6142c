//! An SVG picture being drawn.

use std::fmt::{Display, Write};

/// `text` as it stands in markup, in an attribute too.
fn escape(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}

/// A picture. Lengths are in units of its view box.
pub(in crate::report) struct Svg {
    text: String,
}

impl Svg {
    /// A picture `width` wide and `height` high that `label` describes to who cannot see it.
    pub(in crate::report) fn new(class: &str, width: f64, height: f64, label: &str) -> Self {
        let (width, height) = (short(width), short(height));
        let text = format!(
            r#"<svg class="{class}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{}">"#,
            escape(label)
        );
        Self { text }
    }

    /// As [`Svg::new`], with parts in it that can be reached one by one.
    pub(in crate::report) fn with_links(class: &str, width: f64, height: f64, label: &str) -> Self {
        let mut svg = Self::new(class, width, height, label);
        svg.text = svg.text.replacen("role=\"img\"", "role=\"group\"", 1);
        svg
    }

    fn push(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(arguments);
    }

    pub(in crate::report) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, y, width, height) = (short(x), short(y), short(width.max(0.0)), short(height.max(0.0)));
        self.push(format_args!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#));
    }

    pub(in crate::report) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(short);
        self.push(format_args!(r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#));
    }

    pub(in crate::report) fn circle(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let [x, y, radius] = [x, y, radius].map(short);
        self.push(format_args!(r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}"/>"#));
    }

    /// `anchor` is `start`, `middle` or `end`.
    pub(in crate::report) fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: &str, text: impl Display) {
        let [x, y] = [x, y].map(short);
        let text = escape(&text.to_string());
        self.push(format_args!(r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>"#));
    }

    pub(in crate::report) fn path(&mut self, class: &str, steps: &str) {
        if !steps.is_empty() {
            self.push(format_args!(r#"<path class="{class}" d="{steps}"/>"#));
        }
    }

    /// What `draw` draws, as a link to `href`, with words that show when it is pointed at; `attributes` are further ones, written as
    /// they stand.
    pub(in crate::report) fn link(&mut self, href: &str, attributes: &str, title: &str, draw: impl FnOnce(&mut Self)) {
        let (href, title) = (escape(href), escape(title));
        self.push(format_args!(r#"<a href="{href}" aria-label="{title}"{attributes}><title>{title}</title>"#));
        draw(self);
        self.text.push_str("</a>");
    }

    pub(in crate::report) fn end(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }
}

/// A length with at most one decimal: a tenth of a unit is less than anyone sees, and pages stay small.
pub(in crate::report) fn short(length: f64) -> Short {
    Short((length * 10.0).round() / 10.0)
}

pub(in crate::report) struct Short(f64);

impl Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Adding 0 makes 0 of -0.
        write!(f, "{}", self.0 + 0.0)
    }
}
