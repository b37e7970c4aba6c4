//! What a reader does not see makes no post score less, and hides no contact.

#![cfg(feature = "builtin")]

use huoyan::{Ruleset, Scratch, Verdict};
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// One of each kind: a space of no width, a soft hyphen, a mark of direction, a
/// selector of variants, a joiner, a mark on the letter before.
const SIGNS: [char; 6] =
    ['\u{200B}', '\u{AD}', '\u{2066}', '\u{FE0F}', '\u{2060}', '\u{301}'];

/// Posts of ours: the examples of the built-in pack, and labelled ones. Those with
/// escapes are left out, which other characters break.
fn posts() -> Vec<String> {
    #[derive(Deserialize)]
    struct Pack {
        rule: Vec<Rule>,
    }
    #[derive(Deserialize)]
    struct Rule {
        #[serde(default)]
        example: Vec<Example>,
    }
    #[derive(Deserialize)]
    struct Example {
        r#match: Option<String>,
    }
    #[derive(Deserialize)]
    struct Post {
        text: String,
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read =
        |name: &str| fs::read_to_string(folder.join(name)).expect("a file of ours");
    let pack: Pack = toml::from_str(&read("packs/wechat-trade.toml")).expect("the pack");
    let examples = pack.rule.into_iter().flat_map(|rule| rule.example);
    let mut posts: Vec<String> = examples.filter_map(|example| example.r#match).collect();
    for name in ["first", "second", "third", "fourth"] {
        let lines = read(&format!("tests/posts/{name}.jsonl"));
        let post = |line| serde_json::from_str::<Post>(line).expect("a post").text;
        posts.extend(lines.lines().map(post));
    }
    let is_escaped = |post: &String| ["&#", "\\u", "%E"].iter().any(|e| post.contains(e));
    posts.retain(|post| !is_escaped(post));
    posts
}

/// The text with a sign at some of the places between its characters.
fn with(text: &str, sign: char, at: impl Fn(usize) -> bool) -> String {
    let mut made = String::new();
    for (place, c) in text.chars().enumerate() {
        if place > 0 && at(place) {
            made.push(sign);
        }
        made.push(c);
    }
    made
}

/// Platform and value of each contact.
fn contacts(verdict: &Verdict<'_>) -> Vec<(String, String)> {
    verdict.contacts().map(|c| (c.platform().to_owned(), c.value().collect())).collect()
}

#[test]
fn invisible_characters_lower_no_score() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let (posts, mut flagged) = (posts(), 0);
    for (number, post) in posts.iter().enumerate() {
        let plain = ruleset.scan(&mut scratch, post);
        let (score, is_flagged) = (plain.score(), plain.is_flagged());
        let known = contacts(&plain);
        flagged += usize::from(is_flagged);
        // One sign at every place, the others between all characters.
        let sign = SIGNS[number % SIGNS.len()];
        let single =
            (1..post.chars().count()).map(|only| with(post, sign, |at| at == only));
        let everywhere = SIGNS.map(|sign| with(post, sign, |_| true));
        // Many push nothing out of reach.
        let many = everywhere[0].replace(SIGNS[0], &SIGNS[0].to_string().repeat(50));
        assert!(ruleset.is_flagged(&mut scratch, &many) >= is_flagged, "{post:?}");
        for made in single.chain(everywhere) {
            let found = ruleset.scan(&mut scratch, &made);
            assert!(
                found.score() > score - 0.1,
                "{score} became {}: {made:?}",
                found.score()
            );
            assert!(found.is_flagged() >= is_flagged, "{made:?}");
            let seen = contacts(&found);
            assert!(
                known.iter().all(|contact| seen.contains(contact)),
                "{seen:?}: {made:?}"
            );
        }
    }
    assert!(flagged > 500, "{flagged} of {}", posts.len());
}
