//! Hits: concepts seen at spans of the text, and what they wore.

use super::token::Ring;
use super::walker::{Path, Walker};
use crate::automaton::TOKENS_MAX;
use crate::fold::{self, Disguise, DisguiseSet, ESCAPE_BYTES_MAX, Noise};
use crate::ruleset::{ConceptRecord, EXACT, TermRecord, flags};

/// A concept seen at a span.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hit {
    /// Bytes of the original text.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Numbers of its first and last symbol.
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) concept: u16,
    /// The concept that it is a kind of, else its own.
    pub(crate) whole: u16,
    pub(crate) flags: u8,
    /// How many symbols of the text it uses; 0 for a pattern.
    pub(crate) symbols: u8,
    /// Index of the term, or [`Hit::PATTERN`].
    pub(crate) term: u32,
    pub(crate) disguises: DisguiseSet,
    /// What the disguises cost, zero or less.
    pub(crate) risk: f32,
}

impl Hit {
    pub(crate) const PATTERN: u32 = u32::MAX;
    /// Letters or digits go on before the hit.
    pub(crate) const OPEN_LEFT: u8 = 1;
    /// Letters or digits go on after the hit.
    pub(crate) const OPEN_RIGHT: u8 = 2;
    /// Hits of the same concept inside this one are none.
    pub(crate) const EXCEPTION: u8 = 4;
    /// The hit was weighed with an earlier segment already.
    pub(crate) const CARRIED: u8 = 8;

    pub(crate) fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether it is a hit of a concept, by itself or as a kind of it.
    pub(crate) fn is_of(&self, concept: u16) -> bool {
        self.concept == concept || self.whole == concept
    }

    /// Whether another is inside it.
    pub(crate) fn is_around(&self, other: &Hit) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// How good a reading of its place it is, to choose among several of one
    /// concept: the one at the least risk, where a symbol more that it explains
    /// is worth a cheap disguise.
    pub(crate) fn fit(&self) -> f32 {
        self.risk + SYMBOL_WORTH * f32::from(self.symbols)
    }
}

/// Disguises that cost once, however often they are worn.
const SPREAD: [Disguise; 4] =
    [Disguise::Separator, Disguise::Filler, Disguise::Repeat, Disguise::Private];

/// What one more symbol that a reading explains is worth, in log-odds.
const SYMBOL_WORTH: f32 = 0.25;

/// Marks and invisible code points hide a neighbour only so far.
const HIDDEN_MAX: u32 = 8;

impl Walker<'_> {
    /// The hit of a term whose spelling was consumed, unless its own
    /// conditions refuse it.
    pub(super) fn complete(&self, ring: &Ring, index: u32, path: &Path) -> Option<Hit> {
        let hit = self.spelled(ring, index, path)?;
        let term = self.facts.terms.get(index as usize)?;
        (!self.collides(term, path, &hit)).then_some(hit)
    }

    /// The same, where it may be a word that sounds like the term: a repeat behind
    /// may make it a hit.
    pub(super) fn spelled(&self, ring: &Ring, index: u32, path: &Path) -> Option<Hit> {
        let term = self.facts.terms.get(index as usize)?;
        let first = self.first_of(ring, term, path)?;
        let hit = self.at(ring, index, term, path, first);
        let mut end = hit.end;
        // Under an override a repeat may be outside the span.
        if first == path.first() && self.is_literal(term, path, &hit) {
            return Some(self.with_borders(ring, path, hit));
        }
        let risks = self.facts.risks;
        let risk_of =
            |kind: u8| risks.get(usize::from(kind)).map_or(0.0, |risk| risk.get());
        let mut kinds = [EXACT; TOKENS_MAX];
        let letters = self.align(ring, index, path, &mut kinds, &risk_of)?;
        let kinds = &kinds[..letters];
        if path.tones && !kinds.contains(&(Disguise::Pinyin as u8)) {
            return None;
        }

        if kinds.last() == Some(&(Disguise::Pinyin as u8)) {
            let tone = seen_after(self.text, end as usize) as u32;
            if self.tone(tone) {
                end = tone + 1;
            }
        }

        let mut disguises = path.between;
        if first < path.first() {
            disguises.insert(Disguise::Repeat);
        }
        let mut risk = 0.0;
        for kind in kinds.iter().filter_map(|kind| Disguise::from_index(*kind)) {
            disguises.insert(kind);
            risk += risk_of(kind as u8);
        }
        if term.is(TermRecord::REVERSED) {
            disguises.insert(Disguise::Reorder);
            risk += risk_of(Disguise::Reorder as u8);
        }
        for number in path.forward() {
            let start = ring.get(number).start as usize;
            let source = self.text.get(start..).and_then(fold::decode_escaped);
            let Some((c, length)) = source else { continue };
            if let Some(kind) = fold::lookup(c).disguise() {
                disguises.insert(kind);
            }
            if length > c.len_utf8() {
                disguises.insert(Disguise::Escape);
            }
        }
        disguises = disguises.without(Disguise::Case);
        for kind in SPREAD.into_iter().filter(|kind| disguises.contains(*kind)) {
            risk += risk_of(kind as u8);
        }
        Some(self.with_borders(ring, path, Hit { end, disguises, risk, ..hit }))
    }

    /// The same where nothing counts but the place and what is between: neither what the
    /// letters wear nor the borders. Where the last symbol `may_repeat` behind, a word that
    /// sounds like the term is a hit, which the repeat may make it.
    pub(super) fn placed(
        &self,
        ring: &Ring,
        index: u32,
        path: &Path,
        may_repeat: bool,
    ) -> Option<Hit> {
        let term = self.facts.terms.get(index as usize)?;
        let in_full = || match may_repeat {
            true => self.spelled(ring, index, path),
            false => self.complete(ring, index, path),
        };
        // Whether there is a syllable before a tone decides.
        if path.tones || term.is(TermRecord::EXCEPTION) {
            return in_full();
        }
        let first = self.first_of(ring, term, path)?;
        let hit = self.at(ring, index, term, path, first);
        if self.tone(seen_after(self.text, hit.end as usize) as u32) {
            return in_full();
        }
        (may_repeat || !self.collides(term, path, &hit)).then_some(hit)
    }

    /// The same for a term of an anchor, with its borders.
    pub(super) fn placed_anchor(
        &self,
        ring: &Ring,
        index: u32,
        path: &Path,
        may_repeat: bool,
    ) -> Option<Hit> {
        let hit = self.placed(ring, index, path, may_repeat)?;
        Some(self.with_borders(ring, path, hit))
    }

    /// A hit of a term, of which no more is known than where it is and what is between.
    fn at(
        &self,
        ring: &Ring,
        index: u32,
        term: &TermRecord,
        path: &Path,
        first: u32,
    ) -> Hit {
        let (start, end) = path.span_from(ring, self.text, first);
        Hit {
            start,
            end,
            first,
            last: path.numbers[0],
            concept: term.concept.get(),
            whole: ConceptRecord::whole_of(self.facts.concepts, term.concept.get()),
            flags: if term.is(TermRecord::EXCEPTION) { Hit::EXCEPTION } else { 0 },
            symbols: path.numbers.len() as u8,
            term: index,
            disguises: path.between,
            ..Hit::default()
        }
    }

    /// Whether a hit is the term as the pack writes it, with nothing between and nothing
    /// in disguise.
    #[inline]
    fn is_literal(&self, term: &TermRecord, path: &Path, hit: &Hit) -> bool {
        term.is(TermRecord::LITERAL)
            && path.between.is_empty()
            && self.text.get(hit.start as usize..hit.end as usize)
                == Some(term.text.of(self.facts.strings))
    }

    /// The first token of a spelling, repeats of it included, unless the term's own
    /// conditions refuse it.
    fn first_of(&self, ring: &Ring, term: &TermRecord, path: &Path) -> Option<u32> {
        if path.widest > u32::from(term.gap)
            || path.fillers && !term.is(TermRecord::CHINESE)
        {
            return None;
        }
        let first = path.first_repeat(ring);
        let is_refused = term.is(TermRecord::START) && !self.opens_clause(ring, first);
        (!is_refused).then_some(first)
    }

    /// Whether only visible noise, or nothing, stands before a token.
    fn opens_clause(&self, ring: &Ring, number: u32) -> bool {
        let token = ring.get(number);
        let before = number.checked_sub(1).map(|before| ring.get(before).symbol);
        match before {
            // Reading need not have begun with the text.
            None | Some(Ring::UNREAD) => visible_before(self.text, token.start as usize),
            Some(before) => {
                let class = self.symbols.noise(before);
                token.gap > 0 || class.is_some_and(|class| class.cost() > 0)
            }
        }
    }

    /// Whether a hit is, without noise, another word that sounds like the term.
    fn collides(&self, term: &TermRecord, path: &Path, hit: &Hit) -> bool {
        if !term.is(TermRecord::COLLIDES)
            || !path.between.is_empty()
            || self.is_literal(term, path, hit)
        {
            return false;
        }
        let span = self.text.get(hit.start as usize..hit.end as usize).unwrap_or(&[]);
        let folded = || fold::fold_bytes(span).map(|folded| folded.char);
        let Some(first) = folded().next() else { return false };
        let mut buffer = [0; 4];
        let first = first.encode_utf8(&mut buffer).as_bytes();
        self.ruleset.collisions(hit.term).any(|word| {
            // Most are told by their first character.
            self.ruleset.string_bytes(word).starts_with(first)
                && folded().eq(self.ruleset.string(word).chars())
        })
    }

    /// A hit with flags for ends that are letters or digits and go on in the text.
    fn with_borders(&self, ring: &Ring, path: &Path, mut hit: Hit) -> Hit {
        let alphanumeric = |number: u32| {
            self.symbols.flags(ring.get(number).symbol) & flags::ALPHANUMERIC != 0
        };
        let (first, last) = (path.first(), path.numbers[0]);
        // Under an override the text goes on where the hit begins.
        let reversed = ring.get(first).start > ring.get(last).start;
        let continues = |at_start: bool| match at_start {
            true => alphanumeric_before(self.text, hit.start as usize),
            false => goes_on(self.text, hit.end as usize, self.is_part),
        };
        let opens_left = alphanumeric(first) && continues(!reversed);
        let opens_right = alphanumeric(last) && continues(reversed);
        hit.flags |= if opens_left { Hit::OPEN_LEFT } else { 0 };
        hit.flags |= if opens_right { Hit::OPEN_RIGHT } else { 0 };
        hit
    }
}

/// Whether visible noise, or nothing, stands before an offset, invisible code
/// points aside.
fn visible_before(text: &[u8], mut at: usize) -> bool {
    while let Some((c, length)) = fold::decode_last_escaped(text, at) {
        match fold::lookup(c).noise() {
            Some(class) if class.cost() == 0 => at -= length,
            noise => return noise.is_some(),
        }
    }
    true
}

/// The next offset with something to be seen, past invisible code points and marks.
fn seen_after(text: &[u8], mut at: usize) -> usize {
    for _ in 0..HIDDEN_MAX {
        let next = text.get(at..).and_then(fold::decode);
        let may_hide = |c: &char| !c.is_ascii() || c.is_ascii_control();
        let Some((c, length)) = next.filter(|(c, _)| may_hide(c)) else { break };
        if !fold::lookup(c).is_unseen() {
            break;
        }
        at += length;
    }
    at
}

/// Whether a letter or digit stands before an offset, invisible code points
/// aside.
pub(super) fn alphanumeric_before(text: &[u8], mut at: usize) -> bool {
    for _ in 0..HIDDEN_MAX {
        let Some((c, length)) = fold::decode_last_escaped(text, at) else {
            return false;
        };
        let folded = fold::lookup(c);
        match folded.noise() {
            Some(Noise::Invisible | Noise::Combining) => at -= length,
            _ => return folded.first().is_ascii_alphanumeric(),
        }
    }
    false
}

/// Whether a word goes on after an offset: letters or digits follow that are no
/// identifier (five digits or more among them). Where `is_part` says that the text goes
/// on, what is to come may still make one of them.
pub(super) fn goes_on(text: &[u8], at: usize, is_part: bool) -> bool {
    const LONG: usize = 24;
    let (mut length, mut digits) = (0, 0);
    let mut take = |is_digit: bool| {
        length += 1;
        digits += u32::from(is_digit);
    };
    let ascii = text.get(at..).unwrap_or(&[]).iter().take(LONG);
    // What begins an escape, and what may not be seen.
    let is_special = |byte: &u8| fold::begins_escape(*byte) || byte.is_ascii_control();
    let mut is_told = true;
    match ascii.clone().find(|byte| !byte.is_ascii_alphanumeric()) {
        // Most words are of ASCII.
        Some(end) if end.is_ascii() && !is_special(end) => {
            let word = ascii.take_while(|byte| byte.is_ascii_alphanumeric());
            word.for_each(|byte| take(byte.is_ascii_digit()));
        }
        _ => {
            let mut end = text.len();
            for folded in fold::fold_bytes(text).starting_at(at).take(LONG) {
                if !folded.char.is_ascii_alphanumeric() {
                    end = folded.start;
                    break;
                }
                take(folded.char.is_ascii_digit());
            }
            // An escape, or a character, may have only begun.
            is_told = end + ESCAPE_BYTES_MAX <= text.len();
        }
    }
    length > 0 && digits < 5 && (is_told || length == LONG || !is_part)
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use crate::{Ruleset, Scratch};
    use alloc::vec::Vec;

    /// Where the evidence of a text is, and what it wears.
    fn evidence(pack: &str, text: &str) -> Vec<(usize, usize, u32)> {
        let ruleset = Ruleset::compile(pack).expect("a sound pack");
        let mut scratch = Scratch::new(&ruleset);
        let verdict = ruleset.scan(&mut scratch, text);
        let evidence = verdict.findings().flat_map(|finding| finding.evidence());
        let places = evidence.map(|one| {
            let range = one.range();
            (range.start, range.end, one.disguises().bits().count_ones())
        });
        places.collect()
    }

    const PACK: &str = r#"
        format = 1
        [pack]
        id = "p"
        version = "1"
        threshold = 1
        bias = -1.0
        [risk]
        repeat = -0.1
        [[concept]]
        id = "c"
        terms = ["信", "信a", "ＶＸ", "卖a", "微信"]
        [[rule]]
        id = "r"
        category = "account_trade"
        all = ["c"]
        within = 8
        weight = 1.2
    "#;

    /// Of these readings the one behind the repeats is the best: they cost.
    #[test]
    fn a_term_with_repeats_behind_an_override_is_not_as_written() {
        assert_eq!(evidence(PACK, "\u{202E}a信信信信"), [(13, 16, 0)]);
    }

    /// What the pack writes in disguise is in disguise where a text has the same.
    #[test]
    fn a_disguise_that_the_pack_writes_is_told() {
        assert_eq!(evidence(PACK, "ＶＸ"), [(0, 6, 1)]);
        assert_eq!(evidence(PACK, "vx"), [(0, 2, 0)]);
        assert_eq!(evidence(PACK, "卖a"), [(0, 4, 0)]);
    }

    /// The digit of a tone before the last letter, of which no pair tells.
    #[test]
    fn a_tone_may_stand_before_the_last_letter() {
        assert_eq!(evidence(PACK, "mai4a"), [(0, 5, 1)]);
        assert_eq!(evidence(PACK, "mai6a"), []);
    }

    /// Characters of ASCII that do not show, too: a word goes on over them, and a tone
    /// may be behind them.
    #[test]
    fn what_does_not_show_is_no_border() {
        for hidden in ["\u{1}", "\u{E}", "\u{7F}", "\u{200B}"] {
            assert_eq!(evidence(PACK, &alloc::format!("卖a{hidden}b")), []);
            let end = 7 + hidden.len();
            assert_eq!(evidence(PACK, &alloc::format!("weixin{hidden}4")), [(0, end, 1)]);
        }
        assert_eq!(evidence(PACK, "卖a\nb"), [(0, 4, 0)]);
    }
}
