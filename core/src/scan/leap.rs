//! From clue to clue, where every term is looked for.
//!
//! In lists of words all terms are anchors, so that a glance stops wherever a hit may
//! end. A walk back from there finds it, and nothing is read in full but what a walk over
//! the text as it stands cannot tell: escapes, overrides, repeats behind a hit.

use super::confirm::FEW;
use super::glance::Glance;
use super::pattern;
use super::scanner::{Hits, Pause, Place, Scanner, Stop, Wanted};
use super::scratch::{Scratch, push_within};
use super::token::{Gap, LOOK_BACK_MAX, LookBack, Ring};
use crate::automaton::TOKENS_MAX;
use crate::fold::{
    ESCAPE_BYTES_MAX, decode_escaped_number, decode_last, may_have_escape,
};
use crate::ruleset::Cell;
use core::ops::Range;

/// Number of the first symbol: more than are read before a place that is read in full.
const FIRST: u32 = 1 << 16;
/// From this number on symbols are numbered anew.
const NUMBERS_MAX: u32 = 1 << 30;

/// Up to where all hits are found.
#[derive(Clone, Copy)]
struct Reached {
    /// The next byte.
    at: usize,
    /// Number of the next symbol.
    number: u32,
}

/// What a walk back from a clue came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walked {
    /// All hits that end there are found.
    Done,
    /// The symbols before it may have been too few.
    Short,
    /// It takes reading in full.
    Doubtful,
}

impl<'r> Scanner<'r, '_> {
    /// Scans the text after a glance that has seen the first clue, where all terms are
    /// those of anchors.
    pub(super) fn leap_from(&mut self, mut looks: Glance<'r>, mut first: Option<usize>) {
        self.scratch.steps += self.text.len() as u64;
        let mut reached = Reached { at: 0, number: FIRST };
        while let Some(at) = first.take().or_else(|| looks.next(self.text)) {
            let (end, lead) = (looks.look.at, looks.look.lead);
            if end <= reached.at {
                continue;
            }
            let Scratch { cache, steps, .. } = &mut *self.scratch;
            let clues = self.tables.clues;
            if !self.walker.may_end_anchor((at, end), lead, clues, cache, steps) {
                continue;
            }
            self.count_on(&mut reached, at);
            if !self.find(at..end, &mut reached) {
                reached = self.read_doubtful(at..end, reached);
                let from = self.back(reached.at, TOKENS_MAX);
                self.took(reached.at - from);
                looks = self.glance(from);
            }
            if self.wanted == Wanted::Flag && !self.scratch.findings.is_empty() {
                break;
            }
        }
        self.end_segment();
    }

    /// Counts on to the symbol at a place. Behind a pause that no segment goes over
    /// numbers say no more than that.
    fn count_on(&mut self, reached: &mut Reached, at: usize) {
        let last = self.scratch.hits.last().map(|hit| hit.last);
        let Some(last) = last.filter(|_| reached.number < NUMBERS_MAX) else {
            self.begin_anew();
            *reached = Reached { at, number: FIRST };
            return;
        };
        // Under an override hits may be ahead of what is read.
        let pause = last.saturating_add(2 * self.reach() + 1);
        let most = pause.saturating_sub(reached.number);
        let between = reached.at..at;
        reached.number += pattern::count_up_to(self.tables, self.text, between, most);
        reached.at = at;
    }

    /// Ends the segment, if there is one, for symbols that are numbered anew.
    fn begin_anew(&mut self) {
        if !self.scratch.hits.is_empty() {
            self.scratch.truncated = true;
            self.end_segment();
        }
        self.latest_anchor = 0;
    }

    /// Finds the hits that end in a clue; `false` where it must be read in full.
    fn find(&mut self, clue: Range<usize>, reached: &mut Reached) -> bool {
        self.end_of_segment(reached.number);
        let known = self.scratch.hits.len();
        let walked = match self.walk_back(&clue, reached.number, FEW) {
            Walked::Short => self.walk_back(&clue, reached.number, LOOK_BACK_MAX),
            walked => walked,
        };
        if walked != Walked::Done {
            return false;
        }
        if self.scratch.hits.len() > known {
            self.anchor = Some(reached.number);
        }
        *reached = Reached { at: clue.end, number: reached.number + 1 };
        true
    }

    /// Walks back from a clue, whose symbol has a number, over so many symbols. Hits are
    /// added only where all are found.
    fn walk_back(&mut self, clue: &Range<usize>, number: u32, room: u32) -> Walked {
        let (text, walker, symbols) = (self.text, &self.walker, &self.walker.symbols);
        let Scratch { ring, cache, hits, steps, .. } = &mut *self.scratch;
        let own = text.get(clue.clone()).and_then(decode_escaped_number);
        let Some((code_point, length)) = own else { return Walked::Doubtful };
        let last = symbols.cell_of_number(code_point);
        if !last.is_symbol()
            || length != clue.len()
            || number < Ring::LOOK_BACK
            || clue.end < text.len() && walker.may_repeat(last.0, clue.end)
        {
            return Walked::Doubtful;
        }
        let mut back = LookBack::new(ring);
        back.take(last, clue.start);
        let mut start = clue.start;
        let is_all = loop {
            if back.is_at_end() {
                break true;
            }
            if back.count() >= room {
                break false;
            }
            let Some((c, length)) = text.get(..start).and_then(decode_last) else {
                break true;
            };
            let cell = symbols.cell(c);
            if cell.is_expansion() || cell == Cell::OVERRIDE {
                return Walked::Doubtful;
            }
            start -= length;
            back.take(cell, start);
        };
        let read = start.saturating_sub(ESCAPE_BYTES_MAX)..clue.end;
        if text.get(read).is_none_or(may_have_escape) {
            return Walked::Doubtful;
        }
        *steps += u64::from(back.count());
        back.finish();
        let shift = number - Ring::LOOK_BACK;
        // A walk that came so far may have gone on, but for the end of what was read.
        let mut first = Ring::LOOK_BACK;
        let (known, mut is_full) = (hits.len(), false);
        let taken = walker.walk(ring, cache, Ring::LOOK_BACK, &mut |mut hit| {
            first = first.min(hit.first);
            hit.first += shift;
            hit.last += shift;
            is_full |= !push_within(hits, hit);
        });
        *steps += taken;
        // What is before a hit, or before its repeats, counts too.
        let is_near = first + room <= Ring::LOOK_BACK + 4;
        let is_enough = is_all || taken < u64::from(room) && !is_near;
        let walked = match walker.overflow.take() || is_full {
            true => Walked::Doubtful,
            false if is_enough => Walked::Done,
            false if room == LOOK_BACK_MAX => Walked::Doubtful,
            false => Walked::Short,
        };
        if walked != Walked::Done {
            hits.truncate(known);
        }
        walked
    }

    /// Reads a clue in full, and some text behind it, so that what was read before it is
    /// not read again for the next.
    fn read_doubtful(&mut self, clue: Range<usize>, reached: Reached) -> Reached {
        let start = self.back(clue.start, TOKENS_MAX);
        let before = pattern::count(self.tables, self.text, start..clue.start);
        // Only tables that are damaged make more symbols of a text than this allows for.
        let number = reached.number.saturating_sub(before).max(1);
        // No walk goes beyond.
        self.scratch.ring.put(number - 1, Ring::UNREAD, 0, Gap::default());
        let mut place = Place::at(start);
        place.cursor.next = number;
        self.which_hits = Hits::None;
        while place.at < clue.start
            && !matches!(self.advance(&mut place, Stop::At(clue.start)), Pause::End)
        {
        }
        self.which_hits = Hits::Text;
        let mut stop = Stop::At(clue.end);
        loop {
            if place.cursor.next > NUMBERS_MAX {
                self.begin_anew();
                place = Place::at(place.at);
                place.cursor.next = FIRST;
                self.scratch.ring.put(FIRST - 1, Ring::UNREAD, 0, Gap::default());
                stop = Stop::Number(FIRST + 1);
            }
            match self.advance(&mut place, stop) {
                Pause::End => break,
                Pause::Stop if place.at < clue.end => {}
                Pause::Stop => match stop {
                    // As many as before, so that no text is read many times.
                    Stop::At(_) => stop = Stop::Number(place.cursor.next + before.max(1)),
                    Stop::Number(_) if !self.may_stop(&place) => {
                        stop = Stop::Number(place.cursor.next + 1);
                    }
                    Stop::Number(_) => break,
                },
                _ => {}
            }
        }
        self.took(place.at - start);
        Reached { at: place.at, number: place.cursor.next }
    }

    /// Whether there is a clue wherever a hit may end behind a place, which there is not
    /// where what it ends in is only repeated.
    fn may_stop(&self, place: &Place) -> bool {
        let symbol = |number| self.scratch.ring.get(number).symbol;
        let (before, last) = (
            symbol(place.cursor.next.wrapping_sub(2)),
            symbol(place.cursor.next.wrapping_sub(1)),
        );
        self.walker.is_firm(before, last) && !self.walker.may_repeat(last, place.at)
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::{FIRST, Glance, NUMBERS_MAX, Reached};
    use crate::scan::Hit;
    use crate::scan::glance::Tables;
    use crate::scan::scanner::Scanner;
    use crate::{Ruleset, Scratch};
    use alloc::string::String;
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// Lists of words, of which every one is looked for.
    const PACKS: [&str; 3] = [
        r#"
        [[concept]]
        id = "words"
        terms = ["微信", "微信号", "解封", "好好看", "人人", "薇x", "vx", "weixin", "啊", "a站", "收q"]
        except = ["老微信", "微信息", "人人网"]
        [[rule]]
        id = "words"
        category = "account_trade"
        all = ["words"]
        within = 8
        weight = 2.0
        "#,
        r#"
        [[concept]]
        id = "names"
        platform = "wechat"
        terms = [{ text = "微信", disguise = ["pinyin", "reorder"] }, "看看", "xxh"]
        [[concept]]
        id = "offers"
        terms = [{ text = "解封", disguise = ["pinyin", "split"] }, "出号", "收号"]
        [[concept]]
        id = "others"
        terms = ["问号", "感叹号"]
        [[rule]]
        id = "names"
        category = "account_trade"
        all = ["names"]
        none = ["others"]
        within = 3
        weight = 2.0
        [[rule]]
        id = "offers"
        category = "assisted_unblocking"
        all = ["offers"]
        any = ["names", "others"]
        within = 12
        weight = 3.0
        [[rule]]
        id = "others"
        category = "account_trade"
        all = ["others"]
        within = 2
        weight = 0.5
        "#,
        r#"
        [[concept]]
        id = "signs"
        terms = ["一一", "一丨", "工口", "0元", "信息", "微+信", "⑩微"]
        [[concept]]
        id = "age"
        pattern = '\d+天'
        [[rule]]
        id = "signs"
        category = "account_trade"
        all = ["signs"]
        any = ["age"]
        within = 6
        weight = 2.0
        [[rule]]
        id = "sign"
        category = "account_trade"
        all = ["signs"]
        within = 1
        weight = 1.0
        "#,
    ];

    static RULESETS: LazyLock<Vec<Ruleset<'static>>> = LazyLock::new(|| {
        let head = "format = 1\n[pack]\nid = \"list\"\nversion = \"1\"\nthreshold = 80\nbias = 0.0\n";
        let packs = PACKS.iter().map(|pack| [head, pack].concat());
        packs.map(|pack| Ruleset::compile(&pack).expect("a sound pack")).collect()
    });

    const PIECES: &[&str] = &[
        "微",
        "信",
        "薇",
        "❤",
        "亻言",
        "wei",
        "xin",
        "V",
        "x",
        "ＶＸ",
        "号",
        "解",
        "封",
        "jie",
        "feng",
        "好",
        "好好看",
        "人",
        "看",
        "啊",
        "a",
        "站",
        "收",
        "q",
        "Q",
        "出",
        "问",
        "老",
        "微信",
        "微信号",
        "微信息",
        "人人网",
        "解封",
        "出号",
        "感叹号",
        "一",
        "丨",
        "工",
        "口",
        "0",
        "元",
        "息",
        "+",
        "⑩",
        "3天",
        "15天",
        " ",
        "  ",
        "，",
        "。",
        "\n",
        ".",
        "·",
        "1",
        "４",
        "\u{200B}",
        "\u{301}",
        "\u{202E}",
        "\u{202C}",
        "🌟",
        "丶",
        "的",
        "我们",
        "天气",
        "山高月小",
        "水落石出，",
        "&#24494;",
        "&#20449;",
        "%E5%BE%AE",
        "\\u4fe1",
        "\\/",
        "&",
        "the ",
        "ⅷ",
        "㎏",
        "é",
        "ш",
        "微微",
        "信信",
        "xx",
        "一一一",
        "\u{E000}",
        "loooong ",
        "wxid_a1b2c3",
        "：abc12345",
    ];

    /// What a scan came to, as text to compare. Where numbers begin does not count.
    fn outcome(scratch: &Scratch) -> String {
        let Scratch { findings, contacts, platforms, best, truncated, .. } = scratch;
        let told = |hits: &[Hit]| -> Vec<_> {
            let relative = hits.iter().map(|hit| Hit {
                first: 0,
                last: hit.last - hit.first,
                ..*hit
            });
            relative.map(|hit| std::format!("{hit:?}")).collect()
        };
        let (evidence, attributes) = (told(&scratch.evidence), told(&scratch.attributes));
        std::format!(
            "{findings:?} {contacts:?} {platforms} {best} {attributes:?} {evidence:?} {truncated}"
        )
    }

    /// Numbers of symbols start again, and what is behind is found.
    #[test]
    fn numbers_do_not_run_out() {
        let ruleset = &RULESETS[0];
        let mut scratch = Scratch::new(ruleset);
        let tables = Tables::of(ruleset);
        let text = ["ⅷ".repeat(200).as_str(), &"山高月小".repeat(9), "微信"].concat();
        let mut scanner = Scanner::new(ruleset, &tables, text.as_bytes(), &mut scratch);
        let reached = Reached { at: 0, number: NUMBERS_MAX - 100 };
        let reached = scanner.read_doubtful(0..3, reached);
        assert!(reached.at > 600 && reached.number < FIRST + 1_000);
        let looks = Glance::new(&tables, reached.at);
        scanner.leap_from(looks, None);
        assert_eq!(scratch.findings.len(), 1);
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        /// A glance and walks back find what reading in full finds.
        #[test]
        fn leaps_find_what_reading_in_full_finds(
            pieces in proptest::collection::vec(
                prop_oneof![
                    12 => proptest::sample::select(PIECES)
                        .prop_map(|piece| piece.as_bytes().to_vec()),
                    1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
                    1 => proptest::collection::vec(any::<u8>(), 1..4),
                    1 => (1usize..40).prop_map(|times| "山月水石".repeat(times).into_bytes()),
                ],
                0..60,
            ),
        ) {
            let text = pieces.concat();
            for ruleset in RULESETS.iter() {
                let mut all = Scratch::new(ruleset);
                let tables = Tables::of(ruleset);
                prop_assert!(tables.facts.are_anchors);
                Scanner::new(ruleset, &tables, &text, &mut all).read_in_full();
                let mut leapt = Scratch::new(ruleset);
                ruleset.scan_bytes(&mut leapt, &text);
                prop_assert_eq!(outcome(&leapt), outcome(&all), "{:?}", String::from_utf8_lossy(&text));
                let is_flagged = ruleset.is_flagged_bytes(&mut Scratch::new(ruleset), &text);
                prop_assert_eq!(is_flagged, !all.findings.is_empty());
            }
        }
    }
}
