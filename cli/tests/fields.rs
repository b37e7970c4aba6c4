//! Fields of objects within objects, by names with dots.

mod common;

use common::{PACK, run, scan_json};
use serde_json::Value;

/// Scans with these names of the text and of the id.
fn scan(field: &str, id_field: &str, input: &str) -> common::Run {
    scan_json(&["--format", "jsonl", "--field", field, "--id-field", id_field], input)
}

#[test]
fn dots_lead_into_objects() {
    let line = r#"{"a": 1, "data": {"x": {"text": 5}, "id": "p", "text": "出售微信"}}"#;
    let run = scan("data.text", "data.id", line);
    assert_eq!((run.status, run.ids().as_str(), run.stderr.as_str()), (0, "p!", ""));
    assert_eq!(run.records()[0]["findings"][0]["end"], 12);
    let deep =
        r#"{"名": {"b": {"": {"d": "出售\u5fae信"}, "": {"d": "今天"}}}, "id": 7}"#;
    // Of equal keys the last one counts, as at the top.
    assert_eq!(scan("名.b..d", "id", deep).ids(), "7");
    assert_eq!(scan("名.b..e", "名", deep).ids(), "1?");
    // The id comes after the text, and in the same object or another.
    let line = r#"{"post": {"text": "出售微信"}, "meta": {"id": -1.50}}"#;
    assert_eq!(scan("post.text", "meta.id", line).ids(), "-1.50!");
    // Told as JSON lines by the first line, whatever the field is.
    let run = scan_json(&["--field", "post.text"], line);
    assert_eq!(run.ids(), "1!");
}

#[test]
fn keys_with_dots_come_first() {
    for line in [
        r#"{"a.b": "出售微信", "a": {"b": "今天"}}"#,
        r#"{"a": {"b": "今天"}, "a.b": "出售微信"}"#,
        r#"{"a": 5, "a.b": "出售微信"}"#,
    ] {
        assert_eq!(scan("a.b", "id", line).ids(), "1!", "{line}");
    }
    for line in [
        r#"{"a": {"b": {"c": "今天"}}, "a.b": {"c": "出售微信"}}"#,
        r#"{"a.b": {"c": "出售微信"}, "a": {"b.c": "今天", "b": {"c": "今天"}}}"#,
        r#"{"a": {"b.c": "出售微信", "b": {"c": "今天"}}}"#,
        r#"{"a": {"b": {"c": "今天"}, "b.c": "出售微信"}}"#,
    ] {
        assert_eq!(scan("a.b.c", "id", line).ids(), "1!", "{line}");
    }
    let ids = r#"{"a": {"b": 1}, "a.b": 2, "text": ""}"#;
    assert_eq!(scan("text", "a.b", ids).ids(), "2");
    let null = r#"{"a": {"b": 1}, "a.b": null, "text": ""}"#;
    assert_eq!(scan("text", "a.b", null).ids(), "1");
    assert_eq!(scan("a.b", "id", r#"{"a.b": null, "a": {"b": "今天"}}"#).ids(), "1?");
}

#[test]
fn errors_tell_the_step_that_is_missing() {
    for (field, line, wanted) in [
        (
            "data.text",
            r#"{"id": 1, "dat": {}}"#,
            "no field \"data\" (it has \"dat\", \"id\"); name it with --field",
        ),
        (
            "data.text",
            r#"{"data": {"body": "", "x": {"text": ""}}}"#,
            "no field \"text\" in \"data\" (it has \"body\", \"x\"); name it with --field",
        ),
        (
            "a.b.c.d",
            r#"{"a": {"b": {}}}"#,
            "no field \"c\" in \"a.b\" (it is empty); name it with --field",
        ),
        (
            "data.text",
            r#"{"data": ["出售微信"]}"#,
            "field \"data\" is an array, not an object with \"text\"; name another with \
             --field",
        ),
        ("a.b.c", r#"{"a": {"b": null}}"#, "field \"a.b\" is null, not an object"),
        ("a.b", r#"{"a": "{\"b\": 1}"}"#, "field \"a\" is a string, not an object"),
        ("a.b", r#"{"a": -1}"#, "field \"a\" is a number, not an object"),
        ("a.b", r#"{"a": true}"#, "field \"a\" is a boolean, not an object"),
        ("a.b", r#"{"a": {"b": 5}}"#, "expected a string in field \"a.b\"; name another"),
        ("a.b", r#"{"a": {"b": {"c": ""}}}"#, "expected a string in field \"a.b\""),
        (".a", r#"{"a": ""}"#, "no field \"\" (it has \"a\")"),
        ("a.", r#"{"a": {"b": ""}}"#, "no field \"\" in \"a\" (it has \"b\")"),
        ("a.b", r#"{"a": {"b": "}}"#, "not JSON: "),
        ("a.b", r#"{"a": {"b": ""}} x"#, "not JSON: trailing characters"),
    ] {
        let run = scan(field, "id", line);
        assert_eq!((run.status, run.records().len()), (2, 1), "{line}");
        assert!(run.stderr.starts_with("stdin:1: "), "{}", run.stderr);
        assert!(run.stderr.contains(wanted), "{wanted}: {}", run.stderr);
        assert!(run.records()[0]["error"].is_string());
    }
}

#[test]
fn a_post_without_the_nested_id_has_its_line_number() {
    for (line, ids) in [
        (r#"{"text": "出售微信"}"#, "1!"),
        (r#"{"text": "出售微信", "user": null}"#, "1!"),
        (r#"{"text": "出售微信", "user": "gone"}"#, "1!"),
        (r#"{"text": "出售微信", "user": {"name": "x"}}"#, "1!"),
        (r#"{"text": "出售微信", "user": {"id": null}}"#, "1!"),
        (r#"{"text": "出售微信", "user": {"id": "x"}}"#, "x!"),
        (r#"{"text": "出售微信", "user": {"id": []}}"#, "1?"),
        // A post that cannot be read has its id all the same, if that came before.
        (r#"{"text": 1, "user": {"id": "x"}}"#, "1?"),
        (r#"{"user": {"id": "x"}, "text": 1}"#, "x?"),
        (r#"{"user": {"id": "x"}, "text": "#, "x?"),
        (r#"{"tex": "", "user": {"id": "x"}}"#, "x?"),
    ] {
        let run = scan("text", "user.id", line);
        assert_eq!(run.ids(), ids, "{line}");
        let wrong = "field \"user.id\" is an array; an id is a string or a number";
        assert_eq!(run.stderr.contains(wrong), line.contains("[]"), "{}", run.stderr);
    }
}

#[test]
fn nested_text_is_read_like_any_other() {
    let run = scan("a.b", "a.id", r#"{"a": {"b": "出售\ud83dV信", "id": "x\n"}}"#);
    assert_eq!(run.records()[0]["findings"][0]["text"], "出售\u{FFFD}V信");
    assert_eq!(run.records()[0]["id"], "x\n");
    let warning = "stdin:1: warning: half of a surrogate pair at byte 6 of the post";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    let line = b"{\"a\": {\"b\": \"a\xFFb\"}}";
    let run = scan_json(&["--check", "--field", "a.b"], line);
    assert_eq!(run.status, 2, "{}", run.stderr);
    // Other fields may be anything, however deep.
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let line = format!("{{\"a\": {{\"x\": {deep}, \"b\": \"出售微信\"}}}}");
    assert_eq!(scan("a.b", "id", &line).ids(), "1!");
}

#[test]
fn columns_have_their_names_as_they_stand() {
    let rows = "user.id,data.text\nx,出售微信\n";
    let names = ["--field", "data.text", "--id-field", "user.id"];
    assert_eq!(scan_json(&names, rows).ids(), "x!");
    let run = scan_json(&["--format", "csv", "--field", "data.text"], "data\n今天\n");
    assert!(run.stderr.contains("no column \"data.text\" (the header has \"data\")"));
}

#[test]
fn labels_may_be_nested() {
    let posts = r#"{"post": {"text": "出售微信"}, "truth": {"label": "account_trade"}}"#;
    let args = ["eval", "--pack", PACK, "--output", "json", "--field", "post.text"];
    let args = [&args[..], &["--label-field", "truth.label"]].concat();
    let run = run(&args, posts.as_bytes());
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["categories"]["account_trade"]["right"], 1);
}
