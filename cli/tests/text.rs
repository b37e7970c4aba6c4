//! `fold` and `mask`: text in, text out.

mod common;

use common::{Folder, PACK, run};

#[test]
fn fold_keeps_lines() {
    let run = run(&["fold"], "ＶＸ註冊\r\n\nⓥ\u{200B}信".as_bytes());
    assert_eq!((run.status, run.stdout.as_str()), (0, "vx注册\r\n\nv信"));
}

#[test]
fn fold_reads_a_file_and_tells_if_there_is_none() {
    let folder = Folder::new("fold");
    let file = folder.file("a.csv", "Ｖ，信\n");
    assert_eq!(run(&["fold", &file], b"").stdout, "v,信\n");
    let run = run(&["fold", &folder.path("missing")], b"");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.ends_with("missing: no such file\n"));
}

#[test]
fn fold_shows_invalid_utf8_as_replacement() {
    assert_eq!(run(&["fold"], b"a\xFFb\n").stdout, "a\u{FFFD}b\n");
}

#[test]
fn mask_covers_findings() {
    let input = "你好，出售 V❤ 了\n今天\r\n";
    let run = run(&["mask", "--pack", PACK], input.as_bytes());
    assert_eq!((run.status, run.stdout.as_str()), (0, "你好，** ** 了\n今天\r\n"));
}

#[test]
fn mask_leaves_lines_that_are_too_long_empty() {
    let mut input = vec![b'a'; (16 << 20) + 1];
    input.extend_from_slice("\n出售微信\n".as_bytes());
    let run = run(&["mask", "--pack", PACK], &input);
    assert_eq!((run.status, run.stdout.as_str()), (0, "\n****\n"));
    assert!(run.stderr.starts_with("stdin:1: longer than 16 MiB"));
}

#[test]
fn mask_hides_more_than_a_verdict_tells() {
    let contacts = |count| -> String {
        (0..count).map(|n| format!("微信：hua{n:03}xy，")).collect()
    };
    let run = |input: &str| common::run(&["mask", "--pack", PACK], input.as_bytes());
    let few = run(&format!("今天\n{}\n", contacts(65)));
    assert!(!few.stdout.contains("hua"), "{}", few.stdout);
    assert_eq!(few.stderr, "");
    let many = run(&format!("今天\n{}\n", contacts(5000)));
    assert!(!many.stdout.contains("hua"), "{}", many.stdout);
    assert_eq!((many.status, many.stderr.as_str()), (0, ""));
}
