//! A record of `scan --output json` is a report of the library with an id before it.

mod common;

use common::{Folder, run};
use huoyan::{Report, Ruleset, Scratch};
use serde_json::json;

#[test]
fn records_are_reports_to_the_byte() {
    let rows = include_str!("../../core/tests/behaviour/wechat-trade.toml");
    let rows: toml::Table = rows.parse().expect("TOML");
    let rows = rows["row"].as_array().expect("rows");
    let text = |row: &toml::Value| row["text"].as_str().expect("a text").to_owned();
    let mut posts: Vec<String> = rows.iter().map(text).collect();
    let source = include_str!("../../core/packs/wechat-trade.toml");
    let pack = huoyan::pack::parse("wechat-trade.toml", source).expect("the own pack");
    let examples = pack.rules.into_iter().flat_map(|rule| rule.examples);
    posts.extend(examples.map(|example| example.text));
    // More findings than a record has.
    posts.push(format!("出售V❤实名15-30天{}", "，今天天气不错".repeat(16)).repeat(100));
    let lines: Vec<String> =
        posts.iter().map(|post| json!({"text": post}).to_string()).collect();
    let file = Folder::new("report").file("posts.jsonl", lines.join("\n"));
    let told = run(&["scan", "--output", "json", &file], b"").stdout;
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let (mut flagged, mut truncated) = (0, 0);
    for (place, (post, line)) in posts.iter().zip(told.lines()).enumerate() {
        let report = ruleset.scan(&mut scratch, post).to_report();
        let form = serde_json::to_string(&report).expect("JSON");
        let id = place + 1;
        assert_eq!(line, format!(r#"{{"id":"{id}",{}"#, form.trim_start_matches('{')));
        flagged += usize::from(report.is_flagged());
        truncated += usize::from(report.truncated);
        assert_eq!(serde_json::from_str::<Report>(line).ok(), Some(report), "{post}");
    }
    assert_eq!(told.lines().count(), posts.len());
    assert!(flagged > 100 && truncated > 0, "{flagged} {truncated}");
}

#[test]
fn a_post_that_could_not_be_read_is_no_report() {
    let told = run(&["scan", "--output", "json", "--field", "body"], b"{}\n").stdout;
    let error = serde_json::from_str::<Report>(&told).expect_err("no report");
    assert!(error.to_string().contains("missing field"), "{told} {error}");
}
