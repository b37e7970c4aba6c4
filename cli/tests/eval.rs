//! `huoyan eval`: judging a pack by labelled posts.

mod common;

use common::{Folder, PACK, run};
use serde_json::{Value, json};

const LABELLED: &str = concat!(
    "{\"text\": \"出售V❤，实名\", \"label\": \"account_trade\"}\n",
    "{\"text\": \"批发微信\", \"label\": \"assisted_unblocking\"}\n",
    "{\"text\": \"有的来\", \"label\": \"account_trade\"}\n",
    "{\"text\": \"今天天气不错\", \"label\": \"benign\"}\n",
    "{\"text\": \"他说他不出售微信\", \"label\": \"benign\"}\n",
    "{\"text\": \"微信解封\", \"label\": \"assisted_unblocking\"}\n",
);

fn eval(args: &[&str], input: &str) -> common::Run {
    run(&[&["eval", "--pack", PACK], args].concat(), input.as_bytes())
}

#[test]
fn figures_are_those_of_the_definition() {
    let run = eval(&["--output", "json"], LABELLED);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["posts"], 6);
    assert_eq!(
        found["categories"]["account_trade"],
        json!({
            "labelled": 2, "flagged": 3, "right": 1,
            "precision": 1.0 / 3.0, "recall": 0.5, "f1": 0.4,
        })
    );
    assert_eq!(found["categories"]["assisted_unblocking"]["recall"], 0.5);
    assert_eq!(found["categories"]["contact_solicitation"]["precision"], Value::Null);
    assert_eq!(found["others"], json!({"posts": 2, "flagged": 1}));
    assert_eq!(
        found["confusion"],
        json!({
            "account_trade": {"account_trade": 1, "nothing": 1},
            "assisted_unblocking": {"account_trade": 1, "assisted_unblocking": 1},
            "benign": {"account_trade": 1, "nothing": 1},
        })
    );
}

#[test]
fn tables_and_worst_errors() {
    let run = eval(&["--show", "1"], LABELLED);
    assert_eq!(run.stdout, include_str!("data/eval.txt"));
    let none = eval(&["--show", "0", "--threshold", "100"], LABELLED);
    assert!(!none.stdout.contains("worst"), "{}", none.stdout);
}

#[test]
fn rates_need_posts_enough() {
    let posts = "{\"text\": \"出售微信\", \"label\": \"benign\"}\n";
    let few = eval(&[], &posts.repeat(999)).stdout;
    assert!(few.contains("\n999 of 999 posts of other labels flagged\n"), "{few}");
    let many = eval(&[], &posts.repeat(1_000)).stdout;
    assert!(many.contains("flagged, 100000 per 100,000\n"), "{many}");
}

#[test]
fn labels_that_are_no_category_are_named_once() {
    let post =
        |label: &str| format!("{{\"text\": \"出售微信\", \"label\": \"{label}\"}}\n");
    let input = ["account_trade", "acount_trade", "spam", "spam", "benign"].map(post);
    let run = eval(&["--output", "json"], &input.concat());
    assert_eq!(run.status, 0);
    let told = "warning: no category, and counted like \"benign\": \
                \"acount_trade\" (1 post), \"spam\" (2 posts)\n";
    assert_eq!(run.stderr, told);
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["others"], json!({"posts": 4, "flagged": 4}));
    // Whatever labels there are, categories are told apart.
    let mut input: String = (0..70).map(|n| post(&format!("x{n:02}"))).collect();
    input.push_str(&post("account_trade"));
    let run = eval(&["--output", "json"], &input);
    assert!(run.stderr.ends_with("\"x07\" (1 post), …\n"), "{}", run.stderr);
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["categories"]["account_trade"]["right"], 1);
}

#[test]
fn no_labelled_posts_are_an_error() {
    let folder = Folder::new("eval-nothing");
    let text = folder.file("posts.txt", "出售微信\n今天\n");
    let text = [text.as_str()];
    for (args, input, what) in [
        (&["--label-field", "nope"][..], LABELLED, "no labelled post could be read: 6"),
        (&["--field", "nope"], LABELLED, "no labelled post could be read: 6 bad"),
        (&[], "", "error: the input has no labelled posts"),
        (&["--format", "csv"], "text,label\n", "error: the input has no labelled posts"),
        (&[], "出售微信\n", "stdin: is text, which has no labels"),
        (&text, "", "posts.txt: is text, which has no labels"),
    ] {
        let run = eval(args, input);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{what}");
        assert_eq!(run.stderr.matches(what).count(), 1, "{}", run.stderr);
    }
    // Text among other files.
    let run = eval(&[text[0], "-"], LABELLED);
    assert_eq!(run.status, 2);
    assert!(run.stdout.starts_with("6 labelled posts\n"), "{}", run.stdout);
}

#[test]
fn csv_and_other_names() {
    let folder = Folder::new("eval");
    let file = folder.file("l.csv", "kind,comment\naccount_trade,出售微信\n,微信\n");
    let args = [&file, "--field", "comment", "--label-field", "kind", "--output", "json"];
    let run = eval(&args, "");
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["categories"]["account_trade"]["right"], 1);
}

#[test]
fn bad_lines_are_told_and_left_out() {
    let input = "{\"text\": \"出售微信\"}\nnonsense\n{\"text\": \"微信\", \"label\": \"benign\"}\n";
    let run = eval(&["--format", "jsonl"], input);
    assert_eq!(run.status, 0);
    assert!(run.stdout.starts_with("1 labelled post, 2 bad lines left out\n"));
    let mut messages = run.stderr.lines();
    let first = messages.next().expect("a message");
    assert_eq!(first, "stdin:1: no field \"label\"; name it with --label-field");
    assert!(messages.next().expect("another").starts_with("stdin:2: not JSON"));
    assert_eq!(eval(&["no-such-file.jsonl"], "").status, 2);
}
