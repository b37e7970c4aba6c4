//! What may stand for each letter of a term, by the data tables alone.

use huoyan::fold::{self, Disguise, DisguiseSet, Noise};
use huoyan::pack;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// What stands for a letter: the letter itself, or a disguise.
pub(crate) type Kind = Option<Disguise>;

/// One letter of a term, with all that may stand for it.
#[derive(Default, Debug)]
pub(crate) struct Letter {
    /// One code point for one, with every kind that it may be.
    pub(crate) singles: HashMap<char, Vec<Kind>>,
    /// Several code points for one.
    pub(crate) sequences: Vec<(Vec<char>, Disguise)>,
}

/// One term of a pack, or one term in reverse.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) concept: String,
    /// As the pack spells it.
    pub(crate) text: String,
    /// What the pack says that it means, else the same.
    pub(crate) means: String,
    /// Disguises that it is by itself.
    pub(crate) wears: DisguiseSet,
    pub(crate) letters: Vec<Letter>,
    /// Code points that stand for the whole term.
    pub(crate) whole: HashSet<char>,
    pub(crate) gap: u32,
    /// Two hanzi or more: fillers are allowed.
    pub(crate) chinese: bool,
    pub(crate) reversed: bool,
    pub(crate) exception: bool,
    /// Only at the start of a clause.
    pub(crate) start: bool,
    /// For each letter the syllables that a word which sounds like the term
    /// may have; empty if the term does not expect common homophones.
    pub(crate) sounds: Vec<HashSet<&'static str>>,
}

impl Term {
    pub(crate) fn new(
        concept: &str,
        source: &pack::Term,
        exception: bool,
        reversed: bool,
    ) -> Term {
        let tables = Tables::get();
        let mut disguises = source.disguises;
        if source.plain.len() == 1 {
            // A single character spelled as letters or parts is no word.
            use Disguise::*;
            for kind in [Split, Pinyin, Initials, Bopomofo] {
                disguises = disguises.without(kind);
            }
        }
        if reversed {
            // Reversed and risky at once would be anything.
            use Disguise::*;
            disguises = [RareHomophone, Variant, Component].into_iter().collect();
        }
        let mut letters: Vec<Letter> =
            source.plain.iter().map(|c| tables.letter(*c, disguises)).collect();
        if reversed {
            letters.reverse();
        }
        let near = source.disguises.contains(Disguise::NearHomophone);
        let sounds = match near || source.disguises.contains(Disguise::Homophone) {
            true => source.plain.iter().map(|c| tables.sounds(*c, near)).collect(),
            false => Vec::new(),
        };
        let emoji = source.disguises.contains(Disguise::Emoji) && !reversed;
        let whole = if emoji { tables.whole(&source.plain) } else { HashSet::new() };
        Term {
            concept: concept.to_owned(),
            text: source.text.clone(),
            means: source.means.clone().unwrap_or_else(|| source.text.clone()),
            wears: source.wears,
            letters,
            whole,
            gap: u32::from(source.gap),
            chinese: source.plain.iter().filter(|c| is_hanzi(**c)).count() >= 2,
            reversed,
            exception,
            start: source.start,
            sounds,
        }
    }

    /// Whether a text without any noise is a word that sounds like the term
    /// and is another: 威信 for 微信.
    pub(crate) fn collides(&self, text: &str) -> bool {
        let plain: String = fold::fold(text).map(|folded| folded.char).collect();
        let same = plain.chars().eq(fold::fold(&self.text).map(|folded| folded.char));
        let readings = Tables::get().words.get(plain.as_str()).into_iter().flatten();
        !same
            && !self.sounds.is_empty()
            && readings.into_iter().any(|reading| {
                let syllables: Vec<&str> = reading.split(' ').collect();
                syllables.len() == self.sounds.len()
                    && syllables.iter().zip(&self.sounds).all(|(s, of)| of.contains(s))
            })
    }
}

/// Whether a text folds to a word of the dictionary.
pub(crate) fn is_word(text: &str) -> bool {
    let plain: String = fold::fold(text).map(|folded| folded.char).collect();
    Tables::get().words.contains_key(plain.as_str())
}

fn is_hanzi(c: char) -> bool {
    matches!(c as u32, 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x2_0000..=0x3_FFFF)
}

/// The data tables, as they stand in the files.
pub(crate) struct Tables {
    /// By syllable: standard characters, rare characters.
    pinyin: HashMap<&'static str, (&'static str, &'static str)>,
    /// Syllables that sound almost alike, by their [`rough`] sound.
    alike: HashMap<String, Vec<&'static str>>,
    /// The syllables of a hanzi, by `pinyin`.
    readings: HashMap<char, Vec<&'static str>>,
    bopomofo: HashMap<&'static str, Vec<&'static str>>,
    component: HashMap<char, &'static str>,
    split: HashMap<char, Vec<&'static str>>,
    glyph: HashMap<char, &'static str>,
    latin: HashMap<char, Vec<&'static str>>,
    /// By what they are a variant of.
    variant: HashMap<char, Vec<char>>,
    emoji: Vec<(char, Vec<&'static str>)>,
    /// Dictionary words with their readings, `wei xin`.
    words: HashMap<&'static str, Vec<&'static str>>,
    /// Code points by the one character that they fold to.
    dress: HashMap<char, Vec<char>>,
}

macro_rules! rows {
    ($name:literal) => {
        include_str!(concat!("../../data/", $name))
            .lines()
            .filter(|line| !line.starts_with("# "))
            .filter_map(|line| line.split_once('\t'))
    };
}

impl Tables {
    pub(crate) fn get() -> &'static Tables {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| {
            let key = |text: &str| text.chars().next().expect("a row has a key");
            let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
            let mut dress: HashMap<char, Vec<char>> = HashMap::new();
            for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
                let targets: Vec<char> = fold::lookup(c).chars().collect();
                if let [target] = targets[..]
                    && target != c
                {
                    dress.entry(target).or_default().push(c);
                }
            }
            let pinyin: Vec<_> = rows!("pinyin.tsv")
                .map(|(syllable, rest)| {
                    (syllable, rest.split_once('\t').unwrap_or((rest, "")))
                })
                .collect();
            let mut readings: HashMap<char, Vec<&'static str>> = HashMap::new();
            let mut alike: HashMap<String, Vec<&'static str>> = HashMap::new();
            for (syllable, (standard, rare)) in &pinyin {
                alike.entry(rough(syllable)).or_default().push(syllable);
                for c in standard.chars().chain(rare.chars()) {
                    readings.entry(c).or_default().push(syllable);
                }
            }
            let mut by_word: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
            for (reading, words) in rows!("words.tsv") {
                for word in words.split(' ') {
                    by_word.entry(word).or_default().push(reading);
                }
            }
            let mut variant: HashMap<char, Vec<char>> = HashMap::new();
            for (source, targets) in rows!("variant.tsv") {
                for target in targets.chars() {
                    variant.entry(target).or_default().push(key(source));
                }
            }
            Tables {
                pinyin: pinyin.into_iter().collect(),
                alike,
                readings,
                bopomofo: rows!("bopomofo.tsv").map(|(s, b)| (s, words(b))).collect(),
                component: rows!("component.tsv").map(|(c, h)| (key(c), h)).collect(),
                split: rows!("split.tsv").map(|(c, s)| (key(c), words(s))).collect(),
                glyph: rows!("glyph.tsv").map(|(c, g)| (key(c), g)).collect(),
                latin: rows!("latin.tsv").map(|(c, l)| (key(c), words(l))).collect(),
                variant,
                emoji: rows!("emoji.tsv").map(|(e, w)| (key(e), words(w))).collect(),
                words: by_word,
                dress,
            }
        })
    }

    /// Code points that fold to a character, itself not among them.
    pub(crate) fn dresses(&self, c: char) -> &[char] {
        self.dress.get(&c).map_or(&[], Vec::as_slice)
    }

    fn syllables(&self, c: char) -> &[&'static str] {
        self.readings.get(&c).map_or(&[], Vec::as_slice)
    }

    fn standard(&self, syllable: &str) -> &'static str {
        self.pinyin.get(syllable).map_or("", |row| row.0)
    }

    fn rare(&self, syllable: &str) -> &'static str {
        self.pinyin.get(syllable).map_or("", |row| row.1)
    }

    /// Other syllables that sound almost alike.
    fn near(&self, syllable: &str) -> Vec<&'static str> {
        let alike = self.alike.get(&rough(syllable)).into_iter().flatten().copied();
        alike.filter(|other| *other != syllable).collect()
    }

    /// The syllables of a hanzi, and those that sound almost alike.
    fn sounds(&self, c: char, near: bool) -> HashSet<&'static str> {
        let own = self.syllables(c).iter().copied();
        match near {
            true => own.clone().chain(own.flat_map(|s| self.near(s))).collect(),
            false => own.collect(),
        }
    }

    fn letter(&self, c: char, disguises: DisguiseSet) -> Letter {
        let mut letter = Letter::default();
        letter.single(c, None);
        let on = |kind: Disguise| disguises.contains(kind);
        if !is_hanzi(c) {
            for text in
                self.latin.get(&c).into_iter().flatten().filter(|_| on(Disguise::Glyph))
            {
                letter.spelled(text, Disguise::Glyph);
            }
            return letter;
        }
        let syllables = self.syllables(c);
        let add = |letter: &mut Letter, chars: &str, kind: Disguise| {
            if on(kind) {
                chars.chars().for_each(|c| letter.single(c, Some(kind)));
            }
        };
        for source in self.variant.get(&c).into_iter().flatten() {
            // A rare homophone is told as one.
            let rare = syllables.iter().any(|s| self.rare(s).contains(*source));
            if !rare {
                add(&mut letter, &source.to_string(), Disguise::Variant);
            }
        }
        add(&mut letter, self.component.get(&c).unwrap_or(&""), Disguise::Component);
        add(&mut letter, self.glyph.get(&c).unwrap_or(&""), Disguise::Glyph);
        for (emoji, words) in self.emoji.iter().filter(|_| on(Disguise::Emoji)) {
            let reads =
                words.iter().any(|word| match word.chars().collect::<Vec<_>>()[..] {
                    [named] => {
                        named == c
                            || self.syllables(named).iter().any(|s| syllables.contains(s))
                    }
                    _ => false,
                });
            if reads {
                letter.single(*emoji, Some(Disguise::Emoji));
            }
        }
        for syllable in syllables {
            add(&mut letter, self.rare(syllable), Disguise::RareHomophone);
            add(&mut letter, self.standard(syllable), Disguise::Homophone);
            for near in self.near(syllable) {
                add(&mut letter, self.standard(near), Disguise::NearHomophone);
                add(&mut letter, self.rare(near), Disguise::NearHomophone);
            }
            if on(Disguise::Pinyin) {
                letter.sequence(syllable, Disguise::Pinyin);
            }
            for spelling in self.bopomofo.get(syllable).into_iter().flatten() {
                if on(Disguise::Bopomofo) {
                    letter.sequence(spelling, Disguise::Bopomofo);
                    add(&mut letter, &spelling[..3], Disguise::Bopomofo);
                }
            }
            add(&mut letter, &syllable[..1], Disguise::Initials);
            if syllable.starts_with('w') {
                // By custom: V信, VX.
                add(&mut letter, "v", Disguise::Initials);
            }
        }
        for parts in self.split.get(&c).into_iter().flatten() {
            if on(Disguise::Split) {
                letter.sequence(parts, Disguise::Split);
            }
            let hanzi: String = parts.chars().filter(|c| is_hanzi(*c)).collect();
            add(&mut letter, &hanzi, Disguise::Drop);
        }
        letter
    }

    /// Emoji that are named by a word which is the term or sounds almost like it.
    fn whole(&self, term: &[char]) -> HashSet<char> {
        let alike = |a: char, b: char| {
            let of = |c: char| {
                self.syllables(c).iter().map(|s| rough(s)).collect::<HashSet<_>>()
            };
            a == b || !of(a).is_disjoint(&of(b))
        };
        let reads = |word: &str| {
            let word: Vec<char> = word.chars().collect();
            word.len() == term.len()
                && term.len() > 1
                && word.iter().zip(term).all(|(a, b)| alike(*a, *b))
        };
        let rows =
            self.emoji.iter().filter(|(_, words)| words.iter().any(|word| reads(word)));
        rows.map(|(emoji, _)| *emoji).collect()
    }
}

/// A syllable where zh and z, ch and c, sh and s, n, l and r, f and h, and the
/// endings -ng and -n fall together.
fn rough(syllable: &str) -> String {
    let start =
        syllable.replacen("zh", "z", 1).replacen("ch", "c", 1).replacen("sh", "s", 1);
    let mut chars: Vec<char> = start.chars().collect();
    chars[0] = match chars[0] {
        'l' | 'r' => 'n',
        'f' => 'h',
        other => other,
    };
    let sound: String = chars.into_iter().collect();
    match sound.strip_suffix('g') {
        Some(rest) if ["an", "en", "in"].iter().any(|end| rest.ends_with(end)) => {
            rest.to_owned()
        }
        _ => sound,
    }
}

impl Letter {
    fn single(&mut self, c: char, kind: Kind) {
        // What a reader does not see stands for nothing.
        if matches!(fold::lookup(c).noise(), Some(Noise::Invisible | Noise::Combining)) {
            return;
        }
        let kinds = self.singles.entry(c).or_default();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }

    fn sequence(&mut self, text: &str, kind: Disguise) {
        let chars: Vec<char> = text.chars().collect();
        if !self.sequences.contains(&(chars.clone(), kind)) {
            self.sequences.push((chars, kind));
        }
    }

    fn spelled(&mut self, text: &str, kind: Disguise) {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(one), None) => self.single(one, Some(kind)),
            _ => self.sequence(text, kind),
        }
    }
}
