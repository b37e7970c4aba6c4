//! The engine is held to the slow reference of `matcher.rs`.
//!
//! For every text: what the greedy reference claims ⊆ what the engine reports
//! ⊆ what the exhaustive reference can derive, with the same spans, and each
//! reported set of disguises is that of some derivation. For texts made by
//! disguising a term: the engine finds it at its exact span.

#![cfg(feature = "compile")]

mod alternatives;
mod matcher;

use alternatives::{Kind, Letter, Tables, Term, is_word};
use huoyan::fold::{self, Disguise, DisguiseSet};
use huoyan::{ExplainedHit, Ruleset, Scratch};
use matcher::{Claim, Reference, Unit};
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::ops::Range;
use std::sync::OnceLock;

/// Terms of every shape, with every disguise.
const PACK: &str = r#"
format = 1
[pack]
id = "reference"
version = "1"
threshold = 50
[risk]
emoji = -0.2
glyph = -0.3
homophone = -0.6
near-homophone = -1.0
drop = -1.2
initials = -1.4
reorder = -0.5
separator = -0.1
filler = -0.2

[[concept]]
id = "wechat"
platform = "wechat"
terms = [
  { text = "微信", disguise = ["homophone", "near-homophone", "glyph", "initials", "emoji", "reorder", "drop", "bopomofo"] },
  { text = "V信", disguise = ["glyph", "homophone"], gap = 2 },
  { text = "VX", disguise = ["glyph"], gap = 1 },
  { text = "WeChat", disguise = ["glyph"] },
]
[[concept]]
id = "qq"
platform = "qq"
terms = [{ text = "QQ", gap = 1 }, "QQ群", { text = "扣扣", disguise = ["homophone", "reorder"] }]
[[concept]]
id = "register"
terms = [{ text = "注册", disguise = ["homophone", "glyph", "initials", "bopomofo"] }]
[[concept]]
id = "assist"
terms = ["辅助", { text = "辅助注册", gap = 2 }, { text = "成品号", disguise = ["glyph"] }]
[[concept]]
id = "real-name"
terms = [{ text = "实名", disguise = ["homophone", "near-homophone"] }]
[[concept]]
id = "pay"
terms = [{ text = "支付宝", disguise = ["homophone", "initials", "drop", "reorder", "emoji"] }]
[[concept]]
id = "unblock"
terms = ["解封", { text = "解封", disguise = ["bopomofo"], gap = 0 }]
[[concept]]
id = "sell"
terms = [{ text = "出", plain = true }, "出售", { text = "租", start = true }, { text = "卖号", start = true }, { text = "加V", disguise = ["emoji", "glyph"] }]
[[concept]]
id = "number"
terms = ["10号", "+86", { text = "A1B2", disguise = ["glyph"] }]

[[rule]]
id = "sell-account"
category = "account_trade"
all = ["wechat", "sell"]
within = 16
weight = 9.0
"#;

/// Ways to write one letter of a term, with what kind each is.
type Spellings = Vec<(Kind, Vec<char>)>;

/// A compiled pack with its reference.
struct Bench {
    ruleset: Ruleset<'static>,
    reference: Reference,
    /// For each term and letter: what may stand for it.
    alternatives: Vec<Vec<Spellings>>,
    /// Every code point that a term names, ascending.
    alphabet: Vec<char>,
}

impl Bench {
    fn new(source: &str) -> Bench {
        let ruleset = Ruleset::compile(source).unwrap_or_else(|e| panic!("{e}"));
        let reference = Reference::new(source);
        let alternatives =
            reference.terms.iter().map(|term| alternatives(&reference, term)).collect();
        let mut alphabet: Vec<char> = reference.named.iter().copied().collect();
        alphabet.sort_unstable();
        Bench { ruleset, reference, alternatives, alphabet }
    }

    /// The small pack of this file.
    fn small() -> &'static Bench {
        static BENCH: OnceLock<Bench> = OnceLock::new();
        BENCH.get_or_init(|| Bench::new(PACK))
    }

    /// The built-in pack.
    fn builtin() -> &'static Bench {
        static BENCH: OnceLock<Bench> = OnceLock::new();
        BENCH.get_or_init(|| Bench::new(include_str!("../../packs/wechat-trade.toml")))
    }

    fn hits(&self, text: &str) -> Vec<ExplainedHit> {
        self.ruleset.explain(text).hits
    }
}

/// For each letter its alternatives: the letter itself, then by kind.
fn alternatives(reference: &Reference, term: &Term) -> Vec<Spellings> {
    let risk = |kind: Kind| kind.map_or(0.0, |kind| reference.risk[kind as usize]);
    let of = |letter: &Letter| {
        let mut found = Spellings::new();
        for (c, kinds) in &letter.singles {
            // The cheapest of the kinds that one code point may be.
            let cheapest = kinds.iter().copied().max_by(|a, b| {
                risk(*a).total_cmp(&risk(*b)).then(b.is_some().cmp(&a.is_some()))
            });
            found.extend(cheapest.map(|kind| (kind, vec![*c])));
        }
        found.extend(
            letter.sequences.iter().map(|(chars, kind)| (Some(*kind), chars.clone())),
        );
        found.sort();
        found
    };
    term.letters.iter().map(of).collect()
}

// ---------------------------------------------------------------- generator

/// Noise of every class; what a pack names is left out.
const NOISE: &[char] = &[
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
const AROUND: &[&str] = &[
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
struct Recipe {
    term: usize,
    /// For each letter the alternative: small numbers are exact.
    letters: Vec<usize>,
    /// For each unit the dress: 0 for none.
    dresses: Vec<usize>,
    /// For each unit the noise before it.
    gaps: Vec<Vec<usize>>,
    around: (usize, usize),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let choice = prop_oneof![2 => Just(0), 3 => 0..4_000usize];
    let dress = prop_oneof![3 => Just(0), 1 => 0..4_000usize];
    let noise =
        prop_oneof![3 => Just(Vec::new()), 2 => prop::collection::vec(0..200usize, 0..5)];
    (
        0..10_000usize,
        prop::collection::vec(choice, 8),
        prop::collection::vec(dress, 40),
        prop::collection::vec(noise, 40),
        (0..AROUND.len(), 0..AROUND.len()),
    )
        .prop_map(|(term, letters, dresses, gaps, around)| Recipe {
            term,
            letters,
            dresses,
            gaps,
            around,
        })
}

/// A disguised term in its surroundings.
#[derive(Clone, Debug)]
struct Disguised {
    text: String,
    claim: Claim,
    /// What the replaced letters cost.
    risk: f32,
}

fn disguised(bench: &'static Bench) -> impl Strategy<Value = Disguised> {
    recipe().prop_map(|recipe| recipe.cook(bench))
}

impl Recipe {
    /// Makes the text. The noise stays within the limits and has nothing that
    /// the pack names.
    fn cook(&self, bench: &Bench) -> Disguised {
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
                means: term.text.clone(),
                range: (before.len(), before.len() + inner.len()),
                earliest: before.len(),
            },
            risk,
        }
    }
}

// ------------------------------------------------------------------- checks

fn describe(text: &str) -> String {
    let codes: Vec<String> = text.chars().map(|c| format!("{:04X}", c as u32)).collect();
    format!("{text:?} = {}", codes.join(" "))
}

/// Whether a hit reports what is claimed. Of several terms of a concept at one
/// place the engine reports the cheapest, so the term may be another.
fn is(hit: &ExplainedHit, claim: &Claim) -> bool {
    hit.concept == claim.concept
        && (claim.earliest..=claim.range.0).contains(&hit.range.start)
        && hit.range.end == claim.range.1
}

/// greedy ⊆ engine ⊆ exhaustive.
fn check(bench: &Bench, text: &str) -> Result<(), String> {
    // How several overrides act on each other is not held here.
    if text.matches(['\u{202E}', '\u{2067}']).count() > 1 {
        return Ok(());
    }
    let hits = bench.hits(text);
    let readings = bench.reference.readings(text);
    let units = &readings[0];
    for hit in &hits {
        if text.get(hit.range.clone()).is_none_or(str::is_empty) {
            return Err(format!(
                "{}: {hit:?} is not on character borders",
                describe(text)
            ));
        }
        let terms = bench.reference.terms.iter().enumerate();
        let own: Vec<usize> = terms
            .filter(|(_, term)| term.concept == hit.concept && term.text == hit.means)
            .map(|(number, _)| number)
            .collect();
        if own.is_empty() {
            // The built-in pack has patterns, too; they are no business of ours.
            continue;
        }
        let mut worn: Vec<DisguiseSet> = Vec::new();
        // Under an override, and before a tone, the last unit ends elsewhere.
        for units in &readings {
            let inside = |end: &usize| hit.range.contains(&units[*end].range.start);
            for end in (0..units.len()).filter(inside) {
                for term in &own {
                    let derived = bench.reference.derivations(text, units, *term, end);
                    let here = derived
                        .into_iter()
                        .filter(|(start, end, _)| (*start..*end) == hit.range);
                    worn.extend(here.map(|(_, _, bits)| DisguiseSet::from_bits(bits)));
                }
            }
        }
        if !worn.contains(&hit.disguises) {
            return Err(format!(
                "unsound: in {} the engine reports {} = {:?} wearing {:?}; the reference derives {worn:?}",
                describe(text),
                hit.means,
                &text[hit.range.clone()],
                hit.disguises,
            ));
        }
        let whole = units.iter().filter(|unit| hit.range.contains(&unit.range.start));
        let clean = whole.clone().all(|unit| unit.noise.is_none());
        let span = &text[hit.range.clone()];
        if clean && own.iter().any(|term| bench.reference.terms[*term].collides(span)) {
            return Err(format!(
                "{}: {span:?} is a word, not {}",
                describe(text),
                hit.means
            ));
        }
        if !borders_hold(bench, text, units, hit) {
            return Err(format!("{}: {span:?} is a part of a word", describe(text)));
        }
        if hit.risk > 0.0 {
            return Err(format!("{}: {hit:?} has a risk above zero", describe(text)));
        }
    }
    for claim in bench.reference.greedy(text) {
        if !hits.iter().any(|hit| is(hit, &claim)) {
            return Err(format!(
                "incomplete: in {} the engine misses {} = {:?}; it reports {:?}",
                describe(text),
                claim.means,
                &text[claim.range.0..claim.range.1],
                hits.iter()
                    .map(|hit| (&hit.means, hit.range.clone()))
                    .collect::<Vec<_>>(),
            ));
        }
    }
    Ok(())
}

/// Where a hit ends in a letter or digit, no other goes on: unless another
/// match meets it there, or an identifier follows.
fn borders_hold(bench: &Bench, text: &str, units: &[Unit], hit: &ExplainedHit) -> bool {
    let alphanumeric = |at: usize, ends: bool| {
        let mut here = units.iter().filter(|unit| match ends {
            true => unit.range.end == at,
            false => unit.range.start == at,
        });
        here.any(|unit| unit.alphanumeric)
    };
    if hit.disguises.contains(Disguise::Override) {
        return true;
    }
    let Range { start, end } = hit.range;
    // The characters before, as written: an escape is one, and no letter.
    let before = units.iter().rev().filter(|unit| unit.range.end <= start);
    let before = before.map(|unit| unit.chars[0]);
    if alphanumeric(start, false)
        && matcher::touches(before.take(8))
        && !bench.reference.meets(text, units, start, true)
    {
        return false;
    }
    let after: Vec<char> = fold::fold(&text[end..])
        .take(24)
        .map(|folded| folded.char)
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let digits = after.iter().filter(|c| c.is_ascii_digit()).count();
    !alphanumeric(end, true)
        || after.is_empty()
        || digits >= 5
        || bench.reference.meets(text, units, end, false)
}

/// A generated term is found at its span, as cheaply as it was made.
fn check_found(bench: &Bench, made: &Disguised) -> Result<(), String> {
    let Disguised { text, claim, risk } = made;
    let span = &text[claim.range.0..claim.range.1];
    let allowed = bench.reference.greedy(text);
    let same = |a: &&Claim| a.means == claim.means && a.range == claim.range;
    let Some(claim) = allowed.iter().find(|a| same(a) && a.concept == claim.concept)
    else {
        // A word of the dictionary, or an exception of the concept.
        let excepted = bench
            .reference
            .terms
            .iter()
            .any(|term| term.exception && term.concept == claim.concept);
        return match is_word(span) || excepted {
            true => Ok(()),
            false => Err(format!("the reference itself misses {made:?}")),
        };
    };
    let hits = bench.hits(text);
    let found = hits.iter().filter(|hit| is(hit, claim));
    let Some(best) = found.map(|hit| hit.risk).max_by(f32::total_cmp) else {
        return Err(format!(
            "incomplete: {} is {} in disguise, but the engine reports {hits:?}",
            describe(span),
            claim.means
        ));
    };
    match best >= risk - 1e-3 {
        true => Ok(()),
        false => Err(format!(
            "dear: {} can be read as {} at {risk}, but the engine reports {hits:?}",
            describe(span),
            claim.means
        )),
    }
}

/// Text out of what packs name, noise, letters, disguised terms and anything.
fn mixture(bench: &'static Bench) -> impl Strategy<Value = String> {
    let named =
        (0..bench.alphabet.len()).prop_map(|place| bench.alphabet[place].to_string());
    let letter = (0..64usize).prop_map(|place| {
        let letters: Vec<char> =
            "微信支付宝注册实名出售卖号加解封辅助vxwqzfb0123456789".chars().collect();
        letters[place % letters.len()].to_string()
    });
    let noise = (0..NOISE.len()).prop_map(|place| NOISE[place].to_string());
    let signs = prop::sample::select(vec![
        "×",
        "√",
        "+",
        "➕",
        "❤",
        "⑩",
        "🔟",
        "1",
        "\u{202E}",
        "\u{202C}",
        "&#24494;",
        "%E5%BE%AE",
        "\\u4fe1",
        "wei1",
        "xin4",
        "ⓥ",
        "〇",
        "々",
    ]);
    let term = recipe().prop_map(|recipe| recipe.cook(bench).text);
    let spoiled =
        (recipe(), 0..100usize, 0..100usize).prop_map(|(recipe, from, extra)| {
            // A disguised term with one unit repeated, or a foreign one put in.
            let text: Vec<char> = recipe.cook(bench).text.chars().collect();
            let place = from % text.len().max(1);
            let foreign: Vec<char> = "1v×√➕+❤丶的微信号".chars().collect();
            let added = match extra % 2 {
                0 => text.get(place).copied().unwrap_or('1'),
                _ => foreign[extra / 2 % foreign.len()],
            };
            text[..place].iter().chain([&added]).chain(&text[place..]).collect()
        });
    let piece = prop_oneof![
        3 => named,
        6 => letter,
        3 => noise,
        2 => signs.prop_map(str::to_owned),
        3 => term,
        3 => spoiled,
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// `HUOYAN_TEST_FACTOR=100` runs a hundred times as many cases.
fn config(cases: u32) -> Config {
    let factor = std::env::var("HUOYAN_TEST_FACTOR").ok().and_then(|f| f.parse().ok());
    let cases = cases.saturating_mul(factor.unwrap_or(1));
    Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 4_000,
        max_global_rejects: cases,
        ..Config::default()
    }
}

// -------------------------------------------------------------------- tests

proptest! {
    #![proptest_config(config(6_000))]

    #[test]
    fn finds_every_disguised_term(made in disguised(Bench::small())) {
        check_found(Bench::small(), &made).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn reports_what_the_reference_derives(text in mixture(Bench::small())) {
        check(Bench::small(), &text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn reports_nothing_odd_in_any_text(text in any::<String>()) {
        check(Bench::small(), &text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn folding_is_idempotent(text in prop_oneof![any::<String>(), mixture(Bench::small())]) {
        let once: String = fold::fold(&text).map(|folded| folded.char).collect();
        // Full-width signs may fold to what then is an escape.
        let escapes = |text: &str| (0..text.len()).any(|at| {
            text.is_char_boundary(at)
                && fold::decode_escaped(&text.as_bytes()[at..])
                    .is_some_and(|(c, length)| length > c.len_utf8())
        });
        prop_assume!(!escapes(&once));
        let twice: String = fold::fold(&once).map(|folded| folded.char).collect();
        prop_assert_eq!(&once, &twice, "{}", describe(&text));
        let mut last = 0..0;
        for folded in fold::fold(&text) {
            let range = folded.range();
            let source = text.get(range.clone()).map(|source| source.chars().count());
            let one = source == Some(1) || escapes(&text);
            prop_assert!(one, "{}: {:?}", describe(&text), &range);
            prop_assert!(range == last || range.start >= last.end, "{}", describe(&text));
            last = range;
        }
    }

    #[test]
    fn bytes_scan_as_their_lossy_text(
        pieces in prop::collection::vec(
            prop_oneof![
                mixture(Bench::small()).prop_map(String::into_bytes),
                post().prop_map(String::into_bytes),
                prop::collection::vec(any::<u8>(), 0..4),
                Just("微信".as_bytes()[..4].to_vec()),
            ],
            0..6,
        ),
    ) {
        let bytes = pieces.concat();
        // An override reads backwards, where broken sequences have other ends.
        let overrides = [[0xE2, 0x80, 0xAE], [0xE2, 0x81, 0xA7]];
        prop_assume!(!bytes.windows(3).any(|three| overrides.contains(&[three[0], three[1], three[2]])));
        let ruleset = &Bench::small().ruleset;
        let (mut one, mut two) = (Scratch::new(ruleset), Scratch::new(ruleset));
        let text = String::from_utf8_lossy(&bytes);
        let of_bytes = ruleset.scan_bytes(&mut one, &bytes);
        let of_text = ruleset.scan(&mut two, &text);
        let number = of_bytes.findings().count();
        prop_assert_eq!(number, of_text.findings().count(), "{:?}", &text);
        for (a, b) in of_bytes.findings().zip(of_text.findings()) {
            prop_assert_eq!(a.log_odds(), b.log_odds());
            prop_assert!(a.rules().eq(b.rules()));
            let of = bytes.get(a.range()).map(|span| String::from_utf8_lossy(span).into_owned());
            prop_assert_eq!(of.as_deref(), text.get(b.range()));
        }
        let folded = fold::fold_bytes(&bytes).map(|folded| folded.char);
        prop_assert!(folded.eq(fold::fold(&text).map(|folded| folded.char)));
    }

    #[test]
    fn masking_hides_every_finding(text in post()) {
        let ruleset = &Bench::small().ruleset;
        let mut scratch = Scratch::new(ruleset);
        prop_assert!(ruleset.is_flagged(&mut scratch, &text), "{} is not flagged", describe(&text));
        let masked = ruleset.mask(&mut scratch, &text);
        prop_assert_eq!(masked.chars().count(), text.chars().count(), "{}", describe(&text));
        for (before, after) in text.chars().zip(masked.chars()) {
            let hidden = after == '*' && !before.is_whitespace();
            prop_assert!(hidden || after == before, "{} became {:?}", describe(&text), &masked);
        }
        prop_assert!(!ruleset.is_flagged(&mut scratch, &masked), "{:?} is flagged", &masked);
    }
}

/// A post that the small pack flags.
fn post() -> impl Strategy<Value = String> {
    let trade = prop::sample::select(vec!["出售", "卖号", "出"]);
    let between = prop::sample::select(vec!["大量，", "：", " 老号 ", "！"]);
    (recipe(), trade, between).prop_filter_map("a word", |(recipe, trade, between)| {
        let bench = Bench::small();
        // The first term is 微信, the second its reverse.
        let made = Recipe { term: 0, around: (0, 0), ..recipe }.cook(bench);
        let word = is_word(&made.text);
        (!word).then(|| format!("{trade}{between}{}。今天水果", made.text))
    })
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn finds_every_disguised_term_of_the_builtin_pack(made in disguised(Bench::builtin())) {
        check_found(Bench::builtin(), &made).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn reports_what_the_reference_derives_from_the_builtin_pack(
        text in mixture(Bench::builtin()),
    ) {
        check(Bench::builtin(), &text).map_err(TestCaseError::fail)?;
    }
}

/// The hits in a text, as `means=span`, in order.
fn spans(ruleset: &Ruleset<'_>, text: &str) -> Vec<String> {
    let hits = ruleset.explain(text).hits;
    hits.iter().map(|hit| format!("{}={}", hit.means, &text[hit.range.clone()])).collect()
}

#[test]
fn noise_has_limits() {
    let ruleset = &Bench::small().ruleset;
    let rows = [
        // In one gap at most four; breaks and ends of sentences count double.
        ("解....封", "解封", true),
        ("解.....封", "解封", false),
        ("解。。封", "解封", true),
        ("解。。.封", "解封", false),
        ("解\n\n封", "解封", true),
        ("解\n.\n封", "解封", false),
        // What nobody sees costs nothing.
        ("解\u{200B}\u{301}\u{200B}\u{301}\u{200B}\u{301}....封", "解封", true),
        // In all at most eight.
        ("支....付....宝", "支付宝", true),
        ("辅..助...注...册", "辅助注册", false),
        // As much as the term allows.
        ("V.X", "VX", true),
        ("V..X", "VX", false),
        ("V。X", "VX", false),
        ("辅..助..注..册", "辅助注册", true),
        ("辅..助...注..册", "辅助注册", false),
        // A character that no term names ends a match.
        ("解한封", "解封", false),
        // A lone letter or digit, but not two.
        ("解1封", "解封", true),
        ("解12封", "解封", false),
        ("解 a 封", "解封", true),
        ("Q1群", "QQ群", false),
        // Repeats, in any form of the letter.
        ("支付付付付付付宝", "支付宝", true),
        ("VＸxⓧ", "VX", true),
    ];
    for (text, means, expected) in rows {
        let hits = ruleset.explain(text).hits;
        let found = hits.iter().any(|hit| hit.means == means && hit.range.start == 0);
        assert_eq!(found, expected, "{means} in {text:?}: {hits:?}");
    }
}

#[test]
fn words_that_sound_alike_are_no_hits() {
    let ruleset = &Bench::small().ruleset;
    for text in ["威信", "维新", "唯心", "卫星", "使命", "市民"] {
        assert!(spans(ruleset, text).is_empty(), "{text}: {:?}", spans(ruleset, text));
    }
    assert_eq!(spans(ruleset, "威 信"), ["微信=威 信"]);
}

#[test]
fn words_have_borders() {
    let ruleset = &Bench::small().ruleset;
    for text in ["VXLAN", "aVX", "QQA", "a1b23", "ＶＸlan", "v\u{301}xl"] {
        assert!(spans(ruleset, text).is_empty(), "{text}: {:?}", spans(ruleset, text));
    }
    for text in ["VX12345", "加VX：", "（QQ）", "weixin4", "vxqq"] {
        assert!(!spans(ruleset, text).is_empty(), "{text}");
    }
}

#[test]
fn tones_and_escapes_and_overrides_are_read() {
    let ruleset = &Bench::small().ruleset;
    let rows = [
        ("wei1xin4", "微信=wei1xin4"),
        ("wei1 xin4。", "微信=wei1 xin4"),
        ("&#24494;信", "微信=&#24494;信"),
        ("%E5%BE%AE\\u4fe1", "微信=%E5%BE%AE\\u4fe1"),
        ("\u{202E}封解\u{202C}", "解封=封解"),
    ];
    for (text, expected) in rows {
        let found = spans(ruleset, text);
        assert!(found.iter().any(|span| span == expected), "{text:?}: {found:?}");
    }
    assert!(spans(ruleset, "wei12xin4").is_empty());
}

/// Matches that a greedy reading would miss, or refuse.
#[test]
fn finds_what_is_easily_missed() {
    let ruleset = &Bench::small().ruleset;
    let rows = [
        // A stroke and a repeat together are no filler.
        ("V丶XX", "VX"),
        // What nobody sees makes no word of the language.
        ("威\u{200B}信", "微信"),
        // A letter repeated before a Latin term.
        ("VVX", "VX"),
        ("QQQ", "QQ"),
        // The last byte of an escape is no letter.
        ("%E5%8A%A0VX", "VX"),
        // An isolate does not reverse letters, and an override may be ignored.
        ("\u{2067}解封", "解封"),
        ("\u{202E}解封", "解封"),
    ];
    let missed: Vec<_> = rows
        .iter()
        .filter(|(text, means)| {
            !ruleset.explain(text).hits.iter().any(|hit| hit.means == *means)
        })
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// A unit that one term uses is not skipped as noise for another.
#[test]
fn terms_do_not_hide_each_other() {
    let pack = |terms: &str| {
        format!(
            "format = 1\n[pack]\nid = 'p'\nversion = '1'\n[[concept]]\nid = 'c'\nterms = [{terms}]"
        )
    };
    let alone = Ruleset::compile(&pack("'卖号'")).unwrap();
    let both =
        Ruleset::compile(&pack("'卖号', '1号', { text = '加号', disguise = ['emoji'] }"))
            .unwrap();
    for text in ["卖+号", "卖1号"] {
        assert_eq!(spans(&alone, text), [format!("卖号={text}")]);
        assert!(spans(&both, text).contains(&format!("卖号={text}")), "{text} is hidden");
    }
}
