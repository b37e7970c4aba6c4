//! Pieces of text that matter to a scanner.

use crate::bench::Bench;
use crate::random::Random;
use crate::recipe::{NOISE, Recipe};

/// Trade, identifiers, escapes, overrides, what ends words and segments.
const SIGNS: &[&str] = &[
    "出售",
    "批发",
    "回收",
    "老号",
    "带支付",
    "15-30天",
    "实名",
    "加V：abc12345",
    "QQ：304152637",
    "联系 16600223344",
    "https://t.me/laohao_shop",
    "wxid_a1b2c3d4e5",
    "法院判决",
    "微信息",
    "威信",
    "weixin",
    "wēi xìn",
    "wei1xin4",
    "ㄨㄟㄒㄧㄣ",
    "亻言",
    "薇❤",
    "\\/><",
    "×",
    "√",
    "+",
    "➕",
    "❤",
    "⑩",
    "㎏",
    "🔟",
    "🆗",
    "〇",
    "々",
    "the ",
    "small",
    "VXLAN",
    "，",
    "。",
    "！",
    "\n",
    "\r\n",
    "\t",
    " ",
    "  ",
    "\u{FEFF}",
    "\0",
    "\u{200B}",
    "\u{301}",
    "\u{202E}",
    "\u{2067}",
    "\u{202C}",
    "\u{2069}",
    "\u{E000}",
    "&#24494;",
    "&#x4fe1",
    "%E5%BE%AE",
    "\\u4fe1",
    "\\u{5fae}",
    "\\uD83D\\uDE80",
    "&#",
    "%E5%B",
    "\\u",
    "&amp;",
];

/// Sequences that are not UTF-8: of every class.
const INVALID: &[&[u8]] = &[
    b"\x80",
    b"\xBF",
    b"\xC0\x80",
    b"\xC1\xBF",
    b"\xC3",
    b"\xE0\x80\x80",
    b"\xE5",
    b"\xE5\xBE",
    b"\xED\xA0\x80",
    b"\xED\xBF\xBF",
    b"\xED\xA1\x8C\xED\xBE\xB4",
    b"\xF0\x80\x80\x80",
    b"\xF0\x9F",
    b"\xF0\x9F\x9A",
    b"\xF4\x90\x80\x80",
    b"\xF5\x80\x80\x80",
    b"\xF8\x88\x80\x80\x80",
    b"\xFE",
    b"\xFF",
    b"\xEF\xBF\xBE",
];

/// What stands between, and how it may be repeated.
const UNITS: &[&str] = &[
    "山高月小而石自现",
    "the quick brown fox; ",
    "，",
    "\u{0301}",
    "\u{200B}",
    "・",
    "号",
    "微",
    "v",
    "1",
    "微信",
    "出售",
    "大量V信号出售，",
    "\u{202E}号信微",
    "weixin",
    "⑩",
    "加V：a1b2c3d4e5f6 ",
    "&#24494;",
    "法院判决",
    "徽❤呺初售",
];

/// A piece of text, disguised or not.
pub(crate) fn piece(random: &mut Random, out: &mut Vec<u8>) {
    let bench = if random.below(3) == 0 { Bench::small() } else { Bench::builtin() };
    match random.below(16) {
        0..=5 => out.extend(recipe(random).cook(bench).text.as_bytes()),
        6 | 7 => {
            let term = &bench.reference.terms[random.below(bench.reference.terms.len())];
            out.extend(term.text.as_bytes());
        }
        8 => put(out, random.pick(&bench.alphabet)),
        9 => put(out, random.pick(NOISE)),
        10..=12 => out.extend(random.pick(SIGNS).as_bytes()),
        13 => out.extend(random.pick(INVALID)),
        14 => {
            put(out, char::from_u32(random.below(0x11_0000) as u32).unwrap_or('\u{FFFD}'))
        }
        _ => {
            let most = random.pick(&[4, 8, 16, 64, 64, 300, 600, 2_000]);
            let times = random.below(most);
            out.extend(format!("⟦{times}:{}⟧", random.pick(UNITS)).as_bytes());
        }
    }
}

/// A sign of noise, of any class.
pub(crate) fn noise(random: &mut Random) -> char {
    random.pick(NOISE)
}

pub(crate) fn put(out: &mut Vec<u8>, c: char) {
    out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A disguised term: mostly plain letters, some replaced, some dressed up.
fn recipe(random: &mut Random) -> Recipe {
    let letters = (0..8).map(|_| choice(random, 3)).collect();
    let dresses = (0..40).map(|_| choice(random, 4)).collect();
    let gaps = (0..40)
        .map(|_| {
            let count = [0, 0, 0, 1, 2, 4][random.below(6)];
            (0..count).map(|_| random.below(200)).collect()
        })
        .collect();
    let around = (random.below(10), random.below(10));
    Recipe { term: random.below(10_000), letters, dresses, gaps, around }
}

/// Zero, or once in so many times any number.
fn choice(random: &mut Random, times: usize) -> usize {
    if random.below(times) == 0 { random.below(4_000) } else { 0 }
}
