//! The command line's options.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  printf '出售Ⅴ❤号，老号带支付\\n今天天气不错\\n' | huoyan scan
  huoyan scan posts.jsonl --output json > verdicts.jsonl
  huoyan scan comments.csv --field comment --output summary
  huoyan explain '出售Ⅴ❤号'
  huoyan mask < posts.txt > masked.txt

Exit status: 0 done, 1 something was flagged (only with scan --check), 2 an error:
of the command line, of a file, of all posts, or, with scan --check, of any post.";

const SCAN_EXAMPLES: &str = "\
Examples:
  huoyan scan posts.txt                         one post a line, findings for people
  huoyan scan posts.jsonl --output json         one JSON record a post
  huoyan scan a.csv b.csv --field comment       CSV with a header
  tail -f posts.txt | huoyan scan               findings as they come
  huoyan scan --check new.txt && publish        only if nothing is flagged";

const EVAL_HELP: &str = "\
A label is the name of a category (account_trade, assisted_registration,
assisted_unblocking, contact_solicitation) or anything else, such as benign. A
post is right if one of its findings has the category that is its label.

Examples:
  huoyan eval labelled.jsonl
  huoyan eval labelled.csv --field comment --label-field kind --show 20
  huoyan eval labelled.jsonl --pack my-pack.toml --output json";

/// Finds posts that trade accounts, however they are disguised.
///
/// Huoyan reads posts, undoes the disguises that sellers put on words (V❤ for
/// 微信, full-width and circled letters, homophones, invisible characters …)
/// and shows what it found and why: the words, what they mean, the contacts
/// that a post gives, and a score from 0 to 100 for each category of offer.
#[derive(Debug, Parser)]
#[command(name = "huoyan", version, after_help = EXAMPLES, max_term_width = 90)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan posts and show what was found
    Scan(ScanArgs),
    /// Explain one text: what it folds to, each hit, each rule, the score
    Explain(ExplainArgs),
    /// Write text in its plain form: ＶＸ註冊 becomes vx注册
    Fold(FoldArgs),
    /// Write text with findings and contacts masked by *
    Mask(MaskArgs),
    /// Compile a rule pack, so that it loads at once
    Compile(CompileArgs),
    /// Compile a rule pack and run its examples
    Test(TestArgs),
    /// Judge a rule pack by labelled posts: precision, recall, worst errors
    Eval(EvalArgs),
}

/// Options of `huoyan scan`.
#[derive(Debug, Args)]
#[command(after_help = SCAN_EXAMPLES)]
pub(crate) struct ScanArgs {
    /// Files to scan; `-`, or no FILE, is standard input. What gzip packed is unpacked
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How the input is written. `auto` goes by the file's name (without .gz), then by
    /// its first line: a JSON object, or CSV names with that of --field among them. CSV
    /// has a header; .tsv files have tabs instead of commas
    #[arg(long, value_enum, default_value_t = Format::Auto, hide_possible_values = true)]
    #[arg(value_name = "auto|text|jsonl|csv")]
    pub(crate) format: Format,
    /// The JSON field or CSV column that holds the post; data.text is the field text
    /// in the object data, unless a field has the name data.text
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) field: String,
    /// The JSON field or CSV column that holds the post's id, with dots as in
    /// --field; posts without one have their line number
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub(crate) id_field: String,
    /// What to write: findings for people, one JSON record a post, or counts
    #[arg(long, value_enum, default_value_t = Output::Pretty, hide_possible_values = true)]
    #[arg(value_name = "pretty|json|summary")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
    /// Threads that scan; the output is the same [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) threads: Option<u16>,
    /// Write only posts that are flagged (pretty output always does)
    #[arg(long)]
    pub(crate) flagged: bool,
    /// Exit with status 1 if any post is flagged, with 2 if any cannot be read, or
    /// not as it is written (bytes that are not UTF-8), flagged ones or not; all the
    /// others are scanned in either case
    #[arg(long)]
    pub(crate) check: bool,
}

/// Options of `huoyan explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The text; `-` reads it from standard input
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

/// Options of `huoyan fold`.
#[derive(Debug, Args)]
pub(crate) struct FoldArgs {
    /// File to read; `-`, or no FILE, is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// Options of `huoyan mask`.
#[derive(Debug, Args)]
pub(crate) struct MaskArgs {
    /// File to read, one post a line; `-`, or no FILE, is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

/// Options of `huoyan compile`.
#[derive(Debug, Args)]
pub(crate) struct CompileArgs {
    /// The pack's source, TOML; `-` is standard input
    #[arg(value_name = "PACK")]
    pub(crate) pack: PathBuf,
    /// Where to write the ruleset; `-` is standard output [default: PACK with the
    /// extension .huoyan, and `-` for `-`]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Options of `huoyan test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// The pack's source, TOML; `-` is standard input
    #[arg(value_name = "PACK")]
    pub(crate) pack: PathBuf,
}

/// Options of `huoyan eval`.
#[derive(Debug, Args)]
#[command(after_help = EVAL_HELP)]
pub(crate) struct EvalArgs {
    /// Files of labelled posts, JSON lines or CSV; `-`, or no FILE, is standard
    /// input
    #[arg(value_name = "LABELLED")]
    pub(crate) files: Vec<PathBuf>,
    /// How the input is written. `auto` goes by the file's name (without .gz), then by
    /// its first line: a JSON object, or CSV names with that of --field among them. CSV
    /// has a header; .tsv files have tabs instead of commas
    #[arg(long, value_enum, default_value_t = Format::Auto, hide_possible_values = true)]
    #[arg(value_name = "auto|jsonl|csv")]
    pub(crate) format: Format,
    /// The JSON field or CSV column that holds the post; data.text is the field text
    /// in the object data, unless a field has the name data.text
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) field: String,
    /// The JSON field or CSV column that holds the label, with dots as in --field
    #[arg(long, value_name = "NAME", default_value = "label")]
    pub(crate) label_field: String,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
    /// How many of the worst misses and false alarms to show
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) show: usize,
    /// What to write: tables for people, or one JSON object
    #[arg(long, value_enum, default_value_t = EvalOutput::Pretty, hide_possible_values = true)]
    #[arg(value_name = "pretty|json")]
    pub(crate) output: EvalOutput,
}

/// Which rules to use, and what counts.
#[derive(Debug, Args)]
pub(crate) struct PackArgs {
    /// Rule pack: its TOML source, or what `huoyan compile` made of it
    /// [default: the built-in wechat-trade]
    #[arg(long, value_name = "FILE")]
    pub(crate) pack: Option<PathBuf>,
    /// Score from which a finding counts, 0 to 100 [default: the pack's]
    #[arg(long, value_name = "N", value_parser = threshold)]
    pub(crate) threshold: Option<f32>,
}

/// How input is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// By the file's name, then by its first line.
    Auto,
    /// One post a line.
    Text,
    /// One JSON object a line.
    Jsonl,
    /// CSV with a header.
    Csv,
}

/// What `scan` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Findings for people.
    Pretty,
    /// One JSON record a post.
    Json,
    /// Counts.
    Summary,
}

/// What `eval` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvalOutput {
    /// Tables for people.
    Pretty,
    /// One JSON object.
    Json,
}

fn threshold(value: &str) -> Result<f32, String> {
    match value.parse::<f32>() {
        Ok(score) if (0.0..=100.0).contains(&score) => Ok(score),
        _ => Err("write a number from 0 to 100".into()),
    }
}
