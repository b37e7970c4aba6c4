//! A progress bar for long work, on a terminal only.

use crate::args::{Output, ScanArgs};
use crate::input::STDIN;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

/// Input below this size is scanned before anyone looks at a bar.
const LONG_BYTES: u64 = 16 << 20;

/// Shows how much of the input was scanned, or nothing.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar, if standard error is a terminal that nothing else is written to
    /// and the files are long.
    pub(crate) fn new(args: &ScanArgs) -> Progress {
        let alone = args.output == Output::Summary || !io::stdout().is_terminal();
        if !alone || !io::stderr().is_terminal() {
            return Progress(None);
        }
        let sizes = args.files.iter().map(|file| size(file));
        let total = sizes.sum::<Option<u64>>().filter(|_| !args.files.is_empty());
        let bar = match total {
            Some(total) if total < LONG_BYTES => return Progress(None),
            Some(total) => ProgressBar::new(total).with_style(style(
                "{percent:>3} % {wide_bar:.green} {binary_bytes_per_sec} {eta:>4} left",
            )),
            None if io::stdin().is_terminal() => return Progress(None),
            None => ProgressBar::no_length()
                .with_style(style("{spinner} {binary_bytes} {binary_bytes_per_sec}")),
        };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        Progress(Some(bar))
    }

    /// More bytes are done.
    pub(crate) fn advance(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
        }
    }

    /// Does something with the bar out of the way.
    pub(crate) fn pause(&self, act: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(act),
            None => act(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// The size of a regular file.
fn size(path: &Path) -> Option<u64> {
    let metadata = fs::metadata(path).ok()?;
    (path != Path::new(STDIN) && metadata.is_file()).then_some(metadata.len())
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
