//! Packs with their reference.

use crate::alternatives::{Kind, Letter, Term};
use crate::matcher::Reference;
use huoyan::{ExplainedHit, Ruleset};
use std::sync::OnceLock;

/// Terms of every shape, with every disguise.
pub(crate) const PACK: &str = r#"
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
pub(crate) type Spellings = Vec<(Kind, Vec<char>)>;

/// A compiled pack with its reference.
pub(crate) struct Bench {
    pub(crate) ruleset: Ruleset<'static>,
    pub(crate) reference: Reference,
    /// For each term and letter: what may stand for it.
    pub(crate) alternatives: Vec<Vec<Spellings>>,
    /// Every code point that a term names, ascending.
    pub(crate) alphabet: Vec<char>,
}

impl Bench {
    pub(crate) fn new(source: &str) -> Bench {
        let ruleset = Ruleset::compile(source).unwrap_or_else(|e| panic!("{e}"));
        let reference = Reference::new(source);
        let alternatives =
            reference.terms.iter().map(|term| alternatives(&reference, term)).collect();
        let mut alphabet: Vec<char> = reference.named.iter().copied().collect();
        alphabet.sort_unstable();
        Bench { ruleset, reference, alternatives, alphabet }
    }

    /// The small pack of this file.
    pub(crate) fn small() -> &'static Bench {
        static BENCH: OnceLock<Bench> = OnceLock::new();
        BENCH.get_or_init(|| Bench::new(PACK))
    }

    /// The built-in pack.
    pub(crate) fn builtin() -> &'static Bench {
        static BENCH: OnceLock<Bench> = OnceLock::new();
        BENCH.get_or_init(|| Bench::new(include_str!("../../packs/wechat-trade.toml")))
    }

    pub(crate) fn hits(&self, text: &str) -> Vec<ExplainedHit> {
        self.ruleset.explain(text).hits
    }
}

/// For each letter its alternatives: the letter itself, then by kind.
pub(crate) fn alternatives(reference: &Reference, term: &Term) -> Vec<Spellings> {
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
