//! Sources of packs.

use crate::damage::use_it;
use arbitrary::{Arbitrary, Unstructured};
use huoyan::{Ruleset, Scratch};
use std::fmt::Write as _;

/// A source of a pack compiles or gives an error that shows its place. What
/// compiles is the same each time, survives its bytes, and can scan.
///
/// An input that begins with NUL describes a pack; any other is its source.
pub fn pack_toml(input: &[u8]) {
    let source = match input.split_first() {
        Some((0, rest)) => match Pack::arbitrary_take_rest(Unstructured::new(rest)) {
            Ok(pack) => pack.source(),
            Err(_) => return,
        },
        _ => String::from_utf8_lossy(input).into_owned(),
    };
    match Ruleset::compile(&source) {
        Ok(ruleset) => {
            let again =
                Ruleset::from_bytes(ruleset.to_bytes()).expect("its own bytes load");
            let mut scratch = Scratch::new(&again);
            use_it(&again, &mut scratch);
            let twice = Ruleset::compile(&source).expect("it compiled before");
            assert_eq!(twice.to_bytes(), ruleset.to_bytes(), "compiled twice");
        }
        Err(error) => {
            assert!(!error.diagnostics().is_empty(), "an error without a mistake");
            for mistake in error.diagnostics() {
                for span in mistake.related.iter().chain([&mistake.span]) {
                    let part = source.get(span.clone());
                    assert!(part.is_some(), "{span:?} is no part of the source");
                }
                assert!(
                    !mistake.message.is_empty() && mistake.line > 0 && mistake.column > 0
                );
            }
            let told = error.to_string().len();
            assert!(0 < told && told < 1 << 17, "{told} bytes tell what is wrong");
        }
    }
}

#[derive(Arbitrary, Debug)]
struct Pack<'a> {
    concepts: Vec<Concept<'a>>,
    rules: Vec<Rule>,
    risks: Vec<(u8, i8)>,
    bias: i8,
    threshold: u8,
}

#[derive(Arbitrary, Debug)]
struct Concept<'a> {
    terms: Vec<Term<'a>>,
    except: Vec<Name<'a>>,
    pattern: Option<Vec<u8>>,
    platform: bool,
    part_of: Option<u8>,
}

#[derive(Arbitrary, Debug)]
struct Term<'a> {
    text: Name<'a>,
    disguises: u16,
    plain: bool,
    start: bool,
    gap: Option<u8>,
}

/// What a term says: out of common ones, or anything.
#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Common(u8),
    Joined(u8, u8),
    Any(&'a str),
}

#[derive(Arbitrary, Debug)]
struct Rule {
    all: Vec<u8>,
    any: Vec<u8>,
    none: Vec<u8>,
    category: u8,
    within: u8,
    weight: i8,
}

const TERMS: &[&str] = &[
    "微信",
    "出",
    "VX",
    "支付宝",
    "QQ",
    "号",
    "辅助注册",
    "10号",
    "+86",
    "A1B2",
    "加V",
    "❤",
    "⑩",
    "重庆",
    "长",
    "解封",
    "ＶＸ",
    "é",
    "한",
    "一一",
    "weixin",
    "aa",
    "0",
    "微 信",
    "\u{200B}",
    "𝐕",
    "〇",
];
const DISGUISES: &[&str] = &[
    "homophone",
    "near-homophone",
    "glyph",
    "initials",
    "emoji",
    "reorder",
    "drop",
    "bopomofo",
    "rare-homophone",
    "variant",
    "component",
    "split",
    "pinyin",
];
const CATEGORIES: &[&str] = &[
    "account_trade",
    "assisted_registration",
    "assisted_unblocking",
    "contact_solicitation",
];
const PATTERN: &[&str] = &[
    "\\d",
    "{1,3}",
    "+",
    "*",
    "?",
    "(",
    ")",
    "|",
    "[a-z]",
    "天",
    "年",
    "[^x]",
    ".",
    "微",
    "a",
    "{2,40}",
    "\\s",
    "[一二三]",
    "(?:",
    "\\b",
    "^",
    "$",
];

impl Name<'_> {
    fn text(&self) -> String {
        let common = |number: u8| TERMS[usize::from(number) % TERMS.len()];
        match self {
            Name::Common(number) => common(*number).to_owned(),
            Name::Joined(a, b) => [common(*a), common(*b)].concat(),
            Name::Any(text) => (*text).to_owned(),
        }
    }
}

impl Pack<'_> {
    /// The source of the pack; at most a few terms, so that it compiles soon.
    fn source(&self) -> String {
        let mut out = String::new();
        self.write(&mut out).expect("write to a string");
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let (bias, threshold) = (f32::from(self.bias) / 8.0, self.threshold);
        writeln!(out, "format = 1\n[pack]\nid = 'p'\nversion = '1'")?;
        writeln!(out, "bias = {bias:.3}\nthreshold = {threshold}\n[risk]")?;
        let mut named = 0u32;
        for (kind, risk) in self.risks.iter().take(4) {
            let kind = usize::from(*kind) % DISGUISES.len();
            if named >> kind & 1 == 0 {
                writeln!(out, "{} = {:.3}", DISGUISES[kind], f32::from(*risk) / 16.0)?;
            }
            named |= 1 << kind;
        }
        for (number, concept) in self.concepts.iter().take(6).enumerate() {
            writeln!(out, "[[concept]]\nid = 'c{number}'")?;
            if concept.platform {
                writeln!(out, "platform = 'p{number}'")?;
            }
            if let Some(whole) = concept.part_of {
                writeln!(out, "part_of = 'c{}'", whole % 6)?;
            }
            if let Some(pattern) = &concept.pattern {
                let pieces = pattern.iter().take(10);
                let pieces =
                    pieces.map(|piece| PATTERN[usize::from(*piece) % PATTERN.len()]);
                writeln!(out, "attribute = 'a{number}'")?;
                writeln!(out, "pattern = '{}'", pieces.collect::<String>())?;
                continue;
            }
            out.push_str("terms = [");
            for term in concept.terms.iter().take(6) {
                let disguises: Vec<&str> = DISGUISES
                    .iter()
                    .enumerate()
                    .filter(|(kind, _)| term.disguises >> kind & 1 != 0)
                    .map(|(_, name)| *name)
                    .collect();
                write!(
                    out,
                    "{{ text = {:?}, disguise = {disguises:?}",
                    Quoted(&term.text.text())
                )?;
                if term.plain {
                    out.push_str(", plain = true");
                }
                if term.start {
                    out.push_str(", start = true");
                }
                if let Some(gap) = term.gap {
                    write!(out, ", gap = {}", gap % 6)?;
                }
                out.push_str(" }, ");
            }
            out.push_str("]\nexcept = [");
            for word in concept.except.iter().take(4) {
                write!(out, "{:?}, ", Quoted(&word.text()))?;
            }
            out.push_str("]\n");
        }
        for (number, rule) in self.rules.iter().take(6).enumerate() {
            let list = |list: &[u8]| {
                list.iter().take(5).map(|c| format!("c{}", c % 6)).collect::<Vec<_>>()
            };
            writeln!(out, "[[rule]]\nid = 'r{number}'")?;
            let category = CATEGORIES[usize::from(rule.category) % CATEGORIES.len()];
            writeln!(out, "category = '{category}'\nall = {:?}", list(&rule.all))?;
            writeln!(out, "any = {:?}\nnone = {:?}", list(&rule.any), list(&rule.none))?;
            writeln!(
                out,
                "within = {}\nweight = {}",
                u16::from(rule.within) + 1,
                rule.weight
            )?;
        }
        Ok(())
    }
}

/// A string as TOML quotes it.
struct Quoted<'t>(&'t str);

impl std::fmt::Debug for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                c if c.is_control() => write!(f, "\\u{:04x}", c as u32)?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}
