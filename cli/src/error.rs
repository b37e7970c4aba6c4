//! What ends the program early, and how it is told.

use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// Why a command could not go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever reads the output has seen enough: no error.
    BrokenPipe,
    /// What is wrong and what to do about it.
    Message(String),
    /// A report that brings its own layout, such as a pack's mistakes.
    Report(String),
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub(crate) fn message(text: impl Into<String>) -> Failure {
        Failure::Message(text.into())
    }
}

/// Errors of writing to standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::BrokenPipe,
            _ => Failure::Message(format!("cannot write the output: {error}")),
        }
    }
}

/// Writes `error: …` to standard error.
pub(crate) fn tell(text: &str) {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let mut stderr = anstream::stderr().lock();
    // Nothing is left to tell an error of standard error to.
    let _ = writeln!(stderr, "{style}error{style:#}: {text}");
}

/// Writes a report as it is to standard error.
pub(crate) fn tell_report(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Whether standard error shows colour.
pub(crate) fn stderr_has_colour() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}
