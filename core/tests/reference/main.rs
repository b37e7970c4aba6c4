//! The engine is held to the slow reference of `matcher.rs`.
//!
//! For every text: what the greedy reference claims ⊆ what the engine reports
//! ⊆ what the exhaustive reference can derive, with the same spans, and each
//! reported set of disguises is that of some derivation. For texts made by
//! disguising a term: the engine finds it at its exact span.

#![cfg(feature = "compile")]

mod alternatives;
mod bench;
mod check;
mod matcher;
mod recipe;

use alternatives::is_word;
use bench::Bench;
use check::{check, check_found, describe};
use huoyan::fold;
use huoyan::{Ruleset, Scratch};
use proptest::prelude::*;
use proptest::test_runner::Config;
use recipe::{AROUND, Disguised, NOISE, Recipe};

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

fn disguised(bench: &'static Bench) -> impl Strategy<Value = Disguised> {
    recipe().prop_map(|recipe| recipe.cook(bench))
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
        ("&#8238;封解\u{202C}", "解封=封解"),
    ];
    for (text, expected) in rows {
        let found = spans(ruleset, text);
        assert!(found.iter().any(|span| span == expected), "{text:?}: {found:?}");
    }
    assert!(spans(ruleset, "wei12xin4").is_empty());
}

/// A digit may be the tone of a syllable and a letter of the next term.
#[test]
fn a_digit_is_a_tone_and_what_follows() {
    let bench = Bench::small();
    for text in ["出shou1\u{200B}10号", "出shou1\u{301}\u{200B}10号"] {
        let found = spans(&bench.ruleset, text);
        let number = format!("10号={}", &text["出shou".len()..]);
        assert!(found.contains(&"出售=出shou1".to_owned()), "{text:?}: {found:?}");
        assert!(found.contains(&number), "{text:?}: {found:?}");
        check(bench, text).unwrap_or_else(|message| panic!("{message}"));
    }
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

/// What opens a clause under an override stands before it as displayed.
#[test]
fn an_override_opens_clauses_as_displayed() {
    let bench = Bench::small();
    for (text, expected) in [
        ("山\u{202E}号卖，", true),
        ("山\u{202E}号卖山", false),
        ("山，\u{202E}号卖山", false),
    ] {
        let found = spans(&bench.ruleset, text);
        assert_eq!(
            found.contains(&"卖号=号卖".to_owned()),
            expected,
            "{text:?}: {found:?}"
        );
        check(bench, text).unwrap_or_else(|message| panic!("{message}"));
    }
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
