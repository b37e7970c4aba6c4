//! What is not text, or hardly: offers are found beside it, and spans stay right.
//!
//! What hostile text costs is measured in `allocation.rs`.

#![cfg(feature = "builtin")]

#[allow(dead_code)]
#[path = "common/hostile.rs"]
mod hostile;

use hostile::INVALID;
use huoyan::{Ruleset, Scratch};

const OFFER: &str = "大量Ｖ信号出售，老号带支付";

/// The spans of all findings.
fn spans(text: &[u8]) -> Vec<(usize, usize)> {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let verdict = ruleset.scan_bytes(&mut scratch, text);
    verdict.findings().map(|found| (found.range().start, found.range().end)).collect()
}

/// Whether the concept `wechat` is seen in the text, flagged or not.
fn names_wechat(text: &[u8]) -> bool {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    ruleset.scan_bytes(&mut scratch, text).platforms().any(|name| name == "wechat")
}

/// Before and behind an offer, and between two, nothing invalid hides it or
/// moves its span.
#[test]
fn offers_are_found_beside_invalid_bytes() {
    let [(start, end)] = spans(OFFER.as_bytes())[..] else { panic!("one finding") };
    let quiet = "山高月小而石自现".repeat(40);
    for (name, bytes) in INVALID {
        for times in [1, 2, 17, 4_000] {
            let junk = bytes.repeat(times);
            let text = [&junk, OFFER.as_bytes(), &junk].concat();
            let wanted = [(start + junk.len(), end + junk.len())];
            assert_eq!(spans(&text), wanted, "{name}, {times} times");
        }
        let text = [OFFER.as_bytes(), quiet.as_bytes(), bytes, OFFER.as_bytes()].concat();
        let second = OFFER.len() + quiet.len() + bytes.len();
        assert_eq!(
            spans(&text),
            [(start, end), (start + second, end + second)],
            "{name}"
        );
    }
}

/// Invalid bytes come to what the replacement characters come to that stand for
/// them, between letters too, whichever way the text is read: behind few and
/// many characters of three bytes, which are read in groups.
#[test]
fn invalid_bytes_are_replacement_characters() {
    let ruleset = Ruleset::builtin();
    let (mut one, mut two) = (Scratch::new(ruleset), Scratch::new(ruleset));
    let mut flagged = 0;
    for (name, bytes) in INVALID {
        for (before, after) in
            [("家", "微"), ("大量微", "信号出售，老号"), ("批发威", "性老号带支付")]
        {
            for shift in 0..12 {
                let quiet =
                    "山高月小而石自现".chars().cycle().take(shift).collect::<String>();
                let text = [
                    quiet.as_bytes(),
                    before.as_bytes(),
                    bytes,
                    after.as_bytes(),
                    quiet.as_bytes(),
                ]
                .concat();
                let lossy = String::from_utf8_lossy(&text);
                let of_bytes = ruleset.scan_bytes(&mut one, &text);
                let of_text = ruleset.scan(&mut two, &lossy);
                let what = format!("{name} in {lossy:?}");
                assert_eq!(of_bytes.score(), of_text.score(), "{what}");
                assert!(of_bytes.platforms().eq(of_text.platforms()), "{what}");
                let evidence = of_bytes.findings().flat_map(|f| f.evidence());
                let wanted = of_text.findings().flat_map(|f| f.evidence());
                let concepts =
                    |e: huoyan::Evidence<'_>| (e.concept().to_owned(), e.disguises());
                assert!(evidence.map(concepts).eq(wanted.map(concepts)), "{what}");
                flagged += usize::from(of_text.is_flagged());
            }
        }
    }
    assert!(flagged > 200, "{flagged}");
}

/// Byte order marks and NUL are what nobody sees.
#[test]
fn what_nobody_sees_hides_nothing() {
    for unseen in ["\u{FEFF}", "\0", "\u{200B}", "\u{E0041}", "\u{1D173}"] {
        for times in [1, 4_000] {
            let unseen = unseen.repeat(times);
            let text = format!("{unseen}加微{unseen}信{unseen}");
            assert!(names_wechat(text.as_bytes()), "{unseen:?} {times} times");
        }
    }
}

/// Letters under heaps of marks are the letters.
#[test]
fn zalgo_is_read() {
    let marks: String = ('\u{300}'..='\u{36F}').collect();
    for text in ["加微信", "加 weixin", "加VX"] {
        let heaped: String =
            text.chars().flat_map(|c| [c.to_string(), marks.clone()]).collect();
        assert!(names_wechat(heaped.as_bytes()), "{text}");
    }
}
