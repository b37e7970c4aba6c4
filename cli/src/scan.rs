//! `huoyan scan`: posts in, findings out.

use crate::args::{Output, ScanArgs};
use crate::error::Result;
use crate::input::{Block, Input};
use crate::json::FieldNames;
use crate::messages::{self, Messages, Teller};
use crate::post::{Item, Parser, Post};
use crate::pretty::Pretty;
use crate::problem::{Kind, SCANNED};
use crate::progress::Progress;
use crate::record::{ErrorRecord, Record};
use crate::summary::Summary;
use crate::view::View;
use crate::{pack, pipeline};
use huoyan::{Ruleset, Scratch};
use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

/// What came of a whole scan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// Some post was flagged.
    pub(crate) flagged: bool,
    /// Some file could not be read.
    pub(crate) failed: bool,
    /// Posts that were scanned.
    pub(crate) posts: u64,
    /// Posts that could not be read.
    pub(crate) bad: u64,
    /// Posts that were scanned without their bytes that are not UTF-8.
    pub(crate) mended: u64,
}

/// What came of a block.
#[derive(Debug)]
struct Done {
    file: Arc<str>,
    /// For standard output.
    output: Vec<u8>,
    /// For standard error.
    messages: Messages,
    summary: Summary,
    read: u64,
    mended: u64,
    failed: bool,
}

impl Done {
    fn new(block: &Block) -> Done {
        Done {
            file: Arc::clone(&block.file),
            output: Vec::new(),
            messages: Messages::default(),
            summary: Summary::default(),
            read: block.read,
            mended: 0,
            failed: false,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &ScanArgs) -> Result<Outcome> {
    // Every thread uses it until the program ends.
    let ruleset: &Ruleset<'_> = Box::leak(Box::new(pack::load(&args.pack)?));
    let mut stdout = anstream::stdout();
    let colour =
        anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let cores = available_parallelism().map_or(1, NonZero::get);
    let threads = args.threads.map_or(cores, usize::from);
    let progress = Progress::new(args);
    hint_at_keyboard(args);

    let mut summary = Summary::default();
    let (mut failed, mut mended) = (false, 0);
    let mut teller = Teller::new();
    let tell = |text: String| {
        if !text.is_empty() {
            progress.pause(|| messages::write(&text));
        }
    };
    let worker = || {
        let mut worker = Worker::new(ruleset, args, colour);
        move |block: Block| worker.scan(&block)
    };
    let input = Input::new(&args.files, args.format, &names(args));
    pipeline::run(input, threads, worker, |done| {
        progress.advance(done.read);
        tell(teller.block(&done.file, done.messages));
        if !done.output.is_empty() {
            // JSON goes out as it is, whatever it contains.
            let out: &mut dyn Write = match args.output {
                Output::Json => &mut io::stdout(),
                _ => &mut stdout,
            };
            out.write_all(&done.output)?;
            out.flush()?;
        }
        failed |= done.failed;
        mended += done.mended;
        summary.add(done.summary);
        Ok(())
    })?;
    tell(teller.finish());
    progress.finish();
    match args.output {
        Output::Pretty => writeln!(stdout, "{}", summary.line())?,
        Output::Summary => summary.write(&mut stdout)?,
        Output::Json => {}
    }
    let Summary { posts, flagged, errors: bad, .. } = summary;
    Ok(Outcome { flagged: flagged > 0, failed, posts, bad, mended })
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
        let mut done = Done::new(block);
        parser.each(block, |item| match item {
            Item::Post(post) => {
                if let Some(broken) = post.broken {
                    // Half of a surrogate pair stands for no text that is missed.
                    done.mended += u64::from(broken.kind == Kind::NotUtf8);
                    done.messages.broken(post.line, broken, SCANNED);
                }
                let verdict = ruleset.scan_bytes(scratch, post.text);
                let file = writer.several.then_some(&*block.file);
                let view = View { post: &post, file, verdict };
                writer.post(&view, &block.file, &mut done);
            }
            Item::Bad(post, problem) => {
                done.summary.errors += 1;
                done.messages.problem(post.line, problem);
                writer.bad(&post, &block.file, &problem.what, &mut done);
            }
            Item::Failed(why) => {
                done.failed = true;
                done.messages.fail(why);
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
                line(&mut done.output, &Record::of(view))
            }
            Output::Pretty if flagged => self.pretty.write(view, file, &mut done.output),
            Output::Summary if flagged => done.summary.count(view),
            _ => {}
        }
    }

    fn bad(&self, post: &Post<'_>, file: &str, error: &str, done: &mut Done) {
        if self.output == Output::Json && !self.flagged {
            let file = self.several.then_some(file);
            line(&mut done.output, &ErrorRecord { id: post.id(), file, error });
        }
    }
}

fn line(output: &mut Vec<u8>, record: &impl serde::Serialize) {
    // Writing to a Vec does not fail, and no record has a map whose keys are
    // not strings.
    drop(serde_json::to_writer(&mut *output, record));
    output.push(b'\n');
}
