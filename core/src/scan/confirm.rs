//! Whether a term of an anchor ends where there is a clue: walks back from it.

use super::hit::Hit;
use super::rule;
use super::scanner::Scanner;
use super::scratch::{Scratch, push_within};
use super::token::{LOOK_BACK_MAX, LookBack, Ring};
use super::walker::Walker;
use crate::automaton::{StateCache, TOKENS_MAX};
use crate::fold::{ESCAPE_BYTES_MAX, decode_escaped_number};
use crate::ruleset::{ANCHOR_PLAIN, Cell, TermRecord};
use arrayvec::ArrayVec;

/// Symbols that most walks do not go beyond.
pub(super) const FEW: u32 = 14;

/// Exceptions that end in a place.
type Exceptions = ArrayVec<Hit, 6>;

/// What a search for the term of an anchor that ends in a place came to.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) anchor: Anchor,
    /// Symbols of the longest such term, at most.
    pub(super) length: u32,
    /// How far it reaches: the widest window, in symbols, of the rules that may fire
    /// with it. `None` if the partners are not known either.
    pub(super) reach: Option<u32>,
}

impl Found {
    /// Without more to be known.
    fn only(anchor: Anchor) -> Found {
        Found { anchor, length: TOKENS_MAX as u32, reach: None }
    }
}

/// Whether a term of an anchor ends in a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    None,
    /// It may be a part of an exception.
    Doubtful,
    /// Letters go on behind it, in which another term may begin.
    Open,
    /// An override: what is behind it is read from its end, however far that is.
    Reversed,
    Sure,
}

impl Walker<'_> {
    /// The exceptions of the concepts of some hits that end in a token, and the steps
    /// taken. What there is no room for is told by a look around it.
    fn exceptions(
        &self,
        ring: &Ring,
        cache: &mut StateCache,
        last: u32,
        hits: &[Hit],
    ) -> (Exceptions, u64) {
        let mut found = Exceptions::new();
        let is_of_hit =
            |term: &TermRecord| hits.iter().any(|hit| hit.concept == term.concept.get());
        let wanted =
            |term: &TermRecord| term.is(TermRecord::EXCEPTION) && is_of_hit(term);
        let mut emit = |hit| {
            let _ = found.try_push(hit);
        };
        let taken = self.walk_for(ring, cache, last, &wanted, &mut emit);
        self.overflow.take();
        (found, taken)
    }
}

impl Scanner<'_, '_> {
    /// Whether an anchor may end in the code point from `at` to `end`. No escape
    /// begins at `lead` or behind and before `at`.
    pub(super) fn may_end_anchor(&mut self, at: usize, end: usize, lead: usize) -> bool {
        self.anchor(at, end, lead).anchor != Anchor::None
    }

    /// Whether a term of an anchor ends in the code point from `at` to `end`.
    pub(super) fn anchor(&mut self, at: usize, end: usize, lead: usize) -> Found {
        let (clues, Scratch { cache, steps, .. }) =
            (self.tables.clues, &mut *self.scratch);
        if !self.walker.may_end_anchor((at, end), lead, clues, cache, steps) {
            return Found::only(Anchor::None);
        }
        // Most walks are short; what they would not reach is not looked up.
        let found = self.anchor_within(at, end, lead, FEW);
        found.unwrap_or_else(|| {
            let found = self.anchor_within(at, end, lead, LOOK_BACK_MAX);
            found.unwrap_or(Found::only(Anchor::Open))
        })
    }

    /// The same, with so many symbols to look at; `None` if they may be too few.
    fn anchor_within(
        &mut self,
        at: usize,
        end: usize,
        lead: usize,
        room: u32,
    ) -> Option<Found> {
        let symbols = self.walker.symbols;
        let Scratch { near_ring: ring, near_hits: hits, cache, partners, steps, .. } =
            &mut *self.scratch;
        let mut back = LookBack::new(ring);
        let (code_point, _) = self.text.get(at..end).and_then(decode_escaped_number)?;
        let newest = symbols.cell_of_number(code_point);
        let may_repeat = !newest.is_symbol() || self.walker.may_repeat(newest.0, end);
        let newest = match newest {
            // An override: what is behind it is read backwards.
            cell if cell.as_noise().is_some() => {
                return Some(Found::only(Anchor::Reversed));
            }
            cell if cell.is_expansion() => {
                symbols.expansion(cell).iter().rev().for_each(|part| {
                    back.take(Cell(part.get()), at);
                });
                back.count()
            }
            cell => {
                back.take(cell, at);
                1
            }
        };
        let mut start = at;
        let is_all = loop {
            if back.is_at_end() {
                break true;
            }
            if back.count() >= room {
                break false;
            }
            let Some((cell, length)) = self.walker.before(start, lead) else {
                break true;
            };
            start -= length;
            match cell.is_expansion() {
                true => symbols.expansion(cell).iter().rev().for_each(|part| {
                    back.take(Cell(part.get()), start);
                }),
                false => back.take(cell, start),
            }
        };
        back.finish();
        let (last, first) = (Ring::LOOK_BACK, Ring::LOOK_BACK + 1 - newest.max(1));
        let (concepts, clues) = (self.walker.facts.concepts, self.tables.clues);
        let (mut found, mut is_known) = (Anchor::None, true);
        let (mut length, mut reach) = (0, 0);
        partners.fill(0);
        for number in (first..=last).rev() {
            hits.clear();
            let mut is_full = false;
            let mut emit = |hit| is_full |= !push_within(hits, hit);
            let walker = &self.walker;
            let taken =
                walker.walk_to_anchors(ring, cache, number, may_repeat, &mut emit);
            *steps += taken;
            is_full |= self.walker.overflow.take();
            if !is_all && taken >= u64::from(room) {
                return None;
            }
            let has_exceptions = !may_repeat && !self.walker.facts.are_anchors;
            let mut exceptions: Option<Exceptions> = None;
            for hit in hits.iter() {
                // What is before a hit, or before its repeats, counts too.
                let known = (hit.first + room).saturating_sub(Ring::LOOK_BACK + 4);
                if !is_all && known == 0 {
                    return None;
                }
                if hit.is(Hit::OPEN_LEFT) {
                    let (meets, taken) = self.walker.may_meet(ring, cache, last, hit);
                    *steps += taken;
                    if !meets && !is_all && taken >= u64::from(known) {
                        return None;
                    }
                    if !meets {
                        continue;
                    }
                }
                if hit.is(Hit::OPEN_RIGHT) && !self.walker.may_go_on(hit, clues) {
                    continue;
                }
                let concept = concepts.get(usize::from(hit.concept));
                let is_plain = concept.is_some_and(|c| c.anchor == ANCHOR_PLAIN);
                if !is_plain && has_exceptions {
                    // Most that are in an exception end where it does.
                    let around = exceptions.get_or_insert_with(|| {
                        let (found, taken) =
                            self.walker.exceptions(ring, cache, number, hits);
                        *steps += taken;
                        found
                    });
                    let excepts = |exception: &Hit| {
                        exception.concept == hit.concept && exception.is_around(hit)
                    };
                    if around.iter().any(excepts) {
                        continue;
                    }
                }
                length = length.max(hit.last + 1 - hit.first);
                if let Some(concept) = concept {
                    reach = reach.max(u32::from(concept.reach.get()));
                    let own = concept.partners.of(self.ruleset.rule_concepts());
                    own.iter().for_each(|partner| rule::mark(partners, partner.get()));
                    is_known &= !own.is_empty();
                }
                found = match found {
                    Anchor::Sure => found,
                    _ if hit.is(Hit::OPEN_RIGHT) || newest > 1 => Anchor::Open,
                    _ if is_plain => Anchor::Sure,
                    Anchor::None => Anchor::Doubtful,
                    found => found,
                };
            }
            if is_full {
                (found, is_known) = (Anchor::Open, false);
            }
        }
        // Noise without end is not passed over again and again.
        self.again += (at - start).saturating_sub(ESCAPE_BYTES_MAX * FEW as usize);
        Some(match is_known {
            true => Found { anchor: found, length, reach: Some(reach) },
            false => Found::only(found),
        })
    }
}

#[cfg(all(test, feature = "builtin", feature = "compile"))]
mod tests {
    use crate::scan::testing::outcomes;
    use crate::{Ruleset, Scratch};
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use std::sync::OnceLock;

    /// A pack in which terms, their exceptions and their repeats meet.
    const PACK: &str = r#"
        format = 1
        [pack]
        id = "pairs"
        version = "1"
        threshold = 1
        bias = -4.0
        [[concept]]
        id = "colour"
        terms = ["红茶", { text = "绿茶", disguise = ["homophone"] }, "茶叶"]
        except = ["红茶店", "老红茶"]
        [[concept]]
        id = "dark"
        part_of = "colour"
        terms = ["黑茶", "heicha"]
        [[concept]]
        id = "cup"
        terms = ["杯子", "瓷杯", "cup"]
        except = ["杯子架"]
        [[concept]]
        id = "pot"
        terms = ["茶壶", "铜壶", "紫砂壶", { text = "银壶", gap = 2 }]
        except = ["砂壶", { text = "镀银壶", gap = 0 }]
        [[concept]]
        id = "digits"
        pattern = '\d{3}'
        [[concept]]
        id = "often"
        terms = ["的", "是", "了", "a"]
        [[concept]]
        id = "house"
        platform = "house"
        terms = ["茶楼"]
        [[rule]]
        id = "colour-cup"
        category = "account_trade"
        all = ["colour", "cup"]
        within = 9
        weight = 6.0
        [[rule]]
        id = "pot-any"
        category = "account_trade"
        all = ["pot"]
        any = ["dark", "cup"]
        within = 14
        weight = 6.0
        [[rule]]
        id = "pot-cup-digits"
        category = "contact_solicitation"
        all = ["pot", "cup", "digits"]
        within = 20
        weight = 6.0
        [[rule]]
        id = "house-often"
        category = "contact_solicitation"
        all = ["house", "often"]
        within = 5
        weight = 6.0
    "#;

    fn ruleset() -> &'static Ruleset<'static> {
        static RULESET: OnceLock<Ruleset<'static>> = OnceLock::new();
        RULESET.get_or_init(|| Ruleset::compile(PACK).expect("a sound pack"))
    }

    /// Terms, what is around and between them, and what hides where they end.
    const PIECES: &[&str] = &[
        "红茶",
        "绿茶",
        "绿查",
        "茶叶",
        "红茶店",
        "老红茶",
        "红，茶",
        "黑茶",
        "heicha",
        "hei4cha2",
        "杯子",
        "瓷杯",
        "cup",
        "杯子架",
        "杯。子",
        "茶壶",
        "铜壶",
        "铜 壶",
        "紫砂壶",
        "银壶",
        "镀银壶",
        "茶楼",
        "的",
        "是",
        "a",
        "1",
        "234",
        "茶",
        "壶",
        "杯",
        "子",
        "山",
        "高山",
        "月小水落石出",
        "，",
        "。",
        " ",
        "\n",
        "\u{200B}",
        "&#33590;",
        "\u{202E}",
        "\u{202C}",
        "子子子",
        "壶壶壶",
        "茶茶",
        "𝐕",
        "ⅷ",
        "b",
    ];

    /// One of two that rules need stands for both, whichever way they are named.
    #[test]
    fn what_others_stand_for_is_no_anchor() {
        let ruleset = ruleset();
        let records = ruleset.concept_records().iter();
        let anchors = records.filter(|record| record.anchor != 0);
        let anchors: Vec<&str> =
            anchors.map(|record| ruleset.string(record.id)).collect();
        assert_eq!(anchors, ["cup", "pot", "house"]);
    }

    /// Near and far, one way and the other, repeated behind, in exceptions and beside.
    #[test]
    fn rules_fire_in_their_windows_alone() {
        let mut scratch = Scratch::new(ruleset());
        let mut found = |text: &str| ruleset().is_flagged(&mut scratch, text);
        for (one, other) in [("红茶", "杯子"), ("杯子", "黑茶"), ("绿茶", "cup")]
        {
            for before in [0, 30, 2_000] {
                let around = "山高".repeat(before);
                for (between, is_near) in [(0, true), (4, true), (8, false), (80, false)]
                {
                    let between = "小".repeat(between);
                    let text = [&around, one, &between, other, &around].concat();
                    assert_eq!(
                        found(&text),
                        is_near,
                        "{one}{between}{other} in {before}"
                    );
                }
            }
        }
        for text in ["茶壶瓷杯", "红茶茶茶杯子", "老红茶绿茶杯子", "红茶杯子子子"]
        {
            assert!(found(text), "{text}");
        }
        for text in [
            "老红茶杯子",
            "红茶店杯子",
            "红茶杯子架",
            "老红，茶杯子",
            "砂壶瓷杯",
            "镀银壶瓷杯",
        ] {
            assert!(!found(text), "{text}");
        }
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        /// Whatever is let go, what is told is what reading in full tells.
        #[test]
        fn nothing_is_let_go_that_comes_to_something(
            pieces in proptest::collection::vec(
                proptest::sample::select(PIECES), 0..24,
            ),
            prose in prop_oneof![8 => Just(0), 1 => 0..900usize],
            place in 0..24usize,
        ) {
            let prose = "山高月小水落石出".repeat(prose);
            let place = place.min(pieces.len());
            let text =
                [pieces[..place].concat(), prose, pieces[place..].concat()].concat();
            let (looked, read) = outcomes(ruleset(), text.as_bytes());
            prop_assert_eq!(looked, read);
        }
    }
}
