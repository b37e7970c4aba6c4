//! The texts to read, and the words to look for.

use std::fs;
use std::path::Path;

/// Texts of one kind: each is scanned by one call.
pub(crate) struct Corpus {
    pub(crate) name: &'static str,
    pub(crate) texts: Vec<String>,
}

impl Corpus {
    pub(crate) fn bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }
}

const DOCUMENT: usize = 64 << 10;

/// Lines joined to documents of 64 KB.
pub(crate) fn documents(name: &'static str, lines: &[&str], count: usize) -> Corpus {
    let mut texts = Vec::new();
    let mut text = String::new();
    for line in lines.iter().cycle().take(1 << 22) {
        text.push_str(line);
        text.push('\n');
        if text.len() >= DOCUMENT {
            let mut end = DOCUMENT;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let rest = text.split_off(end);
            texts.push(std::mem::replace(&mut text, rest));
            if texts.len() == count {
                break;
            }
        }
    }
    Corpus { name, texts }
}

/// Lines cut to messages of 50 to 150 bytes.
pub(crate) fn messages(name: &'static str, lines: &[&str], count: usize) -> Corpus {
    let mut texts = Vec::new();
    let mut wanted = Random(7);
    for line in lines {
        let mut rest = line.trim();
        while rest.len() >= 50 && texts.len() < count {
            let mut end = (50 + wanted.below(101)).min(rest.len());
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            texts.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    Corpus { name, texts }
}

/// Each line by itself, whatever its length.
pub(crate) fn lines(name: &'static str, text: &str) -> Corpus {
    let texts = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Corpus { name, texts }
}

/// A generator that is the same everywhere (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
        self.0 ^= self.0 >> 29;
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        (self.0 % limit as u64) as usize
    }
}

/// A text of `.cache`, which `corpora.py` fills.
pub(crate) fn cached(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".cache").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; run `python3 benches/corpora.py` first", path.display())
    })
}

/// Alternating stretches of two texts, as in technical articles in Chinese.
pub(crate) fn mixed<'t>(a: &[&'t str], b: &[&'t str]) -> Vec<&'t str> {
    let pairs = a.chunks(3).zip(b.chunks(1));
    pairs.flat_map(|(a, b)| a.iter().chain(b).copied()).collect()
}

/// What the built-in pack's file says.
pub(crate) struct Pack {
    /// The plain spellings of all terms.
    pub(crate) words: Vec<String>,
    /// Examples that must be flagged, and that must not.
    pub(crate) ads: Vec<String>,
    pub(crate) talk: Vec<String>,
}

pub(crate) fn pack() -> Pack {
    let source = include_str!("../../core/packs/wechat-trade.toml");
    let table: toml::Table = source.parse().expect("the built-in pack is TOML");
    let list = |value: &toml::Value, key: &str| -> Vec<toml::Value> {
        value.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default()
    };
    let root = toml::Value::Table(table);
    let mut words: Vec<String> = list(&root, "concept")
        .iter()
        .flat_map(|concept| list(concept, "terms"))
        .filter_map(|term| {
            let text = term.as_str().or_else(|| term.get("text")?.as_str());
            text.map(str::to_owned)
        })
        .collect();
    words.sort();
    words.dedup();
    let examples: Vec<toml::Value> =
        list(&root, "rule").iter().flat_map(|rule| list(rule, "example")).collect();
    let of = |key: &str| -> Vec<String> {
        let texts = examples.iter().filter_map(|example| example.get(key)?.as_str());
        texts.map(str::to_owned).collect()
    };
    Pack { words, ads: of("match"), talk: of("pass") }
}

/// Words drawn from the dictionary in `core/data/words.tsv`, three hanzi or more.
pub(crate) fn words(count: usize) -> Vec<String> {
    let table = include_str!("../../core/data/words.tsv");
    let rows = table.lines().filter(|line| !line.starts_with("# "));
    let mut all: Vec<&str> = rows
        .filter_map(|row| row.split_once('\t'))
        .flat_map(|(_, words)| words.split(' '))
        .filter(|word| word.chars().count() >= 3)
        .collect();
    all.sort_unstable();
    all.dedup();
    let mut random = Random(7);
    let count = count.min(all.len());
    for place in 0..count {
        let other = place + random.below(all.len() - place);
        all.swap(place, other);
    }
    all[..count].iter().map(|word| (*word).to_owned()).collect()
}
