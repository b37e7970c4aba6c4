//! Input: files and standard input, in blocks of whole posts.

mod csv;
mod gzip;
mod layout;
mod lines;
mod packed;
mod source;

use crate::args::Format;
use crate::json::FieldNames;
use crate::problem::Problem;
use csv::CsvReader;
use layout::Layout;
use lines::LineReader;
pub(crate) use source::STDIN;
use source::Source;
use std::path::PathBuf;
use std::sync::Arc;

/// Longest post, in bytes of the input.
pub(crate) const POST_BYTES_MAX: usize = 16 << 20;

/// How much is read at once. Enough to make threads worthwhile, little enough
/// to stay in the cache; a pipe gives less, and its posts are scanned as they
/// come.
const READ_BYTES: usize = 256 << 10;

/// A stretch of one file that holds whole posts.
#[derive(Debug)]
pub(crate) struct Block {
    /// The name of the file, as given.
    pub(crate) file: Arc<str>,
    /// What is in it.
    pub(crate) content: Content,
    /// Bytes of the file that were read for it.
    pub(crate) read: u64,
}

/// What a block holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// Whole lines of text.
    Text(Lines),
    /// Whole lines, each a JSON object.
    Jsonl(Lines),
    /// Rows of a CSV file.
    Rows(Rows),
    /// The file cannot be read, or not on from here: why.
    Failed(String),
}

/// Whole lines.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// The number of the first one, from 1.
    pub(crate) first: u64,
    /// The lines with their ends; the last may lack one.
    pub(crate) bytes: Vec<u8>,
    /// The line after these was longer than [`POST_BYTES_MAX`] and is left out.
    pub(crate) cut: bool,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: u64,
    /// The line without its end; `None` if it is longer than
    /// [`POST_BYTES_MAX`].
    pub(crate) text: Option<&'a [u8]>,
    /// How the line ends: `\n`, `\r\n`, or not at all.
    pub(crate) end: &'static str,
}

impl Lines {
    /// Calls `visit` with each line.
    pub(crate) fn each(&self, mut visit: impl FnMut(Line<'_>)) {
        let (mut number, mut start) = (self.first, 0);
        let bytes = self.bytes.as_slice();
        let last = (!bytes.is_empty() && !bytes.ends_with(b"\n")).then_some(bytes.len());
        for at in memchr::memchr_iter(b'\n', bytes).chain(last) {
            let text = &bytes[start..at];
            let (text, end) = match text.strip_suffix(b"\r") {
                Some(text) => (text, "\r\n"),
                None => (text, "\n"),
            };
            let end = if at == bytes.len() { "" } else { end };
            let text = (text.len() <= POST_BYTES_MAX).then_some(text);
            visit(Line { number, text, end });
            (number, start) = (number + 1, at + 1);
        }
        if self.cut {
            visit(Line { number, text: None, end: "\n" });
        }
    }
}

/// Rows of a CSV file.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// The contents of the cells, one after the other.
    pub(crate) bytes: Vec<u8>,
    /// Where each row is.
    pub(crate) rows: Vec<Row>,
}

/// One row of a CSV file.
#[derive(Debug)]
pub(crate) struct Row {
    /// The line that it begins on.
    pub(crate) line: u64,
    /// The cells of id and text in [`Rows::bytes`], or what is wrong with the
    /// row.
    pub(crate) cells: Result<Cells, Problem>,
}

/// The cells of a row that matter.
#[derive(Debug)]
pub(crate) struct Cells {
    pub(crate) id: Option<std::ops::Range<usize>>,
    pub(crate) text: std::ops::Range<usize>,
}

/// Every block of every file, in order.
pub(crate) struct Input {
    paths: std::vec::IntoIter<PathBuf>,
    current: Option<(Arc<str>, Reader)>,
    options: Options,
}

/// What readers need of the command line.
#[derive(Clone, Debug)]
struct Options {
    format: Format,
    names: FieldNames,
}

enum Reader {
    Text(LineReader),
    Jsonl(LineReader),
    Csv(Box<CsvReader>),
}

impl Input {
    /// The files that the command line names; without one, standard input.
    pub(crate) fn new(files: &[PathBuf], format: Format, names: &FieldNames) -> Input {
        let mut paths = files.to_vec();
        if paths.is_empty() {
            paths.push(PathBuf::from(STDIN));
        }
        let options = Options { format, names: names.clone() };
        Input { paths: paths.into_iter(), current: None, options }
    }

    /// One file of plain lines; without a path, standard input.
    pub(crate) fn lines(path: Option<PathBuf>) -> Input {
        let paths = vec![path.unwrap_or_else(|| PathBuf::from(STDIN))];
        let options = Options {
            format: Format::Text,
            names: FieldNames { text: String::new(), id: String::new() },
        };
        Input { paths: paths.into_iter(), current: None, options }
    }

    fn open(&self, path: &std::path::Path) -> Result<Reader, String> {
        let Options { format, names } = &self.options;
        let mut source = Source::open(path)?;
        let layout = Layout::of(&mut source, path, *format, &names.text);
        Ok(match layout {
            Layout::Csv { delimiter } => {
                let reader = CsvReader::new(source, delimiter, names)?;
                Reader::Csv(Box::new(reader))
            }
            Layout::Jsonl => Reader::Jsonl(LineReader::new(source)),
            Layout::Text => Reader::Text(LineReader::new(source)),
        })
    }
}

impl Iterator for Input {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            let Some((file, reader)) = &mut self.current else {
                let path = self.paths.next()?;
                let file = source::name(&path);
                match self.open(&path) {
                    Ok(reader) => self.current = Some((file, reader)),
                    Err(why) => {
                        return Some(Block {
                            file,
                            content: Content::Failed(why),
                            read: 0,
                        });
                    }
                }
                continue;
            };
            let file = Arc::clone(file);
            let next = match reader {
                Reader::Text(lines) => explained(lines.next(), Content::Text),
                Reader::Jsonl(lines) => explained(lines.next(), Content::Jsonl),
                Reader::Csv(csv) => csv.next().map(|rows| rows.map(Content::Rows)),
            };
            let read = match reader {
                Reader::Text(lines) | Reader::Jsonl(lines) => lines.taken(),
                Reader::Csv(csv) => csv.taken(),
            };
            match next {
                Ok(Some(content)) => return Some(Block { file, content, read }),
                Ok(None) => self.current = None,
                Err(why) => {
                    self.current = None;
                    return Some(Block { file, content: Content::Failed(why), read });
                }
            }
        }
    }
}

fn explained(
    lines: std::io::Result<Option<Lines>>,
    content: fn(Lines) -> Content,
) -> Result<Option<Content>, String> {
    lines.map(|lines| lines.map(content)).map_err(|error| source::explain(&error))
}
