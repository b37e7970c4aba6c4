//! The disguise data: readings, components, look-alikes, emoji, words.
//!
//! Read from the tables in `data/`, whose headers name their sources, at the
//! first compilation of a process.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Index of a toneless syllable.
pub(super) type Syllable = u16;

pub(super) struct Data {
    syllables: Vec<&'static str>,
    standard: Vec<&'static str>,
    rare: Vec<&'static str>,
    bopomofo: Vec<Vec<&'static str>>,
    readings: FxHashMap<char, Vec<Syllable>>,
    /// Syllables that sound alike to many speakers, by syllable.
    near: Vec<Vec<Syllable>>,
    components: FxHashMap<char, &'static str>,
    splits: FxHashMap<char, Vec<&'static str>>,
    glyphs: FxHashMap<char, &'static str>,
    latin: FxHashMap<char, Vec<&'static str>>,
    variants: FxHashMap<char, Vec<char>>,
    /// Emoji by the words that name them.
    emoji: FxHashMap<&'static str, Vec<char>>,
    /// What part of all hanzi in writing a character is, for common ones.
    frequencies: Vec<(char, f32)>,
    pair_frequencies: Vec<(char, char, f32)>,
    /// Dictionary words by their toneless reading, `wei xin`.
    words: FxHashMap<&'static str, Vec<&'static str>>,
}

macro_rules! table {
    ($name:literal) => {
        rows(include_str!(concat!("../../data/", $name)))
    };
}

fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    lines.filter_map(|line| line.split_once('\t'))
}

fn first_char(text: &str) -> char {
    text.chars().next().unwrap_or('\0')
}

impl Data {
    pub(super) fn get() -> &'static Data {
        static DATA: OnceLock<Data> = OnceLock::new();
        DATA.get_or_init(Data::load)
    }

    fn load() -> Data {
        let mut data = Data {
            syllables: Vec::new(),
            standard: Vec::new(),
            rare: Vec::new(),
            bopomofo: Vec::new(),
            readings: FxHashMap::default(),
            near: Vec::new(),
            components: FxHashMap::default(),
            splits: FxHashMap::default(),
            glyphs: FxHashMap::default(),
            latin: FxHashMap::default(),
            variants: FxHashMap::default(),
            emoji: FxHashMap::default(),
            frequencies: Vec::new(),
            pair_frequencies: Vec::new(),
            words: FxHashMap::default(),
        };
        for (syllable, rest) in table!("pinyin.tsv") {
            let id = data.syllables.len() as Syllable;
            let (standard, rare) = rest.split_once('\t').unwrap_or((rest, ""));
            for c in standard.chars().chain(rare.chars()) {
                data.readings.entry(c).or_default().push(id);
            }
            data.syllables.push(syllable);
            data.standard.push(standard);
            data.rare.push(rare);
        }
        data.bopomofo = vec![Vec::new(); data.syllables.len()];
        for (syllable, spellings) in table!("bopomofo.tsv") {
            if let Some(id) = data.syllables.iter().position(|s| *s == syllable) {
                data.bopomofo[id] = spellings.split(' ').collect();
            }
        }
        let mut by_sound: FxHashMap<String, Vec<Syllable>> = FxHashMap::default();
        for (id, syllable) in data.syllables.iter().enumerate() {
            by_sound.entry(near_sound(syllable)).or_default().push(id as Syllable);
        }
        data.near = data
            .syllables
            .iter()
            .enumerate()
            .map(|(id, syllable)| {
                let alike = by_sound[&near_sound(syllable)].iter().copied();
                alike.filter(|other| usize::from(*other) != id).collect()
            })
            .collect();
        data.components =
            table!("component.tsv").map(|(c, s)| (first_char(c), s)).collect();
        data.glyphs = table!("glyph.tsv").map(|(c, s)| (first_char(c), s)).collect();
        data.splits = table!("split.tsv")
            .map(|(c, s)| (first_char(c), s.split(' ').collect()))
            .collect();
        data.latin = table!("latin.tsv")
            .map(|(c, s)| (first_char(c), s.split(' ').collect()))
            .collect();
        for (source, targets) in table!("variant.tsv") {
            for target in targets.chars() {
                // A rare homophone is one already; as a class of its own it
                // would only make the automaton larger.
                let source = first_char(source);
                if data.rare_homophones(source, target) {
                    continue;
                }
                data.variants.entry(target).or_default().push(source);
            }
        }
        for (emoji, words) in table!("emoji.tsv") {
            for word in words.split(' ') {
                data.emoji.entry(word).or_default().push(first_char(emoji));
            }
        }
        let part =
            |bits: &str| bits.parse().map_or(0.0, |n: i32| 0.7 * (-n as f32).exp2());
        for (bits, chars) in table!("frequency.tsv") {
            data.frequencies.extend(chars.chars().map(|c| (c, part(bits))));
        }
        for (bits, pairs) in table!("pairs.tsv") {
            let mut chars = pairs.chars();
            while let (Some(a), Some(b)) = (chars.next(), chars.next()) {
                data.pair_frequencies.push((a, b, part(bits)));
            }
        }
        data.words = table!("words.tsv")
            .map(|(sound, w)| (sound, w.split(' ').collect()))
            .collect();
        data
    }

    /// Whether `a` is rare and shares a syllable with `b`.
    fn rare_homophones(&self, a: char, b: char) -> bool {
        let shared = self.readings(a).iter().filter(|r| self.readings(b).contains(r));
        shared.into_iter().any(|r| self.rare(*r).contains(a))
    }

    /// The toneless readings of a hanzi.
    pub(super) fn readings(&self, c: char) -> &[Syllable] {
        self.readings.get(&c).map_or(&[], Vec::as_slice)
    }

    pub(super) fn spelling(&self, syllable: Syllable) -> &'static str {
        self.syllables[usize::from(syllable)]
    }

    /// The standard characters of a syllable, any tone.
    pub(super) fn standard(&self, syllable: Syllable) -> &'static str {
        self.standard[usize::from(syllable)]
    }

    /// The characters of a syllable outside the 8,105 standard ones.
    pub(super) fn rare(&self, syllable: Syllable) -> &'static str {
        self.rare[usize::from(syllable)]
    }

    pub(super) fn bopomofo(&self, syllable: Syllable) -> &[&'static str] {
        &self.bopomofo[usize::from(syllable)]
    }

    /// Other syllables that sound almost alike.
    pub(super) fn near(&self, syllable: Syllable) -> &[Syllable] {
        &self.near[usize::from(syllable)]
    }

    /// Characters that contain `c`.
    pub(super) fn holders(&self, c: char) -> &'static str {
        self.components.get(&c).copied().unwrap_or("")
    }

    pub(super) fn splits(&self, c: char) -> &[&'static str] {
        self.splits.get(&c).map_or(&[], Vec::as_slice)
    }

    pub(super) fn glyphs(&self, c: char) -> &'static str {
        self.glyphs.get(&c).copied().unwrap_or("")
    }

    /// Symbols, digits and runs of them that are used as a Latin letter.
    pub(super) fn latin(&self, c: char) -> &[&'static str] {
        self.latin.get(&c).map_or(&[], Vec::as_slice)
    }

    /// Ambiguous variants that may be `c`.
    pub(super) fn variants(&self, c: char) -> &[char] {
        self.variants.get(&c).map_or(&[], Vec::as_slice)
    }

    /// Emoji that are named by a word of one character which is `c` or sounds
    /// like it.
    pub(super) fn emoji_for_letter(&self, c: char) -> Vec<char> {
        let readings = self.readings(c);
        let mut found: Vec<char> = self
            .emoji
            .iter()
            .filter(|(word, _)| word.chars().nth(1).is_none())
            .filter(|(word, _)| {
                let named = first_char(word);
                named == c || self.readings(named).iter().any(|r| readings.contains(r))
            })
            .flat_map(|(_, emoji)| emoji.iter().copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Emoji that are named by a word which is the term or sounds almost like it.
    pub(super) fn emoji_for_term(&self, term: &[char]) -> Vec<char> {
        if term.len() < 2 {
            return Vec::new();
        }
        let mut found: Vec<char> = self
            .emoji
            .iter()
            .filter(|(word, _)| {
                word.chars().count() == term.len()
                    && word
                        .chars()
                        .zip(term)
                        .all(|(a, b)| a == *b || self.sound_near(a, *b))
            })
            .flat_map(|(_, emoji)| emoji.iter().copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn sound_near(&self, a: char, b: char) -> bool {
        let of_b = self.readings(b);
        self.readings(a)
            .iter()
            .any(|r| of_b.contains(r) || self.near(*r).iter().any(|n| of_b.contains(n)))
    }

    /// Common hanzi, and what part of all hanzi in writing each is.
    pub(super) fn frequencies(&self) -> &[(char, f32)] {
        &self.frequencies
    }

    /// Common pairs of hanzi in words, in the same measure.
    pub(super) fn pair_frequencies(&self) -> &[(char, char, f32)] {
        &self.pair_frequencies
    }

    /// Dictionary words with a reading such as `wei xin`.
    pub(super) fn words(&self, reading: &str) -> &[&'static str] {
        self.words.get(reading).map_or(&[], Vec::as_slice)
    }
}

/// What a syllable sounds like where zh/z, ch/c, sh/s, n/l, f/h and the
/// endings -ng/-n fall together.
fn near_sound(syllable: &str) -> String {
    let pairs =
        [("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("r", "n"), ("f", "h")];
    let start = pairs.iter().find(|(from, _)| syllable.starts_with(from));
    let mut sound = match start {
        Some((from, to)) => format!("{to}{}", &syllable[from.len()..]),
        None => syllable.to_owned(),
    };
    for ending in ["ang", "eng", "ing"] {
        if sound.ends_with(ending) {
            sound.pop();
        }
    }
    sound
}
