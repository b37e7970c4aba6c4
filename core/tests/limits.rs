//! Every limit at its value and one past it: a clear error, or a cut that is
//! marked. `LIMITS.md` lists all of them.

#![cfg(feature = "compile")]

use huoyan::limits::*;
use huoyan::pack::*;
use huoyan::{Ruleset, Scratch};
use std::fmt::Write as _;

const HEAD: &str = "format = 1\n[pack]\nid = \"p\"\nversion = \"1\"\n";

fn concept(id: &str, terms: &str) -> String {
    format!("[[concept]]\nid = \"{id}\"\nterms = [{terms}]\n")
}

fn rule(id: &str, all: &str, within: usize, weight: f32) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ncategory = \"account_trade\"\nall = [{all}]\n\
         within = {within}\nweight = {weight:.1}\n"
    )
}

/// Some text for each number below `count`.
fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

/// Names in quotes.
fn names(count: usize) -> String {
    each(count, |n| format!("\"c{n}\", "))
}

/// Parses a pack at a limit, and one past it, whose error must name both.
fn at_and_past(source: impl Fn(usize) -> String, limit: usize, error: &str) {
    let parse = |count| parse("p.toml", &format!("{HEAD}{}", source(count)));
    if let Err(error) = parse(limit) {
        panic!("at the limit: {error}");
    }
    let shown = parse(limit + 1).map(|_| ()).expect_err("past the limit").to_string();
    assert!(shown.contains(error), "no `{error}` in: {shown}");
    assert!(shown.contains(&limit.to_string()), "the limit {limit} is not in: {shown}");
}

#[test]
fn bytes_of_a_pack() {
    let source = |length| {
        let head = format!("{HEAD}#");
        head.clone() + &"x".repeat(length - head.len())
    };
    assert!(parse("p.toml", &source(PACK_BYTES_MAX)).is_ok());
    let error = parse("p.toml", &source(PACK_BYTES_MAX + 1)).unwrap_err().to_string();
    let wanted = "the pack is 8388609 bytes long; the limit is 8388608 bytes";
    assert!(error.contains(wanted), "{error}");
}

#[test]
fn names_and_terms() {
    let long = |length| concept(&"n".repeat(length), "\"微\"");
    at_and_past(long, NAME_BYTES_MAX, "1025 bytes in a name; the limit is");
    // Invisible code points are bytes of a term, but no characters.
    let wide = |length: usize| {
        concept("a", &format!("\"x{}\"", "\u{AD}".repeat((length - 1) / 2)))
    };
    let error = |length| parse("p.toml", &format!("{HEAD}{}", wide(length)));
    assert!(error(NAME_BYTES_MAX - 1).is_ok());
    let shown = error(NAME_BYTES_MAX + 1).unwrap_err().to_string();
    assert!(shown.contains("1025 bytes in a term; the limit is 1024"), "{shown}");
    let long = |length| concept("a", &format!("\"{}\"", "微".repeat(length)));
    at_and_past(long, TERM_CHARS_MAX, "33 characters in a term; the limit is");
}

#[test]
fn counts_of_a_pack() {
    let concepts = |count| each(count, |n| concept(&format!("c{n}"), "\"微\""));
    at_and_past(concepts, CONCEPTS_MAX, "4097 concepts; the limit is");
    let terms = |count| concept("a", &"\"微\",".repeat(count));
    at_and_past(terms, TERMS_MAX, "250001 terms; the limit is");
    let rules = |count| {
        concept("a", "\"微\"") + &each(count, |n| rule(&format!("r{n}"), "\"a\"", 8, 1.0))
    };
    at_and_past(rules, RULES_MAX, "4097 rules; the limit is");
    let listed =
        |count| concepts(RULE_CONCEPTS_MAX + 1) + &rule("r", &names(count), 8, 1.0);
    at_and_past(listed, RULE_CONCEPTS_MAX, "65 concepts in one list; the limit is");
    let patterns =
        |count| each(count, |n| format!("[[concept]]\nid = \"c{n}\"\npattern = 'a'\n"));
    at_and_past(patterns, PATTERNS_MAX, "65 patterns; the limit is");
    for key in ["platform", "attribute"] {
        let keyed = |count| {
            each(count, |n| {
                concept(&format!("c{n}"), "\"微\"") + &format!("{key} = \"k{n}\"\n")
            })
        };
        let error = format!("65 {key}s; the limit is");
        at_and_past(keyed, PLATFORMS_MAX, &error);
        // One for all of them.
        let source = String::from(HEAD) + &keyed(PLATFORMS_MAX + 9);
        let error = parse("p.toml", &source).unwrap_err();
        let all = format!("73 {key}s; the limit is");
        let told = error.diagnostics().iter();
        assert_eq!(told.filter(|one| one.message.contains("limit is")).count(), 1);
        assert!(error.to_string().contains(&all), "{error}");
    }
}

#[test]
fn numbers_of_a_pack() {
    let within = |width| concept("a", "\"微\"") + &rule("r", "\"a\"", width, 1.0);
    at_and_past(within, WITHIN_MAX, "within 257 is outside 1 to");
    let saturated = |most: f32| {
        let source = format!("{HEAD}saturation = {most:.1}\n");
        parse("p.toml", &source).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(saturated(SATURATION_MAX), Ok(()));
    let error = saturated(SATURATION_MAX + 0.5).unwrap_err();
    assert!(error.contains("saturation 100.5 is outside 0 to 100"), "{error}");
}

#[test]
fn classes_of_characters() {
    // Every character that folds to itself alone is a class of its own.
    let letters: Vec<char> = ('\u{3400}'..='\u{2FFFF}')
        .filter(|c| c.is_alphabetic())
        .filter(|c| {
            let mut buffer = [0; 4];
            let mut folded = huoyan::fold::fold(c.encode_utf8(&mut buffer));
            let is_own =
                |f: huoyan::fold::FoldedChar| f.char == *c && f.fold.noise().is_none();
            folded.next().is_some_and(is_own)
        })
        .take(SYMBOLS_MAX + 10_000)
        .collect();
    let source = |count: usize| {
        let terms = letters[..count].iter();
        let terms: String = terms
            .map(|c| format!("{{ text = \"{c}\", plain = true, gap = 0 }},"))
            .collect();
        format!("{HEAD}{}", concept("a", &terms))
    };
    let error = Ruleset::compile(&source(letters.len())).unwrap_err().to_string();
    let found = error.split("tells ").nth(1).and_then(|rest| rest.split(' ').next());
    let found = found.and_then(|number| number.parse().ok());
    let found: usize = found.unwrap_or_else(|| panic!("no number in {error:.300}"));
    assert!(error.contains("classes of characters apart; the limit is 60000"), "{error}");
    // Leaving out as many as are too many reaches the limit itself.
    let most = letters.len() - (found - SYMBOLS_MAX);
    assert!(Ruleset::compile(&source(most)).is_ok());
    assert!(Ruleset::compile(&source(most + 1)).is_err());
}

fn pattern(source: &str) -> Result<Ruleset<'static>, String> {
    let source = format!("{HEAD}[[concept]]\nid = \"a\"\npattern = '{source}'\n");
    Ruleset::compile(&source).map_err(|error| error.to_string())
}

#[test]
fn sizes_of_patterns() {
    let class = |length: usize| format!("[{}]", "a".repeat(length - 2));
    assert!(pattern(&class(PATTERN_BYTES_MAX)).is_ok());
    let error = pattern(&class(PATTERN_BYTES_MAX + 1)).unwrap_err();
    assert!(error.contains("4097 bytes in a pattern; the limit is 4096"), "{error}");

    let nested = |depth: u32| {
        let depth = depth as usize;
        format!("{}a{}", "(?:".repeat(depth), ")".repeat(depth))
    };
    assert!(pattern(&nested(PATTERN_NESTING_MAX)).is_ok());
    let error = pattern(&nested(PATTERN_NESTING_MAX + 1)).unwrap_err();
    assert!(error.contains("nest") && error.contains("64"), "{error}");

    // A state before each `a`, one at the end, and one of the engine behind it.
    let most = pattern(&format!("a{{{}}}", PATTERN_STATES_MAX - 2));
    assert!(most.is_ok(), "{:.300}", most.unwrap_err());
    let error = pattern(&format!("a{{{}}}", PATTERN_STATES_MAX - 1)).unwrap_err();
    assert!(error.contains("over 65535 states, which is the limit"), "{error}");

    let error = pattern("[^x]{0,9}(\\w{9,90}|\\pL{3,80}){2,9}").unwrap_err();
    assert!(error.contains(&PATTERN_AUTOMATON_BYTES_MAX.to_string()), "{error}");
}

#[test]
fn nesting_of_the_source() {
    let nested =
        |depth: usize| format!("{HEAD}x = {}{}", "[".repeat(depth), "]".repeat(depth));
    let error =
        |depth| parse("p.toml", &nested(depth)).map(|_| ()).unwrap_err().to_string();
    assert!(error(70).contains("unknown field `x`"), "{}", error(70));
    for depth in [100, 1_000_000] {
        let found = error(depth);
        assert!(found.contains("max recursion depth met"), "{found:.300}");
    }
}

#[test]
fn errors_that_are_told() {
    let wrong = |count| {
        let body = concept("a", &"\"\",".repeat(count));
        parse("p.toml", &format!("{HEAD}{body}")).map(|_| ()).unwrap_err()
    };
    let error = wrong(DIAGNOSTICS_MAX);
    assert_eq!(error.diagnostics().len(), DIAGNOSTICS_MAX);
    assert!(!error.to_string().contains("more errors"));
    for count in [DIAGNOSTICS_MAX + 1, 100_000] {
        let error = wrong(count);
        assert_eq!(error.diagnostics().len(), DIAGNOSTICS_MAX);
        let more = format!("and {} more errors", count - DIAGNOSTICS_MAX);
        assert!(error.to_string().ends_with(&more), "{error}");
    }
}

/// Hostile packs fail about as fast as others: many unknown names, compared
/// with many known ones, would take hours.
#[test]
fn many_unknown_names_take_no_time() {
    let long = "长".repeat(300);
    let mut source = String::from(HEAD);
    for n in 0..CONCEPTS_MAX {
        source += &concept(&format!("{long}{n}"), "\"微\"");
    }
    for n in 0..RULES_MAX {
        source += &rule(&format!("r{n}"), &format!("\"{long}x{n}\""), 8, 1.0);
    }
    let started = std::time::Instant::now();
    let error = parse("p.toml", &source).unwrap_err();
    assert_eq!(error.diagnostics().len(), DIAGNOSTICS_MAX);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// What a scan came to, in numbers.
#[derive(Debug, PartialEq)]
struct Told {
    findings: usize,
    rules: usize,
    evidence: usize,
    contacts: usize,
    attributes: usize,
    truncated: bool,
}

fn scan(source: &str, text: &str) -> Told {
    let ruleset = Ruleset::compile(&format!("{HEAD}{source}"))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut scratch = Scratch::new(&ruleset);
    let verdict = ruleset.scan(&mut scratch, text);
    let first = verdict.findings().next();
    let told = Told {
        findings: verdict.findings().count(),
        rules: first.map_or(0, |finding| finding.rules().count()),
        evidence: first.map_or(0, |finding| finding.evidence().count()),
        contacts: verdict.contacts().count(),
        attributes: verdict.attributes().count(),
        truncated: verdict.truncated(),
    };
    assert_eq!(ruleset.explain(text).truncated, told.truncated, "{text:.100}");
    told
}

const WECHAT: &str = "[[concept]]\nid = \"wechat\"\nplatform = \"wechat\"\nterms = [\"微信\"]\n\
    [[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"wechat\"]\nwithin = 8\n\
    weight = 9.0\n";

/// Characters that no term names.
fn filler(count: usize) -> String {
    "山".repeat(count)
}

#[test]
fn findings_of_a_text() {
    let text = |count| each(count, |_| format!("微信{}", filler(40)));
    let told = |count| {
        let told = scan(WECHAT, &text(count));
        (told.findings, told.truncated)
    };
    assert_eq!(told(FINDINGS_MAX), (FINDINGS_MAX, false));
    assert_eq!(told(FINDINGS_MAX + 1), (FINDINGS_MAX, true));
}

#[test]
fn distance_of_one_place() {
    // A place ends where no window reaches, too: here one is wide.
    let pack = format!("{WECHAT}{}", rule("wide", "\"wechat\"", 64, 1.0));
    let told = |count: u32| {
        scan(&pack, &format!("微信{}微信", filler(count as usize - 1))).findings
    };
    assert_eq!((told(MERGE_SYMBOLS), told(MERGE_SYMBOLS + 1)), (1, 2));
}

/// Concepts of one character each, `c0` and so on, and a text with all of them.
fn letters(count: usize) -> (String, String) {
    let letter = |n: usize| char::from_u32(0x4E00 + 7 * n as u32).expect("a hanzi");
    let term = |n| format!("{{ text = \"{}\", plain = true }}", letter(n));
    let pack = each(count, |n| concept(&format!("c{n}"), &term(n)));
    (pack, (0..count).map(letter).collect())
}

#[test]
fn rules_of_a_finding() {
    let told = |count: usize, sign: f32| {
        let (mut pack, text) = letters(count);
        for n in 0..count {
            let weight = sign * (1.0 + n as f32 / 64.0);
            pack += &rule(&format!("r{n}"), &format!("\"c{n}\""), 64, weight);
        }
        // Those that speak against it need one to speak against.
        pack += &concept("wechat", "\"微信\"");
        if sign < 0.0 {
            pack += &rule("for", "\"wechat\"", 64, 100.0);
        }
        let told = scan(&pack, &format!("{text}微信"));
        (told.rules, told.truncated)
    };
    assert_eq!(told(FINDING_RULES_MAX, 1.0), (FINDING_RULES_MAX, false));
    assert_eq!(told(FINDING_RULES_MAX + 1, 1.0), (FINDING_RULES_MAX, true));
    assert_eq!(told(FINDING_RULES_MAX, -1.0), (FINDING_RULES_MAX + 1, false));
    assert_eq!(told(FINDING_RULES_MAX + 1, -1.0), (FINDING_RULES_MAX + 1, true));
}

/// Rules that speak against a category count however many speak for it.
#[test]
fn many_rules_leave_room_for_those_against() {
    let (mut pack, text) = letters(FINDING_RULES_MAX + 8);
    for n in 0..FINDING_RULES_MAX + 8 {
        pack += &rule(&format!("r{n}"), &format!("\"c{n}\""), 64, 1.0);
    }
    assert_eq!(scan(&pack, &text).findings, 1);
    pack += &rule("against", "\"c0\"", 64, -90.0);
    let told = scan(&pack, &text);
    assert_eq!((told.findings, told.truncated), (0, true));
}

#[test]
fn evidence_of_a_finding() {
    let told = |rules: usize| {
        let (mut pack, text) = letters(4 * rules);
        for n in 0..rules {
            let four: String =
                (4 * n..4 * n + 4).map(|c| format!("\"c{c}\", ")).collect();
            pack += &rule(&format!("r{n}"), &four, 128, 9.0);
        }
        let told = scan(&pack, &text);
        (told.evidence, told.truncated)
    };
    assert_eq!(told(EVIDENCE_MAX / 4), (EVIDENCE_MAX, false));
    assert_eq!(told(EVIDENCE_MAX / 4 + 1), (EVIDENCE_MAX, true));
}

#[test]
fn evidence_of_a_rule() {
    let told = |count: usize| {
        let (pack, text) = letters(count);
        let told = scan(&(pack + &rule("r", &names(count), 128, 9.0)), &text);
        (told.findings, told.evidence, told.truncated)
    };
    assert_eq!(told(RULE_EVIDENCE_MAX), (1, RULE_EVIDENCE_MAX, false));
    assert_eq!(told(RULE_EVIDENCE_MAX + 1), (1, RULE_EVIDENCE_MAX, true));
}

#[test]
fn contacts_of_a_text() {
    let text = |count| each(count, |n| format!("微信：hua{n:03}xy，"));
    let told = |count| {
        let told = scan(WECHAT, &text(count));
        (told.contacts, told.truncated)
    };
    assert_eq!(told(CONTACTS_MAX), (CONTACTS_MAX, false));
    assert_eq!(told(CONTACTS_MAX + 1), (CONTACTS_MAX, true));
}

#[test]
fn attributes_of_a_text() {
    let pack = format!("{WECHAT}{}attribute = \"age\"\n", concept("age", "\"满月\""));
    let text = |count| each(count, |_| "微信满月山".into());
    let told = |count| {
        let told = scan(&pack, &text(count));
        (told.attributes, told.truncated)
    };
    assert_eq!(told(ATTRIBUTES_MAX), (ATTRIBUTES_MAX, false));
    assert_eq!(told(ATTRIBUTES_MAX + 1), (ATTRIBUTES_MAX, true));
}

/// More hits than are weighed together come to what the parts come to.
#[test]
fn hits_that_are_weighed_together() {
    let pack = format!("{WECHAT}{}", concept("x", "{ text = \"水\", plain = true }"));
    for count in [SEGMENT_HITS_MAX, 4 * SEGMENT_HITS_MAX] {
        let told = scan(&pack, &format!("微信{}微信", "水".repeat(count)));
        assert_eq!((told.findings, told.truncated), (2, false), "{count}");
    }
}

fn is_hit(term: &str, text: &str) -> bool {
    let pack =
        concept("a", &format!("\"{term}\"")) + &rule("r", "\"a\"", WITHIN_MAX, 9.0);
    scan(&pack, text).findings > 0
}

#[test]
fn symbols_of_a_hit() {
    // Ten syllables of six letters, and one of four or five.
    let ten = "装床双庄窗霜状创爽壮";
    let spelled = "zhuangchuangshuangzhuangchuangshuangzhuangchuangshuangzhuang";
    let (most, longer) = (format!("{spelled}wang"), format!("{spelled}liang"));
    assert_eq!(most.len(), HIT_SYMBOLS_MAX);
    assert!(is_hit(&format!("{ten}王"), &most));
    assert!(!is_hit(&format!("{ten}亮"), &longer));
}

/// Of characters that sound alike, every pair ends a term.
#[test]
fn readings_of_symbols() {
    let alike: Vec<char> =
        "一衣医依伊宜移遗疑姨乙已以亿义艺忆议亦异役译易疫益谊逸意毅翼仪夷怡"
            .chars()
            .collect();
    let truncated = |count: usize| {
        let alike = &alike[..count];
        let pairs = alike.iter().flat_map(|a| alike.iter().map(move |b| (a, b)));
        let term =
            |text: &str| format!("{{ text = \"{text}\", disguise = [\"homophone\"] }}");
        let terms = pairs.map(|(a, b)| term(&format!("山{a}{b}")));
        let terms: Vec<String> = terms.chain([term("水医衣")]).collect();
        let pack = concept("a", &terms.join(", ")) + &rule("r", "\"a\"", WITHIN_MAX, 9.0);
        let told = scan(&pack, "水医衣");
        assert_eq!(told.findings, 1, "{count}");
        told.truncated
    };
    assert_eq!(32 * 32, READINGS_MAX);
    assert_eq!([truncated(31), truncated(32), truncated(33)], [false, false, true]);
}

#[test]
fn noise_of_a_hit() {
    let noise = |count: u32| "·".repeat(count as usize);
    let text = |last| format!("微{}信{}号{}码", noise(4), noise(4), noise(last));
    assert_eq!(HIT_NOISE_MAX, 8);
    assert!(is_hit("微信号码", &text(0)));
    assert!(!is_hit("微信号码", &text(1)));
}

#[test]
fn characters_of_a_pattern_match() {
    let age = "[[concept]]\nid = \"age\"\npattern = '天\\d+年'\nattribute = \"age\"\n";
    let pack = format!("{WECHAT}{age}");
    let told = |length: usize| {
        scan(&pack, &format!("微信天{}年", "7".repeat(length - 2))).attributes
    };
    assert_eq!((told(PATTERN_REACH), told(PATTERN_REACH + 1)), (1, 0));
}

/// Reads 4 GiB of zeros three times, which the system need not have in memory:
/// `cargo test --release --package huoyan --test limits -- --ignored`.
#[test]
#[ignore = "takes minutes, in a release build too"]
#[cfg(target_pointer_width = "64")]
fn bytes_of_a_text() {
    let ruleset = Ruleset::compile(&format!("{HEAD}{WECHAT}")).expect("a sound pack");
    let mut scratch = Scratch::new(&ruleset);
    let offer = "微信".as_bytes();
    let mut text = vec![0u8; TEXT_BYTES_MAX + 100];
    for at in [TEXT_BYTES_MAX - 50, TEXT_BYTES_MAX + 50] {
        text[at..at + offer.len()].copy_from_slice(offer);
    }
    for (length, truncated) in
        [(TEXT_BYTES_MAX, false), (TEXT_BYTES_MAX + 1, true), (text.len(), true)]
    {
        let verdict = ruleset.scan_bytes(&mut scratch, &text[..length]);
        let starts: Vec<_> = verdict.findings().map(|f| f.range().start).collect();
        assert_eq!(starts, [TEXT_BYTES_MAX - 50], "{length}");
        assert_eq!(verdict.truncated(), truncated, "{length}");
    }
}

/// `LIMITS.md` has every constant with its value.
#[test]
fn the_table_is_complete() {
    macro_rules! values {
        ($($name:ident),* $(,)?) => { vec![$((stringify!($name), $name as f64)),*] };
    }
    let values = values![
        PACK_BYTES_MAX,
        NAME_BYTES_MAX,
        PLATFORMS_MAX,
        CONCEPTS_MAX,
        TERMS_MAX,
        TERM_CHARS_MAX,
        ALTERNATIVES_MAX,
        RULES_MAX,
        RULE_CONCEPTS_MAX,
        SATURATION_MAX,
        WITHIN_MAX,
        PATTERNS_MAX,
        PATTERN_BYTES_MAX,
        PATTERN_NESTING_MAX,
        PATTERN_STATES_MAX,
        PATTERN_AUTOMATON_BYTES_MAX,
        PATTERN_REACH,
        STATES_MAX,
        LETTERS_MAX,
        SYMBOLS_MAX,
        DIAGNOSTICS_MAX,
        TEXT_BYTES_MAX,
        SEGMENT_HITS_MAX,
        FINDINGS_MAX,
        EVIDENCE_MAX,
        FINDING_RULES_MAX,
        RULE_EVIDENCE_MAX,
        CONTACTS_MAX,
        ATTRIBUTES_MAX,
        HIT_SYMBOLS_MAX,
        READINGS_MAX,
        HIT_NOISE_MAX,
        MERGE_SYMBOLS,
    ];
    let root = env!("CARGO_MANIFEST_DIR");
    let read =
        |path: &str| std::fs::read_to_string(format!("{root}/{path}")).expect(path);
    let sources = read("src/pack/limits.rs") + &read("src/scan/mod.rs");
    let constants: Vec<&str> = sources
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub const ")?.split(':').next())
        .collect();
    assert_eq!(constants.len(), values.len(), "{constants:?}");
    let table = read("../LIMITS.md");
    let mut wrong = String::new();
    for (name, value) in values {
        assert!(constants.contains(&name), "{name} is not in the sources");
        let mut digits = format!("{value}");
        for at in (1..digits.len())
            .rev()
            .filter(|at| (digits.len() - at) % 3 == 0)
            .collect::<Vec<_>>()
        {
            digits.insert(at, ',');
        }
        if !table
            .lines()
            .any(|line| line.starts_with(&format!("| `{name}` | {digits} |")))
        {
            writeln!(wrong, "| `{name}` | {digits} | … |").expect("a string");
        }
    }
    assert!(wrong.is_empty(), "LIMITS.md lacks:\n{wrong}");
}

/// A mistake should not flag everything.
#[test]
fn thresholds_are_between_0_and_100() {
    let source = format!("{HEAD}{}", concept("a", "\"a\""));
    let ruleset = Ruleset::compile(&source).expect("a pack");
    for (given, taken) in [(-1.0, 0.0), (101.0, 100.0), (f32::NAN, 100.0), (80.0, 80.0)] {
        assert_eq!(ruleset.clone().with_threshold(given).threshold(), taken, "{given}");
    }
}
