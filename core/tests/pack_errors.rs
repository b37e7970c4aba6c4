//! Errors in packs show the file, the line, the column and the line itself.

use huoyan::{PackError, Ruleset};

const HEAD: &str = "format = 1\n[pack]\nid = \"p\"\nversion = \"1\"\n";

fn error(body: &str) -> PackError {
    let source = format!("{HEAD}{body}");
    match Ruleset::compile_named("my.toml", &source) {
        Ok(_) => panic!("compiled: {source}"),
        Err(error) => error,
    }
}

macro_rules! errors {
    ($($name:ident: $body:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(error($body).to_string());
        }
    )*};
}

const CONCEPT: &str = "[[concept]]\nid = \"wechat\"\nterms = [\"微信\"]\n";

errors! {
    unknown_key: "colour = 3\n";
    wrong_type: "[[concept]]\nid = 7\n";
    not_toml: "[[concept]\n";
    unknown_concept: &format!(
        "{CONCEPT}[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"wechat\", \"wechet\"]\nwithin = 8\nweight = 1.0\n"
    );
    unknown_category: &format!(
        "{CONCEPT}[[rule]]\nid = \"r\"\ncategory = \"trade\"\nall = [\"wechat\"]\nwithin = 8\nweight = 1.0\n"
    );
    unknown_disguise: "[[concept]]\nid = \"a\"\nterms = [{ text = \"微信\", disguise = [\"homophon\"] }]\n";
    empty_term: "[[concept]]\nid = \"a\"\nterms = [\"微信\", \"\"]\n";
    term_of_nothing: "[[concept]]\nid = \"a\"\nterms = [\"\\u200B\\u0301 \"]\n";
    no_terms: "[[concept]]\nid = \"a\"\n";
    duplicate_concept: &format!("{CONCEPT}{CONCEPT}");
    bad_pattern: "[[concept]]\nid = \"a\"\npattern = '天(\\d'\n";
    pattern_with_assertion: "[[concept]]\nid = \"a\"\npattern = '^\\d+天'\n";
    pattern_of_nothing: "[[concept]]\nid = \"a\"\npattern = '\\d*'\n";
    pattern_too_large: "[[concept]]\nid = \"a\"\npattern = '[^x]{0,9}(\\w{9,90}|\\pL{3,80}){2,9}'\n";
    rule_of_patterns: &format!(
        "{CONCEPT}[[concept]]\nid = \"age\"\npattern = '\\d天'\n[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"age\"]\nany = [\"wechat\", \"age\"]\nwithin = 8\nweight = 1.0\n"
    );
    window_too_wide: &format!(
        "{CONCEPT}[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"wechat\"]\nwithin = 9000\nweight = 1.0\n"
    );
    gap_too_wide: "[[concept]]\nid = \"a\"\nterms = [{ text = \"微信\", gap = 9 }]\n";
    part_of_unknown: "[[concept]]\nid = \"a\"\npart_of = \"platfrom\"\nterms = [\"微信\"]\n[[concept]]\nid = \"platform\"\nterms = [\"平台\"]\n";
    part_of_part: "[[concept]]\nid = \"a\"\npart_of = \"b\"\nterms = [\"甲\"]\n[[concept]]\nid = \"b\"\npart_of = \"c\"\nterms = [\"乙\"]\n[[concept]]\nid = \"c\"\nterms = [\"丙\"]\n";
    risk_above_zero: "[risk]\nhomophone = 2.0\n";
    several_at_once: "[[concept]]\nid = \"a\"\nterms = [\"\"]\n[[concept]]\nid = \"a\"\nterms = [\"\\u200B\"]\n";
}

/// A rule needs a term, in `all` or whichever of `any` there is.
#[test]
fn rules_that_need_patterns_alone_are_refused() {
    let compile = |all: &str, any: &str| {
        let source = format!(
            "{HEAD}{CONCEPT}[[concept]]\nid = \"age\"\npattern = '\\d天'\n[[rule]]\n\
             id = \"r\"\ncategory = \"account_trade\"\nall = [{all}]\nany = [{any}]\n\
             within = 8\nweight = 1.0\n"
        );
        Ruleset::compile(&source).map(|_| ()).map_err(|error| error.to_string())
    };
    for (all, any) in
        [("'wechat'", ""), ("'age'", "'wechat'"), ("'age', 'wechat'", "'age'")]
    {
        assert_eq!(compile(all, any), Ok(()), "{all}, {any}");
    }
    for (all, any) in [("'age'", ""), ("'age'", "'age'"), ("'age'", "'wechat', 'age'")] {
        let error = compile(all, any).unwrap_err();
        assert!(error.contains("asks for patterns alone"), "{all}, {any}: {error}");
    }
}

/// Some disguises are undone for every term, and are none to name.
#[test]
fn disguises_that_every_term_has_are_refused() {
    use huoyan::fold::Disguise;
    let compile = |kind: Disguise| {
        let term = format!("{{ text = \"微信\", disguise = [\"{}\"] }}", kind.name());
        let source = format!("{HEAD}[[concept]]\nid = \"a\"\nterms = [{term}]\n");
        Ruleset::compile(&source).map(|_| ()).map_err(|error| error.to_string())
    };
    for kind in [Disguise::Variant, Disguise::RareHomophone, Disguise::Bopomofo] {
        assert_eq!(compile(kind), Ok(()), "{kind:?}");
    }
    for kind in [Disguise::Case, Disguise::Width, Disguise::Filler, Disguise::Escape] {
        let error = compile(kind).unwrap_err();
        assert!(error.contains("is undone for every term"), "{kind:?}: {error}");
    }
}

#[test]
fn a_long_term_names_limit_and_length() {
    let shown =
        error(&format!("[[concept]]\nid = \"a\"\nterms = [\"{}\"]\n", "微".repeat(40)));
    assert!(
        shown.to_string().contains("40 characters in a term; the limit is 32"),
        "{shown}"
    );
}

#[test]
fn lengths_are_to_be_made_shorter_and_names_not_empty() {
    let shown =
        error(&format!("[[concept]]\nid = \"a\"\nterms = [\"{}\"]\n", "微".repeat(40)));
    assert!(shown.to_string().contains("make it shorter"), "{shown}");
    let shown = error("[[concept]]\nid = \"a\"\nplatform = \"\"\nterms = [\"b\"]\n");
    assert!(shown.to_string().contains("a name is empty"), "{shown}");
}

/// Patterns are looked for in folded text.
#[test]
fn patterns_that_folded_text_cannot_have_are_refused() {
    let compile = |pattern: &str| {
        let source = format!("{HEAD}[[concept]]\nid = \"a\"\npattern = '{pattern}'\n");
        Ruleset::compile(&source).map(|_| ()).map_err(|error| error.to_string())
    };
    for (pattern, missing, plain) in [
        (r"INV\d+", "I", "i"),
        ("[A-Z]{3}", "A", "a"),
        ("發票", "發", "发"),
        (r"q：\d{5}", "：", ":"),
        ("(ＲＭＢ|RMB)", "Ｒ", "r"),
    ] {
        let error = compile(pattern).unwrap_err();
        let what = format!("folded text has no `{missing}`");
        let help = format!("write `{plain}`");
        assert!(error.contains(&what) && error.contains(&help), "{error}");
    }
    for pattern in [r"(?i)INV\d+", "[A-Za-z]{3}", "(RMB|rmb)", "[¥￥]5", "A?b"] {
        assert_eq!(compile(pattern), Ok(()), "{pattern}");
    }
}

/// An example's score is that of its category, and never looks like a threshold that it
/// does not reach.
#[test]
fn examples_that_fail_show_the_score_of_their_category() {
    let rule = |category: &str, weight: f32, text: &str| {
        format!(
            "[[rule]]\nid = \"{category}\"\ncategory = \"{category}\"\nall = [\"wechat\"]\n\
             within = 8\nweight = {weight:?}\n{text}"
        )
    };
    let example = "[[rule.example]]\nmatch = \"微信\"\n";
    let source = format!(
        "{HEAD}{CONCEPT}{}{}",
        rule("account_trade", 9.0, ""),
        rule("assisted_unblocking", 3.99, example),
    );
    let error = huoyan::check_examples("my.toml", &source).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("score 49, threshold 50"), "{error}");
}

/// A name that is nothing like another is not taken for it.
#[test]
fn only_similar_names_are_proposed() {
    let rule = |concept: &str| {
        error(&format!(
            "{CONCEPT}[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\n\
             all = [\"{concept}\"]\nwithin = 8\nweight = 1.0\n"
        ))
        .to_string()
    };
    assert!(rule("wechta").contains("did you mean `wechat`?"));
    assert!(!rule("invoice").contains("did you mean"));
}

/// The page on the format shows packs that work.
#[cfg(feature = "builtin")]
#[test]
fn the_format_as_it_is_documented() {
    let page = include_str!("../packs/FORMAT.md");
    let shown = page.split("```toml\n").skip(1);
    let sources: Vec<&str> =
        shown.filter_map(|shown| shown.split("```").next()).collect();
    assert_eq!(sources.len(), 2);
    for source in sources {
        if let Err(error) = huoyan::check_examples("FORMAT.md", source) {
            panic!("{error}");
        }
    }
}

#[test]
fn line_and_column_are_counted_in_code_points() {
    let found = error(
        "[[concept]]\nid = \"微\"\nterms = [\"微信\", { text = \"微\", gap = 9 }]\n",
    );
    let place = &found.diagnostics()[0];
    assert_eq!((place.line, place.column), (7, 36));
}

/// However long a line is, what is told of it is short.
#[test]
fn long_lines_are_not_shown_in_full() {
    let tables: String =
        (0..40).map(|n| format!("{{id = \"c{n}\", terms = [\"微\"]}},")).collect();
    for between in [" ".repeat(100_000), ["\n", &" ".repeat(100_000)].concat()] {
        let line = ["concept = [", &tables, &between, &tables, "]"].concat();
        let source = format!("{line}\n{HEAD}");
        let error = Ruleset::compile_named("my.toml", &source).unwrap_err();
        let told = error.diagnostics();
        assert!(told.iter().any(|one| one.related.is_some()), "{error}");
        assert!(error.to_string().len() < 20_000, "{}", error.to_string().len());
    }
}

#[test]
fn examples_that_fail_are_shown() {
    let source = format!(
        "{HEAD}{CONCEPT}[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"wechat\"]\n\
         within = 8\nweight = 9.0\n[[rule.example]]\nmatch = \"加好友\"\n[[rule.example]]\n\
         pass = \"微信\"\n"
    );
    let error = huoyan::check_examples("my.toml", &source).map(|_| ()).unwrap_err();
    insta::assert_snapshot!(error.to_string());
}
