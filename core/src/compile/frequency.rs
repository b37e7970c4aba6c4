//! How often ordinary text has a symbol, a pair, a term: estimates that choose
//! anchors and clues. They make scanning faster or slower, never wrong.

use super::data::Data;
use super::letter::Letter;
use super::partition::Partition;

/// How often Latin letters are seen in English, in parts of a thousand, from a
/// to z.
const LETTER_PARTS: [f32; 26] = [
    82.0, 15.0, 28.0, 43.0, 127.0, 22.0, 20.0, 61.0, 70.0, 1.5, 7.7, 40.0, 24.0, 67.0,
    75.0, 19.0, 1.0, 60.0, 63.0, 91.0, 28.0, 9.8, 24.0, 1.5, 20.0, 0.7,
];
/// How often a symbol of ASCII is seen in Chinese text, and in English and code.
const ASCII_PART: f32 = 0.004;
const CODE_PART: f32 = 0.004;
/// Pairs that are common in program code, and how common.
const CODE_PAIRS: [&str; 16] = [
    "()", "//", "::", "[]", "{}", "->", "=>", "<>", "--", "||", "**", "==", "):", ");",
    "((", "))",
];
const CODE_PAIR_PART: f32 = 0.005;
/// How often a symbol is seen of which nothing is known.
const RARE_PART: f32 = 1e-7;

/// Estimates for the symbols of a partition, as parts of all code points.
pub(super) struct Frequencies {
    /// By symbol: 1 to 26 for a Latin letter that is never noise.
    codes: Vec<u8>,
    /// By symbol: in Chinese, and in English and code.
    parts: Vec<[f32; 2]>,
    /// By symbol: those that often come next in a word.
    next: Vec<Vec<(u16, f32)>>,
}

impl Frequencies {
    pub(super) fn new(data: &Data, partition: &Partition) -> Frequencies {
        let symbols = partition.flags.len();
        let mut parts = vec![[RARE_PART, 0.0]; symbols];
        let symbol = |c: char| Some(partition.cell(c)).filter(|cell| cell.is_symbol());
        let mut add = |c: char, chinese: f32, code: f32| {
            if let Some(cell) = symbol(c) {
                parts[usize::from(cell.0)][0] += chinese;
                parts[usize::from(cell.0)][1] += code;
            }
        };
        data.frequencies().iter().for_each(|(c, part)| add(*c, *part, 0.0));
        for c in '!'..='~' {
            let code = match c {
                'a'..='z' => LETTER_PARTS[c as usize - 'a' as usize] / 1000.0,
                'A'..='Z' => 0.0,
                _ => CODE_PART,
            };
            add(c, ASCII_PART, code);
        }
        let mut next: Vec<Vec<(u16, f32)>> = vec![Vec::new(); symbols];
        for (a, b, part) in data.pair_frequencies() {
            if let (Some(a), Some(b)) = (symbol(*a), symbol(*b)) {
                next[usize::from(a.0)].push((b.0, *part));
            }
        }
        for pair in CODE_PAIRS {
            let mut pair = pair.chars().filter_map(symbol);
            if let (Some(a), Some(b)) = (pair.next(), pair.next()) {
                next[usize::from(a.0)].push((b.0, CODE_PAIR_PART));
            }
        }
        Frequencies { codes: partition.letter_codes(), parts, next }
    }

    fn is_letter(&self, symbol: u16) -> bool {
        self.codes[usize::from(symbol)] > 0
    }

    /// In Chinese text.
    pub(super) fn part(&self, symbol: u16) -> f32 {
        self.parts[usize::from(symbol)][0]
    }

    /// By symbol, in all text.
    pub(super) fn parts(&self) -> Vec<f32> {
        self.parts.iter().map(|[chinese, code]| chinese + code).collect()
    }

    /// The symbols that often come next in a word, and how often.
    pub(super) fn next(&self, symbol: u16) -> &[(u16, f32)] {
        self.next.get(usize::from(symbol)).map_or(&[], Vec::as_slice)
    }

    /// One of these symbols and then one of those, which are ascending; letters
    /// on both sides do not count.
    pub(super) fn pair(&self, before: &[u16], after: &[u16]) -> f32 {
        let sum = |symbols: &[u16], text: usize, letters: bool| -> f32 {
            let counted = symbols.iter().filter(|s| !letters || self.is_letter(**s));
            counted.map(|s| self.parts[usize::from(*s)][text]).sum()
        };
        let apart = |text: usize| {
            sum(before, text, false) * sum(after, text, false)
                - sum(before, text, true) * sum(after, text, true)
        };
        let words = before.iter().flat_map(|symbol| self.next(*symbol));
        let words = words.filter(|(next, _)| after.binary_search(next).is_ok());
        apart(0) + apart(1) + words.map(|(_, part)| part).sum::<f32>()
    }

    /// The same of one symbol and another, neither a letter, in less time.
    pub(super) fn neighbours(&self, before: u16, after: u16) -> f32 {
        let (one, other) =
            (self.parts[usize::from(before)], self.parts[usize::from(after)]);
        let words = self.next(before).iter().filter(|(next, _)| *next == after);
        one[0] * other[0] + one[1] * other[1] + words.map(|(_, part)| part).sum::<f32>()
    }

    /// A term: in Chinese text, or if it is a Latin word in English.
    pub(super) fn term(&self, letters: &[&Letter]) -> f32 {
        let singles: Vec<Vec<u16>> = letters
            .iter()
            .map(|letter| letter.singles.iter().map(|(symbol, _)| *symbol).collect())
            .collect();
        if letters.iter().all(|letter| letter.is_latin(&self.codes)) {
            // Each letter makes a word rarer, though less than if letters came
            // at random.
            return (-10.0 - 2.0 * letters.len() as f32).exp2();
        }
        let parts: Vec<f32> = singles
            .iter()
            .map(|symbols| symbols.iter().map(|symbol| self.part(*symbol)).sum())
            .collect();
        let pairs = singles.windows(2).map(|pair| self.pair(&pair[0], &pair[1]));
        // The rarest pair, and the letters beside it by themselves.
        let whole: f32 = parts.iter().product();
        let around = parts.windows(2).map(|pair| whole / (pair[0] * pair[1]).max(1e-30));
        let likely = pairs.zip(around).map(|(pair, rest)| pair * rest.clamp(1e-4, 1.0));
        likely.fold(if letters.len() == 1 { whole } else { f32::INFINITY }, f32::min)
    }
}
