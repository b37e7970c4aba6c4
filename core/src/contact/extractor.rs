//! The walk over a stretch of text that finds its identifiers.

use super::context::{Context, Known, Place};
use super::run::{self, Run};
use super::window::{self, Window};
use super::words::{self, Word};
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
    context: Context,
    waiting: Option<Waiting>,
    found: &'e mut Vec<ContactRecord>,
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
        Extractor { ruleset, known, text, hits, passed: 0, context, waiting: None, found }
    }

    /// Walks over the stretch and adds what it finds.
    pub(super) fn run(&mut self, range: Range<usize>) {
        let mut at = self.skip_rest_of_word(range.start);
        let mut before = ' ';
        while at < range.end {
            let mut rest = fold::fold_bytes(self.text).starting_at(at);
            let Some(folded) = rest.next() else { break };
            // An invisible code point may have been left out.
            at = folded.start;
            if at >= range.end {
                break;
            }
            at = self.step(folded, rest.next().map_or(' ', |next| next.char), before);
            before = folded.char;
            self.settle(false);
        }
        self.settle(true);
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

    /// Looks at one character, or at what begins with it. Returns where to go
    /// on.
    fn step(&mut self, folded: FoldedChar, next: char, before: char) -> usize {
        let (at, c) = (folded.start, folded.char);
        let is_word = c.is_ascii_alphanumeric();
        if is_word && let Some(end) = self.address(at) {
            return end;
        }
        let (literal, pattern) = self.named(at);
        if let Some((platform, end, is_doubtful)) = literal {
            self.name(Place::Named(platform), false, end);
            self.context.is_doubtful = is_doubtful;
            return end;
        }
        if let Some((platform, start, end)) = pattern
            && start < at
        {
            let place = Place::Named(platform);
            if self.context.place != Some(place) || self.context.is_used {
                self.name(place, false, end);
            } else {
                (self.context.noise, self.context.connectors, self.context.foreign) =
                    (0, 0, 0);
            }
        }
        let spelled = self.context.is_alive() && self.context.foreign == 0;
        if is_word || (spelled && digits::read(c).is_some()) {
            let mut window = Window::new(self.text, at);
            if let Some(end) = self.word(&mut window, before == '@', spelled) {
                return end;
            }
            if is_word {
                return self.pass_run(&mut window);
            }
        }
        if c == '公'
            && let Some(wechat) = self.known.wechat
            && let Some(title) = title::read(&mut Window::new(self.text, at))
        {
            let end = title.end;
            self.push(Platform::Named(wechat), Kind::Title, title);
            self.context.clear();
            return end;
        }
        if let Some(place) = words::pair(c, next).and_then(|word| self.known.place(word))
        {
            let second = fold::fold_bytes(self.text).starting_at(folded.end).next();
            let end = second.map_or(folded.end, |second| second.end);
            self.name(place, true, end);
            return end;
        }
        let stroke = c == '\\' && matches!(next, '/' | ' ');
        if stroke && let Some(end) = self.strokes(folded.end) {
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
            let cost = if folded.fold.noise().is_some()
                || "请加添佳伽家茄迦我".contains(c)
            {
                1
            } else {
                4
            };
            waiting.patience = waiting.patience.saturating_sub(cost);
        }
        folded.end
    }

    /// `\/`, a letter V drawn with strokes.
    fn strokes(&self, mut at: usize) -> Option<usize> {
        for _ in 0..2 {
            let folded = fold::fold_bytes(self.text).starting_at(at).next()?;
            match folded.char {
                '/' => return Some(folded.end),
                ' ' => at = folded.end,
                _ => return None,
            }
        }
        None
    }

    /// The platform whose name covers a place: of a term, with its end and whether it is
    /// doubtful; of a
    /// pattern, with its start and end.
    fn named(
        &mut self,
        at: usize,
    ) -> (Option<(u8, usize, bool)>, Option<(u8, usize, usize)>) {
        while self.hits.get(self.passed).is_some_and(|hit| hit.end as usize <= at) {
            self.passed += 1;
        }
        let (mut literal, mut pattern) = (None::<(u8, usize, bool)>, None);
        for hit in self.hits.iter().skip(self.passed).take(HITS_MAX) {
            let concept = self.ruleset.concept_records().get(usize::from(hit.concept));
            let platform = concept.and_then(|concept| concept.platform.checked_sub(1));
            let (Some(platform), true) = (platform, hit.start as usize <= at) else {
                continue;
            };
            if (hit.end as usize) <= at {
                continue;
            }
            if hit.term == Hit::PATTERN {
                pattern =
                    pattern.or(Some((platform, hit.start as usize, hit.end as usize)));
            } else if literal.is_none_or(|(_, end, _)| end < hit.end as usize)
                && self.is_whole(hit.start as usize, hit.end as usize)
            {
                let doubtful = [Disguise::Homophone, Disguise::NearHomophone];
                let is_doubtful =
                    doubtful.into_iter().any(|kind| hit.disguises.contains(kind));
                literal = Some((platform, hit.end as usize, is_doubtful));
            }
        }
        (literal, pattern)
    }

    /// Whether a name that ends at a place does not end inside a word, unless
    /// the digits of its identifier follow: `加q12345` but not `加qazx12345`.
    fn is_whole(&self, start: usize, end: usize) -> bool {
        // The letters at the end of the name, the last first.
        let mut tail = [' '; 8];
        let (mut length, mut at) = (0, end);
        while let Some((c, width)) = self.text.get(..at).and_then(fold::decode_last) {
            let c = fold::lookup(c).first();
            if length == tail.len() || !c.is_ascii_alphanumeric() {
                break;
            }
            tail[length] = c;
            length += 1;
            at -= width;
        }
        if length == 0 {
            return true;
        }
        let rest = fold::fold_bytes(self.text).starting_at(end).take(24);
        let (mut digits, mut letters, mut hyphen) = (0, 0, false);
        for c in rest.map(|next| next.char) {
            match c {
                '0'..='9' => digits += 1,
                'a'..='z' => letters += 1,
                '-' | '_' if digits == 0 => hyphen = true,
                _ => break,
            }
        }
        let known =
            words::letters(|word| tail[..length].iter().rev().copied().eq(word.chars()));
        match (digits, letters) {
            (0, 0) => true,
            (0, _) => false,
            (_, _) if hyphen => true,
            (4.., 0) => known.is_some(),
            // `加vabc123`; for others the letters are the identifier's.
            (3.., _) => {
                known == Some(Word::Platform("wechat")) && start < at && self.is_close(at)
            }
            _ => false,
        }
    }

    /// Whether a letter, not a mark, stands right before a place.
    fn is_close(&self, at: usize) -> bool {
        let before = self.text.get(..at).and_then(fold::decode_last);
        before.is_some_and(|(c, _)| fold::lookup(c).noise().is_none())
    }

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
            next.fold.noise().is_none()
                && !"同号加联微薇q聊找信芯心新".contains(next.char)
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

    /// A link, a domain or a mail address at a place.
    fn address(&mut self, at: usize) -> Option<usize> {
        let mut window = Window::new(self.text, at);
        let address = url::read(self.text, &mut window)?;
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
                if let Some(platform) = self.judge(window, letters, &run, false) {
                    return Some(self.accept(platform, &run));
                }
            }
        }
        let run = run::read(window, 0, spelled)?;
        if let Some(platform) = self.judge(window, 0, &run, at_sign) {
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

    /// The platform of a run, if it is an identifier here.
    fn judge(
        &self,
        window: &mut Window<'_>,
        from: usize,
        run: &Run,
        at_sign: bool,
    ) -> Option<Platform> {
        let context = &self.context;
        let is_number = run.kind == Kind::Digits;
        let counted = digits::is_unit(run.next) && run.digits <= 7;
        let phone = is_number && run.digits == 11 && {
            window.char(from) == '1' && matches!(window.char(from + 1), '3'..='9')
        };
        if is_number && (run.is_date || counted || run.digits > run::DIGITS_MAX) {
            return None;
        }
        let plain = run.digits == 0 && run.length == run.letters;
        let common = plain && words::is_common(|word| window.is(from, run.length, word));
        let amount = !is_number && run.digits <= 6 && {
            // Digits, then a few letters: `500usdt`.
            let digits =
                (0..run.length).take_while(|n| window.char(from + n).is_ascii_digit());
            digits.count() == run.digits && run.digits > 0 && run.letters <= 4
        };
        let is_name = |least: usize, most: usize| {
            !is_number && !common && !amount && (least..=most).contains(&run.length)
        };
        if at_sign && !is_number && (5..=32).contains(&run.length) {
            let telegram = self.known.telegram.map(Place::Named);
            let open = context
                .place
                .is_none_or(|place| matches!(place, Place::Person | Place::Me));
            let bot =
                (3..run.length).any(|n| n == run.length - 3 && window.is(n, 3, "bot"));
            if context.place == telegram || (open && (context.is_alive() || bot)) {
                return self.known.telegram.map(Platform::Named);
            }
        }
        if !context.reaches() {
            return phone.then_some(Platform::Phone);
        }
        let digits = run.digits;
        match context.place {
            Some(Place::Named(platform)) => {
                let qq = self.known.qq == Some(platform);
                let least = match context.foreign {
                    1.. => 7,
                    _ if context.is_lone => 6,
                    _ => 5,
                };
                let found = match is_number {
                    true if qq => (least.min(6)..=11).contains(&digits),
                    true => (least..=run::DIGITS_MAX).contains(&digits),
                    false if qq => false,
                    false if plain && (context.is_lone || context.is_doubtful) => {
                        context.after_colon && !context.is_broken && is_name(6, 20)
                    }
                    false if plain => {
                        // Words often stand next to the names of other platforms.
                        let chat = [self.known.wechat, self.known.telegram]
                            .contains(&Some(platform));
                        let close = context.foreign == 0 && !context.is_broken;
                        let told = chat || context.after_colon || at_sign;
                        close && told && !context.is_used && is_name(6, 32)
                    }
                    false
                        if digits < 2
                            && !context.after_colon
                            && (context.is_lone || context.is_doubtful) =>
                    {
                        false
                    }
                    false => is_name(least, 32),
                };
                found.then_some(Platform::Named(platform))
            }
            Some(Place::Phone) => (is_number && (7..=run::DIGITS_MAX).contains(&digits))
                .then_some(Platform::Phone),
            Some(Place::Group) if is_number && (6..=11).contains(&digits) => {
                Some(self.known.qq.map_or(Platform::Unknown, Platform::Named))
            }
            Some(Place::Person | Place::Me) if phone => Some(Platform::Phone),
            Some(Place::Person | Place::Me) if context.is_used => None,
            Some(place @ (Place::Person | Place::Me)) => {
                let number = is_number && (6..=run::DIGITS_MAX).contains(&digits);
                let told = !plain || (place == Place::Me && context.noise == 0);
                (number || (told && is_name(6, 20))).then_some(Platform::Unknown)
            }
            _ => phone.then_some(Platform::Phone),
        }
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
            return;
        }
        let place = self.found.partition_point(|other| other.start <= start);
        self.found.insert(place, ContactRecord { platform, kind, start, end });
    }
}
