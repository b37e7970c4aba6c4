//! What a pattern finds inside the name of a platform is none of its matches.

#![cfg(feature = "compile")]

use huoyan::{Ruleset, Scratch};

/// An identifier, or what `keys` make of it, beside an offer.
fn pack(keys: &str) -> Ruleset<'static> {
    let source = format!(
        r#"
        format = 1
        [pack]
        id = "names"
        version = "1"
        bias = -4.0
        [[concept]]
        id = "chat"
        platform = "wechat"
        terms = [{{ text = "weixin", disguise = ["glyph"] }}]
        [[concept]]
        id = "identifier"
        pattern = '[a-z][a-z0-9]{{4,}}'
        {keys}
        [[concept]]
        id = "offer"
        terms = ["出售"]
        [[rule]]
        id = "offer"
        category = "account_trade"
        all = ["identifier", "offer"]
        within = 32
        weight = 6.0
        "#
    );
    Ruleset::compile(&source).expect("a sound pack")
}

#[test]
fn a_name_is_no_match_of_a_pattern_that_says_no_more_of_it() {
    for (keys, of_a_name) in
        [("", false), ("attribute = \"name\"", true), ("platform = \"other\"", true)]
    {
        let ruleset = pack(keys);
        let mut scratch = Scratch::new(&ruleset);
        for (text, wanted) in [
            ("出售 we1x1n", of_a_name),
            ("出售 weixin", of_a_name),
            ("出售 w e1x1n", of_a_name),
            ("出售 we1x1n8", true),
            ("出售 abcde", true),
        ] {
            assert_eq!(ruleset.is_flagged(&mut scratch, text), wanted, "{keys} {text}");
        }
    }
}

/// A place with more hits than are kept at once is told in parts, and one of them may begin
/// between a name and what the next rule needs.
#[test]
fn a_name_is_one_wherever_a_part_begins() {
    let ruleset = pack("");
    let mut scratch = Scratch::new(&ruleset);
    for before in 700..800 {
        let text =
            ["出售".repeat(before), " we1x1n ".into(), "出售".repeat(600)].concat();
        assert!(!ruleset.scan(&mut scratch, &text).is_flagged(), "{before}");
    }
}
