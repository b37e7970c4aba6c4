//! Terms in disguise, made to order.

use crate::alternatives::Tables;
use crate::bench::Bench;
use crate::matcher::{self, Claim};
use huoyan::fold::{self, Disguise, DisguiseSet};

/// Noise of every class; what a pack names is left out.
pub(crate) const NOISE: &[char] = &[
    ' ',
    '-',
    '.',
    '·',
    '、',
    '，',
    '★',
    '●',
    '_',
    '\u{200B}',
    '\u{AD}',
    '\u{2060}',
    '\u{FEFF}',
    '\u{FE0F}',
    '\u{E0041}',
    '\u{202A}',
    '\u{3164}',
    '\u{301}',
    '\u{20E3}',
    '\u{489}',
    '\u{E000}',
    '\u{F8FF}',
    '\u{3000}',
    '\u{A0}',
    '\u{2003}',
    '\n',
    '\u{2028}',
    '。',
    '！',
    '？',
    '…',
    '!',
    '（',
    '】',
    '《',
    '~',
    '→',
    '🌟',
    '🌹',
    '🏻',
    '丶',
    '丿',
    '灬',
    '艹',
    '㇀',
    'ˊ',
];

/// Texts that may stand around a term: no letters, no digits.
pub(crate) const AROUND: &[&str] = &[
    "",
    "。",
    "今天",
    "\n",
    "（水果）",
    "老板们，",
    "\u{200B}\u{301}",
    "🌟🌟🌟🌟🌟",
    "的 ",
    "한국",
];

/// How one term is disguised; all numbers are taken modulo what there is.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) term: usize,
    /// For each letter the alternative: small numbers are exact.
    pub(crate) letters: Vec<usize>,
    /// For each unit the dress: 0 for none.
    pub(crate) dresses: Vec<usize>,
    /// For each unit the noise before it.
    pub(crate) gaps: Vec<Vec<usize>>,
    pub(crate) around: (usize, usize),
}

/// A disguised term in its surroundings.
#[derive(Clone, Debug)]
pub(crate) struct Disguised {
    pub(crate) text: String,
    pub(crate) claim: Claim,
    /// What the replaced letters cost.
    pub(crate) risk: f32,
}

impl Recipe {
    /// Makes the text. The noise stays within the limits and has nothing that
    /// the pack names.
    pub(crate) fn cook(&self, bench: &Bench) -> Disguised {
        let number = self.term % bench.reference.terms.len();
        let term = &bench.reference.terms[number];
        let risk_of = |kind: Disguise| bench.reference.risk[kind as usize];
        let mut units: Vec<char> = Vec::new();
        let (mut risk, mut worn) = (0.0, DisguiseSet::EMPTY);
        for (place, choices) in bench.alternatives[number].iter().enumerate() {
            let wanted = self.letters[place % self.letters.len()];
            let (kind, chars) = &choices[wanted % choices.len()];
            units.extend(chars);
            risk += kind.map_or(0.0, risk_of);
        }
        if term.reversed {
            risk += risk_of(Disguise::Reorder);
        }
        let named = |c: char| bench.reference.named.contains(&c);
        let pure = |c: &char| !named(*c) && !named(fold::lookup(*c).first());
        let noise: Vec<char> = NOISE.iter().copied().filter(pure).collect();
        let mut inner = String::new();
        let mut spent = 0;
        for (place, c) in units.iter().enumerate() {
            let mut gap = 0;
            for wanted in &self.gaps[place % self.gaps.len()] {
                let candidate = noise[wanted % noise.len()];
                let class =
                    fold::lookup(candidate).noise().expect("the list holds noise");
                let cost = matcher::cost(class);
                if place > 0
                    && gap + cost <= term.gap
                    && spent + cost <= matcher::NOISE_MAX
                {
                    (gap, spent) = (gap + cost, spent + cost);
                    inner.push(candidate);
                    worn.insert(matcher::disguise(class));
                }
            }
            // A dress that the pack names for itself may have another reading.
            let dresses = Tables::get().dresses(*c);
            match self.dresses[place % self.dresses.len()] % (dresses.len() + 1) {
                0 => inner.push(*c),
                wanted => inner.push(dresses[wanted - 1]),
            }
        }
        for kind in [Disguise::Separator, Disguise::Filler, Disguise::Private] {
            risk += if worn.contains(kind) { risk_of(kind) } else { 0.0 };
        }
        let (before, after) = (AROUND[self.around.0], AROUND[self.around.1]);
        let opening = if term.start { "，" } else { "" };
        let before = format!("{before}{opening}");
        Disguised {
            text: format!("{before}{inner}{after}"),
            claim: Claim {
                concept: term.concept.clone(),
                means: term.means.clone(),
                range: (before.len(), before.len() + inner.len()),
                earliest: before.len(),
            },
            risk,
        }
    }
}
