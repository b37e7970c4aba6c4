//! Bad lines, bad files, bad options: what is told, and the exit status.

mod common;

use common::{Folder, PACK, huoyan, run, scan, scan_json};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

#[test]
fn bad_json_lines_are_told_and_left_out() {
    let input = concat!(
        "{\"id\": \"a\", \"text\": \"出售微信\"}\n",
        "{\"id\": \"b\", \"text\": 5}\n",
        "{\"id\": \"c\", \"tex\": \"出售微信\"}\n",
        "{\"id\": \"d\", \"text\": \"出售\n",
        "[\"出售微信\"]\n",
        "{\"id\": [], \"text\": \"出售微信\"}\n",
        "{\"id\": \"g\", \"text\": \"出售微信\"} x\n",
        "{\"id\": \"h\", \"text\": \"批发微信\"}\n",
    );
    let run = scan_json(&["--format", "jsonl"], input);
    assert_eq!(run.status, 0);
    assert_eq!(run.ids(), "a! b? c? d? 5? 6? g? h!");
    let records = run.records();
    assert_eq!(records[1].as_object().map(|record| record.len()), Some(2));
    let errors: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(errors.len(), 6);
    for (error, (line, what)) in errors.iter().zip([
        (2, "invalid type: integer `5`, expected a string in field \"text\""),
        (3, "no field \"text\" (it has \"id\", \"tex\"); name it with --field"),
        (4, "not JSON"),
        (5, "a JSON array; write one object a line"),
        (6, "field \"id\" is an array; an id is a string or a number"),
        (7, "not JSON: trailing characters"),
    ]) {
        assert!(error.starts_with(&format!("stdin:{line}: ")), "{error}");
        assert!(error.contains(what), "{error}");
    }
    assert!(records[2]["error"].as_str().is_some_and(|e| errors[1].ends_with(e)));
    assert!(
        !scan_json(&["--format", "jsonl", "--flagged"], input).stdout.contains("error")
    );
}

#[test]
fn bad_csv_rows_are_told_and_left_out() {
    let input = "id,text\na,出售微信\nb,出售,微信\nc\nd,批发微信\n";
    let run = scan_json(&["--format", "csv"], input);
    assert_eq!((run.status, run.ids().as_str()), (0, "a! 3? 4? d!"));
    assert!(run.stderr.starts_with("stdin:3: 3 columns where the header has 2; "));
    assert!(run.stderr.contains("\nstdin:4: 1 column where"));
    let run = scan_json(&["--format", "csv"], "no,post\n1,出售微信\n");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("no column \"text\" (the header has \"no\", \"post\")"));
}

#[test]
fn lines_that_are_too_long_are_left_out() {
    const LIMIT: usize = 16 << 20;
    let mut input = b"first\n".to_vec();
    input.resize(input.len() + LIMIT, b'a');
    input.push(b'\n');
    input.resize(input.len() + LIMIT + 1, b'b');
    input.push(b'\n');
    input.resize(input.len() + 2 * LIMIT, b'c');
    input.extend_from_slice("\n出售微信\n".as_bytes());
    for threads in ["1", "2"] {
        let run = scan_json(&["--threads", threads], &input);
        assert_eq!((run.status, run.ids().as_str()), (0, "1 2 3? 4? 5!"));
        assert!(run.stderr.contains("stdin:3: longer than 16 MiB"), "{}", run.stderr);
    }
    let mut csv = b"text\n\"".to_vec();
    csv.resize(csv.len() + 2 * LIMIT, b'a');
    csv.extend_from_slice("\"\n出售微信\n".as_bytes());
    let run = scan_json(&["--format", "csv"], &csv);
    assert_eq!((run.status, run.ids().as_str()), (0, "2? 3!"));
}

#[test]
fn invalid_utf8_is_scanned_as_replacement_characters() {
    let mut input = b"\xFF\xFE\xF0\x9F".to_vec();
    input.splice(0..2, *b"a\xFF");
    input.extend_from_slice("出售".as_bytes());
    input.push(0xFF);
    input.extend_from_slice("V信\n今天\n".as_bytes());
    let run = scan_json(&[], &input);
    assert_eq!((run.status, run.ids().as_str()), (0, "1! 2"));
    let finding = &run.records()[0]["findings"][0];
    assert_eq!((&finding["start"], &finding["end"]), (&json!(7), &json!(20)));
    assert_eq!(finding["text"], "出售\u{FFFD}V信");
    assert_eq!(run.stderr.lines().count(), 1);
    assert!(run.stderr.starts_with("stdin:1: warning: not valid UTF-8 at byte 1 "));
    // The same in CSV and in JSON.
    let quoted = [b"{\"text\": \"".as_slice(), &input[..15], b"\"}\n"].concat();
    for (format, input) in [("csv", [b"text\n", &input[..]].concat()), ("jsonl", quoted)]
    {
        let again = scan_json(&["--format", format], &input);
        assert_eq!(again.records()[0]["findings"][0], *finding, "{format}");
        let warning = "warning: not valid UTF-8 at byte 1 ";
        assert!(again.stderr.contains(warning), "{}", again.stderr);
    }
    // Half of a surrogate pair in JSON is no way to hide either.
    let run = scan_json(&[], r#"{"text": "出售\ud83dV信"}"#);
    assert_eq!(run.ids(), "1!");
    let warning = "stdin:1: warning: half of a surrogate pair at byte 6 of the post";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    assert!(!run.stderr.contains("iconv"), "{}", run.stderr);
}

/// Offsets are those of the text as a reader of the record has it, where each half of
/// a surrogate pair is one U+FFFD.
#[test]
fn offsets_in_json_are_of_the_text_that_a_reader_has() {
    for (before, between) in [
        ("", ""),
        (r"\udc00", r"\ud83d"),
        (r"한국 \ud800\ud800 今天，", r"\udfff\udfff"),
        (r"\ud83d\ude80 🚀 \ud83d今", r"\ud83d"),
    ] {
        let line = format!(r#"{{"text": "{before}出售{between}V信，好\udc00"}}"#);
        let run = scan_json(&[], &line);
        let pair = r"\ud83d\ude80";
        let half = |text: &str| {
            let text =
                text.replace(pair, "🚀").replace(r"\ud", "\0").replace(r"\uD", "\0");
            let mut halves = text.split('\0');
            let first = halves.next().unwrap_or_default().to_owned();
            halves.fold(first, |text, rest| text + "\u{FFFD}" + &rest[3..])
        };
        let text = half(&format!(r"{before}出售{between}V信，好\udc00"));
        let record = &run.records()[0];
        let finding = &record["findings"][0];
        let offset =
            |value: &serde_json::Value| value.as_u64().expect("an offset") as usize;
        let span =
            |part: &serde_json::Value| offset(&part["start"])..offset(&part["end"]);
        assert_eq!(finding["text"], text[span(finding)], "{line}");
        assert_eq!(text[span(finding)], half(&format!("出售{between}V信")), "{line}");
        for seen in finding["evidence"].as_array().expect("a list") {
            assert_eq!(seen["text"], text[span(seen)], "{line}");
        }
    }
}

#[test]
fn check_tells_by_the_exit_status() {
    assert_eq!(scan(&["--check"], "出售微信\n").status, 1);
    assert_eq!(scan(&["--check"], "今天\n").status, 0);
    assert_eq!(scan(&["--check", "--output", "json"], "出售微信\n").status, 1);
    assert_eq!(scan(&["--check", "--output", "summary"], "出售微信\n").status, 1);
    assert_eq!(scan(&["--check", "--threshold", "99"], "出售微信\n").status, 0);
    assert_eq!(scan(&[], "出售微信\n").status, 0);
}

#[test]
fn a_check_that_cannot_read_a_post_does_not_pass() {
    let missing = "{\"post\": \"今天\"}";
    for bad in [missing, "{\"text\": null}", "{\"text\": 5}", "{\"text\": \"今", "[]"] {
        let input = format!("{bad}\n{{\"text\": \"今天\"}}\n");
        let run = scan_json(&["--check", "--format", "jsonl"], &input);
        assert_eq!((run.status, run.ids().as_str()), (2, "1? 2"), "{bad}");
        let last = run.stderr.lines().last();
        let told = "error: 1 post could not be read, so the check is not complete";
        assert!(last.is_some_and(|last| last.starts_with(told)), "{}", run.stderr);
        // Without --check it is told, and that is all.
        assert_eq!(scan_json(&["--format", "jsonl"], &input).status, 0);
        // What is flagged is shown, but does not make the check complete.
        let flagged = format!("{{\"text\": \"出售微信\"}}\n{input}{bad}\n");
        let run = scan_json(&["--check", "--format", "jsonl"], &flagged);
        assert_eq!((run.status, run.ids().as_str()), (2, "1! 2? 3 4?"));
        assert!(run.stderr.contains("error: 2 posts could not"), "{}", run.stderr);
    }
    let csv = "text\n今天\n今,天\n";
    assert_eq!(scan(&["--check", "--format", "csv"], csv).status, 2);
    let mut long = vec![b'a'; (16 << 20) + 1];
    long.extend_from_slice("\n今天\n".as_bytes());
    for output in ["pretty", "json", "summary"] {
        assert_eq!(scan(&["--check", "--output", output], &long).status, 2, "{output}");
    }
    // Bytes that are no text are scanned, and may have been any text.
    for (format, input) in [
        ("text", b"a\xFFb\n".as_slice()),
        ("jsonl", b"{\"text\": \"a\xFFb\"}"),
        ("csv", b"text\na\xFFb\n"),
    ] {
        let run = scan_json(&["--check", "--format", format], input);
        assert_eq!((run.status, run.records().len()), (2, 1), "{format}");
        let told = "error: 1 post could not be read as written, so";
        assert!(run.stderr.contains(told), "{}", run.stderr);
        assert_eq!(scan(&["--format", format], input).status, 0, "{format}");
    }
    // Half of a surrogate pair is all that was there.
    assert_eq!(scan(&["--check"], "{\"text\": \"a\\ud83d\"}").status, 0);
    // Other fields are not looked at.
    let other = b"{\"text\": \"a\", \"title\": \"\xFF\"}";
    assert_eq!(scan(&["--check"], other).status, 0);
}

#[test]
fn files_that_cannot_be_read_do_not_stop_the_others() {
    let folder = Folder::new("unreadable");
    let missing = folder.path("missing.txt");
    let good = folder.file("good.txt", "出售微信\n");
    let utf16 = folder.file("utf16.txt", b"\xFF\xFEa\0");
    let run = scan_json(&["--check", &missing, &utf16, &folder.path(""), &good], "");
    assert_eq!((run.status, run.ids().as_str()), (2, "1!"));
    let errors: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(errors.len(), 3);
    assert_eq!(errors[0], format!("{missing}: no such file"));
    assert!(errors[1].contains("is UTF-16; convert it to UTF-8"), "{}", errors[1]);
    if cfg!(unix) {
        assert!(errors[2].contains("is a directory"), "{}", errors[2]);
    }
}

#[test]
fn bad_options_and_packs_are_errors() {
    let folder = Folder::new("bad-options");
    for args in [
        &["--threshold", "101"][..],
        &["--threshold", "NaN"],
        &["--threads", "0"],
        &["--format", "xml"],
        &["--no-such-option"],
    ] {
        assert_eq!(scan(args, "").status, 2, "{args:?}");
    }
    let bad = folder.file(
        "bad.toml",
        "format = 1\n[pack]\nid = \"x\"\nversion = \"1\"\ncolour = 3\n",
    );
    let gbk = folder.file("gbk.toml", b"\xD0\xC5");
    for (pack, what) in [
        (folder.path("missing.toml"), "cannot read"),
        (bad, "colour = 3"),
        (gbk, "not UTF-8 at byte 0"),
    ] {
        let run = run(&["scan", "--pack", &pack], b"");
        assert_eq!(run.status, 2, "{pack}");
        assert!(run.stderr.contains(what), "{}", run.stderr);
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    for threads in ["1", "3"] {
        let args = ["scan", "--pack", PACK, "--output", "json", "--threads", threads];
        let mut child = huoyan()
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        let writer = std::thread::spawn(move || {
            // Until the program has had enough.
            while stdin.write_all("出售微信\n".repeat(10_000).as_bytes()).is_ok() {}
        });
        let mut first = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        stdout.read_line(&mut first).expect("a line");
        drop(stdout);
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the writer ends");
        assert!(first.starts_with("{\"id\":\"1\""));
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn findings_come_before_the_input_ends() {
    for threads in ["1", "2"] {
        let mut child = huoyan()
            .args(["scan", "--pack", PACK, "--output", "json", "--format", "text"])
            .args(["--threads", threads])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        for id in ["1", "2"] {
            stdin.write_all("出售微信\n".as_bytes()).expect("the program reads");
            stdin.flush().expect("the program reads");
            let mut line = String::new();
            stdout.read_line(&mut line).expect("a line");
            assert!(line.starts_with(&format!("{{\"id\":\"{id}\"")), "{line}");
        }
        drop(stdin);
        assert!(child.wait().expect("the program ends").success());
    }
}
