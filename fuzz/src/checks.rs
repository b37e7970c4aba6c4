//! What holds for every text.

use crate::bench::Bench;
use crate::check::check;
use crate::inflate::inflate;
use crate::told::{Told, streamed, whole};
use huoyan::fold::{decode, decode_escaped, fold_bytes};
use huoyan::{Ruleset, Scratch, Stream};
use std::cell::RefCell;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new(Ruleset::builtin()));
}

fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    SCRATCH.with_borrow_mut(work)
}

/// Longest text that the slow reference reads, in code points.
const REFERENCE_CHARS_MAX: usize = 48;

/// The engine sees what the slow reference sees, and nothing that it cannot
/// derive: spans, concepts, disguises.
pub fn scan_reference(input: &[u8]) {
    let text: String =
        String::from_utf8_lossy(input).chars().take(REFERENCE_CHARS_MAX).collect();
    // The small pack's texts are short; which one is tried must not depend on chance.
    let bench = if input.len() % 4 == 0 { Bench::builtin() } else { Bench::small() };
    if let Err(message) = check(bench, &text) {
        panic!("{message}");
    }
}

/// Texts up to so many bytes are tried in more ways.
const SHORT: usize = 512;

/// All ways through a scan come to the same: with a glance or in full, alone or among
/// others; and a glance sees all clues that the careful way sees.
pub fn scan_paths(input: &[u8]) {
    let text = inflate(input);
    let ruleset = Ruleset::builtin();
    let (seen, clues) = ruleset.clues_seen(&text);
    let missed = clues.iter().find(|at| seen.binary_search(at).is_err());
    assert_eq!(missed, None, "a clue that a glance misses");
    with_scratch(|scratch| {
        let looked = whole(ruleset, scratch, &text);
        let full = Told::of(&ruleset.scan_in_full(scratch, &text));
        // What no rule can use may overflow a segment that the other does not read,
        // or begins elsewhere.
        if !full.truncated && !looked.truncated {
            assert_eq!(looked, full, "with a glance, and in full");
        }
        let short = &text[..text.len().min(SHORT + 1)];
        if short.len() <= SHORT
            && let Ok(text) = std::str::from_utf8(short)
        {
            let half = text.floor_char_boundary(text.len() / 2);
            let texts = [&text[half..], text, "大量V信号出售", text, &text[..half]];
            for (text, told) in
                texts.iter().zip(ruleset.scan_many(&texts, |verdict| Told::of(&verdict)))
            {
                let alone = whole(ruleset, scratch, text.as_bytes());
                assert_eq!(told, alone, "among others, and alone");
            }
        }
    });
}

thread_local! {
    /// The smallest window, and one that all texts fit into.
    static STREAMS: RefCell<[Stream<'static>; 2]> = RefCell::new(
        [0, 48 << 10].map(|window| Stream::with_window(Ruleset::builtin(), window)),
    );
}

/// Texts up to so many bytes are cut everywhere.
const EVERY_CUT: usize = 40;

/// Chunks make no difference.
pub fn stream(input: &[u8]) {
    let text = inflate(input);
    let ruleset = Ruleset::builtin();
    with_scratch(|scratch| {
        let wanted = whole(ruleset, scratch, &text);
        if wanted.truncated {
            return;
        }
        STREAMS.with_borrow_mut(|streams| {
            for stream in streams {
                let mut check = |what: &str, chunks: &mut dyn Iterator<Item = &[u8]>| {
                    let found = streamed(stream, chunks);
                    if !found.truncated {
                        assert_eq!(found, wanted, "{what}");
                    }
                };
                let step = if text.len() <= EVERY_CUT { 1 } else { text.len() / 3 };
                for cut in (0..=text.len()).step_by(step) {
                    let (first, second) = text.split_at(cut);
                    check("cut in two", &mut [first, second].into_iter());
                }
                if text.len() <= SHORT {
                    check("byte by byte", &mut text.chunks(1));
                }
                let mix = |sum: usize, byte: &u8| sum * 31 % 3_001 + usize::from(*byte);
                check("in chunks", &mut text.chunks(1 + input.iter().fold(7, mix)));
            }
        });
    });
}

/// Folded text has no more to fold, and every character of it knows where it
/// comes from.
pub fn fold(input: &[u8]) {
    let folded: Vec<_> = fold_bytes(input).collect();
    let mut borders = vec![];
    let mut at = 0;
    while let Some((c, length)) = decode_escaped(&input[at..]) {
        // An escape is one character that is none of ASCII; else it is what a
        // plain decoder sees.
        let (plain, plain_length) = decode(&input[at..]).expect("there is something");
        assert!(
            length == plain_length && c == plain
                || length > plain_length && !c.is_ascii()
        );
        borders.push(at..at + length);
        at += length;
    }
    assert_eq!(at, input.len(), "decoding ends at the end");
    let mut known = borders.iter();
    let mut last = 0..0;
    for one in &folded {
        if one.range() != last {
            assert!(
                known.any(|border| *border == one.range()),
                "{:?} is no character",
                one.range()
            );
            last = one.range();
        }
    }
    // Starting in the middle is as if the text began there.
    if let Some(middle) = borders.get(borders.len() / 2) {
        let tail = fold_bytes(input).starting_at(middle.start);
        assert!(tail.eq(folded.iter().filter(|one| one.start >= middle.start).copied()));
    }
    let lossy = String::from_utf8_lossy(input);
    assert!(huoyan::fold::fold(&lossy).map(|f| f.char).eq(folded.iter().map(|f| f.char)));

    let once: String = folded.iter().map(|f| f.char).collect();
    // Full-width signs may fold to what then is an escape.
    let has_escape = once.char_indices().any(|(at, c)| {
        decode_escaped(&once.as_bytes()[at..])
            .is_some_and(|(_, length)| length > c.len_utf8())
    });
    if !has_escape {
        let twice: String = huoyan::fold::fold(&once).map(|f| f.char).collect();
        assert_eq!(once, twice, "folded again");
    }
}

/// Rounds of masking that are tried.
const ROUNDS_MAX: usize = 12;

/// Masking hides what was found, and comes to an end; masked in full, a text shows
/// nothing. One round need not be the
/// last: what one place used may show another for what it is, and `*` itself may
/// read as x. But each round hides more than the one before.
pub fn mask(input: &[u8]) {
    let mut text = inflate(input);
    let ruleset = Ruleset::builtin();
    let shown = |text: &[u8]| {
        let chars = String::from_utf8_lossy(text);
        chars.chars().filter(|c| *c != '*' && !c.is_whitespace()).count()
    };
    with_scratch(|scratch| {
        let mut all = text.clone();
        let length = ruleset.mask_in_place(scratch, &mut all);
        let verdict = ruleset.scan_bytes(scratch, &all[..length]);
        let is_clean = !verdict.is_flagged() && verdict.contacts().next().is_none();
        assert!(
            is_clean,
            "{:?} shows something",
            String::from_utf8_lossy(&all[..length])
        );
        for _ in 0..ROUNDS_MAX {
            let verdict = ruleset.scan_bytes(scratch, &text);
            let masked: Vec<u8> =
                huoyan::mask_bytes(&verdict, &text).flatten().copied().collect();
            if !verdict.is_flagged() && verdict.contacts().next().is_none() {
                assert_eq!(masked, text, "nothing to mask");
                return;
            }
            assert!(
                shown(&masked) < shown(&text),
                "{:?} hides no more than {:?}",
                String::from_utf8_lossy(&masked),
                String::from_utf8_lossy(&text)
            );
            let spaces = |text: &[u8]| {
                let chars = String::from_utf8_lossy(text);
                chars.chars().filter(|c| c.is_whitespace()).count()
            };
            assert_eq!(spaces(&masked), spaces(&text), "white space stays");
            text = masked;
        }
    });
}

/// No text may cost more elementary steps a byte than this; as in
/// `core/tests/allocation.rs`.
const STEPS_MAX: u64 = 450;
/// What is measured is at least so long, in bytes.
const MEASURED: usize = 2 << 10;

/// Cost is bounded by length. What costs more than all before counts as new
/// coverage, so that this target climbs to the dearest text.
pub fn steps(input: &[u8]) {
    let mut text = inflate(input);
    if text.is_empty() {
        return;
    }
    text = text.repeat(MEASURED.div_ceil(text.len()));
    with_scratch(|scratch| {
        Ruleset::builtin().scan_bytes(scratch, &text);
        let (steps, length) = (scratch.steps(), text.len() as u64);
        let tenths = steps * 10 / length;
        dearest::reached(tenths as usize, input);
        assert!(tenths <= STEPS_MAX * 10, "{} steps for {length} bytes", steps);
    });
}

/// Counters that libFuzzer takes for coverage.
mod dearest {
    use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

    const LEVELS: usize = 8_192;

    /// One for each tenth of a step a byte.
    #[unsafe(link_section = "__libfuzzer_extra_counters")]
    static COUNTERS: [AtomicU8; LEVELS] = [const { AtomicU8::new(0) }; LEVELS];
    static RECORD: AtomicUsize = AtomicUsize::new(0);

    pub(super) fn reached(tenths: usize, input: &[u8]) {
        COUNTERS[tenths.min(LEVELS - 1)].store(1, Ordering::Relaxed);
        if RECORD.fetch_max(tenths, Ordering::Relaxed) < tenths && tenths > 500 {
            eprintln!(
                "dearest: {}.{} steps a byte: {:?}",
                tenths / 10,
                tenths % 10,
                String::from_utf8_lossy(input)
            );
        }
    }
}
