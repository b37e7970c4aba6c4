//! One file or standard input, and a look at how it begins.

use super::gzip::{self, Gzip};
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
    inner: Inner,
    head: Vec<u8>,
    /// How much of the head was given out.
    given: usize,
    ended: bool,
    /// Why there is no more than the head.
    failure: Option<io::Error>,
    /// Bytes of the file that were given out.
    at: u64,
    /// How many of them are told.
    told: u64,
}

enum Inner {
    Plain(Box<dyn Read + Send>),
    Packed(Box<Gzip>),
}

impl Read for Inner {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Inner::Plain(file) => file.read(bytes),
            Inner::Packed(gzip) => gzip.read(bytes),
        }
    }
}

/// The name to show for a file.
pub(super) fn name(path: &Path) -> Arc<str> {
    match path.to_str() {
        Some(STDIN) => "stdin".into(),
        _ => printable(&path.to_string_lossy()).into(),
    }
}

/// The name of a file without `.gz`, if it has that.
pub(super) fn name_without_gz(path: &Path) -> Option<&Path> {
    let is_packed = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"));
    path.file_stem().filter(|_| is_packed).map(Path::new)
}

/// What an error of opening or reading means, and what to do about it.
pub(super) fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file".into(),
        ErrorKind::PermissionDenied => "no permission to read it".into(),
        ErrorKind::IsADirectory => "is a directory; name the files in it".into(),
        // Of gzip, which says it all.
        ErrorKind::InvalidData => error.to_string(),
        _ => format!("cannot read it: {error}"),
    }
}

impl Source {
    /// Opens a file, unpacks it if gzip packed it, passes over its byte-order mark, and
    /// refuses what is no text by its first bytes.
    pub(super) fn open(path: &Path) -> Result<Source, String> {
        let file: Box<dyn Read + Send> = if path == Path::new(STDIN) {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path).map_err(|error| explain(&error))?)
        };
        let mut source = Source::new(Inner::Plain(file))?;
        // A file that should be packed may be cut before anything shows that it is.
        let is_packed = source.head.starts_with(gzip::MAGIC)
            || (name_without_gz(path).is_some() && gzip::MAGIC.starts_with(&source.head));
        if is_packed && let Inner::Plain(rest) = source.inner {
            let packed = io::Cursor::new(source.head).chain(rest);
            source = Source::new(Inner::Packed(Box::new(Gzip::new(Box::new(packed)))))?;
        }
        if let Some(why) = packed::refusal(&source.head) {
            return Err(why.into());
        }
        if source.head.starts_with(UTF8_MARK) {
            source.given = UTF8_MARK.len();
        }
        Ok(source)
    }

    /// Reads the bytes that tell what it is.
    fn new(inner: Inner) -> Result<Source, String> {
        let mut source = Source {
            inner,
            head: Vec::new(),
            given: 0,
            ended: false,
            failure: None,
            at: 0,
            told: 0,
        };
        while source.head.len() < packed::BYTES && source.look() {}
        match source.failure.take_if(|_| source.head.is_empty()) {
            Some(error) => Err(explain(&error)),
            None => Ok(source),
        }
    }

    /// The first line that is not blank, without blanks before it and without its
    /// end, or as much of it as a post may have.
    pub(super) fn first_line(&mut self) -> &[u8] {
        let mut start = self.given;
        loop {
            match self.head.get(start).copied() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => start += 1,
                Some(_) => break,
                None if self.head.len() < POST_BYTES_MAX && self.look() => {}
                None => return &[],
            }
        }
        let mut searched = start;
        loop {
            if let Some(length) = memchr::memchr(b'\n', &self.head[searched..]) {
                return &self.head[start..searched + length];
            }
            searched = self.head.len();
            if searched > POST_BYTES_MAX || !self.look() {
                return &self.head[start..];
            }
        }
    }

    /// Reads more without giving it out; `false` at the end. An error comes after what
    /// was read before it.
    fn look(&mut self) -> bool {
        if self.ended {
            return false;
        }
        match append(&mut self.inner, &mut self.head) {
            Ok(more) => self.ended = !more,
            Err(error) => (self.ended, self.failure) = (true, Some(error)),
        }
        !self.ended
    }

    /// Appends what can be read at once, at most [`READ_BYTES`]; `false` at
    /// the end.
    pub(super) fn append(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let head = self.head.get(self.given..).unwrap_or_default();
        if !head.is_empty() {
            bytes.extend_from_slice(head);
            self.count(head.len());
            (self.head, self.given) = (Vec::new(), 0);
            return Ok(true);
        }
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        let before = bytes.len();
        let more = !self.ended && append(&mut self.inner, bytes)?;
        self.ended |= !more;
        self.count(bytes.len() - before);
        Ok(more)
    }

    fn count(&mut self, given: usize) {
        self.at = match &self.inner {
            Inner::Plain(_) => self.at + given as u64,
            Inner::Packed(gzip) => gzip.at(),
        };
    }

    /// Bytes of the file read since the last call, packed as they are there.
    pub(super) fn taken(&mut self) -> u64 {
        self.at - std::mem::replace(&mut self.told, self.at)
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
