//! Mutators: edits of text that keep it worth scanning.

use crate::alternatives::Tables;
use crate::pieces::{noise, piece, put};
use crate::random::{Random, part};
use huoyan::fold;
use std::ops::Range;

/// Edits a text by pieces and characters, or, one time in four, as bytes.
pub fn mutate_text(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut random = Random::new(u64::from(seed) << 8);
    if random.below(4) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max);
    }
    let mut text = data[..size].to_vec();
    for _ in 0..1 + random.below(3) {
        edit(&mut text, &mut random);
    }
    let length = text.len().min(max);
    data[..length].copy_from_slice(&text[..length]);
    length
}

/// A pack is edited as text is, with the words of the format besides.
pub fn mutate_pack(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    const WORDS: &[&str] = &[
        "[[concept]]\nid = \"c\"\nterms = [\"微信\"]\n",
        "[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"wechat\"]\nwithin = 8\nweight = 5.0\n",
        "pattern = '\\d{1,3}天'\n",
        "pattern = '(a|b)*c{2,9}'\n",
        "part_of = \"wechat\"\n",
        "platform = \"wechat\"\n",
        "attribute = \"age\"\n",
        "except = [\"微信息\"]\n",
        "gap = 0",
        "gap = 4",
        "plain = true",
        "start = true",
        "disguise = [\"homophone\", \"near-homophone\", \"glyph\", \"initials\", \"emoji\", \"reorder\", \"drop\", \"bopomofo\"]",
        "any = [\"sell\"]\n",
        "none = [\"sell\"]\n",
        "within = 256\n",
        "weight = -3.0\n",
        "threshold = 0\n",
        "bias = nan\n",
        "saturation = 1\n",
        "format = 1\n",
        "[pack]\n",
        "[risk]\nhomophone = -1.5\n",
        "[[rule.example]]\nmatch = \"微信\"\n",
        "\"\"\"",
        "'''",
        "\\u5fae",
        "= ",
        "inf",
        "-0",
        "9223372036854775807",
        "[",
        "]",
        "{",
        "}",
        "[[",
        "]]",
        "\n",
        "#",
    ];
    let mut random = Random::new(u64::from(seed) << 8 | 1);
    if random.below(3) > 0 {
        return mutate_text(data, size, max, seed);
    }
    let mut text = data[..size].to_vec();
    let at = part(&mut random, text.len(), 0).start;
    text.splice(at..at, random.pick(WORDS).bytes());
    let length = text.len().min(max);
    data[..length].copy_from_slice(&text[..length]);
    length
}

fn edit(text: &mut Vec<u8>, random: &mut Random) {
    let chars = borders(text);
    // The bytes of a stretch of characters.
    let span = |random: &mut Random, most: usize| -> Range<usize> {
        let part = part(random, chars.len() - 1, most);
        chars[part.start]..chars[part.end]
    };
    match random.below(12) {
        0..=3 => {
            let at = span(random, 0).start;
            let mut new = Vec::new();
            piece(random, &mut new);
            text.splice(at..at, new);
        }
        4 => {
            let range = span(random, 6);
            let mut new = Vec::new();
            piece(random, &mut new);
            text.splice(range, new);
        }
        5 => drop(text.drain(span(random, 8))),
        6 => {
            let (from, to) = (span(random, 24), span(random, 0).start);
            let copy = text[from].to_vec();
            text.splice(to..to, copy);
        }
        7 => {
            // Noise between the letters of a stretch.
            let range = span(random, 8);
            let signs: Vec<char> =
                (0..1 + random.below(3)).map(|_| noise(random)).collect();
            respell(text, range, |c, out| {
                put(out, c);
                signs.iter().for_each(|sign| put(out, *sign));
            });
        }
        8 => {
            // Other forms of the same letters.
            let (range, which) = (span(random, 6), random.below(4_000));
            respell(text, range, |c, out| {
                let dresses = Tables::get().dresses(c);
                put(out, dresses.get(which % dresses.len().max(1)).copied().unwrap_or(c));
            });
        }
        9 => {
            let (range, form) = (span(random, 3), random.below(4));
            respell(text, range, |c, out| escape(c, form, out));
        }
        10 => {
            // As it is displayed behind an override.
            let range = span(random, 24);
            let turned: String =
                String::from_utf8_lossy(&text[range.clone()]).chars().rev().collect();
            text.splice(range, format!("\u{202E}{turned}\u{202C}").into_bytes());
        }
        _ => {
            if !text.is_empty() {
                let at = random.below(text.len());
                text[at] = random.below(256) as u8;
            }
        }
    }
}

/// Where characters begin, and the end.
fn borders(text: &[u8]) -> Vec<usize> {
    let (mut found, mut at) = (vec![0], 0);
    while let Some((_, length)) = fold::decode(&text[at..]) {
        at += length;
        found.push(at);
    }
    found
}

fn respell(
    text: &mut Vec<u8>,
    range: Range<usize>,
    mut spell: impl FnMut(char, &mut Vec<u8>),
) {
    let mut new = Vec::new();
    String::from_utf8_lossy(&text[range.clone()])
        .chars()
        .for_each(|c| spell(c, &mut new));
    text.splice(range, new);
}

fn escape(c: char, form: usize, out: &mut Vec<u8>) {
    let number = u32::from(c);
    match form {
        0 => out.extend(format!("&#{number};").as_bytes()),
        1 => out.extend(format!("&#x{number:x}").as_bytes()),
        2 => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.extend(format!("\\u{unit:04x}").as_bytes());
            }
        }
        _ => {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.extend(format!("%{byte:02X}").as_bytes());
            }
        }
    }
}
