//! Mistakes as people read them: file, line, column, the line itself, what is wrong in it, the way out.

use super::Mistake;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use std::ops::Range;

/// What the text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A pipe, a file, a test.
    Plain,
    /// A terminal that shows colours.
    Terminal,
}

/// The mistakes one after another, each with `file:line:column`, an empty line between two; empty for none.
#[must_use]
pub fn render(mistakes: &[Mistake], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Terminal => Renderer::styled(),
    };
    let rendered: Vec<String> = mistakes.iter().map(|mistake| render_one(mistake, &renderer)).collect();
    rendered.join("\n")
}

/// Characters of a line that are shown before and after the start of what is wrong, where the line is long.
const SHOWN_BEFORE: usize = 100;
const SHOWN_AFTER: usize = 150;

fn render_one(mistake: &Mistake, renderer: &Renderer) -> String {
    let (line, column) = mistake.position();
    let shown = shown(mistake);
    let starts_line = shown.start == 0 || mistake.text[..shown.start].ends_with('\n');
    // Only the first line of a place that has several: its end says nothing that its start does not.
    let end = mistake.span.end.min(shown.end) - shown.start;
    let begin = (mistake.span.start - shown.start).min(end);
    let label = (!mistake.label.is_empty()).then_some(mistake.label.as_str());
    let snippet = Snippet::source(&mistake.text[shown])
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(begin..end).label(label));
    let title = Level::ERROR.primary_title(mistake.message.as_str()).id(mistake.code);
    let group = if starts_line {
        title.element(snippet.path(mistake.file.as_str()))
    } else {
        // The column counts from the start of the line, not of what is shown of it.
        title.element(Origin::path(mistake.file.as_str()).line(line).char_column(column)).element(snippet)
    };
    let group = if mistake.help.is_empty() { group } else { group.element(Level::HELP.message(mistake.help.as_str())) };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}

/// The bytes of the text that are shown: the line in which the mistake starts, or the middle of a long one.
fn shown(mistake: &Mistake) -> Range<usize> {
    let (before, after) = mistake.text.split_at(mistake.span.start);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = mistake.span.start + after.find(['\n', '\r']).unwrap_or(after.len());
    let from = before[line_start..]
        .char_indices()
        .rev()
        .take(SHOWN_BEFORE)
        .last()
        .map_or(before.len(), |(at, _)| line_start + at);
    let shown_after = mistake.text[mistake.span.start..line_end].char_indices().nth(SHOWN_AFTER);
    from..shown_after.map_or(line_end, |(at, _)| mistake.span.start + at)
}
