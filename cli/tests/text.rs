//! `fold` and `mask`: text in, text out.

mod common;

use common::{Folder, PACK, huoyan, run};
use std::io::Write;
use std::process::Stdio;

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
    let run = run(&["fold"], b"a\nb\xFFb\n");
    assert_eq!((run.status, run.stdout.as_str()), (0, "a\nb\u{FFFD}b\n"));
    let warning = "stdin:2: warning: not valid UTF-8 at byte 1 of the line, which";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
}

#[test]
fn mask_covers_findings() {
    let input = "你好，出售 V❤ 了\n今天\r\n";
    let run = run(&["mask", "--pack", PACK], input.as_bytes());
    assert_eq!((run.status, run.stdout.as_str()), (0, "你好，** ** 了\n今天\r\n"));
}

#[test]
fn mask_keeps_bytes_that_are_not_utf8() {
    let mut child = huoyan()
        .args(["mask", "--pack", PACK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let input =
        [b"caf\xE9 today\r\n\xF0\x9F".as_slice(), "出售微信".as_bytes(), b"\xFF\n"];
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(&input.concat()).expect("the program reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"caf\xE9 today\r\n\xF0\x9F****\xFF\n");
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(told.starts_with("stdin:1: warning: not valid UTF-8 at byte 3 of the line;"));
    assert!(told.contains("\nstdin:2: warning: not valid UTF-8 at byte 0 "), "{told}");
}

#[test]
fn mask_has_the_threshold_of_scan() {
    let input = "出售微信\n";
    let mask = |threshold| {
        let args = ["mask", "--pack", PACK, "--threshold", threshold];
        run(&args, input.as_bytes()).stdout
    };
    assert_eq!((mask("88").as_str(), mask("90").as_str()), ("****\n", input));
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
