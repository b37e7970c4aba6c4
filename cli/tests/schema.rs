//! `record.schema.json` says what `scan --output json` writes: no more and no less.

mod common;

use common::{Folder, run, scan_json};
use huoyan::Category;
use huoyan::fold::Disguise;
use jsonschema::{Validator, draft202012};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that a record may lack.
const OPTIONAL: [&str; 2] = ["file", "truncated"];

fn schema() -> Value {
    serde_json::from_str(include_str!("../record.schema.json")).expect("JSON")
}

fn validator() -> Validator {
    draft202012::new(&schema()).expect("a schema")
}

fn check(validator: &Validator, records: &[Value]) {
    assert!(!records.is_empty());
    for record in records {
        let wrong: Vec<String> =
            validator.iter_errors(record).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{record}: {wrong:?}");
    }
}

/// Every part of a record that has fields of its own, with its name in the schema.
fn parts<'r>(record: &'r Value, visit: &mut impl FnMut(&'static str, &'r Value)) {
    let list = |of: &'r Value, name: &str| of[name].as_array().into_iter().flatten();
    let name = if record.get("error").is_some() { "error" } else { "verdict" };
    visit(name, record);
    for finding in list(record, "findings") {
        visit("finding", finding);
        list(finding, "evidence").for_each(|evidence| visit("evidence", evidence));
    }
    list(record, "contacts").for_each(|contact| visit("contact", contact));
}

/// Records that have every field.
fn full_records() -> Vec<Value> {
    let folder = Folder::new("schema-full");
    // More findings than a record has.
    let far = "，今天天气不错我们去公园走一走".repeat(8);
    let many = format!("出售V❤实名15-30天{far}").repeat(100);
    let many = format!("{many}，加微信：abc12345");
    let posts = [json!({"id": "x", "text": many}), json!({"text": "今天"}), json!({})];
    let lines: Vec<String> = posts.iter().map(Value::to_string).collect();
    let first = folder.file("posts.jsonl", lines.join("\n"));
    let second = folder.file("more.txt", "出售V❤，微信：abc12345\n");
    let records = scan_json(&[&first, &second], "").records();
    assert_eq!(records.len(), 4);
    records
}

#[test]
fn every_field_of_the_schema_is_written_and_no_other() {
    let records = full_records();
    check(&validator(), &records);
    let mut written: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for record in &records {
        parts(record, &mut |name, part| {
            let fields = part.as_object().into_iter().flat_map(Map::keys).cloned();
            written.entry(name).or_default().extend(fields);
        });
    }
    let schema = schema();
    let definitions = schema["$defs"].as_object().expect("an object");
    let stated: BTreeMap<&str, BTreeSet<String>> = definitions
        .iter()
        .filter_map(|(name, part)| {
            let fields = part["properties"].as_object()?.keys().cloned().collect();
            Some((name.as_str(), fields))
        })
        .collect();
    assert_eq!(written, stated);
}

#[test]
fn records_of_examples_and_behaviour_rows_are_valid() {
    let validator = validator();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let examples = format!("{root}/examples/posts.txt");
    check(&validator, &run(&["scan", "--output", "json", &examples], b"").records());
    let folder = Folder::new("schema-rows");
    for name in ["wechat-trade", "engine"] {
        let path = format!("{root}/core/tests/behaviour/{name}.toml");
        let rows = std::fs::read_to_string(path).expect("a file of rows");
        let rows: toml::Table = rows.parse().expect("TOML");
        let texts: Vec<&str> = rows["row"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["text"].as_str().expect("a text"))
            .collect();
        let lines: Vec<String> =
            texts.iter().map(|text| json!({"text": text}).to_string()).collect();
        let posts = folder.file(&format!("{name}.jsonl"), lines.join("\n"));
        let mut args = vec!["scan", "--output", "json", &posts];
        let pack = rows.get("pack").and_then(toml::Value::as_str);
        let pack = pack.map(|pack| folder.file("pack.toml", pack));
        if let Some(pack) = &pack {
            args.extend(["--pack", pack]);
        }
        let records = run(&args, b"").records();
        assert_eq!(records.len(), texts.len());
        check(&validator, &records);
        for (record, post) in records.iter().zip(&texts) {
            parts(record, &mut |_, part| {
                let offset = |name: &str| part[name].as_u64().map(|at| at as usize);
                if let (Some(start), Some(end)) = (offset("start"), offset("end")) {
                    assert_eq!(part["text"], post[start..end], "{post}");
                }
            });
        }
    }
}

#[test]
fn other_fields_and_values_are_not_valid() {
    let validator = validator();
    let mut tried = BTreeSet::new();
    for record in full_records() {
        let mut pointers = Vec::new();
        pointers_of(&record, String::new(), &mut pointers);
        for pointer in pointers {
            let is_valid = |change: &dyn Fn(&mut Map<String, Value>)| {
                let mut record = record.clone();
                let part = record.pointer_mut(&pointer).and_then(Value::as_object_mut);
                change(part.expect("an object"));
                validator.is_valid(&record)
            };
            assert!(is_valid(&|_| {}));
            assert!(!is_valid(&|part| drop(part.insert("new".into(), json!(1)))));
            let part = record.pointer(&pointer).and_then(Value::as_object);
            for name in part.expect("an object").keys() {
                tried.insert(name.clone());
                let lacks = is_valid(&|part| drop(part.remove(name)));
                assert_eq!(lacks, OPTIONAL.contains(&name.as_str()), "{pointer} {name}");
                for other in [json!(-1), json!(0.5), json!([0]), json!({"a": 0})] {
                    let changed =
                        is_valid(&|part| drop(part.insert(name.clone(), other.clone())));
                    assert!(!changed, "{pointer} {name}: {other}");
                }
            }
        }
    }
    assert!(tried.contains("truncated") && tried.contains("means"));
    let mut record = full_records().remove(1);
    record["attributes"] = json!({"a": true, "b": ["x"]});
    assert!(validator.is_valid(&record));
    record["category"] = json!("account_trade");
    assert!(!validator.is_valid(&record), "flagged by no finding");
    record["category"] = Value::Null;
    for wrong in [json!(false), json!([]), json!("x"), json!([1])] {
        record["attributes"]["a"] = wrong;
        assert!(!validator.is_valid(&record), "{record}");
    }
}

/// Where the parts of a record are, but for `attributes`, whose names are free. Of a
/// list the first and the last item do.
fn pointers_of(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(name, _)| *name != "attributes") {
                pointers_of(field, format!("{here}/{name}"), found);
            }
            found.push(here);
        }
        Value::Array(items) => {
            let ends = [0, items.len().saturating_sub(1)];
            for at in BTreeSet::from(ends).into_iter().filter(|at| *at < items.len()) {
                pointers_of(&items[at], format!("{here}/{at}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_field_is_described_and_names_are_those_there_are() {
    let schema = schema();
    draft202012::meta::validate(&schema).expect("a schema by its own schema");
    let definitions = schema["$defs"].as_object().expect("an object");
    let described = |field: &Value| {
        let name = field["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/"));
        let meant = name.map_or(&Value::Null, |name| &definitions[name]);
        field["description"].is_string() || meant["description"].is_string()
    };
    for part in definitions.values() {
        for (name, field) in part["properties"].as_object().into_iter().flatten() {
            assert!(described(field), "{name}");
        }
    }
    for span in ["start", "end"] {
        let text = definitions[span]["description"].as_str().unwrap_or_default();
        assert!(text.contains("in bytes of the post's UTF-8"), "{text}");
    }
    let categories: Vec<&str> = Category::ALL.iter().map(|c| c.name()).collect();
    assert_eq!(definitions["category"]["examples"], json!(categories));
    // Hits do not report letters in upper case.
    let reported = Disguise::ALL.iter().filter(|kind| **kind != Disguise::Case);
    let disguises: Vec<&str> = reported.map(|kind| kind.name()).collect();
    assert_eq!(definitions["disguise"]["examples"], json!(disguises));
}
