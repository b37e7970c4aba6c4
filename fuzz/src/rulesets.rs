//! Bytes of rulesets: damaged with their checksum put right, or anything.

use crate::damage::{Base, Random, TABLE, load, reseal};
use huoyan::{LoadError, Ruleset, Scratch};
use std::cell::RefCell;
use std::sync::OnceLock;

/// Bytes of one edit: kind, section, place, value.
const EDIT: usize = 9;
/// Steps that a text of `TEXTS` may cost with tables that lie.
const STEPS_MAX: u64 = 1_000_000;
/// Sizes of records, to be off by one in numbers of them.
const RECORDS: [usize; 8] = [1, 2, 4, 8, 12, 16, 20, 24];

/// A pattern, an exception, an attribute and every kind of disguise.
const PACK: &str = r#"
format = 1
[pack]
id = "damaged"
version = "1"
bias = -3.0
[[concept]]
id = "wechat"
platform = "wechat"
except = ["微信息"]
terms = [{ text = "微信", disguise = ["homophone", "glyph", "initials", "emoji", "reorder"] }, "VX"]
[[concept]]
id = "age"
pattern = '\d{1,3}天'
attribute = "age"
[[rule]]
id = "aged"
category = "account_trade"
all = ["wechat"]
any = ["age"]
within = 16
weight = 6.0
"#;

/// As few letters as possible: most of its bytes decide something.
const PLAIN: &str = r#"
format = 1
[pack]
id = "plain"
version = "1"
[[concept]]
id = "wechat"
platform = "wechat"
terms = [{ text = "微信", plain = true }, { text = "VX", plain = true }]
[[concept]]
id = "sell"
terms = [{ text = "出", plain = true, start = true }]
[[rule]]
id = "sale"
category = "account_trade"
all = ["wechat"]
any = ["sell"]
within = 16
weight = 6.0
"#;

/// The rulesets that are damaged; the last one is the built-in one.
fn bases() -> &'static [Base; 3] {
    static BASES: OnceLock<[Base; 3]> = OnceLock::new();
    BASES.get_or_init(|| {
        let compile = |pack| Ruleset::compile(pack).expect("a sound pack");
        [
            Base::new(&compile(PLAIN)),
            Base::new(&compile(PACK)),
            Base::new(Ruleset::builtin()),
        ]
    })
}

/// Bytes load or give an error; with what loads, scanning neither panics nor
/// takes long.
///
/// The first byte says what the input is: a whole block, or a list of edits of
/// one of three rulesets.
pub fn ruleset_bytes(input: &[u8]) {
    thread_local! {
        static MEMORY: RefCell<(Vec<u8>, Scratch)> =
            RefCell::new((Vec::new(), Scratch::new(Ruleset::builtin())));
    }
    let Some((kind, rest)) = input.split_first() else { return };
    MEMORY.with_borrow_mut(|(bytes, scratch)| {
        bytes.clear();
        let is_sealed = kind & 0x80 == 0;
        match kind & 0x7F {
            0x40.. => bytes.extend_from_slice(rest),
            kind => {
                // The built-in ruleset is large, and takes a hundred times as long.
                let large = kind == 63 && crc32fast::hash(rest).is_multiple_of(8);
                let base = if large { 2 } else { usize::from(kind % 2) };
                let base = &bases()[base];
                bytes.extend_from_slice(&base.bytes);
                rest.chunks_exact(EDIT).take(8).for_each(|edit| apply(base, bytes, edit));
            }
        }
        if is_sealed {
            reseal(bytes, crc32fast::hash);
        }
        match load(bytes, scratch) {
            Ok(steps) => assert!(steps <= STEPS_MAX, "{steps} steps"),
            Err(LoadError::Checksum) => assert!(!is_sealed, "the checksum was put right"),
            Err(_) => {}
        }
    });
}

fn apply(base: &Base, bytes: &mut Vec<u8>, edit: &[u8]) {
    let word =
        |at: usize| u32::from_le_bytes(edit[at..at + 4].try_into().expect("four bytes"));
    let (kind, section) = (edit[0], usize::from(edit[1]));
    let (place, raw) = (word(1) as usize >> 8, word(5));
    let section = &base.sections[section % base.sections.len()];
    let at = section.start + place % section.len();
    let value = match kind >> 3 & 3 {
        // How many records some section has, give or take a few.
        1 | 2 => {
            let other = &base.sections[(raw as usize & 0xFF) % base.sections.len()];
            let count = other.len() / RECORDS[raw as usize >> 8 & 7];
            (count as u32).wrapping_add_signed(i32::from((raw >> 16) as i8))
        }
        _ => raw,
    };
    let mut put = |at: usize, width: usize| {
        if let Some(field) = bytes.get_mut(at..at + width) {
            field.copy_from_slice(&value.to_le_bytes()[..width]);
        }
    };
    let even = |width: usize| section.start + (at - section.start) / width * width;
    match kind & 7 {
        0 => put(at, 1),
        1 => put(even(2), 2),
        2 | 3 => put(even(4), 4),
        4 => put(at, 4),
        5 => {
            let from = section.start + raw as usize % section.len();
            let length = (1 + kind as usize / 8).min(section.end - from.max(at));
            if section.end <= bytes.len() {
                bytes.copy_within(from..from + length, at);
            }
        }
        6 => put(TABLE + 4 * (place % (2 * base.sections.len())), 4),
        _ => bytes.truncate(raw as usize % (bytes.len() + 1)),
    }
}

/// Edits the list of edits, or, half of the time, any of its bytes.
pub fn mutate_ruleset(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut random = Random::new(u64::from(seed) << 8 | 2);
    let raw = data.first().is_some_and(|kind| kind & 0x7F >= 0x40);
    if size == 0 || raw || random.below(2) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max);
    }
    let mut list = data[..size].to_vec();
    if random.below(16) == 0 {
        list[0] = random.below(256) as u8;
    }
    let edits = (list.len() - 1) / EDIT;
    list.truncate(1 + edits * EDIT);
    if edits > 0 && random.below(3) == 0 {
        let at = 1 + random.below(edits) * EDIT;
        list.drain(at..at + EDIT);
    }
    list.push(random.below(256) as u8);
    list.extend((1..5).map(|_| random.below(256) as u8));
    let number = random.pick(&[
        0,
        1,
        2,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF_FFFF,
        random.clone().below(1 << 24) as u32,
        random.clone().below(1 << 16) as u32,
    ]);
    list.extend(number.to_le_bytes());
    let length = list.len().min(max);
    data[..length].copy_from_slice(&list[..length]);
    length
}
