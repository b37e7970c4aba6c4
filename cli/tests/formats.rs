//! What `scan` reads, and the JSON records it writes.

mod common;

use common::{Folder, scan, scan_json};
use serde_json::json;

#[test]
fn record_has_the_contract_form() {
    let run = scan_json(&[], "大量出售 V❤ 号，15-30天，实名\n");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(
        run.stdout.trim_end(),
        concat!(
            r#"{"id":"1","score":100,"category":"account_trade","platforms":["wechat"],"#,
            r#""findings":[{"category":"account_trade","score":100,"start":6,"end":41,"#,
            r#""text":"出售 V❤ 号，15-30天，实名","#,
            r#""rules":["sell-wechat","aged-wechat","named-wechat"],"#,
            r#""evidence":["#,
            r#"{"concept":"sell","start":6,"end":12,"text":"出售","means":"出售","disguises":[]},"#,
            r#"{"concept":"wechat","start":13,"end":17,"text":"V❤","means":"微信","#,
            r#""disguises":["initials","emoji"]},"#,
            r#"{"concept":"age","start":24,"end":32,"text":"15-30天","means":"15-30天","#,
            r#""disguises":[]},"#,
            r#"{"concept":"real_name","start":35,"end":41,"text":"实名","means":"实名","#,
            r#""disguises":[]}]}],"#,
            r#""contacts":[],"attributes":{"account_age":["15-30天"],"real_name":true}}"#,
        )
    );
}

#[test]
fn unflagged_posts_have_null_category_and_keep_platforms() {
    let run = scan_json(&[], "加我微信\n今天天气不错\n");
    let records = run.records();
    assert_eq!(
        records[0],
        json!({"id": "1", "score": 0, "category": null, "platforms": ["wechat"],
               "findings": [], "contacts": [], "attributes": {}})
    );
    assert_eq!(records[1]["platforms"], json!([]));
}

#[test]
fn pattern_means_its_folded_text() {
    let run = scan_json(&[], "微信号 １５－３０天 出售\n");
    let evidence = &run.records()[0]["findings"][0]["evidence"][1];
    assert_eq!(
        (&evidence["text"], &evidence["means"]),
        (&json!("１５－３０天"), &json!("15-30天"))
    );
}

#[test]
fn text_is_one_post_a_line() {
    for input in [
        "出售微信\n\n批发微信",
        "出售微信\r\n\r\n批发微信\r\n",
        "\u{FEFF}出售微信\n \n批发微信\n",
    ] {
        let run = scan_json(&[], input);
        assert_eq!(run.ids(), "1! 2 3!", "{input:?}");
        assert_eq!(run.records()[0]["findings"][0]["start"], 0, "{input:?}");
    }
    assert_eq!(scan_json(&[], "").stdout, "");
}

#[test]
fn jsonl_ids_are_strings_numbers_or_line_numbers() {
    let input = concat!(
        r#"{"id": "p1", "text": "出售微信"}"#,
        "\n",
        r#"{"text": "今天", "id": 70}"#,
        "\n",
        "\n",
        r#"{"text": "\u51fa\u552e\u5fae\u4fe1", "more": {"text": [1, "x"]}}"#,
        "\n",
        r#"{"text": "", "id": null}"#,
    );
    assert_eq!(scan_json(&[], input).ids(), "p1! 70 4! 5");
    let run = scan_json(
        &["--field", "body", "--id-field", "no"],
        r#"{"no": 1.50, "body": "批发微信"}"#,
    );
    assert_eq!(run.ids(), "1.50!");
}

#[test]
fn csv_has_a_header_and_cells_with_line_breaks() {
    let input =
        "id,text\r\na,\"出售,微信\"\r\n\r\nb,\"今天\"\"不错\"\"\n第二行\"\n,批发微信\n";
    let run = scan_json(&["--format", "csv"], input);
    assert_eq!(run.ids(), "a! b 6!");
    assert_eq!(run.records()[0]["findings"][0]["text"], "出售,微信");
    let run = scan_json(&["--format", "csv", "--field", "评论"], "评论\n批发微信\n");
    assert_eq!(run.ids(), "2!");
}

#[test]
fn auto_goes_by_extension_then_by_the_first_line() {
    let folder = Folder::new("auto");
    let object = "{\"text\": \"出售微信\"}\n";
    for name in ["a.jsonl", "a.NDJSON", "a.json", "a.log", "a"] {
        let run = scan_json(&[&folder.file(name, object)], "");
        assert_eq!(run.ids(), "1!", "{name}");
        assert_eq!(run.records()[0]["findings"][0]["end"], 12, "{name}");
    }
    let csv = folder.file("a.csv", "text,id\n出售微信,x\n");
    assert_eq!(scan_json(&[&csv], "").ids(), "x!");
    // Not an object: text.
    assert_eq!(scan_json(&[], "{\"text\": 出售微信\n{}\n").ids(), "1! 2");
    assert_eq!(scan_json(&[], "\n\n  {\"text\": \"出售微信\"}\n").ids(), "3!");
}

#[test]
fn headers_are_known_by_the_wanted_name() {
    let rows = "id,text\nx,出售微信\n";
    assert_eq!(scan_json(&[], rows).ids(), "x!");
    assert_eq!(scan_json(&[], rows.replace(',', "\t")).ids(), "x!");
    assert_eq!(scan_json(&["--field", "post"], rows).ids(), "1 2!");
    let named = rows.replace("text", "post");
    assert_eq!(scan_json(&["--field", "post"], &named).ids(), "x!");
    // One name may as well be a post.
    assert_eq!(scan_json(&[], "text\n出售微信\n").ids(), "1 2!");
    assert_eq!(scan_json(&["--format", "text"], rows).ids(), "1 2!");
}

#[test]
fn tsv_files_are_tables_with_tabs() {
    let folder = Folder::new("tsv");
    let rows = "text\tid\n\"出售\t微信\"\tx\n今天, 好\ty\n";
    for name in ["a.tsv", "a.TSV"] {
        let file = folder.file(name, rows);
        let run = scan_json(&[&file], "");
        assert_eq!((run.status, run.ids().as_str()), (0, "x! y"));
        assert_eq!(run.records()[0]["findings"][0]["text"], "出售\t微信");
        assert_eq!(scan_json(&["--format", "csv", &file], "").ids(), "x! y");
    }
    assert_eq!(scan_json(&["--format", "csv"], rows).ids(), "x! y");
    let one = folder.file("one.tsv", "text\n出售微信\n");
    assert_eq!(scan_json(&[&one], "").ids(), "2!");
}

#[test]
fn several_files_keep_their_order_and_are_named() {
    let folder = Folder::new("several");
    let first = folder.file("1.txt", "出售微信\n今天\n");
    let second = folder.file("2.jsonl", "{\"text\": \"批发微信\", \"id\": \"x\"}\n");
    let run = scan_json(&[&first, &second, "-"], "出售微信\n");
    assert_eq!(run.ids(), "1! 2 x! 1!");
    let files: Vec<_> = run.records().iter().map(|r| r["file"].clone()).collect();
    assert_eq!(files, [json!(first), json!(first), json!(second), json!("stdin")]);
    assert!(scan_json(&[&first], "").records()[0].get("file").is_none());
}

#[test]
fn threshold_goes_both_ways() {
    let post = "微信 满月 实名\n";
    assert_eq!(scan_json(&[], post).ids(), "1");
    let run = scan_json(&["--threshold", "30"], post);
    assert_eq!(run.ids(), "1!");
    assert_eq!(run.records()[0]["score"], 38);
    assert_eq!(scan_json(&["--threshold", "90"], "出售微信\n").ids(), "1");
    assert_eq!(scan_json(&["--threshold", "88"], "出售微信\n").ids(), "1!");
}

#[test]
fn only_flagged_posts_on_request() {
    let input = "今天\n出售微信\n明天\n批发微信\n";
    assert_eq!(scan_json(&["--flagged"], input).ids(), "2! 4!");
}

#[test]
fn threads_change_nothing() {
    let mut input = String::new();
    for n in 0..60_000 {
        let post = match n % 7 {
            0 => format!("{{\"id\": {n}, \"text\": \"出售V信 {n}天\"}}\n"),
            3 => format!("{{\"id\": {n}}}\n"),
            _ => format!("{{\"id\": {n}, \"text\": \"今天天气不错，第{n}篇\"}}\n"),
        };
        input.push_str(&post);
    }
    let folder = Folder::new("threads");
    let file = folder.file("posts.jsonl", &input);
    for output in ["json", "pretty", "summary"] {
        let scan = |threads| {
            let run = scan(&["--output", output, "--threads", threads, &file, &file], "");
            (run.status, run.stdout, run.stderr)
        };
        let one = scan("1");
        assert!(one == scan("2") && one == scan("5"), "{output}");
    }
    let run = scan_json(&["--threads", "3", &file], "");
    let ids: Vec<String> = run
        .records()
        .iter()
        .map(|r| r["id"].as_str().expect("a string").into())
        .collect();
    assert_eq!(ids, (0..60_000).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[test]
fn lines_across_reads_stay_whole() {
    // Lines of many lengths, so that every reading ends inside some.
    let line = |n: usize| format!("{}出售微信", "天".repeat(n * 37 % 4_000));
    let input: String = (0..400).map(|n| line(n) + "\n").collect();
    let run = scan_json(&[], &input);
    for (n, record) in run.records().iter().enumerate() {
        let end = &record["findings"][0]["end"];
        assert_eq!(end.as_u64(), Some(line(n).len() as u64), "line {}", n + 1);
    }
    assert_eq!(run.records().len(), 400);
}
