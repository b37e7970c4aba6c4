//! The first look at a text: is there any clue of an anchor?
//!
//! Most text has none and is done with this one look, which is the loop that
//! nearly all bytes go through. It misses nothing: between two symbols of a
//! clue may stand what a walk of the literal automaton would skip, and no
//! more is forgotten than what ends every walk.

use super::token::GAP_MAX;
use crate::automaton::{ClueClass, Clues, Letters};
use crate::fold::decode_escaped_number;
use crate::ruleset::{Cell, Symbols, ascii};

/// What a lone letter between hanzi costs in a gap.
const FILLER: usize = 2;
/// Most symbols that may be the one before at the same time.
const BEFORE_MAX: usize = 8;

/// Looks for clues. Goes on where it stopped.
#[derive(Clone)]
pub(super) struct Glance<'r> {
    symbols: Symbols<'r>,
    clues: Clues<'r>,
    ascii: &'r [u8; 128],
    /// The next byte.
    pub(super) at: usize,
    before: Before,
    letters: Letters,
    #[cfg(all(feature = "simd", feature = "std", target_arch = "x86_64"))]
    wide: Option<super::wide::Wide<'r>>,
}

/// The columns of symbols that may come before the next in a pair: the last
/// one, and what was before it if that may be noise.
#[derive(Clone, Copy, Default)]
struct Before {
    /// With the noise since, as it counts in a gap.
    columns: [(u32, u8); BEFORE_MAX],
    count: usize,
    /// There were more: any may be meant.
    is_any: bool,
    /// The last symbol was a Latin letter.
    is_letter: bool,
}

impl Before {
    #[inline(always)]
    fn set(&mut self, column: u32) {
        self.columns[0] = (column, 0);
        self.count = usize::from(column > 0);
        self.is_any = false;
    }

    fn add(&mut self, column: u32) {
        if column == 0 {
            return;
        }
        match self.columns.get_mut(self.count) {
            Some(place) => {
                *place = (column, 0);
                self.count += 1;
            }
            None => self.is_any = true,
        }
    }

    /// Takes in noise. What is too far before is forgotten.
    #[inline]
    fn age(&mut self, cost: usize) {
        let mut kept = 0;
        for place in 0..self.count {
            let (column, gap) = self.columns[place];
            let gap = usize::from(gap) + cost;
            if gap <= usize::from(GAP_MAX) {
                self.columns[kept] = (column, gap as u8);
                kept += 1;
            }
        }
        self.count = kept;
        // More than a gap may hold ends any.
        self.is_any &= cost <= usize::from(GAP_MAX);
    }

    /// The only column, 0 if there is none; `None` if there are several.
    #[inline(always)]
    fn only(&self) -> Option<u32> {
        match self.count {
            0 if !self.is_any => Some(0),
            1 if !self.is_any => Some(self.columns[0].0),
            _ => None,
        }
    }
}

impl<'r> Glance<'r> {
    pub(super) fn new(
        symbols: Symbols<'r>,
        clues: Clues<'r>,
        ascii: &'r [u8; 128],
        at: usize,
    ) -> Glance<'r> {
        Glance {
            symbols,
            clues,
            ascii,
            at,
            before: Before::default(),
            letters: Letters::default(),
            #[cfg(all(feature = "simd", feature = "std", target_arch = "x86_64"))]
            wide: super::wide::Wide::new(symbols, clues),
        }
    }

    /// The same without vector instructions.
    #[cfg(fuzzing)]
    pub(super) fn portable(mut self) -> Glance<'r> {
        #[cfg(all(feature = "simd", feature = "std", target_arch = "x86_64"))]
        {
            self.wide = None;
        }
        self
    }

    /// The place of the next code point that completes a clue.
    pub(super) fn next(&mut self, text: &[u8]) -> Option<usize> {
        loop {
            let first = *text.get(self.at)?;
            if first < 0x80 {
                if self.ascii(text) {
                    continue;
                }
            } else if first & 0xF0 == 0xE0 && self.three(text) {
                continue;
            }
            let start = self.at;
            if self.one(text)? {
                return Some(start);
            }
        }
    }

    /// Reads one code point, the careful way. Says whether it completes a clue.
    fn one(&mut self, text: &[u8]) -> Option<bool> {
        let (code_point, length) = text.get(self.at..).and_then(decode_escaped_number)?;
        self.at += length;
        Some(self.cell(self.symbols.cell_of_number(code_point)))
    }

    fn cell(&mut self, cell: Cell) -> bool {
        if cell.is_expansion() {
            let mut found = false;
            for cell in self.symbols.expansion(cell) {
                found |= self.symbol(Cell(cell.get()));
            }
            return found;
        }
        self.symbol(cell)
    }

    fn symbol(&mut self, cell: Cell) -> bool {
        let class = self.clues.class(cell.0);
        if let Some(noise) = cell.as_noise() {
            self.before.age(usize::from(noise.cost()));
            return class.is(ClueClass::ALONE);
        }
        let (row, column) = (class.row(), class.column());
        let before = &self.before.columns[..self.before.count];
        let mut found = class.is(ClueClass::ALONE)
            || row > 0
                && (self.before.is_any
                    || before.iter().any(|(column, _)| self.clues.is_pair(*column, row)));
        let letter = class.letter();
        if letter > 0 {
            found |= self.clues.letter(&mut self.letters, letter);
            let column = if self.clues.is_tail(self.letters) { column } else { 0 };
            if self.before.is_letter {
                self.before.set(column);
            } else {
                // A lone letter may be noise between hanzi.
                self.before.age(FILLER);
                self.before.add(column);
            }
        } else if class.is(ClueClass::SOFT) {
            let noise = self.symbols.noise(cell.0);
            self.before.age(noise.map_or(0, |noise| usize::from(noise.cost())));
            self.before.add(column);
        } else {
            self.before.set(column);
        }
        self.before.is_letter = letter > 0;
        found
    }

    /// Reads ASCII noise, and letters behind a letter. Stops before anything
    /// else. Says whether it read any.
    #[inline(always)]
    fn ascii(&mut self, text: &[u8]) -> bool {
        let start = self.at;
        let (mut at, mut letters, mut is_read) = (self.at, self.letters, false);
        // Noise since the last letter, and before it since the one before.
        let (mut noise, mut between) = (0, 0);
        while let Some(byte) = text.get(at) {
            let class = self.ascii.get(usize::from(*byte)).copied();
            let class = class.unwrap_or(ascii::SPECIAL);
            if class >= ascii::NOISE {
                if class == ascii::SPECIAL {
                    break;
                }
                noise += usize::from(class & 1);
                at += 1;
                continue;
            }
            let mut next = letters;
            if !self.before.is_letter || self.clues.letter(&mut next, class) {
                break;
            }
            (letters, is_read) = (next, true);
            (noise, between) = (0, noise);
            at += 1;
        }
        if is_read {
            // Letters make no pairs with letters. Only the last one is before
            // what comes next, and the one before that, as the last may be noise.
            // Letters with nothing between are no noise.
            let far = if between > 0 { self.column(letters.without_last()) } else { 0 };
            self.before.set(far);
            self.before.age(between + FILLER);
            self.before.add(self.column(letters));
        }
        self.before.age(noise);
        (self.at, self.letters) = (at, letters);
        at > start
    }

    /// The column of the last letter, if it may begin a pair.
    fn column(&self, letters: Letters) -> u32 {
        if letters.last() == 0 || !self.clues.is_tail(letters) {
            return 0;
        }
        let code_point = u32::from(letters.last()) + u32::from(b'a') - 1;
        self.clues.class(self.symbols.cell_of_number(code_point).0).column()
    }

    /// Reads code points of three bytes as long as nothing is special about
    /// them. Says whether it read any.
    #[inline(always)]
    fn three(&mut self, text: &[u8]) -> bool {
        let Some(mut column) = self.before.only() else { return false };
        let start = self.at;
        let mut at = start;
        #[cfg(all(feature = "simd", feature = "std", target_arch = "x86_64"))]
        if let Some(wide) = &self.wide {
            (at, column) = wide.three(text, at, column);
        }
        while let Some([a, b, c]) = text.get(at..).and_then(|rest| rest.first_chunk()) {
            if a & 0xF0 != 0xE0 || b & 0xC0 != 0x80 || c & 0xC0 != 0x80 {
                break;
            }
            let code_point =
                u32::from(a & 0xF) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
            // Overlong forms and surrogates are no code points: read the careful way.
            if matches!(code_point >> 11, 0 | 0x1B) {
                break;
            }
            let class = self.clues.class(self.symbols.cell_of_number(code_point).0);
            if class.is(ClueClass::SPECIAL) || self.clues.is_pair(column, class.row()) {
                break;
            }
            column = if class.is(ClueClass::SOFT) { column } else { class.column() };
            at += 3;
        }
        if at == start {
            return false;
        }
        self.at = at;
        self.before.set(column);
        self.before.is_letter = false;
        true
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use crate::scan::scanner::Scanner;
    use crate::{Ruleset, Scratch};
    use proptest::prelude::*;

    /// Pieces of words, noise of every kind, and what surrounds them.
    const PIECES: &[&str] = &[
        "微",
        "信",
        "薇",
        "❤",
        "亻言",
        "wei",
        "xin",
        "we1x1n",
        "V",
        "x",
        "ＶＸ",
        "号",
        "出售",
        "回收",
        "解",
        "封",
        "jie",
        "feng",
        "注册",
        "辅助",
        "实名",
        "sm",
        "QQ",
        "q",
        "群",
        "加",
        "支付宝",
        "抖音",
        "weixin",
        "hao",
        "威信",
        "为新",
        "微信息",
        "1",
        "4",
        "３",
        " ",
        "  ",
        "，",
        "。",
        "\n",
        ".",
        "·",
        "\u{200B}",
        "\u{301}",
        "\u{202E}",
        "\u{202C}",
        "🌟",
        "丶",
        "的",
        "我们",
        "服务",
        "需要",
        "天气",
        "&#24494;",
        "&#20449;",
        "%E5%BE%AE",
        "\\u4fe1",
        "\\/",
        "><",
        "()",
        "the ",
        "small",
        "already",
        "⑩",
        "㎏",
        "é",
        "ш",
        "a",
        "b",
        "z",
        "十",
        "一",
        "微微",
        "信信",
        "xx",
        "𝐕",
        "\u{E000}",
    ];

    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            12 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
            1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
            1 => proptest::collection::vec(any::<u8>(), 1..4),
            2 => "[天地玄黄宇宙洪荒日月盈昃]{5,16}".prop_map(String::into_bytes),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    /// What a scan came to, as text to compare.
    fn outcome(scratch: &Scratch) -> String {
        let Scratch { findings, contacts, platforms, best, attributes, .. } = scratch;
        format!("{findings:?} {contacts:?} {platforms} {best} {attributes:?}")
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(10_000))]

        /// A glance misses nothing: reading everything in full comes to the same.
        #[test]
        fn a_glance_misses_nothing(text in texts()) {
            let ruleset = Ruleset::builtin();
            let (mut looked, mut read) = (Scratch::new(ruleset), Scratch::new(ruleset));
            Scanner::new(ruleset, &text, &mut looked).run();
            Scanner::new(ruleset, &text, &mut read).read_in_full();
            prop_assert_eq!(outcome(&looked), outcome(&read), "{}", String::from_utf8_lossy(&text));
        }

        /// Vector instructions see the clues that the portable loop sees.
        #[cfg(all(feature = "simd", feature = "std", target_arch = "x86_64"))]
        #[test]
        fn vectors_see_the_same(text in texts()) {
            let ruleset = Ruleset::builtin();
            let (symbols, clues) = (ruleset.symbols(), ruleset.clues());
            let mut wide = super::Glance::new(symbols, clues, ruleset.ascii(), 0);
            let mut portable = super::Glance { wide: None, ..wide.clone() };
            loop {
                let (a, b) = (wide.next(&text), portable.next(&text));
                prop_assert_eq!(a, b);
                if a.is_none() {
                    break;
                }
            }
        }
    }
}
