//! Files of lines, cut into blocks at line ends.

use super::source::Source;
use super::{Lines, POST_BYTES_MAX};
use memchr::{memchr, memchr_iter, memrchr};
use std::io;

/// Reads whole lines, as many as one read gives.
pub(crate) struct LineReader {
    source: Source,
    /// The beginning of a line whose end is not read yet.
    rest: Vec<u8>,
    /// The number of the next line, from 1.
    line: u64,
    /// In the middle of a line that is too long.
    skipping: bool,
    ended: bool,
}

impl LineReader {
    pub(crate) fn new(source: Source) -> LineReader {
        LineReader { source, rest: Vec::new(), line: 1, skipping: false, ended: false }
    }

    /// The lines that one read completes; `None` at the end. A live source is
    /// read only until it has completed some line.
    pub(crate) fn next(&mut self) -> io::Result<Option<Lines>> {
        let mut bytes = std::mem::take(&mut self.rest);
        while !self.ended {
            let before = bytes.len();
            self.ended = !self.source.append(&mut bytes)?;
            if self.skipping {
                let Some(end) = memchr(b'\n', &bytes) else {
                    bytes.clear();
                    continue;
                };
                bytes.drain(..=end);
                self.skipping = false;
                self.line += 1;
            }
            let fresh = &bytes[before.min(bytes.len())..];
            if let Some(end) = memrchr(b'\n', fresh) {
                let end = bytes.len() - fresh.len() + end + 1;
                self.rest = bytes.split_off(end);
                return Ok(Some(self.lines(bytes, false)));
            }
            if bytes.len() > POST_BYTES_MAX + 1 {
                self.skipping = true;
                return Ok(Some(self.lines(Vec::new(), true)));
            }
        }
        match bytes.is_empty() {
            true => Ok(None),
            false => Ok(Some(self.lines(bytes, false))),
        }
    }

    fn lines(&mut self, bytes: Vec<u8>, cut: bool) -> Lines {
        let first = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        Lines { first, bytes, cut }
    }

    /// Bytes of the file read since the last call.
    pub(crate) fn taken(&mut self) -> u64 {
        self.source.taken()
    }
}
