//! Masks leave nothing to be found, however much there is, and nothing but `*` in
//! its place.

#![cfg(feature = "builtin")]

#[path = "common/hostile.rs"]
#[allow(dead_code)]
mod hostile;

use huoyan::{Ruleset, Scratch};
use proptest::prelude::*;

/// What posts are put together from.
const PIECES: &[&str] = &[
    "大量V信号出售，老号带支付。",
    "加薇：kanhua_2207，",
    "https://t.me/laohao_shop ",
    "QQ：304152637、",
    "解封一单五十 微❤辅助",
    "法院判决：出售微信号获刑。",
    "微信",
    "出售",
    "u",
    "*",
    " ",
    "\n",
    "山高月小水落石出，",
    "the quick brown fox ",
    "&#24494;信",
    "\u{202E}",
    "\u{200B}",
];

/// What is left of `text` to be found.
fn left(scratch: &mut Scratch, text: &[u8]) -> usize {
    let verdict = Ruleset::builtin().scan_bytes(scratch, text);
    verdict.findings().count() + verdict.contacts().count()
}

#[track_caller]
fn masked(text: &[u8]) -> Vec<u8> {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let mut bytes = text.to_vec();
    let length = ruleset.mask_in_place(&mut scratch, &mut bytes);
    bytes.truncate(length);
    assert_eq!(left(&mut scratch, &bytes), 0, "{:?}", String::from_utf8_lossy(&bytes));
    // Of valid text each character stays, or is a star.
    if let (Ok(before), Ok(after)) = (str::from_utf8(text), str::from_utf8(&bytes)) {
        assert_eq!(before.chars().count(), after.chars().count());
        for (before, after) in before.chars().zip(after.chars()) {
            assert!(after == before || after == '*' && !before.is_whitespace());
        }
    }
    bytes
}

/// What was not masked.
fn shown(masked: &str) -> String {
    masked.replace('*', "")
}

#[test]
fn more_than_a_verdict_tells() {
    let contacts: String = (0..5000).map(|n| format!("微信：hua{n:04}xy，")).collect();
    let after = String::from_utf8(masked(contacts.as_bytes())).unwrap();
    assert!(!after.contains("hua") && !after.contains("xy"), "{}", shown(&after));

    let quiet = "山高月小而石自现".repeat(100);
    let far: String = (0..200).map(|n| format!("出售V信号{n}年{quiet}")).collect();
    let after = String::from_utf8(masked(far.as_bytes())).unwrap();
    assert!(
        !after.contains('出') && after.matches(&quiet).count() == 200,
        "{}",
        shown(&after)
    );
}

#[test]
fn hostile_texts() {
    for (_, input) in hostile::inputs() {
        masked(&input);
    }
}

#[test]
fn what_is_not_found_stays() {
    let text = format!("{}法院判决：出售微信号获刑。", "山高月小，".repeat(5000));
    assert_eq!(masked(text.as_bytes()), text.as_bytes());
    assert_eq!(masked(b"*** u* \xFF"), b"*** u* \xFF");
    assert_eq!(masked(b""), b"");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn texts_of_any_pieces(
        pieces in prop::collection::vec((prop::sample::select(PIECES), 1..40_usize), 1..40),
    ) {
        let text: String = pieces.iter().map(|(piece, count)| piece.repeat(*count)).collect();
        masked(text.as_bytes());
    }
}
