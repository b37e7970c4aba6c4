//! What is told about posts on standard error: of each kind only the first ones.

use crate::problem::{Broken, Kind, Problem};
use crate::summary::plural;
use crate::terminal::printable;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// Messages of one kind about one file; more of them are only counted.
const TOLD_MAX: u64 = 10;

/// What there is to tell about the posts of a block.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// The first ones of each kind.
    told: Vec<Message>,
    counts: BTreeMap<Kind, u64>,
    /// Why the file cannot be read, or not on from here.
    failure: Option<String>,
}

#[derive(Debug)]
struct Message {
    kind: Kind,
    line: u64,
    what: String,
}

impl Messages {
    /// A post that cannot be read.
    pub(crate) fn problem(&mut self, line: u64, problem: &Problem) {
        self.add(problem.kind, line, || printable(&problem.what));
    }

    /// A post that is broken; `done` tells what is done with it.
    pub(crate) fn broken(&mut self, line: u64, broken: Broken, done: &str) {
        self.add(broken.kind, line, || broken.warning(done));
    }

    /// The file cannot be read, or not on from here.
    pub(crate) fn fail(&mut self, why: &str) {
        self.failure = Some(printable(why));
    }

    fn add(&mut self, kind: Kind, line: u64, what: impl FnOnce() -> String) {
        let count = self.counts.entry(kind).or_default();
        if *count < TOLD_MAX {
            self.told.push(Message { kind, line, what: what() });
        }
        *count += 1;
    }
}

/// Puts the messages of blocks together, file by file.
#[derive(Debug)]
pub(crate) struct Teller {
    file: Arc<str>,
    counts: BTreeMap<Kind, u64>,
}

impl Teller {
    pub(crate) fn new() -> Teller {
        Teller { file: "".into(), counts: BTreeMap::new() }
    }

    /// What to write after the next block of a file.
    pub(crate) fn block(&mut self, file: &Arc<str>, messages: Messages) -> String {
        let mut out = String::new();
        if self.file != *file {
            out = self.finish();
            self.file = Arc::clone(file);
        }
        let mut counts = self.counts.clone();
        for Message { kind, line, what } in messages.told {
            let count = counts.entry(kind).or_default();
            if *count < TOLD_MAX {
                out.push_str(&format!("{file}:{line}: {what}\n"));
            }
            *count += 1;
        }
        for (kind, count) in messages.counts {
            *self.counts.entry(kind).or_default() += count;
        }
        if let Some(why) = messages.failure {
            out.push_str(&format!("{file}: {why}\n"));
        }
        out
    }

    /// What to write after the last block: how many more there were.
    pub(crate) fn finish(&mut self) -> String {
        let mut out = String::new();
        for (kind, count) in std::mem::take(&mut self.counts) {
            if let more @ 1.. = count.saturating_sub(TOLD_MAX) {
                let more = plural(more, "more post", "more posts");
                let (file, kind) = (&self.file, kind.name());
                out.push_str(&format!("{file}: {more} like these: {kind}\n"));
            }
        }
        out
    }
}

/// Writes to standard error.
pub(crate) fn write(text: &str) {
    // Nothing is left to tell an error of standard error to.
    _ = anstream::stderr().write_all(text.as_bytes());
}
