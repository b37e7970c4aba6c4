//! From clues to what is read in full.
//!
//! A glance tells where a term of an anchor may end. A walk back from there
//! tells whether one does; a look at what is near tells whether it may come to
//! anything. Only then the text around it is read in full.

use super::confirm::{Anchor, Found};
use super::glance::Glance;
use super::hit::Hit;
use super::pattern::{self, Segment};
use super::rule;
use super::scanner::{Hits, Pause, Place, Scanner, Stop, Wanted, settle};
use super::vicinity::NEAR_REACHES;
use crate::automaton::TOKENS_MAX;
use crate::fold::{Noise, decode, decode_last, may_have_escape};
use crate::ruleset::flags;
use core::ops::Range;

/// Bytes that may be read again in any text.
const AGAIN_MIN: usize = 1 << 12;
/// A text up to so many bytes is read in full where it may have an anchor:
/// looking around it first would take as long.
const TINY: usize = 1 << 6;
/// A text up to so many bytes is read in full where one look at what is near an
/// anchor does not tell that it comes to nothing.
const SHORT: usize = 1 << 10;
/// A text up to so many bytes is read in full where an anchor may come to
/// anything; of a longer one what is around it.
const WHOLE: usize = 1 << 12;
/// How far before and behind an anchor is read in full, in widest windows of
/// rules: what is near a hit that is in a window with it.
pub(super) const REACHES: u32 = NEAR_REACHES + 1;
/// Symbols beyond, for hits that begin or end there, and what is looked at around
/// them.
pub(super) const MARGIN: u32 = pattern::MARGIN as u32 + TOKENS_MAX as u32;
/// Symbols around a hit that may tell that it is none.
const LITTLE: u32 = 8;

/// What a look at the text near an anchor came to, beside the hits.
struct Near {
    /// The bytes that were read.
    range: Range<usize>,
    /// The hits are those that a full reading has.
    is_settled: bool,
    /// There were more hits than there is room for.
    overflows: bool,
}

impl<'r> Scanner<'r, '_> {
    pub(super) fn glance(&self, at: usize) -> Glance<'r> {
        Glance::new(self.tables, at)
    }

    /// Scans the text.
    #[cfg(all(test, feature = "builtin"))]
    pub(super) fn run(&mut self) {
        let mut looks = self.glance(0);
        let first = looks.next(self.text);
        self.run_from(looks, first);
    }

    /// Scans the text after a glance that has seen the first clue. Most of it has no
    /// anchor, which the glance tells as it goes on; the rest is read in full around
    /// them.
    pub(super) fn run_from(&mut self, mut looks: Glance<'r>, mut first: Option<usize>) {
        if self.walker.facts.are_anchors {
            return self.leap_from(looks, first);
        }
        self.scratch.steps += self.text.len() as u64;
        let before = self.far() as usize;
        // Where reading in full stopped. It goes on from there if the next anchor
        // is near, so that nothing is read twice.
        let mut stopped: Option<Place> = None;
        while let Some(at) = first.take().or_else(|| looks.next(self.text)) {
            let end = looks.look.at;
            if stopped.as_ref().is_some_and(|place| end <= place.at) {
                continue;
            }
            // Text that is full of clues is read in full sooner than place by
            // place.
            let is_full = self.again > AGAIN_MIN + end;
            if !is_full && !self.comes_to_something(at, end, looks.look.lead) {
                continue;
            }
            if self.text.len() <= WHOLE {
                return self.read_in_full();
            }
            let start = self.back(at, before);
            let place = match stopped.take() {
                Some(place) if start <= place.at => place,
                _ => {
                    self.end_segment();
                    self.latest_anchor = 0;
                    Place::at(start)
                }
            };
            let beyond = if is_full { end + AGAIN_MIN } else { end };
            let place = self.read_on(place, beyond);
            looks = self.glance(self.back(place.at, TOKENS_MAX));
            stopped = Some(place);
            if self.wanted == Wanted::Flag && !self.scratch.findings.is_empty() {
                break;
            }
        }
        self.end_segment();
    }

    /// Whether an anchor ends in the code point from `at` to `end`, which may
    /// come to anything.
    fn comes_to_something(&mut self, at: usize, end: usize, lead: usize) -> bool {
        let found = self.anchor(at, end, lead);
        // Most anchors are alone, which a look as far as they reach tells.
        match found.anchor {
            Anchor::None => false,
            Anchor::Reversed => true,
            _ if self.text.len() <= TINY => true,
            // Few of these are one, and what is near them may be long.
            Anchor::Open if !self.survives(at, end, found, TOKENS_MAX as u32) => false,
            _ if !self.may_matter(at, end, found) => false,
            // Few do not survive, which is worth a look only where more than that
            // would be read.
            _ if self.text.len() <= SHORT => true,
            Anchor::Doubtful if !self.survives(at, end, found, LITTLE) => false,
            _ => self.matters(at, end),
        }
    }

    /// Reads on in full, at least to `beyond`, and as far as anything may belong
    /// to an anchor.
    fn read_on(&mut self, mut place: Place, beyond: usize) -> Place {
        let (reach, far) = (self.reach(), self.far());
        let from = place.at;
        let mut is_beyond = false;
        let mut stop = Stop::At(beyond);
        loop {
            match self.advance(&mut place, stop) {
                Pause::End => break,
                Pause::Stop => {
                    self.number_anew(&mut place);
                    let next = place.cursor.next;
                    if place.at < beyond {
                        continue;
                    }
                    stop = Stop::Number(next + reach);
                    if !is_beyond {
                        (is_beyond, self.latest_anchor) = (true, next);
                    }
                    let last = self.scratch.hits.last().map_or(0, |hit| hit.last);
                    let is_quiet = next > self.latest_anchor.max(last) + 2 * reach;
                    if is_quiet || next > self.latest_anchor + far {
                        break;
                    }
                }
                _ => {}
            }
        }
        self.took(place.at - from);
        place
    }

    /// Whether an anchor that seems to end in the code point from `at` to `end`
    /// is one, once what is behind it is known.
    fn survives(&mut self, at: usize, end: usize, found: Found, behind: u32) -> bool {
        let before = found.length + LITTLE;
        let near = self.look_near(at, end, before, behind, Hits::Near, false);
        let concepts = self.walker.facts.concepts;
        let survives = self.scratch.hits.iter().any(|hit| {
            let concept = concepts.get(usize::from(hit.concept));
            concept.is_some_and(|concept| concept.anchor != 0)
        });
        self.scratch.swap_near();
        survives || near.overflows
    }

    /// Whether an anchor may come to anything, told by what is within its reach
    /// alone. No false negatives.
    fn may_matter(&mut self, at: usize, end: usize, found: Found) -> bool {
        let hits = if found.reach.is_some() { Hits::Partners } else { Hits::Near };
        let reach = found.reach.unwrap_or(self.reach());
        let before = reach.max(found.length);
        let near = self.look_near(at, end, before, reach, hits, false);
        rule::note(self);
        let mut matters = near.overflows || !near.is_settled || self.platform_named();
        if !matters && self.worth_more() {
            pattern::find_all(self, &Segment::of(near.range));
            rule::note(self);
            matters = rule::may_fire(self);
        }
        self.scratch.swap_near();
        matters
    }

    /// Whether an anchor that ends before `end` may come to anything: it names a
    /// platform, or some rule fires within its reach.
    fn matters(&mut self, at: usize, end: usize) -> bool {
        let around = self.reach() + TOKENS_MAX as u32;
        let near = self.look_near(at, end, around, around, Hits::Near, true);
        rule::note(self);
        let mut matters = near.overflows || self.platform_named();
        if !matters && self.worth_more() {
            // Any window that has the anchor in it is here.
            matters = !near.is_settled || {
                pattern::find(self, &Segment::of(near.range));
                rule::note(self);
                rule::may_fire(self)
            };
        }
        self.scratch.swap_near();
        matters
    }

    /// Puts the memory for what is near in its place, and the hits there into
    /// it, from so many symbols before a code point to so many behind it. Unless
    /// `all` of what hits depend on is there, they are taken for such where what is
    /// before them could tell otherwise.
    fn look_near(
        &mut self,
        at: usize,
        end: usize,
        before: u32,
        behind: u32,
        hits: Hits,
        all: bool,
    ) -> Near {
        self.scratch.swap_near();
        // What was found before, in the search for the anchor too, is left there.
        self.scratch.hits.clear();
        let truncated = core::mem::take(&mut self.scratch.truncated);
        self.which_hits = hits;
        let (start, place) = self.read_near(at, end, before, behind);
        self.which_hits = Hits::Text;
        self.took(place.at - start);
        if !all {
            // The neighbour on the right may be of a concept that is left out.
            let right = if hits == Hits::Partners { Hit::OPEN_RIGHT } else { 0 };
            let open = Hit::OPEN_LEFT | right;
            self.scratch.hits.iter_mut().for_each(|hit| hit.flags &= !open);
        }
        // What begins or ends inside a word, or in an exception, is no hit; that
        // can be told unless the stretch itself does so.
        let is_settled = !self.is_inside_word(start) && !self.is_inside_word(place.at);
        if is_settled {
            settle(&mut self.scratch.hits, self.walker.facts.terms);
        }
        let overflows = core::mem::replace(&mut self.scratch.truncated, truncated);
        Near { range: start..place.at, is_settled, overflows }
    }

    /// Reads so many symbols around a code point. Returns where it began and
    /// where it stopped.
    fn read_near(
        &mut self,
        at: usize,
        end: usize,
        before: u32,
        behind: u32,
    ) -> (usize, Place) {
        let mut start = self.back(at, before as usize);
        for _ in 0..TOKENS_MAX {
            match self.text.get(..start).and_then(decode_last) {
                Some((_, length)) if self.is_inside_word(start) => start -= length,
                _ => break,
            }
        }
        let mut place = Place::at(start);
        while place.at < end
            && !matches!(self.advance(&mut place, Stop::At(end)), Pause::End)
        {}
        let stop = place.cursor.next + behind;
        while place.cursor.next < stop
            && !matches!(self.advance(&mut place, Stop::Number(stop)), Pause::End)
        {
        }
        for _ in 0..TOKENS_MAX {
            if !self.is_inside_word(place.at) {
                break;
            }
            self.advance(&mut place, Stop::At(0));
        }
        (start, place)
    }

    /// Whether letters or digits stand on both sides of a place, or may.
    fn is_inside_word(&self, at: usize) -> bool {
        let before = self.text.get(..at).and_then(decode_last);
        let after = self.text.get(at..).and_then(decode);
        let is_word = |found: Option<(char, usize)>| {
            found.is_some_and(|(c, _)| {
                let cell = self.walker.symbols.cell(c);
                cell.is_expansion()
                    || self.walker.symbols.flags(cell.0) & flags::ALPHANUMERIC != 0
                    || matches!(
                        cell.as_noise(),
                        Some(Noise::Invisible | Noise::Combining)
                    )
            })
        };
        is_word(before) && is_word(after)
    }

    /// A place before `at` with that many symbols between.
    pub(super) fn back(&self, mut at: usize, tokens: usize) -> usize {
        // Up to this many letters and digits may be one escape.
        const ESCAPE: usize = 6;
        let mut room = tokens * ESCAPE;
        // Most text has none of the signs that escapes begin with.
        let window = &self.text[at.saturating_sub(room)..at];
        let has_escapes = may_have_escape(window);
        let symbols = &self.walker.symbols;
        while room > 0 {
            let before = self.text.get(..at).unwrap_or(&[]);
            // Most are characters of three bytes, and no noise.
            if room > ESCAPE
                && let Some(eight) = before.last_chunk()
                && self.tables.plane.begins_with_symbols(u64::from_le_bytes(*eight) >> 16)
            {
                at -= 6;
                room = room.saturating_sub(2 * ESCAPE);
                continue;
            }
            let Some((c, length)) = decode_last(before) else { break };
            at -= length;
            if symbols.cell(c).as_noise().is_none() {
                let part = has_escapes && c.is_ascii_alphanumeric();
                room = room.saturating_sub(if part { 1 } else { ESCAPE });
            }
        }
        at
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use crate::scan::glance::Tables;
    use crate::{Ruleset, Scratch};
    use proptest::prelude::*;

    /// Posts of the project, offers and others.
    fn posts() -> Vec<String> {
        #[derive(serde::Deserialize)]
        struct Post {
            text: String,
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/posts");
        let lines = ["first", "second", "third", "fourth"].map(|name| {
            std::fs::read_to_string(std::format!("{folder}/{name}.jsonl")).expect("posts")
        });
        let lines = lines.iter().flat_map(|file| file.lines());
        lines
            .map(|line| serde_json::from_str::<Post>(line).expect("a post").text)
            .collect()
    }

    /// What a scan came to, as text to compare.
    fn outcome(scratch: &Scratch) -> std::string::String {
        let Scratch { findings, contacts, platforms, best, attributes, .. } = scratch;
        let findings = findings.iter().map(|f| (f.category, f.log_odds, f.start, f.end));
        let attributes = attributes.iter().map(|a| (a.concept, a.start, a.end));
        std::format!(
            "{:?} {contacts:?} {platforms} {best} {:?}",
            findings.collect::<Vec<_>>(),
            attributes.collect::<Vec<_>>()
        )
    }

    /// Longer texts than are read in full: posts between prose that has words
    /// of the pack all along, and prose that has none.
    fn texts() -> impl Strategy<Value = std::string::String> {
        const PROSE: &[&str] = &[
            "山高月小而石自现，水落不见其底。",
            "他说平时上班用电脑处理资料，晚上出门买菜，周末带孩子去公园。",
            "这个方法需要先注册一个账号，然后登录系统，按提示完成验证即可使用。",
            "昨天的价格比上个月低，老板说量大可以再谈，我买了三个回家。",
            "The manual says that every account needs a new token each month. ",
            "电话打不通就发邮件，手机号13712345678已经停用了。",
        ];
        let posts = posts();
        let part = prop_oneof![
            3 => proptest::sample::select(posts),
            // Few enough for all hits to be weighed together.
            2 => (proptest::sample::select(PROSE), 1usize..8)
                .prop_map(|(prose, times)| prose.repeat(times)),
            2 => (1usize..60).prop_map(|times| PROSE[0].repeat(times)),
        ];
        proptest::collection::vec(part, 4..16).prop_map(|parts| parts.join("\n"))
    }

    /// Numbers of symbols start again, and nothing that is far from there is lost.
    #[test]
    fn numbers_do_not_run_out() {
        let ruleset = Ruleset::builtin();
        let tables = Tables::of(ruleset);
        let text =
            ["ⅷ".repeat(200).as_str(), &"山高月小".repeat(200), "大量V信号出售"].concat();
        let mut scratch = Scratch::new(ruleset);
        let mut scanner = Scanner::new(ruleset, &tables, text.as_bytes(), &mut scratch);
        let mut place = Place::default();
        place.cursor.next = (1 << 31) - 100;
        let place = scanner.read_on(place, text.len());
        scanner.end_segment();
        assert_eq!(place.at, text.len());
        assert!(place.cursor.next < 2_000);
        assert_eq!(scratch.findings.len(), 1);
    }

    /// A tone behind a hit that its exception does not have: the hit is not inside it,
    /// near an anchor as in full.
    #[cfg(feature = "compile")]
    #[test]
    fn a_tone_reaches_beyond_an_exception() {
        let pack = r#"
            format = 1
            [pack]
            id = "tone"
            version = "1"
            [[concept]]
            id = "wechat"
            terms = [{ text = "微信", disguise = ["pinyin"] }]
            except = ["老weixin"]
            [[concept]]
            id = "sale"
            terms = ["出售"]
            [[rule]]
            id = "sale"
            category = "account_trade"
            all = ["wechat", "sale"]
            within = 20
            weight = 8.0
        "#;
        let ruleset = Ruleset::compile(pack).expect("a sound pack");
        let mut scratch = Scratch::new(&ruleset);
        let prose = "山高月小，水落石出。";
        for times in [0, 4, 20, 60, 200] {
            let around = prose.repeat(times);
            let text = std::format!("{around}出售老weixin4，{around}");
            assert!(ruleset.is_flagged(&mut scratch, &text), "{times}");
            let text = std::format!("{around}出售老weixin，{around}");
            assert!(!ruleset.is_flagged(&mut scratch, &text), "{times}");
        }
    }

    /// Words that exceptions hide join stretches of the text where all of it is read.
    /// Patterns between them, far from any other word, count nowhere.
    #[test]
    fn patterns_are_near_words_however_stretches_are_joined() {
        let ruleset = Ruleset::builtin();
        let tables = Tables::of(ruleset);
        let words = "他说平时上班用电脑处理资料，晚上出门买菜，周末带孩子去公园。";
        let joint = "电话打不通就发邮件，手机号13712345678已经停用了。";
        let manual = "The manual says that every account needs a new token each month. ";
        for (joints, manuals) in (8..20).flat_map(|n| (0..5).map(move |m| (n, m))) {
            let text = [
                words.repeat(2).as_str(),
                &joint.repeat(joints),
                &manual.repeat(manuals),
                "\n收 亻言 号 微 亻言 ,三年以上,价格 你 开\n",
                &"山高月小而石自现，水落不见其底。".repeat(100),
            ]
            .concat();
            let (mut near, mut all) = (Scratch::new(ruleset), Scratch::new(ruleset));
            Scanner::new(ruleset, &tables, text.as_bytes(), &mut near).run();
            Scanner::new(ruleset, &tables, text.as_bytes(), &mut all).read_in_full();
            assert!(!all.findings.is_empty() && !all.contacts.is_empty());
            assert_eq!(outcome(&near), outcome(&all), "{joints} {manuals}");
        }
    }

    /// A hit may end in the midst of a character that is several symbols, where the next
    /// begins behind the character or in it.
    #[cfg(feature = "compile")]
    #[test]
    fn a_character_that_is_several_symbols_has_borders_inside() {
        let pack = r#"
            format = 1
            [pack]
            id = "borders"
            version = "1"
            [[concept]]
            id = "letters"
            terms = ["x", "３", "的"]
            [[concept]]
            id = "names"
            platform = "names"
            terms = ["ok", { text = "11", disguise = ["glyph"] }]
            [[rule]]
            id = "names"
            category = "account_trade"
            all = ["letters", "names"]
            within = 20
            weight = 8.0
        "#;
        let ruleset = Ruleset::compile(pack).expect("a sound pack");
        assert!(!ruleset.views().facts.are_anchors);
        let mut scratch = Scratch::new(&ruleset);
        let prose = "山高月小，水落石出。".repeat(20);
        for (text, is_named) in
            [("Ⅻok", true), ("ⅫAok", false), ("③ⅷ", true), ("④ⅷ", false)]
        {
            for around in ["", prose.as_str()] {
                let text = [around, text, around].concat();
                let verdict = ruleset.scan(&mut scratch, &text);
                assert_eq!(verdict.platforms().count() > 0, is_named, "{text}");
            }
        }
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]

        /// What is around anchors comes to what all of the text comes to.
        #[test]
        fn neighbourhoods_come_to_the_whole(text in texts()) {
            let ruleset = Ruleset::builtin();
            let tables = Tables::of(ruleset);
            let text = text.as_bytes();
            let (mut near, mut all) = (Scratch::new(ruleset), Scratch::new(ruleset));
            Scanner::new(ruleset, &tables, text, &mut near).run();
            Scanner::new(ruleset, &tables, text, &mut all).read_in_full();
            // A limit cuts what is told in parts elsewhere.
            if !near.truncated && !all.truncated {
                prop_assert_eq!(outcome(&near), outcome(&all));
                let is_flagged =
                    ruleset.is_flagged_bytes(&mut Scratch::new(ruleset), text);
                prop_assert_eq!(is_flagged, !all.findings.is_empty());
            }
        }
    }
}
