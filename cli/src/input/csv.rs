//! CSV files with a header, cut into blocks of rows.

use super::source::{self, Source};
use super::{Cells, POST_BYTES_MAX, READ_BYTES, Row, Rows};
use crate::json::FieldNames;
use crate::problem::{Kind, Problem};
use crate::terminal::quoted_list;
use csv_core::ReadRecordResult;
use memchr::memchr_iter;
use std::ops::Range;

/// Most columns that a header may have.
const COLUMNS_MAX: usize = 65_536;

/// Reads rows and keeps the two columns that matter.
pub(crate) struct CsvReader {
    source: Source,
    core: csv_core::Reader,
    buffer: Vec<u8>,
    /// How much of the buffer is parsed.
    at: usize,
    ended: bool,
    /// The line that the next byte is on, from 1.
    line: u64,
    /// The cells of the current row, and their ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
    columns: usize,
    text: usize,
    id: Option<usize>,
    /// Why there are no rows after those that were given out.
    failure: Option<String>,
}

/// The row that was read.
struct Shape {
    line: u64,
    columns: usize,
    too_long: bool,
}

impl CsvReader {
    /// Reads the header and looks the columns up in it.
    pub(crate) fn new(
        source: Source,
        delimiter: u8,
        names: &FieldNames,
    ) -> Result<Self, String> {
        let FieldNames { text: field, id: id_field } = names;
        let mut reader = CsvReader {
            source,
            core: parser(delimiter),
            buffer: Vec::new(),
            at: 0,
            ended: false,
            line: 1,
            cells: vec![0; 4 << 10],
            ends: vec![0; 64],
            columns: COLUMNS_MAX,
            text: 0,
            id: None,
            failure: None,
        };
        let Some(header) = reader.row()? else {
            return Ok(reader);
        };
        if header.too_long || header.columns > COLUMNS_MAX {
            return Err("the first line is too long for a CSV header".into());
        }
        reader.columns = header.columns;
        let names: Vec<String> = (0..header.columns)
            .map(|n| String::from_utf8_lossy(&reader.cells[reader.cell(n)]).into_owned())
            .collect();
        let place = |name: &str| names.iter().position(|n| n.trim() == name);
        let has = || quoted_list(names.iter().map(String::as_str));
        reader.text = place(field).ok_or_else(|| {
            format!(
                "no column \"{field}\" (the header has {}); name it with --field",
                has()
            )
        })?;
        reader.id = place(id_field);
        Ok(reader)
    }

    /// The next rows; `None` at the end. A live source is read only until it
    /// has completed some row.
    pub(crate) fn next(&mut self) -> Result<Option<Rows>, String> {
        if let Some(why) = self.failure.take() {
            return Err(why);
        }
        let mut rows = Rows::default();
        while rows.bytes.len() < READ_BYTES
            && (rows.rows.is_empty() || self.at < self.buffer.len())
        {
            let shape = match self.row() {
                Ok(Some(shape)) => shape,
                Ok(None) => break,
                Err(why) if rows.rows.is_empty() => return Err(why),
                Err(why) => {
                    self.failure = Some(why);
                    break;
                }
            };
            let cells = if shape.too_long {
                let what = "longer than 16 MiB; is a quotation mark not closed?";
                Err(Problem::new(Kind::TooLong, what))
            } else if shape.columns == self.columns {
                let mut keep = |range: Range<usize>| {
                    let start = rows.bytes.len();
                    rows.bytes.extend_from_slice(&self.cells[range]);
                    start..rows.bytes.len()
                };
                let text = keep(self.cell(self.text));
                let id =
                    self.id.map(|id| keep(self.cell(id))).filter(|id| !id.is_empty());
                Ok(Cells { id, text })
            } else {
                let what = format!(
                    "{} where the header has {}; put cells that contain commas or line \
                     breaks in quotation marks",
                    columns(shape.columns),
                    self.columns,
                );
                Err(Problem::new(Kind::Columns, what))
            };
            rows.rows.push(Row { line: shape.line, cells });
        }
        Ok((!rows.rows.is_empty()).then_some(rows))
    }

    /// Bytes of the file read since the last call.
    pub(crate) fn taken(&mut self) -> u64 {
        self.source.taken()
    }

    fn cell(&self, number: usize) -> Range<usize> {
        let end = |n: usize| self.ends.get(n).copied().unwrap_or(0);
        number.checked_sub(1).map_or(0, end)..end(number)
    }

    /// Reads one row into `cells` and `ends`; of one that is too long only
    /// the place is told.
    fn row(&mut self) -> Result<Option<Shape>, String> {
        self.skip_line_ends()?;
        let (line, mut written, mut columns, mut too_long) = (self.line, 0, 0, false);
        let mut ended = 0;
        loop {
            let input = &self.buffer[self.at..];
            let (result, read, wrote, ends) = self.core.read_record(
                input,
                &mut self.cells[written..],
                &mut self.ends[ended..],
            );
            self.line += memchr_iter(b'\n', &input[..read]).count() as u64;
            self.at += read;
            (written, ended, columns) = (written + wrote, ended + ends, columns + ends);
            match result {
                ReadRecordResult::InputEmpty if self.ended => {
                    // Of a row that is too long the cells are gone.
                    let ended = if too_long { 0 } else { ended };
                    let closed = self.ends[..ended].last().copied().unwrap_or(0);
                    let before = self.cells.get(..closed).unwrap_or_default();
                    let breaks = memchr_iter(b'\n', before).count() as u64;
                    return Err(not_closed(line + breaks));
                }
                ReadRecordResult::InputEmpty => {
                    self.fill()?;
                    if self.ended {
                        // It ends every row but one whose last cell is quoted.
                        self.buffer.push(b'\n');
                    }
                }
                ReadRecordResult::OutputFull if written > POST_BYTES_MAX => {
                    (too_long, written) = (true, 0);
                }
                ReadRecordResult::OutputFull => {
                    self.cells.resize(self.cells.len() * 2, 0);
                }
                // More columns than any header has: only count them.
                ReadRecordResult::OutputEndsFull if ended > COLUMNS_MAX => ended = 0,
                ReadRecordResult::OutputEndsFull => {
                    self.ends.resize(self.ends.len() * 2, 0)
                }
                ReadRecordResult::Record => {
                    too_long |= written > POST_BYTES_MAX;
                    return Ok(Some(Shape { line, columns, too_long }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Passes over empty lines, so that a row's number is that of its text.
    fn skip_line_ends(&mut self) -> Result<(), String> {
        loop {
            match self.buffer.get(self.at) {
                Some(b'\n') => self.line += 1,
                Some(b'\r') => {}
                None if !self.ended => {
                    self.fill()?;
                    continue;
                }
                _ => return Ok(()),
            }
            self.at += 1;
        }
    }

    /// Reads more; at the end the buffer stays empty.
    fn fill(&mut self) -> Result<(), String> {
        self.buffer.clear();
        self.at = 0;
        let more = self.source.append(&mut self.buffer);
        self.ended = !more.map_err(|error| source::explain(&error))?;
        Ok(())
    }
}

/// The cells of one line, without blanks around them.
pub(super) fn cells(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut core = parser(delimiter);
    let (mut bytes, mut ends) = (vec![0; line.len() + 1], vec![0; line.len() + 1]);
    let (_, _, written, count) = core.read_record(line, &mut bytes, &mut ends);
    // The end of the input ends the last cell.
    let (.., last) = core.read_record(&[], &mut bytes[written..], &mut ends[count..]);
    let mut start = 0;
    let cell = |end: &usize| {
        let cell = String::from_utf8_lossy(&bytes[start..*end]).trim().to_owned();
        start = *end;
        cell
    };
    ends[..count + last].iter().map(cell).collect()
}

fn parser(delimiter: u8) -> csv_core::Reader {
    csv_core::ReaderBuilder::new().delimiter(delimiter).build()
}

fn not_closed(line: u64) -> String {
    format!(
        "the quotation mark that opens on line {line} is not closed, so that its row and \
         all after it are not read; close it, or use --format text"
    )
}

fn columns(count: usize) -> String {
    match count {
        1 => "1 column".into(),
        _ => format!("{count} columns"),
    }
}
