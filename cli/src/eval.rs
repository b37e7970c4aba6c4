//! `huoyan eval`: how well a pack does on labelled posts.

use crate::args::{EvalArgs, EvalOutput};
use crate::error::{Failure, Result};
use crate::input::{Content, Input};
use crate::json::FieldNames;
use crate::messages::{self, Messages, Teller};
use crate::pack;
use crate::paint::{self, Found, Styles, push_styled};
use crate::post::{Item, Parser, Post};
use crate::problem::{Kind, Problem, SCANNED};
use crate::summary::plural;
use crate::terminal::{pad, printable, thousands};
use huoyan::{Category, Scratch, Verdict, shown_score};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// What stands for "no category" among the columns of found ones.
const NOTHING: &str = "nothing";
/// Most labels that are told apart.
const LABELS_MAX: usize = 64;
/// Where labels past that are counted.
const MORE_LABELS: &str = "other labels";
/// The label of posts that offer nothing.
const BENIGN: &str = "benign";
/// Most labels that are named in a warning.
const NAMED_MAX: usize = 8;
/// Fewest posts that say something about a hundred thousand.
const RATE_MIN: u64 = 1_000;

/// Counts over labelled posts.
#[derive(Default)]
struct Evaluation {
    posts: u64,
    bad: u64,
    /// Posts by label.
    labelled: BTreeMap<String, u64>,
    /// Posts with a finding, by its category.
    flagged: BTreeMap<Category, u64>,
    /// Posts with a finding of the category that is their label.
    right: BTreeMap<Category, u64>,
    /// Posts by label and by the category of the highest score.
    confusion: BTreeMap<(String, &'static str), u64>,
    /// Posts whose label is no category: how many, and how many were flagged.
    others: u64,
    false_alarms: u64,
    missed: Worst,
    alarms: Worst,
}

/// The worst errors of one kind, the worst first.
#[derive(Default)]
struct Worst {
    most: usize,
    errors: Vec<Error>,
}

/// A post that was judged wrongly.
struct Error {
    badness: f32,
    place: String,
    label: String,
    found: String,
    text: Vec<u8>,
    highlight: Found,
}

impl Worst {
    fn add(&mut self, badness: f32, error: impl FnOnce() -> Error) {
        let rank = self.errors.partition_point(|known| known.badness >= badness);
        if rank < self.most {
            self.errors.insert(rank, error());
            self.errors.truncate(self.most);
        }
    }
}

/// Runs the command. Tells whether a file could not be read.
pub(crate) fn run(args: &EvalArgs) -> Result<bool> {
    let ruleset = pack::load(&args.pack)?;
    let mut scratch = Scratch::new(&ruleset);
    let mut evaluation = Evaluation::default();
    (evaluation.missed.most, evaluation.alarms.most) = (args.show, args.show);
    // A post's label is read where other commands read its id.
    let names = FieldNames { text: args.field.clone(), id: args.label_field.clone() };
    let mut parser = Parser::new(names.clone());
    let no_label = {
        let field = &args.label_field;
        let what = format!("no field \"{field}\"; name it with --label-field");
        Problem::new(Kind::NoLabel, what)
    };
    let mut teller = Teller::new();
    let mut failed = false;
    let mut text_file: Option<Arc<str>> = None;
    for block in Input::new(&args.files, args.format, &names) {
        let mut messages = Messages::default();
        if let Content::Text(_) = block.content {
            // Its other blocks say no more.
            if text_file.as_ref() != Some(&block.file) {
                failed = true;
                messages.fail("is text, which has no labels; give JSON lines or CSV");
                messages::write(&teller.block(&block.file, messages));
            }
            text_file = Some(block.file);
            continue;
        }
        parser.each(&block, |item| match item {
            Item::Post(post) => match &post.id {
                Some(label) => {
                    if let Some(broken) = post.broken {
                        messages.broken(post.line, broken, SCANNED);
                    }
                    let verdict = ruleset.scan_bytes(&mut scratch, post.text);
                    evaluation.add(&post, label, &verdict, &block.file);
                }
                None => {
                    evaluation.bad += 1;
                    messages.problem(post.line, &no_label);
                }
            },
            Item::Bad(post, problem) => {
                evaluation.bad += 1;
                messages.problem(post.line, problem);
            }
            Item::Failed(why) => {
                failed = true;
                messages.fail(why);
            }
        });
        messages::write(&teller.block(&block.file, messages));
    }
    messages::write(&teller.finish());
    if evaluation.posts == 0 {
        return evaluation.nothing(failed);
    }
    messages::write(&evaluation.odd_labels());
    match args.output {
        EvalOutput::Json => writeln!(io::stdout(), "{}", evaluation.json())?,
        EvalOutput::Pretty => {
            let colour = anstream::AutoStream::choice(&io::stdout())
                != anstream::ColorChoice::Never;
            let shown = evaluation.pretty(&Styles::new(colour));
            anstream::stdout().write_all(shown.as_bytes())?;
        }
    }
    Ok(failed)
}

impl Evaluation {
    /// There are no figures of no posts. `failed` if an error has told why.
    fn nothing(&self, failed: bool) -> Result<bool> {
        match self.bad {
            0 if failed => Ok(true),
            0 => Err(Failure::message("the input has no labelled posts")),
            bad => {
                let lines = plural(bad, "bad line", "bad lines");
                let what = format!("no labelled post could be read: {lines}, see above");
                Err(Failure::message(what))
            }
        }
    }

    /// A warning of labels that may be misspelt names of categories.
    fn odd_labels(&self) -> String {
        let odd: Vec<_> = self
            .labelled
            .iter()
            .filter(|(label, _)| *label != BENIGN)
            .filter(|(label, _)| Category::from_name(label).is_none())
            .collect();
        if odd.is_empty() {
            return String::new();
        }
        let named: Vec<String> = odd
            .iter()
            .filter(|(label, _)| *label != MORE_LABELS)
            .take(NAMED_MAX)
            .map(|(label, count)| {
                let label = printable(label);
                format!("\"{label}\" ({})", plural(**count, "post", "posts"))
            })
            .collect();
        let more = if odd.len() > named.len() { ", …" } else { "" };
        format!(
            "warning: no category, and counted like \"{BENIGN}\": {}{more}\n",
            named.join(", ")
        )
    }

    fn add(&mut self, post: &Post<'_>, label: &str, verdict: &Verdict<'_>, file: &str) {
        self.posts += 1;
        let wanted = Category::from_name(label);
        let known = self.labelled.len() < LABELS_MAX || self.labelled.contains_key(label);
        let label = if known || wanted.is_some() { label } else { MORE_LABELS };
        *self.labelled.entry(label.to_owned()).or_default() += 1;
        let found = verdict.category().map_or(NOTHING, Category::name);
        *self.confusion.entry((label.to_owned(), found)).or_default() += 1;
        let mut seen: Vec<Category> =
            verdict.findings().map(|finding| finding.category()).collect();
        seen.sort_unstable();
        seen.dedup();
        for category in &seen {
            *self.flagged.entry(*category).or_default() += 1;
        }
        let error = |badness: f32| Error {
            badness,
            place: format!("{file}:{}", post.line),
            label: label.to_owned(),
            found: format!(
                "{found} {}",
                shown_score(verdict.score(), verdict.is_flagged())
            ),
            text: post.text.to_vec(),
            highlight: Found {
                words: verdict
                    .findings()
                    .flat_map(|finding| finding.evidence())
                    .map(|seen| seen.range())
                    .collect(),
                contacts: Vec::new(),
            },
        };
        match wanted {
            Some(wanted) if seen.contains(&wanted) => {
                *self.right.entry(wanted).or_default() += 1;
            }
            Some(_) => {
                let badness = 100.0 - verdict.score();
                self.missed.add(badness, || error(badness));
            }
            None => {
                self.others += 1;
                if verdict.is_flagged() {
                    self.false_alarms += 1;
                    let badness = verdict.score();
                    self.alarms.add(badness, || error(badness));
                }
            }
        }
    }

    fn labelled(&self, category: Category) -> u64 {
        self.labelled.get(category.name()).copied().unwrap_or(0)
    }

    fn figures(&self, category: Category) -> Figures {
        let of = |counts: &BTreeMap<Category, u64>| {
            counts.get(&category).copied().unwrap_or(0)
        };
        Figures {
            labelled: self.labelled(category),
            flagged: of(&self.flagged),
            right: of(&self.right),
        }
    }

    fn json(&self) -> Value {
        let mut categories = Map::new();
        for category in Category::ALL.iter().copied() {
            let figures = self.figures(category);
            let row = json!({
                "labelled": figures.labelled,
                "flagged": figures.flagged,
                "right": figures.right,
                "precision": figures.precision(),
                "recall": figures.recall(),
                "f1": figures.f1(),
            });
            categories.insert(category.name().to_owned(), row);
        }
        let mut confusion: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
        for ((label, found), count) in &self.confusion {
            confusion.entry(label).or_default().insert(found, *count);
        }
        json!({
            "posts": self.posts,
            "bad_lines": self.bad,
            "categories": categories,
            "others": {"posts": self.others, "flagged": self.false_alarms},
            "confusion": confusion,
        })
    }

    fn pretty(&self, styles: &Styles) -> String {
        let mut out = plural(self.posts, "labelled post", "labelled posts");
        if self.bad > 0 {
            out.push_str(", ");
            out.push_str(&plural(self.bad, "bad line left out", "bad lines left out"));
        }
        out.push('\n');
        self.push_figures(&mut out, styles);
        self.push_confusion(&mut out, styles);
        let missed = "worst misses: a category that was not found";
        push_errors(&mut out, missed, &self.missed, styles);
        let alarms = "worst false alarms: flagged, and the label is no category";
        push_errors(&mut out, alarms, &self.alarms, styles);
        out
    }

    fn push_figures(&self, out: &mut String, styles: &Styles) {
        let header = format!(
            "\n{:<24}{:>9}{:>9}{:>9}{:>11}{:>8}{:>8}\n",
            "category", "labelled", "flagged", "right", "precision", "recall", "F1"
        );
        push_styled(out, &header, styles.place);
        for category in Category::ALL.iter().copied() {
            let figures = self.figures(category);
            out.push_str(&format!(
                "{:<24}{:>9}{:>9}{:>9}{:>11}{:>8}{:>8}\n",
                category.name(),
                thousands(figures.labelled),
                thousands(figures.flagged),
                thousands(figures.right),
                share(figures.precision()),
                share(figures.recall()),
                share(figures.f1()),
            ));
        }
        if self.others > 0 {
            out.push_str(&format!(
                "\n{} of {} flagged",
                thousands(self.false_alarms),
                plural(self.others, "post of another label", "posts of other labels"),
            ));
            if self.others >= RATE_MIN {
                let rate = self.false_alarms as f64 / self.others as f64 * 1e5;
                out.push_str(&format!(", {rate:.0} per 100,000"));
            }
            out.push('\n');
        }
    }

    fn push_confusion(&self, out: &mut String, styles: &Styles) {
        let columns = Category::ALL.iter().copied().map(Category::name).chain([NOTHING]);
        let columns: Vec<&str> = columns.collect();
        let labels = self.labelled.keys().map(|label| printable(label));
        let width = labels.map(|label| label.width()).max().unwrap_or(0).max(22) + 2;
        out.push('\n');
        let mut title = String::from("label \\ highest score");
        pad(&mut title, "label \\ highest score", width);
        for column in &columns {
            title.push_str(&format!("{column:>width$}", width = column.len() + 2));
        }
        push_styled(out, &title, styles.place);
        out.push('\n');
        for label in self.labelled.keys() {
            let shown = printable(label);
            out.push_str(&shown);
            pad(out, &shown, width);
            for column in &columns {
                let count = self.confusion.get(&(label.clone(), *column)).copied();
                let width = column.len() + 2;
                let shown = count.map_or_else(|| "·".to_owned(), thousands);
                out.push_str(&format!("{shown:>width$}"));
            }
            out.push('\n');
        }
    }
}

fn push_errors(out: &mut String, title: &str, worst: &Worst, styles: &Styles) {
    if worst.errors.is_empty() {
        return;
    }
    out.push('\n');
    push_styled(out, title, styles.place);
    out.push('\n');
    for error in &worst.errors {
        out.push_str("  ");
        let place = format!("{}  label {}, ", error.place, printable(&error.label));
        push_styled(out, &place, styles.faint);
        push_styled(out, &error.found, styles.flagged);
        out.push_str("\n    ");
        paint::push(out, &error.text, error.highlight.clone(), styles);
        out.push('\n');
    }
}

/// The figures of one category.
struct Figures {
    labelled: u64,
    flagged: u64,
    right: u64,
}

impl Figures {
    fn precision(&self) -> Option<f64> {
        ratio(self.right, self.flagged)
    }

    fn recall(&self) -> Option<f64> {
        ratio(self.right, self.labelled)
    }

    fn f1(&self) -> Option<f64> {
        ratio(2 * self.right, self.flagged + self.labelled)
    }
}

fn ratio(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}
