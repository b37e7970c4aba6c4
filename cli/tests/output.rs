//! Output for people: pretty, summary, explain.

mod common;

use common::{PACK, huoyan, run, scan};
use std::io::Write;
use std::process::Stdio;

const POSTS: &str = concat!(
    "{\"id\": 1, \"text\": \"大量出售 V❤ 号，15-30天，实名\"}\n",
    "{\"id\": 2, \"text\": \"今天天气不错\"}\n",
    "{\"text\": \"薇\\u200b信解封\\u202e，批发\\u001b[2J微信\\n第二行\"}\n",
    "{\"id\": 4}\n",
);

#[test]
fn pretty_without_colour() {
    let run = scan(&["--threads", "1"], POSTS);
    assert_eq!(run.status, 0);
    assert_eq!(run.stdout, include_str!("data/pretty.txt"));
    assert!(run.stderr.starts_with("stdin:4: no field \"text\""));
}

#[test]
fn pretty_with_colour_has_no_brackets_and_no_controls_of_the_post() {
    let mut child = huoyan()
        .args(["scan", "--pack", PACK])
        .env("CLICOLOR_FORCE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(POSTS.as_bytes()).expect("the program reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(shown.contains("\u{1B}[1m\u{1B}[33m出售\u{1B}[0m"), "{shown}");
    for hidden in ["«", "\u{200B}", "\u{202E}", "\u{1B}[2J"] {
        assert!(!shown.contains(hidden), "{hidden:?}");
    }
}

#[test]
fn hostile_ids_and_file_names_are_escaped() {
    let post = "{\"id\": \"\\u001b]0;x\\u0007\\u202e\", \"text\": \"出售微信\"}";
    let run = scan(&[], post);
    assert!(
        run.stdout.starts_with("stdin:1 (id \\u{001B}]0;x\\u{0007}\\u{202E})  "),
        "{}",
        run.stdout
    );
    let run = scan(&["\u{1B}[2J.txt"], "");
    assert_eq!(run.stderr, "\\u{001B}[2J.txt: no such file\n");
}

#[test]
fn long_posts_are_cut_to_what_was_found() {
    let far = "今天天气不错，".repeat(60);
    let run = scan(&[], format!("{far}出售微信{far}解封V信{far}\n"));
    let post = run.stdout.lines().nth(1).expect("a second line");
    assert!(post.starts_with("  … ") && post.ends_with(" …"), "{post}");
    assert!(post.contains("«出售»«微信»") && post.contains(" … "), "{post}");
    assert!(post.chars().count() < 140, "{post}");
}

#[test]
fn summary_counts() {
    let run = scan(&["--output", "summary"], POSTS);
    assert_eq!(run.stdout, include_str!("data/summary.txt"));
    assert_eq!(scan(&["--output", "summary"], "").stdout, "0 posts, 0 flagged\n");
}

#[test]
fn explain_shows_everything() {
    let text = "薇❤ 实名 满月，批发";
    let run = run(&["explain", text, "--pack", PACK], b"");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout, include_str!("data/explain.txt"));
    let piped =
        common::run(&["explain", "-", "--pack", PACK], format!("{text}\r\n").as_bytes());
    assert_eq!(piped.stdout, run.stdout);
    let nothing = common::run(&["explain", "今天", "--pack", PACK], b"");
    assert!(nothing.stdout.contains("no rule fired"), "{}", nothing.stdout);
    for (threshold, flagged) in [("88", true), ("90", false)] {
        let args = ["explain", "出售微信", "--pack", PACK, "--threshold", threshold];
        let shown = common::run(&args, b"").stdout;
        assert!(shown.contains(&format!("flagged from {threshold}\n")), "{shown}");
        assert_eq!(shown.contains("account_trade, flagged"), flagged, "{shown}");
    }
}

#[test]
fn help_has_examples() {
    for args in [&["--help"][..], &["scan", "--help"]] {
        let run = run(args, b"");
        assert_eq!(run.status, 0);
        assert!(run.stdout.contains("Examples:"), "{}", run.stdout);
    }
    assert_eq!(run(&[], b"").status, 2);
}
