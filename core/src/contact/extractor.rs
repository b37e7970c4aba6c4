//! The walk over a stretch of text that finds its identifiers.

use super::border::{is_whole, strokes};
use super::characters::among;
use super::context::{Context, Known, Place};
use super::judge::judge;
use super::run::{self, Run};
use super::window::{self, Window};
use super::words;
use super::{ContactRecord, Kind, Platform, digits, title, url};
use crate::fold::{self, Disguise, FoldedChar};
use crate::ruleset::Ruleset;
use crate::scan::Hit;
use alloc::vec::Vec;
use core::ops::Range;

/// An identifier before the name of its platform.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    run: Run,
    platform: Option<Place>,
    /// Characters that may still come before the name.
    patience: u8,
}

/// One walk over one stretch.
pub(super) struct Extractor<'e> {
    ruleset: &'e Ruleset<'e>,
    known: Known,
    text: &'e [u8],
    hits: &'e [Hit],
    /// Hits that end before the place that is looked at.
    passed: usize,
    /// The bytes of the next hit that names a platform, once it is looked up.
    next_name: Range<usize>,
    context: Context,
    waiting: Option<Waiting>,
    found: &'e mut Vec<ContactRecord>,
    /// Labels before this byte are no domains; see [`url::read`].
    barren: usize,
    steps: u64,
    /// Whether an identifier had no room.
    pub(super) is_full: bool,
}

/// A platform that a hit names.
#[derive(Clone, Copy, Debug)]
struct Named {
    platform: u8,
    /// Bytes of the text.
    start: usize,
    end: usize,
    /// It is another word that sounds alike.
    is_doubtful: bool,
}

/// Hits that are looked at for one character.
const HITS_MAX: usize = 32;

impl<'e> Extractor<'e> {
    pub(super) fn new(
        ruleset: &'e Ruleset<'e>,
        text: &'e [u8],
        hits: &'e [Hit],
        found: &'e mut Vec<ContactRecord>,
    ) -> Extractor<'e> {
        let (known, context) = (Known::of(ruleset), Context::default());
        Extractor {
            ruleset,
            known,
            text,
            hits,
            passed: 0,
            next_name: 0..0,
            context,
            waiting: None,
            found,
            barren: 0,
            steps: 0,
            is_full: false,
        }
    }

    /// Walks over the stretch and adds what it finds. Returns the steps taken.
    pub(super) fn run(&mut self, range: Range<usize>) -> u64 {
        self.walk(range, true)
    }

    /// The same, where `may_skip` says whether what is plain is passed over.
    fn walk(&mut self, range: Range<usize>, may_skip: bool) -> u64 {
        let mut at = self.skip_rest_of_word(range.start);
        let mut before = ' ';
        let mut window = Window::new(self.text, at);
        while at < range.end {
            if may_skip && self.is_idle() {
                at = self.skip_plain(at..range.end, &mut before);
            }
            window.move_to(at);
            let Some(folded) = window.get(0) else { break };
            // An invisible code point may have been left out.
            at = folded.start;
            if at >= range.end {
                break;
            }
            at = self.step(folded, before, &mut window);
            before = folded.char;
            self.settle(false);
            self.steps += window.take_asked();
        }
        self.settle(true);
        self.steps
    }

    /// Whether nothing is expected: no platform has been named of late, and no
    /// identifier waits for one.
    fn is_idle(&self) -> bool {
        !self.context.is_alive() && self.waiting.is_none()
    }

    /// Goes over characters that say nothing where nothing is expected, which nearly
    /// all Chinese does.
    fn skip_plain(&mut self, range: Range<usize>, before: &mut char) -> usize {
        let mut at = range.start;
        let end = self.next_name(at).min(range.end);
        let start = at;
        loop {
            while let Some(eight) = self.text.get(at..end).and_then(<[u8]>::first_chunk)
                && let Some(both) = fold::bits_of_two_threes(u64::from_le_bytes(*eight))
                && both.iter().all(|code_point| words::QUIET.has(*code_point))
            {
                at += 6;
            }
            if at >= end {
                break;
            }
            let Some(length) = self.quiet_at(at) else { break };
            at += length;
        }
        self.steps += (at - start) as u64;
        let last = self.text.get(start..at).and_then(fold::decode_last);
        if let Some(c) = last.and_then(|(c, _)| fold::lookup(c).only()) {
            *before = c;
        }
        at
    }

    /// The length of the character at a place, if it says nothing where nothing is
    /// expected.
    #[inline]
    fn quiet_at(&self, at: usize) -> Option<usize> {
        let first = self.text.get(at)?;
        if first.is_ascii() {
            let is_blank = matches!(first, b' ' | b'\t' | b'\n' | b'\r');
            let is_sign = first.is_ascii_punctuation() && !fold::begins_escape(*first);
            return (is_blank || is_sign).then_some(1);
        }
        let code_point = |at: usize| fold::decode_three_at(self.text, at);
        let own = code_point(at)?;
        if !words::QUIET.has(own as u16) {
            // Half of a pair that is none says nothing either.
            let plain =
                |code_point: u32| char::from_u32(fold::only_seen(code_point as u16)?);
            let c = plain(own).filter(|c| words::begins_pair(*c))?;
            let next = plain(code_point(at + 3)?)?;
            if words::lone(c).is_some() || words::pair(c, next).is_some() {
                return None;
            }
        }
        Some(3)
    }

    /// Where the next hit begins that names a platform, or the one that a place is in.
    #[inline]
    fn next_name(&mut self, at: usize) -> usize {
        if at >= self.next_name.end {
            self.next_name = self.find_name(at);
        }
        self.next_name.start
    }

    /// The bytes of the first hit that names a platform and ends behind a place; where
    /// there is none, those behind the text.
    fn find_name(&mut self, at: usize) -> Range<usize> {
        self.steps += self.hits.len() as u64;
        let concepts = self.ruleset.concept_records();
        let names = |hit: &&Hit| {
            let concept = concepts.get(usize::from(hit.concept));
            hit.end as usize > at && concept.is_some_and(|c| c.platform > 0)
        };
        let named = self.hits.iter().filter(names).min_by_key(|hit| hit.start);
        named.map_or(usize::MAX..usize::MAX, |hit| hit.start as usize..hit.end as usize)
    }

    /// The end of the word that the stretch begins in the middle of.
    fn skip_rest_of_word(&self, start: usize) -> usize {
        let before = self.text.get(..start).and_then(fold::decode_last);
        if !before.is_some_and(|(c, _)| fold::lookup(c).first().is_ascii_alphanumeric()) {
            return start;
        }
        let rest = fold::fold_bytes(self.text).starting_at(start);
        let inside = rest.take_while(|folded| folded.char.is_ascii_alphanumeric());
        inside.last().map_or(start, |folded| folded.end)
    }

    /// Looks at one character, which is the first of the window, or at what begins
    /// with it. Returns where to go on.
    fn step(
        &mut self,
        folded: FoldedChar,
        before: char,
        window: &mut Window<'_>,
    ) -> usize {
        let (at, c, next) = (folded.start, folded.char, window.char(1));
        let is_word = c.is_ascii_alphanumeric();
        if is_word && let Some(end) = self.address(window) {
            return end;
        }
        let (term, pattern) = self.named(at);
        if let Some(term) = term {
            self.name(Place::Named(term.platform), false, term.end);
            self.context.is_doubtful = term.is_doubtful;
            return term.end;
        }
        if let Some(pattern) = pattern
            && pattern.start < at
        {
            let place = Place::Named(pattern.platform);
            if self.context.place != Some(place) || self.context.is_used {
                self.name(place, false, pattern.end);
            } else {
                (self.context.noise, self.context.connectors, self.context.foreign) =
                    (0, 0, 0);
            }
        }
        let spelled = self.context.is_alive() && self.context.foreign == 0;
        if is_word || (spelled && digits::read(c).is_some()) {
            let mut end = self.word(window, before == '@', spelled);
            if is_word && end.is_none() {
                end = Some(self.pass_run(window));
            }
            if let Some(end) = end {
                return end;
            }
        }
        if c == title::FIRST
            && let Some(wechat) = self.known.wechat
            && let Some(title) = title::read(window)
        {
            let end = title.end;
            self.push(Platform::Named(wechat), Kind::Title, title);
            self.context.clear();
            return end;
        }
        if let Some(place) = words::pair(c, next).and_then(|word| self.known.place(word))
        {
            let end = window.end(2);
            self.name(place, true, end);
            return end;
        }
        let stroke = c == '\\' && matches!(next, '/' | ' ');
        if stroke && let Some(end) = strokes(self.text, folded.end) {
            if let Some(wechat) = self.known.wechat {
                self.name(Place::Named(wechat), true, end);
            }
            return end;
        }
        if let Some(place) = words::lone(c).and_then(|word| self.known.place(word)) {
            self.name(place, true, folded.end);
            return folded.end;
        }
        self.context.pass(&folded);
        if let Some(waiting) = &mut self.waiting
            && waiting.platform.is_none()
        {
            let cost = if folded.fold.noise().is_some() || among!("请加添佳伽家茄迦我", c)
            {
                1
            } else {
                4
            };
            waiting.patience = waiting.patience.saturating_sub(cost);
        }
        folded.end
    }

    /// The platform whose name covers a place: in a term, and in a pattern.
    fn named(&mut self, at: usize) -> (Option<Named>, Option<Named>) {
        if at < self.next_name(at) {
            return (None, None);
        }
        while self.hits.get(self.passed).is_some_and(|hit| hit.end as usize <= at) {
            self.passed += 1;
        }
        let (mut term, mut pattern) = (None::<Named>, None);
        let hits = self.hits;
        for hit in hits.iter().skip(self.passed).take(HITS_MAX) {
            self.steps += 1;
            let (start, end) = (hit.start as usize, hit.end as usize);
            let concept = self.ruleset.concept_records().get(usize::from(hit.concept));
            let platform = concept.and_then(|concept| concept.platform.checked_sub(1));
            let (Some(platform), true) = (platform, (start..end).contains(&at)) else {
                continue;
            };
            let doubtful = [Disguise::Homophone, Disguise::NearHomophone];
            let is_doubtful =
                doubtful.into_iter().any(|kind| hit.disguises.contains(kind));
            let named = Named { platform, start, end, is_doubtful };
            if hit.term == Hit::PATTERN {
                pattern = pattern.or(Some(named));
            } else if term.is_none_or(|term| term.end < end)
                && is_whole(self.text, start, end)
            {
                term = Some(named);
            }
        }
        (term, pattern)
    }

    /// Takes note of a name that ends at `end`, for what follows and for an
    /// identifier that waits for it.
    fn name(&mut self, place: Place, is_lone: bool, end: usize) {
        self.context.name(place, is_lone);
        let Some(waiting) = &mut self.waiting else { return };
        if waiting.platform.is_some() || !matches!(place, Place::Named(_)) {
            return;
        }
        if waiting.patience == 0 {
            self.waiting = None;
            return;
        }
        // Said after the identifier only if no sentence goes on with it.
        let mut after = fold::fold_bytes(self.text).starting_at(end);
        let goes_on = after.next().is_some_and(|next| {
            next.fold.noise().is_none() && !among!("同号加联微薇q聊找信芯心新", next.char)
        });
        match goes_on {
            true => self.waiting = None,
            false => waiting.platform = Some(place),
        }
    }

    /// Gives the waiting identifier, once it is clear that the platform after
    /// it has no other.
    fn settle(&mut self, end: bool) {
        let Some(Waiting { run, platform, patience }) = self.waiting else { return };
        match platform {
            Some(Place::Named(named)) if end || !self.context.is_alive() => {
                let qq = self.known.qq == Some(named);
                if !qq || run.kind == Kind::Digits {
                    self.push(Platform::Named(named), run.kind, run.start..run.end);
                }
                self.waiting = None;
            }
            None if patience == 0 => self.waiting = None,
            _ => {}
        }
    }

    /// A link, a domain or a mail address at the window's place.
    fn address(&mut self, window: &mut Window<'_>) -> Option<usize> {
        let address = url::read(self.text, window, &mut self.barren)?;
        let platform = if address.is_mail { Platform::Unknown } else { Platform::Url };
        let end = address.range.end;
        if !address.is_service {
            self.push(platform, Kind::Url, address.range);
        }
        if let (Some(name), Some(telegram)) = (address.telegram, self.known.telegram) {
            self.push(Platform::Named(telegram), Kind::Name, name);
        }
        self.context.clear();
        Some(end)
    }

    /// An identifier, or letters that announce one. Returns its end.
    fn word(
        &mut self,
        window: &mut Window<'_>,
        at_sign: bool,
        spelled: bool,
    ) -> Option<usize> {
        let length =
            (0..24).take_while(|n| window.char(*n).is_ascii_alphanumeric()).count();
        let letters =
            (0..length).take_while(|n| window.char(*n).is_ascii_lowercase()).count();
        let announced = words::letters(|word| window.is(0, letters, word))
            .and_then(|word| self.known.place(word));
        if let Some(place) = announced
            && !at_sign
            && window.char(length) != '_'
            && window.char(length) != '-'
        {
            if letters == length {
                let end = window.end(length);
                self.name(place, true, end);
                return Some(end);
            }
            // The digits follow without a gap: `q12345678`.
            let named = matches!(self.context.place, Some(Place::Named(_)))
                && !self.context.is_used
                && self.context.reaches();
            let run = run::read(window, letters, false);
            if let Some(run) = run
                && run.kind == Kind::Digits
                && run.digits >= 6
                && (!named || self.known.qq.map(Place::Named) == self.context.place)
            {
                self.context.name(place, true);
                if let Some(platform) =
                    judge(&self.context, &self.known, window, letters, &run, false)
                {
                    return Some(self.accept(platform, &run));
                }
            }
        }
        let run = run::read(window, 0, spelled)?;
        if let Some(platform) =
            judge(&self.context, &self.known, window, 0, &run, at_sign)
        {
            return Some(self.accept(platform, &run));
        }
        let may_wait = match run.kind {
            Kind::Digits => (7..=run::DIGITS_MAX).contains(&run.digits) && !run.is_date,
            _ => run.digits >= 3 && run.letters >= 2 && (6..=20).contains(&run.length),
        };
        if may_wait && self.waiting.is_none_or(|waiting| waiting.platform.is_none()) {
            self.waiting = Some(Waiting { run, platform: None, patience: 5 });
            self.context.pass_run(run.length);
            return Some(run.end);
        }
        None
    }

    fn accept(&mut self, platform: Platform, run: &Run) -> usize {
        self.waiting = None;
        self.push(platform, run.kind, run.start..run.end);
        self.context.use_up();
        run.end
    }

    /// Passes over letters and digits that are no identifier.
    fn pass_run(&mut self, window: &mut Window<'_>) -> usize {
        let length = (0..window::WINDOW)
            .take_while(|n| window.char(*n).is_ascii_alphanumeric())
            .count();
        self.context.pass_run(length);
        if let Some(waiting) = &mut self.waiting
            && waiting.platform.is_none()
        {
            waiting.patience = 0;
        }
        window.end(length.max(1))
    }

    /// Adds an identifier in the order of the text, unless it is there.
    fn push(&mut self, platform: Platform, kind: Kind, range: Range<usize>) {
        let (start, end) = (range.start as u32, range.end as u32);
        let known = self.found.iter_mut().find(|other| {
            let nested = (other.kind == Kind::Url) != (kind == Kind::Url);
            other.start < end && start < other.end && !nested
        });
        if let Some(known) = known {
            // An earlier stretch did not see the platform.
            let told = matches!(known.platform, Platform::Named(_) | Platform::Url);
            if !told && matches!(platform, Platform::Named(_)) && known.start == start {
                *known = ContactRecord { platform, kind, start, end };
            }
            return;
        }
        if self.found.len() == self.found.capacity() {
            self.is_full = true;
            return;
        }
        let place = self.found.partition_point(|other| other.start <= start);
        self.found.insert(place, ContactRecord { platform, kind, start, end });
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PIECES: &[&str] = &[
        "微",
        "信",
        "微信",
        "VX",
        "QQ",
        "扣扣",
        "电报",
        "号",
        "：",
        ":",
        "，",
        "。",
        "\n",
        " ",
        "@",
        "abc12345",
        "1380013",
        "8888",
        "wxid_77",
        "一三八零零",
        "老板",
        "加我",
        "加",
        "我",
        "进",
        "群",
        "口",
        "电话",
        "公众号",
        "搜",
        "“山水”",
        "山",
        "水",
        "天地",
        "流群",
        "☎",
        "❶",
        "ｖ",
        "\\/",
        ".",
        ",",
        "/",
        "com",
        "x.com/ab",
        "é",
        "🌟",
        "\u{200B}",
        "&#24494;",
    ];

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        /// What is passed over would have said nothing.
        #[test]
        fn plain_characters_say_nothing(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..16),
            named in proptest::collection::vec((0usize..40, 1usize..8), 0..3),
        ) {
            let (text, ruleset) = (pieces.concat(), crate::Ruleset::builtin());
            let concepts = ruleset.concept_records();
            let platform = concepts.iter().position(|concept| concept.platform > 0).unwrap();
            let mut hits: Vec<Hit> = named
                .into_iter()
                .map(|(start, length)| Hit {
                    start: start as u32,
                    end: (start + length) as u32,
                    concept: platform as u16,
                    ..Hit::default()
                })
                .collect();
            hits.sort_by_key(|hit| hit.end);
            let extract = |may_skip: bool| {
                let mut found = Vec::with_capacity(64);
                let text = text.as_bytes();
                let mut extractor = Extractor::new(ruleset, text, &hits, &mut found);
                extractor.walk(0..text.len(), may_skip);
                found
            };
            prop_assert_eq!(extract(true), extract(false));
        }
    }
}
