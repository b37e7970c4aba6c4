//! Turns `data/fold.tsv` and `data/noise.tsv` into the static tables of
//! `src/fold/table.rs`: a two-stage map from code point to palette entry.
//!
//! The TSV files are the readable, checked-in form (`cargo xtask gen-tables`);
//! only their machine form is made here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// Names in `fold.tsv`, in the order of `fold::Disguise`.
const KINDS: &[&str] = &[
    "case",
    "width",
    "style",
    "enclosed",
    "digit",
    "diacritic",
    "homoglyph",
    "traditional",
    "variant",
    "compatibility",
    "radical",
];
/// Names in `noise.tsv`, in the order of `fold::Noise`.
const CLASSES: &[&str] = &[
    "invisible",
    "combining",
    "private",
    "space",
    "break",
    "stop",
    "punctuation",
    "symbol",
    "stroke",
];
const NONE: u8 = 0xFF;
const BLOCK: usize = 64;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let data = Path::new(&root).join("data");
    let read = |name: &str| {
        let path = data.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    let mut cells = vec![(0u32, NONE, NONE); 0x11_0000];
    let mut expansions: Vec<String> = Vec::new();

    for (number, line) in body(&read("noise.tsv")) {
        let mut fields = line.split('\t');
        let class = index(CLASSES, fields.next(), "noise.tsv", number);
        let range = fields.next().unwrap_or_default();
        let (from, to) = range.split_once("..").unwrap_or((range, range));
        for cp in hex(from, number)..=hex(to, number) {
            cells[cp as usize].2 = class;
        }
    }
    for (number, line) in body(&read("fold.tsv")) {
        let mut fields = line.split('\t');
        let target = fields.next().unwrap_or_default().to_owned();
        let kind = index(KINDS, fields.next(), "fold.tsv", number);
        let mut chars = target.chars();
        let value = match (chars.next(), chars.next()) {
            (Some(one), None) => one as u32,
            (Some(_), Some(_)) => {
                let found = expansions.iter().position(|e| *e == target);
                let place = found.unwrap_or_else(|| {
                    expansions.push(target.clone());
                    expansions.len() - 1
                });
                0x8000_0000 | place as u32
            }
            (None, _) => panic!("fold.tsv:{number}: empty target"),
        };
        for source in fields.next().unwrap_or_default().split(' ') {
            let cell = &mut cells[hex(source, number) as usize];
            (cell.0, cell.1) = (value, kind);
        }
    }

    let mut palette = vec![(0u32, NONE, NONE)];
    let mut seen = BTreeMap::from([(palette[0], 0u16)]);
    let ids: Vec<u16> = cells
        .iter()
        .map(|cell| {
            *seen.entry(*cell).or_insert_with(|| {
                palette.push(*cell);
                u16::try_from(palette.len() - 1).expect("palette fits in 16 bits")
            })
        })
        .collect();
    let mut blocks: BTreeMap<&[u16], u16> = BTreeMap::new();
    let mut stage2: Vec<u16> = Vec::new();
    let stage1: Vec<u16> = ids
        .chunks(BLOCK)
        .map(|block| {
            *blocks.entry(block).or_insert_with(|| {
                stage2.extend_from_slice(block);
                u16::try_from(stage2.len() / BLOCK - 1).expect("block number fits")
            })
        })
        .collect();

    let mut out = String::new();
    let entries: Vec<String> = palette
        .iter()
        .map(|(target, kind, noise)| format!("({target},{kind},{noise})"))
        .collect();
    let sequences: Vec<String> = expansions
        .iter()
        .map(|e| format!("&{:?}", e.chars().collect::<Vec<_>>()))
        .collect();
    write_array(&mut out, "STAGE1", "u16", &stage1);
    write_array(&mut out, "STAGE2", "u16", &stage2);
    write_array(&mut out, "PALETTE", "(u32, u8, u8)", &entries);
    write_array(&mut out, "EXPANSIONS", "&[char]", &sequences);
    let target = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&target).join("fold_table.rs"), out).expect("write the table");
}

fn body(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(i, line)| (i + 1, line));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with("# "))
}

fn index(names: &[&str], name: Option<&str>, file: &str, line: usize) -> u8 {
    let place = names.iter().position(|n| Some(*n) == name);
    place.unwrap_or_else(|| panic!("{file}:{line}: unknown name {name:?}")) as u8
}

fn hex(text: &str, line: usize) -> u32 {
    u32::from_str_radix(text, 16).unwrap_or_else(|_| panic!("line {line}: {text:?}"))
}

fn write_array<T: std::fmt::Display>(
    out: &mut String,
    name: &str,
    ty: &str,
    items: &[T],
) {
    write!(out, "static {name}: [{ty}; {}] = [", items.len()).expect("write to a string");
    for item in items {
        write!(out, "{item},").expect("write to a string");
    }
    out.push_str("];\n");
}
