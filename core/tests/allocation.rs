//! Scanning allocates nothing, and its cost grows with the text's length only.

#[path = "common/hostile.rs"]
mod hostile;

use hostile::{BENIGN, LENGTH, STEPS_MAX, inputs};
use huoyan::{Ruleset, Scratch, Stream};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::Write;

/// No mask may cost more elementary steps a byte than this.
const MASK_STEPS_MAX: f64 = 4.0 * STEPS_MAX;

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

/// A list of words, of which every one is looked for.
fn list() -> Ruleset<'static> {
    let pack = r#"
        format = 1
        [pack]
        id = "list"
        version = "1"
        [[concept]]
        id = "words"
        platform = "wechat"
        terms = ["微信", "微信号", "出售", "VX", "weixin", "支付宝", "号号", "a号"]
        except = ["法院判决"]
        [[rule]]
        id = "words"
        category = "account_trade"
        all = ["words"]
        within = 8
        weight = 8.0
    "#;
    Ruleset::compile(pack).expect("a sound pack")
}

#[test]
fn scanning_allocates_nothing() {
    for ruleset in [Ruleset::builtin(), &list()] {
        scanning_with_allocates_nothing(ruleset);
    }
}

fn scanning_with_allocates_nothing(ruleset: &Ruleset<'_>) {
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
fn a_report_allocates_only_for_what_was_seen() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    for (text, is_free) in [("今天天气不错", true), ("大量V信号出售", false)]
    {
        let verdict = ruleset.scan(&mut scratch, text);
        assert_eq!(allocations(|| drop(verdict.to_report())) == 0, is_free, "{text}");
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
fn masking_allocates_nothing() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    for (name, mut input) in inputs() {
        let count = allocations(|| {
            ruleset.mask_in_place(&mut scratch, &mut input);
        });
        assert_eq!(count, 0, "{name}: {count} allocations");
    }
}

#[test]
fn the_counter_counts() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1, 2, 3]))) > 0);
}

/// Steps a byte stay the same from 16 kB to 256 kB, whatever the input. Texts up
/// to 64 kB are read in another way than longer ones: both sides are measured.
#[test]
fn cost_is_linear() {
    cost_of_scans_is_linear(Ruleset::builtin(), 0);
    // Of a list every word is a finding, to which more are compared until there is room
    // for no more of them.
    cost_of_scans_is_linear(&list(), 1);
}

/// The same from one of the lengths on.
fn cost_of_scans_is_linear(ruleset: &Ruleset<'_>, from: usize) {
    let mut scratch = Scratch::new(ruleset);
    let mut steps = |text: &[u8]| {
        ruleset.scan_bytes(&mut scratch, text);
        scratch.steps() as f64 / text.len() as f64
    };
    let benign = steps(BENIGN.repeat(1000).as_bytes());
    for (name, input) in inputs() {
        if input.len() < LENGTH / 2 {
            continue;
        }
        let lengths = [1 << 14, 1 << 16, (1 << 16) + 64, input.len()];
        let found = lengths.map(|length| steps(&input[..length]));
        // `cargo test -p huoyan --test allocation -- --nocapture cost` shows it.
        let times = found[3] / benign;
        let _ =
            writeln!(std::io::stdout(), "{name:<26} {found:6.1?} {times:6.1} of benign");
        let (short, long) = (found[from], found[3]);
        assert!(
            long <= short * 1.5 + 1.0,
            "{name}: {short:.1} then {long:.1} steps a byte"
        );
        for steps in found {
            assert!(steps < STEPS_MAX, "{name}: {steps:.1} steps a byte");
        }
    }
    // `cargo test -p huoyan --test allocation cost -- --nocapture` shows it.
}

/// Masks scan a text several times; how often does not grow with its length.
#[test]
fn masking_is_linear() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    for (name, input) in inputs() {
        if input.len() < LENGTH / 2 {
            continue;
        }
        let mut steps = |length: usize| {
            ruleset.mask_in_place(&mut scratch, &mut input[..length].to_vec());
            scratch.steps() as f64 / length as f64
        };
        let found = [1 << 16, input.len()].map(&mut steps);
        let _ = writeln!(std::io::stdout(), "{name:<26} {found:6.1?} to mask");
        for steps in found {
            assert!(steps < MASK_STEPS_MAX, "{name}: {steps:.1} steps a byte");
        }
    }
}

/// A single line without end goes through a stream in constant memory.
fn long_line(bytes: usize) {
    let ruleset = Ruleset::builtin();
    let mut stream = Stream::new(ruleset);
    // One offer in a megabyte, marks and noise all along, no line break.
    let offer = "大量Ｖ信号出售，老号带支付";
    let quiet = "山高月小而石自现，the quick brown fox e\u{301}\u{327}・";
    let unit = [offer, &quiet.repeat((1 << 20) / quiet.len())].concat();
    let (mut fed, mut findings) = (0, 0);
    let count = allocations(|| {
        while fed < bytes {
            for chunk in unit.as_bytes().chunks(4_093) {
                stream.feed(chunk, |part| findings += part.verdict().findings().count());
            }
            fed += unit.len();
        }
        stream.finish(|part| findings += part.verdict().findings().count());
    });
    assert_eq!(count, 0, "allocations");
    assert_eq!(findings, fed / unit.len());
    assert!(!stream.truncated());
}

#[test]
fn a_long_line_is_read_in_constant_memory() {
    long_line(16 << 20);
}

#[test]
#[ignore = "a gigabyte; for a release build"]
fn a_gigabyte_line_is_read_in_constant_memory() {
    long_line(1 << 30);
}
