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
    /// Why there are no lines after those that were given out.
    failure: Option<io::Error>,
}

impl LineReader {
    pub(crate) fn new(source: Source) -> LineReader {
        LineReader {
            source,
            rest: Vec::new(),
            line: 1,
            skipping: false,
            ended: false,
            failure: None,
        }
    }

    /// The lines that one read completes; `None` at the end. A live source is
    /// read only until it has completed some line. Where it cannot be read on, what was
    /// read before is the last line.
    pub(crate) fn next(&mut self) -> io::Result<Option<Lines>> {
        let mut bytes = std::mem::take(&mut self.rest);
        while !self.ended {
            let before = bytes.len();
            match self.source.append(&mut bytes) {
                Ok(more) => self.ended = !more,
                Err(error) => (self.ended, self.failure) = (true, Some(error)),
            }
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
        if self.failure.is_some() {
            cut_half_character(&mut bytes);
        }
        match (bytes.is_empty(), self.failure.take_if(|_| bytes.is_empty())) {
            (_, Some(error)) => Err(error),
            (true, None) => Ok(None),
            (false, None) => Ok(Some(self.lines(bytes, false))),
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

/// Takes the first bytes of a character away whose others could not be read.
fn cut_half_character(bytes: &mut Vec<u8>) {
    let last = bytes.iter().rposition(|byte| *byte >= 0xC0);
    if let Some(at) = last
        && let Err(error) = std::str::from_utf8(&bytes[at..])
        && error.error_len().is_none()
    {
        bytes.truncate(at);
    }
}
