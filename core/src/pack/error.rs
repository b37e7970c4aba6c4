//! Errors in pack sources, shown with the line they are in.

use super::limits::DIAGNOSTICS_MAX;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// What a short line has at most, in bytes.
const SHORT_LINE: usize = 240;

/// One mistake in a pack source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What is wrong, with the limit and the actual value where one is passed.
    pub message: String,
    /// What the marked place is, or is short of.
    pub label: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// The place in the source, in bytes.
    pub span: Range<usize>,
    /// Another place that it is about, in bytes: the first of two definitions, unless that
    /// is another pack's.
    pub related: Option<Range<usize>>,
    /// Line of the place, from 1.
    pub line: usize,
    /// Column of the place in code points, from 1.
    pub column: usize,
}

/// A pack source that cannot be compiled.
///
/// [`Display`](fmt::Display) shows every [`Diagnostic`] with the name of the
/// source, line, column and the line itself.
///
/// ```
/// let error = huoyan::Ruleset::compile("format = 1\n[pack]\nid = 'x'\nversion = '1'\ncolour = 3\n")
///     .unwrap_err();
/// assert_eq!((error.diagnostics()[0].line, error.diagnostics()[0].column), (5, 1));
/// assert!(error.to_string().contains("colour = 3"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PackError {
    name: String,
    source: String,
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
}

impl PackError {
    pub(crate) fn new(name: &str, source: &str, problems: Vec<Problem>) -> PackError {
        let left_out = problems.len().saturating_sub(DIAGNOSTICS_MAX);
        let inside = |span: Range<usize>| {
            let start = floor_char_boundary(source, span.start);
            start..floor_char_boundary(source, span.end.max(start))
        };
        let line = |at: usize| source[..at].matches('\n').count() + 1;
        let locate = |problem: Problem| {
            let (span, related) = (inside(problem.span), problem.related.map(inside));
            let first = related.as_ref().map(|first| line(first.start));
            let before = source[..span.start].rsplit('\n').next().unwrap_or("");
            Diagnostic {
                message: problem.message,
                label: match first {
                    Some(first) => format!("{}, first in line {first}", problem.label),
                    None => problem.label,
                },
                help: problem.help,
                line: line(span.start),
                column: before.chars().count() + 1,
                span,
                related,
            }
        };
        let diagnostics =
            problems.into_iter().take(DIAGNOSTICS_MAX).map(locate).collect();
        PackError {
            name: name.to_owned(),
            source: source.to_owned(),
            diagnostics,
            left_out,
        }
    }

    /// The same error with so many more mistakes that are not shown.
    pub(crate) fn and_more(mut self, left_out: usize) -> PackError {
        self.left_out += left_out;
        self
    }

    /// The mistakes, in the order of the source; at least one.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The errors as text, with colour (ANSI escapes) if `styled`.
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        let mut shown = String::new();
        for diagnostic in &self.diagnostics {
            let mut annotation = AnnotationKind::Primary.span(diagnostic.span.clone());
            if !diagnostic.label.is_empty() {
                annotation = annotation.label(diagnostic.label.as_str());
            }
            // Both lines are shown in full, so that only short ones may be.
            let is_short = |span: &Range<usize>| self.is_in_short_line(span);
            let related = diagnostic.related.iter();
            let related = related
                .filter(|first| is_short(first) && is_short(&diagnostic.span))
                .map(|first| AnnotationKind::Context.span(first.clone()).label("first"));
            let snippet = Snippet::source(self.source.as_str())
                .path(self.name.as_str())
                .annotation(annotation)
                .annotations(related);
            let mut group =
                Level::ERROR.primary_title(diagnostic.message.as_str()).element(snippet);
            if !diagnostic.help.is_empty() {
                group = group.element(Level::HELP.message(diagnostic.help.as_str()));
            }
            if !shown.is_empty() {
                shown.push_str("\n\n");
            }
            shown.push_str(&renderer.render(&[group]));
        }
        if self.left_out > 0 {
            shown.push_str(&format!("\n\nand {} more errors", self.left_out));
        }
        shown
    }

    /// Whether the line that a place is in is short, or all of several.
    fn is_in_short_line(&self, span: &Range<usize>) -> bool {
        let (before, behind) = (&self.source[..span.start], &self.source[span.end..]);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = span.end + behind.find('\n').unwrap_or(behind.len());
        end - start <= SHORT_LINE
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackError")
            .field("name", &self.name)
            .field("diagnostics", &self.diagnostics)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for PackError {}

/// A mistake before its line and column are known.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) span: Range<usize>,
    pub(crate) related: Option<Range<usize>>,
}

impl Problem {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem {
            message: message.into(),
            label: String::new(),
            help: String::new(),
            span,
            related: None,
        }
    }

    /// Another place that it is about, if there is one.
    pub(crate) fn related(mut self, span: Option<Range<usize>>) -> Problem {
        self.related = span;
        self
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Problem {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = help.into();
        self
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
