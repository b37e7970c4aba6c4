//! What targets start from: seeds and words out of the packs and the behaviour
//! rows, and the inputs that are kept.
//!
//! `fuzz/kept/TARGET.jsonl` has an input in each line: a JSON string where it
//! is text, else `{"hex": "…"}`. They become files in `fuzz/corpus`, which is
//! where libFuzzer and `cargo fuzz` look for them.

use crate::run::run_quietly;
use huoyan::pack::{self, Matcher};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes that are kept for each target, about.
const KEPT_BYTES: usize = 24 << 10;
/// Names of the files of seeds begin so.
const SEED: &str = "seed-";

/// Escapes, noise and controls that no pack names.
const WORDS: &[&str] = &[
    "&#24494;",
    "&#x5fae;",
    "%E5%BE%AE",
    "\\u5fae",
    "\\uD83D\\uDE80",
    "\u{202E}",
    "\u{202C}",
    "\u{2067}",
    "\u{2069}",
    "\u{200B}",
    "\u{301}",
    "\u{FEFF}",
    "\u{E000}",
    "⟦300:山高月小而石自现⟧",
    "⟦64:・⟧",
];

/// Writes seeds, kept inputs and the dictionary.
pub(super) fn write_seeds(targets: &[(&'static str, bool)]) -> Result<(), String> {
    let root = crate::root();
    let folder = root.join("fuzz/corpus");
    let source = read(&root.join("core/packs/wechat-trade.toml"))?;
    let pack =
        pack::parse("wechat-trade.toml", &source).map_err(|error| error.to_string())?;

    let mut texts: BTreeSet<String> = BTreeSet::new();
    let mut packs = vec![read(&root.join("cli/tests/data/pack.toml"))?];
    for name in ["wechat-trade.toml", "engine.toml"] {
        let rows: toml::Table =
            toml::from_str(&read(&root.join("core/tests/behaviour").join(name))?)
                .map_err(|error| format!("{name}: {error}"))?;
        packs.extend(rows.get("pack").and_then(|pack| pack.as_str()).map(str::to_owned));
        let rows = rows.get("row").and_then(|rows| rows.as_array()).into_iter().flatten();
        texts.extend(rows.filter_map(|row| Some(row.get("text")?.as_str()?.to_owned())));
    }
    // One example of each rule, and one against it.
    for rule in &pack.rules {
        for flagged in [true, false] {
            let example = rule.examples.iter().find(|example| example.flagged == flagged);
            texts.extend(example.map(|example| example.text.clone()));
        }
    }
    for (target, _) in targets {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut inputs: Vec<Vec<u8>> = match *target {
            "pack_toml" => packs.iter().map(|pack| pack.clone().into_bytes()).collect(),
            "ruleset_bytes" | "c_api" => Vec::new(),
            _ => texts.iter().map(|text| text.clone().into_bytes()).collect(),
        };
        inputs.extend(kept(target)?);
        for (number, input) in inputs.iter().enumerate() {
            let file = folder.join(format!("{SEED}{number}"));
            fs::write(&file, input)
                .map_err(|error| format!("{}: {error}", file.display()))?;
        }
    }

    let mut words: BTreeSet<&str> = WORDS.iter().copied().collect();
    for concept in &pack.concepts {
        let Matcher::Terms(terms, except) = &concept.matcher else { continue };
        words.extend(terms.iter().chain(except).map(|term| term.text.as_str()));
    }
    let quoted: String = words.iter().map(|word| format!("{}\n", quoted(word))).collect();
    fs::create_dir_all(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    let file = folder.join("dictionary");
    fs::write(&file, quoted).map_err(|error| format!("{}: {error}", file.display()))
}

/// Keeps inputs of those in a target's corpus that together cover what all cover.
pub(super) fn keep(program: &Path, target: &str) -> Result<(), String> {
    let root = crate::root();
    let corpus = root.join("fuzz/corpus").join(target);
    let merged = root.join("fuzz/target/merged").join(target);
    let _ = fs::remove_dir_all(&merged);
    fs::create_dir_all(&merged)
        .map_err(|error| format!("{}: {error}", merged.display()))?;
    let mut merge = Command::new(program);
    merge.args(["-merge=1", "-max_len=1024", "-timeout=30"]).arg(&merged).arg(&corpus);
    run_quietly(target, &mut merge)?;
    let mut inputs: Vec<Vec<u8>> = files(&merged)?
        .iter()
        .map(|file| {
            fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
        })
        .collect::<Result<_, _>>()?;
    // What was a crash once stays, whether or not it covers anything new.
    let known = kept(target)?;
    inputs.retain(|input| !known.contains(input));
    inputs.sort_by(|a, b| a.len().cmp(&b.len()).then(a.cmp(b)));
    let mut lines: String = known.iter().map(|input| line(input)).collect();
    // As many as there is room for, short ones and long ones.
    let all: usize = inputs.iter().map(|input| line(input).len()).sum();
    let step = all.div_ceil(KEPT_BYTES.saturating_sub(lines.len()).max(1)).max(1);
    lines.extend(inputs.iter().step_by(step).map(|input| line(input)));
    let file = kept_file(target);
    fs::write(&file, lines).map_err(|error| format!("{}: {error}", file.display()))
}

fn kept_file(target: &str) -> PathBuf {
    crate::root().join("fuzz/kept").join(format!("{target}.jsonl"))
}

/// The inputs that are kept for a target.
fn kept(target: &str) -> Result<Vec<Vec<u8>>, String> {
    let file = kept_file(target);
    let Ok(lines) = fs::read_to_string(&file) else { return Ok(Vec::new()) };
    let parse = |(number, line): (usize, &str)| {
        let value: serde_json::Value = serde_json::from_str(line)
            .map_err(|error| format!("{}:{}: {error}", file.display(), number + 1))?;
        let hex = value.get("hex").and_then(|hex| hex.as_str());
        let bytes = match (value.as_str(), hex) {
            (Some(text), _) => Some(text.as_bytes().to_vec()),
            (_, Some(hex)) => unhex(hex),
            _ => None,
        };
        bytes.ok_or_else(|| {
            format!(
                "{}:{}: neither a string nor {{\"hex\": \"…\"}}",
                file.display(),
                number + 1
            )
        })
    };
    lines.lines().enumerate().map(parse).collect()
}

fn line(input: &[u8]) -> String {
    let value = match std::str::from_utf8(input) {
        Ok(text) => serde_json::Value::from(text),
        Err(_) => {
            let hex: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
            serde_json::json!({ "hex": hex })
        }
    };
    format!("{value}\n")
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
        .collect()
}

/// A word as libFuzzer's dictionaries quote it.
fn quoted(word: &str) -> String {
    let bytes = word.bytes().map(|byte| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        byte => format!("\\x{byte:02X}"),
    });
    format!("\"{}\"", bytes.collect::<String>())
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    Ok(found)
}
