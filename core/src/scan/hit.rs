//! Hits: walking back over the ring, and telling what was worn.

use super::limits::HIT_NOISE_MAX;
use super::token::{GAP_MAX, Ring};
use crate::automaton::{
    Clues, Letters, LiteralAutomaton, Pairs, SymbolRecord, TOKENS_MAX,
};
use crate::fold::{self, Disguise, DisguiseSet, ESCAPE_BYTES_MAX, Noise};
use crate::ruleset::{
    Cell, ConceptRecord, EXACT, LetterRecord, Ruleset, Spelling, Symbols, TermRecord,
    flags,
};

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

/// Bytes that are looked at for the first letters of a term.
const START_BYTES_MAX: usize = 12;

/// Most times one letter may be repeated.
const REPEATS_MAX: u32 = 16;

/// Most tokens that a walk skips before the second that it uses.
const SKIPPED_MAX: u32 = REPEATS_MAX + GAP_MAX as u32 + 2;

/// Marks and invisible code points hide a neighbour only so far.
const HIDDEN_MAX: u32 = 8;

/// Most tokens of one walk that are tried both as a letter and as noise.
const DETOURS_MAX: u32 = 2;

/// The symbol before a new one; 0 at the start, behind a character that no term
/// names, and behind more noise than a match may have.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    symbol: u16,
    column: u16,
    flags: u8,
}

impl Before {
    #[inline(always)]
    pub(super) fn new(symbol: u16, record: SymbolRecord) -> Before {
        Before { symbol, column: record.column.get(), flags: record.flags }
    }

    /// Whether a walk may skip it: noise, a repeat, a letter between hanzi.
    #[inline(always)]
    fn is_soft(&self, symbol: u16, own: u8) -> bool {
        (self.flags & flags::NOISE != 0)
            | (self.symbol == symbol)
            | (self.flags & !own & flags::ALPHANUMERIC != 0)
    }
}

/// Says which symbols are worth a walk.
#[derive(Clone, Copy)]
pub(super) struct Filter<'r> {
    pub(super) pairs: Pairs<'r>,
}

impl Filter<'_> {
    /// Whether a walk from a symbol may find anything, given the symbol before
    /// it: a first answer without branches, for the loop that all text goes
    /// through.
    #[inline(always)]
    pub(super) fn may_be_worth(
        &self,
        before: Before,
        symbol: u16,
        record: SymbolRecord,
    ) -> bool {
        let own = record.flags;
        if self.pairs.has_bit(before.column, record.row.get()) {
            return true;
        }
        // Most are done with what needs the fewest instructions.
        let soft = before.flags & (flags::NOISE | flags::ALPHANUMERIC);
        let may_be = soft | own & flags::ENDS_ALONE != 0 || before.symbol == symbol;
        own & flags::ENDS != 0
            && may_be
            && (before.is_soft(symbol, own) || own & flags::ENDS_ALONE != 0)
    }

    /// The second answer, once the first is yes and the symbol is in the ring:
    /// whether it makes a pair with one that a walk may reach.
    pub(super) fn is_worth(
        &self,
        symbols: &Symbols<'_>,
        ring: &Ring,
        number: u32,
    ) -> bool {
        let last = ring.get(number);
        let own = symbols.flags(last.symbol);
        if own & (flags::ENDS | flags::ENDS_ALONE) != flags::ENDS {
            return own & flags::ENDS != 0;
        }
        let mut gap = u32::from(last.gap);
        for number in (number.saturating_sub(SKIPPED_MAX)..number).rev() {
            let token = ring.get(number);
            if token.symbol == 0 || gap > u32::from(GAP_MAX) {
                return false;
            }
            if self.pairs.may_have(token.symbol, last.symbol) {
                return true;
            }
            let before = Before::new(token.symbol, symbols.record(token.symbol));
            if !before.is_soft(last.symbol, own) {
                return false;
            }
            gap += u32::from(token.gap);
        }
        false
    }
}

/// What a walk needs to see.
pub(super) struct Walker<'w> {
    pub(super) ruleset: &'w Ruleset<'w>,
    pub(super) spelling: Spelling<'w>,
    pub(super) symbols: Symbols<'w>,
    pub(super) literals: LiteralAutomaton<'w>,
    pub(super) text: &'w [u8],
}

/// The tokens that a walk consumed, the last of the text first.
#[derive(Clone)]
struct Path {
    numbers: [u32; TOKENS_MAX],
    length: usize,
    /// Visible noise: between the last two, the most between any two, in all.
    gap: u32,
    widest: u32,
    noise: u32,
    repeats: u32,
    /// Whether a digit between Latin letters was skipped as a tone.
    tones: bool,
    /// Whether a lone letter or digit was skipped.
    fillers: bool,
    between: DisguiseSet,
}

impl<'w> Walker<'w> {
    /// Walks back from a token and gives every hit that ends in it. Returns
    /// the number of steps taken.
    pub(super) fn walk(&self, ring: &Ring, last: u32, emit: &mut impl FnMut(Hit)) -> u64 {
        self.walk_to(ring, last, &mut |term, path| {
            if let Some(hit) = self.complete(ring, term, path) {
                emit(hit);
            }
        })
    }

    /// The same for some concepts alone.
    pub(super) fn walk_for(
        &self,
        ring: &Ring,
        last: u32,
        wanted: &impl Fn(u16) -> bool,
        emit: &mut impl FnMut(Hit),
    ) -> u64 {
        let terms = self.spelling.terms;
        self.walk_to(ring, last, &mut |term, path| {
            if terms.get(term as usize).is_some_and(|term| wanted(term.concept.get()))
                && let Some(hit) = self.complete(ring, term, path)
            {
                emit(hit);
            }
        })
    }

    /// The same for anchors alone, exceptions left out. Where the last symbol
    /// `may_repeat` behind, words that sound like terms are hits, which the repeat may
    /// make them.
    pub(super) fn walk_to_anchors(
        &self,
        ring: &Ring,
        last: u32,
        may_repeat: bool,
        emit: &mut impl FnMut(Hit),
    ) -> u64 {
        self.walk_to(ring, last, &mut |term, path| {
            if !self.is_anchor(term) {
                return;
            }
            let hit = match may_repeat {
                true => self.spelled(ring, term, path),
                false => self.complete(ring, term, path),
            };
            hit.into_iter().for_each(&mut *emit);
        })
    }

    /// Whether a symbol may be repeated at a place behind it. No false negatives.
    pub(super) fn may_repeat(&self, symbol: u16, at: usize) -> bool {
        let behind = self.text.get(at..).and_then(fold::decode_escaped_number);
        behind.is_none_or(|(code_point, _)| {
            let cell = self.symbols.cell_of_number(code_point);
            let own = self.symbols.flags(cell.0);
            let is_plain = cell == Cell::OTHER
                || cell.is_symbol() && own & (flags::NOISE | flags::ALPHANUMERIC) == 0;
            !is_plain || cell.0 == symbol
        })
    }

    /// Whether a term is one of an anchor, and no exception.
    pub(super) fn is_anchor(&self, term: u32) -> bool {
        let Some(term) = self.spelling.terms.get(term as usize) else { return false };
        let concept = self.spelling.concepts.get(usize::from(term.concept.get()));
        concept.is_some_and(|concept| concept.anchor != 0)
            && !term.is(TermRecord::EXCEPTION)
    }

    fn walk_to(&self, ring: &Ring, last: u32, emit: &mut impl FnMut(u32, &Path)) -> u64 {
        match self.may_lead_on(ring, last) {
            true => self.walk_on(ring, last, emit),
            false => 1,
        }
    }

    fn walk_on(&self, ring: &Ring, last: u32, emit: &mut impl FnMut(u32, &Path)) -> u64 {
        let mut steps = 1;
        let state = self.literals.entry(ring.get(last).symbol);
        let path = Path {
            numbers: [last; TOKENS_MAX],
            length: 1,
            gap: 0,
            widest: 0,
            noise: 0,
            repeats: 0,
            tones: false,
            fillers: false,
            between: DisguiseSet::EMPTY,
        };
        steps += self.outputs(state, &path, emit);
        steps + self.follow(ring, state, path, last, DETOURS_MAX, emit)
    }

    /// Whether a walk from a token finds a term, or goes on, after two steps: a first
    /// answer, since most walks end there, without a path. What it cannot tell it takes
    /// for true.
    fn may_lead_on(&self, ring: &Ring, last: u32) -> bool {
        let first = ring.first(last);
        let (mut number, mut consumed) = (last, ring.get(last).symbol);
        let mut state = self.literals.entry(consumed);
        for _ in 0..2 {
            if !self.literals.outputs(state).is_empty() {
                return true;
            }
            if number == first || ring.get(number).gap > GAP_MAX {
                return false;
            }
            number -= 1;
            let symbol = ring.get(number).symbol;
            if symbol == 0 || symbol == Ring::UNREAD {
                return false;
            }
            let own = self.symbols.flags(symbol);
            if symbol == consumed || own & (flags::NOISE | flags::ALPHANUMERIC) != 0 {
                return true;
            }
            match self.literals.step(state, symbol) {
                Some(next) => (state, consumed) = (next, symbol),
                None => return false,
            }
        }
        true
    }

    /// Whether a walk back from a code point may complete a term of an anchor: a
    /// quick look, without the ring. What it cannot tell it takes for true. No
    /// escape begins at `lead` or behind and before the code point. Counts the
    /// symbols that it reads.
    pub(super) fn may_end_anchor(
        &self,
        (at, end): (usize, usize),
        lead: usize,
        clues: &Clues<'_>,
        steps: &mut u64,
    ) -> bool {
        let alphanumeric =
            |symbol: u16| self.symbols.flags(symbol) & flags::ALPHANUMERIC != 0;
        let source = self.text.get(at..end).and_then(fold::decode_escaped_number);
        let Some((code_point, _)) = source else { return false };
        let last = self.symbols.cell_of_number(code_point);
        if !last.is_symbol() {
            return true;
        }
        if end == at + 1 && alphanumeric(last.0) && self.is_cut_off(last.0, end, clues) {
            return false;
        }
        let mut state = self.literals.entry(last.0);
        let (mut consumed, mut gap, mut start) = (last.0, 0, at);
        if self.ends_anchor(state) && self.may_begin(consumed, start, lead) {
            return true;
        }
        // Nothing to follow but repeats and noise, which lead nowhere new.
        for _ in 0..4 * TOKENS_MAX {
            let Some((cell, length)) = self.before(start, lead) else { return false };
            start -= length;
            *steps += 1;
            if let Some(class) = cell.as_noise() {
                gap += u32::from(class.cost());
                if gap > u32::from(GAP_MAX) {
                    return false;
                }
                continue;
            }
            if !cell.is_symbol() {
                return cell != Cell::OTHER;
            }
            let own = self.symbols.flags(cell.0);
            // A lone letter or digit between two Chinese characters.
            let is_filler = own & flags::ALPHANUMERIC != 0
                && !alphanumeric(consumed)
                && !self
                    .before(start, lead)
                    .is_some_and(|(next, _)| alphanumeric(next.0));
            let is_soft = own & flags::NOISE != 0 || is_filler;
            // The digit of a tone behind a syllable.
            let is_tone = alphanumeric(cell.0) && clues.class(cell.0).letter() == 0;
            match self.literals.step(state, cell.0) {
                // It may be noise as well, unless it was used before.
                Some(_) if (is_soft || is_tone) && cell.0 != consumed => return true,
                Some(next) => {
                    (state, consumed, gap) = (next, cell.0, 0);
                    if self.ends_anchor(state) && self.may_begin(consumed, start, lead) {
                        return true;
                    }
                }
                None if cell.0 == consumed || is_tone => {}
                None if is_soft => {
                    let class = self.symbols.noise(cell.0);
                    gap += class.map_or(2, |class| u32::from(class.cost()));
                    if gap > u32::from(GAP_MAX) {
                        return false;
                    }
                }
                None => return false,
            }
        }
        true
    }

    /// Whether a term of an anchor is complete in a state.
    #[inline]
    fn ends_anchor(&self, state: u32) -> bool {
        self.literals.outputs(state).iter().any(|term| self.is_anchor(term.get()))
    }

    /// The cell before a place, and its length in the text.
    #[inline]
    pub(super) fn before(&self, at: usize, lead: usize) -> Option<(Cell, usize)> {
        let text = self.text.get(..at)?;
        let (c, length) = match at > lead + ESCAPE_BYTES_MAX {
            true => fold::decode_last(text)?,
            false => fold::decode_last_escaped(text)?,
        };
        Some((self.symbols.cell(c), length))
    }

    /// Whether a hit may begin with a symbol at a place: behind letters or digits
    /// a letter does so only where another hit may end.
    fn may_begin(&self, symbol: u16, at: usize, lead: usize) -> bool {
        let is_word = |symbol: u16| self.symbols.flags(symbol) & flags::ALPHANUMERIC != 0;
        if !is_word(symbol) {
            return true;
        }
        let Some((before, length)) = self.before(at, lead) else { return true };
        let own = self.symbols.flags(before.0);
        // A repeat belongs to the hit.
        let is_repeat = before.0 == symbol;
        // So does the digit of a tone to the hit before.
        if is_repeat
            || self.tone((at - length) as u32)
            || !before.is_symbol()
            || !is_word(before.0)
            || own & flags::ENDS_ALONE != 0
        {
            return true;
        }
        if own & flags::ENDS == 0 {
            return false;
        }
        match self.before(at - length, lead) {
            Some((Cell::OTHER, _)) | None => false,
            Some((far, _)) if is_word(far.0) && far != before => {
                self.literals.pairs.may_have(far.0, before.0)
            }
            Some(_) => true,
        }
    }

    /// Whether a hit may end where another begins, which ends in the token
    /// `newest`. No false negatives. Returns the steps taken, too.
    pub(super) fn may_meet(&self, ring: &Ring, newest: u32, hit: &Hit) -> (bool, u64) {
        // The ring holds so many tokens; a longer hit before is taken for granted.
        const LONG: u64 = TOKENS_MAX as u64 / 2;
        let Some(before) = hit.first.checked_sub(1) else { return (true, 0) };
        // The digit of a tone belongs to a hit that ends in the letter before it.
        if u64::from(newest - before) > LONG
            || hit.disguises.contains(Disguise::Override)
            || self.tone(ring.get(before).start)
        {
            return (true, 0);
        }
        let mut meets = false;
        let steps = self.walk(ring, before, &mut |other| {
            meets |= !other.is(Hit::EXCEPTION);
        });
        (meets || steps > LONG, steps)
    }

    /// Whether a word goes on behind a symbol, in which no other hit may begin. No
    /// false positives.
    #[inline]
    fn is_cut_off(&self, symbol: u16, end: usize, clues: &Clues<'_>) -> bool {
        !self.may_start(symbol, end, clues) && goes_on(self.text, end)
    }

    /// Whether another hit may begin where a hit ends. No false negatives.
    pub(super) fn may_go_on(&self, hit: &Hit, clues: &Clues<'_>) -> bool {
        let text = self.text.get(..hit.end as usize);
        let last = text.and_then(fold::decode_last_escaped);
        hit.disguises.contains(Disguise::Override)
            || last.is_none_or(|(c, _)| {
                self.may_start(self.symbols.cell(c).0, hit.end as usize, clues)
            })
    }

    /// Whether a term may begin behind a symbol, or one that ends in it may end in a
    /// repeat of it. No false negatives.
    fn may_start(&self, symbol: u16, at: usize, clues: &Clues<'_>) -> bool {
        let last = clues.class(symbol).letter();
        // The first symbols there, if they are letters: noise and repeats left out.
        let (mut letters, mut count) = (Letters::default(), 0);
        let behind = self.text.get(at..).unwrap_or(&[]);
        for byte in behind.iter().take(START_BYTES_MAX) {
            if !byte.is_ascii() {
                return true;
            }
            let cell = self.symbols.cell_of_number(u32::from(*byte));
            if cell.as_noise().is_some() {
                continue;
            }
            let letter = clues.class(cell.0).letter();
            if letter == 0 || count == 0 && letter == last {
                return true;
            }
            if count > 0 && letter == letters.last() {
                continue;
            }
            (letters, count) = (letters.then(letter), count + 1);
            if count == 3 {
                return clues.may_start(letters);
            }
        }
        true
    }

    /// Goes on back from a token. A token that may be used and may be noise is
    /// tried as both, so that no term hides another.
    fn follow(
        &self,
        ring: &Ring,
        mut state: u32,
        mut path: Path,
        mut number: u32,
        mut detours: u32,
        emit: &mut impl FnMut(u32, &Path),
    ) -> u64 {
        let mut steps = 0;
        let first = ring.first(path.numbers[0]);
        while number > first && path.length < TOKENS_MAX {
            steps += 1;
            let after = ring.get(number);
            path.gap += u32::from(after.gap);
            path.between = path.between.union(after.noise_disguises());
            number -= 1;
            let token = ring.get(number);
            if token.symbol == 0
                || token.symbol == Ring::UNREAD
                || path.gap > u32::from(GAP_MAX)
                || path.noise + path.gap > HIT_NOISE_MAX
            {
                break;
            }
            if let Some(next) = self.literals.step(state, token.symbol) {
                let consumed = ring.get(path.numbers[path.length - 1]).symbol;
                let both = flags::NOISE | flags::ALPHANUMERIC;
                if detours > 0
                    && token.symbol != consumed
                    && self.symbols.flags(token.symbol) & both != 0
                {
                    let mut detour = path.clone();
                    if self.skip(ring, number, first, &mut detour) {
                        detours -= 1;
                        steps += self.follow(ring, state, detour, number, detours, emit);
                    }
                }
                state = next;
                path.consume(number);
                steps += self.outputs(state, &path, emit);
            } else if !self.skip(ring, number, first, &mut path) {
                break;
            }
        }
        steps
    }

    /// Skips a token that no spelling consumes here, if it may be noise.
    fn skip(&self, ring: &Ring, number: u32, first: u32, path: &mut Path) -> bool {
        let symbol = ring.get(number).symbol;
        let consumed = ring.get(path.numbers[path.length - 1]).symbol;
        if symbol == consumed {
            path.repeats += 1;
            path.between.insert(Disguise::Repeat);
            return path.repeats <= REPEATS_MAX;
        }
        if let Some(class) = self.symbols.noise(symbol) {
            path.gap += u32::from(class.cost());
            path.between.insert(class.disguise());
            return true;
        }
        if number == first {
            return false;
        }
        let alphanumeric =
            |symbol: u16| self.symbols.flags(symbol) & flags::ALPHANUMERIC != 0;
        let before = ring.get(number - 1).symbol;
        // A lone letter or digit between two Chinese characters.
        if alphanumeric(symbol) && !alphanumeric(consumed) && !alphanumeric(before) {
            path.gap += 2;
            path.fillers = true;
            path.between.insert(Disguise::Filler);
            return true;
        }
        // The digit of a tone after a syllable in letters.
        if alphanumeric(before) && self.tone(ring.get(number).start) {
            path.tones = true;
            return true;
        }
        false
    }

    /// Whether the digit of a tone, 1 to 5, stands alone at an offset.
    fn tone(&self, at: u32) -> bool {
        let digits = self.text.get(at as usize..).unwrap_or(&[]);
        matches!(digits, [b'1'..=b'5'])
            || matches!(digits, [b'1'..=b'5', next, ..] if !next.is_ascii_digit())
    }

    fn outputs(&self, state: u32, path: &Path, emit: &mut impl FnMut(u32, &Path)) -> u64 {
        let terms = self.literals.outputs(state);
        terms.iter().for_each(|term| emit(term.get(), path));
        (path.length * terms.len()) as u64
    }

    /// The hit of a term whose spelling was consumed, unless its own
    /// conditions refuse it.
    fn complete(&self, ring: &Ring, index: u32, path: &Path) -> Option<Hit> {
        let hit = self.spelled(ring, index, path)?;
        let term = self.spelling.terms.get(index as usize)?;
        let is_plain = path.between.is_empty();
        (!is_plain || !self.collides(term, hit.start, hit.end)).then_some(hit)
    }

    /// The same, where it may be a word that sounds like the term: a repeat behind
    /// may make it a hit.
    fn spelled(&self, ring: &Ring, index: u32, path: &Path) -> Option<Hit> {
        let term = self.spelling.terms.get(index as usize)?;
        if path.widest > u32::from(term.gap) {
            return None;
        }
        if path.fillers && !term.is(TermRecord::CHINESE) {
            return None;
        }
        let first = path.first_repeat(ring);
        if term.is(TermRecord::START) && !self.opens_clause(ring, first) {
            return None;
        }
        let risks = self.spelling.risks;
        let risk_of =
            |kind: u8| risks.get(usize::from(kind)).map_or(0.0, |risk| risk.get());
        let mut kinds = [EXACT; TOKENS_MAX];
        let letters = self.align(ring, term, path, &mut kinds, &risk_of)?;
        let kinds = &kinds[..letters];
        if path.tones && !kinds.contains(&(Disguise::Pinyin as u8)) {
            return None;
        }

        let (mut start, mut end) = path.span(ring, self.text);
        if first < path.numbers[path.length - 1] {
            start = start.min(ring.get(first).start);
        }
        if kinds.last() == Some(&(Disguise::Pinyin as u8)) {
            let tone = seen_after(self.text, end as usize) as u32;
            if self.tone(tone) {
                end = tone + 1;
            }
        }

        let mut disguises = path.between;
        if first < path.numbers[path.length - 1] {
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
            // Most are no escape.
            let (c, is_escape) = match fold::decode_three_at(self.text, start) {
                Some(code_point) => (char::from_u32(code_point), false),
                None => {
                    let source = self.text.get(start..).and_then(fold::decode_escaped);
                    let c = source.map(|(c, _)| c);
                    (c, source.is_some_and(|(c, length)| length > c.len_utf8()))
                }
            };
            let kind = c.and_then(|c| fold::lookup(c).disguise());
            kind.into_iter().for_each(|kind| disguises.insert(kind));
            if is_escape {
                disguises.insert(Disguise::Escape);
            }
        }
        disguises = disguises.without(Disguise::Case);
        for kind in SPREAD.into_iter().filter(|kind| disguises.contains(*kind)) {
            risk += risk_of(kind as u8);
        }
        let flag = if term.is(TermRecord::EXCEPTION) { Hit::EXCEPTION } else { 0 };
        Some(Hit {
            start,
            end,
            first,
            last: path.numbers[0],
            concept: term.concept.get(),
            whole: ConceptRecord::whole_of(self.spelling.concepts, term.concept.get()),
            flags: flag | self.borders(ring, path, start, end),
            symbols: path.length as u8,
            term: index,
            disguises,
            risk,
        })
    }

    /// Finds for each letter of the term what stands for it, at the least
    /// risk. Fills in the kinds and gives the number of letters.
    fn align(
        &self,
        ring: &Ring,
        term: &TermRecord,
        path: &Path,
        kinds: &mut [u8; TOKENS_MAX],
        risk_of: &impl Fn(u8) -> f32,
    ) -> Option<usize> {
        if path.length == 1 {
            let only = ring.get(path.numbers[0]).symbol;
            let whole = self.ruleset.element_symbols(term.whole);
            if whole.iter().any(|symbol| symbol.get() == only) {
                kinds[0] = Disguise::Emoji as u8;
                return Some(1);
            }
        }
        let atoms = term.atoms.of(self.spelling.atoms);
        let letter = |place: usize| {
            let index = atoms.get(place)?.get() as usize;
            self.spelling.letters.get(index)
        };
        if atoms.len() == path.length {
            let mut each = kinds.iter_mut().zip(path.forward()).enumerate();
            let single =
                |place, number| self.single(letter(place)?, ring.get(number).symbol);
            if each.all(|(place, (kind, number))| {
                single(place, number).map(|found| *kind = found).is_some()
            }) {
                return Some(atoms.len());
            }
        }
        let mut symbols = [0u16; TOKENS_MAX];
        for (place, number) in symbols.iter_mut().zip(path.forward()) {
            *place = ring.get(number).symbol;
        }
        self.align_slowly(atoms.len(), letter, &symbols[..path.length], kinds, risk_of)
    }

    /// Dynamic programming over (letters done, symbols used).
    fn align_slowly<'l>(
        &self,
        letters: usize,
        letter: impl Fn(usize) -> Option<&'l LetterRecord>,
        symbols: &[u16],
        kinds: &mut [u8; TOKENS_MAX],
        risk_of: &impl Fn(u8) -> f32,
    ) -> Option<usize> {
        const ROWS: usize = 33;
        // Cost of the cheapest way to each cell, and how its last letter got there.
        let mut costs = [f32::INFINITY; TOKENS_MAX + 1];
        let mut steps = [[(0u8, 0u8); TOKENS_MAX + 1]; ROWS];
        costs[0] = 0.0;
        if letters >= ROWS {
            return None;
        }
        for (place, row) in steps.iter_mut().enumerate().take(letters) {
            let record = letter(place)?;
            let mut next = [f32::INFINITY; TOKENS_MAX + 1];
            for used in 0..symbols.len() {
                let cost = costs[used];
                if cost.is_infinite() {
                    continue;
                }
                let mut offer = |length: usize, kind: u8| {
                    let to = used + length;
                    let total =
                        cost - risk_of(kind) + if kind == EXACT { 0.0 } else { 0.01 };
                    if to <= symbols.len() && total < next[to] {
                        next[to] = total;
                        row[to] = (length as u8, kind);
                    }
                };
                if let Some(kind) = self.single(record, symbols[used]) {
                    offer(1, kind);
                }
                for sequence in self.ruleset.sequences(record.sequences) {
                    let elements = self.ruleset.elements(sequence.elements);
                    let matches = elements.len() <= symbols.len() - used
                        && elements.iter().zip(&symbols[used..]).all(
                            |(element, symbol)| {
                                let alike = self.ruleset.element_symbols(*element);
                                alike.iter().any(|s| s.get() == *symbol)
                            },
                        );
                    if matches {
                        offer(elements.len(), sequence.kind);
                    }
                }
            }
            costs = next;
        }
        if costs[symbols.len()].is_infinite() {
            return None;
        }
        let mut used = symbols.len();
        for place in (0..letters).rev() {
            let (length, kind) = steps[place][used];
            kinds[place] = kind;
            used = used.checked_sub(usize::from(length))?;
        }
        Some(letters)
    }

    fn single(&self, letter: &LetterRecord, symbol: u16) -> Option<u8> {
        let singles = letter.singles.of(self.spelling.singles);
        let place = singles.binary_search_by_key(&symbol, |s| s.symbol.get()).ok()?;
        singles.get(place).map(|single| single.kind)
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

    /// Whether the span is, without noise, a word that sounds like the term.
    fn collides(&self, term: &TermRecord, start: u32, end: u32) -> bool {
        let words = self.ruleset.collisions(term.collisions);
        if words.is_empty() {
            return false;
        }
        let span = self.text.get(start as usize..end as usize).unwrap_or(&[]);
        let folded = || fold::fold_bytes(span).map(|folded| folded.char);
        let first = folded().next();
        words.iter().any(|word| {
            let plain = self.ruleset.string(*word).chars();
            plain.clone().next() == first && folded().eq(plain)
        })
    }

    /// Flags for ends that are letters or digits and go on in the text.
    fn borders(&self, ring: &Ring, path: &Path, start: u32, end: u32) -> u8 {
        let alphanumeric = |number: u32| {
            self.symbols.flags(ring.get(number).symbol) & flags::ALPHANUMERIC != 0
        };
        let (first, last) = (path.numbers[path.length - 1], path.numbers[0]);
        // Under an override the text goes on where the hit begins.
        let reversed = ring.get(first).start > ring.get(last).start;
        let continues = |at_start: bool| match at_start {
            true => alphanumeric_before(self.text, start as usize),
            false => goes_on(self.text, end as usize),
        };
        let mut open = 0;
        if alphanumeric(first) && continues(!reversed) {
            open |= Hit::OPEN_LEFT;
        }
        if alphanumeric(last) && continues(reversed) {
            open |= Hit::OPEN_RIGHT;
        }
        open
    }
}

impl Path {
    fn consume(&mut self, number: u32) {
        self.numbers[self.length] = number;
        self.length += 1;
        self.widest = self.widest.max(self.gap);
        self.noise += self.gap;
        self.gap = 0;
    }

    /// The first of the repeats, without noise, of the first letter.
    fn first_repeat(&self, ring: &Ring) -> u32 {
        let mut first = self.numbers[self.length - 1];
        let symbol = ring.get(first).symbol;
        let last = ring.first(self.numbers[0]).max(first.saturating_sub(REPEATS_MAX));
        while first > last
            && ring.get(first).gap == 0
            && ring.get(first - 1).symbol == symbol
        {
            first -= 1;
        }
        first
    }

    /// The tokens in the order of the text.
    fn forward(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbers[..self.length].iter().rev().copied()
    }

    fn span(&self, ring: &Ring, text: &[u8]) -> (u32, u32) {
        let (first, last) =
            (ring.get(self.numbers[self.length - 1]), ring.get(self.numbers[0]));
        if first.start <= last.start && !self.between.contains(Disguise::Override) {
            return (first.start, last.end(text));
        }
        // Under an override the first token is not the first of the text.
        self.forward()
            .map(|number| ring.get(number))
            .fold((u32::MAX, 0), |(start, end), token| {
                (start.min(token.start), end.max(token.end(text)))
            })
    }
}

/// Whether visible noise, or nothing, stands before an offset, invisible code
/// points aside.
fn visible_before(text: &[u8], mut at: usize) -> bool {
    while let Some((c, length)) = text.get(..at).and_then(fold::decode_last_escaped) {
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
        let Some((c, length)) = next.filter(|(c, _)| !c.is_ascii()) else { break };
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
        let Some((c, length)) = text.get(..at).and_then(fold::decode_last_escaped) else {
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
/// identifier (five digits or more among them).
fn goes_on(text: &[u8], at: usize) -> bool {
    let rest = fold::fold_bytes(text).starting_at(at);
    let (mut length, mut digits) = (0, 0);
    for folded in rest.take(24).take_while(|folded| folded.char.is_ascii_alphanumeric()) {
        length += 1;
        digits += u32::from(folded.char.is_ascii_digit());
    }
    length > 0 && digits < 5
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use crate::scan::token::LookBack;
    use proptest::prelude::*;

    const PIECES: &[&str] = &[
        "微", "信", "号", "出", "售", "解", "封", "辅", "助", "注", "册", "亻言", "wei",
        "xin", "x1n", "v", "x", "1", "0", "|", " ", "，", "丶", "的", "山", "🌟", "é",
        "\u{200B}",
    ];

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        /// The two steps without a path end no walk that finds a term.
        #[test]
        fn the_first_answer_misses_no_term(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..9),
        ) {
            let (text, ruleset) = (pieces.concat(), crate::Ruleset::builtin());
            let walker = Walker {
                ruleset,
                spelling: ruleset.spelling(),
                symbols: ruleset.symbols(),
                literals: ruleset.literals(),
                text: text.as_bytes(),
            };
            let mut ring = Ring::new();
            let mut back = LookBack::new(&mut ring);
            for (start, c) in text.char_indices().rev() {
                back.take(walker.symbols.cell(c), start);
            }
            back.finish();
            let mut finds = false;
            walker.walk_on(&ring, Ring::LOOK_BACK, &mut |_, _| finds = true);
            prop_assert!(!finds || walker.may_lead_on(&ring, Ring::LOOK_BACK));
        }
    }
}
