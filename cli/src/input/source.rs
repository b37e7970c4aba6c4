//! One file or standard input, and a look at how it begins.

use super::{POST_BYTES_MAX, READ_BYTES, packed};
use crate::terminal::printable;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

/// The name that stands for standard input.
pub(crate) const STDIN: &str = "-";

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Bytes of one file, of which the first ones can be looked at beforehand.
pub(super) struct Source {
    inner: Box<dyn Read + Send>,
    head: Vec<u8>,
    /// How much of the head was given out.
    given: usize,
    ended: bool,
    taken: u64,
}

/// The name to show for a file.
pub(super) fn name(path: &Path) -> Arc<str> {
    match path.to_str() {
        Some(STDIN) => "stdin".into(),
        _ => printable(&path.to_string_lossy()).into(),
    }
}

/// What an error of opening or reading means, and what to do about it.
pub(super) fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file".into(),
        ErrorKind::PermissionDenied => "no permission to read it".into(),
        ErrorKind::IsADirectory => "is a directory; name the files in it".into(),
        _ => format!("cannot read it: {error}"),
    }
}

impl Source {
    /// Opens a file, passes over its byte-order mark, and refuses what is no text by
    /// its first bytes.
    pub(super) fn open(path: &Path) -> Result<Source, String> {
        let inner: Box<dyn Read + Send> = if path == Path::new(STDIN) {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path).map_err(|error| explain(&error))?)
        };
        let mut source =
            Source { inner, head: Vec::new(), given: 0, ended: false, taken: 0 };
        while source.head.len() < packed::BYTES
            && source.look().map_err(|e| explain(&e))?
        {}
        if let Some(why) = packed::refusal(&source.head) {
            return Err(why.into());
        }
        if source.head.starts_with(UTF8_MARK) {
            source.given = UTF8_MARK.len();
        }
        Ok(source)
    }

    /// The first line that is not blank, without blanks before it and without its
    /// end, or as much of it as a post may have.
    pub(super) fn first_line(&mut self) -> io::Result<&[u8]> {
        let mut start = self.given;
        loop {
            match self.head.get(start).copied() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => start += 1,
                Some(_) => break,
                None if self.head.len() < POST_BYTES_MAX && self.look()? => {}
                None => return Ok(&[]),
            }
        }
        let mut searched = start;
        loop {
            if let Some(length) = memchr::memchr(b'\n', &self.head[searched..]) {
                return Ok(&self.head[start..searched + length]);
            }
            searched = self.head.len();
            if searched > POST_BYTES_MAX || !self.look()? {
                return Ok(&self.head[start..]);
            }
        }
    }

    /// Reads more without giving it out; `false` at the end.
    fn look(&mut self) -> io::Result<bool> {
        let before = self.head.len();
        self.ended |= !append(&mut self.inner, &mut self.head)?;
        Ok(self.head.len() > before)
    }

    /// Appends what can be read at once, at most [`READ_BYTES`]; `false` at
    /// the end.
    pub(super) fn append(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let head = self.head.get(self.given..).unwrap_or_default();
        if !head.is_empty() {
            bytes.extend_from_slice(head);
            self.taken += head.len() as u64;
            (self.head, self.given) = (Vec::new(), 0);
            return Ok(true);
        }
        let before = bytes.len();
        let more = !self.ended && append(&mut self.inner, bytes)?;
        self.ended |= !more;
        self.taken += (bytes.len() - before) as u64;
        Ok(more)
    }

    /// Bytes of the file read since the last call.
    pub(super) fn taken(&mut self) -> u64 {
        std::mem::take(&mut self.taken)
    }
}

/// Appends what one successful read gives; `false` at the end.
fn append(from: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let before = bytes.len();
    bytes.resize(before + READ_BYTES, 0);
    let result = loop {
        match from.read(&mut bytes[before..]) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => break result,
        }
    };
    bytes.truncate(before + result.as_ref().map_or(0, |count| *count));
    result.map(|count| count > 0)
}
