//! `huoyan scan`: posts in, findings out.

use crate::args::{Output, ScanArgs};
use crate::error::Result;
use crate::input::{Block, Input};
use crate::json::FieldNames;
use crate::post::{Item, Parser, Post};
use crate::pretty::Pretty;
use crate::progress::Progress;
use crate::record::{ErrorRecord, Record};
use crate::summary::Summary;
use crate::view::View;
use crate::{pack, pipeline};
use huoyan::{Ruleset, Scratch};
use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::thread::available_parallelism;

/// What came of a whole scan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// Some post was flagged.
    pub(crate) flagged: bool,
    /// Some file could not be read.
    pub(crate) failed: bool,
    /// Posts that could not be read.
    pub(crate) bad: u64,
}

/// What came of a block.
#[derive(Debug, Default)]
struct Done {
    /// For standard output.
    output: Vec<u8>,
    /// For standard error.
    messages: Vec<u8>,
    summary: Summary,
    read: u64,
    failed: bool,
}

/// Runs the command.
pub(crate) fn run(args: &ScanArgs) -> Result<Outcome> {
    let mut ruleset = pack::load(&args.pack)?;
    if let Some(threshold) = args.threshold {
        ruleset = ruleset.with_threshold(threshold);
    }
    // Every thread uses it until the program ends.
    let ruleset: &Ruleset<'_> = Box::leak(Box::new(ruleset));
    let mut stdout = anstream::stdout();
    let colour =
        anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let cores = available_parallelism().map_or(1, NonZero::get);
    let threads = args.threads.map_or(cores, usize::from);
    let progress = Progress::new(args);
    hint_at_keyboard(args);

    let mut total = Done::default();
    let worker = || {
        let mut worker = Worker::new(ruleset, args, colour);
        move |block: Block| worker.scan(&block)
    };
    let input = Input::new(&args.files, args.format, &names(args));
    pipeline::run(input, threads, worker, |done| {
        progress.advance(done.read);
        if !done.messages.is_empty() {
            // Nothing is left to tell an error of standard error to.
            progress.pause(|| drop(anstream::stderr().write_all(&done.messages)));
        }
        if !done.output.is_empty() {
            // JSON goes out as it is, whatever it contains.
            let out: &mut dyn Write = match args.output {
                Output::Json => &mut io::stdout(),
                _ => &mut stdout,
            };
            out.write_all(&done.output)?;
            out.flush()?;
        }
        total.failed |= done.failed;
        total.summary.add(done.summary);
        Ok(())
    })?;
    progress.finish();
    match args.output {
        Output::Pretty => writeln!(stdout, "{}", total.summary.line())?,
        Output::Summary => total.summary.write(&mut stdout)?,
        Output::Json => {}
    }
    let Summary { flagged, errors: bad, .. } = total.summary;
    Ok(Outcome { flagged: flagged > 0, failed: total.failed, bad })
}

fn names(args: &ScanArgs) -> FieldNames {
    FieldNames { text: args.field.clone(), id: args.id_field.clone() }
}

fn hint_at_keyboard(args: &ScanArgs) {
    if args.files.is_empty() && io::stdin().is_terminal() {
        let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
        let hint = format!("reading posts from the keyboard, one a line; end with {end}");
        _ = writeln!(anstream::stderr(), "{hint}");
    }
}

/// Scans blocks. Everything it needs for a post it keeps for the next one.
struct Worker {
    ruleset: &'static Ruleset<'static>,
    scratch: Scratch,
    parser: Parser,
    writer: Writer,
}

/// Turns verdicts into output.
struct Writer {
    output: Output,
    /// Several files were named, so records say which one they are of.
    several: bool,
    flagged: bool,
    pretty: Pretty,
}

impl Worker {
    fn new(ruleset: &'static Ruleset<'static>, args: &ScanArgs, colour: bool) -> Worker {
        let names = names(args);
        Worker {
            ruleset,
            scratch: Scratch::new(ruleset),
            parser: Parser::new(names),
            writer: Writer {
                output: args.output,
                several: args.files.len() > 1,
                flagged: args.flagged,
                pretty: Pretty::new(colour),
            },
        }
    }

    fn scan(&mut self, block: &Block) -> Done {
        let Worker { ruleset, scratch, parser, writer } = self;
        let mut done = Done { read: block.read, ..Done::default() };
        parser.each(block, |item| match item {
            Item::Post(post) => {
                if let Some(at) = post.broken {
                    let what = format_args!(
                        "warning: not valid UTF-8 at byte {at} of the post, which is scanned \
                         with U+FFFD for it; if the file is in another encoding, convert it: \
                         iconv -f GB18030 -t UTF-8"
                    );
                    tell(&mut done.messages, &block.file, Some(post.line), &what);
                }
                let verdict = ruleset.scan_bytes(scratch, post.text);
                let file = writer.several.then_some(&*block.file);
                let view = View { post: &post, file, verdict };
                writer.post(&view, &block.file, &mut done);
            }
            Item::Bad(post, why) => {
                done.summary.errors += 1;
                tell(&mut done.messages, &block.file, Some(post.line), &why);
                writer.bad(&post, &block.file, why, &mut done);
            }
            Item::Failed(why) => {
                done.failed = true;
                tell(&mut done.messages, &block.file, None, &why);
            }
        });
        done
    }
}

impl Writer {
    fn post(&mut self, view: &View<'_>, file: &str, done: &mut Done) {
        let flagged = view.verdict.is_flagged();
        done.summary.posts += 1;
        done.summary.flagged += u64::from(flagged);
        match self.output {
            Output::Json if flagged || !self.flagged => {
                line(&mut done.output, &Record(view))
            }
            Output::Pretty if flagged => self.pretty.write(view, file, &mut done.output),
            Output::Summary if flagged => done.summary.count(view),
            _ => {}
        }
    }

    fn bad(&self, post: &Post<'_>, file: &str, error: &str, done: &mut Done) {
        if self.output == Output::Json && !self.flagged {
            let file = self.several.then_some(file);
            line(&mut done.output, &ErrorRecord { id: &post.id(), file, error });
        }
    }
}

fn line(output: &mut Vec<u8>, record: &impl serde::Serialize) {
    // Writing to a Vec does not fail, and no record has a map whose keys are
    // not strings.
    drop(serde_json::to_writer(&mut *output, record));
    output.push(b'\n');
}

fn tell(
    messages: &mut Vec<u8>,
    file: &str,
    line: Option<u64>,
    what: &dyn std::fmt::Display,
) {
    let what = crate::terminal::printable(&what.to_string());
    drop(match line {
        Some(line) => writeln!(messages, "{file}:{line}: {what}"),
        None => writeln!(messages, "{file}: {what}"),
    });
}
