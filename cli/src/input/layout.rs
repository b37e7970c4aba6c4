//! How a file is written: by its name, then by its first line.

use super::csv;
use super::source::{Source, name_without_gz};
use crate::args::Format;
use crate::json;
use std::path::Path;

const COMMA: u8 = b',';
const TAB: u8 = b'\t';

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Text,
    Jsonl,
    Csv {
        /// What is between cells.
        delimiter: u8,
    },
}

impl Layout {
    /// As the command line says, else as the file shows. `field` is the column that a
    /// header must have to be taken for one.
    pub(super) fn of(
        source: &mut Source,
        path: &Path,
        format: Format,
        field: &str,
    ) -> Layout {
        let name = name_without_gz(path).unwrap_or(path);
        let extension = name.extension().map(|e| e.to_ascii_lowercase());
        let extension = extension.as_ref().and_then(|e| e.to_str());
        match (format, extension) {
            (Format::Text, _) => Layout::Text,
            (Format::Jsonl, _) | (Format::Auto, Some("jsonl" | "ndjson" | "json")) => {
                Layout::Jsonl
            }
            (Format::Csv | Format::Auto, Some("tsv")) => Layout::Csv { delimiter: TAB },
            (Format::Csv, _) | (Format::Auto, Some("csv")) => {
                let delimiter = delimiter(source.first_line(), field).unwrap_or(COMMA);
                Layout::Csv { delimiter }
            }
            (Format::Auto, _) => by_first_line(source.first_line(), field),
        }
    }
}

fn by_first_line(line: &[u8], field: &str) -> Layout {
    if line.starts_with(b"{") && json::is_valid(line) {
        return Layout::Jsonl;
    }
    match delimiter(line, field) {
        Some(delimiter) => Layout::Csv { delimiter },
        None => Layout::Text,
    }
}

/// What is between the names of a header that has the field among others. A line with
/// a name twice is none, and one with a single name may as well be a post.
fn delimiter(line: &[u8], field: &str) -> Option<u8> {
    [COMMA, TAB].into_iter().find(|delimiter| {
        let mut names = csv::cells(line, *delimiter);
        let has_field = names.len() > 1 && names.iter().any(|name| name == field);
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        has_field && names.len() == count
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_from_posts() {
        let csv = |delimiter| Layout::Csv { delimiter };
        for (line, layout) in [
            ("id,text", csv(COMMA)),
            ("\"id\",\"text\"\r", csv(COMMA)),
            (",text,label", csv(COMMA)),
            ("id\ttext", csv(TAB)),
            ("id;text", Layout::Text),
            ("text", Layout::Text),
            ("text, text, text", Layout::Text),
            ("the text, which is long", Layout::Text),
            ("", Layout::Text),
            ("{\"text\": 1}", Layout::Jsonl),
            ("{\"text\", 1}", Layout::Text),
        ] {
            assert_eq!(by_first_line(line.as_bytes(), "text"), layout, "{line}");
        }
    }
}
