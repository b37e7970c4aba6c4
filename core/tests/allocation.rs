//! Scanning allocates nothing, and its cost grows with the text's length only.

use huoyan::{Ruleset, Scratch, Stream};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    // At thread exit the counter may be gone; nothing is measured then.
    let _ = ALLOCATIONS.try_with(|counter| counter.set(counter.get() + 1));
}

#[allow(unsafe_code)]
// SAFETY: every call is passed on to the system allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

/// Ordinary, hostile and invalid inputs.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let megabyte = |unit: &str| unit.repeat((1 << 20) / unit.len()).into_bytes();
    let mut inputs = vec![
        ("ordinary", "大量Ｖ信号出售，老号带支付，加V：abc12345".into()),
        ("benign", "今天天气不错，我们去公园走走吧。".into()),
        ("marks", format!("微{}信号出售", "\u{0301}".repeat(10_000)).into_bytes()),
        ("no match", megabyte("山高月小水落石出之夜")),
        ("all matches", megabyte("微信号出售")),
        ("all disguised", megabyte("徽❤呺初售，亻言")),
        ("one symbol", megabyte("号")),
        ("pinyin", megabyte("weixinhaochushou")),
        ("identifiers", megabyte("加V：a1b2c3d4e5f6 ")),
        ("digits", megabyte("1")),
        ("noise", megabyte("・")),
        ("news", megabyte("法院判决出售微信号获刑")),
        ("spaced", megabyte("微 信 号 出 售 ")),
        ("expansions", megabyte("⑩⑫㎏🆗")),
    ];
    let mut invalid = megabyte("微信号出售");
    for at in (0..invalid.len()).step_by(7) {
        invalid[at] = 0xFF;
    }
    inputs.push(("invalid", invalid));
    inputs.push(("cut", "微信号出售".as_bytes()[..13].to_vec()));
    inputs
}

#[test]
fn scanning_allocates_nothing() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    for (name, input) in inputs() {
        let mut seen = 0;
        let count = allocations(|| {
            let verdict = ruleset.scan_bytes(&mut scratch, &input);
            // Reading the verdict allocates nothing either.
            for finding in verdict.findings() {
                seen += finding.rules().count() + finding.text().len();
                seen += finding
                    .evidence()
                    .map(|e| e.text().len() + e.concept().len())
                    .sum::<usize>();
            }
            seen += verdict.contacts().map(|c| c.value().count()).sum::<usize>();
            seen += verdict.attributes().map(|a| a.name().len()).sum::<usize>();
            seen += verdict.platforms().count();
        });
        assert_eq!(count, 0, "{name}: {count} allocations");
        assert!(
            seen > 0 || !["ordinary", "all matches", "news"].contains(&name),
            "{name}"
        );
    }
}

#[test]
fn feeding_a_stream_allocates_nothing() {
    let ruleset = Ruleset::builtin();
    let mut stream = Stream::new(ruleset);
    for (name, input) in inputs() {
        let mut seen = 0;
        let count = allocations(|| {
            for chunk in input.chunks(1000) {
                stream.feed(chunk, |part| seen += part.verdict().findings().count());
            }
            stream.finish(|part| seen += part.verdict().findings().count());
            seen += stream.platforms().count();
        });
        assert_eq!(count, 0, "{name}: {count} allocations");
        assert!(seen > 0 || !["ordinary", "all matches"].contains(&name), "{name}");
    }
}

#[test]
fn the_counter_counts() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1, 2, 3]))) > 0);
}

/// Steps a byte stay the same from 16 kB to 1 MB, whatever the input.
#[test]
fn cost_is_linear() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    for (name, input) in inputs() {
        if input.len() < 1 << 19 {
            continue;
        }
        let mut steps = |length: usize| {
            ruleset.scan_bytes(&mut scratch, &input[..length]);
            scratch.steps() as f64 / length as f64
        };
        let (short, long) = (steps(1 << 14), steps(input.len()));
        assert!(
            long <= short * 1.5 + 1.0,
            "{name}: {short:.1} then {long:.1} steps a byte"
        );
        assert!(long < STEPS_MAX, "{name}: {long:.1} steps a byte");
    }
}

/// No input may cost more elementary steps a byte than this.
const STEPS_MAX: f64 = 400.0;
