//! The first look at a text: is there any clue of an anchor?
//!
//! Most text has none and is done with this one look, which is the loop that
//! nearly all bytes go through. It misses nothing: between two symbols of a
//! clue may stand what a walk of the literal automaton would skip, and no
//! more is forgotten than what ends every walk.

use super::hanzi;
use super::token::{FILLER, GAP_MAX};
use crate::automaton::{ClueClass, Clues, LetterRun, LiteralAutomaton, Numbers};
use crate::fold::{begins_escape, decode_escaped_number};
use crate::ruleset::{AsciiTable, BasicPlane, Cell, Ruleset, Symbols, TermFacts, Views};

/// Most symbols that may be the one before at the same time.
const BEFORE_MAX: usize = 8;

/// The tables that a glance looks at.
#[derive(Clone, Copy)]
pub(super) struct Tables<'r> {
    pub(super) symbols: &'r Symbols<'r>,
    pub(super) clues: &'r Clues<'r>,
    pub(super) ascii: &'r AsciiTable,
    pub(super) plane: BasicPlane<'r>,
    pub(super) literals: &'r LiteralAutomaton<'r>,
    pub(super) facts: TermFacts<'r>,
}

impl<'r> Tables<'r> {
    #[inline]
    pub(super) fn of(ruleset: &'r Ruleset<'r>) -> Tables<'r> {
        let Views { symbols, clues, literals, facts } = ruleset.views();
        let (ascii, plane) = (ruleset.ascii(), ruleset.plane());
        Tables { symbols, clues, ascii, plane, literals, facts: *facts }
    }
}

/// Looks for clues. Goes on where it stopped.
#[derive(Clone)]
pub(super) struct Glance<'t> {
    pub(super) tables: &'t Tables<'t>,
    pub(super) look: Look,
}

/// Where a glance stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Look {
    /// The next byte.
    pub(super) at: usize,
    /// Behind the latest byte that may begin an escape.
    pub(super) lead: usize,
    pub(super) before: Before,
    pub(super) run: LetterRun,
}

/// The columns of symbols that may come before the next in a pair: the last
/// one, and what was before it if that may be noise.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    /// With the noise since, as it counts in a gap.
    columns: [(u16, u16); BEFORE_MAX],
    count: usize,
    /// There were more: any may be meant.
    pub(super) is_any: bool,
    /// The last symbol was a Latin letter.
    pub(super) is_letter: bool,
    /// The last symbol but for noise was a letter right behind another, so that
    /// nothing else is here.
    pub(super) is_word: bool,
    /// Something stands behind it that may be a symbol, so that the next letter
    /// may be a lone one.
    pub(super) is_apart: bool,
}

impl Before {
    #[inline(always)]
    fn set(&mut self, column: u32) {
        self.columns[0] = (column as u16, 0);
        self.count = usize::from(column > 0);
        self.is_any = false;
    }

    pub(super) fn add(&mut self, column: u32) {
        if column == 0 {
            return;
        }
        let mut known = self.columns[..self.count].iter_mut();
        if let Some((_, gap)) = known.find(|(other, _)| u32::from(*other) == column) {
            *gap = 0;
            return;
        }
        match self.columns.get_mut(self.count) {
            Some(place) => {
                *place = (column as u16, 0);
                self.count += 1;
            }
            None => self.is_any = true,
        }
    }

    /// Takes in noise. What is too far before is forgotten.
    #[inline]
    pub(super) fn age(&mut self, cost: usize) {
        let mut kept = 0;
        for place in 0..self.count {
            let (column, gap) = self.columns[place];
            let gap = usize::from(gap) + cost;
            if gap <= usize::from(GAP_MAX) {
                self.columns[kept] = (column, gap as u16);
                kept += 1;
            }
        }
        self.count = kept;
        // More than a gap may hold ends any.
        self.is_any &= cost <= usize::from(GAP_MAX);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0 && !self.is_any
    }

    /// The only column, 0 if there is none; `None` if there are several.
    #[inline(always)]
    fn only(&self) -> Option<u32> {
        match self.count {
            0 if !self.is_any => Some(0),
            1 if !self.is_any => Some(u32::from(self.columns[0].0)),
            _ => None,
        }
    }
}

impl<'t> Glance<'t> {
    #[inline]
    pub(super) fn new(tables: &'t Tables<'t>, at: usize) -> Glance<'t> {
        Glance { tables, look: Look { at, lead: at, ..Look::default() } }
    }

    /// Goes on from where another stopped.
    pub(super) fn go_on(tables: &'t Tables<'t>, look: Look) -> Glance<'t> {
        Glance { tables, look }
    }

    /// The place of the next code point that completes a clue.
    #[inline]
    pub(super) fn next(&mut self, text: &[u8]) -> Option<usize> {
        self.next_of_part(text, 0)
    }

    /// The same in a text that goes on: a character that may need more than the
    /// last `hold` bytes is not read yet.
    pub(super) fn next_of_part(&mut self, text: &[u8], hold: usize) -> Option<usize> {
        loop {
            let first = *text.get(self.look.at)?;
            if first < 0x80 {
                self.ascii(&text[..text.len().saturating_sub(hold)]);
                if text.get(self.look.at).is_some_and(|next| *next >= 0x80) {
                    continue;
                }
            } else if first & 0xF0 == 0xE0 {
                self.three(text);
                if text.get(self.look.at).is_some_and(|next| *next < 0x80) {
                    continue;
                }
            }
            let start = self.look.at;
            if text.len() - start < hold {
                return None;
            }
            if self.one(text)? {
                return Some(start);
            }
        }
    }

    /// Reads one code point, the careful way. Says whether it completes a clue.
    fn one(&mut self, text: &[u8]) -> Option<bool> {
        let rest = text.get(self.look.at..)?;
        let (code_point, length) = decode_escaped_number(rest)?;
        if begins_escape(rest[0]) {
            self.look.lead = self.look.at + 1;
        }
        self.look.at += length;
        Some(self.cell(self.tables.symbols.cell_of_number(code_point)))
    }

    /// The places of all clues that the careful way sees, but for common pairs.
    #[cfg(any(fuzzing, test))]
    pub(super) fn clues(mut self, text: &[u8]) -> alloc::vec::Vec<usize> {
        let Tables { symbols, clues, .. } = *self.tables;
        let (mut found, mut at) = (alloc::vec::Vec::new(), self.look.at);
        while let Some(is_clue) = self.one(text) {
            let is_common = super::common_pair::is_no_clue(symbols, clues, text, at);
            found.extend((is_clue && !is_common).then_some(at));
            at = self.look.at;
        }
        found
    }

    fn cell(&mut self, cell: Cell) -> bool {
        if cell.is_expansion() {
            let mut found = false;
            for cell in self.tables.symbols.expansion(cell) {
                found |= self.symbol(Cell(cell.get()));
            }
            return found;
        }
        self.symbol(cell)
    }

    fn symbol(&mut self, cell: Cell) -> bool {
        let class = self.tables.clues.class(cell.0);
        if let Some(noise) = cell.as_noise() {
            self.look.before.age(usize::from(noise.cost()));
            self.look.before.is_apart = true;
            return class.is(ClueClass::ALONE);
        }
        let (row, column) = (class.row(), class.column());
        let (clues, letter) = (self.tables.clues, class.letter());
        let before = &self.look.before.columns[..self.look.before.count];
        let is_pair = row > 0
            && (self.look.before.is_any
                || before
                    .iter()
                    .any(|(column, _)| clues.is_pair(u32::from(*column), row)))
            && (!self.look.before.is_word
                || letter > 0
                || clues.is_tail_of(self.look.run.letters, class.number()));
        let mut found = class.is(ClueClass::ALONE) || is_pair;
        let mut is_word = false;
        if letter > 0 {
            let is_repeat =
                self.look.before.is_letter && letter == self.look.run.letters.last();
            let (run, is_clue) = clues.letter(self.look.run, letter, is_repeat);
            self.look.run = run;
            found |= is_clue;
            let column = if clues.is_tail(self.look.run.letters) { column } else { 0 };
            is_word = self.look.before.is_letter && !self.look.before.is_apart;
            if is_word {
                self.look.before.set(column);
            } else {
                // A lone letter may be noise between hanzi.
                self.look.before.age(FILLER as usize);
                self.look.before.add(column);
            }
        } else if class.is(ClueClass::SOFT) {
            self.look.run.open(class.opener());
            let noise = self.tables.symbols.noise(cell.0);
            self.look.before.age(noise.map_or(0, |noise| usize::from(noise.cost())));
            self.look.before.add(column);
            is_word = self.look.before.is_word && column == 0;
        } else {
            self.look.run.close(class.opener());
            self.look.before.set(column);
        }
        let before = &mut self.look.before;
        (before.is_letter, before.is_word, before.is_apart) =
            (letter > 0, is_word, false);
        found
    }

    /// Reads code points of three bytes as long as nothing is special about
    /// them.
    #[inline(always)]
    fn three(&mut self, text: &[u8]) {
        let Some(column) = self.look.before.only() else { return };
        let start = self.look.at;
        let (at, column) = hanzi::read(self.tables, text, (start, column));
        if at > start {
            self.look.at = at;
            self.look.before.set(column);
            (self.look.before.is_letter, self.look.before.is_word) = (false, false);
            // Which of them came last is not looked up again.
            self.look.run.open(Numbers::ALL);
        }
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use crate::Ruleset;
    use crate::scan::testing::outcomes;
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
        "wei*in",
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
        "feng1h",
        "hao4",
        "w2x",
        "v.x",
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
        "不过",
        "不成",
        "一个",
        "处理",
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
        "wechat",
        "w3chat",
        "accs",
        "for sale",
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
            2 => "[acefhijlnoqsuvwxzVX01579 :./|(<>+*_$@-]{2,9}".prop_map(String::into_bytes),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    /// Texts in which looks once missed what they have.
    #[test]
    fn what_was_missed_once_is_seen() {
        let texts: &[&[u8]] = &[
            // Between a word and its last letters: broken bytes, and a filler.
            b"wei.\x80A\xE4\xBF\xA1\xE4\xBF\xA1",
            // A word in which another begins, of which the first letters repeat.
            b"wechataccs for sale, bulk price",
            // A repeat behind an end that a word goes on from.
            "黄宙黄宙盈昃日月盈月宇地荒月出售十𝐕Vfeng实名".as_bytes(),
            // A word that sounds alike, with a repeat behind a filler.
            "月月宙黄月荒昃盈玄昃威信x\\u4fe1荒洪月日玄盈日宇".as_bytes(),
            // More repeats than a look goes back.
            "xin，&#24494;微微微微·微信息微昃月宇黄玄威信号hao".as_bytes(),
            // Two readings of a place, of which only the narrower one is left.
            "⑩xin\\/号haojie微\u{202C}昃月洪盈宇我们威信❤1feng\u{202C}𐀀".as_bytes(),
            // The digit of a tone inside the hit before: `h` is what `feng1h` ends in.
            "feng1h𝐕信".as_bytes(),
            "山feng1hV信".as_bytes(),
            // Runs that are read from their end: far ahead, with escapes in them.
            "\u{202E}我们我们我们荒昃日荒洪盈地宇宇注册\n荒玄洪宙洪日天天荒昃⑩ш"
                .as_bytes(),
            "\u{202E}q封出售&#24494;威信❤为新解威信宙荒昃日玄宙洪天⑩smallV".as_bytes(),
        ];
        for text in texts {
            let (looked, read) = outcomes(Ruleset::builtin(), text);
            assert_eq!(looked, read, "{}", String::from_utf8_lossy(text));
        }
        let far = ["\u{202E}", &"山高月小水落石出".repeat(9), "feng𝐕出售\n出售"].concat();
        let (looked, read) = outcomes(Ruleset::builtin(), far.as_bytes());
        assert_eq!(looked, read);
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(30_000))]

        /// A glance misses nothing: reading everything in full comes to the same.
        #[test]
        fn a_glance_misses_nothing(text in texts()) {
            let (looked, read) = outcomes(Ruleset::builtin(), &text);
            prop_assert_eq!(looked, read);
        }

        /// The loop over ASCII sees all clues that the careful way sees, and may see
        /// more.
        #[test]
        fn ascii_sees_no_less(text in "[aceghijlnoqstuvwxzVX01579 :./|(<>+*_$@-]{0,24}") {
            let ruleset = Ruleset::builtin();
            let tables = super::Tables::of(ruleset);
            let mut loops = super::Glance::new(&tables, 0);
            let seen: Vec<usize> =
                std::iter::from_fn(|| loops.next(text.as_bytes())).collect();
            let mut careful = super::Glance::new(&tables, 0);
            let mut at = 0;
            while let Some(is_clue) = careful.one(text.as_bytes()) {
                prop_assert!(!is_clue || seen.contains(&at), "{at}");
                at = careful.look.at;
            }
        }

        /// A glance sees all clues that the careful way sees, but for common pairs. It may see more: its loops do not tell how far what is before is,
        /// nor what was last before letters.
        #[test]
        fn a_glance_sees_no_less_than_the_careful_way(text in texts()) {
            let ruleset = Ruleset::builtin();
            let tables = super::Tables::of(ruleset);
            let clues = super::Glance::new(&tables, 0).clues(&text);
            let mut glance = super::Glance::new(&tables, 0);
            let seen: Vec<usize> = std::iter::from_fn(|| glance.next(&text)).collect();
            let missed = clues.iter().find(|at| !seen.contains(at));
            prop_assert_eq!(missed, None);
        }
    }
}
