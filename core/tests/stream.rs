//! A text in chunks comes to what the whole text comes to.

#![cfg(feature = "builtin")]

#[path = "common/told.rs"]
mod told;

use huoyan::{Ruleset, Scratch, Stream};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use told::{streamed, whole};

/// Texts of the behaviour rows that are for the built-in pack.
fn rows() -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct File {
        row: Vec<Row>,
    }
    #[derive(serde::Deserialize)]
    struct Row {
        text: String,
    }
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/behaviour/wechat-trade.toml");
    let source = fs::read_to_string(path).expect("a file of rows");
    let file: File = toml::from_str(&source).expect("a file of rows");
    file.row.into_iter().map(|row| row.text).collect()
}

/// Every row, cut in two at every byte, and byte by byte.
#[test]
fn rows_cut_anywhere() {
    let ruleset = Ruleset::builtin();
    let (mut scratch, mut stream) = (Scratch::new(ruleset), Stream::new(ruleset));
    let mut flagged = 0;
    for text in rows() {
        let wanted = whole(ruleset, &mut scratch, text.as_bytes());
        flagged += usize::from(wanted.category.is_some());
        for cut in 0..=text.len() {
            let (first, second) = text.as_bytes().split_at(cut);
            let found = streamed(&mut stream, [first, second]);
            assert_eq!(found, wanted, "{text:?} cut at {cut}");
        }
        assert_eq!(streamed(&mut stream, text.as_bytes().chunks(1)), wanted, "{text:?}");
    }
    assert!(flagged > 3);
}

/// What is in a chunk may be the beginning of an escape, or end with one.
#[test]
fn escapes_cut_anywhere() {
    let ruleset = Ruleset::builtin();
    let (mut scratch, mut stream) = (Scratch::new(ruleset), Stream::new(ruleset));
    for text in
        ["微%E4%BF%A1𤸼", "出售&#24494;&#x4fe1;号\\u{51fa}", "%微\\u4fe1%E5%8F%B7%E"]
    {
        let wanted = whole(ruleset, &mut scratch, text.as_bytes());
        assert_eq!(wanted.platforms, ["wechat"], "{text}");
        for cut in 0..=text.len() {
            let (first, second) = text.as_bytes().split_at(cut);
            assert_eq!(
                streamed(&mut stream, [first, second]),
                wanted,
                "{text} cut at {cut}"
            );
        }
        assert_eq!(streamed(&mut stream, text.as_bytes().chunks(1)), wanted, "{text}");
    }
}

/// Two offers in a text that is longer than the window, so that parts are
/// settled and forgotten between; cut at every byte around all that matters.
#[test]
fn offers_far_apart_cut_anywhere() {
    let ruleset = Ruleset::builtin();
    let (mut scratch, mut stream) =
        (Scratch::new(ruleset), Stream::with_window(ruleset, 0));
    let quiet = "山高月小而石自现".repeat(600);
    let offers = "&#24494;信号出售，老号带支付15-30天，加V：abc12345";
    let text = [offers, &quiet, offers, &quiet, offers].concat();
    let wanted = whole(ruleset, &mut scratch, text.as_bytes());
    assert!(wanted.lines.len() >= 6, "{wanted:?}");
    let second = offers.len() + quiet.len();
    for near in [0, second, text.len() - offers.len()] {
        let from = near.saturating_sub(40);
        for cut in from..(near + offers.len() + 40).min(text.len()) {
            let (first, rest) = text.as_bytes().split_at(cut);
            assert_eq!(streamed(&mut stream, [first, rest]), wanted, "cut at {cut}");
        }
    }
    // Chunks of all sizes, to fill the window up at every possible place.
    let sizes = [1, 2, 3, 7].into_iter().chain((100..40_000).step_by(97));
    for size in sizes.chain([16 << 10, text.len()]) {
        assert_eq!(streamed(&mut stream, text.as_bytes().chunks(size)), wanted, "{size}");
    }
}

/// Chunks larger than the window, and offers at every place of it.
#[test]
fn a_chunk_may_be_larger_than_the_window() {
    let ruleset = Ruleset::builtin();
    let (mut scratch, mut stream) =
        (Scratch::new(ruleset), Stream::with_window(ruleset, 0));
    for times in 300..700 {
        let quiet = "山高月小而石自现".repeat(times);
        let text = [&quiet, "大量V信号出售，老号带支付"].concat().repeat(3);
        let wanted = whole(ruleset, &mut scratch, text.as_bytes());
        assert_eq!(streamed(&mut stream, [text.as_bytes()]), wanted, "{times}");
    }
}

/// A part is told before the text ends, as soon as it is settled.
#[test]
fn parts_are_told_early() {
    let mut stream = Stream::new(Ruleset::builtin());
    let mut told = 0;
    stream.feed("大量V信号出售，老号带支付".as_bytes(), |_| told += 1);
    assert_eq!(told, 0, "what follows may still belong to it");
    let mut fed = 0;
    while told == 0 && fed < 64 << 10 {
        let more = "山高月小而石自现";
        fed += more.len();
        stream.feed(more.as_bytes(), |part| {
            told += 1;
            assert!(part.verdict().is_flagged() && !part.truncated());
        });
    }
    assert!(told == 1 && fed < 16 << 10, "told {told} after {fed} bytes");
    assert!(stream.is_flagged());
    stream.finish(|_| told += 1);
    assert!(told == 1 && stream.is_flagged());
    stream.feed(b"x", |_| {});
    assert!(!stream.is_flagged() && stream.length() == 1, "another text");
}

/// A text of which nothing came is not the one before it.
#[test]
fn an_empty_text_comes_to_nothing() {
    let ruleset = Ruleset::builtin();
    let mut stream = Stream::new(ruleset);
    stream.feed("大量Ｖ信号出售".as_bytes(), |_| {});
    stream.finish(|_| {});
    assert!(stream.is_flagged() && stream.score() > 90.0 && stream.length() == 21);
    stream.finish(|_| panic!("nothing to tell"));
    assert!(!stream.is_flagged() && stream.score() == 0.0 && stream.length() == 0);
    assert!(stream.platforms().next().is_none());
}

/// What stands before an anchor stays with it, wherever quiet began.
#[test]
fn no_cut_parts_an_anchor_from_what_is_before() {
    let ruleset = Ruleset::builtin();
    let (mut scratch, mut stream) = (Scratch::new(ruleset), Stream::new(ruleset));
    let quiet: Vec<char> = "山高月小而石自现".chars().cycle().take(3000).collect();
    let offer = "大量批发出售山高月小而石自现山高月小微信号";
    let mut pieces = 0;
    for length in (500..2500).step_by(7) {
        let quiet: String = quiet[..length].iter().collect();
        let text = [offer, &quiet, offer, &quiet].concat();
        let wanted = whole(ruleset, &mut scratch, text.as_bytes());
        assert_eq!(streamed(&mut stream, text.as_bytes().chunks(64)), wanted, "{length}");
        pieces += wanted.lines.iter().filter(|line| line.contains("deal")).count();
    }
    assert!(pieces >= 2 * 286, "{pieces}");
}

/// The first look at an override leaves nothing behind for the second.
#[test]
fn an_override_draws_nothing_near_that_is_far() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let far = "山高月小而石自现".repeat(80);
    let text = format!("联系 16600223344{far}\u{202E}售出号信微\u{202C}");
    let told = whole(ruleset, &mut scratch, text.as_bytes());
    let start = text.len() - "\u{202E}售出号信微\u{202C}".len();
    let alone = whole(ruleset, &mut scratch, &text.as_bytes()[start..]);
    assert_eq!(told.lines.len(), alone.lines.len(), "{told:?}");
}

/// What outgrows the window is cut and says so; memory stays.
#[test]
fn what_outgrows_the_window_is_cut() {
    let ruleset = Ruleset::builtin();
    for unit in ["大量V信号出售，", "\u{0301}", "・", "\u{202E}号信微"] {
        let mut stream = Stream::with_window(ruleset, 0);
        let text = format!("微信{}", unit.repeat((256 << 10) / unit.len()));
        let (mut findings, mut last) = (0, 0);
        stream.feed(text.as_bytes(), |part| {
            assert!(part.text().len() <= 16 << 10 && part.offset() >= last);
            last = part.offset();
            findings += part.verdict().findings().count();
        });
        stream.finish(|_| {});
        assert!(stream.truncated(), "{unit:?}");
        assert_eq!(findings > 100, unit.contains("出售"), "{unit:?}: {findings}");
    }
    // Text without an anchor never outgrows it.
    let mut stream = Stream::with_window(ruleset, 0);
    stream.feed("山高月小而石自现".repeat(20_000).as_bytes(), |_| {
        panic!("nothing")
    });
    stream.finish(|_| panic!("nothing"));
    assert!(!stream.truncated());
}

/// Whether a name is one of an identifier is told by what comes long after it.
#[test]
fn a_name_in_front_of_an_identifier_waits_for_it() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let mut stream = Stream::with_window(ruleset, 0);
    let hidden = "\u{200B}".repeat(30);
    let texts = [
        "wxixa1b2c3d4e5".to_owned(),
        "wxixabcdefgh12345，".to_owned(),
        "wxixａ１b２c３d４e５包".to_owned(),
        "wxixa&#49;b&#50;c&#51;d&#52;e&#53;。".to_owned(),
        format!("wxix{hidden}a1b2{hidden}c3d4e5"),
    ];
    for text in &texts {
        let wanted = whole(ruleset, &mut scratch, text.as_bytes());
        for size in [1, 2, 3, 7] {
            let found = streamed(&mut stream, text.as_bytes().chunks(size));
            assert_eq!(found, wanted, "{text} {size}");
        }
    }
    let told = whole(ruleset, &mut scratch, texts[0].as_bytes());
    assert!(told != whole(ruleset, &mut scratch, b""));
}

/// A piece of text: what stands in it and how often.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    const OFFERS: [&str; 12] = [
        "大量Ｖ信号出售，老号带支付",
        "微.信.辅.助.解.封 接单",
        "国内实名薇❤号15-30天！带支付！",
        "加V：abc12345，量大从优",
        "&#24494;%E4%BF%A1号批发",
        "\u{202E}售出号信微\u{202C}",
        "微\u{200B}信\u{0301}号 出 售",
        "weixin hao 出租 QQ：304152637",
        "徽❤呺初售 https://t.me/laohao_shop",
        "联系 16600223344",
        "今天微信发布了新版本",
        "法院判决：出售微信号获刑",
    ];
    const QUIET: [&str; 4] = [
        "山高月小而石自现",
        "the quick brown fox jumps over the lazy dog; ",
        "，。、；\n",
        "\u{0301}\u{200B}",
    ];
    let offer =
        prop::sample::select(&OFFERS[..]).prop_map(|text| text.as_bytes().to_vec());
    let quiet = (prop::sample::select(&QUIET[..2]), 200usize..700)
        .prop_map(|(text, times)| text.repeat(times / 2).into_bytes());
    let between = (prop::sample::select(&QUIET[..]), 1usize..20)
        .prop_map(|(text, times)| text.repeat(times).into_bytes());
    let damage = prop::collection::vec(any::<u8>(), 1..4);
    prop_oneof![3 => offer, 3 => quiet, 2 => between, 1 => damage]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn chunks_make_no_difference(
        pieces in prop::collection::vec(piece(), 1..24),
        sizes in prop::collection::vec(1usize..3000, 1..20),
    ) {
        let ruleset = Ruleset::builtin();
        let (mut scratch, mut stream) =
            (Scratch::new(ruleset), Stream::with_window(ruleset, 48 << 10));
        let text = pieces.concat();
        let wanted = whole(ruleset, &mut scratch, &text);
        prop_assume!(!wanted.truncated);
        let mut chunks = Vec::new();
        let (mut rest, mut sizes) = (&text[..], sizes.iter().cycle());
        while !rest.is_empty() {
            let size = (*sizes.next().unwrap()).min(rest.len());
            let (chunk, more) = rest.split_at(size);
            chunks.push(chunk);
            rest = more;
        }
        let found = streamed(&mut stream, chunks);
        prop_assume!(!found.truncated);
        prop_assert_eq!(found, wanted);
    }
}
